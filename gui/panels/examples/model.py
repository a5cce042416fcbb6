"""The model of the examples table: one row per example, sorted and filtered by NumPy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap, QTransform
from PySide6.QtWidgets import QWidget

from core.cells import line_of
from core.data.examples import Indices
from gui.panels.examples.columns import ExampleColumn
from gui.plots.dots import GLYPHS, shape
from gui.style.theme import class_colours, theme

Index = QModelIndex | QPersistentModelIndex
SIGN = 13  # px of the sign of a class
_ROLE = Qt.ItemDataRole
# As numbers: Qt asks for seven roles of every cell, and comparing with an enum takes a microsecond.
_WORDS, _SPOKEN, _ALIGNED, _SIGN, _FILL, _INK = (
    int(role)
    for role in (
        _ROLE.DisplayRole, _ROLE.AccessibleTextRole, _ROLE.TextAlignmentRole,
        _ROLE.DecorationRole, _ROLE.BackgroundRole, _ROLE.ForegroundRole,
    )
)  # fmt: skip
_LEFT, _RIGHT = (
    int(side | Qt.AlignmentFlag.AlignVCenter)
    for side in (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight)
)
_CENTRE = int(Qt.AlignmentFlag.AlignCenter)
_NONE: Indices = np.empty(0, np.intp)


class ExamplesModel(QAbstractTableModel):
    """Rows keep their order and filter until `arrange`, so that they do not move during training.

    `examples` gives the example of each row. Sorting by the header arranges the rows.
    """

    arranged = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.columns: tuple[ExampleColumn, ...] = ()
        self.examples: Indices = _NONE
        self._rows: Indices = _NONE  # of each example; -1: not shown
        self._among: NDArray[np.bool_] | None = None
        self._lit: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self._by, self._down = 0, False
        self._signs: dict[tuple[int, int, str], QIcon] = {}

    def show_columns(self, columns: Sequence[ExampleColumn]) -> None:
        """Show these; if only values of live columns differ, no row moves."""
        same = len(columns) == len(self.columns) and all(
            new.name == old.name and len(new.values) == len(old.values)
            for new, old in zip(columns, self.columns, strict=True)
        )
        if same:
            self.columns = tuple(columns)
            live = [i for i, column in enumerate(columns) if column.live]
            if len(self.examples):
                last = self.index(len(self.examples) - 1, live[-1])
                self.dataChanged.emit(self.index(0, live[0]), last, [_ROLE.DisplayRole])
            return
        self.beginResetModel()
        self.columns, self._among = tuple(columns), None
        self._by = min(self._by, len(columns) - 1)
        self._lit = np.zeros(len(columns[0].values), np.bool_)
        self._order()
        self.endResetModel()
        self.arranged.emit()

    def arrange(self, among: NDArray[np.bool_] | None) -> None:
        """Sort the rows again, with the examples (M,) that are `among` these; None: all."""
        self.beginResetModel()
        self._among = among
        self._order()
        self.endResetModel()
        self.arranged.emit()

    def sort_again(self, by: int) -> None:
        """Sort by this column; if it is the sort column already, reverse."""
        at = Qt.SortOrder
        down = by == self._by and not self._down
        self.sort(by, at.DescendingOrder if down else at.AscendingOrder)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)

    def light(self, lit: Indices) -> None:
        """Highlight the rows of these examples."""
        self._lit[:] = False
        self._lit[lit[lit < len(self._lit)]] = True
        if len(self.examples):
            last = self.index(len(self.examples) - 1, len(self.columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last, [_ROLE.BackgroundRole])

    def row_of(self, example: int) -> int | None:
        """The row that shows an example, if one does."""
        if not 0 <= example < len(self._rows) or self._rows[example] < 0:
            return None
        return int(self._rows[example])

    def rows_of(self, examples: Indices) -> Indices:
        """The rows that show these examples, ascending."""
        rows = self._rows[examples[examples < len(self._rows)]]
        return np.sort(rows[rows >= 0])

    @property
    def sorted_by(self) -> ExampleColumn | None:
        """The column that orders the rows."""
        return self.columns[self._by] if self.columns else None

    def as_text(self, rows: Sequence[int]) -> str:
        """These rows with a line of names above them, cells apart by tabs, all digits there."""
        lines = [line_of(column.code for column in self.columns)]
        lines += [
            line_of(column.exact(example) for column in self.columns)
            for example in self.examples[list(rows)].tolist()
        ]
        return "\n".join(lines) + "\n"

    def _order(self) -> None:
        """Equal values stay in the order of their numbers, up as down."""
        column = self.columns[self._by]
        values = column.values
        if self._down:
            values = -values if values.dtype != np.bool_ else ~values
        order = np.argsort(values, kind="stable")
        self.examples = order if self._among is None else order[self._among[order]]
        self._rows = np.full(len(order), -1)
        self._rows[self.examples] = np.arange(len(self.examples))

    def _sign(self, column: ExampleColumn, kind: int) -> QIcon | None:
        """A class's sign as the dots have it."""
        if not 0 < column.classes <= len(GLYPHS):
            return None
        key = (column.classes, kind, theme().palette.name)
        if key not in self._signs:
            ratio = 2.0
            picture = QPixmap(round(SIGN * ratio), round(SIGN * ratio))
            picture.setDevicePixelRatio(ratio)
            picture.fill(Qt.GlobalColor.transparent)
            with QPainter(picture) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(class_colours(column.classes)[kind])
                painter.drawPath(_moved(kind, QRectF(0, 0, SIGN, SIGN).center()))
            sign = QIcon()
            for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):  # it would be tinted
                sign.addPixmap(picture, mode)
            self._signs[key] = sign
        return self._signs[key]

    # --- overrides of Qt ---

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        return 0 if parent.isValid() else len(self.examples)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        return 0 if parent.isValid() else len(self.columns)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if 0 <= column < len(self.columns):
            self._by, self._down = column, order == Qt.SortOrder.DescendingOrder
            self.arrange(self._among)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and section < len(self.columns):
            column = self.columns[section]
            if role == _ROLE.DisplayRole:
                arrow = ("▴", "▾")[self._down] if section == self._by else ""
                return f"{column.name} {arrow}" if arrow else column.name
            if role == _ROLE.ToolTipRole:
                return f"{column.tip} (click to sort)"
            if role == _ROLE.TextAlignmentRole:
                return _alignment(column)
        return super().headerData(section, orientation, role)

    def data(self, index: Index, role: int = _WORDS) -> Any:
        column = self.columns[index.column()]
        if role == _ALIGNED:
            return _alignment(column)
        example = self.examples.item(index.row())
        if role == _WORDS:
            return column.write(column.values.item(example))
        if role == _SIGN:
            return self._sign(column, column.values.item(example)) if column.classes else None
        if role == _FILL:
            return theme().palette.accent_soft if self._lit.item(example) else None
        if role == _INK:
            return self._ink(column, example)
        if role == _SPOKEN:
            return f"{column.code}: {column.write(column.values.item(example))}"
        return None

    def _ink(self, column: ExampleColumn, example: int) -> QColor | None:
        if column.code == "right":
            palette = theme().palette
            return palette.good if column.values[example] else palette.error
        return None


def _moved(kind: int, middle: QPointF) -> Any:
    return QTransform.fromTranslate(middle.x(), middle.y()).map(shape(kind, SIGN * 0.75))


def _alignment(column: ExampleColumn) -> int:
    """Numbers are right-aligned, so that their digits line up."""
    if column.code == "right":
        return _CENTRE
    return _LEFT if column.classes or column.code == "set" else _RIGHT
