"""The training loop: one message queue in, one snapshot slot out. No Qt, no locks."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from queue import SimpleQueue
from time import perf_counter
from typing import Generic, TypeVar

import numpy as np

from core.errors import Interrupted, LayerwiseError
from core.look.frames import Frame
from core.look.rations import Budget
from core.look.state import State
from core.look.watcher import Watcher
from core.runs import EndedRun
from core.training.best import Best
from core.training.ended_run import Before, Scores, before_change, ended, rescued
from core.training.messages import (
    Adjust,
    Branch,
    Grant,
    Hold,
    Load,
    Look,
    Message,
    Remake,
    Retune,
    Run,
    Snapshot,
    Stop,
    Visit,
)
from core.training.parking import ParkedRun, Parking
from core.training.remaking import Remaking, lacks
from core.training.replay import Replay
from core.training.session import Session
from core.training.timeline import Timeline

T = TypeVar("T")
CREDIT, SHARE = 0.02, 0.12  # seconds at once, and the share of the time, for snapshots without
# their measurements, which have their own in core/look/watcher.py
SOON = 0.01  # seconds of a visit before its progress is shown
LONGEST = 0.25  # seconds to wait at most, however long the last one took
REMEMBERED = 16  # ended runs for the viewers: more do not end between two frames


class Latest(Generic[T]):
    """A slot for the newest value: `put` replaces an unread one. Neither call waits."""

    def __init__(self) -> None:
        self._slot: deque[T] = deque(maxlen=1)  # append and popleft are atomic

    def put(self, value: T) -> None:
        self._slot.append(value)

    @property
    def filled(self) -> bool:
        """Whether there is a value to take."""
        return bool(self._slot)

    def take(self) -> T | None:
        """The newest value not taken yet, if any."""
        try:
            return self._slot.popleft()
        except IndexError:
            return None


class Inbox:
    """The queue of messages, which can also tell whether one of them ends the run."""

    def __init__(self, queue: SimpleQueue[Message]) -> None:
        self._queue = queue
        self._seen: deque[Message] = deque()
        self._later: tuple[Look, float] | None = None

    def empty(self) -> bool:
        """Whether no message waits."""
        if self._seen or not self._queue.empty():
            return False
        return self._later is None or perf_counter() < self._later[1]

    def get(self) -> Message:
        """The next message that is more than a Hold; waits for it."""
        while True:
            if self._later is not None and not self._seen and self._queue.empty():
                (look, _), self._later = self._later, None
                return look
            message = self._seen.popleft() if self._seen else self._queue.get()
            if not isinstance(message, Hold) and not self._followed(message):
                return message

    def _followed(self, message: Message) -> bool:
        """Whether it is a Visit, and the next message already asks to see something else."""
        if isinstance(message, Visit) and not self._seen and not self._queue.empty():
            self._seen.append(self._queue.get())
        return isinstance(message, Visit) and bool(self._seen) and isinstance(self._seen[0], Visit)

    def defer(self, look: Look, until: float) -> None:
        """Handle this again at that perf_counter, or when there is nothing else to do."""
        self._later = look, until

    @contextmanager
    def again(self, message: Message) -> Iterator[None]:
        """An interrupted action inside of this starts again after the waiting messages."""
        try:
            yield
        except Interrupted:
            self._seen.append(message)

    def raise_if_over(self) -> None:
        """Raise Interrupted if a Stop or another Load is waiting."""
        while not self._queue.empty():
            self._seen.append(self._queue.get())
        if any(isinstance(message, Stop | Load) for message in self._seen):
            raise Interrupted


def train(
    inbox: SimpleQueue[Message],
    outbox: Latest[Snapshot],
    keep: Callable[[tuple[EndedRun, ...]], object] = lambda runs: None,
) -> None:
    """Obey `inbox` and train in between, until told to stop; the first message is a Load.

    Blocks on the inbox when there is nothing to train, so that an idle run costs nothing. Messages
    are read between the parts of a long iteration. A Stop or another Load interrupts a long
    measurement; after a Load, the new run is measured instead. An exception ends the loop, after
    `keep` was given the last ended runs, including the current one; the caller tells the user.
    """
    # A diverging run is caught by its numbers, and e^-z of a saturated unit may overflow.
    with np.errstate(all="ignore"):
        _obey(Inbox(inbox), outbox, keep)


def _obey(
    inbox: Inbox,
    outbox: Latest[Snapshot],
    keep: Callable[[tuple[EndedRun, ...]], object],
) -> None:
    message = inbox.get()
    if isinstance(message, Stop):
        return
    if not isinstance(message, Load):
        raise ValueError(f"{message} before the first Load")
    loop = _Loop(inbox, outbox, message)
    try:
        while not isinstance(message := loop.next(), Stop):
            loop.obey(message)
    except Exception:  # whatever the error, the run's result is kept before the error is raised
        keep(loop.last_runs())
        raise


@dataclass(slots=True)
class _Goal:
    """The iteration up to which to train, with the number of iterations `asked` for; and the limit
    of the current Grant.
    """

    asked: float = 0
    until: float = 0
    granted: float = math.inf

    @classmethod
    def of(cls, session: Session, asked: float, at_once: float) -> _Goal:
        now = session.iteration
        return cls(asked, now + session.allow(asked), now + at_once)


class _Loop:
    """The state of the loop: the current run, its goal, and its viewers."""

    def __init__(self, inbox: Inbox, outbox: Latest[Snapshot], load: Load) -> None:
        self._inbox, self._outbox = inbox, outbox
        self._ended: deque[EndedRun] = deque(maxlen=REMEMBERED)
        self._leaving: deque[tuple[Session, Scores | None, Before | None]] = deque()
        self._parking = Parking()
        self._showing = Budget(CREDIT, SHARE, debt=LONGEST * SHARE)
        self._take(self._made(load))

    def _take(self, session: Session, frames: Iterable[Frame] = ()) -> None:
        """Make this the current run; `frames` belong to the run it continues."""
        self._session, self._watcher = session, Watcher(session, frames)
        self._before: Before | None = None  # its settings were changed
        self._goal = _Goal()
        self._visited: Replay | None = None
        self._remaking: Remaking | None = None
        self._not_remade = ""
        self._best, self._soon = Best(session), 0.0

    def next(self) -> Message:
        """The next message; trains until there is one."""
        try:
            if self._visited is not None:
                self._seek(self._visited)
            else:
                self._train()
            if self._resting:
                self._watcher.aside(self._keep_best)
                self._remake()
        except Interrupted:  # while the test cost was measured: nothing has been changed
            self._goal.until = 0
        return self._inbox.get()

    def _keep_best(self) -> None:
        self._best.keep(self._inbox.empty, self._visited)

    def _remake(self) -> None:
        """Restore the past of the run while no message waits."""
        remaking = self._remaking
        if remaking is None:
            return
        try:
            while not remaking.there and self._inbox.empty():
                remaking.advance()
        except LayerwiseError as error:
            self._remaking, self._not_remade = None, str(error)
            return
        if remaking.there:
            remaking.hand_over(self._session)
            self._remaking = None

    def _begin_remaking(self, wanted: bool) -> None:
        self._remaking, self._not_remade = None, ""
        if wanted and lacks(self._session):
            try:
                self._remaking = Remaking(self._session)
            except LayerwiseError as error:
                self._not_remade = str(error)

    def _train(self) -> None:
        until = min(self._goal.until, self._goal.granted)
        due = self._watcher.recorder.due
        while self._session.iteration < until and self._inbox.empty():
            if self._session.iteration >= due:
                due = self._watcher.record()
            if not self._session.advance():
                self._goal.until = until = 0
                self._watcher.forget()  # it may have returned to its best parameters

    def _seek(self, visited: Replay) -> None:
        """Train up to the iteration; viewers wait a moment, which is enough for most visits."""
        while not visited.there and (self._inbox.empty() or perf_counter() < self._soon):
            visited.advance()

    def obey(self, message: Message) -> None:
        self._leave_the_past(message)
        match message:
            case Load() as load:
                self._load(load)
            case Adjust() | Retune():
                self._change(message)
            case Run(iterations, at_once):
                self._goal = _Goal.of(self._session, iterations, at_once)
                if iterations > 0:
                    self._watcher.start_clock()
            case Grant(iterations):
                self._goal.granted = self._session.iteration + iterations
            case Visit(iteration, exact):
                self._visit(iteration, exact)
            case Branch(run):
                with self._inbox.again(message):
                    self._branch(run)
            case Remake(wanted):
                self._begin_remaking(wanted)
            case Look() as look:
                with self._inbox.again(look):
                    self._show(look)

    def _leave_the_past(self, message: Message) -> None:
        """End the visit, because the run changes or continues."""
        stays = isinstance(message, Look | Branch | Remake) or message == Run(0)
        if self._visited is not None and not stays:
            self._visited = None
            self._watcher.show(self._session)

    def _show(self, look: Look) -> None:
        idle, waiting = self._resting, self._waiting
        saved = any(isinstance(ask, State) for ask in look.asks)
        flying = not (idle or waiting or saved or self._visited)
        if flying and not self._showing.left:
            self._inbox.defer(look, self._showing.due)
            return
        self._record_ended_runs()
        started = perf_counter()
        seen = self._watcher.snapshot(look, idle=idle, waiting=waiting)
        if flying:
            self._showing.spend(perf_counter() - started - self._watcher.measured)
        share = None if self._remaking is None else self._remaking.share
        ended = tuple(self._ended)
        self._outbox.put(replace(seen, remade=share, not_remade=self._not_remade, ended=ended))

    @property
    def _resting(self) -> bool:
        if self._visited is not None:
            return self._visited.there and self._visited.exact
        return self._session.iteration >= self._goal.until

    @property
    def _waiting(self) -> bool:
        return not self._resting and self._session.iteration >= self._goal.granted

    def _made(self, load: Load, before: Session | None = None) -> Session:
        session = Session(
            load.project,
            weights=load.weights,
            run=load.run,
            between=self._inbox.raise_if_over,
            own=load.own,
            state=load.state,
            past=Timeline(),
        )
        diverged = before is not None and before.halt is not None and before.halt.diverged
        if before is not None and not diverged:
            if load.onward and before.network.sizes == session.network.sizes:
                session.continue_from(before)
            elif load.keep and (load.by_hand is not None or not before.as_drawn):
                session.carry_over_from(before)
        if load.by_hand is not None:
            session.adjust(load.by_hand)
        return session

    def _leave(self) -> None:
        """Replace the current run, which is kept: now or, if the next Load is waiting already, at
        the next look.
        """
        self._leaving.append((self._session, self._watcher.scores, self._before))
        with suppress(Interrupted):
            self._record_ended_runs()

    def _record_ended_runs(self) -> None:
        """Record the results of the replaced runs; may be Interrupted."""
        while self._leaving:
            run = ended(*self._leaving[0])
            self._leaving.popleft()
            if run is not None:
                self._ended.append(run)

    def last_runs(self) -> tuple[EndedRun, ...]:
        """The last ended runs, with the current one, which an error ends."""
        self._leaving.append((self._session, None, self._before))
        for session, scores, before in self._leaving:
            try:
                run = ended(session, scores, before)
            except Exception:  # noqa: BLE001 - the error that ended the run may occur here too
                run = rescued(session)
            if run is not None:
                self._ended.append(run)
        return tuple(self._ended)

    def _frames(self, of: Session) -> list[Frame]:
        """The frames recorded before the iteration at which a session continues."""
        frames = self._watcher.recorder.frames(now=False)
        return [frame for frame in frames if frame.iteration < of.iteration]

    def _load(self, load: Load) -> None:
        if not load.onward:
            self._leave()
        parked = self._park(load)
        if parked is not None:
            made = parked.session(load.run, load.own, self._inbox.raise_if_over)
            self._take(made, parked.frames)
            return
        made = self._made(load, self._session)
        self._take(made, self._frames(made) if load.onward else ())

    def _park(self, load: Load) -> ParkedRun | None:
        """Park the run that is left, unless it continues; return the one to restore."""
        if load.left is None:
            self._parking.clear()
            return None
        found = None if load.back is None else self._parking.take(load.back, load.project)
        if not load.onward:
            self._parking.park(load.left, self._session, self._frames(self._session))
        return found

    def _change(self, message: Adjust | Retune) -> None:
        session, running = self._session, not self._resting
        if isinstance(message, Adjust):
            session.adjust(message.numbers)
            self._watcher.forget()
            self._before = None
            return
        self._before = before_change(session, self._before)
        session.retune(message.project)
        self._watcher.forget()
        goal = self._goal
        more = session.allow(goal.asked, goes_on=True) if running else 0
        goal.until = session.iteration + more

    def _visit(self, iteration: int | None, exact: bool) -> None:
        self._goal = _Goal()
        if iteration is not None and iteration < self._session.iteration:
            self._visited = Replay(self._session, iteration, exact=exact)
            self._soon = perf_counter() + SOON
            self._watcher.show(self._visited.session)

    def _branch(self, run: int) -> None:
        if self._visited is None:
            self._session.run = run  # the same run from its current iteration, with another number
        else:
            while not self._visited.there:
                self._visited.advance()
            branch = self._visited.branch(self._session, run)
            self._leave()
            self._take(branch, self._frames(branch))
