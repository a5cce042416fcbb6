"""Work that may take a while: done in a thread, with progress and Cancel after half a second."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QThread, Signal
from PySide6.QtWidgets import QProgressDialog, QWidget

from gui.theme import BODY
from gui.widgets import labels

Progress = Callable[[int, int], None]
SHOWN_AFTER_MS = 500


class Cancelled(Exception):  # noqa: N818 - what happened, no error of anybody's
    """Nobody waits any more for what is being made."""


class _Thread(QThread):
    progressed = Signal(object)  # (done, all)
    made = Signal(object)
    failed = Signal(object)  # the exception

    def __init__(self, work: Callable[[Progress], object], parent: QObject) -> None:
        super().__init__(parent)
        self._work = work

    def _tell(self, done: int, total: int) -> None:
        if self.isInterruptionRequested():
            raise Cancelled
        self.progressed.emit((done, total))

    def run(self) -> None:
        try:
            result = self._work(self._tell)
        except Cancelled:
            return
        except Exception as error:  # noqa: BLE001 - whatever it was, the window must hear of it
            self.failed.emit(error)
        else:
            self.made.emit(result)


class Job(QObject):
    """One piece of work; `work` is given a function to tell its progress by, which may raise."""

    made = Signal(object)
    failed = Signal(object)  # the exception
    ended = Signal()  # after either, and after `cancel`

    def __init__(self, parent: QWidget, title: str, work: Callable[[Progress], object]) -> None:
        super().__init__(parent)
        self._thread = _Thread(work, self)
        self._dialog = QProgressDialog("", self.tr("Cancel"), 0, 0, parent)
        self._dialog.setLabel(labels.label(title, BODY))
        self._dialog.setWindowTitle(self.tr("Import"))
        self._dialog.setWindowModality(Qt.WindowModality.WindowModal)
        self._dialog.setMinimumDuration(SHOWN_AFTER_MS)
        self._dialog.setAutoReset(False)
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
