"""The view of one example: one line of arithmetic per number, created when visible."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from core.walk.entry import Entry
from gui.stepper.scalars import Scalars
from gui.style.theme import BODY, CAPTION, math_font, mono_font, px, theme, ui_font
from gui.widgets.painting import focus_ring, smooth

_LINE = 24
_HEADING = 20
_KEPT = 512
_ALIGN = Qt.AlignmentFlag


class ScalarView(QAbstractScrollArea):
    """Shows lines of arithmetic under a heading; a click or Enter on one opens its number."""

    entry_activated = Signal(object)  # Entry

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = 0
        self._heading = ""
        self._tone = "forward"
        self._line_at: Callable[[int], Scalars] = lru_cache(1)(_nothing)
        self._hovered: int | None = None
        self._current = 0
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self.verticalScrollBar().setSingleStep(px(_LINE))
        theme().changed.connect(self.viewport().update)

    def show_lines(
        self, heading: str, count: int, line_at: Callable[[int], Scalars], tone: str
    ) -> None:
        """Show other arithmetic; `line_at` is called only for visible lines."""
        self._heading, self._count, self._tone = heading, count, tone or "accent"
        self._line_at = lru_cache(_KEPT)(line_at)
        self._hovered = None
        self._current = min(self._current, max(count - 1, 0))
        self.setAccessibleName(heading)
        self._fit()
        self._tell()
        self.viewport().update()

    def line(self, index: int) -> Scalars:
        """The index-th line."""
        return self._line_at(index)

    @property
    def count(self) -> int:
        """How many lines there are."""
        return self._count

    def _fit(self) -> None:
        room = self.viewport().height() - px(_HEADING)
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, self._count * px(_LINE) - room))
        bar.setPageStep(max(room, px(_LINE)))

    def _tell(self) -> None:
        if self._count:
            shown = self.line(self._current)
            parts = (shown.symbol, shown.formula, shown.numbers, shown.result)
            self.setAccessibleDescription(" = ".join(part for part in parts if part))

    def _at(self, point: QPointF) -> int | None:
        index = int((point.y() - px(_HEADING) + self.verticalScrollBar().value()) // px(_LINE))
        return index if point.y() >= px(_HEADING) and 0 <= index < self._count else None

    def _visible(self) -> range:
        top = self.verticalScrollBar().value()
        last = -int(-(top + self.viewport().height() - px(_HEADING)) // px(_LINE))
        return range(top // px(_LINE), min(last, self._count))

    def _draw_lines(self, painter: QPainter) -> None:
        palette = theme().palette
        visible = [(index, self.line(index)) for index in self._visible()]
        symbol_wide = _widest([line.symbol for _, line in visible], math_font(BODY + 1)) + 4
        result_wide = _widest([line.result for _, line in visible], mono_font(CAPTION)) + 30
        right = self.viewport().width() - 8.0
        for index, line in visible:
            top = px(_HEADING) + index * px(_LINE) - self.verticalScrollBar().value()
            row = QRectF(0, top, right + 4, px(_LINE))
            if index == self._hovered:
                painter.fillRect(row, palette.raised)
            painter.setFont(math_font(BODY + 1))
            painter.setPen(palette.text)
            painter.drawText(
                QRectF(6, top, symbol_wide, px(_LINE)), _ALIGN.AlignVCenter, line.symbol
            )
            middle = QRectF(10 + symbol_wide, top, 0, px(_LINE))
            middle.setRight(max(right - result_wide, middle.left()))
            used = _draw_middle(painter, line, middle)
            painter.setFont(mono_font(CAPTION, QFont.Weight.DemiBold))
            painter.setPen(getattr(palette, self._tone))
            at = QRectF(min(used + 14, right - result_wide), top, result_wide, px(_LINE))
            painter.drawText(at, _ALIGN.AlignVCenter, f"= {line.result}")
            if index == self._current and self.hasFocus():
                focus_ring(painter, row, 4)

    # --- Qt ---

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hovered = self._at(event.position())
        if hovered != self._hovered:
            self._hovered = hovered
            pointing = Qt.CursorShape.PointingHandCursor
            self.viewport().setCursor(Qt.CursorShape.ArrowCursor if hovered is None else pointing)
            self.viewport().update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = None
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._at(event.position())
        if index is None or event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self._current = index
        self._tell()
        self.entry_activated.emit(self.line(index).entry)
        self.viewport().update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key
        moves = {key.Key_Up: -1, key.Key_Down: 1, key.Key_PageUp: -8, key.Key_PageDown: 8}
        move = moves.get(key(event.key()))
        if move is not None and self._count:
            self._current = min(max(self._current + move, 0), self._count - 1)
            bar, top = self.verticalScrollBar(), self._current * px(_LINE)
            bar.setValue(min(max(bar.value(), top + px(_LINE) - bar.pageStep()), top))
            self._tell()
            self.viewport().update()
        elif event.key() in (key.Key_Return, key.Key_Enter) and self._count:
            self.entry_activated.emit(self.line(self._current).entry)
        else:
            event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        with smooth(self.viewport()) as painter:
            painter.setClipRect(
                QRectF(0, px(_HEADING), self.viewport().width(), self.viewport().height())
            )
            self._draw_lines(painter)
            painter.setClipping(False)
            painter.setFont(ui_font(CAPTION))
            painter.setPen(theme().palette.muted)
            painter.drawText(
                QRectF(6, 0, self.viewport().width(), px(_HEADING) - 2),
                _ALIGN.AlignVCenter,
                self._heading,
            )


def _draw_middle(painter: QPainter, line: Scalars, room: QRectF) -> float:
    """Draw formula and numbers, without the formula if both do not fit; returns their end."""
    palette = theme().palette
    formula, numbers = math_font(BODY), mono_font(CAPTION)
    x = room.left()
    pieces = [(line.formula, formula, palette.muted), (line.numbers, numbers, palette.text)]
    wide = sum(_widest([words], font) + 26 for words, font, _ in pieces if words)
    if wide > room.width() and line.numbers:
        pieces = pieces[1:]
    for words, font, ink in pieces:
        if not words:
            continue
        joint = "" if words.startswith("where") else "=  "
        painter.setFont(font)
        painter.setPen(ink)
        metrics = QFontMetricsF(font)
        shown = metrics.elidedText(
            joint + words, Qt.TextElideMode.ElideRight, max(room.right() - x, 0)
        )
        painter.drawText(
            QRectF(x, room.y(), room.right() - x, room.height()), _ALIGN.AlignVCenter, shown
        )
        x += metrics.horizontalAdvance(shown) + 12
    return x - 12


def _widest(words: list[str], font: QFont) -> float:
    metrics = QFontMetricsF(font)
    return max((metrics.horizontalAdvance(each) for each in words), default=0.0)


def _nothing(_index: int) -> Scalars:
    return Scalars(Entry("J", 0), "", "", "", "")
