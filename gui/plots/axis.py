"""The axis of a plot: pyqtgraph's axis with round numbers, cached as a pixmap."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gui.plots.box import PlotBox
from gui.plots.pg import pg
from gui.plots.ticks import LEAST, LINEAR, Numbering
from gui.style.theme import CAPTION, math_font, theme, ui_font

KEPT = QGraphicsItem.CacheMode.DeviceCoordinateCache
GAP = 6.0  # px between a number and its end of the plot
APART = 14.0  # px between two numbers side by side
CLOSEST = 0.62  # of a line of text from one number to the next above it: digits do not touch
CLOSE = 1.0  # px between them, at least
ABREAST = 48.0  # px from a number below the plot to the next, if all fit
AT_END = 26.0  # px of a name at the end of its axis; a longer one is along it
WIDEST = 60.0  # px of half a number at an end, before it is moved
SPARE = 10.0  # px by which an axis may be too wide for its numbers
_ALIGN = Qt.AlignmentFlag
_WHOLE = Qt.TextFlag.TextDontClip


class Axis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph ships no types
    """Its `numbering` says where its numbers are, and how they read.

    With `grid` a line goes through the plot from every number. `ink` names a colour of the theme,
    `spread` is the number of lines of text from one number to the next above it.
    """

    def __init__(
        self,
        side: str,
        box: PlotBox,
        *,
        grid: bool = False,
        numbering: Numbering = LINEAR,
        ink: str = "muted",
        spread: float = 2.0,
    ) -> None:
        super().__init__(side, maxTickLength=0)
        self.upright = side in ("left", "right")
        self.name = ""
        self.offset = 0.0  # px between the plot and the numbers below it
        self._lines = QRectF()  # where they go through the plot
        self.free = (0.0, 0.0)  # px beyond its start and its end in which a number may be
        self.numbering, self._ink = numbering, ink
        self._spread = spread
        self.held: float | None = None  # its thickness, whatever its numbers need
        self._least = 0.0
        self._font: QFont | None = None
        self.setStyle(tickTextOffset=int(GAP if self.upright else GAP / 2), tickAlpha=255)
        self.setGrid(255 if grid else False)
        self.enableAutoSIPrefix(False)
        self.setZValue(-10)
        self.setCacheMode(KEPT)
        self.linkToView(box)
        self.dress()

    def dress(self) -> None:
        """Take the theme's colours and fonts."""
        palette, font = theme().palette, ui_font(CAPTION - 1)
        if font != self._font:
            self._font, self._least = font, 0.0
            self.setStyle(tickFont=font)
        self.setPen(None)  # no line along it
        self.setTextPen(getattr(palette, self._ink))
        self.setTickPen(palette.grid)

    def rename(self, name: str) -> None:
        """Change the name of its numbers."""
        if name != self.name:
            self.name = name
            self.update()

    @property
    def _named_at_end(self) -> bool:
        return bool(self.name) and _width(self.name) <= AT_END

    def _metrics(self) -> QFontMetricsF:
        return QFontMetricsF(ui_font(CAPTION - 1) if self._font is None else self._font)

    def thickness(self) -> float:
        """The px that its numbers and a name along it need."""
        metrics = self._metrics()
        along = _line() if self.name and not self._named_at_end else 0.0
        if not self.upright:
            return float(round(metrics.height() + GAP / 2 + along + self.offset))
        if self.held is not None:
            return self.held
        length = max(self.geometry().height(), 1.0)
        numbers = [metrics.horizontalAdvance(words) for words in self._numbers(length)[1]]
        if self._named_at_end:
            numbers.append(_width(self.name))
        wanted = max(numbers, default=0.0) + GAP + 2
        if not wanted <= self._least <= wanted + SPARE:
            self._least = float(round(wanted))
        return self._least + along

    def place(self, rect: QRectF, free: tuple[float, float]) -> None:
        """Position it here, with this much room beyond both ends."""
        box = self.linkedView()
        lines = box.geometry() if box is not None and self.grid is not False else QRectF()
        if (rect, free, lines) == (self.geometry(), self.free, self._lines):
            return
        self.free, self._lines = free, lines
        (self.setWidth if self.upright else self.setHeight)(
            rect.width() if self.upright else rect.height()
        )
        renew(self, lambda: self.setGeometry(rect))

    def _numbers(self, length: float) -> tuple[list[float], list[str]]:
        """As many numbers as fit, three if the axis has them and the room; none without a range."""
        low, high = sorted(self.range)
        if not low < high:
            return [], []
        length, metrics = max(length, 1.0), self._metrics()  # a plot may be pressed to nothing
        if self.upright:
            return self._numbers_up(low, high, length, metrics)
        unit, end = length / (high - low), high
        if self._named_at_end:
            *_, last_word = "", *self.numbering.words(self.numbering.places(low, high, LEAST))
            half = metrics.horizontalAdvance(last_word) / 2
            end -= min(_width(self.name) + GAP + half, 0.9 * length) / unit
        most = range(max(int(length / ABREAST), LEAST), LEAST - 1, -1)
        tries = [(end, n, APART) for n in most] + [(end, LEAST, CLOSE), (high, LEAST, CLOSE)]
        for last, n, gap in tries:  # at last even over the name
            values = list(self.numbering.places(low, last, n))
            words = self.numbering.words(values)
            if self._apart(values, words, unit, gap):
                return values, words
        while not self._apart(values, words, unit, CLOSE):
            values = values[::2]
            words = self.numbering.words(values)
        return values, words

    def _apart(
        self, values: Sequence[float], words: Sequence[str], unit: float, gap: float
    ) -> bool:
        """Whether this many px are between all neighbours; an axis may have no words."""
        wide = [self._metrics().horizontalAdvance(word) for word in words]
        needed = [(a + b) / 2 + gap for a, b in pairwise(wide)]
        return not needed or all(np.diff(values) * unit >= needed)

    def _numbers_up(
        self, low: float, high: float, length: float, metrics: QFontMetricsF
    ) -> tuple[list[float], list[str]]:
        """As many numbers as fit above one another, under the name."""
        line = metrics.height()
        if self._named_at_end:
            high -= (high - low) * min((_line() - GAP / 2 + line / 2) / length, 0.3)
        values = list(self.numbering.places(low, high, int(length / (self._spread * line))))
        step = min(np.abs(np.diff(values)), default=high - low) / (high - low) * length
        values = values[:: max(math.ceil(CLOSEST * line / max(step, 1.0)), 1)]
        return values, self.numbering.words(values)

    # --- overrides of pyqtgraph
    # --------------------------------------------------------------------

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        values, self._words = self._numbers(size)
        low, high = sorted((low, high))
        return [(1.0, [min(max(value, low), high) for value in values])]

    def tickStrings(self, _values: Sequence[float], _scale: float, _spacing: float) -> list[str]:
        return list(self._words)

    def boundingRect(self) -> QRectF:
        """Its own room, its lines, and the part of its numbers beyond its ends."""
        own, (before, after) = QRectF(self.rect()), self.free
        if self.grid is not False and (box := self.linkedView()) is not None:
            own = own.united(self.mapRectFromItem(box, box.boundingRect()))
        return own.adjusted(-before - WIDEST, -before - SPARE, after + WIDEST, after + SPARE)

    def generateDrawSpecs(self, p: QPainter) -> Any:  # noqa: N802
        """Pyqtgraph's lines and numbers; a number at an end is moved to be fully visible."""
        specs = super().generateDrawSpecs(p)
        if specs is None:
            return None
        own, (before, after) = self.rect(), self.free
        for rect, _flags, _words in specs[2]:
            if self.upright:
                top = min(rect.top(), own.bottom() + after - rect.height())
                rect.moveTop(max(top, own.top() - before))
            else:
                left = min(rect.left(), own.right() + after - 3 - rect.width())
                rect.moveLeft(max(left, own.left() - before + 3))
                rect.translate(0, self.offset)
        return specs

    def paint(
        self, p: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        p.save()
        specs = self.generateDrawSpecs(p)
        if specs is not None:
            self.drawPicture(p, *specs)
        p.restore()
        if self.name:
            p.save()
            self._paint_name(p)
            p.restore()

    def _paint_name(self, p: QPainter) -> None:
        own, line = self.rect(), _line()
        p.setPen(self.textPen())
        p.setFont(math_font(CAPTION + 1))
        if self._named_at_end:
            beside = QRectF(own.left(), own.top() - GAP / 2, own.width() - GAP, line)
            below = QRectF(own.right() - AT_END, own.top() - 1, AT_END, line)
            place, level = (
                (beside, _ALIGN.AlignTop) if self.upright else (below, _ALIGN.AlignVCenter)
            )
            p.drawText(place, _ALIGN.AlignRight | level | _WHOLE, self.name)
            return
        room = own.height() if self.upright else own.width()
        words = p.fontMetrics().elidedText(self.name, Qt.TextElideMode.ElideRight, int(room))
        if self.upright:
            p.translate(own.left() if self.orientation == "left" else own.right() - line, 0)
            p.translate(0, own.bottom())
            p.rotate(-90)
        else:
            p.translate(own.left(), own.bottom() - line)
        p.drawText(QRectF(0, 0, room, line), _ALIGN.AlignCenter, words)


def renew(item: QGraphicsItem, change: Callable[[], None]) -> None:
    """Move or resize an item that is cached as a pixmap.

    WORKAROUND for Qt: the cache of an item that moves and resizes at once is not updated.
    """
    kept = item.cacheMode()
    item.setCacheMode(QGraphicsItem.CacheMode.NoCache)
    change()
    item.setCacheMode(kept)


def _width(name: str) -> float:
    return QFontMetricsF(math_font(CAPTION + 1)).horizontalAdvance(name)


def _line() -> float:
    return QFontMetricsF(math_font(CAPTION + 1)).height()
