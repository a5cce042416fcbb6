"""One number of each layer over iterations, as lines, on an even or logarithmic scale."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from gui.panels.distributions.time_axis import BELOW, TimeAxis
from gui.style import text
from gui.style.theme import CAPTION, class_colours, theme, ui_font

BESIDE, AFTER = 48.0, 20.0  # px for the numbers on the left and the layers' on the right
APART = 11.0  # px between two of these
DASHES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)
_ALIGN = Qt.AlignmentFlag


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """The values (frames,) of one layer, NaN where there are none; `faint` ones lie behind."""

    layer: int
    values: NDArray[np.float64]
    faint: bool = False


def layer_pen(layer: int) -> QPen:
    """How the line of a layer is drawn: ten hues, and dashed from the eleventh layer on."""
    pen = QPen(class_colours(10)[(layer - 1) % 10], 1.0, DASHES[(layer - 1) // 10 % len(DASHES)])
    pen.setCosmetic(True)
    return pen


@dataclass(frozen=True, slots=True, eq=False)
class LineHistory:
    """Lines over frames after `iterations`; `guide` is the value of a dashed line across.

    An even scale goes from 0 to 1, a logarithmic one over the decades that the values take.
    """

    lines: tuple[Line, ...]
    iterations: NDArray[np.int64]
    axis: TimeAxis
    selected: int  # layer
    logarithmic: bool
    guide: float | None = None

    def area_of(self, area: QRectF) -> QRectF:
        """Where the lines are."""
        wide = max(area.width() - BESIDE - AFTER, 1.0)
        return QRectF(BESIDE, 5, wide, max(area.height() - BELOW - 8, 1.0))

    def range(self) -> tuple[float, float]:
        """The ends of the scale: shares, or powers of ten."""
        if not self.logarithmic:
            return 0.0, 1.0
        seen = [line.values[line.values > 0] for line in self.lines]
        ends = [end for values in seen if len(values) for end in (values.min(), values.max())]
        if self.guide is not None:
            ends.append(self.guide)
        low, high = math.log10(min(ends, default=1e-3)), math.log10(max(ends, default=1.0))
        return math.floor(low - 0.05), math.ceil(high + 0.05)

    def frame_at(self, area: QRectF, point: QPointF) -> int | None:
        """The frame nearest to a pixel; none behind the newest."""
        inside = self.area_of(area)
        share = (point.x() - inside.left()) / inside.width()
        if not inside.contains(point) or share > self.axis.shares(self.iterations[-1]):
            return None
        return int(self.axis.nearest(share, self.iterations))

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Paint the scale, the lines, and at their right ends the numbers of their layers."""
        inside = self.area_of(area)
        self._draw_scale(painter, inside)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.save()
        painter.setClipRect(inside.adjusted(-1, -2, 1, 2))
        for line in sorted(self.lines, key=lambda line: not line.faint):
            self._draw_line(painter, inside, line)
        painter.restore()
        self._draw_names(painter, inside)
        self.axis.draw(painter, inside)

    def _y(self, inside: QRectF, values: NDArray[np.float64]) -> NDArray[np.float64]:
        low, high = self.range()
        if self.logarithmic:
            with np.errstate(divide="ignore", invalid="ignore"):
                values = np.log10(values)
        return np.asarray(inside.bottom() - (values - low) / (high - low) * inside.height())

    def _draw_scale(self, painter: QPainter, inside: QRectF) -> None:
        low, high = self.range()
        palette = theme().palette
        painter.setFont(ui_font(CAPTION - 1))
        most = max(1, int(inside.height() / 20))
        steps = [low, (low + high) / 2, high]
        if self.logarithmic:
            every = math.ceil((high - low) / most)
            steps = [float(n) for n in range(int(low), int(high) + 1, every)]
        for step in steps:
            y = inside.bottom() - (step - low) / (high - low) * inside.height()
            painter.setPen(QPen(palette.grid, 1.0))
            painter.drawLine(QPointF(inside.left(), y), QPointF(inside.right(), y))
            painter.setPen(palette.muted)
            label = text.power(int(step)) if self.logarithmic else text.percent(step, 0)
            place = QRectF(0, y - 8, BESIDE - 6, 16)
            painter.drawText(place, _ALIGN.AlignRight | _ALIGN.AlignVCenter, label)
        if self.guide is not None:
            y = float(self._y(inside, np.array(self.guide)))
            painter.setPen(QPen(palette.good, 1.6, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(inside.left(), y), QPointF(inside.right(), y))
            painter.setPen(palette.good)
            place = QRectF(inside.left() + 4, y + 1, inside.width(), 14)
            painter.drawText(place, _ALIGN.AlignLeft | _ALIGN.AlignVCenter, "usual")

    def _draw_line(self, painter: QPainter, inside: QRectF, line: Line) -> None:
        x = inside.left() + self.axis.shares(self.iterations) * inside.width()
        y = self._y(inside, line.values)
        pen = layer_pen(line.layer)
        if line.faint:
            colour = QColor(pen.color())
            colour.setAlpha(90)
            pen.setColor(colour)
        painter.setPen(pen)
        there = np.flatnonzero(np.isfinite(y))
        for part in np.split(there, np.flatnonzero(np.diff(there) > 1) + 1):
            points = QPolygonF([QPointF(x[i], y[i]) for i in part.tolist()])
            for across, down in _strokes(line, self.selected):
                moved = points.translated(across, down)
                if len(part) == 1:
                    painter.drawPoint(moved.at(0))
                elif len(part):
                    painter.drawPolyline(moved)

    def _draw_names(self, painter: QPainter, inside: QRectF) -> None:
        """Each layer's number where its line ends, moved so far that none covers another."""
        ends = []
        for line in self.lines:
            values = self._y(inside, line.values[np.isfinite(line.values)])
            if len(values) and np.isfinite(values[-1]) and not line.faint:
                ends.append((float(values[-1]), line.layer))
        painter.setFont(ui_font(CAPTION - 1))
        for y, layer in _apart(sorted(ends), inside.bottom()):
            painter.setPen(layer_pen(layer).color())
            place = QRectF(inside.right() + 4, y - 8, AFTER - 4, 16)
            painter.drawText(place, _ALIGN.AlignLeft | _ALIGN.AlignVCenter, str(layer))


def _strokes(line: Line, selected: int) -> tuple[tuple[float, float], ...]:
    """Where a line is drawn again to look wider: a true width of two takes ten times as long."""
    if line.faint:
        return ((0.0, 0.0),)
    thick = ((0.0, 0.0), (0.0, 0.7), (0.7, 0.0))
    return (*thick, (0.0, -0.7), (0.0, 1.4)) if line.layer == selected else thick


def _apart(ends: list[tuple[float, int]], bottom: float) -> list[tuple[float, int]]:
    """The same (y, layer), ascending, moved so far up or down that none covers another."""
    found: list[tuple[float, int]] = []
    below = bottom + APART
    for y, layer in reversed(ends):
        below = min(y, below - APART)
        found.append((below, layer))
    return found
