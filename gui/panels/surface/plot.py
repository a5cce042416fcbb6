"""The plot of the cost surface: a map with the path of the run and its point, or in 3-D."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from PySide6.QtCore import QLineF, QMarginsF, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen, QWheelEvent
from PySide6.QtWidgets import QGraphicsItem

from gui.panels.surface.relief import Relief, Surface, contours, levels_of
from gui.plots.box import ZOOM
from gui.plots.chart import ZOOMS
from gui.plots.contour import crossings
from gui.plots.items import CurveItem, PictureItem
from gui.plots.square_plot import SquarePlot, rectangle
from gui.style.theme import image, theme, translucent

GRAB = 14.0  # px around the point in which it can be grabbed
POINT, START = 6.5, 3.5  # px, the radii of the point and of the start of the path
WAY = 2.0  # px
INK = 70  # alpha of contour lines
STEP, FINE = 1 / 40, 1 / 200  # of the visible range, that one key moves the point
_Key = Qt.Key
_WAYS = {
    int(_Key.Key_Left): (-1, 0), int(_Key.Key_Right): (1, 0),
    int(_Key.Key_Down): (0, -1), int(_Key.Key_Up): (0, 1),
}  # fmt: skip
_TURNS = {int(_Key.Key_Left): -math.radians(15), int(_Key.Key_Right): math.radians(15)}


class SurfacePlot(SquarePlot):
    """Shows a Surface; when the user zooms or pans, asks for the visible part: `wanted`.

    On the map the point can be dragged if it is `movable`, also with the arrow keys:
    `dragged(x, y, last)`. In 3-D the mouse and the arrow keys turn the surface.
    """

    dragged = Signal(object, object, object)
    wanted = Signal(object)  # the ranges of x and y; None: the automatic ones
    turned = Signal(object)  # the angle, in radians

    air = QMarginsF(2, 6, 8, 2)

    def __init__(self, name: str) -> None:
        self.movable = self.from_side = False
        self.angle = math.radians(-30)
        self._surface: Surface | None = None
        self._held: QPointF | None = None  # the mouse that drags the point or turns the surface
        self._moved: tuple[float, float] | None = None  # by keys, since this surface was drawn
        super().__init__(name, bounded=(False, False))
        self.box.stays = False
        self._layer.setCacheMode(QGraphicsItem.CacheMode.NoCache)  # its two dots move with a frame
        self._picture = PictureItem()
        self._lines = CurveItem(width=1.0)
        self._way = CurveItem(width=WAY)
        for z, item in enumerate((self._picture, self._lines, self._way)):
            self.add_item(item, z)
        self.zoomed.connect(self._on_zoomed)

    def show_surface(self, surface: Surface | None) -> None:
        """Show this, or nothing."""
        self._surface, self._moved = surface, None
        self.refresh()
        if surface is None:
            return
        place = rectangle(surface.plane)
        self.show_plane(surface.plane, surface.names, held=False)
        if _alike(self.seen(), place):  # the part requested by zooming has arrived
            self.box.show_all()
        self._lines.set_pen(QPen(translucent(theme().palette.text, INK), 1.0))
        self._way.set_pen(QPen(theme().palette.negative, 1.0))
        self._picture.show_image(image(levels_of(surface.heights)[::-1]), place)
        last = len(surface.x) - 1
        wide, high = place.width() / last, place.height() / last
        ends = [crossings(surface.heights, level) for level in contours(surface.heights)]
        columns, rows = (np.concatenate(part) for part in zip(*ends, strict=True))
        x, y = place.left() + columns * wide, place.top() + rows * high
        self._lines.set_points(x, y, pieces=True)
        way = np.vstack([surface.way, [surface.here]])
        self._way.set_points(way[:, 0], way[:, 1])

    def dress(self) -> None:
        super().dress()
        self.show_surface(self._surface)

    def seen(self) -> QRectF:
        """The visible ranges of x and y."""
        return QRectF(self.box.viewRect())

    def numbers(self) -> dict[str, Any]:
        surface = self._surface
        if surface is None:
            return {}
        across, up = np.meshgrid(surface.x, surface.y)
        return {
            surface.names[0]: across.ravel(),
            surface.names[1]: up.ravel(),
            "J": surface.heights.ravel(),
        }

    def look(self, *, from_side: bool) -> None:
        """Show it in 3-D, or as a map."""
        self.from_side = from_side
        self.box.setVisible(not from_side)
        for axis in self.axes.values():
            axis.setVisible(not from_side)
        self.arrange()
        self.refresh()

    def turn_to(self, angle: float) -> None:
        """Show it from this angle."""
        self.angle = angle
        self.refresh()

    def room(self) -> QRectF:
        return self.extent() if self.from_side else super().room()

    # --- hands -----------------------------------------------------------------------------------

    def show_all(self) -> None:
        self.box.show_all()
        self.wanted.emit(None)

    def _on_zoomed(self) -> None:
        if self._surface is not None and not _alike(self.seen(), rectangle(self._surface.plane)):
            seen = self.seen()
            self.wanted.emit(((seen.left(), seen.right()), (seen.top(), seen.bottom())))

    def _inside(self, x: float, y: float) -> tuple[float, float]:
        """The nearest visible point."""
        seen = self.seen()
        return min(max(x, seen.left()), seen.right()), min(max(y, seen.top()), seen.bottom())

    def _turn_by(self, angle: float) -> None:
        self.turn_to(self.angle + angle)
        self.turned.emit(self.angle)

    def _zoom(self, factor: float) -> None:
        """Show this share of the ranges, around the point or the nearest part."""
        if self._surface is not None:
            self.box.scaleBy((factor, factor), center=self._inside(*self._surface.here))

    def _step(self, way: tuple[int, int], here: tuple[float, float], share: float) -> None:
        """Move the point by this share of the visible range."""
        (x, y), seen = here if self._moved is None else self._moved, self.seen()
        across, up = way[0] * share * seen.width(), way[1] * share * seen.height()
        self._moved = self._inside(x + across, y + up)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        surface, at = self._surface, event.position()
        if surface is not None and event.button() == Qt.MouseButton.LeftButton:
            away = QLineF(at, self.point_at(*surface.here)).length()
            self._held = at if self.from_side or (self.movable and away <= GRAB) else None
        if self._held is None:
            super().mousePressEvent(event)
        else:
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._held is None:
            super().mouseMoveEvent(event)
        elif self.from_side:
            self._turn_by(math.radians(at.x() - self._held.x()) / 2)
            self._held = at
        else:
            self.dragged.emit(*self._inside(*self.values_at(at).toTuple()), False)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._held is None:
            super().mouseReleaseEvent(event)
            return
        self._held = None
        self.viewport().unsetCursor()
        if not self.from_side:
            self.dragged.emit(*self._inside(*self.values_at(event.position()).toTuple()), True)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.from_side and event.angleDelta().y():
            self._zoom(ZOOM if event.angleDelta().y() > 0 else 1 / ZOOM)
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, surface, shift = event.key(), self._surface, Qt.KeyboardModifier.ShiftModifier
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if surface is None or held & ~shift:
            super().keyPressEvent(event)
        elif self.from_side and key in _TURNS:
            self._turn_by(_TURNS[key])
        elif self.from_side and key in ZOOMS:
            self._zoom(ZOOMS[key])
        elif self.movable and key in _WAYS and not self.from_side:
            self._step(_WAYS[key], surface.here, FINE if held else STEP)
            self.dragged.emit(*(self._moved or surface.here), not event.isAutoRepeat())
        else:
            super().keyPressEvent(event)

    def _draw_kept(self, painter: QPainter) -> None:
        if self._surface is not None and self.from_side:
            Relief(self._surface, self.angle, self.extent()).paint(painter)
        elif self._surface is not None:
            palette, here = theme().palette, self._surface.here
            start = self._surface.way[0] if len(self._surface.way) else here
            self.draw_dot(painter, self.point_at(*start), START, palette.negative)
            self.draw_dot(painter, self.point_at(*here), POINT, palette.accent)


def _alike(a: QRectF, b: QRectF) -> bool:
    one, other = (np.array([r.left(), r.right(), r.top(), r.bottom()]) for r in (a, b))
    size = np.array([b.width(), b.width(), b.height(), b.height()])
    return bool((np.abs(one - other) <= 1e-6 * size).all())
