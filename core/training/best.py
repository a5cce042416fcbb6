"""Keeps the moment at which a run was best."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from core.training.replay import Replay
from core.training.session import Session
from core.training.timeline import Moment

PATIENCE = 5.0  # seconds of work without a request


class Best:
    """Keeps the best iteration of a stopped run; it is known only afterwards.

    It is recomputed from the moment before it, like every iteration. For networks so large that
    this takes longer than PATIENCE, it is kept once the user has visited it.
    """

    def __init__(self, live: Session) -> None:
        self._live = live
        self._target: int | None = None  # the iteration it is trying to keep
        self._visit: Replay | None = None  # on its way there, unless cancelled
        self._left = 0.0  # seconds it may take yet

    def keep(self, goes_on: Callable[[], bool], seen: Replay | None = None) -> None:
        """Go there while it `goes_on`; the next call continues where this one stopped.

        `seen` is the visited session, if any: it may be the best one.
        """
        past, at = self._live.past, self._live.best
        if past is None or at is None or (past.best is not None and past.best.iteration == at):
            return
        before = past.before(at)
        if before is None:  # it was opened with its curve, or it is too large
            return
        if before.iteration == at:
            self._end(before)
        elif seen is not None and seen.there and seen.target == at:
            self._end(seen.moment())
        else:
            self._go_to(at, goes_on)

    def _go_to(self, at: int, goes_on: Callable[[], bool]) -> None:
        if self._target != at:
            self._target, self._visit, self._left = at, Replay(self._live, at), PATIENCE
        visit, until = self._visit, perf_counter() + self._left
        if visit is None:
            return
        while not visit.there and goes_on() and perf_counter() < until:
            visit.advance()
        self._left = until - perf_counter()
        if visit.there:
            self._end(visit.moment())
        elif self._left <= 0:
            self._visit = None

    def _end(self, moment: Moment) -> None:
        self._visit = None
        if self._live.past is not None:
            self._live.past.keep_best(moment)
