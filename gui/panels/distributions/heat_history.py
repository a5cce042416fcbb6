"""Distributions over iterations as pictures, a row a layer: the stronger, the more values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen

from core.training.frames import HALF, Histogram
from gui.panels.distributions.time_axis import BELOW, TimeAxis
from gui.style import text
from gui.style.theme import CAPTION, math_font, theme, ui_font

BESIDE = 74.0  # px for the names of the rows and the ends of their ranges
GAP = 9.0  # px between two rows
LOWEST = 44.0  # px of a row
FAINTEST = 0.14  # of the colour, for a single value among many
_ALIGN = Qt.AlignmentFlag


@dataclass(frozen=True, slots=True, eq=False)
class HeatRow:
    """The distributions of one layer; `bins` apart by 2^exponent, the first of them number `low`.

    `counts` (bins, frames) are those that were taken: bins of earlier, narrower ranges are added
    up, never split.
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

    def cells(self, area: QRectF) -> list[QRectF]:
        """Where the picture of each row is."""
        return cells(area, len(self.rows))

    def at(self, area: QRectF, point: QPointF) -> tuple[int, int, int] | None:
        """The row, the frame and the bin under a pixel."""
        for i, cell in enumerate(self.cells(area)):
            if cell.contains(point):
                share = (point.x() - cell.left()) / cell.width()
                if share > self.axis.shares(self.iterations[-1]):
                    return None
                frame = int(self.axis.nearest(share, self.iterations))
                bins = len(self.rows[i].counts)
                down = int((point.y() - cell.top()) / cell.height() * bins)
                return i, frame, bins - 1 - min(down, bins - 1)
        return None

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Paint the rows, their names and ranges, and the iterations below the last."""
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        cells = self.cells(area)
        for row, cell in zip(self.rows, cells, strict=True):
            painter.fillRect(cell, theme().palette.raised)
            right = float(self.axis.shares(self.iterations[-1])) * cell.width()
            width = max(1, round(right))
            painter.drawImage(
                QRectF(cell.left(), cell.top(), width, cell.height()),
                self._image(row, width, cell.width()),
            )
            self._draw_zero(painter, row, cell)
            self._draw_name(painter, row, cell)
        self.axis.draw(painter, cells[-1])

    def _image(self, row: HeatRow, width: int, whole: float) -> QImage:
        """A column of pixels shows the frame nearest to it; bins keep their edges."""
        counts = row.counts[:, self.axis.nearest((np.arange(width) + 0.5) / whole, self.iterations)]
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

    def _draw_zero(self, painter: QPainter, row: HeatRow, cell: QRectF) -> None:
        low, high = row.ends
        if low < 0 < high:
            y = cell.bottom() + low / (high - low) * cell.height()
            painter.setPen(QPen(theme().palette.muted, 1.0, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(cell.left(), y), QPointF(cell.right(), y))

    def _draw_name(self, painter: QPainter, row: HeatRow, cell: QRectF) -> None:
        palette = theme().palette
        chosen = row.layer == self.selected
        painter.setPen(palette.text if chosen else palette.muted)
        painter.setFont(math_font(CAPTION + 2, _weight(chosen)))
        beside = QRectF(0, cell.top() - 3, BESIDE - 6, cell.height() + 6)
        painter.drawText(beside, _ALIGN.AlignLeft | _ALIGN.AlignVCenter, row.name)
        painter.setPen(palette.muted)
        painter.setFont(ui_font(CAPTION - 2))
        low, high = row.ends
        for end, side in ((high, _ALIGN.AlignTop), (low, _ALIGN.AlignBottom)):
            painter.drawText(beside, _ALIGN.AlignRight | side, text.plain(end, 3))
        if low < 0 < high and cell.height() > 3 * CAPTION:
            y = cell.bottom() + low / (high - low) * cell.height()
            if cell.top() + CAPTION < y < cell.bottom() - CAPTION:
                place = QRectF(0, y - 8, BESIDE - 6, 16)
                painter.drawText(place, _ALIGN.AlignRight | _ALIGN.AlignVCenter, "0")


def cells(area: QRectF, rows: int) -> list[QRectF]:
    """Where the pictures of so many rows are, above the numbers of the axis."""
    high = (area.height() - BELOW - 3) / rows
    width = max(area.width() - BESIDE - 2, 1.0)
    return [
        QRectF(BESIDE, round(3 + i * high), width, max(round(high - GAP), 4)) for i in range(rows)
    ]


def fitting(height: float, rows: int) -> int:
    """How many of the rows have room in this height."""
    return max(1, min(rows, int((height - BELOW) / LOWEST)))


def _weight(chosen: bool) -> QFont.Weight:
    return QFont.Weight.DemiBold if chosen else QFont.Weight.Normal


def _rgb(colour: QColor) -> tuple[float, float, float]:
    return float(colour.red()), float(colour.green()), float(colour.blue())
