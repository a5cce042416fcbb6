"""A picture over the input plane, or curves over one input, with axes and the examples as dots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from core.nn.activations import Array
from core.training.messages import Plane
from gui.plots import line_drawing
from gui.plots.colour_bar import BAR, BAR_SPACE, draw_bar
from gui.plots.line_drawing import Curves, Stems
from gui.plots.square_plot import SquarePlot
from gui.style.theme import theme
from gui.widgets.painting import path_of

WASH = 0.72  # strength of the picture, and of its bar, so that dots of the same colour stand out
FAINT = 0.3  # the same under curves


@dataclass(frozen=True, slots=True, eq=False)
class PlanePicture:
    """What is seen: the image, the ends of line pieces on its grid, the bar's three labels; over
    one input, the curves.
    """

    image: QImage
    lines: tuple[Array, Array]
    scale: tuple[str, str, str] | None  # at the bottom, the middle and the top; None: no bar
    axes: tuple[str, str] = ("x₁", "x₂")
    curves: Curves | None = None


class PlanePlot(SquarePlot):
    """The picture keeps its shape; dots, axes and bar are painted once and laid over it.

    Over one input it fills the room there is, with the curves on top.
    """

    right = BAR_SPACE

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._picture: PlanePicture | None = None
        self._contour = QPainterPath()
        self._stems: Sequence[Stems] = ()

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

    def show_stems(self, stems: Sequence[Stems]) -> None:
        """Draw how far off the predictions over one input are."""
        self._stems = stems
        self.update()

    @property
    def _curves(self) -> Curves | None:
        return None if self._picture is None else self._picture.curves

    def square(self) -> QRectF:
        if not self._plane.is_line:
            return super().square()
        bar = self._picture is not None and self._picture.scale is not None
        wide = self.width() - line_drawing.LEFT - (BAR_SPACE if bar else line_drawing.RIGHT)
        high = self.height() - 2 * line_drawing.BELOW
        return QRectF(line_drawing.LEFT, 1, max(wide, 1), max(high, 1))

    def _draw(self, painter: QPainter, area: QRectF) -> None:
        if self._picture is None:
            return
        square, image = self.square(), self._picture.image
        painter.fillRect(square, theme().palette.surface)
        painter.setOpacity(WASH if self._curves is None else FAINT)
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
        if self._curves is not None:
            line_drawing.draw_under(painter, square, self.pixels(), self._curves, self._stems)
        super()._draw(painter, area)
        if self._curves is not None:
            line_drawing.draw_curves(painter, square, self._curves)

    def _draw_axes(self, painter: QPainter, square: QRectF) -> None:
        if self._plane.is_line:
            line_drawing.draw_axes(painter, square, self.pixels(), self._plane, self._names)
        else:
            super()._draw_axes(painter, square)

    def _draw_beside(self, painter: QPainter, square: QRectF) -> None:
        if self._picture is not None and self._picture.scale is not None:
            bar = QRectF(square.right() + 10, square.top(), BAR, square.height())
            draw_bar(painter, bar, self._picture.scale, WASH)
