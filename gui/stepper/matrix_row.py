"""An equation written with its matrices, Z = W · A + b, fitted to the width."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import Protocol

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from gui.matrix.grid import Grid, height_for
from gui.matrix.model import NO_MARKS, Marks, Matrix, MatrixAxis
from gui.matrix.painting import caption_width
from gui.matrix.view import MatrixView
from gui.style.theme import TITLE, math_font, theme
from gui.widgets.painting import smooth

MatrixCell = tuple[int, int]
_EXAMPLES_AS_ROWS = 5
_SMALL, _FEW = 8, 3  # columns: of a matrix shown in full, and reserved for the others
AIR = 12.0  # px around an operator, together
_ROWS_BEFORE_HEADERS = 4  # with less room for rows than this, the headers are hidden


class MatrixRow(QWidget):
    """Terms, each a Matrix or an operator, side by side; a term gets no more room than it needs.

    Views of a shared axis scroll together. The cell under the cursor highlights its sources and its
    results: the row, column or cell of every other term that shares an axis with it.
    """

    cell_activated = Signal(int, int, int)  # index of the matrix in the row, its row, its column
    export_requested = Signal(object, str)
    arranged = Signal()  # the visible parts may have changed

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._terms: tuple[Matrix | str, ...] = ()
        self._views: list[MatrixView] = []  # reused for the next equation
        self._places: list[QRectF] = []  # of the operators
        self._opened: tuple[int, MatrixCell] | None = None
        self._hovered: tuple[int, MatrixCell] | None = None
        self._clicked: MatrixView | None = None  # of those shown, the last
        self._first_example = 0.0  # the visible examples stay from step to step
        self._tone = "forward"
        self._digits = 4
        theme().changed.connect(self.update)

    @property
    def views(self) -> list[MatrixView]:
        """The views of the matrices shown, from left to right."""
        return self._views[: len(self._matrices())]

    def _matrices(self) -> list[Matrix]:
        return [term for term in self._terms if isinstance(term, Matrix)]

    def show_terms(self, terms: Sequence[Matrix | str], tone: str) -> None:
        """Show another equation, highlighted in the tone "forward" or "backward"."""
        self._terms, self._tone, first = tuple(terms), tone, self._first_example
        self._opened = self._hovered = self._clicked = None
        matrices = self._matrices()
        while len(self._views) < len(matrices):
            self._add_view(len(self._views))
        for view, matrix in zip(self._views, matrices, strict=False):
            view.show_matrix(matrix)
            view.set_marks(NO_MARKS)
        for index, view in enumerate(self._views):
            view.setVisible(index < len(matrices))
        self._first_example = first  # another matrix begins at its start, unasked
        self._arrange()
        self._scroll("example", first)
        self.updateGeometry()

    def set_digits(self, digits: int) -> None:
        """Write numbers with about this many meaningful digits."""
        self._digits = digits
        for view in self._views:
            view.set_digits(digits)
        self._arrange()

    def set_opened(self, term: int | None, cell: MatrixCell = (0, 0)) -> None:
        """Mark the number that is opened elsewhere, and bring it into sight."""
        opened = None if term is None else (term, cell)
        if opened != self._opened:
            self._opened = opened
            if term is not None:
                self.views[term].scroll_to(*cell)
            self._mark()

    def show_example(self, column: int) -> None:
        """Let the visible examples begin with this one, in columns or rows of examples."""
        self._first_example = float(column)
        self._scroll("example", self._first_example)

    def _scroll(self, key: Hashable, first: float, but: MatrixView | None = None) -> None:
        """Scroll every view with such an axis to the same position, as far as it goes."""
        for view in self.views:
            matrix = view.matrix
            if matrix is None or view is but or key is None:
                continue
            if matrix.columns.key == key:
                view.set_first_column(first)
            if matrix.rows.key == key:
                view.set_first_row(first)

    def _add_view(self, index: int) -> None:
        view = MatrixView(self)
        view.set_digits(self._digits)
        view.cell_activated.connect(lambda row, column: self._on_activated(index, row, column))
        view.cell_hovered.connect(lambda cell: self._on_hovered(index, cell))
        view.columns_scrolled.connect(lambda first: self._on_scrolled(index, first, across=True))
        view.rows_scrolled.connect(lambda first: self._on_scrolled(index, first, across=False))
        view.export_requested.connect(self.export_requested)
        self._views.append(view)

    def copy(self) -> bool:
        """Copy the matrix whose cell was clicked last; False if none was."""
        if self._clicked is None:
            return False
        self._clicked.copying.copy()
        return True

    def _on_activated(self, index: int, row: int, column: int) -> None:
        self._clicked = self._views[index]
        self.cell_activated.emit(index, row, column)

    def _on_scrolled(self, index: int, first: float, *, across: bool) -> None:
        source = self._views[index].matrix
        if source is None:
            return
        key = (source.columns if across else source.rows).key
        if key == "example":
            self._first_example = first
        self._scroll(key, first, but=self._views[index])

    def _on_hovered(self, index: int, cell: MatrixCell | None) -> None:
        self._hovered = None if cell is None else (index, cell)
        self._mark()

    def _mark(self) -> None:
        """Highlight the relatives of the hovered cell, else of the opened one."""
        source = self._hovered or self._opened
        for index, view in enumerate(self.views):
            marks = Marks(self._tone)
            if source is not None and index != source[0]:
                marks = self._related(source, view)
            strong = None
            if self._opened is not None and index == self._opened[0]:
                strong = self._opened[1]
            view.set_marks(Marks(marks.tone, marks.rows, marks.columns, marks.cells, strong))

    def _related(self, source: tuple[int, MatrixCell], view: MatrixView) -> Marks:
        matrix, other = self._views[source[0]].matrix, view.matrix
        if matrix is None or other is None:
            return NO_MARKS
        at = {matrix.rows.key: source[1][0], matrix.columns.key: source[1][1]}
        at.pop(None, None)
        row, column = _place(other.rows, at), _place(other.columns, at)
        if row is not None and column is not None:
            return Marks(self._tone, cells=frozenset({(row, column)}))
        if row is not None:
            return Marks(self._tone, rows=frozenset({row}))
        if column is not None:
            return Marks(self._tone, columns=frozenset({column}))
        return NO_MARKS

    # --- arranging ---

    def _arrange(self) -> None:
        """Give every matrix as many whole columns as there is room for, narrow ones first."""
        views = self.views
        if not views:
            self._places = []
            return
        rows = min(max(rows_wanted(view) for view in views), _ROWS_BEFORE_HEADERS)
        for view in views:
            view.set_headers(self.height() >= height_for(rows, headers=True))
        high = min(self.height(), max(view.height_for(rows_wanted(view)) for view in views))
        room = self.width() - sum(self._sign_width(sign) for sign in self._signs())
        widths = shared_out(views, room, high)
        x, places = 0.0, []
        following = iter(zip(views, widths, strict=True))
        for term in self._terms:
            if isinstance(term, str):
                wide = self._sign_width(term)
                places.append(QRectF(x, 0, wide, high))
                x += wide
            else:
                view, width = next(following)
                view.setGeometry(round(x), 0, width, high)
                x += width
        self._places = places
        self.update()
        self.arranged.emit()

    def _signs(self) -> Iterator[str]:
        return (term for term in self._terms if isinstance(term, str))

    def _sign_width(self, sign: str) -> float:
        return QFontMetricsF(sign_font()).horizontalAdvance(sign) + AIR

    def _middle(self) -> float:
        """The height on which the cells of all matrices are centred."""
        return self.views[0].grid.cells.center().y()

    # --- Qt ---

    def sizeHint(self) -> QSize:
        high = max((view.height_for(view.grid.rows) for view in self.views), default=60)
        return QSize(600, high)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 60)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self.views:
            return
        with smooth(self) as painter:
            painter.setFont(sign_font())
            painter.setPen(theme().palette.text)
            middle = self._middle()
            for sign, place in zip(self._signs(), self._places, strict=True):
                at = QRectF(place.x(), middle - 15, place.width(), 30)
                painter.drawText(at, Qt.AlignmentFlag.AlignCenter, sign)


def sign_font() -> QFont:
    """The font of the signs between matrices."""
    return math_font(TITLE + 1)


def rows_wanted(view: Fits) -> int:
    """All rows, or of rows that are examples a few."""
    matrix = view.matrix
    if matrix is not None and matrix.rows.key == "example":
        return min(view.grid.rows, _EXAMPLES_AS_ROWS)
    return view.grid.rows


def _place(axis: MatrixAxis, at: dict[object, int]) -> int | None:
    return None if axis.key is None else at.get(axis.key)


class Fits(Protocol):
    """The terms of an equation: their width with this many columns, their height with all rows."""

    @property
    def matrix(self) -> Matrix | None: ...
    @property
    def grid(self) -> Grid: ...
    def width_for(self, columns: int, all_rows: bool) -> int: ...
    def height_for(self, rows: int) -> int: ...


def shared_out(views: Sequence[Fits], room: float, high: int) -> list[int]:
    """The widths of the views: small matrices in full, if that leaves the others a few columns.

    Then one more column for the narrowest incomplete one, as long as there is room.
    """
    cut = [view.height_for(view.grid.rows) > high for view in views]
    whole = [view.grid.columns for view in views]
    small = [n <= _SMALL for n in whole]

    def width(index: int, columns: int) -> int:
        view = views[index]
        needed = view.width_for(columns, not cut[index])
        return max(needed, round(caption_width(view.matrix)) + 2) if view.matrix else needed

    def total(columns: Sequence[int]) -> int:
        return sum(map(width, range(len(views)), columns))

    def wish(few: int) -> list[int]:
        """The preferred size: small matrices in full, this many columns of the others."""
        return [n if is_small else min(n, few) for n, is_small in zip(whole, small, strict=True)]

    wishes = (wish(_FEW), wish(_FEW - 1), [min(n, _FEW) for n in whole], [1] * len(views))
    columns = next((w for w in wishes if total(w) <= room), wishes[-1])
    growing = {index for index, n in enumerate(whole) if columns[index] < n}
    while growing:
        index = min(growing, key=lambda i: (not small[i], width(i, columns[i])))
        more = [n + (i == index) for i, n in enumerate(columns)]
        if total(more) <= room:
            columns = more
        if columns is not more or columns[index] == whole[index]:
            growing.remove(index)
    return [width(index, n) for index, n in enumerate(columns)]
