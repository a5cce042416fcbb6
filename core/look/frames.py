"""Measures the distributions of a network at one iteration, layer by layer."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.nn.activations import Array

HALF = 64  # bins on either side of 0
LEAST = -60  # the smallest exponent of a bin's width: smaller numbers are in the first bins
MOST_VALUES = 2**18  # numbers counted per layer: of more, every k-th is

Counts = NDArray[np.uint32]


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """Counts (2 · HALF,) of the values v whose floor(v / 2^exponent) is -HALF … HALF - 1.

    The exponent is the smallest with which all values fit, so that nothing is clipped. Widths are
    powers of two, so counts of narrow bins add up to those of wide ones and none is ever split.
    """

    exponent: int
    counts: Counts

    def at(self, exponent: int) -> Counts:
        """The counts in bins of this width, which must not be narrower than its own."""
        shift = min(exponent - self.exponent, 2 * HALF.bit_length())
        if shift <= 0:
            return self.counts
        bins = (np.arange(-HALF, HALF) >> shift) + HALF
        return np.bincount(bins, self.counts, 2 * HALF).astype(np.uint32)


def histogram(values: Array) -> Histogram:
    """The distribution of all these numbers, or of every k-th if there are very many."""
    flat = values.ravel()
    flat = flat[:: -(-flat.size // MOST_VALUES) or 1]
    low, high = float(flat.min(initial=0.0)), float(flat.max(initial=0.0))
    if not (math.isfinite(low) and math.isfinite(high)):
        return histogram(flat[np.isfinite(flat)])
    top, power = math.frexp(max(high, -low))  # times 2^power, top < 1
    exponent = max(power - (HALF.bit_length() - 1), LEAST) if top else LEAST
    bins = np.floor(np.ldexp(flat, -exponent)).astype(np.int64) + HALF
    counts = np.bincount(bins, minlength=2 * HALF).astype(np.uint32)
    counts.setflags(write=False)
    return Histogram(exponent, counts)


@dataclass(frozen=True, slots=True, eq=False)
class LayerFrame:
    """One layer at one iteration; NaN for values that do not exist.

    `ratio` is |update| / |weights| of the last iteration, from the norms of W[l] before it and of
    the step. `stuck` is the share of units that were saturated (ReLU: zero, "dead") for every
    example, `saturated` the share of single activations.
    """

    weights: Histogram
    gradients: Histogram
    activations: Histogram
    ratio: float
    stuck: float
    saturated: float


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """Layers 1..L after `iteration` updates; the activations of `examples` training examples."""

    iteration: int
    examples: int
    layers: tuple[LayerFrame, ...]
