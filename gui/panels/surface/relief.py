"""The cost surface in perspective, painted and rotatable."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
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
from gui.panels.surface.surface import Surface, between, levels_of
from gui.plots.pixels import shares
from gui.style import text
from gui.style.theme import CAPTION, image, theme, translucent, ui_font
from gui.widgets.painting import focus_ring, smooth

TILT = math.radians(32)
HIGH = 0.7  # of the side: how high the surface rises
DIAGONAL = math.sqrt(2.0)  # height as a share of the floor's diagonal
ROUND = 48.0  # px around the floor for the numbers
STEP = math.radians(15)  # turn per key press
CLOSER = 0.8  # of the ranges, for one step of zoom


class Relief(QWidget):
    """Shows a Surface; dragging or the arrow keys turn it. The wheel, plus and minus ask for other
    ranges of x and y: `wanted`.
    """

    wanted = Signal(object)
    turned = Signal(object)  # the angle, in radians

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(QSize(120, 110))
        self._surface: Surface | None = None
        self._turn = math.radians(-30)
        self._held: QPointF | None = None  # the position of the mouse that rotates it

    def show_surface(self, surface: Surface | None) -> None:
        """Show this, or nothing."""
        self._surface = surface
        self.update()

    @property
    def angle(self) -> float:
        """The angle of rotation."""
        return self._turn

    def turn_to(self, angle: float) -> None:
        """Rotate to this angle."""
        self._turn = angle
        self.update()

    def _turn_by(self, angle: float) -> None:
        self.turn_to(self._turn + angle)
        self.turned.emit(self._turn)

    def _shares(self, points: Array) -> Array:
        """Points (k, 2) as shares 0..1 of the square's sides."""
        assert self._surface is not None
        pairs = zip(points.T, (self._surface.x, self._surface.y), strict=True)
        return np.stack([shares(at, (side[0], side[-1])) for at, side in pairs], axis=1)

    # --- hands -----------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._surface is None or event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self._held = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is not None:
            by = math.radians(event.position().x() - self._held.x()) / 2
            self._held = event.position()
            self._turn_by(by)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._held = None

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.angleDelta().y():
            self._zoom(CLOSER if event.angleDelta().y() > 0 else 1 / CLOSER)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        turns = {Qt.Key.Key_Left: -STEP, Qt.Key.Key_Right: STEP}
        zooms = {Qt.Key.Key_Plus: CLOSER, Qt.Key.Key_Minus: 1 / CLOSER}
        if event.key() in turns:
            self._turn_by(turns[Qt.Key(event.key())])
        elif event.key() in zooms:
            self._zoom(zooms[Qt.Key(event.key())])
        else:
            event.ignore()

    def _zoom(self, factor: float) -> None:
        """Ask for this share of the ranges, around the point or the nearest part."""
        surface = self._surface
        if surface is not None:
            pairs = zip((surface.x, surface.y), surface.here, strict=True)
            self.wanted.emit(tuple(_zoomed(values, at, factor) for values, at in pairs))

    # --- painting --------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._surface is None:
            return
        with smooth(self) as painter:
            self._paint_side(painter, self._surface)
            if self.hasFocus():
                focus_ring(painter, QRectF(self.rect()), 6.0)

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

    def _paint_side(self, painter: QPainter, surface: Surface) -> None:
        """Squares of the grid from the farthest to the nearest: the nearer hide the farther."""
        low, high = float(surface.heights.min()), float(surface.heights.max())
        heights = (surface.heights - low) / max(high - low, 1e-300)
        side = len(surface.x)
        lines = np.linspace(0.0, 1.0, side)
        corners = self._seen(*np.meshgrid(lines, lines), heights)
        depth = self._depth(*np.meshgrid(lines[:-1], lines[:-1]))
        table, levels = [QColor(code) for code in _ramp()], levels_of(surface.heights)
        ink = translucent(theme().palette.text, 40)
        self._paint_box(painter, low, high)
        painter.setPen(QPen(ink, 0.6))
        for at in np.argsort(depth, axis=None):
            row, column = divmod(int(at), side - 1)
            quad = [(row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column)]
            painter.setBrush(table[levels[row, column]])
            painter.drawPolygon(QPolygonF([QPointF(*corners[c]) for c in quad]))
        self._name_edges(painter, surface)
        shares = self._shares(np.vstack([surface.way, [surface.here]]))
        inside = ((shares >= 0) & (shares <= 1)).all(axis=1)
        seen = shares[inside]
        if len(seen):
            lifted = self._seen(seen[:, 0], seen[:, 1], between(heights, seen))
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
        """Pixels (…, 2) of points of the surface, given as shares of its sides and of
        its height.
        """
        x, y = self._turned(across, up)
        deep, tall = DIAGONAL * math.sin(TILT), HIGH * math.cos(TILT)
        scale = min((self.width() - 2 * ROUND) / DIAGONAL, (self.height() - ROUND) / (deep + tall))
        down = -y * math.sin(TILT) - HIGH * math.cos(TILT) * heights
        middle = (self.height() - ROUND / 2) / 2 + 0.5 * tall * scale
        pixels: Array = np.stack([self.width() / 2 + x * scale, middle + down * scale], axis=-1)
        return pixels


def _ramp() -> list[int]:
    picture = image(np.arange(256, dtype=np.uint8)[np.newaxis])
    return [picture.pixel(x, 0) for x in range(256)]


def _zoomed(values: Array, around: float, factor: float) -> tuple[float, float]:
    low, high = float(values[0]), float(values[-1])
    middle = min(max(around, low), high)
    return middle - (middle - low) * factor, middle + (high - middle) * factor
