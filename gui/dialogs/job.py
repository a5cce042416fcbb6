"""Runs long work in a thread; after a moment a dialog shows progress and Cancel."""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import TypeVar, cast

from PySide6.QtCore import QEventLoop, QObject, Qt, QThread, Signal, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QProgressDialog, QWidget

from core.progress import Progress
from gui.style.theme import BODY
from gui.widgets import labels

SHOWN_AFTER_MS = 500
QUICK_MS = 200  # that a window may freeze
EVERY = 0.05  # seconds between two progress reports
T = TypeVar("T")


class Cancelled(Exception):  # noqa: N818 - an event, not an error
    """The result of the work is no longer needed."""


def give_back() -> None:
    """Collect cycles and return their memory to the system, after large data were released.

    In the GUI thread (ADR 0011); it takes some 0.1 s.
    """
    gc.collect()
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another C library than GNU's has no such thing
            ctypes.CDLL(None).malloc_trim(0)


class WorkThread(QThread):
    """Does `work`; after an interruption, stops at the next progress report."""

    progressed = Signal(object)  # (done, all)
    made = Signal(object)
    failed = Signal(object)  # the exception

    def __init__(self, work: Callable[[Progress], object]) -> None:
        super().__init__()
        self._work: Callable[[Progress], object] | None = work
        self._told = 0.0
        self.left = False  # the result is not needed
        self.result: object = None
        self.error: Exception | None = None
        self.finished.connect(self._on_finished)

    def _tell(self, done: int, total: int) -> None:
        if self.isInterruptionRequested():
            raise Cancelled
        if monotonic() >= self._told + EVERY:
            self._told = monotonic()
            self.progressed.emit((done, total))

    def run(self) -> None:
        work, self._work = self._work, None  # it may hold the result, and outlives this function
        assert work is not None
        try:
            self.result = work(self._tell)
        except Cancelled:
            self.error = Cancelled()  # a new exception: the old one's frames hold the result
        except Exception as error:  # noqa: BLE001 - any error must reach the window
            self.error = error
            self.failed.emit(error)
        else:
            if self.left:
                self.result = None
            else:
                self.made.emit(self.result)
        finally:
            del work

    @Slot()
    def _on_finished(self) -> None:
        if self.left or isinstance(self.error, Cancelled):
            give_back()


_left: set[WorkThread] = set()  # cancelled threads, which end at their next check


def leave(thread: WorkThread) -> None:
    """Stop waiting for a thread; it ends at its next check, and frees its memory."""
    thread.left = True
    thread.requestInterruption()
    _left.add(thread)
    wait_for_those_left(0.0)


def wait_for_those_left(seconds: float) -> bool:
    """Whether all cancelled threads have ended, or end within this time."""
    until = monotonic() + seconds
    for thread in list(_left):
        if thread.wait(max(0, round(1000 * (until - monotonic())))):
            _left.discard(thread)  # not earlier: a running thread may not be deleted
    return not _left


class _ProgressDialog(QProgressDialog):
    """Cancels by its button and Esc. An application that ends closes it, and cancels nothing."""

    def closeEvent(self, event: QCloseEvent) -> None:
        event.accept()


def progress_dialog(parent: QWidget | None, title: str) -> QProgressDialog:
    """A dialog that says what is being done, and has a Cancel button."""
    dialog = _ProgressDialog("", "Cancel", 0, 0, parent)
    dialog.setWindowFlag(Qt.WindowType.WindowCloseButtonHint, False)
    dialog.setLabel(labels.label(title, BODY))
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    dialog.setMinimumDuration(SHOWN_AFTER_MS)
    dialog.setAutoReset(False)
    dialog.setAutoClose(False)
    return dialog


class Job(QObject):
    """One piece of work; `work` gets a function to report progress, which may raise."""

    ended = Signal()  # in each case; `made` or `failed` follow at once
    made = Signal(object)
    failed = Signal(object)  # the exception

    def __init__(
        self,
        parent: QWidget,
        title: str,
        work: Callable[[Progress], object],
        window_title: str = "Import",
    ) -> None:
        super().__init__(parent)
        self._thread = WorkThread(work)
        self._dialog = progress_dialog(parent, title)
        self._dialog.setWindowTitle(window_title)
        self._dialog.canceled.connect(self.cancel)
        self._cancelled = False
        self._thread.progressed.connect(self._show_progress)
        self._thread.finished.connect(self._on_finished)

    def start(self) -> None:
        """Start; `made` or `failed` follows, or neither after `cancel`."""
        self._dialog.setValue(0)
        self._thread.start()

    def cancel(self) -> None:
        """Ignore the result, whenever it arrives."""
        self._cancelled = True
        self._thread.requestInterruption()

    def close(self) -> None:
        """Cancel, and wait for nothing."""
        self.cancel()
        if self._thread.isRunning():
            self._thread.progressed.disconnect(self._show_progress)
            self._thread.finished.disconnect(self._on_finished)
            leave(self._thread)
            self._on_finished()

    def _show_progress(self, progress: tuple[int, int]) -> None:
        if not self._cancelled:
            done, total = progress
            self._dialog.setMaximum(total)
            self._dialog.setValue(done)

    def _on_finished(self) -> None:
        self._dialog.canceled.disconnect(self.cancel)
        self._dialog.close()
        self._dialog.deleteLater()
        result, self._thread.result = self._thread.result, None  # it is large
        error, self._thread.error = self._thread.error, None
        self.ended.emit()  # who shows the answer offers the next job with it, in one event
        if not self._cancelled and error is None:
            self.made.emit(result)
        elif not self._cancelled:
            self.failed.emit(error)
        self.deleteLater()


class _Wait(QObject):
    """Shows the progress of a thread until it ends; blocks other input."""

    def __init__(
        self, parent: QWidget | None, title: str, thread: WorkThread, *, reads: bool
    ) -> None:
        super().__init__(parent)
        self._thread, self._loop, self._reads = thread, QEventLoop(), reads
        self._dialog = progress_dialog(parent, title)
        self._dialog.canceled.connect(thread.requestInterruption)
        if reads:
            self._dialog.canceled.connect(self._loop.quit)
        thread.progressed.connect(self._show_progress)
        thread.finished.connect(self._loop.quit)

    def run(self) -> None:
        self._dialog.show()
        if not self._thread.isFinished():
            self._loop.exec()
        if not self._reads:
            self._thread.wait()  # also when the application closes: writing is completed
        self._thread.progressed.disconnect(self._show_progress)
        self._thread.finished.disconnect(self._loop.quit)
        self._dialog.canceled.disconnect(self._thread.requestInterruption)
        self._dialog.close()
        self._dialog.deleteLater()
        self.deleteLater()

    def _show_progress(self, progress: tuple[int, int]) -> None:
        if not self._dialog.wasCanceled():
            done, total = progress
            self._dialog.setMaximum(total)
            self._dialog.setValue(done)


def waited_for(
    parent: QWidget | None, title: str, work: Callable[[Progress], T], *, reads: bool = False
) -> T:
    """The result of work done in a thread; after a moment, a dialog shows progress and Cancel.

    Raises the exceptions of the work, and Cancelled if the user cancels. Work that only `reads` is
    then left to end in the background, also when the application closes.
    """
    thread = WorkThread(work)
    thread.start()
    if not thread.wait(QUICK_MS):
        _Wait(parent, title, thread, reads=reads).run()
    if not thread.isFinished():
        leave(thread)
        raise Cancelled
    try:
        if thread.error is not None:
            raise thread.error
    finally:
        thread.error = None  # it would keep the frames of all callers, and these the thread
    result, thread.result = thread.result, None  # it may be large; the thread waits to be collected
    return cast(T, result)
