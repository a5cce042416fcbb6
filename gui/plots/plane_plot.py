"""A plot over the input plane or over one input, with axes and the examples as dots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QMarginsF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from core.look.plane import Plane
from core.nn.activations import Array
from gui.plots.axis import AT_END
from gui.plots.chart import Chart
from gui.plots.dots import Dots
from gui.plots.items import CurveItem, PictureItem
from gui.plots.square_plot import SquarePlot, rectangle
from gui.style.theme import CAPTION, image, pxf, theme, translucent, ui_font
from gui.widgets.painting import path_of, plane

WASH = 0.72  # opacity of the picture and its bar, so that dots of the same colour are visible
FAINT = 0.3  # the same under curves
CURVE, STEM = 2.2, 1.4  # px
BAR = 9.0
BAR_SPACE = 62.0  # the bar of the colour scale with its labels
Ends = tuple[float, float]
_ALIGN = Qt.AlignmentFlag


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Values (k,) in the middles of k equal pieces of the input; `ends` are bottom and top."""

    values: Array
    colour: QColor
    ends: Ends

    def points(self, across: Ends, up: Ends) -> tuple[Array, Array]:
        """Its points (k,) if the input goes from one end of `across` to the other, and `ends` are
        those of `up`.
        """
        (low, high), k = self.ends, len(self.values)
        with np.errstate(all="ignore"):  # those without a position are left out
            shares = (np.asarray(self.values, np.float64) - low) / (high - low)
            heights = up[0] + shares * (up[1] - up[0])
        return across[0] + (np.arange(k) + 0.5) * ((across[1] - across[0]) / k), heights


@dataclass(frozen=True, slots=True, eq=False)
class Stems:
    """From the labels (k,) to the predictions of the examples at x1."""

    x1: Array
    labels: Array
    predictions: Array


def stems_of(dots: Dots, errors: Array) -> Stems:
    """The error lines of the drawn dots at (x1, label); `errors` (k,) are label minus
    prediction.
    """
    which = np.concatenate(dots.drawn())
    x1, labels = dots.points[:, which]
    return Stems(x1, labels, labels - errors[which])


@dataclass(frozen=True, slots=True, eq=False)
class PlanePicture:
    """The picture: the image, boundaries as columns and rows of the ends of pieces on its grid, the
    bar's three labels; over one input, the curves.
    """

    image: QImage
    lines: tuple[tuple[Array, Array], ...]
    scale: tuple[str, str, str] | None  # at the bottom, the middle and the top; None: no bar
    axes: tuple[str, str] = ("x₁", "x₂")
    curves: tuple[Curve, ...] = ()
    level: float | None = None  # of the threshold of the curves
    changes: tuple[float, ...] = ()  # the inputs at which their prediction changes
    inks: tuple[QColor, ...] = ()  # of the boundaries; none: that of texts, faint
    opacity: float = WASH


class PlanePlot(SquarePlot):
    """A square picture with the decision boundary, dots over it and the colour scale next to it.

    Over one input it fills the available room, with the curves on top.
    """

    beside = BAR_SPACE

    def __init__(self, name: str) -> None:
        self.picture: PlanePicture | None = None  # under the dots
        self.stems: Sequence[Stems] = ()
        self._looks: tuple[object, object] = (None, None)  # shape and place of the picture
        super().__init__(name)
        self._image = PictureItem()
        self.add_item(self._image)
        self._boundaries: list[CurveItem] = []
        self._lines: list[CurveItem] = []
        air = QMarginsF(0, 16, 2 * BAR_SPACE + 20, 16)  # also with text twice as large
        self._bar = self.add_layer(self._draw_bar, z=3, kept=True, air=air, beside=True)

    def show_picture(self, plane: Plane, picture: PlanePicture, part: Plane | None = None) -> None:
        """Show this picture of the plane, or of a part of it."""
        old, self.picture = self.picture, picture
        part = part or plane
        before, self._looks = self._looks, ((plane.is_line, picture.scale), (plane, part))
        shaped, moved = (a != b for a, b in zip(before, self._looks, strict=True))
        self.show_plane(plane, picture.axes)
        if shaped:
            self.arrange()
            self._bar.setVisible(picture.scale is not None)
            self._bar.update()
        place, image = rectangle(part), picture.image
        self._image.show_image(image, place)
        self._image.setOpacity(FAINT if picture.curves else picture.opacity)
        wide, high = place.width() / image.width(), place.height() / image.height()
        inks = picture.inks or [translucent(theme().palette.text, 150)] * len(picture.lines)
        boundaries = self.add_items(self._boundaries, len(picture.lines), CurveItem, 1)
        for boundary, (x, y), ink in zip(boundaries, picture.lines, inks, strict=False):
            boundary.set_pen(QPen(ink, 1.0))
            boundary.width = 1.5 if picture.inks else 1.0
            x, y = place.left() + (x + 0.5) * wide, place.bottom() - (y + 0.5) * high
            boundary.set_points(x, y, pieces=True)
        lines = self.add_items(self._lines, len(picture.curves), lambda: CurveItem(width=CURVE), 3)
        for line, curve in zip(lines, picture.curves, strict=True):
            line.set_pen(QPen(curve.colour, 1.0))
            line.set_points(*curve.points(part.x1, part.x2))
        if moved or picture.curves or (old is not None and old.curves):
            self.refresh()

    def show_stems(self, stems: Sequence[Stems]) -> None:
        """Draw the errors of the predictions over one input."""
        self.stems = stems
        self.refresh()

    def room(self) -> QRectF:
        if not self.plane.is_line:
            return super().room()
        bar = self.picture is not None and self.picture.scale is not None
        return Chart.room(self).adjusted(0, 0, -pxf(BAR_SPACE) if bar else -AT_END, 0)

    @property
    def scale_place(self) -> QRectF | None:
        """The rectangle of the colour scale with its labels, in the view's pixels; None without
        one.
        """
        if self.picture is None or self.picture.scale is None:
            return None
        area = self.area()
        return QRectF(area.right() + 10, area.top() - 8, pxf(BAR_SPACE) - 10, area.height() + 16)

    def _draw_under(self, painter: QPainter, square: QRectF) -> None:
        palette, shown = theme().palette, self.picture
        if shown is None or not shown.curves:
            return
        if shown.level is not None:
            self.draw_level(painter, shown.level, QPen(palette.muted, 1.0, Qt.PenStyle.DashLine))
        for x in shown.changes:
            self.draw_upright(painter, x, palette.text)
        for some in self.stems:  # blue if the label is above the prediction, orange if below
            label, said = some.labels, some.predictions
            for which, ink in ((label > said, palette.positive), (label < said, palette.negative)):
                ends = np.stack([label[which], said[which]], axis=1).ravel()
                painter.setPen(QPen(ink, STEM))
                path = path_of(np.repeat(some.x1[which], 2), ends, pieces=True)
                painter.drawPath(self.pixels().map(path))

    def _draw_bar(self, painter: QPainter) -> None:
        if self.picture is not None and self.picture.scale is not None:
            draw_bar(painter, self.area(), self.picture.scale, WASH)


def draw_bar(
    painter: QPainter, area: QRectF, labels: tuple[str, str, str], strength: float = 1.0
) -> None:
    """Draw the bar next to an area, with labels at its bottom, middle and top; `strength` is the
    picture's opacity.
    """
    bar = QRectF(area.right() + 10, area.top(), pxf(BAR), area.height())
    painter.setOpacity(strength)
    plane(painter, bar, image(np.arange(255, -1, -1).astype(np.uint8)[:, np.newaxis]), 2)
    painter.setOpacity(1.0)
    painter.setPen(theme().palette.muted)
    painter.setFont(ui_font(CAPTION - 1))
    beside = QRectF(bar.right() + 5, bar.top(), pxf(BAR_SPACE), bar.height())
    places = (_ALIGN.AlignBottom, _ALIGN.AlignVCenter, _ALIGN.AlignTop)
    for label, place in zip(labels, places, strict=True):
        painter.drawText(beside, _ALIGN.AlignLeft | place, label)
