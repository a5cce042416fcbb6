"""Plays back the past of a run, by visiting one iteration after another."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from core.training.messages import Snapshot
from gui.model.training import Training

FRAME_MS = 33
PACES = {
    2: "Whole run in 2 s",
    5: "The whole run in 5 s",
    15: "The whole run in 15 s",
    60: "The whole run in a minute",
    0: "One iteration a frame",
}


class Playback(QObject):
    """Moves the visited iteration from where it is (from the start, if it is the latest) to the
    latest.
    """

    playing_changed = Signal(object)  # bool

    def __init__(self, training: Training, parent: QObject) -> None:
        super().__init__(parent)
        self._training = training
        self.pace = 5  # seconds for the whole run; 0 is one iteration per frame
        self._clock = QElapsedTimer()
        self._frame = QTimer(self, interval=FRAME_MS)
        self._frame.timeout.connect(self._advance)
        self._from = self._wanted = 0
        training.playing_changed.connect(lambda playing: self.stop() if playing else None)

    @property
    def playing(self) -> bool:
        return self._frame.isActive()

    def play(self) -> None:
        """Play from the visited iteration."""
        seen = self._training.latest
        if seen is None or seen.earliest is None or not seen.newest:
            return
        self._from = seen.iteration if self._training.visiting else seen.earliest
        self._visit(self._from)
        self._clock.start()
        self._frame.start()
        self.playing_changed.emit(True)

    def stop(self) -> None:
        if self.playing:
            self._frame.stop()
            self.playing_changed.emit(False)

    def _advance(self) -> None:
        seen = self._training.latest
        if seen is None or not self._arrived(seen):
            return  # the one before is still being made: a slow one slows the film, queues nothing
        if self._wanted >= seen.newest:
            self.stop()
            return
        self._visit(min(max(self._next(seen), self._wanted + 1), seen.newest))

    def _arrived(self, seen: Snapshot) -> bool:
        return seen.idle and self._training.is_current(seen) and seen.iteration == self._wanted

    def _next(self, seen: Snapshot) -> int:
        if not self.pace:
            return self._wanted + 1
        a_second = (seen.newest - (seen.earliest or 0)) / self.pace
        return self._from + round(a_second * self._clock.elapsed() / 1000)

    def _visit(self, iteration: int) -> None:
        self._wanted = iteration
        self._training.visit(iteration)
