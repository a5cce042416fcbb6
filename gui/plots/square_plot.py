"""A square with axes, on which examples lie as dots."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap, QTransform

from core.nn.activations import Array
from core.training.messages import Plane
from gui.plots.dots import Dots, draw_dots
from gui.plots.plot_view import PlotView
from gui.style import text
from gui.style.theme import CAPTION, math_font, theme, ui_font

AXIS = 18.0  # px below the square for the numbers and the name of an axis
BESIDE = 34.0  # and on its left
NEAR = 12.0  # px from an example that still count as a click on it
_ALIGN = Qt.AlignmentFlag


class SquarePlot(PlotView):
    """Dots, ring and axes are painted once, with what lies under and beside them, and kept.

    Subclasses say what that is.
    """

    right = 0.0  # px on its right that a subclass needs

    def __init__(self, name: str) -> None:
        super().__init__(name, self._draw)
        self._plane = Plane((-1.0, 1.0), (-1.0, 1.0))
        self._names = ("", "")
        self._dots: tuple[Dots, ...] = ()
        self._ring: tuple[float, float] | None = None
        self._kept: tuple[object, QPixmap] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_dots(self, dots: tuple[Dots, ...]) -> None:
        """Draw these examples; the later sets over the earlier ones."""
        self._dots = dots
        self.refresh()

    @property
    def dots(self) -> tuple[Dots, ...]:
        """The examples that are drawn."""
        return self._dots

    def show_ring(self, point: tuple[float, float] | None) -> None:
        """Ring the example at this point."""
        self._ring = point
        self.refresh()

    def refresh(self) -> None:
        """Paint everything anew: a colour or what lies there has changed."""
        self._kept = None
        self.update()

    def square(self) -> QRectF:
        """Where the plane is, in pixels."""
        area = QRectF(self.rect())
        side = max(1.0, min(area.width() - BESIDE - self.right, area.height() - AXIS - 2))
        left = BESIDE + (area.width() - BESIDE - self.right - side) / 2
        return QRectF(round(left), 1, int(side), int(side))

    def pixels(self) -> QTransform:
        """The way from points of the plane to pixels."""
        (x1, x1_end), (x2, x2_end) = self._plane.x1, self._plane.x2
        square = self.square()
        way = QTransform.fromTranslate(square.left(), square.bottom())
        way.scale(square.width() / (x1_end - x1), -square.height() / (x2_end - x2))
        return way.translate(-x1, -x2)

    def on_screen(self, points: Array) -> Array:
        """Points (2, k) of the plane in pixels."""
        way = self.pixels()
        return np.stack([way.m11() * points[0] + way.dx(), way.m22() * points[1] + way.dy()])

    def nearest(self, points: Array, at: QPointF) -> int | None:
        """Which of points (2, k) is nearest to a pixel, if one is near."""
        x, y = self.on_screen(points)
        away = np.hypot(x - at.x(), y - at.y())
        if not len(away):
            return None
        found = int(away.argmin())
        return found if away[found] <= NEAR else None

    def shares(self, at: QPointF) -> tuple[float, float] | None:
        """How far right and down in the square (0..1) a pixel is; None outside of it."""
        square = self.square()
        if not square.contains(at):
            return None
        return (at.x() - square.left()) / square.width(), (at.y() - square.top()) / square.height()

    def _draw(self, painter: QPainter, area: QRectF) -> None:
        """Lay down what is kept, as a pixmap of the whole view."""
        ratio = self.devicePixelRatioF()
        key = (area.width(), area.height(), ratio, theme().palette)
        if self._kept is None or self._kept[0] != key:
            pixmap = QPixmap(int(area.width() * ratio), int(area.height() * ratio))
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(Qt.GlobalColor.transparent)
            with QPainter(pixmap) as kept:
                kept.setRenderHint(QPainter.RenderHint.Antialiasing)
                self._draw_kept(kept)
            self._kept = key, pixmap
        painter.drawPixmap(QPointF(0, 0), self._kept[1])

    def _draw_under(self, painter: QPainter, square: QRectF) -> None:
        """What lies under the dots, clipped to the square."""

    def _draw_beside(self, painter: QPainter, square: QRectF) -> None:
        """What stands beside the square."""

    def _draw_kept(self, painter: QPainter) -> None:
        square, palette = self.square(), theme().palette
        painter.save()
        painter.setClipRect(square)
        self._draw_under(painter, square)
        size = min(max(square.width() / 32, 4.5), 9.0)
        for dots in self._dots:
            draw_dots(painter, dots, self.pixels(), size, palette)
        painter.restore()
        if self._ring is not None:
            at = self.pixels().map(QPointF(*self._ring))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for colour, width in ((palette.surface, 5.0), (palette.text, 2.2)):
                painter.setPen(QPen(colour, width))
                painter.drawEllipse(at, 8.0, 8.0)
        self._draw_axes(painter, square)
        self._draw_beside(painter, square)

    def _draw_axes(self, painter: QPainter, square: QRectF) -> None:
        """The names of the axes in their middle and the ends of their ranges at their ends."""
        painter.setPen(theme().palette.muted)
        below = QRectF(square.left(), square.bottom(), square.width(), AXIS)
        beside = QRectF(square.left() - 80, square.top(), 75, square.height())
        self._draw_names(painter, square)
        painter.setFont(ui_font(CAPTION - 2))
        (x1, x1_end), (x2, x2_end) = self._plane.x1, self._plane.x2
        painter.drawText(below, _ALIGN.AlignLeft | _ALIGN.AlignVCenter, _end(x1))
        painter.drawText(below, _ALIGN.AlignRight | _ALIGN.AlignVCenter, _end(x1_end))
        painter.drawText(beside, _ALIGN.AlignRight | _ALIGN.AlignTop, _end(x2_end))
        painter.drawText(beside, _ALIGN.AlignRight | _ALIGN.AlignBottom, _end(x2))

    def _draw_names(self, painter: QPainter, square: QRectF) -> None:
        """The names of the axes; a long one stands along the upward axis, both may be cut short."""
        across, up = self._names
        painter.setFont(math_font(CAPTION + 1))
        metrics, room = painter.fontMetrics(), int(square.width()) - 100
        below = QRectF(square.left(), square.bottom(), square.width(), AXIS)
        written = metrics.elidedText(across, Qt.TextElideMode.ElideRight, room)
        painter.drawText(below, _ALIGN.AlignCenter, written)
        if metrics.horizontalAdvance(up) <= BESIDE - 6:
            beside = QRectF(square.left() - 80, square.top(), 75, square.height())
            painter.drawText(beside, _ALIGN.AlignRight | _ALIGN.AlignVCenter, up)
            return
        painter.save()
        painter.translate(square.left() - 4, square.center().y())
        painter.rotate(-90)
        written = metrics.elidedText(up, Qt.TextElideMode.ElideRight, room)
        line = QRectF(-square.height() / 2, -AXIS, square.height(), AXIS)
        painter.drawText(line, _ALIGN.AlignCenter, written)
        painter.restore()


def _end(x: float) -> str:
    """The end of a range, short: -1.9, 111."""
    return text.plain(x, 2 if abs(x) < 99.5 else 4)
