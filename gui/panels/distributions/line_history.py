"""One number per layer over iterations, as lines on a linear or log scale."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QPen

from gui.panels.distributions.time_axis import TimeAxis
from gui.style.theme import class_colours, translucent

APART = 11.0  # px between two layers' numbers at the right
DASHES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)
FAINT = 90  # alpha of a faint line


@dataclass(frozen=True, slots=True, eq=False)
class HistoryLine:
    """The values (frames,) of one layer, NaN where there are none; `faint` lines are
    drawn behind.
    """

    layer: int
    values: NDArray[np.float64]
    faint: bool = False

    def pen(self) -> QPen:
        """Its pen: ten hues, and dashed from the eleventh layer on."""
        colour = class_colours(10)[(self.layer - 1) % 10]
        colour = translucent(colour, FAINT) if self.faint else colour
        return QPen(colour, 1.0, DASHES[(self.layer - 1) // 10 % len(DASHES)])


@dataclass(frozen=True, slots=True, eq=False)
class LineHistory:
    """Lines over frames after `iterations`; `guide` is the value of a dashed line across.

    A linear scale goes from 0 to 1, a logarithmic one over the decades of the values.
    """

    lines: tuple[HistoryLine, ...]
    iterations: NDArray[np.int64]
    axis: TimeAxis
    selected: int  # layer
    logarithmic: bool
    guide: float | None = None

    def range(self) -> tuple[float, float]:
        """The ends of the scale: shares, or powers of ten."""
        if not self.logarithmic:
            return 0.0, 1.0
        seen = [line.values[line.values > 0] for line in self.lines]
        ends = [end for values in seen if len(values) for end in (values.min(), values.max())]
        if self.guide is not None:
            ends.append(self.guide)
        low, high = math.log10(min(ends, default=1e-3)), math.log10(max(ends, default=1.0))
        return math.floor(low - 0.05), math.ceil(high + 0.05)

    def heights(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """The values on the scale: themselves, or their logarithms to base ten."""
        if not self.logarithmic:
            return values
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.log10(values))


def apart(ends: list[tuple[float, int]], bottom: float) -> list[tuple[float, int]]:
    """The same (y, layer), ascending, moved so far up or down that none covers another."""
    found: list[tuple[float, int]] = []
    below = bottom + APART
    for y, layer in reversed(ends):
        below = min(y, below - APART)
        found.append((below, layer))
    return found
