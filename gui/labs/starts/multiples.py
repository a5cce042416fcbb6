"""The costs of the starts as small multiples: a cell each, all on one logarithmic scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from core.nn.activations import Array
from gui.labs.sheet import LabSheet
from gui.style import text
from gui.style.theme import CAPTION, px, theme, ui_font
from gui.widgets.painting import path_of

COLUMNS = 4
GAP, OVER = 10.0, 18.0  # px between cells, and above each for its name
POINTS = 200  # of a curve
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True, eq=False)
class CostCurve:
    """The costs (k,) of a start, by its name; `ink` is a colour of the theme."""

    name: str
    costs: Array
    ink: str


class Multiples(LabSheet):
    """Draws a few curves, each in a separate cell."""

    def __init__(self) -> None:
        self._curves: tuple[CostCurve, ...] = ()
        super().__init__(self.tr("Costs of the starts"))
        self.numbers = lambda: {curve.name: curve.costs for curve in self._curves}

    def show_curves(self, curves: Sequence[CostCurve]) -> None:
        """Draw these, all with the same scale."""
        self._curves = tuple(curves)
        self.refresh()

    @property
    def curves(self) -> tuple[CostCurve, ...]:
        """The drawn curves."""
        return self._curves

    def cells(self) -> list[QRectF]:
        """The rectangle of each curve, without its name."""
        count = len(self._curves)
        rows = -(-count // COLUMNS)
        room, gap, over = self.room_to_draw(), px(GAP), px(OVER)
        wide = (room.width() - (COLUMNS - 1) * gap) / COLUMNS
        high = max(room.height() / max(rows, 1) - over - gap, 1.0)
        return [
            QRectF(
                (i % COLUMNS) * (wide + gap),
                (i // COLUMNS) * (high + over + gap) + over,
                wide,
                high,
            )
            for i in range(count)
        ]

    def draw(self, painter: QPainter) -> None:
        drawn = [curve.costs[curve.costs > 0] for curve in self._curves]
        some = [costs for costs in drawn if len(costs)]
        if not some:
            return
        low = np.log10(min(float(costs.min()) for costs in some))
        high = np.log10(max(float(costs.max()) for costs in some))
        for curve, cell in zip(self._curves, self.cells(), strict=True):
            self._draw_cell(painter, curve, self.seen(cell), (low, max(high, low + 0.1)))

    def _draw_cell(
        self, painter: QPainter, curve: CostCurve, cell: QRectF, ends: tuple[float, float]
    ) -> None:
        palette = theme().palette
        painter.setPen(QPen(palette.border, 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(cell)
        over = QRectF(cell.left(), cell.top() - px(OVER), cell.width(), px(OVER))
        painter.setFont(ui_font(CAPTION))
        painter.setPen(palette.text)
        painter.drawText(over, _LEFT, curve.name)
        if not len(curve.costs):
            return
        painter.setPen(palette.muted)
        last = text.number(float(curve.costs[-1]), 3, sign=False)
        painter.drawText(over, _RIGHT, last)
        at = np.unique(np.linspace(0, len(curve.costs) - 1, POINTS).astype(np.intp))
        with np.errstate(divide="ignore"):
            y = np.log10(np.maximum(curve.costs[at], 0.0))
        across = at / max(len(curve.costs) - 1, 1)
        low, high = ends
        up = np.clip((y - low) / (high - low), 0.0, 1.0)
        inside = cell.adjusted(2, 3, -2, -3)
        painter.setPen(QPen(getattr(palette, curve.ink), 1.8))
        painter.drawPath(
            path_of(inside.left() + across * inside.width(), inside.bottom() - up * inside.height())
        )
        end = QPointF(inside.right(), inside.bottom() - float(up[-1]) * inside.height())
        painter.setBrush(getattr(palette, curve.ink))
        painter.drawEllipse(end, 2.2, 2.2)
