"""Slow motion: walks from step to step automatically, at a chosen pace."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from gui.model.walk import Walk

PACES = {"4": "4 s a step", "2": "2 s a step", "1": "1 s a step", "0.5": "½ s a step"}
USUAL_PACE = "2"


class SlowMotion(QObject):
    """Plays the walk up to its last step, or, `endless`, from iteration to iteration."""

    changed = Signal()  # playing or not

    def __init__(self, walk: Walk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._walk = walk
        self.timer = QTimer(self)
        self.timer.timeout.connect(self._on_tick)
        self.pace = USUAL_PACE
        self.endless = False
        self._awaits = False  # the record of the requested iteration
        walk.recorded.connect(self._on_recorded)

    @property
    def playing(self) -> bool:
        """Whether it plays."""
        return self.timer.isActive()

    def set_pace(self, pace: str) -> None:
        """Choose the seconds a step, a key of PACES."""
        self.pace = pace
        self.timer.setInterval(round(1000 * float(pace)))

    def toggle(self) -> None:
        """Play, or hold."""
        if self.playing:
            self.hold()
        elif self._walk.steps:
            if self._at_end():
                self._walk.home()
            self._start()

    def play_on(self) -> None:
        """Play on and on: each last step asks for the next iteration."""
        self.endless = True
        self._awaits = False
        self._start()

    def _start(self) -> None:
        self.set_pace(self.pace)
        self.timer.start()
        self.changed.emit()

    def hold(self) -> None:
        """Pause."""
        if self.playing:
            self.timer.stop()
            self.endless = False
            self.changed.emit()

    def _at_end(self) -> bool:
        return self._walk.index >= len(self._walk.steps) - 1

    def _on_tick(self) -> None:
        if self.endless and (self._awaits or not self._walk.steps):
            return
        self._awaits = self._at_end()
        self._walk.next_op()
        if self._at_end() and not self.endless:
            self.hold()

    def _on_recorded(self, record: object) -> None:
        self._awaits = self._awaits and record is None
        if record is None and not self.endless:
            self.hold()
