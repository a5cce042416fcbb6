"""Runs the real application through main() and lets a script use its window as a person would."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import monotonic

from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

import main
from gui.main_window import MainWindow
from tests.patience import PATIENCE_MS

Script = Callable[[MainWindow], None]
SIZE = (1600, 1000)  # pixels; the offscreen platform's screen has 800 × 800


def run_app(
    script: Script,
    argv: Sequence[str] = (),
    size: tuple[int, int] | None = SIZE,
    *,
    recovers: bool = False,
) -> int:
    """Start main(argv), run `script(window)` once every panel is there, close the window.

    The window is given `size` first; with None it is as large as it opened. What an earlier
    window left unsaved is answered with "Later", except where the script `recovers` it.

    Returns the exit status; what the script raises is raised here.
    """
    raised: list[BaseException] = []
    deadline = monotonic() + PATIENCE_MS / 1000

    def start() -> None:
        mains = (w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow))
        # One that was closed before may be there still: the collector has its own time.
        window = next((w for w in mains if w.isVisible()), None)
        ready = window is not None and window.complete and window.training.latest is not None
        if not ready and monotonic() < deadline:
            QTimer.singleShot(10, start)
            return
        assert window is not None
        try:
            assert ready, "the window never had all its panels and a first snapshot"
            _prepare(window, size, recovers)
            script(window)
        except BaseException as error:  # noqa: BLE001  must not end in Qt's event loop
            raised.append(error)
        finally:
            window.close_without_asking()

    QApplication.instance() or QApplication([])
    QTimer.singleShot(0, start)
    status = main.main(list(argv))
    if raised:
        raise raised[0]
    return status


def _prepare(window: MainWindow, size: tuple[int, int] | None, recovers: bool) -> None:
    if size is not None:
        window.resize(*size)
        QTest.qWait(50)
    if window.autosave.dialog is not None and not recovers:
        window.autosave.dialog.later_button.click()
    window.activateWindow()  # shortcuts go to the active window alone
    QTest.qWaitForWindowActive(window)
