"""A small picture of the cost along one weight: where it stands, what another would do."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from core.look.cost_along import CostLine
from core.nn.activations import Array
from gui.plots.pixels import Scale
from gui.style import text
from gui.style.theme import CAPTION, Palette, theme, ui_font
from gui.widgets.painting import path_of, smooth

HIGH = 104
FOOT, HEAD, SIDE = 18.0, 8.0, 6.0  # around the curve
HIGHEST = 20.0  # times the range up to the median, above which a curve would hide the rest


class CostLineView(QWidget):
    """The curve of J over the weight, a dot at its value, a ring where it was when opened."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.line: CostLine | None = None
        self._value = self._first = 0.0
        self.setAccessibleName("Cost along this number")

    def forget(self, first: float) -> None:
        """Another number, that is `first` now: its curve is yet to come."""
        self.line, self._value, self._first = None, first, first
        self.update()

    def show_value(self, value: float) -> None:
        self._value = value
        self.update()

    def show_line(self, line: CostLine) -> None:
        """Show newer costs."""
        self.line = line
        self.update()

    def cost_at(self, value: float) -> float | None:
        """J at a value, read off the curve; None outside of it."""
        line = self.line
        if line is None or not line.values[0] <= value <= line.values[-1]:
            return None
        cost = float(np.interp(value, line.values, line.costs))
        return cost if np.isfinite(cost) else None

    def sizeHint(self) -> QSize:
        return QSize(220, HIGH)

    def paintEvent(self, _event: QPaintEvent) -> None:
        area = QRectF(self.rect()).adjusted(SIDE, HEAD, -SIDE, -FOOT)
        with smooth(self) as painter:
            painter.setFont(ui_font(CAPTION))
            self._draw_all(painter, theme().palette, area)

    def _draw_all(self, painter: QPainter, palette: Palette, area: QRectF) -> None:
        line = self.line
        if line is None or not np.isfinite(line.costs).any():
            painter.setPen(palette.muted)
            words = "Measuring the cost …" if line is None else "The cost is not finite here."
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, words)
        else:
            self._draw(painter, palette, area, line)

    def _draw(self, painter: QPainter, palette: Palette, area: QRectF, line: CostLine) -> None:
        ends = float(line.values[0]), float(line.values[-1])
        across = Scale.between(ends, area.left(), area.right())
        down = Scale.between(_range(line.costs), area.bottom() - 4, area.top())
        x, y = across.pixels(line.values), down.pixels(line.costs)
        painter.setPen(QPen(palette.border, 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        self._draw_ends(painter, palette, area, line)
        painter.setClipRect(QRectF(self.rect()).adjusted(1, 1, -1, -FOOT + 5))
        painter.setPen(QPen(palette.accent, 1.8))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path_of(x, np.where(np.isfinite(line.costs), y, np.nan)))
        for value, is_now in ((self._first, False), (self._value, True)):
            cost = self.cost_at(value)
            if cost is not None:
                at = QPointF(across.pixel(value), down.pixel(cost))
                self._draw_dot(painter, palette, area, at, is_now)

    def _draw_dot(
        self, painter: QPainter, palette: Palette, area: QRectF, at: QPointF, is_now: bool
    ) -> None:
        if is_now:
            painter.setPen(QPen(palette.faint, 1, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(at.x(), area.top()), QPointF(at.x(), area.bottom()))
            painter.setPen(QPen(palette.surface, 1.5))
            painter.setBrush(palette.accent)
            painter.drawEllipse(at, 5.0, 5.0)
        else:
            painter.setPen(QPen(palette.muted, 1.5))
            painter.setBrush(palette.surface)
            painter.drawEllipse(at, 3.5, 3.5)

    def _draw_ends(self, painter: QPainter, palette: Palette, area: QRectF, line: CostLine) -> None:
        """The values at both ends, and 0 if that is between them and has room."""
        painter.setPen(palette.muted)
        foot = QRectF(area.left() - 4, area.bottom() + 2, area.width() + 8, FOOT - 2)
        low, high = float(line.values[0]), float(line.values[-1])
        painter.drawText(foot, Qt.AlignmentFlag.AlignLeft, text.plain(low, 3))
        painter.drawText(foot, Qt.AlignmentFlag.AlignRight, text.plain(high, 3))
        zero = Scale.between((low, high), area.left(), area.right()).pixel(0.0)
        if low < 0 < high and area.left() + 50 < zero < area.right() - 50:
            painter.drawText(QPointF(zero - 3, foot.top() + 12), "0")
            painter.setPen(QPen(palette.border, 1))
            painter.drawLine(QPointF(zero, area.bottom() - 3), QPointF(zero, area.bottom() + 2))


def _range(costs: Array) -> tuple[float, float]:
    """The costs that are shown: from the least to the greatest that hides nothing."""
    finite = costs[np.isfinite(costs)]
    low, middle, high = float(finite.min()), float(np.median(finite)), float(finite.max())
    high = min(high, middle + HIGHEST * max(middle - low, 1e-12))
    return low, max(high, low + 1e-9 * max(abs(low), 1.0))
