"""Curves over iterations with themed axes, a linear or logarithmic scale and a cross-hair."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap

from gui.plots.marks import PlotMarks
from gui.plots.plot_view import PlotView
from gui.style import text
from gui.style.theme import CAPTION, theme, ui_font
from gui.widgets.painting import path_of

Numbers = NDArray[Any]
_WIDER = 0.7  # px
LEFT, BELOW, RIGHT = 44, 20, 40  # px for the numbers on the axes
ABOVE, BESIDE = 4, 2  # px left free
TEXT_GAP = 6  # px between a number and its end of the plot
_ALIGN = Qt.AlignmentFlag
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


@dataclass(frozen=True, slots=True, eq=False)
class Second:
    """A curve y(x) with a scale of its own at the right, and a dot on it."""

    x: Numbers
    y: Numbers
    dot: tuple[float, float]

    @property
    def ends(self) -> tuple[float, float]:
        """From where to where its scale goes."""
        low, high = min(self.y.min(), self.dot[1]), max(self.y.max(), self.dot[1])
        air = max(0.08 * (high - low), 0.02 * max(abs(low), abs(high)), 1e-9)
        return float(low - air), float(high + air)


class CurvePlot(PlotView):
    """Named curves y(x), x iterations from 0; nothing but their newest points is kept."""

    def __init__(self, name: str) -> None:
        super().__init__(name, self._draw)
        self._curves: dict[str, tuple[Numbers, Numbers]] = {}
        self._pens: dict[str, QPen] = {}
        self._range = (0.0, 1.0, 0.0, 1.0)
        self._axes: tuple[object, QPixmap] | None = None
        self._hair: float | None = None
        self._values: Mapping[str, float] = {}
        self._playhead: float | None = None
        self.second: Second | None = None
        self.marks = PlotMarks()
        self.logarithmic = False

    def add_curve(self, name: str) -> None:
        """Add a curve, over those added before."""
        self._curves[name] = np.empty(0), np.empty(0)

    def dress(self, pens: dict[str, QPen]) -> None:
        """Take these pens for the curves, and the theme's colours."""
        self._pens = pens
        self.update()

    def set_logarithmic(self, on: bool) -> None:
        """Draw log10 of y; values that have none (0) are left out."""
        self.logarithmic = on
        self.update()

    def show_curve(self, name: str, x: Numbers, y: Numbers) -> None:
        """Draw this curve through points (k,)."""
        if self.logarithmic:
            positive = y > 0
            x, y = x[positive], np.log10(y[positive])
        self._curves[name] = x, y
        self.update()

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
            self.update()

    def _differs(self, wanted: tuple[float, float, float, float]) -> bool:
        """Whether a range is another one than that shown, by so much that it can be seen."""
        _, end, bottom, top = self._range
        seen = (top - bottom) / 1000
        return wanted[1] != end or abs(wanted[2] - bottom) > seen or abs(wanted[3] - top) > seen

    def area(self) -> QRectF:
        """Where the curves are, in pixels."""
        wide, high = self.width() - LEFT - BESIDE, self.height() - ABOVE - BELOW
        if self.second is not None:
            wide -= RIGHT
        return QRectF(LEFT, ABOVE, max(wide, 1), max(high, 1))

    @property
    def scale(self) -> tuple[float, float, float]:
        """Where iterations are: the pixel of iteration 0, the pixels to the right end, and that."""
        area = self.area()
        return area.left(), area.width(), self._range[1]

    @property
    def columns(self) -> int:
        """How many columns of pixels the curves have."""
        return int(self.area().width())

    def iteration_at(self, at: QPointF) -> float | None:
        """The iteration under a pixel; None outside the axes."""
        area = self.area()
        if not area.contains(at):
            return None
        return (at.x() - area.left()) / area.width() * self._range[1]

    def show_cross_hair(self, x: float | None, values: Mapping[str, float] | None = None) -> None:
        """Draw the upright line at iteration x with a dot at each curve's value there, or none."""
        self._hair, self._values = x, values or {}
        self.update()

    def show_playhead(self, x: float | None) -> None:
        """Mark the iteration that is seen instead of the newest, or none."""
        self._playhead = x
        self.update()

    def show_second(self, second: Second | None) -> None:
        """Draw a curve with a scale of its own, which takes room at the right, or none."""
        self.second = second
        self.update()

    def show_marks(self, sayings: Sequence[tuple[int, str]]) -> None:
        """Mark these iterations with these words."""
        self.marks.place([(self._across(i), words) for i, words in sayings], self.area())
        self.update()

    def _across(self, x: Numbers | float) -> Any:
        """The pixels of iterations."""
        area = self.area()
        return area.left() + x * (area.width() / self._range[1])

    def _down(self, y: Numbers | float) -> Any:
        """The pixels of values, of their logarithms where those are drawn."""
        area, (_, _, bottom, top) = self.area(), self._range
        return area.top() + (top - y) * (area.height() / (top - bottom))

    def _draw(self, painter: QPainter, whole: QRectF) -> None:
        painter.drawPixmap(QPointF(0, 0), self._drawn_axes())
        painter.setClipRect(self.area())
        self.marks.draw(painter)
        for name, (x, y) in self._curves.items():
            if len(x):
                painter.setPen(self._pens[name])
                _draw_wide(painter, path_of(self._across(x), self._down(y)))
        if self.second is not None:
            self._draw_second(painter, self.second)
        palette = theme().palette
        for at, colour in ((self._hair, palette.muted), (self._playhead, palette.accent)):
            if at is not None:
                self._draw_upright(painter, at, colour)
        painter.setClipping(False)
        if self.second is not None:
            self._draw_second_scale(painter, self.second)
        if self._hair is not None:
            painter.setPen(QPen(palette.surface, 1.0))
            for name, value in self._values.items():
                height = math.log10(max(value, 1e-300)) if self.logarithmic else value
                painter.setBrush(self._pens[name].color())
                place = QPointF(self._across(self._hair), self._down(height))
                painter.drawEllipse(place, 3.5, 3.5)

    def _second_down(self, second: Second, y: Numbers | float) -> Any:
        (low, high), area = second.ends, self.area()
        return area.top() + (high - y) * (area.height() / (high - low))

    def _draw_second(self, painter: QPainter, second: Second) -> None:
        painter.setPen(QPen(theme().palette.forward, 1.0))
        _draw_wide(painter, path_of(self._across(second.x), self._second_down(second, second.y)))

    def _draw_second_scale(self, painter: QPainter, second: Second) -> None:
        """The numbers on the right, and the dot."""
        palette, area, ends = theme().palette, self.area(), second.ends
        painter.setFont(ui_font(CAPTION - 1))
        painter.setPen(palette.forward)
        for y in ticks(*ends, max(2, int(area.height() / 26))):
            box = QRectF(area.right() + TEXT_GAP, self._second_down(second, y) - 10, RIGHT, 20)
            painter.drawText(box, _ALIGN.AlignLeft | _ALIGN.AlignVCenter, text.plain(y))
        painter.setPen(QPen(palette.surface, 1.0))
        painter.setBrush(palette.forward)
        x, y = second.dot
        painter.drawEllipse(QPointF(self._across(x), self._second_down(second, y)), 3.5, 3.5)

    def _draw_upright(self, painter: QPainter, x: float, colour: QColor) -> None:
        area, across = self.area(), round(self._across(x)) + 0.5
        painter.setPen(QPen(colour, 1.0))
        painter.drawLine(QPointF(across, area.top()), QPointF(across, area.bottom()))

    def _drawn_axes(self) -> QPixmap:
        """Numbers and grid as a picture, painted when one of them changes."""
        ratio = self.devicePixelRatioF()
        key = (self.size(), ratio, self.area(), self._range, self.logarithmic, theme().palette)
        if self._axes is None or self._axes[0] != key:
            pixmap = QPixmap(self.size() * ratio)
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(Qt.GlobalColor.transparent)
            with QPainter(pixmap) as painter:
                painter.setFont(ui_font(CAPTION - 1))
                self._draw_values(painter)
                self._draw_iterations(painter)
            self._axes = key, pixmap
        return self._axes[1]

    def _draw_values(self, painter: QPainter) -> None:
        """The numbers on the left, and a thin line across from each."""
        area, palette = self.area(), theme().palette
        for y in self._value_ticks():
            down = self._down(y)
            painter.setPen(palette.grid)
            painter.drawLine(QPointF(area.left(), down), QPointF(area.right(), down))
            painter.setPen(palette.muted)
            beside = QRectF(-40, down - 10, LEFT + 40 - TEXT_GAP, 20)
            written = text.plain(10**y if self.logarithmic else y)
            painter.drawText(beside, _ALIGN.AlignRight | _ALIGN.AlignVCenter, written)

    def _value_ticks(self) -> list[float]:
        _, _, bottom, top = self._range
        most = max(2, int(self.area().height() / 26))
        if self.logarithmic and top - bottom >= 1:
            every = math.ceil((top - bottom) / most)
            return [float(n) for n in range(math.ceil(bottom), int(top) + 1, every)]
        if self.logarithmic:
            return [math.log10(y) for y in ticks(10**bottom, 10**top, most) if y > 0]
        return ticks(bottom, top, most)

    def _draw_iterations(self, painter: QPainter) -> None:
        """The numbers below; the last one ends with the plot."""
        area, metrics = self.area(), painter.fontMetrics()
        painter.setPen(theme().palette.muted)
        for x in ticks(0.0, self._range[1], max(1, int(area.width() / 80))):
            written = text.count(round(x))
            wide = metrics.horizontalAdvance(written)
            left = min(self._across(x) - wide / 2, area.right() - wide)
            below = QRectF(left, area.bottom() + TEXT_GAP, wide + 1, BELOW)
            painter.drawText(below, _ALIGN.AlignLeft | _ALIGN.AlignTop, written)


def _draw_wide(painter: QPainter, path: QPainterPath) -> None:
    """Draw it to look two pixels wide: a width of 1 three times takes a tenth of a true 2."""
    for x, y in ((0.0, 0.0), (_WIDER, 0.0), (-_WIDER, _WIDER)):
        painter.translate(x, y)
        painter.drawPath(path)
    painter.translate(0.0, -_WIDER)
