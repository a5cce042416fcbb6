"""How good a network is on a set of examples, and how much time looking may take."""

from __future__ import annotations

from time import perf_counter

import numpy as np

from core.data.examples import Examples
from core.nn.activations import Array
from core.nn.cache import Cache
from core.nn.network import Network
from core.nn.parameters import Parameters
from core.training.messages import Score

CHUNK = 8192  # examples a pass at most, so that a large set needs no cache of its own size


def right_answers(A: Array, Y: Array, kind: str) -> int | None:
    """How many of the columns of A (n[L], m) give the label: above 0.5 for binary labels, the
    largest output for classes; None for regression, where no answer is simply right.
    """
    if kind == "regression":
        return None
    if kind == "classes":
        return int(np.count_nonzero(A.argmax(axis=0) == Y.argmax(axis=0)))
    return int(np.count_nonzero(((A > 0.5) == (Y > 0.5)).all(axis=0)))


class Evaluator:
    """Scores parameters on one set of examples, with caches of its own."""

    def __init__(self, network: Network, examples: Examples, kind: str) -> None:
        self._network, self._examples, self._kind = network, examples, kind
        self._caches: dict[int, Cache] = {}

    def score(self, p: Parameters) -> Score:
        """Mean loss and accuracy of the network with parameters `p` over all the examples."""
        X, Y = self._examples.X, self._examples.Y
        m, cost, right = self._examples.m, 0.0, 0
        for start in range(0, m, CHUNK):
            part = slice(start, start + CHUNK)
            y = Y[:, part]
            cache = self._cache(y.shape[1])
            A = self._network.forward(p, X[:, part], cache)
            cost += self._network.cost(y, cache) * (cache.m / m)
            right += right_answers(A, y, self._kind) or 0
        return Score(cost, None if self._kind == "regression" else right / m)

    def _cache(self, m: int) -> Cache:
        if m not in self._caches:
            self._caches[m] = Cache(self._network.sizes, m, self._examples.X.dtype)
        return self._caches[m]


class Ration:
    """Lets work that only shows things take at most `share` of the time."""

    def __init__(self, share: float) -> None:
        self._share = share
        self._next = 0.0
        self._started = 0.0

    def begin(self, *, now: bool) -> bool:
        """Whether the work may be done; `now` insists. Every True is to be followed by `end`."""
        self._started = perf_counter()
        return now or self._started >= self._next

    def end(self) -> None:
        ended = perf_counter()
        self._next = ended + (ended - self._started) * (1.0 / self._share - 1.0)
