"""Makes the snapshots that the window draws, without touching the run."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from types import MappingProxyType
from typing import Any

from core.errors import Interrupted
from core.look.ask import Allowance, Ask, Failure
from core.look.frames import Frame
from core.look.rations import Budget, Ration
from core.look.recorder import Recorder
from core.look.state import Gradient
from core.training.history import frozen
from core.training.messages import Look, Snapshot
from core.training.outcomes import Score
from core.training.remaking import lacks
from core.training.session import Session

SPEED_WINDOW = 0.5  # seconds that iterations per second are measured over
SCORE_SECONDS = 0.04  # between two scores: a viewer shows them twenty times a second
CREDIT, SHARE = 0.02, 0.1  # seconds at once, and the share of the time, for all measurements ...
LONGEST = 0.2  # ... and seconds that they wait at most, however long the last one took
REMEMBERED = 8  # looks after which an ask that is not repeated is forgotten


@dataclass(slots=True)
class _Known:
    """The last answer to an ask, its iteration, and when the ask may be measured again."""

    ration: Ration
    answer: object = None
    of: tuple[int, bool, bool] | None = None  # iteration, rests, idle
    asked: int = 0  # in which look


class Watcher:
    """Takes snapshots of one session, in separate memory; an ask that fails costs only its answer.

    For networks so large that scores and predictions would slow down training, these are left out,
    or are a little older than the parameters, until the run rests.
    """

    def __init__(self, session: Session, frames: Iterable[Frame] = ()) -> None:
        self._session = self.live = session  # the one that is shown, and the run itself
        self.recorder = Recorder(session, frames)
        self._allowance = Allowance(self.recorder)
        self._measured_with = _memory_of(session)
        self._known: dict[Ask[Any], _Known] = {}
        self._looks = 0
        self._failures: dict[str, Failure] = {}  # for measurements that were not asked for
        self._scored: tuple[int, Score, Score | None] | None = None
        self._measuring = Budget(CREDIT, SHARE, debt=LONGEST * SHARE)
        self.measured = 0.0  # seconds of the last snapshot that measurements took
        self._scoring = Ration(0.03, apart=SCORE_SECONDS)
        self._speed = 0.0
        self.start_clock()

    def start_clock(self) -> None:
        """Training starts or continues now: measure its speed from here."""
        self._clock = self._clock_before = (perf_counter(), self.live.iteration)
        self._speed_of_this_run = False

    def show(self, session: Session) -> None:
        """Show the run, or a session at an earlier iteration of it."""
        self._session = session
        self.forget()

    @property
    def scores(self) -> tuple[Score, Score | None] | None:
        """The last measurements, training and test; None if they were forgotten since."""
        return None if self._scored is None else self._scored[1:]

    def forget(self) -> None:
        """A measurement is outdated (another loss, a number set by hand): the next snapshot
        measures again.
        """
        self._scored = None
        for known in self._known.values():
            known.answer = known.of = None
        self.recorder.forget()
        if self._measured_with != (other := _memory_of(self._session)):
            self._measured_with = other
            self._allowance.forget()

    def record(self) -> int:
        """Record the numbers of this iteration; returns the next iteration to record."""
        self.aside(self.recorder.keep)
        return self.recorder.due

    def aside(self, work: Callable[[], object]) -> None:
        """Do work that was not asked for; if it fails, the run continues."""
        try:
            work()
        except Interrupted:
            raise
        except Exception as error:  # noqa: BLE001 - the same
            self._failures[getattr(work, "__qualname__", "")] = Failure.of(error)

    def snapshot(self, look: Look, *, idle: bool, waiting: bool = False) -> Snapshot:
        """A frozen state with the answers for `look`, all of them up to date if the run rests."""
        rests = self._allowance.rests = idle or waiting
        self._allowance.idle, self.measured = idle, 0.0
        self._looks += 1
        self.aside(self.recorder.look)  # for viewers that look later
        # One that was deferred, or given up for another run, is measured of that.
        asks = dict.fromkeys(ask for ask in look.asks if ask.fits(self.live.network.sizes))
        if rests:
            asks[Gradient()] = None
        answers = {ask: self._answer(ask) for ask in asks}
        since = self._looks - REMEMBERED
        self._known = {ask: known for ask, known in self._known.items() if known.asked > since}
        found = {ask: answer for ask, answer in answers.items() if answer is not None}
        return self._standing(idle, waiting, MappingProxyType(found))

    def _answer(self, ask: Ask[Any]) -> object:
        """The answer measured now, or known for this iteration; None while it may not be measured
        again.
        """
        if ask.share is None:
            return self._measured(ask)
        known, may = self._known.get(ask), self._may_measure
        if known is None:  # for a new one the user waits
            known, may = self._known.setdefault(ask, _Known(Ration(ask.share))), True
        known.asked = self._looks
        allowed = self._allowance
        now = self._session.iteration, allowed.rests, allowed.idle
        if known.of != now:
            if not (may and known.ration.begin(now=allowed.rests)):
                return None
            known.answer, known.of = self._measured(ask), now
            known.ration.end()
        return known.answer

    @property
    def _may_measure(self) -> bool:
        """A view gets no answer rather than that all wait for their next frame."""
        return self._allowance.rests or self._measuring.left

    @contextmanager
    def _timed(self) -> Iterator[None]:
        started = perf_counter()
        try:
            yield
        finally:
            passed = perf_counter() - started
            self._measuring.spend(passed)
            self.measured += passed

    def _measured(self, ask: Ask[Any]) -> object:
        try:
            with self._timed():
                return ask.measure(self._session, self._allowance)
        except Interrupted:
            raise
        except Exception as error:  # noqa: BLE001 - who only looks must not end the run
            return Failure.of(error)

    def _standing(self, idle: bool, waiting: bool, answers: Mapping[Ask[Any], object]) -> Snapshot:
        """The state of the run, with the answers."""
        session, live = self._session, self.live
        train, test, scored_iteration = self._score(idle or waiting)
        test_iterations, test_costs = live.test_curve
        return Snapshot(
            run=live.run,
            project=live.project,
            split=session.split,
            sizes=session.network.sizes,
            iteration=session.iteration,
            newest=live.iteration,
            earliest=None if live.past is None else live.past.first,
            best=live.best,
            lacking=lacks(live),
            epoch=session.epoch,
            idle=idle,
            waiting=waiting,
            halt=live.halt,
            flat=frozen(session.p.flat),
            costs=live.costs,
            cost_iterations=live.curves.train.iterations,
            test_iterations=test_iterations,
            test_costs=test_costs,
            marks=live.curves.marks,
            by_hand=live.by_hand.iterations,
            drawn=live.by_hand.drawn,
            adjusted=live.by_hand.count,
            train=train,
            test=test,
            scored_iteration=scored_iteration,
            iterations_per_second=self._measure_speed(idle),
            answers=answers,
            failures=tuple(self._failures.values()),
        )

    def _score(self, rests: bool) -> tuple[Score, Score | None, int]:
        iteration = self._session.iteration
        scored = self._scored
        may = self._may_measure and self._scoring.begin(now=rests)
        if scored is None or (may and scored[0] != iteration):
            scored = self._scored = (iteration, *self._measured_scores())
            self._scoring.end()
        scored_iteration, train, test = scored
        return train, test, scored_iteration

    def _measured_scores(self) -> tuple[Score, Score | None]:
        try:
            with self._timed():
                return self._session.score()
        except Interrupted:
            raise
        except Exception as error:  # noqa: BLE001 - the same
            self._failures["score"] = Failure.of(error)
            return Score(math.nan, None), None

    def _measure_speed(self, idle: bool) -> float:
        now = perf_counter()
        since, start = self._clock
        done = self.live.iteration - start
        # At rest, what was made since the last full interval may be one iteration and a pause: only
        # a run that was shorter than the interval has no other measure.
        if done > 0 and (not self._speed_of_this_run if idle else now - since >= SPEED_WINDOW):
            # Over two intervals: one may end just after a grant, with few of its iterations made.
            before, first = self._clock_before
            self._speed = (self.live.iteration - first) / (now - before)
            self._clock_before, self._clock = self._clock, (now, self.live.iteration)
            self._speed_of_this_run = True
        return self._speed


def _memory_of(session: Session) -> object:
    """The key of the measuring memory: another loss or muted unit invalidates it."""
    return session.network.loss.name, session.network.muted
