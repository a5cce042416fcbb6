"""How often a run in flight is measured: too much costs answers, never frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pytest

from core.look.ask import Allowance, Ask
from core.look.watcher import LONGEST, SCORE_SECONDS, Watcher
from core.training.messages import Look, Snapshot
from core.training.session import Session
from tests.core.training.projects import project


class Clock:
    """The time as the rations see it."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True, slots=True)
class Work(Ask[int]):
    """A measurement that takes so long, half of the time at most."""

    seconds: float
    clock: Clock
    share: ClassVar[float | None] = 0.5

    def measure(self, session: Session, allowance: Allowance) -> int:
        self.clock.now += self.seconds
        return session.iteration


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    for module in ("rations", "watcher"):
        monkeypatch.setattr(f"core.look.{module}.perf_counter", made)
    return made


def seen(watcher: Watcher, *asks: Ask[int], idle: bool = False) -> Snapshot:
    return watcher.snapshot(Look(asks), idle=idle)


def test_all_measurements_together_take_a_share_of_the_time(clock):
    session = Session(project())
    watcher, long, short = Watcher(session), Work(0.05, clock), Work(0.0, clock)
    first = seen(watcher, long, short)
    assert (first.answer(long), first.answer(short)) == (0, 0)  # new ones are measured at once
    assert watcher.measured == pytest.approx(0.05)
    session.step()
    clock.now += 0.06  # its own share would allow the long one
    assert seen(watcher, long, short).answers == {}
    assert watcher.measured == 0.0
    assert seen(watcher, short, idle=True).answer(short) == 1
    session.step()
    clock.now += LONGEST
    assert seen(watcher, long).answer(long) == 2


def test_scores_are_measured_as_often_as_they_are_shown(clock):
    session = Session(project())
    watcher = Watcher(session)
    assert seen(watcher).scored_iteration == 0
    session.step()
    assert seen(watcher).scored_iteration == 0
    clock.now += 1.1 * SCORE_SECONDS
    assert seen(watcher).scored_iteration == 1
    session.step()
    assert seen(watcher, idle=True).scored_iteration == 2
