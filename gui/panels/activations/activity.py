"""Statistics of one layer's activations: spread, saturated shares, dead units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.data.examples import Split
from core.nn.activations import Activation, Array
from core.span import span

BINS = 24
MOST_VALUES = 500_000  # numbers for one picture; of more, every k-th example is used
IN_FLIGHT = 100_000  # of them, in each of many pictures a second: they take a millisecond
CACHED = 2**14  # numbers counted at once: more do not stay in the processor's cache


@dataclass(frozen=True, slots=True, eq=False)
class Activity:
    """A layer's values (n, m'), every `stride`-th of the m examples, and their statistics.

    `shares` (n,) are the shares of saturated values (zeros for ReLU), None if nothing saturates;
    `stuck` lists the units, from 0, that are saturated for all of these examples. `low` and `high`
    are the ends of the colour scale.
    """

    values: Array
    stride: int
    low: float
    high: float
    shares: Array | None
    stuck: NDArray[np.intp]


def activity_of(A: Array, activation: Activation | None, most: int = MOST_VALUES) -> Activity:
    """The statistics of A (n, m) of a layer with this activation (None for the inputs), from at
    most so many of its values.
    """
    stride = max(1, -(-A.size // most))
    values = A[:, ::stride]
    low, high = _range(values, activation)
    if activation is None or activation.saturated is None:
        return Activity(values, stride, low, high, None, np.empty(0, np.intp))
    shares = activation.saturated(values).mean(axis=1)
    return Activity(values, stride, low, high, shares, np.flatnonzero(shares == 1))


def _range(values: Array, activation: Activation | None) -> tuple[float, float]:
    if activation is not None and activation.limits is not None:
        return activation.limits
    known = values[np.isfinite(values)]
    low, high = float(known.min(initial=0.0)), float(known.max(initial=0.0))
    most = max(abs(low), abs(high)) or 1.0
    return span(0.0, most) if low >= 0 else span(-most, most)


def histograms(activity: Activity, units: int, zeros: bool = True) -> NDArray[np.intp]:
    """How many values of each of the first `units` are in each bin, (units, BINS).

    Without `zeros`, values that are exactly 0 are not counted.
    """
    values = activity.values[:units]
    counts = np.empty((len(values), BINS), np.intp)
    step = max(1, CACHED // values.shape[1])
    for i in range(0, len(values), step):
        rows = values[i : i + step]
        with np.errstate(all="ignore"):
            scaled = (rows - activity.low) * (BINS / (activity.high - activity.low))
        bins = np.fmin(np.fmax(scaled, 0.0), BINS - 1.0).astype(np.intp)  # NaN counts as 0
        bins += np.arange(len(rows))[:, np.newaxis] * BINS
        counted = bins.ravel() if zeros else bins[rows != 0]
        found = np.bincount(counted, minlength=len(rows) * BINS)
        counts[i : i + step] = found.reshape(-1, BINS)
    return counts


@dataclass(frozen=True, slots=True, eq=False)
class ExampleOrder:
    """An order of the examples, and its ranges (name, from, to), one per class."""

    order: NDArray[np.intp]
    stretches: tuple[tuple[str, int, int], ...]


def by_class(split: Split, stride: int) -> ExampleOrder:
    """Every `stride`-th training example by class and then index; by label in regression."""
    Y = split.train.Y[:, ::stride]
    if split.kind == "regression":
        return ExampleOrder(np.argsort(Y[0], kind="stable"), ())
    numbers = Y.argmax(axis=0) if split.kind == "classes" else (Y[0] > 0.5).astype(np.intp)
    ends = np.cumsum(np.bincount(numbers, minlength=len(split.class_names))).tolist()
    stretches = tuple(zip(split.class_names, [0, *ends[:-1]], ends, strict=False))
    return ExampleOrder(np.argsort(numbers, kind="stable"), stretches)
