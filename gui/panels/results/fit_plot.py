"""Predicted values over true ones: what is right lies on the diagonal."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QTransform

from core.nn.activations import Array
from gui.plots.dots import Dots, draw_dots
from gui.plots.plot_view import PlotView
from gui.style import text
from gui.style.theme import CAPTION, math_font, theme, ui_font

BESIDE, BELOW = 44.0, 18.0  # px for the names and ends of the axes
AIR = 0.05  # of the range, around the points
NEAR = 12.0  # px from a point that still count as a click on it
_ALIGN = Qt.AlignmentFlag


class FitPlot(PlotView):
    """Dots at (y, ŷ); both axes have one range, so that the diagonal is where they agree."""

    def __init__(self, name: str) -> None:
        super().__init__(name, self._draw)
        self._dots: Dots | None = None
        self._ring: int | None = None
        self._range = (0.0, 1.0)

    def show_dots(self, dots: Dots, ring: int | None) -> None:
        """Show these points, (y, ŷ) each, the one of this number ringed.

        The range grows as it must, and shrinks only where it would be a third too large.
        """
        self._dots, self._ring = dots, ring
        low, high = float(dots.points.min()), float(dots.points.max())
        air = AIR * ((high - low) or abs(high) or 1.0)
        low, high = low - air, high + air
        shown_low, shown_high = self._range
        inside = shown_low <= low + air and high - air <= shown_high
        if not inside or (shown_high - shown_low) > 1.5 * (high - low):
            self._range = low, high
        self.update()

    def area(self) -> QRectF:
        """Where the points are."""
        whole = QRectF(self.rect())
        wide, high = whole.width() - BESIDE - 2, whole.height() - BELOW - 2
        return QRectF(BESIDE, 1, max(wide, 1.0), max(high, 1.0))

    def pixels(self) -> QTransform:
        """The way from (y, ŷ) to pixels."""
        area, (low, high) = self.area(), self._range
        way = QTransform.fromTranslate(area.left(), area.bottom())
        way.scale(area.width() / (high - low), -area.height() / (high - low))
        return way.translate(-low, -low)

    def nearest(self, at: QPointF) -> int | None:
        """The number of the point near a pixel, if one is."""
        if self._dots is None:
            return None
        way, points = self.pixels(), self._dots.points
        away: Array = np.hypot(
            way.m11() * points[0] + way.dx() - at.x(), way.m22() * points[1] + way.dy() - at.y()
        )
        found = int(away.argmin())
        return found if away[found] <= NEAR else None

    def _draw(self, painter: QPainter, _area: QRectF) -> None:
        if self._dots is None:
            return
        area, palette = self.area(), theme().palette
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(palette.grid, 1.0))
        painter.drawRect(area)
        painter.save()
        painter.setClipRect(area)
        painter.setPen(QPen(palette.muted, 1.2, Qt.PenStyle.DashLine))
        painter.drawLine(area.bottomLeft(), area.topRight())
        draw_dots(painter, self._dots, self.pixels(), 6.0, palette)
        if self._ring is not None and self._ring < self._dots.points.shape[1]:
            x, y = self._dots.points[:, self._ring]
            at = self.pixels().map(QPointF(float(x), float(y)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for colour, width in ((palette.surface, 5.0), (palette.text, 2.2)):
                painter.setPen(QPen(colour, width))
                painter.drawEllipse(at, 7.0, 7.0)
        painter.restore()
        self._draw_axes(painter, area)

    def _draw_axes(self, painter: QPainter, area: QRectF) -> None:
        below = QRectF(area.left(), area.bottom() + 1, area.width(), BELOW)
        beside = QRectF(0, area.top(), BESIDE - 6, area.height())
        painter.setPen(theme().palette.muted)
        painter.setFont(math_font(CAPTION + 1))
        painter.drawText(below, _ALIGN.AlignCenter, self.tr("label y"))
        painter.drawText(beside, _ALIGN.AlignRight | _ALIGN.AlignVCenter, "ŷ")
        painter.setFont(ui_font(CAPTION - 2))
        low, high = (text.plain(end, 2) for end in self._range)
        painter.drawText(below, _ALIGN.AlignLeft | _ALIGN.AlignVCenter, low)
        painter.drawText(below, _ALIGN.AlignRight | _ALIGN.AlignVCenter, high)
        painter.drawText(beside, _ALIGN.AlignRight | _ALIGN.AlignTop, high)
        painter.drawText(beside, _ALIGN.AlignRight | _ALIGN.AlignBottom, low)
