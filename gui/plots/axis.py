"""The axis of a plot: pyqtgraph's axis with round numbers, cached as a pixmap."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QMarginsF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gui.plots.box import PlotBox
from gui.plots.pg import pg
from gui.plots.ticks import LEAST, LINEAR, Numbering, three
from gui.style.theme import CAPTION, math_font, px, theme, ui_font

KEPT = QGraphicsItem.CacheMode.DeviceCoordinateCache
GAP = 6.0  # px between a number and its end of the plot
APART = 14.0  # px between two numbers side by side
CLOSEST = 0.62  # of a line of text from one number to the next above it: digits do not touch
CLOSE = 0.5  # px between them, at least
TALLER = 1 / 8  # of a number's rectangle, by which a power of ten is higher and lower
RIM = 1.0  # px between a number at an end and the rim of the plot
LOW = 5.0  # lines of text: a lower plot has no name along its axis below
ROOMY = (7.0, 4.2)  # lines of text: a lower or shorter axis has its name along it
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
        self._bounds = QRectF()  # of all that it paints
        self.free = (0.0, 0.0)  # px beyond its start and its end in which a number may be
        self.numbering, self._ink = numbering, ink
        self._spread = spread
        self.height_of_plot = math.inf  # px, with its axes
        self.held: float | None = None  # its thickness, whatever its numbers need
        self._least = 0.0
        self._font: QFont | None = None
        self.setStyle(tickAlpha=255)
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
            self.setStyle(tickFont=font, tickTextOffset=int(GAP) if self.upright else _below())
        self.setPen(None)  # no line along it
        self.setTextPen(getattr(palette, self._ink))
        self.setTickPen(palette.grid)

    def rename(self, name: str) -> None:
        """Change the name of its numbers."""
        if name != self.name:
            self.name = name
            self.update()

    @property
    def _name_place(self) -> str:
        """Where its name is: a short one at the end, or above it if the numbers need that; else
        along the axis, if the plot is not too low for it.
        """
        line, short = self._metrics().height(), _width(self.name) <= AT_END
        if not self.name:
            return ""
        if short and self._length >= ROOMY[self.upright] * line:
            return "end"
        if short and self.upright and self.free[0] >= _line() + line / 2:
            return "above"
        return "along" if self.upright or self.height_of_plot >= LOW * line else ""

    def _metrics(self) -> QFontMetricsF:
        return QFontMetricsF(ui_font(CAPTION - 1) if self._font is None else self._font)

    def thickness(self) -> float:
        """The px that its numbers and a name along it need."""
        metrics = self._metrics()
        along = _line() if self._name_place == "along" else 0.0
        if not self.upright:
            return float(round(metrics.height() + max(_below(), self.offset) + along))
        if self.held is not None:
            return self.held
        numbers = [metrics.horizontalAdvance(words) for words in self._numbers()[1]]
        if self._name_place in ("end", "above"):
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
        renew(self, lambda: self._take(rect))

    def _take(self, rect: QRectF) -> None:
        """Cover this room, the lines through the plot, and the part of its numbers beyond its ends.

        Qt asks for the whole several times in every frame, and blends all of it.
        """
        self.prepareGeometryChange()
        self.setGeometry(rect)
        own, (before, after) = QRectF(self.rect()), self.free
        if not self._lines.isNull():
            own |= self.mapRectFromParent(self._lines)
        beyond = (SPARE, before, SPARE, after) if self.upright else (before, SPARE, after, SPARE)
        self._bounds = own + QMarginsF(*beyond)

    @property
    def _length(self) -> float:
        """Its px from end to end; pyqtgraph counts two more. A plot may be pressed to nothing."""
        size = self.geometry().size()
        return float(max(size.height() if self.upright else size.width(), 1.0))

    def _numbers(self) -> tuple[list[float], list[str]]:
        """As many numbers as fit, three if the axis has them and the room; none without a range."""
        (low, high), length = sorted(self.range), self._length
        if not low < high:
            return [], []
        end = high - (high - low) * min(self._name_length(low, high) / length, 0.9)
        each = self._spread * self._metrics().height() if self.upright else ABREAST
        most = range(max(int(length / each), LEAST), LEAST - 1, -1)
        say, short = self.numbering.words, self.numbering.short or self.numbering.words
        tries = [(n, APART, say) for n in most]
        for n, gap, read in [*tries, (LEAST, CLOSE, say), (LEAST, CLOSE, short)]:
            values = list(self.numbering.places(low, end, n))
            words = read(values)
            if self._apart(values, words, gap):
                return values, words
        values = three(values)
        while not self._apart(values, words := short(values), CLOSE):
            values = values[::2]
        return values, words

    def _name_length(self, low: float, high: float) -> float:
        """The px at its end that no number may have, as the name is there."""
        if self._name_place != "end":
            return 0.0
        if self.upright:
            return _line() - GAP / 2 + self._metrics().height() / 2
        words = self.numbering.words(self.numbering.places(low, high, LEAST))
        return _width(self.name) + GAP + self._metrics().horizontalAdvance("".join(words[-1:])) / 2

    def _apart(self, values: Sequence[float], words: Sequence[str], gap: float) -> bool:
        """Whether no number touches another, side by side with this many px between them, where
        they are drawn. An axis may have no words.
        """
        if len(words) < LEAST - 1:
            return True
        metrics, (start, end), length = self._metrics(), self.range, self._length
        high, (before, after) = metrics.height(), self.free
        if self.upright:
            half, needed = np.full(len(words), high / 2), np.array(CLOSEST * high)
            before, after = after, before
        else:
            half = np.array([metrics.horizontalAdvance(word) / 2 for word in words])
            needed = half[1:] + half[:-1] + gap
            before, after = before - RIM, after - RIM
        at = (np.asarray(values) - start) / (end - start) * length
        at = np.clip(at, half - before, length + after - half)
        return bool((np.abs(np.diff(at)) >= needed).all())

    # --- overrides of pyqtgraph
    # --------------------------------------------------------------------

    def tickValues(self, low: float, high: float, _size: float) -> list[tuple[float, list[float]]]:
        values, self._words = self._numbers()
        low, high = sorted((low, high))
        return [(1.0, [min(max(value, low), high) for value in values])]

    def tickStrings(self, _values: Sequence[float], _scale: float, _spacing: float) -> list[str]:
        return list(self._words)

    def boundingRect(self) -> QRectF:
        return self._bounds

    def generateDrawSpecs(self, p: QPainter) -> Any:  # noqa: N802
        """Pyqtgraph's lines and numbers; a number at an end is moved to be fully visible."""
        painted = self._bounds
        try:  # pyqtgraph leaves out numbers that are not inside of it
            self._bounds = painted + QMarginsF(WIDEST, SPARE, WIDEST, SPARE)
            specs = super().generateDrawSpecs(p)
        finally:
            self._bounds = painted
        if specs is None:
            return None
        own, (before, after) = self.rect(), self.free
        for rect, _flags, _words in specs[2]:
            if self.upright:
                taller = TALLER * rect.height()
                top = min(rect.top(), own.bottom() + after - rect.height() - taller)
                rect.moveTop(max(top, own.top() - before + taller))
            else:
                left = min(rect.left(), own.right() + after - RIM - rect.width())
                rect.moveLeft(max(left, own.left() - before + RIM))
                rect.translate(0, max(self.offset - _below(), 0.0))
        return specs

    def paint(
        self, p: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        p.save()
        specs = self.generateDrawSpecs(p)
        if specs is not None:
            self.drawPicture(p, *specs)
        p.restore()
        if place := self._name_place:
            p.save()
            self._paint_name(p, place)
            p.restore()

    def _paint_name(self, p: QPainter, where: str) -> None:
        own, line = self.rect(), _line()
        p.setPen(self.textPen())
        p.setFont(math_font(CAPTION + 1))
        if where != "along":
            top = own.top() - (GAP / 2 if where == "end" else line + self._metrics().height() / 2)
            beside = QRectF(own.left(), top, own.width() - GAP, line)
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


def _below() -> int:
    """The px between the plot and the numbers below it, which stay clear of those at the left."""
    return px(GAP / 2)


def _width(name: str) -> float:
    return QFontMetricsF(math_font(CAPTION + 1)).horizontalAdvance(name)


def _line() -> float:
    return QFontMetricsF(math_font(CAPTION + 1)).height()
