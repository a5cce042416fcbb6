"""A picture over the input plane with its axes, its colour bar and the examples as dots."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QImage,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QTransform,
)

from core.nn.activations import Array
from core.training.messages import Plane
from gui import text
from gui.theme import CAPTION, math_font, theme, ui_font
from gui.widgets.colour_bar import BAR, BAR_SPACE, draw_bar
from gui.widgets.dots import Dots, draw_dots
from gui.widgets.painting import path_of
from gui.widgets.plot import PlotView

AXIS = 18.0  # px below the picture for the numbers and the name of an axis
BESIDE = 34.0  # and on its left
WASH = 0.72  # strength of the picture, and of its bar, so that dots of the same colour stand out
_ALIGN = Qt.AlignmentFlag


@dataclass(frozen=True, slots=True, eq=False)
class PlanePicture:
    """What is seen: the image, the ends of line pieces on its grid, and the bar's three labels."""

    image: QImage
    lines: tuple[Array, Array]
    scale: tuple[str, str, str] | None  # at the bottom, the middle and the top; None: no bar
    axes: tuple[str, str] = ("x₁", "x₂")


class PlanePlot(PlotView):
    """The picture keeps its shape; dots, axes and bar are painted once and laid over it."""

    def __init__(self, name: str) -> None:
        super().__init__(name, self._draw)
        self._plane = Plane((-1.0, 1.0), (-1.0, 1.0))
        self._picture: PlanePicture | None = None
        self._contour = QPainterPath()
        self._dots: tuple[Dots, ...] = ()
        self._ring: tuple[float, float] | None = None
        self._overlay: tuple[object, QPixmap] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_picture(self, plane: Plane, picture: PlanePicture) -> None:
        """Show this picture of the plane."""
        old = self._picture
        beside = old is None or (old.scale, old.axes) != (picture.scale, picture.axes)
        if beside or plane != self._plane:
            self._overlay = None
        self._plane, self._picture = plane, picture
        x, y = picture.lines
        self._contour = path_of(x + 0.5, y + 0.5, pieces=True)
        self.update()

    def show_dots(self, dots: tuple[Dots, ...]) -> None:
        """Draw these examples; the later sets over the earlier ones."""
        self._dots = dots
        self.refresh()

    def show_ring(self, point: tuple[float, float] | None) -> None:
        """Ring the example at x1, x2."""
        self._ring = point
        self.refresh()

    def refresh(self) -> None:
        """Paint everything anew: a colour or what lies over the picture has changed."""
        self._overlay = None
        self.update()

    def square(self) -> QRectF:
        """Where the picture is, in pixels."""
        area = QRectF(self.rect())
        side = max(1.0, min(area.width() - BESIDE - BAR_SPACE, area.height() - AXIS - 2))
        left = BESIDE + (area.width() - BESIDE - BAR_SPACE - side) / 2
        return QRectF(round(left), 1, int(side), int(side))

    def pixels(self) -> QTransform:
        """The way from x1, x2 to pixels."""
        (x1, x1_end), (x2, x2_end) = self._plane.x1, self._plane.x2
        square = self.square()
        way = QTransform.fromTranslate(square.left(), square.bottom())
        way.scale(square.width() / (x1_end - x1), -square.height() / (x2_end - x2))
        return way.translate(-x1, -x2)

    def shares(self, at: QPointF) -> tuple[float, float] | None:
        """How far right and down in the picture (0..1) a pixel is; None outside of it."""
        square = self.square()
        if not square.contains(at):
            return None
        return (at.x() - square.left()) / square.width(), (at.y() - square.top()) / square.height()

    def _draw(self, painter: QPainter, area: QRectF) -> None:
        if self._picture is None:
            return
        square, image = self.square(), self._picture.image
        painter.fillRect(square, theme().palette.surface)
        painter.setOpacity(WASH)
        painter.drawImage(square, image)
        painter.setOpacity(1.0)
        painter.save()
        line = QColor(theme().palette.text)
        line.setAlpha(150)
        pen = QPen(line, 1.0)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setClipRect(square)
        painter.translate(square.topLeft())
        painter.scale(square.width() / image.width(), square.height() / image.height())
        painter.drawPath(self._contour)
        painter.restore()
        painter.drawPixmap(QPointF(0, 0), self._lay_over(area))

    def _lay_over(self, area: QRectF) -> QPixmap:
        """Dots, axes and bar as a pixmap of the whole view, painted when one of them changes."""
        ratio = self.devicePixelRatioF()
        key = (area.width(), area.height(), ratio, theme().palette)
        if self._overlay is None or self._overlay[0] != key:
            pixmap = QPixmap(int(area.width() * ratio), int(area.height() * ratio))
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(Qt.GlobalColor.transparent)
            with QPainter(pixmap) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                self._draw_over(painter)
            self._overlay = key, pixmap
        return self._overlay[1]

    def _draw_over(self, painter: QPainter) -> None:
        square, palette = self.square(), theme().palette
        painter.save()
        painter.setClipRect(square)
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
        if self._picture is not None and self._picture.scale is not None:
            bar = QRectF(square.right() + 10, square.top(), BAR, square.height())
            draw_bar(painter, bar, self._picture.scale, WASH)

    def _draw_axes(self, painter: QPainter, square: QRectF) -> None:
        """The names of the axes in their middle and the ends of their ranges at their ends."""
        painter.setPen(theme().palette.muted)
        below = QRectF(square.left(), square.bottom(), square.width(), AXIS)
        beside = QRectF(square.left() - 80, square.top(), 75, square.height())
        self._draw_names(painter, square)
        painter.setFont(ui_font(CAPTION - 2))
        (x1, x1_end), (x2, x2_end) = self._plane.x1, self._plane.x2
        painter.drawText(below, _ALIGN.AlignLeft | _ALIGN.AlignVCenter, text.plain(x1, 2))
        painter.drawText(below, _ALIGN.AlignRight | _ALIGN.AlignVCenter, text.plain(x1_end, 2))
        painter.drawText(beside, _ALIGN.AlignRight | _ALIGN.AlignTop, text.plain(x2_end, 2))
        painter.drawText(beside, _ALIGN.AlignRight | _ALIGN.AlignBottom, text.plain(x2, 2))

    def _draw_names(self, painter: QPainter, square: QRectF) -> None:
        """The names of the axes; a long one stands along the upward axis, both may be cut short."""
        across, up = ("", "") if self._picture is None else self._picture.axes
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
