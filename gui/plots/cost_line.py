"""Plots the cost along one weight, with its current value."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QMarginsF, QSize, Qt
from PySide6.QtGui import QPainter, QPen

from core.look.cost_along import CostLine
from core.nn.activations import Array
from gui.plots.chart import Chart
from gui.plots.items import CurveItem
from gui.style.theme import CAPTION, theme, ui_font

HIGH = 120
HIGHEST = 20.0  # times the range up to the median, above which a curve would hide the rest
NOW, FIRST = 5.0, 3.5  # px, the radii of the dots
AIR = 0.06  # of the range


class CostLinePlot(Chart):
    """The curve of J over the weight, a dot at its value, and a ring at its value when opened."""

    air = QMarginsF(2, 4, 10, 2)

    def __init__(self) -> None:
        self.line: CostLine | None = None
        self._value = self._first = 0.0
        super().__init__("Cost along this number")
        self.add_axis("left", grid=True)
        self.add_axis("bottom")
        self._curve = CurveItem()
        self.add_item(self._curve)
        self._over = self.add_layer(self._draw_over, z=3, air=NOW)
        self.restyled.connect(self._draw)
        self._draw()

    def forget(self, first: float) -> None:
        """Another number, whose value is `first`: its curve follows."""
        self.line, self._value, self._first = None, first, first
        self.show_all()
        self._draw()

    def show_value(self, value: float) -> None:
        """The number is this now."""
        self._value = value
        self._over.update()

    def show_line(self, line: CostLine) -> None:
        """Show newer costs."""
        self.line = line
        self._draw()

    def cost_at(self, value: float) -> float | None:
        """J at a value, read off the curve; None outside of it."""
        line = self.line
        if line is None or not line.values[0] <= value <= line.values[-1]:
            return None
        cost = float(np.interp(value, line.values, line.costs))
        return cost if np.isfinite(cost) else None

    def _draw(self) -> None:
        line = self.line
        drawable = line is not None and bool(np.isfinite(line.costs).any())
        self._curve.setVisible(drawable)
        for axis in self.axes.values():
            axis.setVisible(drawable)
        if line is not None and drawable:
            low, high = _range(line.costs)
            air = AIR * (high - low)
            ends = float(line.values[0]), float(line.values[-1])
            self.box.go_home(ends, (low - air, high + air))
            self._curve.set_pen(QPen(theme().palette.accent, 1.0))
            self._curve.set_points(line.values, line.costs)
        self.arrange()
        self._over.update()

    def numbers(self) -> dict[str, Array]:
        return {} if self.line is None else {"value": self.line.values, "J": self.line.costs}

    def _draw_over(self, painter: QPainter) -> None:
        palette, area = theme().palette, self.area()
        if not self._curve.isVisible():
            painter.setPen(palette.muted)
            painter.setFont(ui_font(CAPTION))
            measuring = self.line is None
            words = "Measuring the cost …" if measuring else "The cost is not finite here."
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, words)
            return
        self.draw_upright(painter, self._value, QPen(palette.faint, 1, Qt.PenStyle.DotLine))
        first = self._first, FIRST, palette.surface, palette.muted
        now = self._value, NOW, palette.accent, None
        for value, radius, fill, rim in (first, now):
            cost = self.cost_at(value)
            if cost is not None:
                self.draw_dot(painter, self.point_at(value, cost), radius, fill, rim)

    def sizeHint(self) -> QSize:
        return QSize(240, HIGH)


def _range(costs: Array) -> tuple[float, float]:
    """The costs that are shown: from the least to the greatest that hides nothing."""
    finite = costs[np.isfinite(costs)]
    low, middle, high = float(finite.min()), float(np.median(finite)), float(finite.max())
    high = min(high, middle + HIGHEST * max(middle - low, 1e-12))
    return low, max(high, low + 1e-9 * max(abs(low), 1.0))
