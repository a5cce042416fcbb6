"""The gradient check: compares each derivative with a central difference of the cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from core.nn.activations import Array
from core.nn.cache import Cache
from core.nn.dropout import Masks
from core.nn.network import Network
from core.nn.parameters import Parameters

STEPS = (1e-3, 1e-4, 1e-5, 1e-6)  # the largest has the least rounding, the smallest least else
SETTLED = 1e-9  # two steps that agree this well, relatively, need no third
PASSED = 1e-7  # a relative difference below this is rounding, as in the course

Backward = Callable[[Parameters, Array, Cache, Parameters], None]
"""A backward pass with the arguments of `Network.backward`."""


@dataclass(frozen=True, slots=True)
class GradientDifference:
    """The difference of two gradients: `relative` is |num - ana| / (|num| + |ana|), or 0 for 0 / 0.

    `array` is "W" or "b" and `layer` 1..L, or "" and 0 for all parameters together; `checked` of
    its parameters were compared, `skipped` were at a kink. `apart` is |num - ana|, and
    `uncertainty` is the part of it that rounding of the costs explains: a gradient that has almost
    vanished cannot be measured better.
    """

    array: str
    layer: int
    relative: float
    apart: float
    uncertainty: float
    checked: int
    skipped: int

    @property
    def passed(self) -> bool:
        return self.relative < PASSED or self.apart <= self.uncertainty


@dataclass(frozen=True, slots=True)
class GradientCheck:
    """The result so far: one difference for every array W[1], b[1], … b[L], and the overall one."""

    overall: GradientDifference
    arrays: tuple[GradientDifference, ...]
    done: int  # parameters checked, of `total`
    total: int

    @property
    def passed(self) -> bool:
        """Whether the gradient is correct as far as it was checked; False before the end, or if
        nothing could be compared.
        """
        compared = self.done == self.total and self.overall.checked > 0
        return compared and all(difference.passed for difference in self.arrays)


def gradient_check(
    network: Network,
    p: Parameters,
    X: Array,
    Y: Array,
    *,
    at_most: int | None = None,
    rng: np.random.RandomState | None = None,
    every: int = 100,
    backward: Backward | None = None,
    masks: Masks | None = None,
    keep: Mapping[int, float] = MappingProxyType({}),
) -> Iterator[GradientCheck]:
    """Compare the gradient at `p` on X (n[0], m), Y (n[L], m) with central differences, in float64.

    `p` itself is not changed. Yields the result so far after `every` parameters, and finally the
    complete one; to cancel, stop iterating. `at_most` parameters are chosen by `rng`, evenly over
    the arrays W[l], b[l]; None takes all. `backward` is checked instead of the network's own. With
    dropout, the `masks` D[l] of the layers of `keep` stay the same throughout. Regularization and
    clipping, which come after the backward pass, are not included. A parameter is skipped, and
    counted, if moving it carries some z across the kink of a ReLU (or the jump of a step): no
    derivative can be measured there.
    """
    places = _places(p, at_most, rng)
    probe = _Probe(network, p, X, Y)
    probe.hold(masks or {}, keep)
    analytic = probe.gradient(backward or network.backward)
    order = np.concatenate(list(places.values()))
    measured = np.full((2, analytic.size), np.nan)  # slopes, and their uncertainty
    for done, index in enumerate(order.tolist(), start=1):
        measured[:, index] = probe.slope(index)
        if done % every == 0 and done < len(order):
            yield _result(places, measured, analytic, done)
    yield _result(places, measured, analytic, len(order))


class _Probe:
    """Measures the slope of J along single parameters, in separate memory."""

    def __init__(self, network: Network, p: Parameters, X: Array, Y: Array) -> None:
        self._network, self._Y = network, np.asarray(Y, np.float64)
        self._p = Parameters(p.sizes, flat=p.flat.astype(np.float64))
        self._cache = Cache(p.sizes, X.shape[1])
        self._cache.A[0][...] = X

    def hold(self, masks: Masks, keep: Mapping[int, float]) -> None:
        """Fix the masks of dropout, if any, and start from the current parameters."""
        self._cache.drop(keep)
        for l, D in masks.items():
            self._cache.D[l][...] = D
        network = self._network
        J = self._losses().mean()
        self._rounding = 4 * float(np.finfo(np.float64).eps * (1 + J))
        self._sides = {l: self._cache.Z[l] > 0 for l, g in network.activations.items() if g.kinked}

    def gradient(self, backward: Backward) -> Array:
        grad = Parameters(self._p.sizes)
        self._losses()
        backward(self._p, self._Y, self._cache, grad)
        return grad.flat

    def slope(self, index: int) -> tuple[float, float]:
        """The slope of J along flat[index] and its uncertainty; NaN near a kink.

        Of the step sizes tried, the pair that agrees best gives the slope, and its difference the
        uncertainty.
        """
        unit = max(1.0, abs(float(self._p.flat[index])))
        before = slope = np.nan
        error = np.inf
        for h in STEPS:
            now = self._of_fourth_order(index, h * unit)
            if abs(now - before) < error:
                slope, error = before, abs(now - before)
            if error <= SETTLED * abs(slope):
                break
            before = now
        if np.isnan(slope):  # at best the smallest step stays clear of the kink
            slope, error = now, 0.0
        return slope, error + self._rounding / (h * unit)

    def _of_fourth_order(self, index: int, h: float) -> float:
        """From two central differences, so combined that the error shrinks with h to the fourth."""
        return (4 * self._central(index, h / 2) - self._central(index, h)) / 3

    def _central(self, index: int, h: float) -> float:
        flat = self._p.flat
        kept = float(flat[index])
        flat[index] = up = kept + h
        losses, crossed = self._losses(), self._crossed()
        flat[index] = down = kept - h
        losses = losses - self._losses()  # subtracted one by one: sums would hide their ends
        crossed = crossed or self._crossed()
        flat[index] = kept
        return np.nan if crossed else float(losses.mean()) / (up - down)

    def _crossed(self) -> bool:
        return any(((self._cache.Z[l] > 0) != side).any() for l, side in self._sides.items())

    def _losses(self) -> Array:
        self._network.forward(self._p, self._cache.A[0], self._cache)
        return self._network.losses(self._Y, self._cache)


Places = dict[tuple[str, int], NDArray[np.intp]]


def _places(p: Parameters, at_most: int | None, rng: np.random.RandomState | None) -> Places:
    """The entries of the flat vector to compare, for each array; every array gets its share."""
    all_places: Places = {}
    start = 0
    for l, Wb in p.Wb.items():
        block = np.arange(start, start + Wb.size).reshape(Wb.shape)
        all_places["W", l], all_places["b", l] = block[:, :-1].ravel(), block[:, -1]
        start += Wb.size
    if at_most is None or at_most >= p.flat.size:
        return all_places
    rng = np.random.RandomState(0) if rng is None else rng
    shares = _shares([len(places) for places in all_places.values()], at_most)
    return {
        name: np.sort(rng.permutation(places)[:share])
        for (name, places), share in zip(all_places.items(), shares, strict=True)
    }


def _shares(sizes: list[int], total: int) -> list[int]:
    """Deal `total` out one at a time to those who can still take one."""
    shares = [0] * len(sizes)
    while total > 0:
        for i, size in enumerate(sizes):
            if total > 0 and shares[i] < size:
                shares[i] += 1
                total -= 1
    return shares


def _result(places: Places, measured: Array, analytic: Array, done: int) -> GradientCheck:
    arrays, left = [], done
    for (array, layer), chosen in places.items():
        looked_at = chosen[:left]
        left -= len(looked_at)
        arrays.append(_difference(array, layer, measured[:, looked_at], analytic[looked_at]))
    everything = np.concatenate(list(places.values()))
    overall = _difference("", 0, measured[:, everything[:done]], analytic[everything[:done]])
    return GradientCheck(overall, tuple(arrays), done, len(everything))


def _difference(array: str, layer: int, measured: Array, analytic: Array) -> GradientDifference:
    clear = ~np.isnan(measured[0])
    (numeric, errors), analytic = measured[:, clear], analytic[clear]
    apart = float(np.linalg.norm(numeric - analytic))
    size = float(np.linalg.norm(numeric) + np.linalg.norm(analytic))
    return GradientDifference(
        array,
        layer,
        relative=apart / size if size > 0 else 0.0,
        apart=apart,
        uncertainty=float(np.linalg.norm(errors)),
        checked=len(numeric),
        skipped=len(clear) - len(numeric),
    )
