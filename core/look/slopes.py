"""Measures the slope of each layer's activation at its units: shows saturation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.look.ask import Allowance, Ask
from core.nn.activations import ACTIVATIONS, Activation, Array, Scratch
from core.nn.cache import Cache
from core.training.session import Session

BINS = 20
EXAMPLES, VALUES = 1000, 2**21  # training examples that are used, and numbers of their pass
REACH = 10.0  # of z, within which every activation is steepest somewhere
FLAT = 0.1  # of the steepest slope: below it, almost none of a gradient gets through


@dataclass(frozen=True, slots=True, eq=False)
class LayerSlopes:
    """The slopes g'(z) of one layer's units over examples: their `mean`, and `counts` (BINS,) of
    them between `low` and `high`, the ends of all layers' slopes. `flat` is the share that is at
    most FLAT of the steepest slope that the activation has anywhere.
    """

    low: float
    high: float
    counts: NDArray[np.int64]
    mean: float
    flat: float


@dataclass(frozen=True, slots=True)
class Slopes(Ask[tuple[LayerSlopes, ...]]):
    """The slopes of layers 1..L over some of the training examples; for softmax the slope of each
    output in its own z. A gradient is multiplied by them on its way back, layer after layer.
    """

    def measure(self, session: Session, allowance: Allowance) -> tuple[LayerSlopes, ...]:
        network, X = session.network, session.split.train.X
        most = max(1, min(EXAMPLES, VALUES // sum(network.sizes)))
        some = X[:, :: -(-X.shape[1] // most)]
        cache = allowance.keep(Slopes, lambda: Cache(network.sizes, some.shape[1], X.dtype))
        network.forward(session.p, some, cache)
        layers = network.activations.items()
        slopes = [_known(_slopes(g, cache.Z[l], cache.A[l])) for l, g in layers]
        steeps = [steepest(g) for _, g in layers]
        low = min(float(values.min(initial=0.0)) for values in slopes)
        high = max(*steeps, *(float(values.max(initial=low)) for values in slopes))
        ends = low, high if high > low else low + 1.0
        return tuple(_layer(values, g, ends) for values, g in zip(slopes, steeps, strict=True))


def steepest(g: Activation) -> float:
    """The largest slope that g has anywhere, muted units or not."""
    g = ACTIVATIONS[g.name]  # the layer's own may be wrapped for muted units
    if not g.elementwise:
        return 0.25  # a (1 - a) where a = 1/2
    Z = np.linspace(-REACH, REACH, 2001)[np.newaxis]
    A = np.empty_like(Z)
    g.forward(Z, A, Scratch(1, Z.shape[1], Z.dtype))
    return float(_slopes(g, Z, A).max())


def _slopes(g: Activation, Z: Array, A: Array) -> Array:
    """g'(Z) (n, m): the backward function applied to a dA of ones."""
    slopes = np.empty_like(A)
    if g.elementwise:
        g.backward(Z, A, np.ones_like(A), slopes, Scratch(A.shape[0], A.shape[1], A.dtype))
    else:
        np.multiply(A, 1.0 - A, slopes)
    return slopes


def _known(slopes: Array) -> Array:
    known: Array = slopes[np.isfinite(slopes)].astype(np.float64)
    return known


def _layer(slopes: Array, most: float, ends: tuple[float, float]) -> LayerSlopes:
    counts, _ = np.histogram(slopes, BINS, ends)
    counts.setflags(write=False)
    mean = float(slopes.mean()) if slopes.size else np.nan
    flat = float((np.abs(slopes) <= FLAT * most).mean()) if slopes.size else np.nan
    return LayerSlopes(*ends, counts, mean, flat)
