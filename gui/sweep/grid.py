"""A heat map of two axes: one cell per combination, coloured from worst to best."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from core.sweep.keys import label, show
from gui.style.theme import BODY, CAPTION, colour, ink_on, theme, ui_font
from gui.sweep.shown import CellIndex, ShownCells, deviation_written, written
from gui.widgets.painting import rounded

WIDEST, HIGHEST = 150.0, 84.0  # px of a cell
GAP = 2.0
HEAD = 22.0  # px for the name of an axis
LINE = 18.0
BAR, BAR_WORDS = 12.0, 62.0
_ALIGN = Qt.AlignmentFlag


class SweepGrid:
    """Draws and finds cells; the first axis runs down, the second across."""

    def __init__(self, shown: ShownCells) -> None:
        self._shown = shown
        self._rows = [show(value) for value in shown.axes[0].values]
        self._columns = [show(value) for value in shown.axes[1].values]

    def rect(self, area: QRectF, place: CellIndex) -> QRectF:
        """The rectangle of a cell."""
        field, wide, high = self._field(area)
        return QRectF(
            field.left() + place[1] * wide, field.top() + place[0] * high, wide - GAP, high - GAP
        )

    def at(self, area: QRectF, point: QPointF) -> tuple[CellIndex, int | None] | None:
        """The cell under a pixel; of its runs none in particular."""
        field, wide, high = self._field(area)
        if not field.contains(point):
            return None
        row, column = self._shown.shape
        place = int((point.y() - field.top()) / high), int((point.x() - field.left()) / wide)
        return (min(place[0], row - 1), min(place[1], column - 1)), None

    def _field(self, area: QRectF) -> tuple[QRectF, float, float]:
        metrics = QFontMetricsF(ui_font(CAPTION))
        beside = max(map(metrics.horizontalAdvance, [*self._rows, "000"])) + 12
        rows, columns = self._shown.shape
        wide = min(WIDEST, (area.width() - beside - BAR_WORDS - BAR - 16) / columns)
        high = min(HIGHEST, (area.height() - 2 * HEAD - LINE) / rows)
        left, top = area.left() + beside, area.top() + HEAD
        return QRectF(left, top, wide * columns, high * rows), wide, high

    def draw(self, painter: QPainter, area: QRectF, lit: CellIndex | None) -> None:
        """Paint the cells, their values, both axes, and the colour scale."""
        best = self._shown.best
        rows, columns = self._shown.shape
        for place in ((i, j) for i in range(rows) for j in range(columns)):
            self._draw_cell(painter, self.rect(area, place), place, best == place)
        self._draw_names(painter, area)
        self._draw_bar(painter, area)
        if lit is not None:
            ring = self.rect(area, lit).adjusted(-1, -1, 1, 1)
            rounded(painter, ring, 5, border=theme().palette.text, width=2)

    def _draw_cell(self, painter: QPainter, rect: QRectF, place: CellIndex, best: bool) -> None:
        palette, shown = theme().palette, self._shown
        cell = shown.cells.get(place)
        if cell is None:
            painter.setPen(QPen(palette.border, 1, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            return
        share, spread = shown.goodness(place), shown.spread(place)
        if share is None or spread is None:
            rounded(painter, rect, 4, palette.error_soft)
            word = "diverged" if cell.stopped else "failed" if cell.failed else "–"
            self._write(painter, rect, word, "", palette.error)
            return
        fill = colour(0.06 + 0.94 * share)
        rounded(painter, rect, 4, fill)
        more = deviation_written(shown.metric, spread)
        if len(cell.outcomes) < shown.runs:
            more = f"{len(cell.outcomes)} of {shown.runs}"
        star = "★ " if best else ""
        self._write(painter, rect, star + written(shown.metric, spread.mean), more, ink_on(fill))

    def _write(self, painter: QPainter, rect: QRectF, word: str, more: str, ink: QColor) -> None:
        """Write the text, and the details if there is room; as small as necessary."""
        for size in (BODY + 2, BODY, CAPTION, CAPTION - 2):
            font = ui_font(size, QFont.Weight.DemiBold)
            metrics = QFontMetricsF(font)
            if metrics.horizontalAdvance(word) <= rect.width() - 4:
                break
        else:
            return
        if metrics.height() > rect.height():
            return
        painter.setPen(ink)
        small = QFontMetricsF(ui_font(CAPTION - 1))
        two = metrics.height() + small.height() + 2 <= rect.height()
        fits = more and two and small.horizontalAdvance(more) <= rect.width() - 4
        above = rect.adjusted(0, 0, 0, -small.height()) if fits else rect
        painter.setFont(font)
        painter.drawText(above, _ALIGN.AlignCenter, word)
        if fits:
            painter.setFont(ui_font(CAPTION - 1))
            below = QRectF(rect.left(), above.center().y() + metrics.height() / 2 - 1, rect.width(),
                           small.height())  # fmt: skip
            painter.drawText(below, _ALIGN.AlignCenter, more)

    def _draw_names(self, painter: QPainter, area: QRectF) -> None:
        palette = theme().palette
        field, wide, high = self._field(area)
        first, second = (label(axis.key) for axis in self._shown.axes)
        painter.setFont(ui_font(CAPTION))
        painter.setPen(palette.muted)
        every = max(1, round(LINE / max(high, 1) + 0.499))
        for i in range(0, len(self._rows), every):
            row = QRectF(area.left(), field.top() + i * high, field.left() - area.left() - 8, high)
            painter.drawText(row, _ALIGN.AlignRight | _ALIGN.AlignVCenter, self._rows[i])
        metrics = QFontMetricsF(ui_font(CAPTION))
        widest = max(map(metrics.horizontalAdvance, self._columns)) + 8
        every = max(1, round(widest / max(wide, 1) + 0.499))
        for j in range(0, len(self._columns), every):
            column = QRectF(field.left() + j * wide, field.bottom() + 2, wide * every - GAP, LINE)
            align = _ALIGN.AlignHCenter if every == 1 else _ALIGN.AlignLeft
            painter.drawText(column, align | _ALIGN.AlignVCenter, self._columns[j])
        painter.setFont(ui_font(CAPTION, QFont.Weight.DemiBold))
        painter.setPen(palette.text)
        top = QRectF(area.left(), area.top(), area.width(), HEAD - 4)
        painter.drawText(top, _ALIGN.AlignLeft | _ALIGN.AlignVCenter, f"{first} ↓")
        under = QRectF(field.left(), field.bottom() + LINE + 2, max(field.width(), 200), HEAD)
        painter.drawText(under, _ALIGN.AlignLeft | _ALIGN.AlignVCenter, f"{second} →")

    def _draw_bar(self, painter: QPainter, area: QRectF) -> None:
        """The colours from the best, above, to the worst."""
        ends, palette = self._shown.ends(), theme().palette
        if ends is None:
            return
        field, _, _ = self._field(area)
        bar = QRectF(field.right() + 14, field.top(), BAR, min(field.height() - GAP, 180))
        steps = max(2, round(bar.height()))
        for i in range(steps):
            part = QRectF(bar.left(), bar.top() + i, BAR, 1.5)
            painter.fillRect(part, colour(0.06 + 0.94 * (1 - i / (steps - 1))))
        painter.setFont(ui_font(CAPTION - 1))
        painter.setPen(palette.muted)
        good, bad = ends if self._shown.metric.endswith("cost") else ends[::-1]
        for value, align in ((good, _ALIGN.AlignTop), (bad, _ALIGN.AlignBottom)):
            words = QRectF(bar.right() + 6, bar.top() - 2, BAR_WORDS, bar.height() + 4)
            painter.drawText(words, _ALIGN.AlignLeft | align, written(self._shown.metric, value))
