"""Rounding limits: the smallest spread or ratio that rounding alone cannot explain."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

ULPS = 32  # units in the last place that a mean over many examples may be off


def rounding(size: float, dtype: DTypeLike = np.float64) -> float:
    """The largest rounding error of a number computed from operands up to `size` in this dtype."""
    return ULPS * float(np.finfo(dtype).eps) * abs(size)


def spread(values: ArrayLike, dtype: DTypeLike = np.float64) -> float:
    """Largest minus smallest value, or 0 if rounding explains the difference."""
    array = np.asarray(values, np.float64)
    low, high = float(array.min()), float(array.max())
    size = max(abs(low), abs(high))
    return high - low if high - low > rounding(size, dtype) else 0.0


def differs(one: float, other: float, dtype: DTypeLike = np.float64) -> bool:
    """Whether two numbers differ by more than rounding at their size; NaN always differs."""
    return not abs(one - other) <= rounding(max(abs(one), abs(other)), dtype)
