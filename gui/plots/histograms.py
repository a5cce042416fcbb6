"""Small histograms side by side, each in a cell with a caption."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from gui.plots.chart import Chart
from gui.plots.items import BarsItem
from gui.plots.ticks import named, round_end, ticks_in, written
from gui.style import text
from gui.style.theme import CAPTION, pxf, theme, ui_font

CELL = (78.0, 46.0)  # the smallest a histogram with its caption may be, px of the usual text
WIDEST = 230.0
GAP = 12.0
NAME = 16.0  # px for the caption
BELOW = 17.0  # px for words under the plot
MOST_EACH = 5  # numbers under one
FEW = 10  # counts up to which the scale ends at the largest


def fitting(width: float, height: float, units: int, narrowest: float = CELL[0]) -> tuple[int, int]:
    """How many columns and rows of histograms to show in this room for this many units."""
    columns = max(1, min(int((width + GAP) / (pxf(narrowest) + GAP)), units))
    rows = max(1, min(int(height / pxf(CELL[1])), -(-units // columns)))
    return -(-units // rows) if rows * columns >= units else columns, rows


@dataclass(frozen=True, slots=True, eq=False)
class Histograms:
    """Counts or shares (units, bins) between `ends`, each with a caption; `alarming` ones in red.

    Bars of bins before `middle` have the first of the `tones`, the others the second.
    """

    counts: NDArray[Any]
    captions: tuple[str, ...]
    alarming: frozenset[int]
    middle: int  # bins / 2 if the range is symmetric around it, 0 if it begins there
    ends: tuple[float, float]  # of the values
    tones: tuple[str, str] = ("negative", "positive")  # colours of the theme
    chosen: int | None = None  # the unit with the highlighted caption
    narrowest: float = CELL[0]  # px of a cell
    unit: str = ""  # of the counts

    @property
    def most(self) -> int:
        """The end of the scale for the bars of all units: a round number from the largest count on,
        so that the scale stays the same while the counts change with every frame.
        """
        largest = max(float(self.counts.max(initial=0)), 1.0)
        return math.ceil(largest) if largest <= FEW else math.ceil(round_end(largest))

    def cells(self, area: QRectF) -> list[QRectF]:
        """The rectangle of each histogram, its caption included."""
        units = len(self.counts)
        columns, rows = fitting(area.width(), area.height(), units, self.narrowest)
        width = min((area.width() + GAP) / columns - GAP, pxf(WIDEST))
        height = area.height() / rows
        corners = [(i % columns * (width + GAP), i // columns * height) for i in range(units)]
        return [QRectF(area.left() + x, area.top() + y, width, height) for x, y in corners]


class HistogramsPlot(Chart):
    """Histograms with captions, counts at the left and values below, which all follow the zoom.

    The values of the box are pixels at the unzoomed scale.
    """

    air = QMarginsF(2, 4, 6, 2)

    def __init__(self, name: str) -> None:
        self.shown: Histograms | None = None  # the drawn histograms; None before the first
        self._settled: object = None
        self._captioned: object = None
        super().__init__(name, invertY=True)
        self._bars = self.add_items([], 2, BarsItem)
        self.add_axis("left", numbering=named(self._rows))
        self.add_axis("bottom", numbering=named(self._columns))
        under = QMarginsF(0, 0, 0, BELOW)
        self._words = self.add_layer(self._draw_words, z=3, kept=True, air=under)

    def show_histograms(self, shown: Histograms) -> None:
        """Draw these."""
        self.shown = shown
        self.settle(shown.ends, shown.most, shown.unit, len(shown.counts))
        words = shown.captions, shown.alarming, shown.chosen
        if words != self._captioned:
            self._captioned = words
            self._words.update()
        self._lay_bars(shown)

    def settle(self, *words: object) -> None:
        """Show all in the room that the numbers leave, if these words of it or its size changed."""
        if (words, self.extent()) == self._settled:
            return  # cached, because they seldom change
        self._settled = words, self.extent()
        for _ in range(3):  # how wide the numbers are depends on the room
            self.arrange()
            whole = self.whole()
            x, y = (whole.left(), whole.right()), (whole.top(), whole.bottom())
            self.box.go_home(x, y, held=False)
            if self.whole() == whole and self.room() == self.area():
                break
        self.renew_words()

    def renew_words(self) -> None:
        """Paint captions and numbers again."""
        self._words.update()
        for axis in self.axes.values():
            axis.update()

    def whole(self) -> QRectF:
        """All of it, in the coordinates of the box."""
        return self.area()

    def under(self, at: QPointF) -> tuple[int, int] | None:
        """The unit and its bin under a pixel."""
        shown, area, place = self.shown, self.area(), self.values_at(at)
        if shown is not None and area.contains(at):
            for unit, cell in enumerate(shown.cells(area)):
                if cell.contains(place):
                    share, bins = (place.x() - cell.left()) / cell.width(), shown.counts.shape[1]
                    return unit, min(int(share * bins), bins - 1)
        return None

    def _scale(self, shown: Histograms) -> tuple[list[QRectF], float]:
        """The rectangle of each histogram's bars, and the height of one example."""
        cells = [
            cell.adjusted(0, pxf(NAME), 0, round(cell.bottom()) - cell.bottom())
            for cell in shown.cells(self.area())
        ]
        return cells, max(cells[0].height() - 4, 1.0) / shown.most

    def _lay_bars(self, shown: Histograms) -> None:
        """All bars of all units: the rectangles of each colour, as arrays."""
        cells, unit = self._scale(shown)
        lefts = np.array([cell.left() for cell in cells])[:, np.newaxis]
        floors = np.array([cell.bottom() for cell in cells])[:, np.newaxis]
        wide, bins = cells[0].width(), shown.counts.shape[1]
        edges = np.rint(lefts + np.arange(bins + 1) * (wide / bins))
        heights = np.where(shown.counts > 0, np.maximum(1, np.rint(shown.counts * unit)), 0)
        parts = slice(shown.middle), slice(shown.middle, bins)
        for bars, part, tone in zip(self._bars, parts, shown.tones, strict=True):
            laid = edges[:, :-1], floors - heights, np.diff(edges) - 1, heights
            x, y, width, height = (values[:, part].ravel() for values in laid)
            brush = getattr(theme().palette, tone)
            bars.setOpts(x0=x, y0=y, width=width, height=height, brush=brush)

    # --- numbers and texts around it ---------------------------------------------------------

    def _rows(self, low: float, high: float, most: int) -> dict[float, str]:
        shown = self.shown
        if shown is None:
            return {}
        cells, unit = self._scale(shown)
        rows = [
            (floor, floor - shown.most * unit, 0.0, float(shown.most))
            for floor in sorted({cell.bottom() for cell in cells})
        ]
        found = ticks_in(rows, low, high, most, whole=True)
        return {place: text.count(round(count)) + shown.unit for place, count in found.items()}

    def _columns(self, low: float, high: float, most: int) -> dict[float, str]:
        shown = self.shown
        if shown is None:
            return {}
        cells = shown.cells(self.area())
        tops = [cell for cell in cells if cell.top() == cells[0].top()]
        seen = [cell for cell in tops if cell.right() > low and cell.left() < high]
        (first, last), air = shown.ends, 0.08 if len(seen) > 1 else 0.0  # neighbours do not touch
        span, aside = air * (last - first), air * tops[0].width()
        inside = [
            (cell.left() + aside, cell.right() - aside, first + span, last - span) for cell in seen
        ]
        found = ticks_in(inside, low, high, min(most, MOST_EACH * len(seen)))
        numbers = sorted(set(found.values()))
        words = dict(zip(numbers, written(numbers), strict=True))
        return {place: words[number] for place, number in found.items()}

    def _draw_words(self, painter: QPainter) -> None:
        shown, way, palette = self.shown, self.pixels(), theme().palette
        if shown is None:
            return
        painter.setFont(ui_font(CAPTION - 1))
        cells = shown.cells(self.area())
        for unit, (cell, bars) in enumerate(zip(cells, self._scale(shown)[0], strict=True)):
            floor = QRectF(bars.left(), bars.bottom() - 1, bars.width(), 1)
            painter.fillRect(way.mapRect(floor) & self.area(), palette.border)
            place = way.mapRect(cell.adjusted(-GAP / 2, 0, GAP / 2, 0))
            top = max(place.top(), self.area().top())  # also when zoomed
            ink = palette.text if unit == shown.chosen else palette.muted
            painter.setPen(palette.error if unit in shown.alarming else ink)
            place = QRectF(place.left(), top, place.width(), pxf(NAME))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, shown.captions[unit])
