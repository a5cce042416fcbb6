"""What all tests share: no screen unless one is offered, one BLAS thread, repeatable Hypothesis."""

import gc
import os
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import settings

import main  # noqa: F401  (first: it asks BLAS for one thread before NumPy is imported)

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

SLOW_S = 900  # after which a slow test hangs

# Derandomized everywhere: a fresh clone draws the very examples that CI draws.
settings.register_profile("layerwise", deadline=None, derandomize=True)
settings.load_profile("layerwise")


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Have each of several workers compile another part of the tests first.

    In a fresh clone every worker would compile all of them, as pytest changes their assertions;
    so each finds what the others have compiled when it collects them all.
    """
    worker = getattr(session.config, "workerinput", None)
    if worker is not None:
        number, count = int(worker["workerid"].removeprefix("gw")), worker["workercount"]
        for path in sorted(_files(session.config))[number::count]:
            name = ".".join(path.relative_to(session.config.rootpath).with_suffix("").parts)
            with suppress(Exception, pytest.skip.Exception):  # it is said when it is collected
                import_module(name)


def _files(config: pytest.Config) -> Iterator[Path]:
    """The files with tests that are asked for."""
    for asked in {config.invocation_params.dir / arg.split("::")[0] for arg in config.args}:
        yield from asked.rglob("test_*.py")


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
