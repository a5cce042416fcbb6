"""How good a network is on a set of examples, and how much time looking may take."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import perf_counter

import numpy as np

from core.data.examples import Examples
from core.nn.activations import Array
from core.nn.cache import Cache, part_size
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
    """Measures parameters on one set of examples, a part at a time, with caches of its own.

    `between` is called before each part and may raise, to give up what nobody waits for any more.
    """

    def __init__(
        self, network: Network, examples: Examples, kind: str, between: Callable[[], None]
    ) -> None:
        self._network, self._examples, self._kind = network, examples, kind
        self._between = between
        self._part = min(CHUNK, part_size(network.sizes))
        self._caches: dict[int, Cache] = {}

    def score(self, p: Parameters) -> Score:
        """Mean loss and accuracy of the network with parameters `p` over all the examples."""
        m, cost, right = self._examples.m, 0.0, 0
        for part, cache in self._passes(p):
            y = self._examples.Y[:, part]
            cost += self._network.cost(y, cache) * (cache.m / m)
            right += right_answers(cache.A[self._network.L], y, self._kind) or 0
        return Score(cost, None if self._kind == "regression" else right / m)

    def activations(self, p: Parameters, layer: int) -> Array:
        """A[layer] (n[layer], m) over all the examples, in an array of its own."""
        X = self._examples.X
        A = np.empty((self._network.sizes[layer], X.shape[1]), X.dtype)
        for part, cache in self._passes(p):
            A[:, part] = cache.A[layer]
        return A

    def _passes(self, p: Parameters) -> Iterator[tuple[slice, Cache]]:
        X = self._examples.X
        for start in range(0, X.shape[1], self._part):
            self._between()
            part = slice(start, min(start + self._part, X.shape[1]))
            cache = self._cache(part.stop - start)
            self._network.forward(p, X[:, part], cache)
            yield part, cache

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
