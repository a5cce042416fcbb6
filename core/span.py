"""The value range of a plot, and which of 256 levels a number maps to."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

FARTHEST = 1e300  # an end of a span lies no farther out: twice as much is still a number
NARROWEST = 1e-290  # a span is at least as wide: a thousand pixels over it are still a number
FINEST = 1e-12  # ... and so many times its farther end: a hundred places in it differ


def span(low: float, high: float) -> tuple[float, float]:
    """The ends as they are where something can be shown between them, else the nearest that can.

    Both are finite, the second is greater, and neither their difference nor one over it is
    infinite. What is not a number is taken for 0.
    """
    low, high = sorted((_finite(low), _finite(high)))
    least = max(NARROWEST, FINEST * max(abs(low), abs(high)))
    if high - low >= least:
        return low, high
    middle = low / 2 + high / 2
    return middle - least, middle + least


def _finite(end: float) -> float:
    return 0.0 if math.isnan(end) else min(max(float(end), -FARTHEST), FARTHEST)


def in_float32(values: NDArray[np.floating]) -> NDArray[np.float32]:
    """The nearest numbers of float32, which has none beyond 3e38; the very array if it is so."""
    most = np.finfo(np.float32).max
    if values.dtype == np.float32:
        return values.astype(np.float32, copy=False)
    narrowed: NDArray[np.float32] = np.clip(values, -most, most).astype(np.float32)
    return narrowed


def levels(values: ArrayLike, low: float, high: float) -> NDArray[np.uint8]:
    """Levels 0..255 of the colour scale from `low` to `high`; of what is no number, its middle."""
    low, high = span(low, high)
    with np.errstate(all="ignore"):
        scaled = (np.asarray(values) - low) * (255.0 / (high - low))
        scaled = np.clip(np.nan_to_num(scaled + 0.5, nan=128.0), 0.0, 255.0)
    found: NDArray[np.uint8] = scaled.astype(np.uint8)
    return found
