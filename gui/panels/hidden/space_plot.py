"""Plots examples and lattice in hidden space, animated between snapshots."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QEasingCurve, QPointF, QRectF, Qt, QVariantAnimation
from PySide6.QtGui import QPainter, QPen

from core.look.plane import Plane
from core.look.space import Viewpoint
from core.nn.activations import Array
from gui.plots.dots import Dots
from gui.plots.square_plot import SquarePlot
from gui.style.theme import class_colours, reduced_motion, theme, translucent
from gui.widgets.painting import path_of

GLIDE_MS = 250
AIR = 0.06  # of the range, as a margin
ALIKE = 4.0  # ranges that differ less are shown on one scale
GOOD_PART = 0.3
SHRINK = 0.12  # of the excess that bounds give up per frame during training
CORNER = 4.0  # px from one corner of a drawn line to the next
TINT = 22  # of 255: how strongly both sides of the line are coloured


@dataclass(frozen=True, slots=True, eq=False)
class Space:
    """The drawing: `dots` and, if available, the `lattice` (lines, 2, steps), first the lines along
    x1, then as many along x2; `limits` of both coordinates if the activation has some; if `line` is
    (u, v, c), u x + v y = c is drawn, class 1 where the left side is greater. `of` is the same
    object as long as the examples are the same, `viewpoint` identifies the axes.
    """

    of: object
    viewpoint: Viewpoint
    names: tuple[str, str]
    dots: tuple[Dots, ...]
    lattice: Array | None
    line: tuple[float, float, float] | None
    limits: tuple[float, float] | None = None
    one_scale: bool = False
    ring: tuple[int, int] | None = None  # which of the dots of which set is ringed


class SpacePlot(SquarePlot):
    """During training (`flying`) each space is shown as it arrives and the bounds follow slowly; at
    rest, or if the viewpoint changes, it is animated, unless motion is to be reduced.
    """

    def __init__(self, name: str) -> None:
        self._space: Space | None = None
        super().__init__(name)
        self._shape: tuple[Array, ...] = ()  # bounds (2, 2), lattice, line, points as drawn
        self._start: tuple[Array, ...] = ()
        self._goal: tuple[Array, ...] = ()
        ease = QEasingCurve(QEasingCurve.Type.InOutCubic)
        self._glide = QVariantAnimation(
            self, duration=GLIDE_MS, startValue=0.0, endValue=1.0, easingCurve=ease
        )
        self._glide.valueChanged.connect(self._on_glide)

    @property
    def gliding(self) -> bool:
        """Whether an animation from one space to another is running."""
        return self._glide.state() == QVariantAnimation.State.Running

    def show_space(self, space: Space, *, flying: bool = False) -> None:
        """Show this."""
        before, self._space = self._space, space
        goal, shown = _shape_of(space), self._shape
        alike = before is not None and before.of is space.of
        alike = alike and [a.shape for a in shown[3:]] == [a.shape for a in goal[3:]]
        same = before is not None and before.viewpoint == space.viewpoint
        if alike and same and flying and not self.gliding:
            self._show_shape((_following(shown[0], goal[0]), *goal[1:]))
            return
        self._goal = goal
        still = reduced_motion() or all(map(np.array_equal, shown, goal))
        if still or not alike or not self.isVisible():
            self._glide.stop()
            self._show_shape(goal)
            return
        if not self.gliding:
            self._start = shown
            self._glide.start()
        self._on_glide(self._glide.currentValue())

    def _on_glide(self, share: float) -> None:
        pairs = zip(self._start, self._goal, strict=True)
        self._show_shape(
            tuple(a + share * (b - a) if a.shape == b.shape else b for a, b in pairs)
            if share < 1.0
            else self._goal
        )

    def _show_shape(self, shape: tuple[Array, ...]) -> None:
        assert self._space is not None
        self._shape = shape
        (x, x_end), (y, y_end) = shape[0].tolist()
        self.show_plane(Plane((x, x_end), (y, y_end)), self._space.names)
        dots, points = self._space.dots, shape[3:]
        self.dots = tuple(replace(d, points=p) for d, p in zip(dots, points, strict=True))
        ring = self._space.ring
        self.ring = None if ring is None else points[ring[0]][:, ring[1]]
        self.refresh()

    def _draw_under(self, painter: QPainter, square: QRectF) -> None:
        if self._space is None:
            return
        _, lattice, line = self._shape[:3]
        painter.fillRect(square, theme().palette.surface)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if line.size:
            self._draw_sides(painter, square, line)
        if lattice.size:
            self._draw_lattice(painter, lattice)
        painter.setPen(QPen(theme().palette.border, 1.0))
        painter.drawRect(square)

    def _draw_lattice(self, painter: QPainter, lattice: Array) -> None:
        """Every line of the lattice; those along x1 a little stronger, the outermost ones most."""
        half = len(lattice) // 2
        for i, line in enumerate(lattice):
            edge = i % half in (0, half - 1)
            alpha = 150 if edge else 95 if i < half else 55
            painter.setPen(QPen(translucent(theme().palette.muted, alpha), 1.4 if edge else 1.0))
            painter.drawPath(path_of(*_thinned(self.on_screen(line))))

    def _draw_sides(self, painter: QPainter, square: QRectF, line: Array) -> None:
        """Tint both sides of the line in their class's colour, and draw it."""
        way, middle, reach = self.pixels(), square.center().toTuple(), 4 * square.width()
        across, down = normal = np.array([line[0] / way.m11(), line[1] / way.m22()])
        length = float(np.hypot(across, down))
        if length == 0.0:  # there is no line
            return
        c = line[2] + normal @ [way.dx(), way.dy()]
        nearest = middle + normal / length * ((c - normal @ middle) / length)
        painter.save()
        painter.translate(QPointF(*nearest))
        painter.rotate(math.degrees(math.atan2(down, across)))  # class 1 is at the right
        for colour, left in zip(class_colours(2), (-reach, 0.0), strict=True):
            side = QRectF(left, -reach, reach, 2 * reach)
            painter.fillRect(side, translucent(colour, TINT))
        painter.setPen(QPen(theme().palette.text, 2.0))
        painter.drawLine(QPointF(0, -reach), QPointF(0, reach))
        painter.restore()


def _thinned(line: Array) -> Array:
    """A line (2, steps) in pixels without corners within some pixels of the last one: if units are
    saturated, that is most of them.
    """
    walked = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=1)))])
    kept = np.diff(walked // CORNER, prepend=-1.0) > 0
    kept[-1] = True
    return np.asarray(line[:, kept])


def _shape_of(space: Space) -> tuple[Array, ...]:
    lattice = np.empty(0) if space.lattice is None else space.lattice
    line = np.array(space.line or ())
    return (_bounds(space), lattice, line, *(dots.points for dots in space.dots))


def _bounds(space: Space) -> Array:
    """The ranges (2, 2) of both coordinates that contain everything: the limits, once a good part
    of these is used.
    """
    parts = [dots.points for dots in space.dots]
    if space.lattice is not None:
        parts.append(space.lattice.swapaxes(0, 1).reshape(2, -1))
    points = np.concatenate(parts, axis=1)
    low, high = points.min(axis=1), points.max(axis=1)
    if space.limits is not None and (high - low).max() > GOOD_PART * np.ptp(space.limits):
        low, high = np.array([space.limits, space.limits]).T
    extents, middle = high - low, (low + high) / 2
    most = float(extents.max()) or 1.0
    if space.one_scale or float(extents.min()) * ALIKE >= most:
        extents = np.full(2, most)
    half = np.where(extents > 0, extents, most) * (0.5 + AIR)
    return np.stack([middle - half, middle + half], axis=1)


def _following(shown: Array, wanted: Array) -> Array:
    """Bounds that include the wanted ones at once, and shrink to them slowly."""
    low = np.minimum(wanted[:, 0], shown[:, 0] + SHRINK * (wanted[:, 0] - shown[:, 0]))
    high = np.maximum(wanted[:, 1], shown[:, 1] + SHRINK * (wanted[:, 1] - shown[:, 1]))
    return np.stack([low, high], axis=1)
