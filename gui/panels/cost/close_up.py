"""Every training cost in the zoomed range, also where the run keeps only some."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.look.costs import MOST, Costs, CostWindow
from core.training.messages import Snapshot

Iterations = NDArray[np.int64]
Values = NDArray[np.floating[Any]]


class CloseUp:
    """The last answer for a range of a run, drawn instead of the costs that the run keeps there."""

    def __init__(self) -> None:
        self._found: Costs | None = None

    def clear(self) -> None:
        """Forget the answer, because another run follows."""
        self._found = None

    @staticmethod
    def window(snapshot: Snapshot, seen: tuple[float, float]) -> CostWindow | None:
        """The ask for the iterations in `seen`; None if every cost is available, or if there are
        more of them than are ever recomputed.
        """
        places = snapshot.cost_iterations
        if places is None:
            return None
        first = max(math.floor(seen[0]) - 1, 0)  # one more at each side: the curve continues
        last = math.ceil(seen[1]) + 2
        there = min(last, snapshot.newest)
        start, end = np.searchsorted(places, (first, there))
        if end - start == there - first or not 0 < there - first <= MOST:
            return None
        return CostWindow(first, last)

    def take(self, found: Costs) -> bool:
        """Store an answer; returns whether it is incomplete but had something new, so that asking
        again helps.
        """
        before, self._found = self._found, found
        return not found.every and (before is None or len(before.values) < len(found.values))

    def over(
        self, values: Values, places: Iterations, seen: tuple[float, float] = (0.0, math.inf)
    ) -> tuple[Values, Iterations]:
        """The costs (k,) and their iterations (k,) in `seen` and around it: the answer, and on both
        sides the kept ones.
        """
        found = self._found
        if found is None or not len(found.values):
            return values, places
        first, last = found.iterations[0], found.iterations[-1]
        start, before, behind, end = np.searchsorted(
            places, (seen[0], first, last + 1, min(seen[1], int(places[-1])))
        )
        start, end = max(int(start) - 1, 0), int(end) + 2
        parts = (
            (values[start:before], places[start:before]),
            (found.values, found.iterations),
            (values[max(behind, start) : end], places[max(behind, start) : end]),
        )
        costs, iterations = zip(*parts, strict=True)
        return np.concatenate(costs), np.concatenate(iterations)
