"""An equation with its matrices, and the arithmetic of a number, for paper."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from gui.matrix.grid import CELL_HIGH, Grid, height_for, width_for
from gui.matrix.model import Marks, Matrix, largest
from gui.matrix.painting import draw_cells, draw_overlay, draw_surroundings, measured
from gui.stepper.matrix_row import AIR, rows_wanted, shared_out, sign_font
from gui.stepper.origin_rows import Row
from gui.stepper.origin_table import LINE, OriginTable
from gui.style.theme import px, theme

MOST_ROWS = 12  # of a matrix on paper
WIDEST_TABLE = 470  # px: of wider lines the eye loses the number
_TALLEST = 10_000
Cells = frozenset[tuple[int, int]]
EMPTY: Cells = frozenset()


@dataclass(frozen=True, slots=True)
class PrintedTerm:
    """A matrix of an equation; its `blank` cells are for the student to fill in, `solved` ones are
    framed.
    """

    matrix: Matrix
    blank: Cells = EMPTY
    solved: Cells = EMPTY


@dataclass(frozen=True, slots=True)
class PrintedEquation:
    """Matrices and the signs between them. Examples are visible from column `first` on.

    `opened` is a framed cell of one of the terms.
    """

    terms: tuple[PrintedTerm | str, ...]
    digits: int = 4
    first: int = 0
    tone: str = "forward"
    opened: tuple[int, tuple[int, int]] | None = None
    stays: bool = False

    def placed(self, width: float) -> list[_Placed]:
        """The matrices with the cells that are visible at this width."""
        views = [
            _Placed.of(term, self.digits) for term in self.terms if isinstance(term, PrintedTerm)
        ]
        signs = sum(_sign_width(term) for term in self.terms if isinstance(term, str))
        widths = shared_out(views, width - signs, _TALLEST)
        return [view.fitted(wide, self.first) for view, wide in zip(views, widths, strict=True)]

    def seen(self, width: float) -> list[tuple[Matrix, int, int]]:
        """Every matrix with how many rows and columns of it are shown."""
        return [
            (view.matrix, view.grid.rows_shown, view.grid.columns_shown)
            for view in self.placed(width)
        ]

    def _whole(self, placed: Sequence[_Placed]) -> float:
        signs = (_sign_width(term) for term in self.terms if isinstance(term, str))
        return sum(signs) + sum(view.grid.width for view in placed)

    def height(self, width: float) -> float:
        placed = self.placed(width)
        share = min(1.0, width / self._whole(placed))
        return share * max(view.grid.height for view in placed)

    def paint(self, painter: QPainter, width: float) -> None:
        placed = self.placed(width)
        share = min(1.0, width / self._whole(placed))
        painter.scale(share, share)
        cells = max(placed, key=lambda view: view.grid.height).grid.cells
        middle = cells.center().y()
        views: Iterator[tuple[int, _Placed]] = iter(enumerate(placed))
        x = 0.0
        for term in self.terms:
            if isinstance(term, str):
                self._paint_sign(painter, term, x, middle)
                x += _sign_width(term)
                continue
            index, view = next(views)
            strong = None
            if self.opened is not None and self.opened[0] == index:
                strong = self.opened[1]
            painter.save()
            painter.translate(x, middle - view.grid.cells.center().y())
            view.paint(painter, self.digits, Marks(self.tone, cells=view.solved, strong=strong))
            painter.restore()
            x += view.grid.width

    def _paint_sign(self, painter: QPainter, sign: str, x: float, middle: float) -> None:
        painter.setFont(sign_font())
        painter.setPen(theme().palette.text)
        place = QRectF(x, middle - 15, _sign_width(sign), 30)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, sign)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A matrix and the positions of its cells."""

    matrix: Matrix
    grid: Grid
    blank: Cells
    solved: Cells

    @classmethod
    def of(cls, term: PrintedTerm, digits: int) -> _Placed:
        """With all its columns."""
        grid = measured(Grid(1, 1, 10, 0, 10, 10), term.matrix, digits)
        return cls(term.matrix, grid, term.blank, term.solved)

    def width_for(self, columns: int, all_rows: bool) -> int:
        return math.ceil(width_for(columns, self.grid.wide, self.grid.names, not all_rows))

    def height_for(self, rows: int) -> int:
        return math.ceil(height_for(rows, self.grid.headers))

    def fitted(self, width: int, first: int) -> _Placed:
        """As wide as that, examples seen from that one on."""
        rows = min(rows_wanted(self), MOST_ROWS)
        high = self.height_for(rows)
        wide = max(width, self.width_for(1, all_rows=rows == self.grid.rows))
        grid = replace(self.grid, width=float(wide), height=float(high))
        key = "example"
        across = first * grid.wide if self.matrix.columns.key == key else 0.0
        down = first * px(CELL_HIGH) if self.matrix.rows.key == key else 0.0
        across, down = min(across, grid.most_across), min(down, grid.most_down)
        return replace(self, grid=replace(grid, across=across, down=down))

    def paint(self, painter: QPainter, digits: int, marks: Marks) -> None:
        values, corner = self.matrix.values, self.grid.cells.topLeft()
        painter.save()
        painter.translate(corner)
        draw_cells(painter, values, self.grid, largest(values), digits, self._seen(self.blank))
        painter.restore()
        draw_surroundings(painter, self.matrix, self.grid)
        draw_overlay(painter, self.grid, marks, None, None, None)

    def _seen(self, cells: Cells) -> Cells:
        rows, columns = self.grid.visible()
        return frozenset(
            (row, column) for row, column in cells if row in rows and column in columns
        )


def _sign_width(sign: str) -> float:
    return QFontMetricsF(sign_font()).horizontalAdvance(sign) + AIR


@dataclass(frozen=True, slots=True)
class ArithmeticTable:
    """The lines of an opened number's arithmetic, in the tone of its pass."""

    rows: tuple[Row, ...]
    tone: str = ""
    stays: bool = False

    def height(self, width: float) -> float:
        return float(px(LINE) * len(self.rows))

    def paint(self, painter: QPainter, width: float) -> None:
        table = OriginTable()
        table.resize(round(min(width, px(WIDEST_TABLE))), round(self.height(width)))
        table.show_rows(self.rows, self.tone)
        table.draw(painter)
