"""Small histograms side by side, one a unit, in as many rows as there is room for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF

from gui.panels.activations.activity import BINS

CELL = (78.0, 46.0)  # the smallest a histogram with its caption may be, px
WIDEST = 180.0
GAP = 12.0
NAME = 16.0  # px for the caption


def fitting(width: float, height: float, units: int) -> tuple[int, int]:
    """How many columns and rows of histograms are shown in this room for so many units."""
    columns = max(1, min(int((width + GAP) / (CELL[0] + GAP)), units))
    rows = max(1, min(int(height / CELL[1]), -(-units // columns)))
    return -(-units // rows) if rows * columns >= units else columns, rows


@dataclass(frozen=True, slots=True, eq=False)
class Histograms:
    """Counts (units, BINS) from `low` to `high`, a caption each; `alarming` ones in red.

    Bars of bins before `middle` are drawn as negative, the others as positive.
    """

    counts: NDArray[np.intp]
    captions: tuple[str, ...]
    alarming: frozenset[int]
    middle: int  # BINS / 2 where the range is even around it, 0 where it begins there
    ends: tuple[float, float]  # of the values

    @property
    def most(self) -> int:
        """The largest count, at least 1: bars of all units share one scale."""
        return max(int(self.counts.max(initial=0)), 1)

    def cells(self, area: QRectF) -> list[QRectF]:
        """Where each histogram is, its caption included."""
        units = len(self.counts)
        columns, rows = fitting(area.width(), area.height(), units)
        width = min((area.width() + GAP) / columns - GAP, WIDEST)
        height = area.height() / rows
        return [
            QRectF(
                area.left() + (i % columns) * (width + GAP),
                area.top() + (i // columns) * height,
                width,
                height,
            )
            for i in range(units)
        ]

    def at(self, area: QRectF, point: QPointF) -> tuple[int, int] | None:
        """The unit and the bin under a pixel."""
        for unit, cell in enumerate(self.cells(area)):
            if cell.contains(point):
                return unit, min(int((point.x() - cell.left()) / cell.width() * BINS), BINS - 1)
        return None
