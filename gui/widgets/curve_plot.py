"""Curves over iterations with themed axes, a linear or logarithmic scale and a cross-hair."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTransform
from PySide6.QtWidgets import (
    QGraphicsEllipseItem,
    QGraphicsLineItem,
    QStyleOptionGraphicsItem,
    QWidget,
)

from gui import text
from gui.theme import CAPTION, theme, ui_font
from gui.widgets.plot import PlotView
from gui.widgets.plot_marks import PlotMarks

Numbers = NDArray[Any]
BESIDE = 0.7  # px
LEFT, BELOW = 44, 20  # px for the numbers on the axes
STEPS = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)


def round_end(x: float) -> float:
    """The next larger of 1, 1.2, 1.5, 2 … times a power of ten: axes then rarely change."""
    if x <= 10:
        return 10.0
    power = 10.0 ** math.floor(math.log10(x))
    return next(step * power for step in STEPS if step * power >= x * (1 - 1e-12))


def ticks(low: float, high: float, most: int) -> list[float]:
    """At most `most` + 1 round numbers from low to high, evenly spaced by 1, 2 or 5 · 10^k."""
    if not high > low:
        return [low]
    least = (high - low) / max(most, 1)
    power = 10.0 ** math.floor(math.log10(least))
    step = next(f * power for f in (1, 2, 5, 10) if f * power >= least * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [n * step for n in range(first, last + 1)]


class Axis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph ships no types
    """An axis that is only its numbers, and (the left one) thin lines across the plot."""

    def __init__(self, orientation: str, view: Any) -> None:
        super().__init__(orientation, linkView=view, showValues=True)
        self.logarithmic = False
        self.enableAutoSIPrefix(False)
        self.setStyle(
            tickFont=ui_font(CAPTION - 1),
            tickLength=0,
            tickTextOffset=6,
            tickAlpha=255,
            autoExpandTextSpace=False,
            hideOverlappingLabels=False,
        )
        if orientation == "left":
            self.setWidth(LEFT)
            self.setGrid(255)
            self.setZValue(-1)  # its lines lie under the curves
        else:
            self.setHeight(BELOW)

    def dress(self) -> None:
        """Take the theme's colours."""
        palette = theme().palette
        self.setPen(QPen(Qt.PenStyle.NoPen))
        self.setTextPen(QPen(palette.muted))
        self.setTickPen(QPen(palette.grid) if self.grid else QPen(Qt.PenStyle.NoPen))

    def generateDrawSpecs(self, p: QPainter) -> Any:  # noqa: N802  pyqtgraph's own name
        """What pyqtgraph would draw, with no label lost or cut off, and no tick marks below."""
        specs = super().generateDrawSpecs(p)
        if specs is None or self.orientation == "left":
            return specs
        line, _, labels = specs
        for rect, _, _ in labels:
            rect.moveRight(min(rect.right(), self.rect().right()))
        return line, [], labels

    def boundingRect(self) -> QRectF:
        return QRectF(super().boundingRect()).adjusted(-40, -8, 40, 8)

    def tickValues(
        self, minVal: float, maxVal: float, size: float
    ) -> list[tuple[float, list[float]]]:
        if self.orientation == "bottom":
            return [(1.0, ticks(minVal, maxVal, max(1, int(size / 80))))]
        most = max(2, int(size / 26))
        if self.logarithmic and maxVal - minVal >= 1:
            every = math.ceil((maxVal - minVal) / most)
            return [(1.0, [float(n) for n in range(math.ceil(minVal), int(maxVal) + 1, every)])]
        if self.logarithmic:
            return [(1.0, [math.log10(x) for x in ticks(10**minVal, 10**maxVal, most) if x > 0])]
        return [(1.0, ticks(minVal, maxVal, most))]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        if self.orientation == "bottom":
            return [text.count(round(x)) for x in values]
        return [text.plain(10**x if self.logarithmic else x) for x in values]


class _Curve(pg.PlotCurveItem):  # type: ignore[misc]  # pyqtgraph ships no types
    """Looks two pixels wide: a width of 1 drawn three times takes a tenth of a true 2."""

    def paint(
        self, p: QPainter, opt: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        way = p.worldTransform()
        for x, y in ((0.0, 0.0), (BESIDE, 0.0), (0.0, BESIDE)):
            p.setWorldTransform(way * QTransform.fromTranslate(x, y))
            super().paint(p, opt, widget)
        p.setWorldTransform(way)


class CurvePlot(PlotView):
    """Named curves y(x), x iterations from 0; nothing but their newest points is kept."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._box = pg.ViewBox(enableMenu=False, enableMouse=False, defaultPadding=0.0)
        self._box.disableAutoRange()
        self._axes = Axis("bottom", self._box), Axis("left", self._box)
        layout = pg.GraphicsLayout()
        layout.layout.setContentsMargins(0, 4, 2, 0)
        layout.layout.setSpacing(0)
        layout.addItem(self._axes[1], 0, 0)
        layout.addItem(self._box, 0, 1)
        layout.addItem(self._axes[0], 1, 1)
        self.setCentralItem(layout)
        self._curves: dict[str, pg.PlotCurveItem] = {}
        self._dots: dict[str, QGraphicsEllipseItem] = {}
        self._range = (0.0, 1.0, 0.0, 1.0)
        self._line, self._playhead = QGraphicsLineItem(), QGraphicsLineItem()
        for line in (self._line, self._playhead):
            line.setVisible(False)
            self.scene().addItem(line)
        self.marks = PlotMarks()
        self.scene().addItem(self.marks)
        self.logarithmic = False

    def add_curve(self, name: str) -> None:
        """Add a curve, over those added before."""
        curve = _Curve(antialias=True, skipFiniteCheck=True)
        self._box.addItem(curve, ignoreBounds=True)
        self._curves[name] = curve
        dot = QGraphicsEllipseItem(-3.5, -3.5, 7, 7)
        dot.setVisible(False)
        self.scene().addItem(dot)
        self._dots[name] = dot

    def dress(self, pens: dict[str, QPen]) -> None:
        """Take the theme's colours, and these pens for the curves."""
        for axis in self._axes:
            axis.dress()
        for name, pen in pens.items():
            pen.setCosmetic(True)
            self._curves[name].setPen(pen)
            self._dots[name].setBrush(pen.color())
            self._dots[name].setPen(QPen(theme().palette.surface, 1.0))
        self._line.setPen(QPen(QColor(theme().palette.muted), 1.0))
        self._playhead.setPen(QPen(QColor(theme().palette.accent), 1.0))

    def set_logarithmic(self, on: bool) -> None:
        """Draw log10 of y; values that have none (0) are left out."""
        self.logarithmic = self._axes[1].logarithmic = on
        self._axes[1].picture = None

    def show_curve(self, name: str, x: Numbers, y: Numbers) -> None:
        """Draw this curve; both arrays (k,) are read and not kept."""
        x, y = np.ascontiguousarray(x, np.float64), np.ascontiguousarray(y, np.float64)
        if self.logarithmic:
            positive = y > 0
            x, y = x[positive], np.log10(y[positive])
        self._curves[name].setData(x, y)

    def show_range(self, last: float, low: float, high: float) -> None:
        """Show x from 0 to a round number from `last` on, and y from low to high with some air."""
        if self.logarithmic:
            least = max(low, high * 1e-16, 1e-300)
            low, high = math.log10(least), math.log10(max(high, least))
            air = max(0.06 * (high - low), 0.05)
            bottom, top = low - air, high + air
        else:
            air = max(0.06 * (high - low), 0.02 * abs(high), 1e-9)
            bottom, top = max(0.0, low - air) if low >= 0 else low - air, high + air
        wanted = (0.0, round_end(last), bottom, top)
        if self._differs(wanted):
            self._range = wanted
            self._box.setRange(xRange=wanted[:2], yRange=wanted[2:], padding=0)
            self.scene().prepareForPaint()  # now: done while painting it would paint twice

    def _differs(self, wanted: tuple[float, float, float, float]) -> bool:
        """Whether a range is another one than that shown, by so much that it can be seen."""
        _, end, bottom, top = self._range
        seen = (top - bottom) / 1000
        return wanted[1] != end or abs(wanted[2] - bottom) > seen or abs(wanted[3] - top) > seen

    def iteration_at(self, at: QPointF) -> float | None:
        """The iteration under a pixel; None outside the axes."""
        area = self._box.sceneBoundingRect()
        if not area.contains(at) or area.width() <= 0:
            return None
        return float((at.x() - area.left()) / area.width() * self._range[1])

    def show_cross_hair(self, x: float | None, values: Mapping[str, float] | None = None) -> None:
        """Draw the upright line at iteration x with a dot at each curve's value there, or none."""
        self._line.setVisible(x is not None)
        for name, dot in self._dots.items():
            y = None if x is None or values is None else values.get(name)
            dot.setVisible(y is not None)
            if x is not None and y is not None:
                dot.setPos(self._pixel(x, y))
        if x is not None:
            area = self._box.sceneBoundingRect()
            across = round(self._pixel(x, 1.0).x()) + 0.5
            self._line.setLine(across, area.top(), across, area.bottom())

    def _pixel(self, x: float, y: float) -> QPointF:
        area = self._box.sceneBoundingRect()
        _, right, bottom, top = self._range
        value = math.log10(max(y, 1e-300)) if self.logarithmic else y
        down = (top - value) / (top - bottom)
        return QPointF(area.left() + x / right * area.width(), area.top() + down * area.height())

    @property
    def scale(self) -> tuple[float, float, float]:
        """Where iterations are: the pixel of iteration 0, the pixels to the right end, and that."""
        area = self._box.sceneBoundingRect()
        return area.left(), max(1.0, area.width()), self._range[1]

    def show_playhead(self, x: float | None) -> None:
        """Mark the iteration that is seen instead of the newest, or none."""
        self._playhead.setVisible(x is not None)
        if x is not None:
            area = self._box.sceneBoundingRect()
            across = round(self._pixel(x, 1.0).x()) + 0.5
            self._playhead.setLine(across, area.top(), across, area.bottom())

    def show_marks(self, sayings: Sequence[tuple[int, str]]) -> None:
        """Mark these iterations with these words."""
        area = self._box.sceneBoundingRect()
        self.marks.place([(self._pixel(i, 1.0).x(), words) for i, words in sayings], area)

    @property
    def columns(self) -> int:
        """How many columns of pixels the curves have."""
        return max(1, int(self._box.width()))
