"""Autosave: what a window would lose is kept beside, and offered to the next one after a crash."""

from __future__ import annotations

import math
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, QTimer, Signal
from PySide6.QtWidgets import QWidget

from core.errors import LayerwiseError
from core.files.recovery import Recovered, Recovery, found
from gui.dialogs.recover import RecoverDialog
from gui.document import Document
from gui.files import Files
from gui.training import Training

AFTER_EDIT_MS = 2_000
WHILE_TRAINING_MS = 60_000
PATIENCE = 0.5  # seconds that a run may take to say where it stands when the system ends


def recovery_folder() -> Path:
    """Where work is kept for recovery: in the data folder of the application."""
    location = QStandardPaths.StandardLocation.AppDataLocation
    return Path(QStandardPaths.writableLocation(location)) / "recovery"


class Autosave(QObject):
    """Writes the work of one window 2 s after the last edit and every minute while it trains.

    No timer runs when nothing changes. What was recovered stays on the disk until a real save.
    """

    failed = Signal(str)  # a sentence: the work cannot be kept

    def __init__(
        self, document: Document, training: Training, files: Files, window: QWidget
    ) -> None:
        super().__init__(window)
        self._files, self._window = files, window
        self._recovery = Recovery(recovery_folder())
        self._recovered: list[Recovered] = []  # and opened here, not yet saved
        self._failing = False
        self._soon = QTimer(self, interval=AFTER_EDIT_MS, singleShot=True)
        self._soon.timeout.connect(self.write)
        self._often = QTimer(self, interval=WHILE_TRAINING_MS)
        self._often.timeout.connect(self.write)
        self.dialog: RecoverDialog | None = None
        document.changed.connect(self._write_soon)
        files.changed.connect(self._write_soon)
        training.playing_changed.connect(self._follow_run)
        files.saved.connect(self._forget)
        files.opened.connect(self._forget)
        files.save_failed.connect(self.write)

    def write(self, patience: float = math.inf) -> None:
        """Keep the work as it is now, if it is not in its file."""
        self._soon.stop()
        if not self._files.worth_keeping:
            self._recovery.clear()
            return
        try:
            self._recovery.write(self._files.gather(patience), self._files.path)
            self._failing = False
        except LayerwiseError as error:
            if not self._failing:  # once is enough
                self._failing = True
                self.failed.emit(str(error))

    def leave(self) -> None:
        """The window must end now: leave the work for the next one."""
        self._stop()
        self.write(PATIENCE)
        self._recovery.leave()
        for work in self._recovered:
            if self._failing:
                work.release()
            else:  # the generation just written holds it too
                work.discard()

    def end(self) -> None:
        """The window ends in peace: nothing is kept."""
        self._stop()
        self._forget()
        self._recovery.close()

    def offer(self) -> None:
        """Show what dead windows left behind, if they did; waits for no answer."""
        works = found(recovery_folder())
        if works:
            self.dialog = RecoverDialog(self._window, works)
            self.dialog.recover_requested.connect(self._recover)
            self.dialog.finished.connect(self._on_answered)
            self.dialog.show()

    def _on_answered(self) -> None:
        self.dialog = None

    def _recover(self, work: Recovered) -> None:
        try:
            if not self._files.recover(work.saved, work.path, work.when):
                work.release()
                return
        except LayerwiseError as error:
            work.release()
            self.failed.emit(str(error))
            return
        self._recovered.append(work)
        self._write_soon()

    def _write_soon(self) -> None:
        self._soon.start()

    def _follow_run(self, playing: bool) -> None:
        if playing:
            self._often.start()
        else:
            self._often.stop()
            self._write_soon()

    def _forget(self) -> None:
        self._soon.stop()
        self._recovery.clear()
        for work in self._recovered:
            work.discard()
        self._recovered.clear()

    def _stop(self) -> None:
        self._soon.stop()
        self._often.stop()
        if self.dialog is not None:
            self.dialog.reject()
