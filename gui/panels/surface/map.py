"""The cost surface from above: contour lines, the path of the run, and its point."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from PySide6.QtCore import QMarginsF, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen, QTransform
from PySide6.QtWidgets import QGraphicsItem

from gui.panels.surface.surface import Surface, contours, levels_of
from gui.plots.contour import crossings
from gui.plots.items import CurveItem, PathItem, PictureItem
from gui.plots.pg import pg
from gui.plots.square_plot import SquarePlot
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


class SurfaceMap(SquarePlot):
    """Shows a Surface; when the user zooms or pans, asks for the visible part: `wanted`.

    The point can be dragged if it is `movable`, also with the arrow keys: `dragged(x, y, last)`.
    """

    dragged = Signal(object, object, object)
    wanted = Signal(object)  # the ranges of x and y; None: the automatic ones

    air = QMarginsF(2, 6, 8, 2)

    def __init__(self, name: str) -> None:
        self.movable = False
        self._surface: Surface | None = None
        self._held = False
        self._moved: tuple[float, float] | None = None  # by keys, since this surface was drawn
        super().__init__(name, left_drags=True, bounded=(False, False))
        self.box.stays = False
        self._layer.setCacheMode(QGraphicsItem.CacheMode.NoCache)  # its two dots move with a frame
        self._picture = PictureItem()
        self._lines = PathItem(QPen())
        self._way = CurveItem(width=WAY)
        for z, item in enumerate((self._picture, self._lines, self._way)):
            self.add_item(item, z)
        self.zoomed.connect(self._on_zoomed)
        self.numbers = self._numbers
        self.dress()
        self.arrange()

    def show_surface(self, surface: Surface | None) -> None:
        """Show this, or nothing."""
        self._surface, self._moved = surface, None
        for item in (self._picture, self._lines, self._way):
            item.setVisible(surface is not None)
        self.refresh()
        if surface is None:
            return
        for side, name in zip(("bottom", "left"), surface.names, strict=True):
            self.axes[side].rename(name)
        place = surface.place
        self.box.go_home((place.left(), place.right()), (place.top(), place.bottom()), held=False)
        if _alike(self.seen(), place):  # the part requested by zooming has arrived
            self.box.show_all()
        self.arrange()
        self._picture.show_image(image(levels_of(surface.heights)[::-1]), place)
        last = len(surface.x) - 1
        wide, high = place.width() / last, place.height() / last
        ends = [crossings(surface.heights, level) for level in contours(surface.heights)]
        columns, rows = (np.concatenate(part) for part in zip(*ends, strict=True))
        grid = QTransform(wide, 0, 0, high, place.left(), place.top())
        self._lines.show_pieces(columns, rows, grid)
        way = np.vstack([surface.way, [surface.here]])
        self._way.set_points(way[:, 0], way[:, 1])

    def dress(self) -> None:
        super().dress()
        self._lines.setPen(pg.mkPen(translucent(theme().palette.text, INK)))
        self._way.set_pen(QPen(theme().palette.negative, 1.0))
        if self._surface is not None:
            self.show_surface(self._surface)

    def seen(self) -> QRectF:
        """The visible ranges of x and y."""
        return QRectF(self.box.viewRect())

    def point_at(self, x: float, y: float) -> QPointF:
        """The pixel of a point on the map."""
        return self.pixels().map(QPointF(x, y))

    def _numbers(self) -> dict[str, Any]:
        surface = self._surface
        if surface is None:
            return {}
        across, up = np.meshgrid(surface.x, surface.y)
        return {
            surface.names[0]: across.ravel(),
            surface.names[1]: up.ravel(),
            "J": surface.heights.ravel(),
        }

    # --- hands -----------------------------------------------------------------------------------

    def show_all(self) -> None:
        self.box.show_all()
        self.wanted.emit(None)

    def _on_zoomed(self) -> None:
        if self._surface is not None and not _alike(self.seen(), self._surface.place):
            seen = self.seen()
            self.wanted.emit(((seen.left(), seen.right()), (seen.top(), seen.bottom())))

    def _place_of(self, at: QPointF) -> tuple[float, float]:
        (x, y), seen = self.values_at(at).toTuple(), self.seen()
        return min(max(x, seen.left()), seen.right()), min(max(y, seen.top()), seen.bottom())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        surface = self._surface
        if surface is not None and self.movable and event.button() == Qt.MouseButton.LeftButton:
            away = event.position() - self.point_at(*surface.here)
            self._held = math.hypot(away.x(), away.y()) <= GRAB
        if self._held:
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held:
            self.dragged.emit(*self._place_of(event.position()), False)
        else:
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._held:
            self._held = False
            self.viewport().unsetCursor()
            self.dragged.emit(*self._place_of(event.position()), True)
        else:
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        way, surface = _WAYS.get(event.key()), self._surface
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        shift = Qt.KeyboardModifier.ShiftModifier
        if way is None or surface is None or not self.movable or held & ~shift:
            super().keyPressEvent(event)
            return
        x, y = surface.here if self._moved is None else self._moved
        step, seen = (FINE if held else STEP), self.seen()
        x = min(max(x + way[0] * step * seen.width(), seen.left()), seen.right())
        y = min(max(y + way[1] * step * seen.height(), seen.top()), seen.bottom())
        self._moved = x, y
        self.dragged.emit(x, y, not event.isAutoRepeat())

    def _draw_kept(self, painter: QPainter) -> None:
        if self._surface is not None:
            palette, here = theme().palette, self._surface.here
            start = self._surface.way[0] if len(self._surface.way) else here
            self.draw_dot(painter, self.point_at(*start), START, palette.negative)
            self.draw_dot(painter, self.point_at(*here), POINT, palette.accent)


def _alike(a: QRectF, b: QRectF) -> bool:
    one, other = (np.array([r.left(), r.right(), r.top(), r.bottom()]) for r in (a, b))
    size = np.array([b.width(), b.width(), b.height(), b.height()])
    return bool((np.abs(one - other) <= 1e-6 * size).all())
