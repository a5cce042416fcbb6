"""Two arrays and their result with every number; broadcast copies are pale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter, QPen

from core.labs.broadcasting import SIGNS, Array, Broadcast, Mask
from core.labs.shapes import Shape
from gui.labs.dragged import DraggedSheet
from gui.style import text
from gui.style.theme import BODY, CAPTION, math_font, mono_font, px, theme

GAP = 30.0  # px between two tables, for the sign
OVER = 38.0  # px above a table for its name and shape
WIDE, NARROW, HIGH, LOW = 46.0, 25.0, 24.0, 15.0  # px of a cell at most and at least
PALE = 110  # of 255: the ink of a copy
STACKED = 560.0  # px: when narrower, the result is below the arrays
_CENTRE = Qt.AlignmentFlag.AlignCenter
_MOVES = {
    int(Qt.Key.Key_Left): (0, -1),
    int(Qt.Key.Key_Right): (0, 1),
    int(Qt.Key.Key_Up): (-1, 0),
    int(Qt.Key.Key_Down): (1, 0),
}
TableCell = tuple[int, int]
Values = TypeVar("Values", Array, Mask)


@dataclass(frozen=True, slots=True, eq=False)
class DrawnTable:
    """A table on the sheet: `rows` × `columns` of its numbers are drawn, in cells of this size,
    with dots for the rest. `own` are the numbers that are not copies.
    """

    name: str
    shape: Shape
    read: Shape
    values: Array  # (rows, columns)
    own: Mask
    place: QRectF
    rows: int
    columns: int

    @property
    def cell(self) -> tuple[float, float]:
        """Width and height of a cell."""
        across = self.columns + (self.columns < self.values.shape[1])
        down = self.rows + (self.rows < self.values.shape[0])
        return self.place.width() / across, self.place.height() / down

    def rect(self, row: int, column: int) -> QRectF:
        """The rectangle of a number."""
        wide, high = self.cell
        corner = QPointF(self.place.left() + column * wide, self.place.top() + row * high)
        return QRectF(corner.x(), corner.y(), wide, high)


class BroadcastPlot(DraggedSheet):
    """Emits `cell_moved` with the number of the result under the mouse or the cursor."""

    cell_moved = Signal(object)  # (row, column), or None

    def __init__(self) -> None:
        self._shown: Broadcast | None = None
        self._tables: tuple[DrawnTable, ...] = ()
        self._cell: TableCell | None = None
        super().__init__(self.tr("Arrays with their copies"))
        self.hovered.connect(self._on_hovered)
        self.numbers = lambda: {
            table.name: [str(row) for row in table.values.tolist()] for table in self._tables
        }

    def show_broadcast(self, shown: Broadcast) -> None:
        """Draw these arrays and their result."""
        self._shown, self._cell = shown, None
        self.lay_out()
        self.refresh()
        self.cell_moved.emit(None)

    @property
    def tables(self) -> tuple[DrawnTable, ...]:
        """The tables in order, the result last if there is one."""
        return self._tables

    @property
    def cell(self) -> TableCell | None:
        """The current number of the result."""
        return self._cell

    def edges(self) -> Sequence[tuple[QRectF, Shape]]:
        found = []
        for table in self._tables[:2]:
            rows = min(table.rows, int(table.own.any(axis=1).sum()))
            columns = min(table.columns, int(table.own.any(axis=0).sum()))
            own = table.rect(0, 0).united(table.rect(rows - 1, columns - 1))
            found.append((self.seen(own), table.shape))
        return found

    # --- positions ------------------------------------------------------------------------

    def lay_out(self) -> None:
        shown = self._shown
        if shown is None:
            return
        wanted = [
            (part.operand.name, part.operand.shape, part.read, part.values, part.own)
            for part in shown.parts
        ]
        if shown.result is not None:
            shape = shown.result.shape
            wanted.append(("result", shape, shape, shown.result, shown.result == shown.result))
        boxes = self._boxes(len(wanted))
        self._tables = tuple(
            _table(name, shape, read, _flat(values), _flat(own), box)
            for (name, shape, read, values, own), box in zip(wanted, boxes, strict=True)
        )

    def _boxes(self, count: int) -> list[QRectF]:
        """The rectangle of each table, without its name: side by side, or with the result below."""
        room, gap, over = self.room_to_draw(), px(GAP), px(OVER)
        if room.width() >= px(STACKED):
            wide = (room.width() - 2 * gap) / 3
            return [
                QRectF(i * (wide + gap), over, wide, room.height() - over) for i in range(count)
            ]
        wide, high = (room.width() - gap) / 2, room.height() / 2 - over - 6
        top = [QRectF(i * (wide + gap), over, wide, high) for i in range(2)]
        below = QRectF(gap, over + room.height() / 2, room.width() - 2 * gap, high)
        return [*top, below][:count]

    # --- painting --------------------------------------------------------------------------------

    def draw(self, painter: QPainter) -> None:
        for i, table in enumerate(self._tables):
            self._draw_table(painter, table, i)
        self._draw_signs(painter)
        if self._cell is not None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for table in self._tables:
                self._frame(painter, table, self._cell, QColor(theme().palette.text))

    def _draw_table(self, painter: QPainter, table: DrawnTable, i: int) -> None:
        palette = theme().palette
        fills = (palette.accent_soft, palette.backward_soft, palette.raised)
        meant = None if self._shown is None or i < 2 else self._shown.meant
        painter.setFont(mono_font(CAPTION))
        for row in range(table.rows):
            for column in range(table.columns):
                place = self.seen(table.rect(row, column))
                own = bool(table.own[row, column])
                faint = not own or (meant is not None and not meant[row, column])
                painter.setPen(QPen(palette.grid, 1.0))
                painter.setBrush(fills[i] if own else palette.surface)
                painter.drawRect(place)
                ink = QColor(palette.muted if faint else palette.text)
                ink.setAlpha(PALE if not own else 255)
                painter.setPen(ink)
                painter.drawText(place, _CENTRE, f"{table.values[row, column]:g}")
        self._draw_dots(painter, table)
        self._draw_name(painter, table)
        if meant is not None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for k in range(min(table.rows, table.columns)):
                self._frame(painter, table, (k, k), QColor(palette.good))

    def _draw_dots(self, painter: QPainter, table: DrawnTable) -> None:
        """Dots for the rest."""
        painter.setPen(theme().palette.muted)
        rows, columns = table.values.shape
        if table.columns < columns:
            for row in range(table.rows):
                painter.drawText(self.seen(table.rect(row, table.columns)), _CENTRE, "…")
        if table.rows < rows:
            for column in range(table.columns):
                painter.drawText(self.seen(table.rect(table.rows, column)), _CENTRE, "⋮")

    def _draw_name(self, painter: QPainter, table: DrawnTable) -> None:
        palette, place = theme().palette, self.seen(table.place)
        high = px(OVER) / 2
        over = QRectF(place.center().x() - 150, place.top() - 2 * high, 300, high)
        painter.setFont(math_font(BODY))
        painter.setPen(palette.text)
        painter.drawText(over, _CENTRE, table.name)
        painter.setFont(mono_font(CAPTION))
        painter.setPen(palette.muted)
        words = text.shape(table.shape)
        if table.read != table.shape:
            words = f"{words} as {text.shape(table.read)}"
        painter.drawText(over.translated(0, high - 2), _CENTRE, words)

    def _draw_signs(self, painter: QPainter) -> None:
        assert self._shown is not None or not self._tables
        if self._shown is None:
            return
        painter.setFont(math_font(BODY + 5))
        painter.setPen(theme().palette.text)
        sign = SIGNS[self._shown.question.operation]
        one, other = (self.seen(table.place) for table in self._tables[:2])
        middle = (one.right() + other.left()) / 2
        level = (one.center().y() + other.center().y()) / 2
        painter.drawText(QRectF(middle - 20, level - 16, 40, 32), _CENTRE, sign)
        if len(self._tables) > 2:
            last = self.seen(self._tables[2].place)
            where = QRectF(last.left() - px(GAP), last.center().y() - 16, px(GAP), 32)
            painter.drawText(where, _CENTRE, "=")

    def _frame(self, painter: QPainter, table: DrawnTable, cell: TableCell, ink: QColor) -> None:
        row, column = cell
        if row < table.rows and column < table.columns:
            painter.setPen(QPen(ink, 1.8))
            painter.drawRect(self.seen(table.rect(row, column)).adjusted(0.5, 0.5, -0.5, -0.5))

    # --- looking at a number ---------------------------------------------------------------------

    def _look_at(self, cell: TableCell | None) -> None:
        if cell != self._cell:
            self._cell = cell
            self.refresh()
            self.cell_moved.emit(cell)

    def _on_hovered(self, at: QPointF | None) -> None:
        if at is None or len(self._tables) < 3:
            return
        for table in self._tables:
            place = self.seen(table.place)
            if place.contains(at):
                at = self.place_of(at) - table.place.topLeft()
                row, column = int(at.y() / table.cell[1]), int(at.x() / table.cell[0])
                if row < table.rows and column < table.columns:
                    self._look_at((row, column))
                return
        self._look_at(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        move = _MOVES.get(event.key())
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if move is None or plain or len(self._tables) < 3:
            super().keyPressEvent(event)
            return
        result = self._tables[-1]
        row, column = self._cell or (0, 0)
        if self._cell is not None:
            row, column = row + move[0], column + move[1]
        self._look_at((min(max(row, 0), result.rows - 1), min(max(column, 0), result.columns - 1)))


def _flat(values: Values) -> Values:
    """As a table: rank 1 is one row, rank 0 one number."""
    return values.reshape(1, -1) if values.ndim < 2 else values


def _table(
    name: str, shape: Shape, read: Shape, values: Array, own: Mask, box: QRectF
) -> DrawnTable:
    """As much of a table as fits its box, centred."""
    down, high = _fitted(values.shape[0], box.height(), px(LOW), px(HIGH))
    longest = max(len(f"{value:g}") for value in (values[0, 0], values[-1, -1], values[0, -1]))
    letter = QFontMetricsF(mono_font(CAPTION)).horizontalAdvance("0")
    narrow = max(px(NARROW), letter * longest + 4)
    across, wide = _fitted(values.shape[1], box.width(), narrow, max(px(WIDE), narrow))
    size = wide * (across + (across < values.shape[1])), high * (down + (down < values.shape[0]))
    place = QRectF(0, 0, *size)
    place.moveTop(box.top())
    place.moveLeft(box.center().x() - size[0] / 2)
    return DrawnTable(name, shape, read, values, own, place, down, across)


def _fitted(count: int, room: float, least: float, most: float) -> tuple[int, float]:
    """How many cells of at least this size are drawn, and their size; one is left for dots."""
    if count * least <= room:
        return count, min(room / count, most)
    drawn = max(1, int(room / least) - 1)
    return drawn, min(room / (drawn + 1), most)
