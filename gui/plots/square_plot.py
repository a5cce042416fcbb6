"""A square plot with axes, for examples as dots."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from core.look.plane import Plane, PlanePart
from core.nn.activations import Array
from gui.plots.chart import Chart
from gui.plots.dots import Dots, draw_dots, mapped
from gui.style.theme import pxf, theme

NEAR = 12.0  # px from an example that still count as a click on it
SPREAD = 3.7  # lines of text from one number to the next, as far apart as those below
RING = 8.0  # px, the radius of the ring around an example


class SquarePlot(Chart):
    """Dots and ring are painted once, together with the content under them, and cached.

    Subclasses define that content, and what is beside the square.
    """

    air = QMarginsF(2, 5, 4, 2)
    beside = 0.0  # px of the usual text at the right of the square that a subclass needs

    def __init__(self, name: str, **box: Any) -> None:
        self.plane = Plane((-1.0, 1.0), (-1.0, 1.0))  # that is shown without zoom
        self.names = "", ""  # of the axes
        self.dots: tuple[Dots, ...] = ()
        self.ring: Array | tuple[float, float] | None = None  # the point that is ringed
        super().__init__(name, **box)
        self.add_axis("left", spread=SPREAD)
        self.add_axis("bottom")
        self._layer = self.add_layer(self._draw_kept, z=2, kept=True)
        self.arrange()

    def show_plane(self, plane: Plane, names: tuple[str, str], *, held: bool = True) -> None:
        """Show this part of the plane, with these names of the axes; `held` as in `Box.go_home`."""
        self.plane = plane
        changed, self.names = names != self.names, names
        for side, name in zip(("bottom", "left"), names, strict=True):
            self.axes[side].rename(name)
        self.box.go_home(plane.x1, plane.x2, held=held)
        if changed:
            self.arrange()

    @property
    def part(self) -> PlanePart | None:
        """The part of the plane that is zoomed to; None: all of it."""
        if not self.box.zoomed:
            return None
        (x1, x1_end), (x2, x2_end) = self.box.viewRange()
        return (float(x1), float(x1_end)), (float(x2), float(x2_end))

    def show_dots(self, dots: tuple[Dots, ...]) -> None:
        """Draw these examples; the later sets over the earlier ones."""
        self.dots = dots
        self.refresh()

    def show_ring(self, point: tuple[float, float] | None) -> None:
        """Ring the example at this point."""
        self.ring = point
        self.refresh()

    def refresh(self) -> None:
        """Repaint the cache: a colour or the content has changed."""
        self._layer.update()

    # --- positions ------------------------------------------------------------------------

    def room(self) -> QRectF:
        room = super().room().adjusted(0, 0, -pxf(self.beside), 0)
        side = int(max(min(room.width(), room.height()), 1.0))
        left, top = (room.width() - side) / 2, (room.height() - side) / 2
        return QRectF(round(room.left() + left), round(room.top() + top), side, side)

    def square(self) -> QRectF:
        """The rectangle of the plane, in pixels; larger than the view when zoomed."""
        return self.pixels().mapRect(rectangle(self.plane))

    def on_screen(self, points: Array) -> Array:
        """Points (2, k) of the plane in pixels."""
        return mapped(self.pixels(), points)

    def nearest(self, points: Array, at: QPointF) -> int | None:
        """Which of points (2, k) is nearest to a pixel, if one is near."""
        x, y = self.on_screen(points)
        away = np.hypot(x - at.x(), y - at.y())
        if not len(away):
            return None
        found = int(away.argmin())
        return found if away[found] <= NEAR else None

    def shares(self, at: QPointF) -> tuple[float, float] | None:
        """The position (0..1, right and down in the plane) of a pixel; None outside of the view."""
        square = self.square()
        if not (self.area().contains(at) and square.contains(at)):
            return None
        return (at.x() - square.left()) / square.width(), (at.y() - square.top()) / square.height()

    # --- painting --------------------------------------------------------------------------------

    def _draw_under(self, painter: QPainter, square: QRectF) -> None:
        """Draw the content under the dots, clipped to the view."""

    def _dot_size(self) -> float:
        return min(max(self.area().width() / 32, 4.5), 9.0)

    def _draw_kept(self, painter: QPainter) -> None:
        palette = theme().palette
        self._draw_under(painter, self.square())
        for dots in self.dots:
            draw_dots(painter, dots, self.pixels(), self._dot_size(), palette)
        if self.ring is not None:
            at = self.point_at(*self.ring)
            if self.area().adjusted(-RING, -RING, RING, RING).contains(at):
                painter.setBrush(Qt.BrushStyle.NoBrush)
                for colour, width in ((palette.surface, 5.0), (palette.text, 2.2)):
                    painter.setPen(QPen(colour, width))
                    painter.drawEllipse(at, RING, RING)


def rectangle(plane: Plane) -> QRectF:
    """Of this part of the plane; its top is the least x2."""
    (x1, x1_end), (x2, x2_end) = plane.x1, plane.x2
    return QRectF(x1, x2, x1_end - x1, x2_end - x2)


def columns_of(dots: tuple[Dots, ...], names: tuple[str, str]) -> dict[str, Any]:
    """The examples as columns of a table: positions and labels."""
    found: dict[str, Any] = {}
    for some in dots:
        kind = "test" if some.test else "training"
        for name, values in zip(names, some.points, strict=True):
            found[f"{kind} {name}"] = values
        found[f"{kind} label"] = some.labels
    return found
