"""The units of a column: each a thumbnail of its output, with labels and marks."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem

from core.by_hand import Place
from gui.canvas.features import LABEL_WIDTH, NAMES, draw_off
from gui.canvas.fonts import math_font, mono_font, ui_font
from gui.canvas.items import CENTRE, EquationItem, HeadItem, LayerItem, rect
from gui.canvas.layout import Box, LayerColumn, Spot, SpotKind, bias_dot
from gui.canvas.picture import Emphasis, Picture
from gui.canvas.remark_items import TwinsItem, draw_mark
from gui.canvas.words import unit_label
from gui.style import text
from gui.style.theme import Palette
from gui.widgets.painting import plane, rounded

DIM = 0.3
_SMOOTH = QPainter.RenderHint.Antialiasing
Label = tuple[QRectF, str]  # words and their place


class ColumnItem(LayerItem):
    """The units of one layer; thumbnails, head and equations are its children and move with it.

    It is cached as a pixmap: during training little but the thumbnails changes.
    """

    def __init__(self, picture: Picture, layer: int) -> None:
        super().__init__(picture, layer)
        self.setZValue(2)
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.thumbnails = ThumbnailsItem(picture, layer, self)
        self.head = HeadItem(picture, layer, self)
        self.equation = EquationItem(picture, layer, self) if layer else None
        self.twins = TwinsItem(picture, layer, self)
        self._marked: tuple[object, ...] = ()  # what of the numbers shows around the thumbnails

    def follow_numbers(self) -> None:
        """Repaint the thumbnails, and their surroundings if they have changed."""
        biases, units = self.picture.biases.get(self.layer), self.column.units
        signs = b"" if biases is None else np.sign(biases[units, 0]).tobytes()
        ill = [self.picture.remarks.units.get((self.layer, unit)) for unit in units]
        marked = (self.picture.plane, signs, *ill)
        if marked != self._marked:
            self._marked = marked
            self.update()
        self.thumbnails.update()
        self.twins.follow()

    def bounds(self) -> QRectF:
        half = _label_half(self.picture, self.layer)
        column, above = self.column, self.picture.layout.label_height + 5
        last = column.boxes[-1] if column.more is None else column.more
        top, bottom = column.boxes[0].y - above, max(last.bottom, column.boxes[-1].bottom) + 8
        reach = 60 if self.picture.emphasis is not None else 0  # for the numbers next to units
        whole = QRectF(column.x - half, top, 2 * half + reach, bottom - top)
        for _, box in column.off:
            whole |= rect(box).adjusted(-LABEL_WIDTH - 8, -4, 4, 4)
        return whole

    def draw(self, painter: QPainter, palette: Palette) -> None:
        emphasis, full = self.picture.emphasis, painter.opacity()
        labels = labels_over(self.picture, self.layer)
        for unit, box, label in zip(self.column.units, self.column.boxes, labels, strict=True):
            painter.setOpacity(full * _strength(emphasis, self.layer, unit))
            self._draw_unit(painter, palette, unit, rect(box), label)
        painter.setOpacity(full * _strength(emphasis, self.layer))
        for place, small in self.column.off:
            image = self.picture.feature_images.get(NAMES[place])
            lit = self.picture.hovered == Spot(SpotKind.FEATURE, 0, place)
            draw_off(painter, palette, place, small, image, lit)
        if self.column.more is not None:
            self._draw_more(painter, palette, rect(self.column.more))
        if emphasis is not None:
            self._draw_numbers(painter, palette)

    def _draw_unit(
        self, painter: QPainter, palette: Palette, unit: int, box: QRectF, label: Label
    ) -> None:
        radius = _radius(box)
        shadow = _outline(box.translated(0, 2), radius) - _outline(box, radius)
        painter.fillPath(shadow, QColor(0, 0, 0, 20 if palette.name == "light" else 60))
        colour, width = self._border(palette, unit)
        rounded(painter, box.adjusted(-0.5, -0.5, 0.5, 0.5), radius, None, colour, width)
        self._draw_marks(painter, palette, unit, box)
        painter.setFont(_label_font(box.width()))
        painter.setPen(palette.muted)
        painter.drawText(label[0], CENTRE, label[1])
        if self.layer:
            self._draw_bias(painter, palette, unit, box)

    def _border(self, palette: Palette, unit: int) -> tuple[QColor, float]:
        emphasis, hovered = self.picture.emphasis, self.picture.hovered
        thick = 2.6 if self.column.boxes[0].width > 34 else 2.0
        if emphasis is not None and (self.layer, unit) in emphasis.path:
            return palette.text, thick
        if emphasis is not None and emphasis.lights(self.layer):
            return getattr(palette, emphasis.role), thick
        if hovered == Spot(SpotKind.UNIT, self.layer, unit):
            return palette.accent, thick
        if self.layer == self.picture.selected:
            return palette.forward, thick
        return palette.faint, 1.2

    def _draw_marks(self, painter: QPainter, palette: Palette, unit: int, box: QRectF) -> None:
        """A ring around the chosen unit, and signs at the corners of a muted or frozen one."""
        picture = self.picture
        if (self.layer, unit) == (picture.selected, picture.unit):
            ring, radius = box.adjusted(-4, -4, 4, 4), _radius(box) + 3
            rounded(painter, ring, radius, None, palette.accent, 1.8)
        r = 7.0 if box.width() > 34 else 5.0
        if unit in picture.frozen.get(self.layer, ()):
            _draw_frozen(painter, palette, box.topLeft(), r)
        if unit in picture.muted.get(self.layer, ()):
            _draw_muted(painter, palette, box.topRight(), r)
        if (self.layer, unit) in picture.remarks.units:
            draw_mark(painter, palette, box.bottomRight(), r)

    def _draw_bias(self, painter: QPainter, palette: Palette, unit: int, box: QRectF) -> None:
        """A dot with the sign of b, − or +, for people who do not distinguish the colours."""
        bias = self.picture.bias(self.layer, unit)
        x, y, r = bias_dot(Box(box.x(), box.y(), box.width(), box.height()))
        at = QPointF(x, y)
        if self.picture.hovered == Spot(SpotKind.BIAS, self.layer, unit) or (
            self.picture.chosen == Place(self.layer, unit)
        ):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.text)
            painter.drawEllipse(at, r + 2.4, r + 2.4)
        fill = palette.faint
        if bias:
            fill = palette.positive if bias > 0 else palette.negative
        painter.setPen(QPen(palette.canvas, 1.6))
        painter.setBrush(fill)
        painter.drawEllipse(at, r + 0.8, r + 0.8)
        if bias:
            painter.setPen(QPen(palette.canvas, 1.3))
            arm = r * 0.5
            painter.drawLine(at - QPointF(arm, 0), at + QPointF(arm, 0))
            if bias > 0:
                painter.drawLine(at - QPointF(0, arm), at + QPointF(0, arm))

    def _draw_more(self, painter: QPainter, palette: Palette, box: QRectF) -> None:
        middle = box.center() - QPointF(0, 10)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.muted)
        for i in (-1, 0, 1):
            painter.drawEllipse(middle + QPointF(6 * i, 0), 1.7, 1.7)
        ground, words = _more_under(self.column)
        painter.setFont(ui_font(11))
        rounded(painter, ground, 7, palette.canvas)
        painter.setPen(palette.muted)
        painter.drawText(ground, CENTRE, words)

    def _draw_numbers(self, painter: QPainter, palette: Palette) -> None:
        emphasis = self.picture.emphasis
        if emphasis is None:
            return
        painter.setFont(mono_font(11))
        painter.setPen(getattr(palette, emphasis.role))
        for ground, written in numbers_beside(self.picture, self.layer):
            painter.fillRect(ground, palette.canvas)
            painter.drawText(ground, CENTRE, written)


def labels_over(picture: Picture, layer: int) -> list[Label]:
    """The labels over the units of a layer."""
    column, high = picture.layout.columns[layer], picture.layout.label_height
    metrics = QFontMetricsF(_label_font(picture.layout.unit_side))
    widest, found = 2 * (_label_half(picture, layer) - 2), []
    for unit, box in zip(column.units, column.boxes, strict=True):
        words = unit_label(layer, unit, picture.sizes, picture.features)
        if layer == 0:  # with room for a long name
            words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, widest)
        wide = metrics.horizontalAdvance(words) + 2
        found.append((QRectF(box.centre[0] - wide / 2, box.y - high - 3, wide, high + 2), words))
    return found


def _label_font(side: float) -> QFont:
    return math_font(13 if side > 34 else 12 if side > 24 else 11)


def _label_half(picture: Picture, layer: int) -> float:
    """Labels may be wider than units, but not so wide that they reach into the next column."""
    columns = picture.layout.columns
    apart = min(after.x - before.x for before, after in pairwise(columns))
    room = min(62.0, apart / 2, *((columns[0].x,) if layer == 0 else ()))
    return max(picture.layout.unit_side / 2 + 8, room)


def _more_under(column: LayerColumn) -> Label:
    """The number of units that are not drawn, under the "⋯" for them."""
    assert column.more is not None
    words = f"{text.count(column.count - len(column.units))} more"
    ground = QRectF(0, 0, QFontMetricsF(ui_font(11)).horizontalAdvance(words) + 10, 15)
    ground.moveCenter(rect(column.more).center() + QPointF(0, 2.5))
    return ground, words


def numbers_beside(picture: Picture, layer: int) -> list[Label]:
    """The numbers of a step next to the units of a layer, with as many digits as have room before
    the next one.
    """
    numbers = None if picture.emphasis is None else picture.emphasis.numbers(layer)
    if numbers is None:
        return []
    columns, metrics = picture.layout.columns, QFontMetricsF(mono_font(11))
    column, (letter, values) = columns[layer], numbers
    end = picture.layout.width
    if layer + 1 < len(columns):
        end = min(place.left() for place in _column_places(picture, layer + 1))
    found: list[Label] = []
    for name, digits in ((letter, 4), (letter, 3), (letter, 2), ("", 2)):
        found = []
        for unit, box in zip(column.units, column.boxes, strict=True):
            if unit < len(values):
                written = f"{name} {text.number(float(values[unit]), digits)}".strip()
                width = metrics.horizontalAdvance(written) + 4
                place = QRectF(box.right + 4, box.centre[1] - 8, width, 16)
                found.append((place, written))
        if all(place.right() <= end - 2 for place, _ in found):
            break
    return found


def taken_between(picture: Picture, layer: int) -> list[QRectF]:
    """What is drawn between two layers besides the edges into `layer`, their units included."""
    beside = [place for place, _ in numbers_beside(picture, layer - 1)]
    return [*beside, *_column_places(picture, layer - 1), *_column_places(picture, layer)]


def _column_places(picture: Picture, layer: int) -> list[QRectF]:
    """The places of a layer's units, of their labels and of the number of those not drawn."""
    column = picture.layout.columns[layer]
    found = [rect(box).adjusted(-6, -2, 4, 6) for box in column.boxes]  # with bias and mark
    found += [place for place, _ in labels_over(picture, layer)]
    return found if column.more is None else [*found, rect(column.more), _more_under(column)[0]]


class ThumbnailsItem(LayerItem):
    """The output of each drawn unit of a layer, under the column's own drawing."""

    def __init__(self, picture: Picture, layer: int, column: ColumnItem) -> None:
        super().__init__(picture, layer, column)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemStacksBehindParent)

    def bounds(self) -> QRectF:
        first, last = self.column.boxes[0], self.column.boxes[-1]
        return rect(first).united(rect(last))

    def draw(self, painter: QPainter, palette: Palette) -> None:
        full = painter.opacity()
        painter.setRenderHint(_SMOOTH, False)  # under the border; it halves the time
        for unit, place in zip(self.column.units, self.column.boxes, strict=True):
            box, image = rect(place), self.picture.image((self.layer, unit))
            painter.setOpacity(full * _strength(self.picture.emphasis, self.layer, unit))
            if image is None:
                rounded(painter, box, _radius(box), palette.neutral)
            else:
                plane(painter, box, image, _radius(box))
        painter.setRenderHint(_SMOOTH)


def _draw_sign(painter: QPainter, palette: Palette, at: QPointF, r: float) -> None:
    """The background of a sign, and the pen for its symbol."""
    painter.setPen(QPen(palette.muted, 1.2))
    painter.setBrush(palette.surface)
    painter.drawEllipse(at, r, r)
    painter.setPen(QPen(palette.text, 1.4))


def _draw_frozen(painter: QPainter, palette: Palette, at: QPointF, r: float) -> None:
    """A snowflake."""
    _draw_sign(painter, palette, at, r)
    for angle in (90, 30, 150):
        arm = QLineF.fromPolar(r * 0.68, angle).p2()
        painter.drawLine(at - arm, at + arm)


def _draw_muted(painter: QPainter, palette: Palette, at: QPointF, r: float) -> None:
    """A 0, the output of a muted unit."""
    _draw_sign(painter, palette, at, r)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(at, r * 0.36, r * 0.56)


def _radius(box: QRectF) -> float:
    return max(3.0, box.width() / 8)


def _outline(box: QRectF, radius: float) -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(box, radius, radius)
    return path


def _strength(emphasis: Emphasis | None, layer: int, unit: int = -1) -> float:
    """The opacity of a unit, or of other parts of a layer, while a step is shown."""
    if emphasis is None or emphasis.lights(layer) or (layer, unit) in emphasis.path:
        return 1.0
    return DIM
