"""Plots predicted over true values; correct predictions are on the diagonal."""

from __future__ import annotations

from PySide6.QtCore import QMarginsF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from core.look.plane import Plane
from gui.plots.chart import Chart
from gui.plots.dots import Dots
from gui.plots.square_plot import SquarePlot
from gui.style.theme import theme

AIR = 0.05  # of the range, as a margin around the points
DOT = 6.0  # px


class FitPlot(SquarePlot):
    """Dots at (y, ŷ); both axes have one range, so that correct predictions are on the diagonal."""

    air = QMarginsF(2, 5, 14, 2)

    def show_fit(self, dots: Dots, ring: int | None) -> None:
        """Show these points, (y, ŷ) each, with a ring around the one of this index.

        The range grows as needed, and shrinks only if it is a third too large.
        """
        low, high = float(dots.points.min()), float(dots.points.max())
        air = AIR * ((high - low) or abs(high) or 1.0)
        low, high = low - air, high + air
        shown_low, shown_high = self.plane.x1
        inside = shown_low <= low + air and high - air <= shown_high
        if not self.dots or not inside or (shown_high - shown_low) > 1.5 * (high - low):
            self.show_plane(Plane((low, high), (low, high)), (self.tr("label y"), "ŷ"))
        ringed = ring is not None and ring < dots.points.shape[1]
        self.ring = dots.points[:, ring] if ringed else None
        self.show_dots((dots,))

    def room(self) -> QRectF:
        return Chart.room(self)

    def _dot_size(self) -> float:
        return DOT

    def _draw_under(self, painter: QPainter, square: QRectF) -> None:
        palette = theme().palette
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(palette.grid, 1.0))
        painter.drawRect(self.area())
        painter.setPen(QPen(palette.muted, 1.2, Qt.PenStyle.DashLine))
        painter.drawLine(square.bottomLeft(), square.topRight())
