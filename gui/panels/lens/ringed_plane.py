"""A small picture of the prediction with the examples, one of them ringed."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap, QTransform
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.look.plane import Plane
from gui.plots.dots import Dots, draw_dots
from gui.plots.pixels import near
from gui.style.theme import theme
from gui.widgets.painting import smooth

SIDE = 168
WASH = 0.72
_RADIUS = 7.0
_SMOOTH = QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform


class RingedPlane(QWidget):
    """A rounded square without axes; the dots are painted once and cached."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plane = Plane((-1.0, 1.0), (-1.0, 1.0))
        self._image: QImage | None = None
        self._dots: Dots | None = None
        self._ring: tuple[float, float] | None = None
        self._kept: tuple[object, QPixmap] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self._forget)

    def show_plane(self, plane: Plane, image: QImage | None, dots: Dots | None) -> None:
        """Show this picture of the plane, and the examples."""
        self._plane, self._image, self._dots = plane, image, dots
        self._forget()

    def show_ring(self, point: tuple[float, float] | None) -> None:
        """Ring the example at x1, x2."""
        self._ring = point
        self.update()

    @property
    def ring(self) -> tuple[float, float] | None:
        """The point that is ringed."""
        return self._ring

    def _forget(self) -> None:
        self._kept = None
        self.update()

    def _square(self) -> QRectF:
        return QRectF(0, 0, min(self.width(), self.height()), min(self.width(), self.height()))

    def _pixels(self) -> QTransform:
        """The transformation from x1, x2 to pixels."""
        (x1, x1_end), (x2, x2_end) = self._plane.x1, self._plane.x2
        square = self._square()
        way = QTransform.fromTranslate(square.left(), square.bottom())
        way.scale(square.width() / (x1_end - x1), -square.height() / (x2_end - x2))
        return way.translate(-x1, -x2)

    def _sheet(self) -> QPixmap:
        square, ratio = self._square(), self.devicePixelRatioF()
        key = (square.width(), ratio)
        if self._kept is None or self._kept[0] != key:
            side = max(round(square.width() * ratio), 1)
            sheet = QPixmap(side, side)
            sheet.setDevicePixelRatio(ratio)
            sheet.fill(theme().palette.surface)
            with QPainter(sheet) as painter:
                painter.setRenderHints(_SMOOTH)
                if self._image is not None:
                    painter.setOpacity(WASH)
                    painter.drawImage(square, self._image)
                    painter.setOpacity(1.0)
                if self._dots is not None:
                    draw_dots(painter, self._dots, self._pixels(), 5.0, theme().palette)
            self._kept = key, sheet
        return self._kept[1]

    def sizeHint(self) -> QSize:
        return QSize(SIDE, SIDE)

    def minimumSizeHint(self) -> QSize:
        return QSize(SIDE, SIDE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        with smooth(self) as painter:
            shape = QPainterPath()
            shape.addRoundedRect(self._square(), _RADIUS, _RADIUS)
            painter.setClipPath(shape)
            painter.drawPixmap(QPointF(0, 0), self._sheet())
            if self._ring is not None:
                at = QPointF(*near(self._pixels().map(QPointF(*self._ring)).toTuple()).tolist())
                painter.setBrush(Qt.BrushStyle.NoBrush)
                for colour, width in ((theme().palette.surface, 5.0), (theme().palette.text, 2.2)):
                    painter.setPen(QPen(colour, width))
                    painter.drawEllipse(at, 7.0, 7.0)
