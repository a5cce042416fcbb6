"""Iterations along the bottom of a picture, evenly or by their logarithm."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from gui.plots.ticks import round_end, ticks
from gui.style import text
from gui.style.theme import CAPTION, theme, ui_font

BELOW = 17.0  # px for the numbers
APART = 74.0  # px between two of them
_ALIGN = Qt.AlignmentFlag


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """From iteration 0 to `last`; a logarithmic one is even in log(1 + iteration)."""

    last: float
    logarithmic: bool = False

    @classmethod
    def up_to(cls, iteration: int, *, logarithmic: bool) -> TimeAxis:
        """An axis with room for this iteration: an even one ends at a round number, and stays."""
        return cls(float(max(iteration, 1)) if logarithmic else round_end(iteration), logarithmic)

    def shares(self, iterations: ArrayLike) -> NDArray[np.float64]:
        """How far along the axis these are, 0 … 1."""
        at = np.asarray(iterations, np.float64)
        if self.logarithmic:
            return np.asarray(np.log1p(at) / math.log1p(self.last))
        return at / self.last

    def nearest(self, shares: ArrayLike, iterations: NDArray[np.int64]) -> NDArray[np.intp]:
        """Which of the ascending iterations is nearest on the axis to each of these shares."""
        at = self.shares(iterations)
        return np.searchsorted((at[1:] + at[:-1]) / 2, np.asarray(shares, np.float64))

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Write the iterations below `area`."""
        painter.setPen(theme().palette.muted)
        painter.setFont(ui_font(CAPTION - 1))
        right = area.left() - APART
        for at in self._ticks(area.width()):
            x = area.left() + float(self.shares(at)) * area.width()
            left = min(max(x - APART / 2, area.left()), area.right() - APART)
            if x < right + APART / 2 and at:
                continue  # it would run into the one before
            right = x
            side = _ALIGN.AlignLeft if not at else _ALIGN.AlignCenter
            if left + APART >= area.right() and x > left + 0.75 * APART:
                side = _ALIGN.AlignRight
            place = QRectF(left, area.bottom() + 1, APART, BELOW)
            painter.drawText(place, side | _ALIGN.AlignVCenter, text.count(round(at)))

    def _ticks(self, width: float) -> list[float]:
        if not self.logarithmic:
            return ticks(0.0, self.last, max(1, int(width / APART)))
        return [0.0, *(10.0**n for n in range(math.floor(math.log10(self.last)) + 1))]
