"""The timer of a slow run: says how many iterations are due."""

from __future__ import annotations

import math
from time import monotonic

from PySide6.QtCore import QObject, Qt, QTimer, Signal

TICK_MS = 16  # at least; slower paces tick once an iteration
LONGEST = 0.5  # seconds that are made up for: a window that hung does not rush afterwards


class Pace(QObject):
    """While it runs, `due(n)` whole iterations at a time add up to `rate` a second."""

    due = Signal(object)  # int

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_tick)
        self.rate = math.inf

    @property
    def first(self) -> float:
        """How many iterations are due at once when a run starts: one, or at full speed all."""
        return self.rate if math.isinf(self.rate) else 1

    def start(self, rate: float) -> None:
        """Start at this many iterations a second; an infinite rate needs no timer."""
        self.rate = rate
        self._left, self._ticked = 0.0, monotonic()
        if math.isinf(rate):
            self._timer.stop()
        else:
            self._timer.start(max(TICK_MS, round(1000 / rate)))

    def stop(self) -> None:
        self._timer.stop()

    def _on_tick(self) -> None:
        now = monotonic()
        passed = min(now - self._ticked, max(LONGEST, 1.0 / self.rate))
        self._ticked = now
        # Half a tick early is on time: a timer's jitter must not delay a single iteration by one.
        due = self._left + passed * self.rate
        whole = math.floor(due + min(0.5, self.rate * TICK_MS / 2000))
        self._left = due - whole
        if whole > 0:
            self.due.emit(whole)
