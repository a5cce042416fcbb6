"""Every cost in a range of iterations, recomputed where the run keeps only some."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from core.errors import LayerwiseError
from core.look.ask import Allowance, Ask
from core.nn.activations import Array
from core.training.replay import Replay
from core.training.session import Session

SECONDS, AT_REST = 0.05, 1.0  # seconds of recomputing at once, during training and at rest
MOST = 2**17  # iterations that are recomputed: a wider window has fewer pixels than kept costs
AT_ONCE = 64  # iterations between two looks at the clock


@dataclass(frozen=True, slots=True, eq=False)
class Costs:
    """The training cost before each of these iterations, ascending; read-only.

    `every` says whether it includes every iteration in between.
    """

    iterations: NDArray[np.int64]
    values: Array
    every: bool


@dataclass(frozen=True, slots=True)
class CostWindow(Ask[Costs]):
    """The costs before the iterations from `first` up to `last`, this one not included.

    Of a very long run, which keeps the lowest and the highest of each stretch alone, those between
    are remade bit for bit from the moment kept before them; as far as there is time for it now.
    """

    first: int
    last: int
    share: ClassVar[float | None] = 0.1

    def fits(self, sizes: tuple[int, ...]) -> bool:
        return 0 <= self.first < self.last

    def measure(self, session: Session, allowance: Allowance) -> Costs:
        curve, last = session.live.curves.train, min(self.last, session.live.iteration)
        values, places = curve.values, curve.iterations
        if places is None:
            values = values[self.first : last]
            return _costs(np.arange(self.first, self.first + len(values)), values)
        start, end = np.searchsorted(places, (self.first, last))
        kept = _costs(places[start:end], values[start:end], last - self.first)
        if kept.every or last - self.first > MOST:
            return kept
        try:
            visit = allowance.keep(
                (CostWindow, self.first, last),
                lambda: Replay(session.live, last, since=self.first),
            )
        except LayerwiseError:  # no moment that early is kept
            return kept
        _advance(visit, AT_REST if allowance.rests else SECONDS)
        return _joined(visit.costs_from(self.first), kept, self.first, last)


def _advance(visit: Replay, seconds: float) -> None:
    until = perf_counter() + seconds
    while perf_counter() < until:
        visit.session.between()
        for _ in range(AT_ONCE):
            if visit.there:
                return
            visit.advance()


def _joined(remade: Array, kept: Costs, first: int, last: int) -> Costs:
    """The recomputed costs from `first` on, followed by the kept ones."""
    behind = kept.iterations >= first + len(remade)
    iterations = np.concatenate([np.arange(first, first + len(remade)), kept.iterations[behind]])
    return _costs(iterations, np.concatenate([remade, kept.values[behind]]), last - first)


def _costs(iterations: NDArray[np.int64], values: Array, wanted: int | None = None) -> Costs:
    for array in (iterations, values):
        array.setflags(write=False)
    return Costs(iterations, values, wanted is None or len(values) == wanted)
