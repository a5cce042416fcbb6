"""The plot of the distributions panel: lines or heat maps over iterations."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from gui.panels.distributions.heat_history import HeatHistory, HeatRow
from gui.panels.distributions.line_history import HistoryLine, LineHistory, apart
from gui.plots.chart import Chart
from gui.plots.items import CurveItem, PictureItem
from gui.plots.ticks import LOG, Numbering, ticks, ticks_in, written
from gui.style import text
from gui.style.theme import CAPTION, math_font, theme, ui_font

History = HeatHistory | LineHistory
GAP = 9.0  # px between two rows
BESIDE = 3.0  # px between the names of the rows and their numbers
PAST_END = 10.0  # px at the right of the rows, for half a number
WIDEST = 200.0  # px that names and numbers never exceed
THICK = 2.8  # px, the line of the selected layer
_ALIGN = Qt.AlignmentFlag


class HistoryPlot(Chart):
    """Iterations are along x. Row i of heat maps is between -i - 1 and -i, with its gap below."""

    air = QMarginsF(4, 6, 24, 2)

    def __init__(self, name: str) -> None:
        self._shown: History | None = None
        super().__init__(name)
        self._curves: list[CurveItem] = []
        self._rows: list[PictureItem] = []
        self._places: dict[float, str] = {}
        self._left = self.add_axis("left", numbering=Numbering(self._heights, self._written))
        self.add_axis("bottom", numbering=Numbering(self._times, self._counted))
        around = QMarginsF(self.air.left() + WIDEST, 6, self.air.right(), 6)
        self._under = self.add_layer(self._draw_under, z=-1, kept=True)
        self._over = self.add_layer(self._draw_over, z=3, kept=True, air=around)
        self.arrange()

    def show_history(self, shown: History) -> None:
        """Show lines or pictures."""
        before, self._shown = self._shown, shown
        same = type(before) is type(shown)
        if before is None or not same or before.axis.logarithmic != shown.axis.logarithmic:
            self.show_all()
            self._left.setGrid(255 if isinstance(shown, LineHistory) else False)
        x = (0.0, shown.axis.end)
        y = (-float(len(shown.rows)), 0.0) if isinstance(shown, HeatHistory) else shown.range()
        self.box.go_home(x, y, held=False)
        self.arrange()
        self._show_lines(() if isinstance(shown, HeatHistory) else shown.lines)
        self._show_rows(shown.rows if isinstance(shown, HeatHistory) else ())
        self._under.refresh()
        self._over.refresh()
        self._left.update()

    def _show_lines(self, lines: Sequence[HistoryLine]) -> None:
        shown = self._shown
        while len(self._curves) < len(lines):
            self._curves.append(CurveItem())
            self.add_item(self._curves[-1])
        for curve, line in zip(self._curves, lines, strict=False):
            assert isinstance(shown, LineHistory)
            curve.setZValue(0 if line.faint else 1)
            curve.set_pen(line.pen())
            curve.set_width(THICK if line.layer == shown.selected and not line.faint else 0.0)
            x = shown.axis.places(shown.iterations)
            curve.set_points(x, shown.heights(line.values), gaps=True)
        for curve in self._curves[len(lines) :]:
            curve.set_points(np.empty(0), np.empty(0))

    def _show_rows(self, rows: Sequence[HeatRow]) -> None:
        """Draw the visible part of every row, one column of pixels per pixel of the view."""
        while len(self._rows) < len(rows):
            self._rows.append(PictureItem(smooth=False))
            self.add_item(self._rows[-1])
        for i, (picture, row) in enumerate(zip(self._rows, rows, strict=False)):
            assert isinstance(self._shown, HeatHistory)
            (low, high), last = self.box.viewRange()[0], self._shown.iterations[-1]
            end = min(float(high), max(float(self._shown.axis.places(last)), 1e-9))
            picture.setVisible(end > low)
            if end > low:
                wide = max(round((end - low) / (high - low) * self.area().width()), 1)
                places = low + (np.arange(wide) + 0.5) * ((end - low) / wide)
                bottom, top = self._ends(i)
                place = QRectF(low, bottom, end - low, top - bottom)
                picture.show_image(self._shown.image(row, places), place)
        for picture in self._rows[len(rows) :]:
            picture.hide()

    def _ends(self, i: int) -> tuple[float, float]:
        """The lower and upper end of row i, in the coordinates of the box."""
        gap = min(GAP / self._row_height(), 0.5)
        return -i - 1 + gap, -float(i)

    def _row_height(self) -> float:
        """The px of a row with its gap when all are visible."""
        assert isinstance(self._shown, HeatHistory)
        return max(self.area().height() / len(self._shown.rows), 1.0)

    # --- positions ------------------------------------------------------------------------

    def room(self) -> QRectF:
        room = super().room()
        if not isinstance(self._shown, HeatHistory):
            return room
        return room.adjusted(self._names_width(), 0, self.air.right() - PAST_END, 0)

    def _names_width(self) -> float:
        """The px that the names of the rows need."""
        rows = self._shown.rows if isinstance(self._shown, HeatHistory) else ()
        metrics = QFontMetricsF(math_font(CAPTION + 2, QFont.Weight.DemiBold))
        widths = [metrics.horizontalAdvance(row.name) for row in rows]
        return round(max(widths, default=0.0) + BESIDE)

    def cells(self) -> list[QRectF]:
        """The rectangle of each row's picture, in pixels."""
        if not isinstance(self._shown, HeatHistory):
            return []
        way, (low, high) = self.pixels(), self.box.viewRange()[0]
        ends = [self._ends(i) for i in range(len(self._shown.rows))]
        return [way.mapRect(QRectF(low, b, high - low, t - b)) for b, t in ends]

    def under(self, at: QPointF) -> tuple[int, int, int] | None:
        """The row, the frame and the bin under a pixel."""
        shown = self._shown
        frame = self.frame_at(at)
        if frame is None or not isinstance(shown, HeatHistory):
            return None
        for i, cell in enumerate(self.cells()):
            if cell.contains(at):
                bins = len(shown.rows[i].counts)
                down = int((at.y() - cell.top()) / cell.height() * bins)
                return i, frame, bins - 1 - min(down, bins - 1)
        return None

    def frame_at(self, at: QPointF) -> int | None:
        """The frame nearest to a pixel; none after the newest."""
        shown = self._shown
        if shown is None or not self.area().contains(at):
            return None
        place = self.values_at(at).x()
        if place > shown.axis.places(shown.iterations[-1]):
            return None
        return int(shown.axis.nearest(place, shown.iterations))

    # --- the numbers around it -------------------------------------------------------------------

    def _times(self, low: float, high: float, most: int) -> list[float]:
        return [] if self._shown is None else self._shown.axis.ticks(low, high, most)

    def _counted(self, places: Sequence[float]) -> list[str]:
        return [] if self._shown is None else self._shown.axis.written(places)

    def _heights(self, low: float, high: float, most: int) -> list[float]:
        shown = self._shown
        if isinstance(shown, HeatHistory):
            self._places = self._bins(shown, low, high, most)
        elif shown is not None and shown.logarithmic:
            places = LOG.places(low, high, most)
            powers = all(place.is_integer() for place in places)
            words = [text.power(int(place)) for place in places] if powers else LOG.words(places)
            self._places = dict(zip(places, words, strict=True))
        else:
            shares = ticks(low, high, most)
            self._places = {
                share: text.percent(share, 0 if high - low > 0.05 else 2) for share in shares
            }
        return list(self._places)

    def _written(self, places: Sequence[float]) -> list[str]:
        return [self._places[place] for place in places]

    def _bins(self, shown: HeatHistory, low: float, high: float, most: int) -> dict[float, str]:
        """The values of every visible row, each on its own scale."""
        found: dict[float, str] = {}
        for i, row in enumerate(shown.rows):
            values = ticks_in([(*self._ends(i), *row.ends)], low, high, most // len(shown.rows))
            found |= dict(zip(values, written(list(values.values())), strict=True))
        return found

    # --- painting --------------------------------------------------------------------------------

    def _draw_under(self, painter: QPainter) -> None:
        """The background of the rows, or the guide."""
        shown, palette, area = self._shown, theme().palette, self.area()
        for cell in self.cells():
            painter.fillRect(cell & area, palette.raised)
        if isinstance(shown, LineHistory):
            way = self.pixels()
            if shown.guide is not None:
                y = way.map(QPointF(0, math.log10(shown.guide))).y()
                painter.setPen(QPen(palette.good, 1.6, Qt.PenStyle.DashLine))
                painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
                painter.setFont(ui_font(CAPTION - 1))
                painter.setPen(palette.good)
                painter.drawText(QPointF(area.left() + 4, y + 12), "usual")

    def _draw_over(self, painter: QPainter) -> None:
        """The names of the rows and their zeros; the numbers of the layers at the ends of their
        lines.
        """
        if isinstance(self._shown, HeatHistory):
            for row, cell in zip(self._shown.rows, self.cells(), strict=True):
                self._draw_row(painter, row, cell, chosen=row.layer == self._shown.selected)
        elif self._shown is not None:
            self._draw_ends(painter, self._shown)

    def _draw_row(self, painter: QPainter, row: HeatRow, cell: QRectF, *, chosen: bool) -> None:
        palette, area, (low, high) = theme().palette, self.area(), row.ends
        seen = cell & area
        if low < 0 < high:
            y = cell.bottom() + low / (high - low) * cell.height()
            if seen.top() <= y <= seen.bottom():
                painter.setPen(QPen(palette.muted, 1.0, Qt.PenStyle.DotLine))
                painter.drawLine(QPointF(seen.left(), y), QPointF(seen.right(), y))
        if seen.height() < 10:
            return
        painter.setPen(palette.text if chosen else palette.muted)
        weight = QFont.Weight.DemiBold if chosen else QFont.Weight.Normal
        painter.setFont(math_font(CAPTION + 2, weight))
        high = painter.fontMetrics().height()
        beside = QRectF(2, seen.center().y() - high / 2, self._names_width(), high)
        painter.drawText(beside, _ALIGN.AlignLeft | _ALIGN.AlignVCenter, row.name)

    def _draw_ends(self, painter: QPainter, shown: LineHistory) -> None:
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
