"""Cases of a test that are many: some in the usual suite, all of them with the slow tests."""

from collections.abc import Iterable
from typing import Any

import pytest


def spread(cases: Iterable[Any], usual: int) -> list[Any]:
    """All cases for `parametrize`: `usual` of them as they are, evenly spread, the others slow."""
    found = list(cases)
    kept = {i * len(found) // usual for i in range(usual)}
    return [case if i in kept else slow(case) for i, case in enumerate(found)]


def slow(case: Any) -> Any:
    """A case that only the slow tests have."""
    values = case if isinstance(case, tuple) else (case,)
    return pytest.param(*values, marks=pytest.mark.slow)
