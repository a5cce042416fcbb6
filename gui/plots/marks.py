"""Marks for changes on a plot over iterations, with their text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from core.limits import clip
from core.settings import MARKS, Setting
from core.state import Mark, Value
from gui.style.theme import CAPTION, theme, ui_font
from gui.widgets.setting_words import written

BY_HAND = "set by hand"
NEAR = 5.0  # px from a mark's line at which the cursor is on it
_APART = 3.0  # px; marks closer than that share a line
_GAP = 4.0  # px next to and between labels


def say(mark: Mark) -> str:
    """`α 1.2 → 0.3`, `dropout[1] 0 % → 20 %`, `Gradient descent → Adam`."""
    row = MARKS.get(mark.what.partition("[")[0])
    before, after = _value(row, mark.before), _value(row, mark.after)
    if mark.what in ("loss", "optimizer"):  # its values say which setting
        return f"{before} → {after}"
    of_one = "[" not in mark.what  # and of no layer
    name = row.short or row.label if row and of_one else clip(mark.what, 30)
    return f"{name} {before} → {after}"


def _value(row: Setting | None, value: Value) -> str:
    if value is None and not (row and row.none):
        return "none"
    return written(row, value)


def sayings(marks: Iterable[Mark], by_hand: NDArray[np.int64]) -> tuple[tuple[int, str], ...]:
    """The texts by iteration, ascending; several changes at one iteration share a text."""
    found: dict[int, list[str]] = {}
    for mark in marks:
        found.setdefault(mark.iteration, []).append(say(mark))
    for iteration in by_hand.tolist():
        found.setdefault(iteration, []).append(BY_HAND)
    return tuple((iteration, ", ".join(found[iteration])) for iteration in sorted(found))


@dataclass(frozen=True, slots=True)
class _Placed:
    x: float
    words: str
    labelled: bool


class PlotMarks:
    """Upright dashes with as many of their labels as have room, the latest first."""

    def __init__(self) -> None:
        self._area = QRectF()
        self.shown: tuple[_Placed, ...] = ()  # every mark, ascending

    def place(self, sayings: Sequence[tuple[float, str]], area: QRectF) -> None:
        """Mark these pixels of the area (ascending) with these words."""
        metrics = QFontMetricsF(ui_font(CAPTION - 1))
        free, placed = area.right(), list[_Placed]()
        for x, words in reversed(sayings):
            end = x + _GAP + metrics.horizontalAdvance(words)
            labelled = end <= free
            free = x - _GAP if labelled else free
            placed.append(_Placed(x, words, labelled))
        self.shown, self._area = tuple(reversed(placed)), area

    def at(self, x: float) -> str:
        """The text of the marks at a pixel; empty if there is none."""
        near = [mark for mark in self.shown if abs(mark.x - x) <= NEAR]
        return "; ".join(mark.words for mark in near[-3:])

    def draw(self, painter: QPainter) -> None:
        """Paint them in their area."""
        palette, font = theme().palette, ui_font(CAPTION - 1)
        pen = QPen(QColor(palette.muted), 1.0)
        pen.setDashPattern([2, 3])
        painter.setFont(font)
        metrics, last = QFontMetricsF(font), -2 * _APART
        for mark in self.shown:
            if mark.x - last > _APART:
                across = round(mark.x) + 0.5
                painter.setPen(pen)
                painter.drawLine(QLineF(across, self._area.top(), across, self._area.bottom()))
                last = mark.x
            if mark.labelled:
                wide = metrics.horizontalAdvance(mark.words)
                at = QPointF(mark.x + _GAP, self._area.top())
                painter.fillRect(QRectF(at, QSizeF(wide, metrics.height())), palette.surface)
                painter.setPen(palette.muted)
                painter.drawText(at + QPointF(0, metrics.ascent()), mark.words)
