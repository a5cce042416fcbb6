"""Work that may take a while: done in a thread, with progress and Cancel after a moment."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TypeVar, cast

from PySide6.QtCore import QEventLoop, QObject, Qt, QThread, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QProgressDialog, QWidget

from core.progress import Progress
from gui.style.theme import BODY
from gui.widgets import labels

SHOWN_AFTER_MS = 500
QUICK_MS = 200  # that a window may stand still for
EVERY = 0.05  # seconds between two tellings of progress
T = TypeVar("T")


class Cancelled(Exception):  # noqa: N818 - what happened, no error of anybody's
    """Nobody waits any more for what is being made."""


class _Thread(QThread):
    progressed = Signal(object)  # (done, all)
    made = Signal(object)
    failed = Signal(object)  # the exception

    def __init__(self, work: Callable[[Progress], object], parent: QObject | None) -> None:
        super().__init__(parent)
        self._work, self._told = work, 0.0
        self.result: object = None
        self.error: Exception | None = None

    def _tell(self, done: int, total: int) -> None:
        if self.isInterruptionRequested():
            raise Cancelled
        if monotonic() >= self._told + EVERY:
            self._told = monotonic()
            self.progressed.emit((done, total))

    def run(self) -> None:
        try:
            self.result = self._work(self._tell)
        except Cancelled as cancelled:
            self.error = cancelled
        except Exception as error:  # noqa: BLE001 - whatever it was, the window must hear of it
            self.error = error
            self.failed.emit(error)
        else:
            self.made.emit(self.result)


class _ProgressDialog(QProgressDialog):
    """Cancels by its button and Esc. An application that ends closes it, and cancels nothing."""

    def closeEvent(self, event: QCloseEvent) -> None:
        event.accept()


def progress_dialog(parent: QWidget | None, title: str) -> QProgressDialog:
    """Says that something goes on, and offers to stop it."""
    dialog = _ProgressDialog("", "Cancel", 0, 0, parent)
    dialog.setWindowFlag(Qt.WindowType.WindowCloseButtonHint, False)
    dialog.setLabel(labels.label(title, BODY))
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    dialog.setMinimumDuration(SHOWN_AFTER_MS)
    dialog.setAutoReset(False)
    dialog.setAutoClose(False)
    return dialog


class Job(QObject):
    """One piece of work; `work` is given a function to tell its progress by, which may raise."""

    made = Signal(object)
    failed = Signal(object)  # the exception
    ended = Signal()  # after either, and after `cancel`

    def __init__(self, parent: QWidget, title: str, work: Callable[[Progress], object]) -> None:
        super().__init__(parent)
        self._thread = _Thread(work, self)
        self._dialog = progress_dialog(parent, title)
        self._dialog.setWindowTitle(self.tr("Import"))
        self._dialog.canceled.connect(self.cancel)
        self._cancelled = False
        self._thread.progressed.connect(self._show_progress)
        self._thread.made.connect(self._on_made)
        self._thread.failed.connect(self._on_failed)
        self._thread.finished.connect(self._on_finished)

    def start(self) -> None:
        """Begin; `made` or `failed` follows, or neither after `cancel`."""
        self._dialog.setValue(0)
        self._thread.start()

    def cancel(self) -> None:
        """Let the result go, whenever it comes."""
        self._cancelled = True
        self._thread.requestInterruption()

    def close(self) -> None:
        """Cancel, and wait for the end of the thread."""
        self.cancel()
        self._thread.wait()

    def _show_progress(self, progress: tuple[int, int]) -> None:
        if not self._cancelled:
            done, total = progress
            self._dialog.setMaximum(total)
            self._dialog.setValue(done)

    def _on_made(self, result: object) -> None:
        if not self._cancelled:
            self.made.emit(result)

    def _on_failed(self, error: Exception) -> None:
        if not self._cancelled:
            self.failed.emit(error)

    def _on_finished(self) -> None:
        self._dialog.canceled.disconnect(self.cancel)
        self._dialog.close()
        self._dialog.deleteLater()
        self.ended.emit()
        self.deleteLater()


class _Wait(QObject):
    """Shows how far a thread has come until it ends; nothing else can be done meanwhile."""

    def __init__(self, parent: QWidget | None, title: str, thread: _Thread) -> None:
        super().__init__(parent)
        self._thread, self._loop = thread, QEventLoop()
        self._dialog = progress_dialog(parent, title)
        self._dialog.canceled.connect(thread.requestInterruption)
        thread.progressed.connect(self._show_progress)
        thread.finished.connect(self._loop.quit)

    def run(self) -> None:
        self._dialog.show()
        if not self._thread.isFinished():
            self._loop.exec()
        self._thread.wait()  # also where the application ends: what was begun is ended
        self._thread.progressed.disconnect(self._show_progress)
        self._dialog.canceled.disconnect(self._thread.requestInterruption)
        self._dialog.close()
        self._dialog.deleteLater()
        self.deleteLater()

    def _show_progress(self, progress: tuple[int, int]) -> None:
        if not self._dialog.wasCanceled():
            done, total = progress
            self._dialog.setMaximum(total)
            self._dialog.setValue(done)


def waited_for(parent: QWidget | None, title: str, work: Callable[[Progress], T]) -> T:
    """What the work returns, done in a thread; what takes a moment shows its progress and Cancel.

    Raises what the work raises, and Cancelled if the user thought better of it.
    """
    thread = _Thread(work, None)
    thread.start()
    if not thread.wait(QUICK_MS):
        _Wait(parent, title, thread).run()
    if thread.error is not None:
        raise thread.error
    return cast(T, thread.result)
