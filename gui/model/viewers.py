"""The widgets that draw snapshots: they take turns during training, and all draw at rest."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol, TypeVar

from core.look.ask import Ask, Asks
from core.training.messages import Look, Snapshot

T = TypeVar("T")
TURNS = 3  # frames over which their drawing is spread during training


class Viewer(Protocol):
    """Says what the next snapshot must answer; None: it draws nothing.

    During training it is asked in every third frame, by its `turn` 0 to 2, and receives only what
    it asked for; a state at rest is received by all.
    """

    turn: int

    def asks(self) -> Asks | None: ...

    def receive(self, snapshot: Snapshot) -> None: ...


class Viewers:
    """All viewers of one run."""

    def __init__(self) -> None:
        self._all: list[Viewer] = []
        self._asked: list[Viewer] = []  # the viewers that get the next snapshot
        self._turn = 0

    def add(self, viewer: Viewer) -> None:
        self._all.append(viewer)

    def look(self, sizes: tuple[int, ...], *, full: bool) -> Look:
        """The asks of the viewers whose turn it is, or (`full`) of all. Asks that do not fit a
        network of these sizes, because they were made before an edit, are left out.
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
        """Draw it in the viewers that asked for it or, if the run rests, in all."""
        for viewer in self._all if snapshot.idle else self._asked:
            self._guarded(partial(viewer.receive, snapshot))

    def _guarded(self, of_viewer: Callable[[], T]) -> T | None:
        """The look of a viewer; an exception is reported and does not affect the others."""
        try:
            return of_viewer()
        except Exception as error:  # noqa: BLE001 - handled like an uncaught exception
            sys.excepthook(type(error), error, error.__traceback__)
            return None
