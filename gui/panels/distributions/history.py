"""The distributions of layers over iterations: one number each as lines, or histograms in rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPen

from core.look.frames import HALF, Histogram
from gui.plots.pixels import painted
from gui.plots.ticks import LEAST, counts, fewer, round_end, ticks
from gui.style.theme import class_colours, theme, translucent

APART = 11.0  # px between two layers' numbers at the right
DASHES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)
FAINT = 90  # alpha of a faint line
LOWEST = 44.0  # px of a row
FAINTEST = 0.14  # of the colour, for a single value among many


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """From iteration 0 to `last`; a logarithmic one is even in log(1 + iteration)."""

    last: float
    logarithmic: bool = False

    @classmethod
    def up_to(cls, iteration: int, *, logarithmic: bool) -> TimeAxis:
        """An axis with room for this iteration: an even one ends at a round number, and stays."""
        return cls(float(max(iteration, 1)) if logarithmic else round_end(iteration), logarithmic)

    def places(self, iterations: ArrayLike) -> NDArray[np.float64]:
        """The positions of iterations on the axis: themselves, or log(1 + iteration)."""
        at = np.asarray(iterations, np.float64)
        return np.log1p(at) if self.logarithmic else at

    @property
    def end(self) -> float:
        """The position of `last` on the axis."""
        return float(self.places(self.last))

    def nearest(self, places: ArrayLike, iterations: NDArray[np.int64]) -> NDArray[np.intp]:
        """Which of the ascending iterations is nearest on the axis to each of these places."""
        at = self.places(iterations)
        return np.searchsorted((at[1:] + at[:-1]) / 2, np.asarray(places, np.float64))

    def ticks(self, low: float, high: float, most: int) -> list[float]:
        """The places of the numbers between two places."""
        if not self.logarithmic:
            return ticks(low, high, most, whole=True)
        decades = [0.0, *(10.0**n for n in range(math.floor(math.log10(self.last)) + 1))]
        found = [at for at in map(math.log1p, decades) if low <= at <= high]
        if len(found) >= LEAST:
            return fewer(found, most)
        between = ticks(math.expm1(low), math.expm1(high), most, whole=True)
        return [math.log1p(iteration) for iteration in between]

    def written(self, places: Sequence[float]) -> list[str]:
        """The iterations at these places."""
        return counts([math.expm1(place) if self.logarithmic else place for place in places])


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
class HeatRow:
    """The distributions of one layer; `bins` are 2^exponent wide, and the first has the number
    `low`.

    `counts` (bins, frames) are as recorded: bins of earlier, narrower ranges are added up, never
    split.
    """

    layer: int
    name: str
    counts: NDArray[np.uint32]
    low: int
    exponent: int

    @property
    def ends(self) -> tuple[float, float]:
        """The range the bins span."""
        width = 2.0**self.exponent
        return self.low * width, (self.low + len(self.counts)) * width


def heat_row(layer: int, name: str, seen: Sequence[Histogram], most: int) -> HeatRow:
    """The picture of these histograms in at most `most` (2 or more) bins of one width."""
    exponent = max(histogram.exponent for histogram in seen)
    while True:
        counts = np.stack([histogram.at(exponent) for histogram in seen], axis=1)
        used = np.flatnonzero(counts.any(axis=1))
        first, last = (int(used[0]), int(used[-1])) if len(used) else (HALF - 1, HALF)
        if last - first < max(most, 2):
            return HeatRow(layer, name, counts[first : last + 1], first - HALF, exponent)
        exponent += 1


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Either lines or rows over one axis of time, of frames after `iterations` (frames,).

    Lines have a scale from 0 to 1 or, if `logarithmic`, over the decades of their values; `guide`
    is the value of a dashed line across.
    """

    iterations: NDArray[np.int64]
    axis: TimeAxis
    selected: int  # layer
    lines: tuple[HistoryLine, ...] = ()
    rows: tuple[HeatRow, ...] = ()
    logarithmic: bool = False
    guide: float | None = None

    def range(self) -> tuple[float, float]:
        """The ends of the scale: a whole number per row, shares, or powers of ten."""
        if not self.logarithmic:
            return (-float(len(self.rows)), 0.0) if self.rows else (0.0, 1.0)
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

    def image(self, row: HeatRow, places: NDArray[np.float64]) -> QImage:
        """A picture of a row, one column of pixels per ascending position on the axis, showing the
        nearest frame. Bins keep their edges.
        """
        counts = row.counts[:, self.axis.nearest(places, self.iterations)]
        totals = np.maximum(counts.sum(axis=0), 1)
        shares = counts / totals
        strength = np.sqrt(shares / max(float(shares.max()), 1e-9))
        strength = np.where(counts > 0, np.maximum(strength, FAINTEST), 0.0)[..., np.newaxis]
        palette = theme().palette
        negative = (np.arange(len(counts)) + row.low < 0)[:, np.newaxis]
        inks = [np.array(ink.getRgb()) for ink in (palette.negative, palette.positive)]
        colours = np.where(negative, *inks)
        ground = np.array(palette.raised.getRgb())
        return painted((ground + strength * (colours[:, np.newaxis] - ground))[::-1])


def fitting(height: float, rows: int) -> int:
    """How many of the rows have room in this height."""
    return max(1, min(rows, int(height / LOWEST)))


def apart(ends: list[tuple[float, int]], bottom: float) -> list[tuple[float, int]]:
    """The same (y, layer), ascending, moved so far up or down that none covers another."""
    found: list[tuple[float, int]] = []
    below = bottom + APART
    for y, layer in reversed(ends):
        below = min(y, below - APART)
        found.append((below, layer))
    return found
