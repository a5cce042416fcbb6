"""A picture over the input plane with its axes, its colour bar and the examples as dots."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from core.nn.activations import Array
from core.training.messages import Plane
from gui.theme import theme
from gui.widgets.colour_bar import BAR, BAR_SPACE, draw_bar
from gui.widgets.painting import path_of
from gui.widgets.square_plot import SquarePlot

WASH = 0.72  # strength of the picture, and of its bar, so that dots of the same colour stand out


@dataclass(frozen=True, slots=True, eq=False)
class PlanePicture:
    """What is seen: the image, the ends of line pieces on its grid, and the bar's three labels."""

    image: QImage
    lines: tuple[Array, Array]
    scale: tuple[str, str, str] | None  # at the bottom, the middle and the top; None: no bar
    axes: tuple[str, str] = ("x₁", "x₂")


class PlanePlot(SquarePlot):
    """The picture keeps its shape; dots, axes and bar are painted once and laid over it."""

    right = BAR_SPACE

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._picture: PlanePicture | None = None
        self._contour = QPainterPath()

    def show_picture(self, plane: Plane, picture: PlanePicture) -> None:
        """Show this picture of the plane."""
        old = self._picture
        beside = old is None or (old.scale, old.axes) != (picture.scale, picture.axes)
        if beside or plane != self._plane:
            self._kept = None
        self._plane, self._picture, self._names = plane, picture, picture.axes
        x, y = picture.lines
        self._contour = path_of(x + 0.5, y + 0.5, pieces=True)
        self.update()

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
        super()._draw(painter, area)

    def _draw_beside(self, painter: QPainter, square: QRectF) -> None:
        if self._picture is not None and self._picture.scale is not None:
            bar = QRectF(square.right() + 10, square.top(), BAR, square.height())
            draw_bar(painter, bar, self._picture.scale, WASH)
