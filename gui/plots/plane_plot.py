"""A plot over the input plane or over one input, with axes and the examples as dots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QMarginsF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QTransform

from core.look.plane import Plane
from core.nn.activations import Array
from gui.plots import items, line_drawing
from gui.plots.axis import AT_END
from gui.plots.chart import Chart
from gui.plots.colour_bar import BAR, BAR_SPACE, draw_bar
from gui.plots.line_drawing import Curves, Stems
from gui.plots.pg import pg
from gui.plots.square_plot import SquarePlot
from gui.style.theme import pxf, theme, translucent

WASH = 0.72  # opacity of the picture and its bar, so that dots of the same colour are visible
FAINT = 0.3  # the same under curves
NOTHING = np.empty(0), np.empty(0)


@dataclass(frozen=True, slots=True, eq=False)
class PlanePicture:
    """The picture: the image, boundaries as columns and rows of the ends of pieces on its grid, the
    bar's three labels; over one input, the curves.
    """

    image: QImage
    lines: tuple[tuple[Array, Array], ...]
    scale: tuple[str, str, str] | None  # at the bottom, the middle and the top; None: no bar
    axes: tuple[str, str] = ("x₁", "x₂")
    curves: Curves | None = None
    inks: tuple[QColor, ...] = ()  # of the boundaries; none: that of texts, faint
    opacity: float = WASH


class PlanePlot(SquarePlot):
    """A square picture with the decision boundary, dots over it and the colour scale next to it.

    Over one input it fills the available room, with the curves on top.
    """

    def __init__(self, name: str, *, left_drags: bool = False) -> None:
        self._picture: PlanePicture | None = None
        self._stems: Sequence[Stems] = ()
        self._part = Plane((-1.0, 1.0), (-1.0, 1.0))  # the plane of the picture
        super().__init__(name, left_drags=left_drags)
        self._image = items.PictureItem()
        self.add_item(self._image)
        self._boundaries: list[items.PathItem] = []
        self._lines: list[items.CurveItem] = []
        beside = QMarginsF(0, 16, 2 * BAR_SPACE + 20, 16)  # also with text twice as large
        self._bar = self.add_layer(self._draw_bar, z=3, kept=True, air=beside)
        self.dress()

    def show_picture(self, plane: Plane, picture: PlanePicture, part: Plane | None = None) -> None:
        """Show this picture of the plane, or of a part of it."""
        old, self._picture = self._picture, picture
        shaped = old is None or plane.is_line != self._plane.is_line
        shaped = shaped or (old is not None and old.scale != picture.scale)
        part = part or plane
        moved = plane != self._plane or part != self._part
        self._part = part
        self.show_plane(plane, picture.axes)
        if shaped:
            self.arrange()
            self._bar.setVisible(picture.scale is not None)
            self._bar.refresh()
        place, image = _rectangle(part), picture.image
        self._image.show_image(image, place)
        self._image.setOpacity(picture.opacity if picture.curves is None else FAINT)
        wide, high = place.width() / image.width(), place.height() / image.height()
        way = QTransform(wide, 0, 0, -high, place.left(), place.bottom())
        while len(self._boundaries) < len(picture.lines):
            self._boundaries.append(items.PathItem(self._ink(len(self._boundaries))))
            self.add_item(self._boundaries[-1], 1)
        for boundary, (x, y) in zip(
            self._boundaries, (*picture.lines, NOTHING, NOTHING), strict=False
        ):
            boundary.show_pieces(x + 0.5, y + 0.5, way)
        self._show_curves(part, picture.curves)
        if moved or picture.curves is not None or (old is not None and old.curves is not None):
            self.refresh()

    def _show_curves(self, plane: Plane, shown: Curves | None) -> None:
        """Give every curve an item, on the scale of the plane's second coordinate."""
        curves = () if shown is None else shown.curves
        while len(self._lines) < len(curves):
            self._lines.append(items.CurveItem(width=line_drawing.CURVE))
            self.add_item(self._lines[-1], 3)
        (x1, x1_end), (x2, x2_end) = plane.x1, plane.x2
        for line, curve in zip(self._lines, curves, strict=False):
            (low, high), k = curve.ends, len(curve.values)
            x = x1 + (np.arange(k) + 0.5) * ((x1_end - x1) / k)
            line.set_pen(QPen(curve.colour, 1.0))
            values = np.asarray(curve.values, np.float64)
            with np.errstate(all="ignore"):  # those without a position are left out
                heights = x2 + (values - low) * ((x2_end - x2) / (high - low))
            line.set_points(x, heights)
        for line in self._lines[len(curves) :]:
            line.set_points(*NOTHING)

    def show_stems(self, stems: Sequence[Stems]) -> None:
        """Draw the errors of the predictions over one input."""
        self._stems = stems
        self.refresh()

    def dress(self) -> None:
        super().dress()
        for k, boundary in enumerate(self._boundaries):
            boundary.setPen(self._ink(k))

    def _ink(self, k: int) -> QPen:
        """The pen of a boundary."""
        inks = () if self._picture is None else self._picture.inks
        ink = inks[k] if inks else translucent(theme().palette.text, 150)
        return QPen(pg.mkPen(ink, width=1.5 if inks else 1.0))

    @property
    def picture(self) -> PlanePicture | None:
        """The picture under the dots; None before the first."""
        return self._picture

    @property
    def stems(self) -> Sequence[Stems]:
        """The errors that are drawn over one input."""
        return self._stems

    def beside(self) -> float:
        return pxf(BAR_SPACE)

    def room(self) -> QRectF:
        if not self._plane.is_line:
            return super().room()
        bar = self._picture is not None and self._picture.scale is not None
        return Chart.room(self).adjusted(0, 0, -pxf(BAR_SPACE) if bar else -AT_END, 0)

    @property
    def scale_place(self) -> QRectF | None:
        """The rectangle of the colour scale with its labels, in the view's pixels; None without
        one.
        """
        if self._picture is None or self._picture.scale is None:
            return None
        area = self.area()
        return QRectF(area.right() + 10, area.top() - 8, pxf(BAR_SPACE) - 10, area.height() + 16)

    def _draw_under(self, painter: QPainter, square: QRectF) -> None:
        curves = None if self._picture is None else self._picture.curves
        if curves is not None:
            square = self.pixels().mapRect(_rectangle(self._part))
            line_drawing.draw_under(painter, square, self.pixels(), curves, self._stems)

    def _draw_bar(self, painter: QPainter) -> None:
        if self._picture is not None and self._picture.scale is not None:
            area = self.area()
            bar = QRectF(area.right() + 10, area.top(), pxf(BAR), area.height())
            draw_bar(painter, bar, self._picture.scale, WASH)


def _rectangle(plane: Plane) -> QRectF:
    (x1, x1_end), (x2, x2_end) = plane.x1, plane.x2
    return QRectF(x1, x2, x1_end - x1, x2_end - x2)
