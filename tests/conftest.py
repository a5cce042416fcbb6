"""What all tests share: no screen unless one is offered, one BLAS thread, repeatable Hypothesis."""

import gc
import os

import pytest
from hypothesis import settings

import main  # noqa: F401  (first: it asks BLAS for one thread before NumPy is imported)

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

SLOW_S = 900  # after which a slow test hangs

# Derandomized everywhere: a fresh clone draws the very examples that CI draws.
settings.register_profile("layerwise", deadline=None, derandomize=True)
settings.load_profile("layerwise")


def pytest_collection_finish() -> None:
    """Keep the collector and tests/leftovers.py from what is imported, test after test."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("slow") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(SLOW_S))
    if os.environ["QT_QPA_PLATFORM"] != "offscreen":
        return
    needs_a_screen = pytest.mark.skip(reason="needs a real window: .ci/run opens one under Xvfb")
    for item in items:
        if item.get_closest_marker("real_window"):
            item.add_marker(needs_a_screen)
