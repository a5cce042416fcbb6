"""Limits how much of the time measuring a run may take."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter


class Ration:
    """Lets work that only shows things take at most `share` of the time, `apart` seconds apart."""

    def __init__(self, share: float, apart: float = 0.0) -> None:
        self._share, self._apart = share, apart
        self._next = 0.0
        self._started = 0.0

    def begin(self, *, now: bool) -> bool:
        """Whether the work may be done; `now` forces it. Every True must be followed by `end`."""
        self._started = perf_counter()
        return now or self._started >= self._next

    def end(self) -> None:
        ended = perf_counter()
        pause = (ended - self._started) * (1.0 / self._share - 1.0)
        self._next = max(ended + pause, self._started + self._apart)


class Budget:
    """Lets background work take `share` of the time; at most `credit` seconds are saved up, and at
    most `debt` are owed.
    """

    def __init__(self, credit: float, share: float, debt: float = math.inf) -> None:
        self._credit, self._share, self._debt = credit, share, debt
        self._saved, self._at = credit, perf_counter()

    @property
    def left(self) -> bool:
        """Whether some may be done now."""
        now = perf_counter()
        self._saved = min(self._credit, self._saved + self._share * (now - self._at))
        self._at = now
        return self._saved > 0

    @property
    def due(self) -> float:
        """The perf_counter from which on some is left."""
        return self._at if self.left else self._at - self._saved / self._share

    def spend(self, seconds: float) -> None:
        """Count so much time as spent."""
        self._saved = max(self._saved - seconds, -self._debt)

    @contextmanager
    def spent(self) -> Iterator[None]:
        """Count the time spent inside of this."""
        started = perf_counter()
        try:
            yield
        finally:
            self.spend(perf_counter() - started)
