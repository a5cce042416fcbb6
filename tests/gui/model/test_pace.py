"""The timer of a slow run: as many iterations as the pace says, no rush after a hang."""

import math

import pytest
from PySide6.QtCore import QTimer

from gui.model import pace
from gui.model.pace import LONGEST, Pace


@pytest.fixture
def clock(qapp, monkeypatch):
    """A pace whose time is set by hand: `clock.go(seconds)` ticks once, then."""

    class Clock:
        def __init__(self):
            self.now = 100.0
            self.due: list[int] = []
            self.pace = Pace()
            (self.timer,) = self.pace.findChildren(QTimer)
            self.pace.due.connect(self.due.append)

        def go(self, seconds):
            self.now += seconds
            self.timer.timeout.emit()

    clock = Clock()
    monkeypatch.setattr(pace, "monotonic", lambda: clock.now)
    yield clock
    clock.pace.stop()


@pytest.mark.parametrize("rate", [1.0, 10.0, 100.0, 1000.0])
def test_as_many_are_due_as_the_pace_says(clock, rate):
    clock.pace.start(rate)
    tick = max(0.016, 1 / rate)
    for _ in range(round(10 / tick)):
        clock.go(tick)
    assert abs(sum(clock.due) - 10 * rate) <= 1 + rate * 0.016
    assert all(isinstance(n, int) for n in clock.due)


def test_a_timer_that_jitters_misses_no_iteration(clock):
    clock.pace.start(1.0)
    for seconds in (0.999, 1.001, 0.998, 1.002):
        clock.go(seconds)
        assert clock.due.pop() == 1


def test_a_hang_is_not_made_up_for_in_a_rush(clock):
    clock.pace.start(1000.0)
    clock.go(60)
    assert clock.due == [LONGEST * 1000]


def test_full_speed_needs_no_clock(clock):
    clock.pace.start(math.inf)
    assert not clock.timer.isActive()
    assert clock.pace.first == math.inf
    clock.pace.start(10.0)
    assert clock.timer.isActive()
    assert clock.pace.first == 1
