"""The activations of a layer drawn: a histogram a unit, or units over examples as one picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QMarginsF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from gui.panels.activations.activity import BINS
from gui.panels.activations.heat_map import BELOW, HeatMap
from gui.panels.activations.histograms import GAP, NAME, Histograms
from gui.plots.axis import Axis
from gui.plots.chart import Chart
from gui.plots.items import Picture
from gui.plots.pg import pg
from gui.plots.ticks import LEAST, ticks, written
from gui.style import text
from gui.style.theme import CAPTION, class_colours, image, theme, ui_font

Shown = Histograms | HeatMap
TALLEST = 40.0  # px of a row of the picture
_ALIGN = Qt.AlignmentFlag
_TONES = ("negative", "positive", "border")


class ActivationsPlot(Chart):
    """Names, classes and captions stand beside what they name, wherever that is zoomed to.

    In histograms the values of the box are the pixels where all is seen.
    """

    air = QMarginsF(2, 4, 6, 2)

    def __init__(self, name: str) -> None:
        self._shown: Shown | None = None
        self._words: object = None
        super().__init__(name, invertY=True)
        self._picture = Picture(smooth=False)
        self.add_item(self._picture)
        self._bars = {tone: pg.BarGraphItem(x0=[], y0=[], width=0, height=0) for tone in _TONES}
        for bars in self._bars.values():
            self.add_item(bars)
        self.add_axis(Axis("left", self.box, values=self._rows, write=self._row_words))
        self.add_axis(Axis("bottom", self.box, values=self._columns, write=self._column_words))
        self._captions = self.add_layer(self._draw_captions, z=3, kept=True)
        self._classes = self.add_layer(
            self._draw_classes, z=3, kept=True, air=QMarginsF(0, 0, 0, BELOW)
        )
        self.dress()
        self.arrange()

    def dress(self) -> None:
        super().dress()
        for tone, bars in self._bars.items():
            bars.setOpts(brush=getattr(theme().palette, tone), pen=None)

    def show_shown(self, shown: Shown) -> None:
        """Show histograms or a heat map."""
        before, self._shown = self._shown, shown
        heat = isinstance(shown, HeatMap)
        if type(before) is not type(shown):
            self.axes["bottom"].offset = BELOW if heat else 0.0
            self._picture.setVisible(heat)
            for bars in self._bars.values():
                bars.setVisible(not heat)
            self.show_all()
        words: object
        if isinstance(shown, HeatMap):
            words = shown.names, shown.ordering.stretches, shown.levels.shape
        else:
            words = shown.captions, shown.alarming, shown.ends, shown.most
        if (words, self.extent()) != self._words:  # which seldom change, and are kept as pictures
            self._words = words, self.extent()
            self._settle()
        if isinstance(shown, HeatMap):
            self._picture.show_image(self._blended(shown), self._whole())
        else:
            self._lay_bars(shown)

    def _settle(self) -> None:
        """Show all in the room that the numbers leave; how wide they are depends on the room."""
        for _ in range(3):
            self.arrange()
            whole = self._whole()
            x, y = (whole.left(), whole.right()), (whole.top(), whole.bottom())
            self.box.go_home(x, y, held=False)
            if self._whole() == whole and self.room() == self.area():
                break
        for layer in (self._captions, self._classes):
            layer.refresh()
        for axis in self.axes.values():
            axis.update()

    def room(self) -> QRectF:
        room = super().room()
        if isinstance(self._shown, HeatMap):
            room.setHeight(min(room.height(), TALLEST * len(self._shown.levels)))
        return room

    def _whole(self) -> QRectF:
        """All of it, in the coordinates of the box."""
        if isinstance(self._shown, HeatMap):
            units, columns = self._shown.levels.shape
            return QRectF(0, 0, columns, units)
        return self.area()

    def under(self, at: QPointF) -> tuple[int, int] | None:
        """The unit, and its bin or the column, under a pixel."""
        if self._shown is None or not self.area().contains(at):
            return None
        place = self.pixels().inverted()[0].map(at)
        if isinstance(self._shown, HeatMap):
            units, columns = self._shown.levels.shape
            return min(int(place.y()), units - 1), min(int(place.x()), columns - 1)
        return self._shown.at(self.area(), place)

    def _blended(self, shown: HeatMap) -> QImage:
        """Rows stay crisp; where columns are narrower than a pixel they are blended, not lost."""
        picture, wide = image(shown.levels), int(self._whole().width() * self.pixels().m11())
        if picture.width() <= wide:
            return picture
        smooth = Qt.TransformationMode.SmoothTransformation
        size = QSize(max(wide, 1), picture.height())
        return picture.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)

    def _lay_bars(self, shown: Histograms) -> None:
        """All bars of all units: in every colour their rectangles, as arrays."""
        cells = shown.cells(self.area())
        lefts = np.array([cell.left() for cell in cells])[:, np.newaxis]
        floors = np.array([round(cell.bottom() - NAME) for cell in cells])[:, np.newaxis]
        wide, high = cells[0].width(), cells[0].height() - NAME - 4
        edges = np.rint(lefts + np.arange(BINS + 1) * (wide / BINS))
        heights = np.maximum(1, np.rint(shown.counts * (high / shown.most)))
        halves = {"negative": slice(shown.middle), "positive": slice(shown.middle, BINS)}
        for tone, bins in halves.items():
            there = shown.counts[:, bins] > 0
            x, width = edges[:, :-1][:, bins], np.diff(edges, axis=1)[:, bins] - 1
            y, height = (floors - heights)[:, bins], heights[:, bins]
            x, width, y, height = (part[there] for part in (x, width, y, height))
            self._bars[tone].setOpts(x0=x, y0=y, width=width, height=height)
        self._bars["border"].setOpts(x0=lefts[:, 0], y0=floors[:, 0], width=wide, height=1.0)

    # --- the numbers beside it -------------------------------------------------------------------

    def _rows(self, low: float, high: float, most: int) -> Sequence[float]:
        shown = self._shown
        if isinstance(shown, HeatMap):
            every = max(1, int(high - low) // max(most, LEAST))
            return [
                k + 0.5 for k in range(max(int(low), 0), min(int(high), len(shown.names)), every)
            ]
        if shown is None:
            return []
        floors, unit = self._scale_of(shown)
        if unit <= 0:
            return []  # lower than its own words: there is no histogram to be numbered
        seen = [
            (floor, max((floor - high) / unit, 0.0), min((floor - low) / unit, float(shown.most)))
            for floor in floors
        ]
        seen = [(floor, first, last) for floor, first, last in seen if last > first]
        each = max(most, LEAST) // max(len(seen), 1)
        self._counts = {
            floor - count * unit: count
            for floor, first, last in seen
            for count in (ticks(first, last, each, whole=True) if each >= LEAST else (first, last))
        }
        return list(self._counts)

    def _scale_of(self, shown: Histograms) -> tuple[list[float], float]:
        """Where no example is, in every row, and the height of one."""
        cells = shown.cells(self.area())
        floors = sorted({float(round(cell.bottom() - NAME)) for cell in cells})
        return floors, max(cells[0].height() - NAME - 4, 1.0) / shown.most

    def _row_words(self, values: Sequence[float]) -> list[str]:
        shown = self._shown
        if isinstance(shown, HeatMap):
            return [shown.names[int(value)] for value in values]
        return [text.count(round(self._counts[value])) for value in values]

    def _columns(self, low: float, high: float, most: int) -> Sequence[float]:
        shown = self._shown
        if not isinstance(shown, Histograms):
            return ticks(low, high, most, whole=True)
        cells = shown.cells(self.area())
        tops = [cell for cell in cells if cell.top() == cells[0].top()]
        seen = [cell for cell in tops if cell.right() > low and cell.left() < high]
        first, span = shown.ends[0], shown.ends[1] - shown.ends[0]
        air = 0.08 if len(seen) > 1 else 0.0  # those of neighbours must not touch
        self._values = {}
        for cell in seen:
            start, end = ((x - cell.left()) / cell.width() for x in (low, high))
            start, end = max(start, air), min(end, 1 - air)
            if end > start:
                most_here = min(max(most // len(seen), LEAST), 5)
                for number in ticks(first + start * span, first + end * span, most_here):
                    at = cell.left() + (number - first) / span * cell.width()
                    self._values[at] = number
        return list(self._values)

    def _column_words(self, values: Sequence[float]) -> list[str]:
        if not isinstance(self._shown, Histograms):
            return [text.count(round(value)) for value in values]
        numbers = sorted({self._values[x] for x in values})
        words = dict(zip(numbers, written(numbers), strict=True))
        return [words[self._values[x]] for x in values]

    def _draw_captions(self, painter: QPainter) -> None:
        shown, way, palette = self._shown, self.pixels(), theme().palette
        if not isinstance(shown, Histograms):
            return
        painter.setFont(ui_font(CAPTION - 1))
        for unit, cell in enumerate(shown.cells(self.area())):
            floor = round(cell.bottom() - NAME)
            place = way.mapRect(QRectF(cell.left() - GAP / 2, floor + 1, cell.width() + GAP, NAME))
            place.setHeight(NAME)
            place.moveTop(min(place.top(), self.area().bottom() - NAME))  # also where it is zoomed
            painter.setPen(palette.error if unit in shown.alarming else palette.muted)
            painter.drawText(place, _ALIGN.AlignCenter, shown.captions[unit])

    def _draw_classes(self, painter: QPainter) -> None:
        shown, way, area = self._shown, self.pixels(), self.area()
        if not isinstance(shown, HeatMap):
            return
        painter.setFont(ui_font(CAPTION - 1))
        stretches = shown.ordering.stretches
        colours = class_colours(min(len(stretches), 10))
        for (name, start, end), colour in zip(stretches, colours, strict=False):
            left, right = (way.map(QPointF(x, 0)).x() for x in (start, end))
            left, right = max(left, area.left()), min(right, area.right())
            if right - left >= 1:
                under = QRectF(left + 1, area.bottom() + 2, right - left - 2, 3)
                painter.fillRect(under, QColor(colour))
                painter.setPen(theme().palette.muted)
                label = QRectF(left, area.bottom() + 4, right - left, BELOW - 4)
                painter.drawText(label, _ALIGN.AlignCenter, f"y = {name}")
