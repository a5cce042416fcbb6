"""Histograms over iterations as heat maps, one row per layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from core.look.frames import HALF, Histogram
from gui.panels.distributions.time_axis import TimeAxis
from gui.style.theme import theme

LOWEST = 44.0  # px of a row
FAINTEST = 0.14  # of the colour, for a single value among many


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
class HeatHistory:
    """Rows of pictures over one axis of time, of frames after `iterations` (frames,)."""

    rows: tuple[HeatRow, ...]
    iterations: NDArray[np.int64]
    axis: TimeAxis
    selected: int  # layer

    def image(self, row: HeatRow, places: NDArray[np.float64]) -> QImage:
        """A picture of a row, one column of pixels per ascending position on the axis, showing the
        nearest frame. Bins keep their edges.
        """
        counts, width = row.counts[:, self.axis.nearest(places, self.iterations)], len(places)
        totals = np.maximum(counts.sum(axis=0), 1)
        shares = counts / totals
        strength = np.sqrt(shares / max(float(shares.max()), 1e-9))
        strength = np.where(counts > 0, np.maximum(strength, FAINTEST), 0.0)[..., np.newaxis]
        palette = theme().palette
        negative = (np.arange(len(counts)) + row.low < 0)[:, np.newaxis]
        colours = np.where(negative, _rgb(palette.negative), _rgb(palette.positive))
        ground = np.array(_rgb(palette.raised))
        rgb = ground + strength * (colours[:, np.newaxis, :] - ground)
        red, green, blue = np.moveaxis(np.rint(rgb[::-1]).astype(np.uint32), -1, 0)
        pixels = np.ascontiguousarray(np.uint32(0xFF000000) | red << 16 | green << 8 | blue)
        bins = len(pixels)
        return QImage(pixels.data, width, bins, 4 * width, QImage.Format.Format_RGB32).copy()


def fitting(height: float, rows: int) -> int:
    """How many of the rows have room in this height."""
    return max(1, min(rows, int(height / LOWEST)))


def _rgb(colour: QColor) -> tuple[float, float, float]:
    return float(colour.red()), float(colour.green()), float(colour.blue())
