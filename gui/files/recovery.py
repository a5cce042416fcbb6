"""Autosave: stores unsaved work, and offers it to the next window after a crash."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import monotonic

from PySide6.QtCore import QObject, QStandardPaths, QThread, QTimer, Signal
from PySide6.QtWidgets import QWidget

from core.errors import LayerwiseError
from core.files.recovery import Recovered, Recovery, found
from core.files.storage import Saved
from core.look.ask import Asks
from core.look.state import State
from core.runs import within_budget
from core.training.messages import Snapshot
from gui.dialogs.recover import RecoverDialog
from gui.files.open_save import Files
from gui.model.document import Document
from gui.model.training import Training

AFTER_EDIT_MS = 2_000
AT_THE_LATEST_MS = 8_000  # after the first unsaved edit: then the run is asked ...
ANSWER_MS = 1_500  # ... and this long to give its state
WHILE_TRAINING_MS = 10_000
SHARE = 20  # times the writing time, before a running run is written again
MOST_OF_RUNS = 8_000_000  # bytes of ended runs, which are written again with every edit
PATIENCE = 0.5  # seconds to wait for the run's state when the system ends


def recovery_folder() -> Path:
    """The folder of autosaved work: in the data folder of the application."""
    location = QStandardPaths.StandardLocation.AppDataLocation
    return Path(QStandardPaths.writableLocation(location)) / "recovery"


class _GivenUp(Exception):  # noqa: N818 - an event, not an error
    """The file being written is not needed any more."""


class _Writer(QThread):
    """Writes and clears in a thread, one after the other, so that the window never waits for a
    disk.
    """

    written = Signal(object)  # the exception that prevented it, or None

    def __init__(self, recovery: Recovery, parent: QObject) -> None:
        super().__init__(parent)
        self._recovery = recovery
        self.took, self._ended_at = 0.0, -math.inf  # seconds, of the last that was written
        self._now: Callable[[], None] | None = None
        self._next: Callable[[], None] | None = None
        self.finished.connect(self._continue)

    def write(self, saved: Saved, path: Path | None) -> None:
        """Write this after the current write; replaces anything still waiting."""
        self._then(lambda: self._write(saved, path))

    def clear(self) -> None:
        """Remove everything written, and cancel writing."""
        self.requestInterruption()
        self._then(self._recovery.clear)

    def settle(self, *, give_up: bool = False) -> None:
        """Wait for the current write, or cancel it, and drop what waits."""
        self._next = None
        if give_up:
            self.requestInterruption()
        self.wait()

    def _then(self, job: Callable[[], None]) -> None:
        self._next = job
        if self._now is None:
            self._continue()

    def _continue(self) -> None:
        self.wait()  # for its last steps: a thread that is still running does not start again
        self._now, self._next = self._next, None
        if self._now is not None:
            self.start()

    def _write(self, saved: Saved, path: Path | None) -> None:
        error: Exception | None = None
        began = monotonic()
        try:
            self._recovery.write(saved, path, self._tell)
        except _GivenUp:
            return
        except Exception as caught:  # noqa: BLE001 - any error must reach the window
            error = caught
        self._ended_at = monotonic()
        self.took = self._ended_at - began
        self.written.emit(error)

    @property
    def rested(self) -> float:
        """Seconds since the end of the last that was written; 0 while something is."""
        return 0.0 if self._now is not None else monotonic() - self._ended_at

    def _tell(self, _done: int, _all: int) -> None:
        if self.isInterruptionRequested():
            raise _GivenUp

    def run(self) -> None:
        assert self._now is not None
        self._now()


class Autosave(QObject):
    """Writes the work of one window 2 s after the last edit, at the latest 10 s after the first
    unsaved one, and every 10 s during training.

    No timer runs when nothing changes. Recovered work stays on the disk until a real save.
    """

    failed = Signal(object)  # the exception: the work cannot be autosaved
    turn = 0  # its frame of three

    def __init__(
        self, document: Document, training: Training, files: Files, window: QWidget
    ) -> None:
        super().__init__(window)
        self._document, self._files, self._window = document, files, window
        self._training = training
        self._recovery = Recovery(recovery_folder())
        self._writer = _Writer(self._recovery, self)
        self._writer.written.connect(self._on_written)
        self._wants_run = False  # the state of the run is awaited, to be written
        self._recovered: list[Recovered] = []  # and opened here, not yet saved
        self._failing = self._ended = False
        self._held = False  # the work is set aside, and its files stay
        self._soon = QTimer(self, interval=AFTER_EDIT_MS, singleShot=True)
        self._soon.timeout.connect(self.keep)
        self._unkept_since = 0.0  # monotonic time of the first unsaved edit, 0 if none
        self._unanswered = QTimer(self, interval=ANSWER_MS, singleShot=True)
        self._unanswered.timeout.connect(self._on_unanswered)
        self._often = QTimer(self, interval=WHILE_TRAINING_MS)
        self._often.timeout.connect(self._keep_run)
        self.dialog: RecoverDialog | None = None
        document.edited.connect(self._write_soon)
        files.changed.connect(self._write_soon)
        training.runs.changed.connect(self._write_soon)
        training.playing_changed.connect(self._follow_run)
        files.saved.connect(self._forget)
        files.opened.connect(self._forget)
        files.save_failed.connect(self.keep)
        training.add_viewer(self)
        training.failed.connect(self._write_what_is_known)

    def hold(self) -> None:
        """The work will be set aside: write it now, and keep that until `resume`."""
        self.write(PATIENCE)
        self._held = True

    def resume(self) -> None:
        """The work is open again."""
        self._held = False
        self._write_soon()

    def keep(self) -> None:
        """Autosave the work, if it is not in its file, as soon as the run has given its state."""
        self._soon.stop()
        if self._held:
            return
        if not self._files.worth_keeping:
            self._clear()
        elif self._training.alive:
            self._wants_run = True
            if not self._unanswered.isActive():
                self._unanswered.start()
            self._training.refresh()
        else:
            self._write_what_is_known()

    def _keep_run(self) -> None:
        """Autosave a running run, unless writing takes too much of the time."""
        if self._writer.rested > SHARE * self._writer.took:
            self.keep()

    def write(self, patience: float = math.inf) -> None:
        """The same at once: when this returns, the work is on disk, or `failed` was emitted."""
        self._soon.stop()
        if self._held:
            return
        self._settle()
        if not self._files.worth_keeping:
            self._recovery.clear()
            return
        saved = _bounded(self._files.gather(patience))
        try:
            self._recovery.write(saved, self._files.path)
        except LayerwiseError as error:
            self._on_written(error)
        else:
            self._on_written(None)

    def asks(self) -> Asks | None:
        """The ask for the run's state, if it is to be written."""
        return (State(),) if self._wants_run else None

    def receive(self, snapshot: Snapshot) -> None:
        """Write the run's state, if it was asked for."""
        # A snapshot from before the document's change does not belong to it.
        if (
            self._wants_run
            and snapshot.state is not None
            and self._training.is_current(snapshot)
            and snapshot.project == self._document.project
        ):
            self._give_to_writer(snapshot)

    def _give_to_writer(self, snapshot: Snapshot | None) -> None:
        """Write the work, with the run from this snapshot, or as far as it is known."""
        self._expect_nothing()
        self._writer.write(_bounded(self._files.gathered(snapshot)), self._files.path)

    def _expect_nothing(self) -> None:
        """Nothing more to autosave: it is being written, or not needed."""
        self._wants_run, self._unkept_since = False, 0.0
        self._unanswered.stop()

    def _on_unanswered(self) -> None:
        """Write what is known meanwhile; the run's state follows when it arrives."""
        if self._files.worth_keeping:
            self._unkept_since = 0.0
            self._writer.write(_bounded(self._files.gathered(None)), self._files.path)

    def _write_what_is_known(self, *_: object) -> None:
        if self._files.worth_keeping:
            self._give_to_writer(None)

    def _on_written(self, error: Exception | None) -> None:
        if error is not None and not self._failing:  # once is enough
            self.failed.emit(error)
        self._failing = error is not None

    def leave(self) -> None:
        """The window closes without a decision on the work: leave it for the next one."""
        self._stop()
        self.write(PATIENCE)
        self._recovery.leave()
        for work in self._recovered:
            if self._failing:
                work.release()
            else:  # the generation just written holds it too
                work.discard()

    def end(self) -> None:
        """The window closes and the work is saved or unwanted: remove everything."""
        self._writer.settle(give_up=True)
        self._stop()
        self._drop_recovered()
        self._recovery.close()

    def offer(self) -> None:
        """Offer work left by crashed windows, if any; does not wait for the answer."""
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
            self.failed.emit(error)
            return
        self._recovered.append(work)
        self._write_soon()

    def _write_soon(self) -> None:
        """When the edits pause, or a while after the first of them, if they do not."""
        if self._held:
            return
        now = monotonic()
        self._unkept_since = self._unkept_since or now
        left = AT_THE_LATEST_MS - round(1000 * (now - self._unkept_since))
        if (
            self._wants_run and left <= 0
        ):  # asked, and edited since: the answer arrives, or the time is up
            return
        self._soon.start(max(0, min(AFTER_EDIT_MS, left)))

    def _follow_run(self, playing: bool) -> None:
        if playing and not self._held:
            self._often.start()
        else:
            self._often.stop()
            self._write_soon()

    def _clear(self) -> None:
        """Remove the files written for recovery."""
        self._expect_nothing()
        if self._ended:  # while it was being saved
            self._recovery.clear()
        else:
            self._writer.clear()

    def _settle(self) -> None:
        """From here to the next return to the event loop, nothing is written but by the caller."""
        self._expect_nothing()
        self._writer.settle()

    def _forget(self) -> None:
        self._soon.stop()
        self._clear()
        self._drop_recovered()

    def _drop_recovered(self) -> None:
        for work in self._recovered:
            work.discard()
        self._recovered.clear()

    def _stop(self) -> None:
        self._ended = True
        self._soon.stop()
        self._often.stop()
        self._settle()
        if self.dialog is not None:
            self.dialog.reject()


def _bounded(saved: Saved) -> Saved:
    """The same with no more runs than can be written every few seconds."""
    return replace(saved, runs=within_budget(saved.runs, MOST_OF_RUNS))
