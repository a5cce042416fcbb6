"""Evaluates a network on a set of examples: cost, accuracy, predictions and slopes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property

import numpy as np

from core.data.datasets import DataKind
from core.data.examples import Examples
from core.nn.activations import Array, Scratch
from core.nn.cache import SMALLEST_PART, Cache, part_size
from core.nn.network import Network
from core.nn.parameters import Parameters
from core.training.outcomes import Answers, Score
from core.training.results import right as right_answers
from core.training.results import squared_distance, variation

CHUNK = 8192  # examples per pass, so that a large set needs no cache of its own size
NUMBERS = 2**20  # of these examples


class Evaluator:
    """Measures parameters on one set of examples, in parts and with separate caches.

    `between` is called before each part and may raise to cancel.
    """

    def __init__(
        self, network: Network, examples: Examples, kind: DataKind, between: Callable[[], None]
    ) -> None:
        self._network, self._examples, self._kind = network, examples, kind
        self._between = between
        room = max(SMALLEST_PART, NUMBERS // network.sizes[0])
        self._part = min(CHUNK, part_size(network.sizes), room)
        self._caches: dict[int, Cache] = {}

    def score(self, p: Parameters) -> Score:
        """Mean loss, and accuracy or R², of the network with `p` over all the examples."""
        m, cost, right, left = self._examples.m, 0.0, 0, 0.0
        for part, cache in self._passes(p):
            y = self._examples.Y[:, part]
            cost += self._network.cost(y, cache) * (cache.m / m)
            answers = right_answers(cache.A[self._network.L], y, self._kind)
            if answers is None:
                left += squared_distance(cache.A[self._network.L], y)
            else:
                right += int(np.count_nonzero(answers))
        if self._kind == "regression":
            return Score(cost, None, 1.0 - left / self._variation)
        return Score(cost, right / m)

    @cached_property
    def _variation(self) -> float:
        return variation(self._examples.Y)

    def answers(self, p: Parameters) -> Answers:
        """A[L] and the loss of every example, read-only."""
        network, (X, Y) = self._network, (self._examples.X, self._examples.Y)
        A, losses = np.empty(Y.shape, X.dtype), np.empty(X.shape[1], X.dtype)
        for part, cache in self._passes(p):
            A[:, part] = cache.A[network.L]
            losses[part] = network.losses(Y[:, part], cache)
        for array in (A, losses):
            array.setflags(write=False)
        return Answers(A, losses)

    def gradient(self, p: Parameters) -> Array:
        """dJ/dp (flat) of the mean loss over all the examples."""
        network, Y = self._network, self._examples.Y
        part, whole = (Parameters(network.sizes, p.flat.dtype) for _ in range(2))
        whole.flat[...] = 0.0
        for columns, cache in self._passes(p):
            network.backward(p, Y[:, columns], cache, part)
            whole.flat += part.flat * (cache.m / self._examples.m)
        return whole.flat

    def flat(self, p: Parameters) -> dict[int, Array]:
        """The share of the examples for which each unit of a layer, (n[l],), has a slope of
        (nearly) 0; for the layers whose activation has such values.
        """
        layers = self._network.activations.items()
        found = {l: np.zeros(self._network.sizes[l]) for l, g in layers if g.saturated}
        for _, cache in self._passes(p):
            for l, g in layers:
                if g.saturated:
                    found[l] += np.count_nonzero(g.saturated(cache.A[l]), axis=1)
        return {l: counted / self._examples.m for l, counted in found.items()}

    def slopes(self, p: Parameters) -> dict[int, float]:
        """The mean of g'(z) over the units of each layer and the examples; for a layer that is not
        elementwise, the slope of each output in its own z.
        """
        layers = self._network.activations.items()
        found = dict.fromkeys(self._network.activations, 0.0)
        for _, cache in self._passes(p):
            for l, g in layers:
                A, dZ = cache.A[l], np.empty_like(cache.A[l])
                if not g.elementwise:
                    np.multiply(A, 1.0 - A, dZ)
                else:
                    scratch = Scratch(A.shape[0], A.shape[1], A.dtype)
                    g.backward(cache.Z[l], A, np.ones_like(A), dZ, scratch)
                found[l] += float(dZ.mean(dtype=np.float64)) * (cache.m / self._examples.m)
        return found

    def activations(self, p: Parameters, layer: int) -> Array:
        """A[layer] (n[layer], m) over all the examples, in a new array."""
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
