"""The plot of the distributions panel: lines or heat maps over iterations."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from gui.panels.distributions.history import HeatRow, History, TimeAxis, apart
from gui.plots.chart import Chart
from gui.plots.items import CurveItem, PictureItem
from gui.plots.ticks import LOG, Numbering, named, ticks, ticks_in, written
from gui.style import text
from gui.style.theme import CAPTION, math_font, theme, ui_font

GAP = 9.0  # px between two rows
BESIDE = 3.0  # px between the names of the rows and their numbers
PAST_END = 10.0  # px at the right of the rows, for half a number
WIDEST = 200.0  # px that names and numbers never exceed
THICK = 2.8  # px, the line of the selected layer
NOTHING = History(np.zeros(1, np.int64), TimeAxis(1.0), 0)  # before the first
_ALIGN = Qt.AlignmentFlag


class HistoryPlot(Chart):
    """Iterations are along x. Row i of heat maps is between -i - 1 and -i, with its gap below."""

    air = QMarginsF(4, 6, 24, 2)

    def __init__(self, name: str) -> None:
        self._shown = NOTHING
        super().__init__(name)
        self._curves: list[CurveItem] = []
        self._rows: list[PictureItem] = []
        self._left = self.add_axis("left", numbering=named(self._heights))
        self._time = self.add_axis("bottom")
        around = QMarginsF(self.air.left() + WIDEST, 6, self.air.right(), 6)
        self._under = self.add_layer(self._draw_under, z=-1, kept=True)
        self._over = self.add_layer(self._draw_over, z=3, kept=True, air=around)
        self.arrange()

    def show_history(self, shown: History) -> None:
        """Show lines or pictures."""
        before, self._shown = self._shown, shown
        kinds = [(bool(each.rows), each.axis.logarithmic) for each in (before, shown)]
        if before is NOTHING or kinds[0] != kinds[1]:
            self.show_all()
            self._left.setGrid(False if shown.rows else 255)
        self._time.numbering = Numbering(shown.axis.ticks, shown.axis.written)
        self.box.go_home((0.0, shown.axis.end), shown.range(), held=False)
        self.arrange()
        self._show_lines(shown)
        self._show_rows(shown)
        self._under.update()
        self._over.update()
        self._left.update()

    def _show_lines(self, shown: History) -> None:
        curves = self.add_items(self._curves, len(shown.lines), CurveItem)
        for curve, line in zip(curves, shown.lines, strict=True):
            curve.setZValue(0 if line.faint else 1)
            curve.set_pen(line.pen())
            curve.width = THICK if line.layer == shown.selected and not line.faint else 0.0
            x = shown.axis.places(shown.iterations)
            curve.set_points(x, shown.heights(line.values), gaps=True)

    def _show_rows(self, shown: History) -> None:
        """Draw the visible part of every row, one column of pixels per pixel of the view."""
        low, high = self.box.viewRange()[0]
        end = min(float(high), max(float(shown.axis.places(shown.iterations[-1])), 1e-9))
        rows = shown.rows if end > low else ()
        wide = max(round((end - low) / (high - low) * self.area().width()), 1)
        places = low + (np.arange(wide) + 0.5) * ((end - low) / wide)
        pictures = self.add_items(self._rows, len(rows), lambda: PictureItem(smooth=False))
        for i, (picture, row) in enumerate(zip(pictures, rows, strict=True)):
            bottom, top = self._ends(i)
            place = QRectF(low, bottom, end - low, top - bottom)
            picture.show_image(shown.image(row, places), place)

    def _ends(self, i: int) -> tuple[float, float]:
        """The lower and upper end of row i, in the coordinates of the box."""
        gap = min(GAP * len(self._shown.rows) / max(self.area().height(), 1.0), 0.5)
        return -i - 1 + gap, -float(i)

    # --- positions ------------------------------------------------------------------------

    def room(self) -> QRectF:
        room = super().room()
        if not self._shown.rows:
            return room
        return room.adjusted(self._names_width(), 0, self.air.right() - PAST_END, 0)

    def _names_width(self) -> float:
        """The px that the names of the rows need."""
        metrics = QFontMetricsF(math_font(CAPTION + 2, QFont.Weight.DemiBold))
        widths = [metrics.horizontalAdvance(row.name) for row in self._shown.rows]
        return round(max(widths, default=0.0) + BESIDE)

    def cells(self) -> list[QRectF]:
        """The rectangle of each row's picture, in pixels."""
        way, (low, high) = self.pixels(), self.box.viewRange()[0]
        ends = [self._ends(i) for i in range(len(self._shown.rows))]
        return [way.mapRect(QRectF(low, b, high - low, t - b)) for b, t in ends]

    def under(self, at: QPointF) -> tuple[int, int, int] | None:
        """The row, the frame and the bin under a pixel."""
        frame = self.frame_at(at)
        for i, cell in enumerate(self.cells()):
            if frame is not None and cell.contains(at):
                bins = len(self._shown.rows[i].counts)
                down = int((at.y() - cell.top()) / cell.height() * bins)
                return i, frame, bins - 1 - min(down, bins - 1)
        return None

    def frame_at(self, at: QPointF) -> int | None:
        """The frame nearest to a pixel; none after the newest."""
        shown, place = self._shown, self.values_at(at).x()
        if not self.area().contains(at) or place > shown.axis.places(shown.iterations[-1]):
            return None
        return int(shown.axis.nearest(place, shown.iterations))

    # --- the numbers around it -------------------------------------------------------------------

    def _heights(self, low: float, high: float, most: int) -> dict[float, str]:
        shown = self._shown
        if shown.rows:
            return self._bins(shown, low, high, most)
        if not shown.logarithmic:
            digits = 0 if high - low > 0.05 else 2
            return {at: text.percent(at, digits) for at in ticks(low, high, most)}
        places = LOG.places(low, high, most)
        powers = all(place.is_integer() for place in places)
        words = [text.power(int(place)) for place in places] if powers else LOG.words(places)
        return dict(zip(places, words, strict=True))

    def _bins(self, shown: History, low: float, high: float, most: int) -> dict[float, str]:
        """The values of every visible row, each on its own scale."""
        found: dict[float, str] = {}
        for i, row in enumerate(shown.rows):
            values = ticks_in([(*self._ends(i), *row.ends)], low, high, most // len(shown.rows))
            found |= dict(zip(values, written(list(values.values())), strict=True))
        return found

    # --- painting --------------------------------------------------------------------------------

    def _draw_under(self, painter: QPainter) -> None:
        """The background of the rows, or the guide."""
        palette, area, guide = theme().palette, self.area(), self._shown.guide
        for cell in self.cells():
            painter.fillRect(cell & area, palette.raised)
        if guide is not None:
            usual = math.log10(guide)
            self.draw_level(painter, usual, QPen(palette.good, 1.6, Qt.PenStyle.DashLine))
            y = self.point_at(0.0, usual).y()
            painter.setFont(ui_font(CAPTION - 1))
            painter.drawText(QPointF(area.left() + 4, y + 12), "usual")

    def _draw_over(self, painter: QPainter) -> None:
        """The names of the rows and their zeros; the numbers of the layers at the ends of their
        lines.
        """
        for row, cell in zip(self._shown.rows, self.cells(), strict=True):
            self._draw_row(painter, row, cell, chosen=row.layer == self._shown.selected)
        self._draw_ends(painter, self._shown)

    def _draw_row(self, painter: QPainter, row: HeatRow, cell: QRectF, *, chosen: bool) -> None:
        palette, (low, high) = theme().palette, row.ends
        if low < 0 < high:
            zero = self.values_at(QPointF(0, cell.bottom() + low / (high - low) * cell.height()))
            self.draw_level(painter, zero.y(), QPen(palette.muted, 1.0, Qt.PenStyle.DotLine))
        seen = cell & self.area()
        if seen.height() < 10:
            return
        painter.setPen(palette.text if chosen else palette.muted)
        weight = QFont.Weight.DemiBold if chosen else QFont.Weight.Normal
        painter.setFont(math_font(CAPTION + 2, weight))
        high = painter.fontMetrics().height()
        beside = QRectF(2, seen.center().y() - high / 2, self._names_width(), high)
        painter.drawText(beside, _ALIGN.AlignLeft | _ALIGN.AlignVCenter, row.name)

    def _draw_ends(self, painter: QPainter, shown: History) -> None:
        """Each layer's number at the end of its line, moved so that none covers another."""
        way, area, ends, pens = self.pixels(), self.area(), [], {}
        last = shown.axis.nearest(self.box.viewRange()[0][1], shown.iterations)
        for line in shown.lines:
            heights = shown.heights(line.values[: last + 1])
            heights = heights[np.isfinite(heights)]
            if len(heights) and not line.faint:
                y = way.map(QPointF(0, float(heights[-1]))).y()
                if area.top() - 1 <= y <= area.bottom() + 1:
                    ends.append((y, line.layer))
                    pens[line.layer] = line.pen()
        painter.setFont(ui_font(CAPTION - 1))
        for y, layer in apart(sorted(ends), area.bottom()):
            painter.setPen(pens[layer].color())
            place = QRectF(area.right() + 4, y - 8, self.air.right() - 4, 16)
            painter.drawText(place, _ALIGN.AlignLeft | _ALIGN.AlignVCenter, str(layer))
