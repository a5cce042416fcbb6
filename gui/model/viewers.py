"""The widgets that draw snapshots: they take turns during training, and all draw at rest."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol, TypeVar

from core.look.ask import Ask, Asks
from core.training.messages import Look, Snapshot

T = TypeVar("T")
TURNS = 3  # frames among which they share out their drawing while the run goes on


class Viewer(Protocol):
    """Says, when asked, what the next snapshot must answer; None: it draws none.

    While the run goes on it is asked in every third frame, that of its `turn` 0 to 2, and receives
    only what it asked for; a state at rest is received by all.
    """

    turn: int

    def asks(self) -> Asks | None: ...

    def receive(self, snapshot: Snapshot) -> None: ...


class Viewers:
    """All viewers of one run."""

    def __init__(self) -> None:
        self._all: list[Viewer] = []
        self._asked: list[Viewer] = []  # who wants the snapshot on its way
        self._turn = 0

    def add(self, viewer: Viewer) -> None:
        self._all.append(viewer)

    def look(self, sizes: tuple[int, ...], *, full: bool) -> Look:
        """What the next snapshot must answer to those whose turn it is, or (`full`) to all; what
        does not fit a network of these sizes, because it was chosen before an edit, is left out.
        """
        self._turn = (self._turn + 1) % TURNS
        self._asked = []
        together: dict[Ask[Any], None] = {}
        for viewer in self._all:
            asked = full or viewer.turn == self._turn
            asks = self._guarded(viewer.asks) if asked else None
            if asks is not None:
                together |= dict.fromkeys(ask for ask in asks if ask.fits(sizes))
                self._asked.append(viewer)
        return Look(tuple(together))

    def show(self, snapshot: Snapshot) -> None:
        """Let those draw it who asked for it, or, if the run rests in it, all."""
        for viewer in self._all if snapshot.idle else self._asked:
            self._guarded(partial(viewer.receive, snapshot))

    def _guarded(self, of_viewer: Callable[[], T]) -> T | None:
        """What a viewer answers; an exception of one is reported and keeps none of the others."""
        try:
            return of_viewer()
        except Exception as error:  # noqa: BLE001 - goes where what nobody catches goes
            sys.excepthook(type(error), error, error.__traceback__)
            return None
