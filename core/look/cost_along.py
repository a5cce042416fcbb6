"""Measures the cost along one parameter: J for other values of that number alone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from core.by_hand import Place, has_place
from core.look.ask import Allowance, Ask
from core.nn.activations import Array
from core.nn.parameters import Parameters
from core.training.session import Session

POINTS = (9, 61)  # costs along a line: at least, and at most if passes are fast
SECONDS = 0.1  # that they may take together, if not even the fewest take longer


@dataclass(frozen=True, slots=True, eq=False)
class CostLine:
    """The training cost J, regularization included, for some values of one parameter.

    `costs[i]` is the cost at `values[i]`, which are evenly spaced; both read-only. A cost may be
    infinite or NaN.
    """

    values: Array
    costs: Array


@dataclass(frozen=True, slots=True)
class CostAlong(Ask[CostLine]):
    """The cost while one parameter varies from `low` to `high` and all others are fixed."""

    place: Place
    low: float
    high: float

    def fits(self, sizes: tuple[int, ...]) -> bool:
        return has_place(sizes, self.place) and math.isfinite(self.high - self.low)

    def measure(self, session: Session, allowance: Allowance) -> CostLine:
        p, (l, row, column) = session.p, self.place
        moved = Parameters(p.sizes, flat=p.flat.copy())

        def cost() -> float:
            return session.measures.train(moved, session.project.training).cost

        started = perf_counter()
        cost()
        once = perf_counter() - started
        count = int(min(max(SECONDS / max(once, 1e-9), POINTS[0]), POINTS[1]))
        values = np.linspace(self.low, self.high, count)
        costs = np.empty(count)
        for i, value in enumerate(values):
            moved.Wb[l][row, column] = value
            costs[i] = cost()
        values.setflags(write=False)
        costs.setflags(write=False)
        return CostLine(values, costs)
