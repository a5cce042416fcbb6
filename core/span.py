"""The value range of a plot, and which of 256 levels a number maps to."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

FARTHEST = 1e300  # the farthest end of a span: twice as much is still a finite number
NARROWEST = 1e-290  # a span is at least as wide: a thousand pixels over it are still a number
FINEST = 1e-12  # ... and the shortest span relative to its farther end: a hundred positions differ


def span(low: float, high: float) -> tuple[float, float]:
    """The ends unchanged if something can be shown between them, else the nearest ends that work.

    Both are finite, the second is greater, and neither their difference nor its inverse is
    infinite. NaN counts as 0.
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
    """The nearest float32 numbers, limited to 3e38; the array itself if it is float32 already."""
    most = np.finfo(np.float32).max
    if values.dtype == np.float32:
        return values.astype(np.float32, copy=False)
    narrowed: NDArray[np.float32] = np.clip(values, -most, most).astype(np.float32)
    return narrowed


def levels(values: ArrayLike, low: float, high: float) -> NDArray[np.uint8]:
    """Levels 0..255 of the colour scale from `low` to `high`; NaN gets the middle level."""
    low, high = span(low, high)
    with np.errstate(all="ignore"):
        scaled = np.asarray((np.asarray(values) - low) * (255.0 / (high - low)) + 0.5)
    np.clip(scaled, 0.0, 255.0, out=scaled)
    scaled[np.isnan(scaled)] = 128.0
    found: NDArray[np.uint8] = scaled.astype(np.uint8)
    return found
