"""A surface on a grid of heights: its colours and contour lines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.look.plane import Plane
from core.nn.activations import Array
from core.span import FARTHEST

LINES = 12  # contour lines


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """Heights (side, side) over `x` and `y` (side,), one row per y, ascending; a path over it (k,
    2), and its last point. Heights that are not finite count as the highest.
    """

    x: Array
    y: Array
    heights: Array
    way: Array
    here: tuple[float, float]
    names: tuple[str, str]

    def __post_init__(self) -> None:
        known = self.heights[np.isfinite(self.heights)]
        top = min(float(known.max()), FARTHEST) if known.size else 0.0
        finite = np.clip(np.nan_to_num(self.heights, nan=top), -FARTHEST, top)
        object.__setattr__(self, "heights", finite)

    @property
    def plane(self) -> Plane:
        """The ranges of x and y."""
        (x, *_, x_end), (y, *_, y_end) = self.x.tolist(), self.y.tolist()
        return Plane((x, x_end), (y, y_end))


def levels_of(heights: Array) -> NDArray[np.uint8]:
    """The upper half of the colour scale, by the square root, which separates low values best."""
    low, high = float(heights.min()), float(heights.max())
    share = np.sqrt((heights - low) / max(high - low, 1e-300))
    levels: NDArray[np.uint8] = (128 + np.rint(127 * share)).astype(np.uint8)
    return levels


def contours(heights: Array) -> list[float]:
    """Levels of contour lines, denser at low values."""
    low, high = float(heights.min()), float(heights.max())
    return [low + (high - low) * ((i + 0.5) / LINES) ** 2 for i in range(LINES)]
