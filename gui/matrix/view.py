"""The matrix widget: paints its visible cells; scrolls, selects and copies."""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, QPointF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QScrollBar, QWidget

from gui.matrix.copying import Copying
from gui.matrix.grid import (
    BAR,
    BRACKET,
    CELL_HIGH,
    LEAST_COLUMNS,
    Grid,
    height_for,
    width_for,
)
from gui.matrix.model import NO_MARKS, Marks, Matrix, largest
from gui.matrix.painting import (
    cells_layer,
    draw_cells,
    draw_overlay,
    draw_surroundings,
    measured,
)
from gui.style.theme import px, theme
from gui.widgets.formulas import is_elsewhere
from gui.widgets.painting import smooth
from gui.widgets.tooltips import hide_tip, show_tip


class MatrixView(QWidget):
    """Shows one Matrix; arrows move its cursor, Enter or a click activates a number.

    A click does not take the keyboard focus; Tab, or a drag that selects cells, does. Scroll
    positions are in cells, so that views of different widths agree.
    """

    cell_activated = Signal(int, int)  # row, column, from 0
    cell_hovered = Signal(object)  # (row, column), or None
    columns_scrolled = Signal(float)  # the first visible column, in cells
    rows_scrolled = Signal(float)
    export_requested = Signal(object, str)  # the array, its name in Python

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._matrix: Matrix | None = None
        self._scale = 0.0
        self._digits = 4
        self._marks = NO_MARKS
        self._hovered: tuple[int, int] | None = None
        self._current = (0, 0)
        self._anchor = (0, 0)
        self._pressed: tuple[int, int] | None = None
        self._grid = Grid(1, 1, 10, 0, 10, 10)
        self._layer: QPixmap | None = None
        self.across = QScrollBar(Qt.Orientation.Horizontal, self)
        self.down = QScrollBar(Qt.Orientation.Vertical, self)
        self.across.valueChanged.connect(self._on_scrolled)
        self.down.valueChanged.connect(self._on_scrolled)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        theme().changed.connect(self._measure)
        self.copying = Copying(self, self)
        self.copying.export_requested.connect(self.export_requested)
        self.addActions(self.copying.actions)

    # --- content ---

    @property
    def matrix(self) -> Matrix | None:
        """The matrix shown."""
        return self._matrix

    @property
    def grid(self) -> Grid:
        """The geometry of its cells."""
        return self._grid

    def show_matrix(self, matrix: Matrix) -> None:
        """Show another matrix; with the same shape and name, it keeps its scroll position."""
        old = self._matrix
        same = old is not None and (old.shape, old.name) == (matrix.shape, matrix.name)
        self._matrix = matrix
        self._scale = largest(matrix.values)
        self._hovered = None
        if not same:
            self._current = self._anchor = (0, 0)
            self._marks = NO_MARKS
        self._measure()
        if not same:
            self._set_scrolled(0, 0)
        self.setAccessibleName("{} ({}, {})".format(matrix.name, *matrix.sizes))
        self._tell_cell()

    def set_digits(self, digits: int) -> None:
        """Write numbers with about this many meaningful digits."""
        if digits != self._digits:
            self._digits = digits
            self._measure()

    def set_headers(self, shown: bool) -> None:
        """Show or hide the names of the columns, for little height."""
        if shown != self._grid.headers:
            self._grid = replace(self._grid, headers=shown)
            self._measure()

    def set_marks(self, marks: Marks) -> None:
        """Light rows, columns and cells."""
        if marks != self._marks:
            self._marks = marks
            self.update()

    @property
    def marks(self) -> Marks:
        """The highlight."""
        return self._marks

    def _measure(self) -> None:
        """Find the width of the cells and of the names of the rows."""
        matrix = self._matrix
        if matrix is None:
            return
        self._grid = measured(self._grid, matrix, self._digits)
        self._arrange()
        self.updateGeometry()

    def width_for(self, columns: int, all_rows: bool) -> int:
        """The width for this many columns, with or without a scroll bar for the rows."""
        return math.ceil(width_for(columns, self._grid.wide, self._grid.names, not all_rows))

    def height_for(self, rows: int) -> int:
        """The height for this many rows."""
        return math.ceil(height_for(rows, self._grid.headers))

    # --- scrolling ---

    def scroll_to(self, row: int | None = None, column: int | None = None) -> None:
        """Bring a row, a column or a cell into sight, moving no further than needed."""
        grid = self._grid
        across, down = grid.across, grid.down
        if column is not None:
            at = column * grid.wide
            across = min(max(across, at - (grid.columns_shown - 1) * grid.wide), at)
        if row is not None:
            at = row * px(CELL_HIGH)
            down = min(max(down, at - (grid.rows_shown - 1) * px(CELL_HIGH)), at)
        self._set_scrolled(across, down)

    def set_first_column(self, column: float) -> None:
        """Scroll to a column, in cells, without a signal."""
        with QSignalBlocker(self):
            self.across.setValue(round(column * self._grid.wide))

    def set_first_row(self, row: float) -> None:
        """Scroll to a row, in cells, without a signal."""
        with QSignalBlocker(self):
            self.down.setValue(round(row * px(CELL_HIGH)))

    def _set_scrolled(self, across: float, down: float) -> None:
        self.across.setValue(round(across))
        self.down.setValue(round(down))

    def _on_scrolled(self) -> None:
        old = self._grid
        self._grid = replace(old, across=float(self.across.value()), down=float(self.down.value()))
        self._repaint_cells()
        if old.across != self._grid.across:
            self.columns_scrolled.emit(self._grid.across / self._grid.wide)
        if old.down != self._grid.down:
            self.rows_scrolled.emit(self._grid.down / px(CELL_HIGH))

    def _arrange(self) -> None:
        """Fit grid and bars into the widget's size, keeping the first cell in sight."""
        first_column = self.across.value() / max(self.across.singleStep(), 1)
        grid = replace(self._grid, width=float(self.width()), height=float(self.height()))
        cells = grid.cells
        step = round(grid.wide)
        with QSignalBlocker(self.across), QSignalBlocker(self.down):
            self.across.setRange(0, round(grid.most_across))
            self.across.setSingleStep(step)
            self.across.setPageStep(max(round(cells.width()), 1))
            self.across.setValue(round(first_column * step))
            self.down.setRange(0, round(grid.most_down))
            self.down.setSingleStep(int(px(CELL_HIGH)))
            self.down.setPageStep(max(round(cells.height()), 1))
        self._grid = replace(grid, across=float(self.across.value()), down=float(self.down.value()))
        self.across.setVisible(grid.most_across > 0)
        self.down.setVisible(grid.most_down > 0)
        bar, right = int(px(BAR)), round(cells.right() + px(BRACKET))
        left, top = round(cells.x()), round(cells.y())
        self.across.setGeometry(left, round(cells.bottom()) + 3, round(cells.width()), bar)
        self.down.setGeometry(right, top, bar, round(cells.height()))
        self._repaint_cells()

    def _repaint_cells(self) -> None:
        self._layer = None
        self.update()

    # --- cursor, selection and clipboard ---

    def set_current(self, row: int, column: int, *, extend: bool = False) -> None:
        """Move the cursor to a cell; `extend` keeps the other end of the selection."""
        if self._matrix is None:
            return
        rows, columns = self._matrix.shape
        self._current = (min(max(row, 0), rows - 1), min(max(column, 0), columns - 1))
        if not extend:
            self._anchor = self._current
        self.scroll_to(*self._current)
        self._tell_cell()
        self.update()

    @property
    def current(self) -> tuple[int, int]:
        """The cursor's cell."""
        return self._current

    def selected(self) -> tuple[range, range]:
        """The rows and columns selected; at least the cell under the cursor."""
        (row, column), (row0, column0) = self._current, self._anchor
        return (
            range(min(row, row0), max(row, row0) + 1),
            range(min(column, column0), max(column, column0) + 1),
        )

    @property
    def several(self) -> bool:
        """Whether more than one cell is selected."""
        return self._current != self._anchor

    def _tell_cell(self) -> None:
        if self._matrix is not None and self._matrix.values.size:
            self.setAccessibleDescription(self._words(*self._current))

    def _words(self, row: int, column: int) -> str:
        assert self._matrix is not None
        value = float(self._matrix.values[row, column])
        return f"{self._matrix.address(row, column)}: {value!r}"

    def _hover(self, cell: tuple[int, int] | None) -> None:
        if cell != self._hovered:
            self._hovered = cell
            self.setCursor(
                Qt.CursorShape.ArrowCursor if cell is None else Qt.CursorShape.PointingHandCursor
            )
            self.cell_hovered.emit(cell)
            self.update()

    # --- Qt ---

    def sizeHint(self) -> QSize:
        grid = self._grid
        return QSize(self.width_for(grid.columns, True), self.height_for(grid.rows))

    def minimumSizeHint(self) -> QSize:
        columns = min(LEAST_COLUMNS, self._grid.columns)
        return QSize(self.width_for(columns, False), self.height_for(min(self._grid.rows, 2)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def wheelEvent(self, event: QWheelEvent) -> None:
        by = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta() / 2
        grid = self._grid
        sideways = not grid.most_down or event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if by.x() == 0 and sideways:
            by = QPoint(by.y(), 0)
        before = (grid.across, grid.down)
        self._set_scrolled(grid.across - by.x(), grid.down - by.y())
        event.setAccepted((self._grid.across, self._grid.down) != before)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = self._grid.at(event.position())
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            self._pressed = None
            event.ignore()
            return
        extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if extend:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.set_current(*self._pressed, extend=extend)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        cell = self._grid.at(event.position())
        self._hover(cell)
        if self._pressed is not None and cell is not None and cell != self._current:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.set_current(*cell, extend=True)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if pressed is not None and not self.several:
            self.cell_activated.emit(*pressed)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        move = self._move_of(event)
        if move is not None:
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            row, column = self._current
            self.set_current(row + move[0], column + move[1], extend=shift)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.cell_activated.emit(*self._current)
        elif event.matches(QKeySequence.StandardKey.SelectAll) and self._matrix is not None:
            self._anchor = (0, 0)
            rows, columns = self._matrix.shape
            self._current = (rows - 1, columns - 1)
            self.update()
        else:
            event.ignore()

    def _move_of(self, event: QKeyEvent) -> tuple[int, int] | None:
        key, grid = Qt.Key, self._grid
        moves = {
            key.Key_Up: (-1, 0),
            key.Key_Down: (1, 0),
            key.Key_Left: (0, -1),
            key.Key_Right: (0, 1),
            key.Key_PageUp: (0, -grid.columns_shown),
            key.Key_PageDown: (0, grid.columns_shown),
            key.Key_Home: (0, -grid.columns),
            key.Key_End: (0, grid.columns),
        }
        return moves.get(key(event.key()))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.copying.open_menu(event.globalPos())

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            cell = self._grid.at(QPointF(event.pos()))
            if cell is None or self._matrix is None:
                hide_tip()
            else:
                show_tip(event.globalPos(), self._words(*cell), self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        matrix, grid = self._matrix, self._grid
        if matrix is None or not matrix.values.size:
            return
        how = grid, self._scale, self._digits
        with smooth(self) as painter:
            draw_surroundings(painter, matrix, grid)
            if is_elsewhere(painter, self):
                painter.save()
                painter.translate(grid.cells.topLeft())
                draw_cells(painter, matrix.values, *how)
                painter.restore()
            else:
                if self._layer is None:
                    self._layer = cells_layer(matrix.values, *how, self.devicePixelRatioF())
                painter.drawPixmap(grid.cells.topLeft(), self._layer)
            focused = self.hasFocus()
            chosen = self.selected() if self.several else None
            draw_overlay(
                painter,
                grid,
                self._marks,
                self._hovered,
                self._current if focused else None,
                chosen,
            )
