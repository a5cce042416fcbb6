"""Runs a lab's computation in a thread, with progress, Cancel and a time estimate."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QProgressBar, QPushButton, QWidget

from core.progress import Progress
from gui.dialogs.job import WorkThread, leave, wait_for_those_left
from gui.widgets.buttons import button
from gui.widgets.rows import in_row

STEPS = 1000  # of a bar
SOON = 5.0  # seconds to wait for the end of work that is given up


class Work(QObject):
    """One piece of work at a time; `work` reports progress, and can be cancelled there.

    `made` or `failed` follows, or neither after `cancel`; `running_changed` before and after.
    """

    progressed = Signal(object)  # (done, all)
    made = Signal(object)
    failed = Signal(object)  # the exception
    running_changed = Signal(bool)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._thread: WorkThread | None = None

    @property
    def running(self) -> bool:
        """Whether it is running."""
        return self._thread is not None

    def start(self, work: Callable[[Progress], object]) -> None:
        """Start this; cancels the running work."""
        self.cancel()
        thread = self._thread = WorkThread(work)
        thread.progressed.connect(self.progressed)
        thread.made.connect(self._on_made)
        thread.failed.connect(self._on_failed)
        thread.start()
        self.running_changed.emit(True)

    def cancel(self) -> None:
        """Cancel it at once; its thread ends a moment later."""
        thread = self._let_go()
        if thread is not None:
            leave(thread)
            self.running_changed.emit(False)

    def close(self) -> None:
        """Cancel it, and wait for its thread and those cancelled before."""
        self.cancel()
        wait_for_those_left(SOON)

    def _let_go(self) -> WorkThread | None:
        thread, self._thread = self._thread, None
        if thread is not None:
            for signal in (thread.progressed, thread.made, thread.failed):
                signal.disconnect()
        return thread

    def _end(self) -> None:
        thread = self._let_go()
        assert thread is not None
        thread.wait()
        thread.error, thread.result = None, None  # they would keep the result, and frames
        self.running_changed.emit(False)

    def _on_made(self, result: object) -> None:
        if self._thread is None or self._thread.result is not result:
            return  # of work that was cancelled while this was on its way
        self._end()
        self.made.emit(result)

    def _on_failed(self, error: Exception) -> None:
        if self._thread is None or self._thread.error is not error:
            return
        self._end()
        self.failed.emit(error)


class WorkBar(QWidget):
    """A button that starts some work; while the work runs, a bar and Cancel instead."""

    def __init__(self, work: Work, words: str, tip: str, cancel_tip: str) -> None:
        super().__init__()
        self.start: QPushButton = button(words, "primary", tip=tip)
        self.cancel: QPushButton = button(self.tr("Cancel"), "pill", tip=cancel_tip)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(words)
        self.cancel.clicked.connect(work.cancel)
        work.progressed.connect(self._show_progress)
        work.running_changed.connect(self._show_running)
        in_row(self.start, self.cancel, (self.bar, 1), on=self, margins=0, spacing=10)
        stays = self.bar.sizePolicy()
        stays.setRetainSizeWhenHidden(True)
        self.bar.setSizePolicy(stays)
        self._show_running(False)

    def _show_progress(self, progress: tuple[int, int]) -> None:
        done, total = progress
        self.bar.setMaximum(STEPS if total else 0)
        if total:
            self.bar.setValue(round(STEPS * done / total))

    def _show_running(self, running: bool) -> None:
        focused = self.start.hasFocus() or self.cancel.hasFocus()
        self.start.setEnabled(not running)
        self.cancel.setEnabled(running)
        self.bar.setVisible(running)
        self.bar.setMaximum(STEPS)
        self.bar.setValue(0)
        if focused:
            (self.cancel if running else self.start).setFocus()
