"""Plots one axis of a sweep: the mean over the seeds, their range, and every run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QLineF, QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from core.nn.activations import Array
from core.sweep.keys import label, show
from core.sweep.summary import METRICS
from gui.plots.box import aired
from gui.plots.chart import Chart
from gui.plots.items import CurveItem
from gui.plots.pg import pg
from gui.plots.ticks import LEAST, LINEAR, LOG, Numbering, named, ticks
from gui.style import text
from gui.style.theme import CAPTION, theme, translucent, ui_font
from gui.sweep.shown import CellIndex, ShownCells, sibling

DOT = 3.5  # px
APART = 4.0  # px between the runs of one value
NEAR = 14.0  # px from a dot that a click still hits
BAND = 46  # alpha of the range
LINE = 18.0
MEAN, OTHER = 2.2, 1.5  # px, how wide the lines are
NOWHERE = -400.0  # replaces the logarithm of 0: far below


def _percents(values: Sequence[float]) -> list[str]:
    fine = len(values) > 1 and values[1] - values[0] < 0.01
    return [text.percent(value, 2 if fine else 0) for value in values]


SHARES = Numbering(ticks, _percents)


class SweepCurve(Chart):
    """The values of the axis at even distances, in their order: value i in the middle
    of i … i + 1.
    """

    air = QMarginsF(6, 12, 10, 6)

    def __init__(self, name: str) -> None:
        self._shown: ShownCells | None = None
        self._logarithmic = False
        self._lit: CellIndex | None = None
        self._names: list[str] = []
        super().__init__(name)
        self.box.wheel_axis = 0
        self.add_axis("left", grid=True)
        self.add_axis("bottom", numbering=named(self._settings))
        self._mean, self._other = CurveItem(width=MEAN), CurveItem(width=OTHER)
        low, high = CurveItem(), CurveItem()  # hidden: the fill between them is visible
        self._range_of_seeds = pg.FillBetweenItem(low, high)
        self._curves = low, high, self._mean, self._other
        for z, item in enumerate((low, high, self._range_of_seeds, self._other, self._mean)):
            self.add_item(item, z)
        low.hide()
        high.hide()
        self._slot = self.add_layer(self._draw_slot, z=-20)
        self._dots = self.add_layer(self._draw_dots, z=5, kept=True, air=DOT + 1)
        self.resized.connect(self._draw)
        self.restyled.connect(self._draw)
        self.arrange()

    def show_curve(self, shown: ShownCells, *, logarithmic: bool = False) -> None:
        """Draw these results."""
        if self._shown is None or shown.axes != self._shown.axes:
            self.show_all()
        self._shown, self._logarithmic = shown, logarithmic
        self._names = [show(value) for value in shown.axes[0].values]
        linear = SHARES if shown.metric.endswith("accuracy") else LINEAR
        self.axes["left"].numbering = LOG if logarithmic else linear
        self.axes["bottom"].rename(f"{label(shown.axes[0].key)} →")
        self.box.go_home((0.0, float(len(self._names))), self._range(shown), held=False)
        self.arrange()
        self._draw()

    def light(self, place: CellIndex | None) -> None:
        """Light the values of this place."""
        self._lit = place
        self._slot.update()

    def _range(self, shown: ShownCells) -> tuple[float, float]:
        metrics = shown.metric, sibling(shown.metric)
        cells = [cell for cell in shown.cells.values() if not cell.stopped]
        values = [value for cell in cells for metric in metrics for value in cell.values(metric)]
        numbers = [self._scaled(value) for value in values if value > 0 or not self._logarithmic]
        if not numbers:
            return 0.0, 1.0
        bottom, top = aired(min(numbers), max(numbers), logarithmic=self._logarithmic)
        return bottom, min(1.0, top) if shown.metric.endswith("accuracy") else top

    def _scaled(self, value: float) -> float:
        """A number in the drawn scale."""
        if not self._logarithmic:
            return value
        return NOWHERE if value <= 0 else math.log10(value)  # of NaN it is NaN

    # --- positions ------------------------------------------------------------------------

    def at(self, point: QPointF) -> tuple[CellIndex, int | None] | None:
        """The value under a pixel, and the seed of the run if it is on its dot."""
        area = self.area()
        if not area.adjusted(0, -self.air.top(), 0, LINE).contains(point) or not self._names:
            return None
        across = self.values_at(point).x()
        place = (min(max(int(across), 0), len(self._names) - 1),)
        dots = [(QLineF(dot, point).length(), seed) for seed, dot in self.dots_of(place)]
        away, seed = min(dots, default=(math.inf, 0))
        return place, seed if away <= NEAR else None

    def dots_of(self, place: CellIndex) -> list[tuple[int, QPointF]]:
        """The seeds of the runs of a value, and their pixels."""
        cell = None if self._shown is None else self._shown.cells.get(place)
        if cell is None or self._shown is None:
            return []
        made = [(o.run.seed, o.result) for o in cell.outcomes if o.result is not None]
        found, way, far = [], self.pixels(), 4 * self.area().height()
        for k, (seed, result) in enumerate(made):
            value = METRICS[self._shown.metric](result)
            if value is not None and result.stopped is None:
                at = way.map(QPointF(place[0] + 0.5, self._scaled(value)))
                y = min(max(at.y(), -far), far)
                found.append((seed, QPointF(at.x() + APART * (k - (len(made) - 1) / 2), y)))
        return found

    # --- the numbers around it -------------------------------------------------------------------

    def _settings(self, low: float, high: float, most: int) -> dict[float, str]:
        first = max(math.ceil(low - 0.5), 0)
        last = min(math.floor(high - 0.5), len(self._names) - 1)
        every = max(1, -(-(last - first + 1) // max(most, LEAST)))
        return {i + 0.5: self._names[i] for i in range(first, last + 1, every)}

    def numbers(self) -> dict[str, list[Any]]:
        """One row per run."""
        if self._shown is None:
            return {}
        axis, metrics = self._shown.axes[0], (self._shown.metric, sibling(self._shown.metric))
        found: dict[str, list[Any]] = {name: [] for name in (label(axis.key), "seed", *metrics)}
        for place in sorted(self._shown.cells):
            for outcome in self._shown.cells[place].outcomes:
                result = outcome.result
                values = [None if result is None else METRICS[m](result) for m in metrics]
                for column, value in zip(
                    found.values(),
                    (show(axis.values[place[0]]), outcome.run.seed, *values),
                    strict=True,
                ):
                    column.append(value)
        return found

    # --- painting --------------------------------------------------------------------------------

    def _draw(self) -> None:
        """The range of the seeds and both means; a line ends where a value has no number."""
        shown = self._shown
        if shown is None:
            return
        strong, weak = theme().palette.positive, theme().palette.negative
        if not shown.metric.startswith("train"):
            strong, weak = weak, strong
        middles = np.arange(len(self._names)) + 0.5
        low, mean, high = self._spreads(shown, shown.metric)
        other = self._spreads(shown, sibling(shown.metric))[1]
        for curve, heights in zip(self._curves, (low, high, mean, other), strict=True):
            curve.set_points(middles, heights, gaps=True)
        self._mean.set_pen(QPen(strong, 1.0))
        self._other.set_pen(QPen(weak, 1.0, Qt.PenStyle.DashLine))
        self._range_of_seeds.setBrush(translucent(strong, BAND))
        self._dots.update()

    def _spreads(self, shown: ShownCells, metric: str) -> Array:
        """The lowest, the mean and the highest of the seeds (3, values); NaN without a number."""
        found = [shown.spread((i,), metric) for i in range(len(self._names))]
        ends = [(np.nan,) * 3 if s is None else (s.low, s.mean, s.high) for s in found]
        return np.array([[self._scaled(number) for number in three] for three in ends]).T

    def _draw_slot(self, painter: QPainter) -> None:
        """The ground of the value that is pointed at."""
        if self._lit is not None:
            _, (low, high) = self.box.viewRange()
            slot = self.pixels().mapRect(QRectF(self._lit[0], low, 1.0, high - low))
            painter.fillRect(slot, theme().palette.raised)

    def _draw_dots(self, painter: QPainter) -> None:
        """The runs, and the outcome of values without one."""
        if self._shown is None:
            return
        palette, area = theme().palette, self.area()
        painter.setPen(QPen(palette.surface, 1.0))
        painter.setBrush(self._mean.opts["pen"].color())
        for place in self._shown.cells:
            for _, dot in self.dots_of(place):
                painter.drawEllipse(dot, DOT, DOT)
        painter.setFont(ui_font(CAPTION - 1))
        painter.setPen(palette.error)
        for place, cell in self._shown.cells.items():
            if self._shown.spread(place) is None:
                word = "diverged" if cell.stopped else "failed" if cell.failed else ""
                x = self.point_at(place[0] + 0.5, 0.0).x()
                words = QRectF(x - 60, area.top(), 120, LINE)
                painter.drawText(words, Qt.AlignmentFlag.AlignCenter, f"✕ {word}" if word else "")
