"""The cost along one parameter: what J would be if that number alone were another."""

from __future__ import annotations

from time import perf_counter

import numpy as np

from core.nn.parameters import Parameters
from core.nn.regularization import regularization
from core.training.messages import CostLine, Line
from core.training.metrics import Evaluator
from core.training.session import Session

POINTS = (9, 61)  # costs along a line: at least, and where the passes are quick
SECONDS = 0.1  # that they may take together, if not even the fewest take longer


class Along:
    """Measures costs along lines, with memory of its own: the run stays as it is."""

    def __init__(self, session: Session) -> None:
        split, self._training = session.split, session.project.training
        self._m = split.train.m
        self._train = Evaluator(session.network, split.train, split.kind, session.between)

    def measure(self, p: Parameters, line: Line) -> CostLine:
        """The costs along a line through `p`, of which there is such a parameter."""
        moved = Parameters(p.sizes, flat=p.flat.copy())
        l, row, column = line.place
        started = perf_counter()
        self._cost(moved)
        once = perf_counter() - started
        count = int(min(max(SECONDS / max(once, 1e-9), POINTS[0]), POINTS[1]))
        values = np.linspace(line.low, line.high, count)
        costs = np.empty(count)
        for i, value in enumerate(values):
            moved.Wb[l][row, column] = value
            costs[i] = self._cost(moved)
        values.setflags(write=False)
        costs.setflags(write=False)
        return CostLine(line, values, costs)

    def _cost(self, p: Parameters) -> float:
        training = self._training
        penalty = regularization(p, training.l1, training.l2, self._m)
        return self._train.score(p).cost + (0.0 if penalty is None else penalty.cost(p))
