"""For each connection of the main window, a check fails if it is removed."""

import time
import types
from collections.abc import Iterator
from dataclasses import replace

import pytest

import gui.app
import gui.main_window
import gui.stepper.check
import tests.e2e.wiring_of_labs  # noqa: F401  (its checks are in CHECKS then)
from gui.main_window import MainWindow
from gui.stepper.check import GradientChecks
from tests.e2e import driver
from tests.e2e.wiring import SOURCE, wiring
from tests.e2e.wiring_checks import CHECKS, Use
from tests.patience import PATIENCE_MS

MISSED = 4_000  # ms after which something that never happens is missed
GROUPS = 6
WIRING = wiring()


def test_each_connection_has_a_check():
    """Write what a new connection is for into wiring_checks.py, under its name as printed here."""
    names = WIRING.names
    assert len(names) == len(set(names)), "two connections of the same signal and slot"
    assert set(names) == set(CHECKS)


@pytest.mark.slow
@pytest.mark.parametrize("group", range(GROUPS))
def test_the_wired_window_passes_every_check(qtbot, tmp_path, group):
    checks = list(CHECKS.values())[group::GROUPS]

    def script(window):
        for number, check in enumerate(checks):
            with pytest.MonkeyPatch.context() as patch:
                folder = tmp_path / str(number)
                folder.mkdir()
                use = Use(window, qtbot, patch, folder, PATIENCE_MS)
                use.fresh()
                try:
                    check(use)
                except (AssertionError, qtbot.TimeoutError) as error:
                    raise AssertionError(f"not so: {check.__name__}") from error

    assert driver.run_app(script) == 0


@pytest.fixture
def cut(request) -> Iterator[str]:
    """The app with a main window that lacks one connection."""
    module = types.ModuleType("gui.main_window")
    module.__file__ = str(SOURCE)
    code = compile(WIRING.without(request.param), str(SOURCE), "exec")
    exec(code, module.__dict__)
    with pytest.MonkeyPatch.context() as patch:
        for owner in (gui.app, driver):
            patch.setattr(owner, "MainWindow", module.MainWindow)
        # Checks patch what the window finds in its module, and call it by that module.
        patch.setattr(gui.main_window, "ask_clear", lambda *_: True)
        module.__dict__["ask_clear"] = lambda *_: True
        yield request.param


@pytest.mark.slow
@pytest.mark.parametrize("cut", WIRING.names, indirect=True)
def test_a_cut_connection_is_missed(qtbot, tmp_path, cut):
    def script(window):
        assert not isinstance(window, MainWindow)
        with pytest.MonkeyPatch.context() as patch:
            use = Use(window, qtbot, patch, tmp_path, MISSED)
            CHECKS[cut](use)

    with pytest.raises((AssertionError, qtbot.TimeoutError)):
        driver.run_app(script)


def test_a_gradient_check_ends_with_the_window(qtbot, monkeypatch):
    """No connection of the window is for it: the application says that it ends."""

    def script(window):
        window.docks["stepper"].bring()
        qtbot.waitUntil(lambda: window.walk.record is not None)
        checks = window.panels["stepper"].checks
        checks.start()
        qtbot.waitUntil(lambda: checks.done)
        unfinished = replace(checks.result, done=0)

        def endless(*_, **__):
            while True:
                time.sleep(0.01)
                yield unfinished

        monkeypatch.setattr(gui.stepper.check, "gradient_check", endless)
        checks.start()
        assert checks.running
        kept.append(checks)

    kept: list[GradientChecks] = []
    assert driver.run_app(script) == 0
    assert not kept[0].running
