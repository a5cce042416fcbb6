"""The training loop and its two openings: one queue in, one slot out. No Qt, no locks."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from typing import Generic, TypeVar

import numpy as np

from core.training.messages import Hold, Load, Look, Message, Retune, Run, Snapshot, Stop
from core.training.session import Session
from core.training.watcher import Watcher

T = TypeVar("T")


class Latest(Generic[T]):
    """A slot for the newest value: `put` replaces an unread one. Neither call waits."""

    def __init__(self) -> None:
        self._slot: deque[T] = deque(maxlen=1)  # append and popleft are atomic

    def put(self, value: T) -> None:
        self._slot.append(value)

    def take(self) -> T | None:
        try:
            return self._slot.popleft()
        except IndexError:
            return None


class Interrupted(Exception):  # noqa: N818 - what happened, no error of anybody's
    """Nobody waits any more for what is being computed."""


class Inbox:
    """The queue of messages, which can also be asked whether one in it ends the run."""

    def __init__(self, queue: SimpleQueue[Message]) -> None:
        self._queue = queue
        self._seen: deque[Message] = deque()

    def empty(self) -> bool:
        return not self._seen and self._queue.empty()

    def get(self) -> Message:
        """The next message that is more than a Hold; waits for it."""
        while True:
            message = self._seen.popleft() if self._seen else self._queue.get()
            if not isinstance(message, Hold):
                return message

    @contextmanager
    def again(self, message: Message) -> Iterator[None]:
        """What is interrupted inside of this begins again after the messages that are waiting."""
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


def train(inbox: SimpleQueue[Message], outbox: Latest[Snapshot]) -> None:
    """Obey `inbox` and train in between, until told to stop; the first message is a Load.

    Blocks on the inbox when there is nothing to train, so that an idle run costs nothing. Messages
    are read between the parts of a long iteration. A long measurement is given up for a Stop and
    for another Load, after which what was asked for is measured of the new run. An exception ends
    the loop: whoever started it tells the user.
    """
    # A diverging run is caught by its numbers, and e^-z of a saturated unit may overflow.
    with np.errstate(all="ignore"):
        _obey(Inbox(inbox), outbox)


def _obey(inbox: Inbox, outbox: Latest[Snapshot]) -> None:
    watcher: Watcher | None = None
    session: Session | None = None
    asked: float = 0  # iterations of the last Run
    until: float = 0  # the iteration to train up to
    while True:
        if session is not None:
            until = _advance(session, until, inbox)
        match inbox.get():
            case Load() as load:
                session, until = _load(load, session, inbox), 0
                watcher = Watcher(session)
            case Stop():
                return
            case message if session is None or watcher is None:
                raise ValueError(f"{message} before the first Load")
            case Retune(project):
                session.retune(project)
                watcher.forget_scores()
                running = session.iteration < until
                until = session.iteration + session.allow(asked) if running else 0
            case Run(iterations):
                asked, until = iterations, session.iteration + session.allow(iterations)
                if iterations > 0:
                    watcher.start_clock()
            case Look() as look:
                with inbox.again(look):
                    outbox.put(watcher.snapshot(look, idle=session.iteration >= until))


def _advance(session: Session, until: float, inbox: Inbox) -> float:
    """Train up to iteration `until` or the next message; 0 if it is not to go on after that."""
    try:
        while session.iteration < until and inbox.empty():
            if not session.advance():
                return 0
    except Interrupted:  # while the test cost was measured: nothing has been changed
        return 0
    return until


def _load(load: Load, before: Session | None, inbox: Inbox) -> Session:
    session = Session(
        load.project,
        weights=load.weights,
        run=load.run,
        between=inbox.raise_if_over,
        own=load.own,
        state=load.state,
    )
    diverged = before is not None and before.halt is not None and before.halt.diverged
    if load.keep and before is not None and before.iteration > 0 and not diverged:
        session.carry_over_from(before)
    return session
