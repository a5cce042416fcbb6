"""The part of the plane that was painted on, and which painted points are for testing."""

from __future__ import annotations

import math

import msgspec
import numpy as np
from numpy.typing import NDArray

from core.errors import LayerwiseError

Floats = NDArray[np.float64]
_STEP = np.uint64(0x9E3779B97F4A7C15)  # splitmix64 (Steele, Lea and Flood, 2014)
_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


class Sheet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The area of painted data: the limits of x1 and x2, which do not follow the points.

    `began` is the source of the data at the beginning of painting, empty for a blank sheet.
    """

    x1: tuple[float, float]
    x2: tuple[float, float]
    began: str = ""

    def clip(self, points: Floats) -> Floats:
        """The points (2, k), those outside moved to the edge."""
        low, high = np.array([self.x1, self.x2]).T[..., np.newaxis]
        return np.clip(points, low, high)


def check_sheet(sheet: Sheet) -> None:
    """Raise LayerwiseError for invalid limits."""
    for name, (low, high) in (("x1", sheet.x1), ("x2", sheet.x2)):
        if not (math.isfinite(low) and math.isfinite(high) and low < high):
            raise LayerwiseError(
                f"The sheet goes from {low} to {high} in {name}: use two finite numbers, the"
                " smaller first."
            )


def drawn_for_testing(points: Floats, seed: int, share: float) -> NDArray[np.bool_]:
    """Which points (2, m) are for testing, (m,); never all.

    Each point is assigned by a hash of its position and the seed, so it keeps its role while others
    are painted or erased. The share is therefore met only on average.
    """
    if share <= 0:
        return np.zeros(points.shape[1], np.bool_)
    bits = np.ascontiguousarray(points + 0.0, np.float64).view(np.uint64)  # + 0.0: -0 is 0
    mixed = _mixed(bits[0] + np.full(1, seed + 1, np.uint64) * _STEP)
    mixed = _mixed(bits[1] ^ mixed)
    chosen: NDArray[np.bool_] = (mixed >> np.uint64(11)) * 2.0**-53 < share
    if chosen.all():
        chosen[:1] = False
    return chosen


def _mixed(z: NDArray[np.uint64]) -> NDArray[np.uint64]:
    z = z + _STEP
    z = (z ^ (z >> np.uint64(30))) * _MIX[0]
    z = (z ^ (z >> np.uint64(27))) * _MIX[1]
    return z ^ (z >> np.uint64(31))
