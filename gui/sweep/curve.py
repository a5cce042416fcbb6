"""One axis as a curve: the mean over the seeds, the range they take, and every single run."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF

from core.sweep.keys import label, show
from core.sweep.summary import METRICS
from gui.plots.ticks import ticks
from gui.style.theme import CAPTION, theme, ui_font
from gui.sweep.shown import Place, Shown, sibling, tick_written

LEFT, TOP, BELOW = 56.0, 12.0, 44.0  # px for numbers and names
DOT = 3.5
NEAR = 14.0  # px from a dot that a click still hits
BAND = 46  # alpha of the range
LINE = 18.0
_ALIGN = Qt.AlignmentFlag


class Curve:
    """Draws and finds runs; the values stand at even distances, in their order."""

    def __init__(self, shown: Shown, logarithmic: bool = False) -> None:
        self._shown, self._logarithmic = shown, logarithmic
        self._names = [show(value) for value in shown.axes[0].values]
        self._other = sibling(shown.metric)
        self._low, self._high = self._range()

    def _range(self) -> tuple[float, float]:
        numbers = [
            value
            for cell in self._shown.cells.values()
            if not cell.stopped
            for metric in (self._shown.metric, self._other)
            for value in cell.values(metric)
        ]
        numbers = [self._scaled(value) for value in numbers if value > 0 or not self._logarithmic]
        if not numbers:
            return 0.0, 1.0
        low, high = min(numbers), max(numbers)
        if self._logarithmic:
            air = max(0.06 * (high - low), 0.02)
            return low - air, high + air
        air = max(0.06 * (high - low), 0.01 * abs(high), 1e-9)
        bottom = max(0.0, low - air) if low >= 0 else low - air
        return bottom, min(1.0, high + air) if self._shown.metric.endswith(
            "accuracy"
        ) else high + air

    def _scaled(self, value: float) -> float:
        """A number as it is drawn: where there is no logarithm, far below."""
        if not self._logarithmic:
            return value
        return math.log10(value) if value > 0 else -400.0

    def _ticks(self, most: int) -> list[float]:
        if not self._logarithmic:
            return ticks(self._low, self._high, most)
        if self._high - self._low >= 1:
            every = math.ceil((self._high - self._low) / most)
            return [10.0**n for n in range(math.ceil(self._low), int(self._high) + 1, every)]
        return [value for value in ticks(10**self._low, 10**self._high, most) if value > 0]

    def _field(self, area: QRectF) -> QRectF:
        return area.adjusted(LEFT, TOP, -8, -BELOW)

    def _x(self, area: QRectF, i: int) -> float:
        field = self._field(area)
        return field.left() + (i + 0.5) * field.width() / len(self._names)

    def _y(self, area: QRectF, value: float) -> float:
        field = self._field(area)
        return (
            field.bottom()
            - (self._scaled(value) - self._low) / (self._high - self._low) * field.height()
        )

    def at(self, area: QRectF, point: QPointF) -> tuple[Place, int | None] | None:
        """The value under a pixel, and the seed of the run if it is on its dot."""
        field = self._field(area)
        if not field.adjusted(0, -TOP, 0, BELOW).contains(point):
            return None
        i = int((point.x() - field.left()) / field.width() * len(self._names))
        place = (min(max(i, 0), len(self._names) - 1),)
        dots = [
            ((dot.x() - point.x()) ** 2 + (dot.y() - point.y()) ** 2, seed)
            for seed, dot in self._dots(area, place)
        ]
        nearest = min(dots, default=None)
        on = nearest is not None and nearest[0] <= NEAR**2
        return place, nearest[1] if nearest is not None and on else None

    def dot(self, area: QRectF, place: Place, seed: int) -> QPointF | None:
        """Where the run of a seed is."""
        return dict(self._dots(area, place)).get(seed)

    def _dots(self, area: QRectF, place: Place) -> list[tuple[int, QPointF]]:
        cell = self._shown.cells.get(place)
        if cell is None:
            return []
        made = [(o.run.seed, o.result) for o in cell.outcomes if o.result is not None]
        found = []
        for k, (seed, result) in enumerate(made):
            value = METRICS[self._shown.metric](result)
            x = self._x(area, place[0]) + 4.0 * (k - (len(made) - 1) / 2)
            if value is not None and result.stopped is None:
                found.append((seed, QPointF(x, self._y(area, value))))
        return found

    def draw(self, painter: QPainter, area: QRectF, lit: Place | None) -> None:
        """Paint the axes, the range, both means, and the runs."""
        palette = theme().palette
        colours = {"train": palette.positive, "test": palette.negative}
        strong = colours[self._shown.metric.partition("_")[0]]
        weak = colours[self._other.partition("_")[0]]
        if lit is not None:
            field = self._field(area)
            wide = field.width() / len(self._names)
            slot = QRectF(field.left() + lit[0] * wide, field.top(), wide, field.height())
            painter.fillRect(slot, palette.raised)
        self._draw_axes(painter, area)
        self._draw_mean(painter, area, self._other, QPen(weak, 1.5, Qt.PenStyle.DashLine))
        self._draw_range(painter, area, strong)
        self._draw_mean(painter, area, self._shown.metric, QPen(strong, 2.2))
        painter.setPen(QPen(palette.surface, 1.0))
        painter.setBrush(strong)
        for place in self._shown.cells:
            for _, dot in self._dots(area, place):
                painter.drawEllipse(dot, DOT, DOT)
        self._draw_diverged(painter, area)

    def _draw_axes(self, painter: QPainter, area: QRectF) -> None:
        palette, field = theme().palette, self._field(area)
        painter.setFont(ui_font(CAPTION - 1))
        for value in self._ticks(max(2, int(field.height() / 36))):
            y = round(self._y(area, value)) + 0.5
            painter.setPen(QPen(palette.grid, 1.0))
            painter.drawLine(QPointF(field.left(), y), QPointF(field.right(), y))
            painter.setPen(palette.muted)
            words = QRectF(area.left(), y - 9, LEFT - 8, 18)
            said = tick_written(self._shown.metric, value)
            painter.drawText(words, _ALIGN.AlignRight | _ALIGN.AlignVCenter, said)
        metrics = painter.fontMetrics()
        wide = field.width() / len(self._names)
        every = max(1, round(max(map(metrics.horizontalAdvance, self._names)) / wide + 0.6))
        for i in range(0, len(self._names), every):
            words = QRectF(self._x(area, i) - 60, field.bottom() + 3, 120, LINE)
            painter.drawText(words, _ALIGN.AlignCenter, self._names[i])
        painter.setFont(ui_font(CAPTION, QFont.Weight.DemiBold))
        painter.setPen(palette.text)
        under = QRectF(field.left(), field.bottom() + LINE + 4, field.width(), LINE)
        painter.drawText(under, _ALIGN.AlignCenter, f"{label(self._shown.axes[0].key)} →")

    def _draw_range(self, painter: QPainter, area: QRectF, colour: QColor) -> None:
        """From the least to the greatest of the seeds, over values that lie side by side."""
        fill = QColor(colour)
        fill.setAlpha(BAND)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        for stretch in self._stretches(self._shown.metric):
            spreads = [(i, self._shown.spread((i,))) for i in stretch]
            up = [QPointF(self._x(area, i), self._y(area, s.high)) for i, s in spreads if s]
            down = [QPointF(self._x(area, i), self._y(area, s.low)) for i, s in spreads if s]
            painter.drawPolygon(QPolygonF(up + down[::-1]))

    def _draw_mean(self, painter: QPainter, area: QRectF, metric: str, pen: QPen) -> None:
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for stretch in self._stretches(metric):
            spreads = [(i, self._shown.spread((i,), metric)) for i in stretch]
            points = [QPointF(self._x(area, i), self._y(area, s.mean)) for i, s in spreads if s]
            painter.drawPolyline(QPolygonF(points))

    def _stretches(self, metric: str) -> list[list[int]]:
        """The values that have numbers, in parts without a gap."""
        parts: list[list[int]] = [[]]
        for i in range(len(self._names)):
            if self._shown.spread((i,), metric) is not None:
                parts[-1].append(i)
            elif parts[-1]:
                parts.append([])
        return [part for part in parts if part]

    def _draw_diverged(self, painter: QPainter, area: QRectF) -> None:
        palette, field = theme().palette, self._field(area)
        painter.setFont(ui_font(CAPTION - 1))
        painter.setPen(palette.error)
        for place, cell in self._shown.cells.items():
            if self._shown.spread(place) is None:
                word = "diverged" if cell.stopped else "failed" if cell.failed else ""
                words = QRectF(self._x(area, place[0]) - 60, field.top(), 120, LINE)
                painter.drawText(words, _ALIGN.AlignCenter, f"✕ {word}" if word else "")
