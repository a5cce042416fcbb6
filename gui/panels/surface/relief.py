"""A surface over a square: a map with contour lines, or seen from the side and turned."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.nn.activations import Array
from gui.plots.contour import crossings
from gui.style import text
from gui.style.theme import CAPTION, image, theme, ui_font
from gui.widgets.painting import focus_ring, smooth

LINES = 12  # contour lines
LEFT, BELOW, AIR = 40.0, 30.0, 8.0  # px for the numbers and names of the axes, and around
GRAB = 14.0  # px around the point in which it is taken hold of
TILT = math.radians(32)
HIGH = 0.7  # of the side: how high the surface rises seen from the side
DIAGONAL = math.sqrt(2.0)  # of the floor, which is as wide when it stands on a corner
ROUND = 48.0  # px around the floor for the numbers
STEP = math.radians(15)  # a key press turns it by so much


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """Heights (side, side) over `x` and `y` (side,), a row for each y, ascending; a way over it
    (k, 2), and the point where it has led.
    """

    x: Array
    y: Array
    heights: Array
    way: Array
    here: tuple[float, float]
    names: tuple[str, str]


class Relief(QWidget):
    """Shows a Surface. On the map the point can be dragged: `dragged(x, y, last)`; the wheel asks
    for other bounds: `zoomed(factor)`. Seen from the side, dragging or the arrow keys turn it.
    """

    dragged = Signal(object, object, object)
    zoomed = Signal(object)
    turned = Signal(object)  # the angle, in radians

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(QSize(120, 110))
        self.movable = False
        self.from_side = False
        self._surface: Surface | None = None
        self._levels: NDArray[np.uint8] = np.zeros((1, 1), np.uint8)
        self._turn = math.radians(-30)
        self._held: QPointF | None = None  # where the mouse took hold of the point, or of the view

    def show_surface(self, surface: Surface | None) -> None:
        """Show this, or nothing."""
        self._surface = surface
        if surface is not None:
            self._levels = _levels(surface.heights)
        self.update()

    def look(self, *, from_side: bool) -> None:
        """Show it from the side, or as a map."""
        self.from_side = from_side
        self.update()

    def turn_to(self, angle: float) -> None:
        """Seen from the side, show it turned by so much."""
        self._turn = angle
        self.update()

    def _turn_by(self, angle: float) -> None:
        self.turn_to(self._turn + angle)
        self.turned.emit(self._turn)

    # --- where things are ------------------------------------------------------------------------

    def _square(self) -> QRectF:
        side = min(self.width() - LEFT - AIR, self.height() - BELOW - AIR)
        left = LEFT + (self.width() - LEFT - AIR - side) / 2
        return QRectF(left, AIR / 2, side, side)

    def _shares(self, points: Array) -> Array:
        """Points (k, 2) as shares 0..1 of the square's sides."""
        assert self._surface is not None
        x, y = self._surface.x, self._surface.y
        low = np.array([x[0], y[0]])
        shares: Array = (points - low) / (np.array([x[-1], y[-1]]) - low)
        return shares

    def point_at(self, x: float, y: float) -> QPointF:
        """The pixel of a point on the map."""
        square = self._square()
        across, up = self._shares(np.array([[x, y]]))[0]
        return QPointF(
            square.left() + across * square.width(), square.bottom() - up * square.height()
        )

    def _place_of(self, at: QPointF) -> tuple[float, float]:
        assert self._surface is not None
        square, x, y = self._square(), self._surface.x, self._surface.y
        across = min(max((at.x() - square.left()) / square.width(), 0.0), 1.0)
        up = min(max((square.bottom() - at.y()) / square.height(), 0.0), 1.0)
        return float(x[0] + across * (x[-1] - x[0])), float(y[0] + up * (y[-1] - y[0]))

    # --- hands -----------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._surface is None or event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        at = event.position()
        if self.from_side:
            self._held = at
        elif self.movable and _far(at, self.point_at(*self._surface.here)) <= GRAB:
            self._held = at
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is None:
            return
        if self.from_side:
            by = math.radians(event.position().x() - self._held.x()) / 2
            self._held = event.position()
            self._turn_by(by)
        else:
            self.dragged.emit(*self._place_of(event.position()), False)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._held is not None and not self.from_side:
            self.dragged.emit(*self._place_of(event.position()), True)
        self._held = None
        self.unsetCursor()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self._surface is not None and event.angleDelta().y():
            self.zoomed.emit(0.8 if event.angleDelta().y() > 0 else 1.25)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        turns = {Qt.Key.Key_Left: -STEP, Qt.Key.Key_Right: STEP}
        zooms = {Qt.Key.Key_Plus: 0.8, Qt.Key.Key_Minus: 1.25}
        if self.from_side and event.key() in turns:
            self._turn_by(turns[Qt.Key(event.key())])
        elif event.key() in zooms:
            self.zoomed.emit(zooms[Qt.Key(event.key())])
        else:
            event.ignore()

    # --- painting --------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._surface is None:
            return
        with smooth(self) as painter:
            if self.from_side:
                self._paint_side(painter, self._surface)
            else:
                self._paint_map(painter, self._surface)
            if self.hasFocus():
                focus_ring(painter, QRectF(self.rect()), 6.0)

    def _paint_map(self, painter: QPainter, surface: Surface) -> None:
        square, palette = self._square(), theme().palette
        painter.drawImage(square, image(self._levels[::-1]))
        painter.save()
        painter.setClipRect(square)
        ink = QColor(palette.text)
        ink.setAlpha(70)
        painter.setPen(QPen(ink, 1.0))
        last = len(surface.x) - 1
        for level in _contours(surface.heights):
            columns, rows = crossings(surface.heights, level)
            x = square.left() + columns / last * square.width()
            y = square.bottom() - rows / last * square.height()
            ends = [QPointF(*pair) for pair in zip(x.tolist(), y.tolist(), strict=True)]
            painter.drawLines([QLineF(a, b) for a, b in zip(ends[::2], ends[1::2], strict=True)])
        shares = self._shares(np.vstack([surface.way, [surface.here]]))
        way = [
            QPointF(square.left() + across * square.width(), square.bottom() - up * square.height())
            for across, up in shares.tolist()
        ]
        self._paint_way(painter, way)
        painter.restore()
        self._paint_axes(painter, square, surface)

    def _paint_way(self, painter: QPainter, way: list[QPointF]) -> None:
        palette = theme().palette
        painter.setPen(QPen(palette.negative, 2.0))
        painter.drawPolyline(QPolygonF(way))
        painter.setPen(QPen(palette.surface, 1.5))
        painter.setBrush(palette.negative)
        painter.drawEllipse(way[0], 3.5, 3.5)
        painter.setBrush(palette.accent)
        painter.drawEllipse(way[-1], 6.5, 6.5)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_axes(self, painter: QPainter, square: QRectF, surface: Surface) -> None:
        painter.setPen(theme().palette.muted)
        painter.setFont(ui_font(CAPTION))
        align, below = (
            Qt.AlignmentFlag,
            QRectF(square.left(), square.bottom() + 2, square.width(), 14),
        )
        beside = QRectF(0, square.top(), square.left() - 4, square.height())
        for side, value in ((align.AlignLeft, surface.x[0]), (align.AlignRight, surface.x[-1])):
            painter.drawText(below, side, text.plain(float(value), 3))
        for side, value in ((align.AlignTop, surface.y[-1]), (align.AlignBottom, surface.y[0])):
            painter.drawText(beside, side | align.AlignRight, text.plain(float(value), 3))
        painter.drawText(below.translated(0, 12), align.AlignHCenter, surface.names[0])
        painter.save()
        painter.translate(square.left() - 8, square.center().y())
        painter.rotate(-90)
        painter.drawText(QRectF(-90, -26, 180, 14), align.AlignHCenter, surface.names[1])
        painter.restore()

    def _paint_side(self, painter: QPainter, surface: Surface) -> None:
        """Squares of the grid from the farthest to the nearest: the nearer hide the farther."""
        low, high = float(surface.heights.min()), float(surface.heights.max())
        heights = (surface.heights - low) / max(high - low, 1e-300)
        side = len(surface.x)
        lines = np.linspace(0.0, 1.0, side)
        corners = self._seen(*np.meshgrid(lines, lines), heights)
        depth = self._depth(*np.meshgrid(lines[:-1], lines[:-1]))
        table = [QColor(code) for code in _ramp()]
        ink = QColor(theme().palette.text)
        ink.setAlpha(40)
        self._paint_box(painter, low, high)
        painter.setPen(QPen(ink, 0.6))
        for at in np.argsort(depth, axis=None):
            row, column = divmod(int(at), side - 1)
            quad = [(row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column)]
            painter.setBrush(table[self._levels[row, column]])
            painter.drawPolygon(QPolygonF([QPointF(*corners[c]) for c in quad]))
        self._name_edges(painter, surface)
        shares = self._shares(np.vstack([surface.way, [surface.here]]))
        inside = ((shares >= 0) & (shares <= 1)).all(axis=1)
        seen = shares[inside]
        if len(seen):
            lifted = self._seen(seen[:, 0], seen[:, 1], _between(heights, seen))
            self._paint_way(painter, [QPointF(*point) for point in lifted.tolist()])

    def _paint_box(self, painter: QPainter, low: float, high: float) -> None:
        """The floor, and the scale of heights on the upright edge at the left."""
        palette, align = theme().palette, Qt.AlignmentFlag
        across, up = np.array([0.0, 1.0, 1.0, 0.0]), np.array([0.0, 0.0, 1.0, 1.0])
        floor, top = (self._seen(across, up, np.full(4, height)) for height in (0.0, 1.0))
        painter.setPen(QPen(palette.border, 1.0))
        painter.setBrush(palette.raised)
        painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in floor.tolist()]))
        left = int(np.argmin(floor[:, 0]))
        foot, head = QPointF(*floor[left]), QPointF(*top[left])
        painter.setPen(QPen(palette.faint, 1.0))
        painter.drawLine(foot, head)
        painter.setPen(palette.muted)
        painter.setFont(ui_font(CAPTION - 1))
        for at, value in ((foot - QPointF(0, 9), low), (head, high)):
            beside = QRectF(at.x() - 64, at.y() - 7, 60, 14)
            painter.drawText(beside, align.AlignRight | align.AlignVCenter, text.plain(value, 2))
        middle = (foot + head) / 2
        name = QRectF(middle.x() - 24, middle.y() - 7, 20, 14)
        painter.drawText(name, align.AlignRight | align.AlignVCenter, "J")

    def _name_edges(self, painter: QPainter, surface: Surface) -> None:
        """Write each axis's name and its ends along the nearer of its two edges."""
        along, near, floor = np.array([0.07, 0.5, 0.93]), np.array([-0.07, 1.07]), np.zeros(3)
        painter.setPen(theme().palette.muted)
        for axis, (name, values) in enumerate(
            zip(surface.names, (surface.x, surface.y), strict=True)
        ):
            edges = [(along, np.full(3, end)) for end in near]
            places = edges if axis == 0 else [(beside, run) for run, beside in edges]
            nearer = max(places, key=lambda place: float(self._depth(*place)[1]))
            words = text.plain(float(values[0]), 3), name, text.plain(float(values[-1]), 3)
            for at, word, size in zip(self._seen(*nearer, floor), words, (1, 0, 1), strict=True):
                painter.setFont(ui_font(CAPTION - size))
                box = QRectF(at[0] - 60, at[1] - 6, 120, 14)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, word)

    def _turned(self, across: Array, up: Array) -> tuple[Array, Array]:
        c, s = math.cos(self._turn), math.sin(self._turn)
        x, y = across - 0.5, up - 0.5
        return c * x - s * y, s * x + c * y

    def _depth(self, across: Array, up: Array) -> Array:
        """How near squares are: the farthest has the least."""
        return -self._turned(across, up)[1]

    def _seen(self, across: Array, up: Array, heights: Array) -> Array:
        """Pixels (…, 2) of points of the surface, shares of its sides and of its height."""
        x, y = self._turned(across, up)
        deep, tall = DIAGONAL * math.sin(TILT), HIGH * math.cos(TILT)
        scale = min((self.width() - 2 * ROUND) / DIAGONAL, (self.height() - ROUND) / (deep + tall))
        down = -y * math.sin(TILT) - HIGH * math.cos(TILT) * heights
        middle = (self.height() - ROUND / 2) / 2 + 0.5 * tall * scale
        pixels: Array = np.stack([self.width() / 2 + x * scale, middle + down * scale], axis=-1)
        return pixels


def _levels(heights: Array) -> NDArray[np.uint8]:
    """The upper half of the colour scale, by the square root: what is low is told apart best."""
    low, high = float(heights.min()), float(heights.max())
    share = np.sqrt((heights - low) / max(high - low, 1e-300))
    levels: NDArray[np.uint8] = (128 + np.rint(127 * share)).astype(np.uint8)
    return levels


def _ramp() -> list[int]:
    picture = image(np.arange(256, dtype=np.uint8)[np.newaxis])
    return [picture.pixel(x, 0) for x in range(256)]


def _contours(heights: Array) -> list[float]:
    """Levels of contour lines, denser where it is low."""
    low, high = float(heights.min()), float(heights.max())
    return [low + (high - low) * ((i + 0.5) / LINES) ** 2 for i in range(LINES)]


def _between(heights: Array, shares: Array) -> Array:
    """The height (k,) at shares (k, 2) of the sides, between the points of the grid."""
    last = len(heights) - 1
    at = shares * last
    cell = np.minimum(at.astype(np.intp), last - 1)
    (u, v), (column, row) = (at - cell).T, cell.T
    found: Array = (1 - v) * ((1 - u) * heights[row, column] + u * heights[row, column + 1]) + v * (
        (1 - u) * heights[row + 1, column] + u * heights[row + 1, column + 1]
    )
    return found


def _far(a: QPointF, b: QPointF) -> float:
    return math.hypot(a.x() - b.x(), a.y() - b.y())
