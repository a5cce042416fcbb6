"""A plot of curves over iterations, linear or logarithmic, with marks and a cross-hair."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen

from gui.plots.box import PlotBox, Range, aired
from gui.plots.chart import Chart
from gui.plots.decimate import Envelope, between
from gui.plots.items import CurveItem
from gui.plots.marks import PlotMarks
from gui.plots.ticks import COUNT, LINEAR, LOG, round_end
from gui.style.theme import theme

Values = NDArray[Any]
DOT = 3.5  # px, the radius of a dot on a curve
CLOSEST = 4.0  # iterations: the shortest part that is zoomed to


@dataclass(frozen=True, slots=True, eq=False)
class SecondCurve:
    """A curve y(x) with its own scale at the right, and a dot on it."""

    x: Values
    y: Values
    dot: tuple[float, float]

    @property
    def ends(self) -> tuple[float, float]:
        """The ends of its scale."""
        low, high = min(self.y.min(), self.dot[1]), max(self.y.max(), self.dot[1])
        return aired(float(low), float(high))


class CurvePlot(Chart):
    """Named `curves` y(x), the later ones over the earlier ones, x iterations from 0. The wheel
    zooms in time; the height follows.
    """

    def __init__(self, name: str, curves: Sequence[str]) -> None:
        super().__init__(name, bounded=(True, False))
        items = self.add_items([], len(curves), CurveItem)
        self._curves = dict(zip(curves, items, strict=True))
        self._hair: float | None = None
        self._values: Mapping[str, float] = {}
        self._playhead: float | None = None
        self._sayings: tuple[tuple[int, str], ...] = ()
        self._ends: tuple[Range, Range] = ((0.0, 1.0), (0.0, 1.0))  # of all iterations
        self.second: SecondCurve | None = None
        self.marks = PlotMarks()
        self.logarithmic = False
        self.box.wheel_axis = 0
        self.box.least = (CLOSEST, 0.0)
        self.add_axis("left", grid=True)
        self.add_axis("bottom", numbering=COUNT)
        self._under = self.add_layer(self.marks.draw, z=-5, kept=True)
        self._over = self.add_layer(self._draw_over, z=5, air=DOT + 1)  # a dot at an end is whole
        self._side, self._side_curve = self._make_side()
        self.box.sigXRangeChanged.connect(self._fit)
        self.resized.connect(self._place_marks)
        self.arrange()

    def _make_side(self) -> tuple[PlotBox, CurveItem]:
        """The box of the second curve, which is over the first and shares its iterations."""
        side = PlotBox(enableMouse=False, bounded=(False, False))
        self.scene().addItem(side)
        side.setZValue(self.box.zValue() + 1)
        side.setXLink(self.box)
        side.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.box.geometryChanged.connect(lambda: side.setGeometry(self.box.geometry()))
        curve = CurveItem()
        side.addItem(curve, ignoreBounds=True)
        self.add_axis("right", side, ink="forward").hide()
        side.sigYRangeChanged.connect(self.widen)  # after the axis has the range
        side.hide()
        return side, curve

    def take_pens(self, pens: Mapping[str, QPen]) -> None:
        """Draw the curves with these, and the second one in the colour of its axis."""
        for name, pen in pens.items():
            self._curves[name].set_pen(pen)
        self._side_curve.set_pen(QPen(theme().palette.forward, 1.0))

    def set_logarithmic(self, on: bool) -> None:
        """Draw log10 of y; values that have none (0) are left out."""
        if on != self.logarithmic:
            self.logarithmic = on
            self.axes["left"].numbering = LOG if on else LINEAR
            self.box.enableAutoRange(1)

    def show_curve(self, name: str, x: Values, y: Values) -> None:
        """Draw this curve through points (k,)."""
        if self.logarithmic:
            positive = y > 0
            x, y = x[positive], np.log10(y[positive])
        self._curves[name].set_points(x, y)

    def points(self, name: str) -> tuple[Values, Values]:
        """The drawn points (k,) of a curve, as logarithms on a logarithmic scale."""
        return self._curves[name].points

    def show_range(self, last: float, low: float, high: float) -> None:
        """Show x from 0 to a round number from `last` on, and y from low to high with some air."""
        if self.logarithmic:
            least = max(low, high * 1e-16, 1e-300)
            low, high = math.log10(least), math.log10(max(high, least))
        ends = aired(low, high, logarithmic=self.logarithmic)
        self._ends = (0.0, round_end(last)), _held(*ends)
        self._fit()

    def drawn(
        self, curve: Envelope, values: Values, places: Values | None
    ) -> tuple[Values, Values]:
        """The points (k,) of a curve to draw: as many as fit the whole or, when zoomed, the visible
        part. `values` are all of it, at the iterations `places` (None: 0, 1 …).
        """
        seen = self.part
        if seen is None:
            at, found = curve.points(self.columns)
        else:
            low, high = seen if places is None else np.searchsorted(places, seen)
            at, found = between(values, int(low) - 1, int(high) + 2, self.columns)
        return at if places is None else places[at], found

    def _fit(self, *_: object) -> None:
        """Show everything; when the iterations are zoomed, the visible values fill the height."""
        x, y = self._ends
        if self.part is not None:
            low, high = self.part
            ends = []
            for curve in self._curves.values():
                at, values = curve.points
                first, last = np.searchsorted(at, (low, high))
                part = values[first:last]
                ends += [part.min(), part.max()] if len(part) else []
            if ends:
                air = max(0.06 * (max(ends) - min(ends)), 1e-3 * abs(max(ends)), 1e-9)
                y = float(min(ends) - air), float(max(ends) + air)
        self.box.go_home(x, y)
        self._place_marks()

    @property
    def part(self) -> Range | None:
        """The zoomed range of iterations; None if all are visible."""
        low, high = self.box.viewRange()[0]
        return None if self.box.autoRangeEnabled()[0] else (low, high)

    @property
    def scale(self) -> tuple[float, float, float]:
        """The scale of all iterations: the pixel of iteration 0, the px to the end, and the end."""
        area = self.area()
        return area.left(), area.width(), self.box.home[0][1]

    @property
    def columns(self) -> int:
        """How many columns of pixels the curves have."""
        return max(int(self.area().width()), 1)

    @property
    def fine_columns(self) -> int:
        """The number of columns for all iterations at the zoomed scale."""
        (low, high), (start, end) = self.box.viewRange()[0], self.box.home[0]
        return int(self.columns * max((end - start) / (high - low), 1.0))

    def iteration_at(self, at: QPointF) -> float | None:
        """The iteration under a pixel; None outside the axes."""
        return self.values_at(at).x() if self.area().contains(at) else None

    def show_cross_hair(self, x: float | None, values: Mapping[str, float] | None = None) -> None:
        """Draw the upright line at iteration x with a dot at each curve's value there, or none."""
        if x is not None or self._hair is not None:
            self._hair, self._values = x, values or {}
            self._over.update()

    def show_playhead(self, x: float | None) -> None:
        """Mark the visited iteration, or none."""
        if x != self._playhead:
            self._playhead = x
            self._over.update()

    def show_second(self, second: SecondCurve | None) -> None:
        """Draw a curve with its own scale, which takes room at the right, or none."""
        self.second = second
        if second is not None:
            self._side_curve.set_points(second.x, second.y)
            self._side.go_home(self.box.home[0], second.ends)
            self._over.update()
        if self._side.isVisible() != (second is not None):
            self._side.setVisible(second is not None)
            self.axes["right"].setVisible(second is not None)
            self.arrange()

    def show_marks(self, sayings: Sequence[tuple[int, str]]) -> None:
        """Mark these iterations with these words."""
        if tuple(sayings) != self._sayings:
            self._sayings = tuple(sayings)
            self._place_marks()

    def _place_marks(self) -> None:
        way = self.pixels()
        placed = [(way.map(QPointF(i, 0.0)).x(), words) for i, words in self._sayings]
        self.marks.place(placed, self.area())
        self._under.setVisible(bool(placed))
        self._under.update()

    def _draw_over(self, painter: QPainter) -> None:
        """The upright lines, and the dots on the curves."""
        palette = theme().palette
        for at, colour in ((self._hair, palette.muted), (self._playhead, palette.accent)):
            if at is not None:
                self.draw_upright(painter, at, colour)
        if self._hair is not None:
            for name, value in self._values.items():
                height = math.log10(max(value, 1e-300)) if self.logarithmic else value
                colour = self._curves[name].opts["pen"].color()
                self.draw_dot(painter, self.point_at(self._hair, height), DOT, colour)
        if self.second is not None:
            place = QPointF(self._side.mapViewToScene(QPointF(*self.second.dot)))
            self.draw_dot(painter, place, DOT, palette.forward)


def _held(bottom: float, top: float) -> Range:
    """These ends moved outwards to multiples of at most a sixteenth of their distance, so that the
    axis is rarely redrawn while the cost falls.
    """
    step = 2.0 ** math.floor(math.log2((top - bottom) / 16))
    return math.floor(bottom / step) * step, math.ceil(top / step) * step
