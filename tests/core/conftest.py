"""Shared fixtures for tests of runs: a training loop that must end without an error."""

from collections.abc import Iterator

import pytest

from tests.core.training.driver import Driver


@pytest.fixture
def driver() -> Iterator[Driver]:
    made = Driver()
    yield made
    made.stop()
    assert made.error is None
