"""The pixel geometry of a scrolled matrix, without a widget."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

from gui.style.theme import px

CAPTION_HIGH = 17.0
HEADER_HIGH = 14.0
CELL_HIGH = 20.0  # with the gap of one pixel
BRACKET = 8.0  # wide, each
BAR = 10.0  # a scroll bar, right of or below the closing bracket
LEAST_COLUMNS = 2


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells (rows, columns) of `wide` pixels each in a widget of `width` x `height`.

    Only whole cells are placed, so that none is cut at rest. `scrolled` is in pixels. The caption
    is on top, the headers are next to the cells, and these are centred in the remaining room.
    """

    rows: int
    columns: int
    wide: float
    names: float  # room for the row headers
    width: float
    height: float
    headers: bool = True
    across: float = 0.0
    down: float = 0.0

    @property
    def above(self) -> float:
        """The height of caption and headers."""
        return px(CAPTION_HIGH) + (px(HEADER_HIGH) if self.headers else 0.0)

    @property
    def rows_shown(self) -> int:
        """How many whole rows have room."""
        return _fitting(self.height - self.above - px(BAR) - 4, px(CELL_HIGH), self.rows)

    @property
    def columns_shown(self) -> int:
        """How many whole columns have room."""
        bar = px(BAR) if self.rows_shown < self.rows else 0.0
        room = self.width - self.names - 2 * px(BRACKET) - bar
        return _fitting(room, self.wide, self.columns)

    @property
    def cells(self) -> QRectF:
        """The rectangle in which cells are visible."""
        width, height = self.columns_shown * self.wide, self.rows_shown * px(CELL_HIGH)
        spare = max(0.0, self.height - self.above - px(BAR) - 4 - height)
        return QRectF(self.names + px(BRACKET), self.above + 2 + spare // 2, width, height)

    @property
    def most_across(self) -> float:
        """How far it can be scrolled to the right."""
        return max(0.0, (self.columns - self.columns_shown) * self.wide)

    @property
    def most_down(self) -> float:
        """How far it can be scrolled down."""
        return max(0.0, (self.rows - self.rows_shown) * px(CELL_HIGH))

    def visible(self) -> tuple[range, range]:
        """The rows and columns of which any part is visible."""
        first_row, first_column = int(self.down // px(CELL_HIGH)), int(self.across // self.wide)
        last_row = -int(-(self.down + self.rows_shown * px(CELL_HIGH)) // px(CELL_HIGH))
        last_column = -int(-(self.across + self.columns_shown * self.wide) // self.wide)
        return (
            range(first_row, min(last_row, self.rows)),
            range(first_column, min(last_column, self.columns)),
        )

    def cell(self, row: int, column: int) -> QRectF:
        """The rectangle of a cell, without its gap; it may be out of sight."""
        cells = self.cells
        return QRectF(
            cells.x() + column * self.wide - self.across,
            cells.y() + row * px(CELL_HIGH) - self.down,
            self.wide - 1,
            px(CELL_HIGH) - 1,
        )

    def at(self, point: QPointF) -> tuple[int, int] | None:
        """The cell under a pixel."""
        cells = self.cells
        if not (cells.left() <= point.x() < cells.right()):
            return None
        if not (cells.top() <= point.y() < cells.bottom()):
            return None
        row = int((point.y() - cells.y() + self.down) // px(CELL_HIGH))
        column = int((point.x() - cells.x() + self.across) // self.wide)
        return (row, column) if row < self.rows and column < self.columns else None


def width_for(columns: int, wide: float, names: float, bar: bool) -> float:
    """The width a view needs to show this many columns."""
    return names + 2 * px(BRACKET) + columns * wide + (px(BAR) if bar else 0.0)


def height_for(rows: int, headers: bool) -> float:
    """The height a view needs to show this many rows."""
    return (
        px(CAPTION_HIGH)
        + (px(HEADER_HIGH) if headers else 0.0)
        + rows * px(CELL_HIGH)
        + px(BAR)
        + 4
    )


def _fitting(room: float, each: float, most: int) -> int:
    return min(max(int(room // each), 1), most)
