"""The painted table of an opened number's arithmetic, in which numbers can be opened."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.walk.entry import Entry
from gui.stepper.origin_rows import Piece, Row
from gui.style.theme import BODY, CAPTION, math_font, mono_font, px, theme, ui_font
from gui.widgets.painting import focus_ring, rounded, smooth
from gui.widgets.tooltips import show_tip

LINE = 24.0
_SIDE = 8.0
_GAP = 7.0  # px around a number or a sign
_ALIGN = Qt.AlignmentFlag
_BESIDE = _ALIGN.AlignVCenter | Qt.TextFlag.TextSingleLine


@dataclass(frozen=True, slots=True)
class _Cell:
    """A number that can be opened: its row, position and text."""

    row: int
    place: QRectF
    entry: Entry | None  # None: more terms are shown
    words: str


class OriginTable(QWidget):
    """Rows one below the other. A click on a number asks to open it; next to the numbers, the row's
    first.

    By keyboard, the arrows go from number to number and Enter opens.
    """

    chosen = Signal(object)  # Entry
    more_wanted = Signal()  # of the terms in the last line before the sum

    def __init__(self, *, striped: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._striped = striped
        self._given: tuple[Row, ...] = ()
        self._rows: tuple[Row, ...] = ()  # as they fit
        self._tone = "backward"
        self._placed: list[list[QRectF]] = []  # of the pieces of each row
        self._cells: list[_Cell] = []
        self._current = 0
        self._hovered: QPointF | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.update)

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows to show."""
        return self._given

    def show_rows(self, rows: Sequence[Row], tone: str) -> None:
        """Show other rows, with stripes in the tone of a pass."""
        self._given, self._tone = tuple(rows), tone
        self._current, self._hovered = 0, None
        self._place()
        self._name()
        self.updateGeometry()
        self.update()

    def rect_of(self, row: int, piece: int) -> QRectF:
        """The rectangle of a number of a row."""
        return self._placed[row][piece]

    # --- placing ---

    def _place(self) -> None:
        """Align signs and numbers of similar rows on the right."""
        self._rows = tuple(self._fitting(row) for row in self._given)
        start, slots = self._label_width(), self._slots()
        self._placed = []
        for index, row in enumerate(self._rows):
            top = index * px(LINE)
            if row.kind == "term":
                self._placed.append(list(_in_slots(row.pieces, start, slots, top)))
            else:
                self._placed.append(list(self._before_value(row, top)))
        self._cells = list(self._find_cells())

    def _fitting(self, row: Row) -> Row:
        """Of a row of numbers as many as leave its label alone, and how many there are."""
        if row.kind != "value" or row.value or len(row.pieces) < 2:
            return row
        *numbers, last = row.pieces
        if last.entry is not None:
            numbers, last = [*numbers, last], Piece(f"… of {len(row.pieces)}")
        fitted = row
        while self._room_for_label(fitted) < _label_width(row) and len(numbers) > 1:
            numbers.pop()
            fitted = replace(row, pieces=(*numbers, last))
        return fitted

    def _slots(self) -> list[float]:
        """The widths of the columns of pieces."""
        terms = [row.pieces for row in self._rows if row.kind == "term"]
        columns = zip_longest(*terms, fillvalue=Piece(""))
        return [max(_mono_width(piece.text) for piece in column) for column in columns]

    def _label_width(self) -> float:
        """The left end of the pieces: after the labels of the rows that have any."""
        with_pieces = [row for row in self._rows if row.kind == "term" and row.pieces]
        labels = [
            QFontMetricsF(_label_font(row)).horizontalAdvance(row.label) for row in with_pieces
        ]
        pieces = sum(wide + _GAP for wide in self._slots())
        values = max((_mono_width(row.value) for row in with_pieces), default=0.0)
        room = self.width() - pieces - values - 3 * _SIDE
        return _SIDE + max(min(max(labels, default=0.0) + 14, room), 30.0)

    def _before_value(self, row: Row, top: float) -> Iterator[QRectF]:
        value = _mono_width(f" = {row.value}") if row.value else 0.0
        right = self.width() - _SIDE - value
        widths = [_mono_width(piece.text) for piece in row.pieces]
        left = right - sum(widths) - _GAP * max(len(widths) - 1, 0)
        for wide in widths:
            yield QRectF(left, top, wide, px(LINE))
            left += wide + _GAP

    def _find_cells(self) -> Iterator[_Cell]:
        for index, (row, places) in enumerate(zip(self._rows, self._placed, strict=True)):
            found = False
            for piece, place in zip(row.pieces, places, strict=True):
                if piece.entry is not None:
                    found = True
                    words = f"{row.label}: {piece.name} = {piece.text}"
                    yield _Cell(index, place, piece.entry, words)
            if not found and (row.entry is not None or row.more):
                yield _Cell(index, self._line(index), row.entry, row.words)

    def _line(self, index: int) -> QRectF:
        return QRectF(0, index * px(LINE), self.width(), px(LINE))

    # --- choosing ---

    def _at(self, point: QPointF) -> _Cell | None:
        """The number that a click there opens."""
        index = int(point.y() // px(LINE))
        in_row = [cell for cell in self._cells if cell.row == index]
        for cell in in_row:
            if cell.place.adjusted(-4, 0, 4, 0).contains(point):
                return cell
        entry = self._rows[index].entry if 0 <= index < len(self._rows) else None
        return next((cell for cell in in_row if entry is not None and cell.entry == entry), None)

    def _lit(self) -> QRectF | None:
        """The place under the cursor that a click would open."""
        cell = None if self._hovered is None else self._at(self._hovered)
        return None if cell is None else cell.place

    def _open(self, cell: _Cell) -> None:
        if cell.entry is None:
            self.more_wanted.emit()
        else:
            self.chosen.emit(cell.entry)

    def _go(self, step: int, *, line: bool = False) -> None:
        if not self._cells:
            return
        wanted = self._current + step
        if line:
            here = self._cells[self._current]
            row = here.row + step
            in_row = [i for i, cell in enumerate(self._cells) if cell.row == row]
            wanted = min(
                in_row,
                key=lambda i: abs(self._cells[i].place.center().x() - here.place.center().x()),
                default=self._current,
            )
        self._current = min(max(wanted, 0), len(self._cells) - 1)
        self._name()
        self.update()

    def _name(self) -> None:
        self.setAccessibleName(
            f"{self._cells[self._current].words}. Enter opens it."
            if self._cells
            else "; ".join(row.words for row in self._rows)
        )

    # --- painting ---

    def draw(self, painter: QPainter) -> None:
        """Paint all rows elsewhere, on paper for instance, as wide as this is."""
        for index in range(len(self._rows)):
            self._draw_row(painter, index)

    def _draw_row(self, painter: QPainter, index: int) -> None:
        row, palette = self._rows[index], theme().palette
        line = self._line(index)
        if self._striped and row.kind == "term" and index % 2 == 0:
            stripe = QColor(getattr(palette, self._tone) if self._tone else palette.accent)
            stripe.setAlphaF(0.09)
            painter.fillRect(line, stripe)
        if row.kind == "total" and index:
            painter.setPen(palette.border)
            painter.drawLine(line.topLeft(), line.topRight())
        self._draw_label(painter, row, line)
        painter.setFont(_mono())
        for piece, place in zip(row.pieces, self._placed[index], strict=True):
            painter.setPen(palette.text if piece.entry or row.kind != "term" else palette.muted)
            painter.drawText(place, _BESIDE | _ALIGN.AlignRight, piece.text)
        self._draw_value(painter, row, line)

    def _draw_label(self, painter: QPainter, row: Row, line: QRectF) -> None:
        palette = theme().palette
        font = _label_font(row)
        painter.setFont(font)
        painter.setPen(palette.muted)
        room = self._room_for_label(row)
        label = QFontMetricsF(font).elidedText(row.label, Qt.TextElideMode.ElideRight, room)
        painter.drawText(line.adjusted(_SIDE, 0, 0, 0), _BESIDE | _ALIGN.AlignLeft, label)

    def _room_for_label(self, row: Row) -> float:
        if row.kind == "term" and row.pieces:
            return self._label_width() - _SIDE - 4
        taken = _mono_width(row.value) + sum(_mono_width(p.text) + _GAP for p in row.pieces)
        return self.width() - taken - 4 * _SIDE

    def _draw_value(self, painter: QPainter, row: Row, line: QRectF) -> None:
        palette = theme().palette
        colours = {1: palette.positive, -1: palette.negative, 0: palette.text}
        strong = row.kind == "total"
        painter.setFont(_mono(QFont.Weight.DemiBold if strong else QFont.Weight.Normal))
        painter.setPen(colours[row.sign] if row.kind in ("term", "value") else palette.text)
        equals = "= " if row.kind != "term" and row.pieces and row.value else ""
        value = f"{equals}{row.value}"
        painter.drawText(line.adjusted(0, 0, -_SIDE, 0), _BESIDE | _ALIGN.AlignRight, value)

    # --- Qt ---

    def sizeHint(self) -> QSize:
        return QSize(px(380), round(px(LINE) * len(self._rows)))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(164), round(px(LINE) * len(self._rows)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hovered = event.position()
        pointing = self._at(event.position()) is not None
        shape = Qt.CursorShape.PointingHandCursor if pointing else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = None
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self._at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and cell is not None:
            self._open(cell)
        else:
            event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = Qt.Key
        if event.modifiers() not in (Qt.KeyboardModifier.NoModifier, _KEYPAD):
            event.ignore()
        elif event.key() in (keys.Key_Left, keys.Key_Right):
            self._go(1 if event.key() == keys.Key_Right else -1)
        elif event.key() in (keys.Key_Up, keys.Key_Down):
            self._go(1 if event.key() == keys.Key_Down else -1, line=True)
        elif event.key() in (keys.Key_Return, keys.Key_Enter) and self._cells:
            self._open(self._cells[self._current])
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            show_tip(event.globalPos(), self._hint(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def _hint(self, point: QPointF) -> str:
        for cell in self._cells:
            if cell.place.contains(point) and cell.place.width() < self.width():
                return cell.words
        index = int(point.y() // px(LINE))
        return self._rows[index].hint if 0 <= index < len(self._rows) else ""

    def paintEvent(self, event: QPaintEvent) -> None:
        with smooth(self) as painter:
            lit = self._lit()
            if lit is not None:
                rounded(painter, lit.adjusted(-4, 1, 4, -1), 5, theme().palette.accent_soft)
            seen = event.rect()  # of rows there can be thousands
            first, last = (int(y // px(LINE)) for y in (seen.top(), seen.bottom()))
            for index in range(max(first, 0), min(last + 1, len(self._rows))):
                self._draw_row(painter, index)
            if self.hasFocus() and self._cells:
                place = self._cells[self._current].place.adjusted(-4, 1, 4, -1)
                focus_ring(painter, place.intersected(QRectF(self.rect())), 5)


_KEYPAD = Qt.KeyboardModifier.KeypadModifier


def _in_slots(
    pieces: Sequence[Piece], start: float, slots: Sequence[float], top: float
) -> Iterator[QRectF]:
    left = start
    for _, wide in zip(pieces, slots, strict=False):
        yield QRectF(left, top, wide, px(LINE))
        left += wide + _GAP


def _mono(weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    return mono_font(CAPTION, weight)


def _mono_width(text: str) -> float:
    return QFontMetricsF(_mono()).horizontalAdvance(text)


def _label_width(row: Row) -> float:
    return QFontMetricsF(_label_font(row)).horizontalAdvance(row.label)


def _label_font(row: Row) -> QFont:
    if row.kind in ("rest", "total"):
        return ui_font(CAPTION)
    counted = re.fullmatch("[ijk] = [0-9,]+", row.label)
    return mono_font(CAPTION) if counted else math_font(BODY)
