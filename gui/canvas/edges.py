"""All edges between two layers as one item, painted in a few batches."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem

from gui.canvas.fonts import mono_font
from gui.canvas.layout import EDGE_BEND, Spot, SpotKind
from gui.canvas.picture import Emphasis, Picture, drawn_weights
from gui.canvas.units import Label, taken_between
from gui.style import text
from gui.style.theme import theme

LEVELS = 10  # steps of width and colour: this many pens per sign
WIDTHS = (0.9, 5.6)
OPACITIES = (0.38, 0.86)
ZERO = 0.72  # opacity of a zero weight's edge: 3 : 1 against the canvas, as WCAG asks of graphics
DASH = (20.0, 2.2)  # of negative edges, in pixels: never colour alone
DIM = 0.22
THIN = (1.4, 2.4)  # below it an edge is a hair line, which is stroked ten times faster ...
MANY = 60  # ... the second if there are more edges than this
MOST_NUMBERS = 12  # written on the edges of a layer, unless they belong to one unit
SHARES = (0.5, 0.6, 0.7, 0.42, 0.8, 0.55, 0.65, 0.35, 0.75, 0.3)  # of an edge, for its number
DIGITS = (4, 3, 2)
AROUND = 12.0  # from the middle of an edge to all that is written on it


class _Batch(NamedTuple):
    pen: QPen
    path: QPainterPath


class EdgesItem(QGraphicsItem):
    """The edges into layer `layer`: blue for positive, orange and dashed for negative, wide for
    large.

    `before` and `after` are the columns' items: an edge follows them while they move.
    """

    def __init__(
        self, picture: Picture, layer: int, before: QGraphicsItem, after: QGraphicsItem
    ) -> None:
        super().__init__()
        self._picture, self._layer = picture, layer
        self._before, self._after = before, after
        self._batches: list[_Batch] | None = None
        self._bounds: QRectF | None = None
        self._drawn: NDArray[np.float64] | None = None  # sizes of the shown batches
        # The units over the edges are repainted more often than the edges.
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def refresh(self) -> None:
        """Repaint: weights, colours or emphasis have changed."""
        self._batches = None
        self.update()

    @property
    def count(self) -> int:
        """How many edges are drawn."""
        columns = self._picture.layout.columns
        return len(columns[self._layer - 1].units) * len(columns[self._layer].units)

    def follow_weights(self, *, exactly: bool) -> None:
        """Repaint if the weights have changed: by a visible amount at rest, by a larger one during
        training.
        """
        sizes, drawn = _sizes(*drawn_weights(self._picture, self._layer)), self._drawn
        if self._picture.emphasis is None and drawn is not None and drawn.shape == sizes.shape:
            if exactly:
                same = ((_levels(drawn) == _levels(sizes)) & ((drawn < 0) == (sizes < 0))).all()
            else:
                same = (np.abs(drawn - sizes) < 0.5).all()
            if same:
                return
        self.refresh()

    def follow(self) -> None:
        """Repaint: a column at one end has moved."""
        self.prepareGeometryChange()
        self._batches = self._bounds = None

    def curve(self, row: int, column: int) -> QPainterPath:
        """The path of one drawn edge, by its place among the drawn units."""
        left, right, starts, stops = self._ends()
        path = QPainterPath()
        _add(path, left, right, starts[column], stops[row])
        return path

    def _ends(self) -> tuple[float, float, list[float], list[float]]:
        left, right, starts, stops = self._picture.layout.ends(self._layer)
        return left + self._before.x(), right + self._after.x(), starts.tolist(), stops.tolist()

    def _make(self) -> list[_Batch]:
        """Group the edges by pen, the weak first, so that strong ones are on top."""
        weights, largest = drawn_weights(self._picture, self._layer)
        left, right, starts, stops = self._ends()
        self._drawn = _sizes(weights, largest)
        levels = _levels(self._drawn)
        negative, zero = weights < 0, (weights == 0) | (not largest)
        batches = self._rest(left, right, starts, stops)
        kinds = [
            (0, False, True),
            *((level, sign, False) for level in range(LEVELS + 1) for sign in (False, True)),
        ]
        for level, sign, none in kinds:
            rows, columns = np.nonzero((levels == level) & (negative == sign) & (zero == none))
            if len(rows):
                path = QPainterPath()
                for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
                    _add(path, left, right, starts[column], stops[row])
                batches.append(_Batch(self._pen(level, sign, none), path))
        return batches

    def _pen(self, level: int, negative: bool, zero: bool) -> QPen:
        """The pen for this level and sign; a `zero` edge is grey, and as visible as others."""
        palette = theme().palette
        share = level / LEVELS
        width = WIDTHS[0] + (WIDTHS[1] - WIDTHS[0]) * share * self._thickness()
        thin = width < THIN[self._is_crowded()]
        width = 1.0 if thin else width
        emphasis = self._picture.emphasis
        lit = emphasis is not None and emphasis.layer == self._layer
        if lit and emphasis is not None and emphasis.edges is not None:
            colour = QColor(getattr(palette, emphasis.role))
        elif zero:
            colour = QColor(palette.muted)
        else:
            colour = QColor(palette.negative if negative else palette.positive)
        opacity = OPACITIES[0] + (OPACITIES[1] - OPACITIES[0]) * share
        opacity = ZERO if zero else opacity
        colour.setAlphaF(opacity * (1.0 if lit or emphasis is None else DIM))
        pen = QPen(colour, width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setCosmetic(thin)
        if negative and not zero:
            pen.setDashPattern([DASH[0] / width, DASH[1] / width])
        return pen

    def _is_crowded(self) -> bool:
        columns = self._picture.layout.columns
        return sum(len(a.units) * len(b.units) for a, b in pairwise(columns)) > MANY

    def _thickness(self) -> float:
        """Small units have thinner edges."""
        return min(1.0, 0.35 + self._picture.layout.unit_side / 80)

    def _rest(
        self, left: float, right: float, starts: list[float], stops: list[float]
    ) -> list[_Batch]:
        """Grey threads to the "⋯" of a column: there are more edges than are drawn."""
        columns = self._picture.layout.columns
        before, after = columns[self._layer - 1].more, columns[self._layer].more
        path = QPainterPath()
        if after is not None:
            for start in starts:
                _add(path, left, right, start, after.centre[1])
        if before is not None:
            for stop in stops:
                _add(path, left, right, before.centre[1], stop)
        if path.isEmpty():
            return []
        colour = QColor(theme().palette.faint)
        colour.setAlphaF(0.35 if self._picture.emphasis is None else 0.35 * DIM)
        pen = QPen(colour, 1.0)
        pen.setCosmetic(True)
        return [_Batch(pen, path)]

    def _place(self, edge: Spot | tuple[int, int]) -> tuple[int, int] | None:
        """The drawn row and column of an edge given by its units."""
        to, of = (edge.unit, edge.source) if isinstance(edge, Spot) else edge
        columns = self._picture.layout.columns
        rows, sources = columns[self._layer].units, columns[self._layer - 1].units
        return (rows.index(to), sources.index(of)) if to in rows and of in sources else None

    def _paint_marked(self, painter: QPainter) -> None:
        """The hovered edge, the opened one, and those that it was reached by."""
        hovered, emphasis = self._picture.hovered, self._picture.emphasis
        marked = []
        if hovered is not None and hovered.kind is SpotKind.EDGE and hovered.layer == self._layer:
            marked.append((self._place(hovered), 2.4))
        chosen = self._picture.chosen
        if chosen is not None and chosen.layer == self._layer:
            marked.append((self._place((chosen.row, chosen.column)), 3.0))
        path = () if emphasis is None else emphasis.path
        on_path = (edge for edge in path if len(edge) == 3 and edge[0] == self._layer)
        marked.extend((self._place((row, column)), 2.4) for _, row, column in on_path)
        if emphasis is not None and emphasis.layer == self._layer and emphasis.edge is not None:
            marked.append((self._place(emphasis.edge), 4.0))
        for place, width in marked:
            if place is not None:
                painter.setPen(QPen(theme().palette.text, width))
                painter.drawPath(self.curve(*place))

    def _paint_numbers(self, painter: QPainter) -> None:
        """The numbers of a highlighted layer's edges, or of those into the opened unit."""
        emphasis = self._picture.emphasis
        if emphasis is None or emphasis.layer != self._layer or not emphasis.edge_numbers:
            return
        painter.setFont(mono_font(10))
        painter.setBrush(theme().palette.canvas)
        weights, _ = drawn_weights(self._picture, self._layer)
        taken = taken_between(self._picture, self._layer)
        for place, share in self._numbered(emphasis, weights):
            number = self._free_number(painter, place, share, weights[place], taken)
            if number is not None:
                taken.append(number[0])
                self._paint_number(painter, number)

    def _numbered(
        self, emphasis: Emphasis, weights: NDArray[np.float64]
    ) -> list[tuple[tuple[int, int], float]]:
        """The edges that have their number written, the largest first, and where along them."""
        if emphasis.edge is not None and (opened := self._place(emphasis.edge)) is not None:
            return [(opened, 0.55)]
        row, (rows, columns) = self._opened_row(emphasis), weights.shape
        if row is None and weights.size > MOST_NUMBERS:
            return []
        places = [(i, j) for i, j in np.argwhere(~np.isnan(weights)).tolist() if row in (None, i)]
        alone = rows == 1 or row is not None
        shares = [0.42 if alone else 0.45 + 0.4 * (j + 0.5) / columns for _, j in places]
        both = zip(places, shares, strict=True)
        return sorted(both, key=lambda each: -abs(weights[each[0]]))

    def _opened_row(self, emphasis: Emphasis) -> int | None:
        """The drawn row of the opened unit."""
        if emphasis.unit is None:
            return None
        place = self._place((emphasis.unit, self._picture.layout.columns[self._layer - 1].units[0]))
        return None if place is None else place[0]

    def _free_number(
        self,
        painter: QPainter,
        place: tuple[int, int],
        share: float,
        value: float,
        taken: list[QRectF],
    ) -> Label | None:
        """The rectangle and the text of a number on its edge where it touches nothing that is
        taken, with fewer digits if it must.
        """
        curve = self.curve(*place)
        for written in dict.fromkeys(text.number(value, digits) for digits in DIGITS):
            size = painter.fontMetrics().size(0, written)
            box = QRectF(0, 0, size.width() + 6, size.height())
            for along in (share, *SHARES):
                box.moveCenter(curve.pointAtPercent(along))
                around = box.adjusted(-2, -1, 2, 1)
                if not any(around.intersects(other) for other in taken):
                    return box, written
        return None

    def _paint_number(self, painter: QPainter, number: Label) -> None:
        box, written = number
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(box, 4, 4)
        emphasis = self._picture.emphasis
        assert emphasis is not None
        painter.setPen(getattr(theme().palette, emphasis.role))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, written)

    def _extent(self) -> QRectF:
        columns = self._picture.layout.columns
        left = columns[self._layer - 1].x + self._before.x()
        right = columns[self._layer].x + self._after.x()
        rows = [
            box.centre[1]
            for column in columns[self._layer - 1 : self._layer + 1]
            for box in (*column.boxes, column.more)
            if box is not None
        ]
        top, bottom = min(rows) - AROUND, max(rows) + AROUND
        return QRectF(QPointF(min(left, right), top), QPointF(max(left, right), bottom))

    def boundingRect(self) -> QRectF:
        if self._bounds is None:
            self._bounds = self._extent()
        return self._bounds

    def paint(self, painter: QPainter, *_: object) -> None:
        if self._batches is None:
            self._batches = self._make()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._picture.faded:
            painter.setOpacity(painter.opacity() * 0.25)
        for batch in self._batches:
            painter.setPen(batch.pen)
            painter.drawPath(batch.path)
        self._paint_marked(painter)
        self._paint_numbers(painter)


def _sizes(weights: NDArray[np.float64], largest: float) -> NDArray[np.float64]:
    """Each weight relative to the layer's largest, from -LEVELS to LEVELS."""
    if not (np.isfinite(largest) and largest > 0):
        return np.zeros(weights.shape)
    sizes: NDArray[np.float64] = np.clip(weights / largest, -1.0, 1.0) * LEVELS
    sizes[np.isnan(sizes)] = 0.0
    return sizes


def _levels(sizes: NDArray[np.float64]) -> NDArray[np.float64]:
    """The step of width and colour, 0..LEVELS, in which a weight of this size is drawn."""
    levels: NDArray[np.float64] = np.rint(np.abs(sizes))
    return levels


def _add(path: QPainterPath, left: float, right: float, start: float, stop: float) -> None:
    reach = EDGE_BEND * (right - left)
    path.moveTo(left, start)
    path.cubicTo(left + reach, start, right - reach, stop, right, stop)
