"""A plot of curves y(x) with a draggable vertical line, and dots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPen

from core.nn.activations import Array
from gui.plots.box import Range
from gui.plots.chart import KEYS, Chart
from gui.plots.items import CurveItem
from gui.plots.ticks import COUNT, LINEAR, LOG
from gui.style.theme import pxf, theme

DOT = 4.5  # px, the radius of a dot
_SOLID, _DASHED = Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine
LEFT = Qt.MouseButton.LeftButton


@dataclass(frozen=True, slots=True)
class Dot:
    """A dot at (x, y) in a colour of the theme."""

    x: float
    y: float
    ink: str


class LinePlot(Chart):
    """Curves by name, each in a colour of the theme.

    If `dragged` is connected, a press anywhere moves the vertical line there. With `log_x` or
    `log_y` that axis shows powers of ten; arguments and signals have the numbers themselves. With
    `whole_x` only whole numbers are shown below.
    """

    dragged = Signal(float)  # the x under the mouse

    def __init__(
        self, name: str, *, log_x: bool = False, log_y: bool = False, whole_x: bool = False
    ) -> None:
        self._dots: tuple[Dot, ...] = ()
        self._line: float | None = None
        super().__init__(name, left_drags=False)
        self.setAccessibleDescription(
            self.tr("Right and left move the upright line. {keys}").format(keys=KEYS)
        )
        self._logs = log_x, log_y
        self._curves: dict[str, tuple[CurveItem, str, Qt.PenStyle]] = {}
        self._shown: dict[str, tuple[Array, Array]] = {}
        self._holding = False
        self._side = 0
        for side, log, grid in (("left", log_y, True), ("bottom", log_x, False)):
            numbering = COUNT if whole_x and side == "bottom" else LOG if log else LINEAR
            self.add_axis(side, grid=grid, numbering=numbering)
        self._over = self.add_layer(self._draw_over, z=5, air=DOT + 1)
        self.numbers = self._numbers
        self.arrange()

    def add_curve(self, name: str, ink: str, *, dashed: bool = False) -> None:
        """Add a curve, over the earlier ones."""
        style = _DASHED if dashed else _SOLID
        curve = CurveItem(_pen(ink, style))
        self._curves[name] = curve, ink, style
        self.add_item(curve)

    def show_curve(self, name: str, x: Array, y: Array) -> None:
        """Draw this curve through points (k,); those without a value are gaps."""
        self._shown[name] = x, y
        with np.errstate(divide="ignore", invalid="ignore"):
            x, y = (
                np.log10(values) if log else values
                for values, log in zip((x, y), self._logs, strict=True)
            )
        self._curves[name][0].set_points(x, y, gaps=True)

    def points(self, name: str) -> tuple[Array, Array]:
        """The given points (k,) of a curve."""
        return self._shown[name]

    def show_range(self, x: Range, y: Range) -> None:
        """Show these ranges."""
        ends = [
            (float(np.log10(low)), float(np.log10(high))) if log else (low, high)
            for (low, high), log in zip((x, y), self._logs, strict=True)
        ]
        self.box.go_home(ends[0], ends[1], held=False)

    def name_axes(self, x: str, y: str) -> None:
        """Name the axes."""
        self.axes["bottom"].rename(x)
        self.axes["left"].rename(y)
        self.arrange()

    def hold_side(self, width: int) -> None:
        """Reserve this room (px) for the numbers at the left, so that stacked plots are aligned."""
        self._side = width
        self.axes["left"].held = pxf(width)
        self.arrange()

    def show_marks(self, line: float | None, dots: Sequence[Dot] = ()) -> None:
        """Draw the upright line at x, or none, and these dots."""
        if (line, tuple(dots)) != (self._line, self._dots):
            self._line, self._dots = line, tuple(dots)
            self._over.update()

    @property
    def line(self) -> float | None:
        """The x of the upright line."""
        return self._line

    def point_at(self, x: float, y: float) -> QPointF:
        """The pixel of a point."""
        values = (x, y)
        x, y = (
            float(np.log10(value)) if log else value
            for value, log in zip(values, self._logs, strict=True)
        )
        return super().point_at(x, y)

    def line_at(self, x: float) -> QPointF:
        """The middle pixel of the vertical line, if it were at x."""
        return QPointF(self.point_at(x, 1.0).x(), self.area().center().y())

    def dress(self) -> None:
        super().dress()
        if self._side:
            self.axes["left"].held = pxf(self._side)
        for curve, ink, style in self._curves.values():
            curve.set_pen(_pen(ink, style))

    def _numbers(self) -> Mapping[str, Any]:
        columns: dict[str, Any] = {}
        for name, (x, y) in self._shown.items():
            columns[f"{name}: x"], columns[f"{name}: y"] = x, y
        return columns

    def _draw_over(self, painter: QPainter) -> None:
        palette = theme().palette
        if self._line is not None:
            x = float(np.log10(self._line)) if self._logs[0] else self._line
            self.draw_upright(painter, x, palette.accent)
        for dot in self._dots:
            at = self.point_at(dot.x, dot.y)
            self.draw_dot(painter, at, DOT, getattr(palette, dot.ink))

    def _drag_to(self, at: QPointF) -> None:
        low, high = self.box.viewRange()[0]
        x = min(max(self.values_at(at).x(), low), high)
        self.dragged.emit(float(10.0**x if self._logs[0] else x))

    def sizeHint(self) -> QSize:
        """No more than it needs: the layout gives it more if there is any."""
        return QSize(160, max(self.minimumHeight(), 48))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() == LEFT and self.area().contains(event.position()):
            self._holding = True
            self._drag_to(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if self._holding and event.buttons() & LEFT:
            self._drag_to(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self._holding = False


def _pen(ink: str, style: Qt.PenStyle) -> QPen:
    return QPen(getattr(theme().palette, ink), 1.0, style)
