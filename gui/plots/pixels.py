"""Converts numbers to pixels, for the canvas and every plot.

The pixels are finite and near the plot for any numbers: a painter that gets NaN, or a pixel too
large for 32 bits, ends the process.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QPointF, QRectF

from core.span import FARTHEST, span

FAR = 1e5  # px: anything farther outside of the plot is drawn here, out of sight
Pixels = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scale:
    """From the number `low` at the pixel `start` to `high` at the pixel `end`.

    `end` may be less than `start`. Make it with `between`, which ensures that the numbers differ.
    """

    low: float
    high: float
    start: float
    end: float

    @classmethod
    def between(cls, ends: tuple[float, float], start: float, end: float) -> Scale:
        """The scale between these ends, or the nearest that can be drawn."""
        return cls(*span(*ends), start, end)

    def pixels(self, values: ArrayLike) -> Pixels:
        """The pixels of numbers: finite, at most FAR from the start, as is NaN."""
        wide, along = self.high - self.low, self.end - self.start
        numbers = np.clip(np.asarray(values, np.float64), -FARTHEST, FARTHEST)
        with np.errstate(over="ignore"):
            steps = (numbers - self.low) * (along / wide)
        return self.start + np.clip(np.nan_to_num(steps, nan=-FAR), -FAR, FAR)

    def pixel(self, value: float) -> float:
        """The pixel of one number."""
        return float(self.pixels(value))

    def value(self, pixel: float) -> float:
        """The number at a pixel."""
        along = self.end - self.start
        share = (pixel - self.start) / along if along else 0.0
        return self.low + share * (self.high - self.low)


@dataclass(frozen=True, slots=True)
class PlotArea:
    """A rectangle of the plane and its pixels: x to the right, y upwards."""

    x: Scale
    y: Scale

    @classmethod
    def of(cls, x: tuple[float, float], y: tuple[float, float], area: QRectF) -> PlotArea:
        """The range between these ends fills the area."""
        across = Scale.between(x, area.left(), area.right())
        return cls(across, Scale.between(y, area.bottom(), area.top()))

    def pixels(self, points: ArrayLike) -> Pixels:
        """The pixels (2, k) of points (2, k)."""
        x, y = np.asarray(points, np.float64)
        return np.stack([self.x.pixels(x), self.y.pixels(y)])

    def pixel(self, x: float, y: float) -> QPointF:
        """The pixel of one point."""
        return QPointF(self.x.pixel(x), self.y.pixel(y))


def near(pixels: ArrayLike) -> Pixels:
    """Pixels computed elsewhere, moved to within FAR of the corner of the window."""
    return np.clip(np.nan_to_num(np.asarray(pixels, np.float64), nan=-FAR), -FAR, FAR)


def drawable(values: ArrayLike, ends: tuple[float, float]) -> Pixels:
    """Numbers for a plot with a range between these ends that converts them to pixels itself.

    A number further out than a hundred times the range is moved there; NaN stays, as a gap in a
    curve.
    """
    low, high = span(*ends)
    far = 100.0 * min(high - low, FARTHEST)
    with np.errstate(over="ignore"):
        clipped: Pixels = np.clip(
            np.asarray(values, np.float64), max(low - far, -FARTHEST), min(high + far, FARTHEST)
        )
    return clipped
