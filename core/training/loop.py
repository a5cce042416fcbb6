"""The training loop and its two openings: one queue in, one slot out. No Qt, no locks."""

from __future__ import annotations

from collections import deque
from queue import SimpleQueue
from typing import Generic, TypeVar

import numpy as np

from core.training.messages import Load, Look, Message, Retune, Run, Snapshot, Stop
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


def train(inbox: SimpleQueue[Message], outbox: Latest[Snapshot]) -> None:
    """Obey `inbox` and train in between, until told to stop; the first message is a Load.

    Blocks on the inbox when there is nothing to train, so that an idle run costs nothing. An
    exception ends the loop: whoever started it tells the user.
    """
    # A diverging run is caught by its numbers, and e^-z of a saturated unit may overflow.
    with np.errstate(all="ignore"):
        _obey(inbox, outbox)


def _obey(inbox: SimpleQueue[Message], outbox: Latest[Snapshot]) -> None:
    watcher: Watcher | None = None
    session: Session | None = None
    asked: float = 0  # iterations of the last Run
    remaining: float = 0
    while True:
        if session is not None and remaining > 0 and inbox.empty():
            remaining = remaining - 1 if session.step() else 0
            continue
        match inbox.get():
            case Load() as load:
                session, remaining = _load(load, session), 0
                watcher = Watcher(session)
            case Stop():
                return
            case message if session is None or watcher is None:
                raise ValueError(f"{message} before the first Load")
            case Retune(project):
                session.retune(project)
                watcher.forget_scores()
                remaining = session.allow(asked) if remaining > 0 else 0
            case Run(iterations):
                asked, remaining = iterations, session.allow(iterations)
                watcher.start_clock()
            case Look() as look:
                outbox.put(watcher.snapshot(look, idle=remaining <= 0))


def _load(load: Load, before: Session | None) -> Session:
    session = Session(load.project, weights=load.weights, run=load.run)
    if load.keep and before is not None and before.iteration > 0:
        session.carry_over_from(before)
    return session
