"""The table of an opened number's arithmetic, in which numbers can be opened."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QResizeEvent,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import (
    QHeaderView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from gui.stepper.origin_rows import Piece, Row
from gui.style import text
from gui.style.theme import BODY, CAPTION, math_font, mono_font, px, theme, ui_font
from gui.widgets.painting import rounded
from gui.widgets.table import Table

LINE = 24.0
_AIR = 16  # px left and right of a cell's words, together
_ROLE = Qt.ItemDataRole
_STAY = QItemSelectionModel.SelectionFlag.NoUpdate
_ENTRY = _ROLE.UserRole
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_SHEET = """QTableView { background: transparent; }
QTableView::item { padding: 0 4px; } QTableView::item:focus { padding: 0 2px; }"""


class OriginTable(Table):
    """Rows one below the other. A click on a number asks to open it; next to the numbers, the row's
    first.

    By keyboard, the arrows go from number to number and Enter opens.
    """

    chosen = Signal(object)  # Entry
    more_wanted = Signal()  # of the terms in the last line before the sum

    def __init__(self, *, striped: bool = True, parent: QWidget | None = None) -> None:
        self._items = QStandardItemModel()
        super().__init__(self._items, self.tr("Terms"), parent)
        self._striped = striped
        self._rows: tuple[Row, ...] = ()
        self._tone = "backward"
        self.setStyleSheet(self.styleSheet() + _SHEET)
        self.setSelectionBehavior(Table.SelectionBehavior.SelectItems)
        self.setEditTriggers(Table.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_Delegate(self))
        self.setMouseTracking(True)
        self.let_copy()
        self.horizontalHeader().hide()
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setMinimumSectionSize(1)
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._open)
        self.entered.connect(self._point)
        theme().changed.connect(self._fill)

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows to show."""
        return self._rows

    def show_rows(self, rows: Sequence[Row], tone: str) -> None:
        """Show other rows, with stripes in the tone of a pass."""
        self._rows, self._tone = tuple(rows), tone
        self._fill()
        self.updateGeometry()

    def _fill(self) -> None:
        """Place labels, then numbers and signs in columns of their own, then values.

        Terms have their free room before the value, other numbers before the first of them. A row
        without numbers to open has one cell for its sum beside its label.
        """
        self._mono = QFontMetrics(_mono())
        rows = [self._fitting(row) for row in self._rows]
        apart = [row if any(piece.entry for piece in row.pieces) else None for row in rows]
        count = max((len(row.pieces) for row in apart if row), default=0)
        first = any(row and row.kind == "term" for row in apart)  # whether they follow the label
        self._items.clear()
        self.clearSpans()
        self._items.setRowCount(len(rows))
        self._items.setColumnCount(count + 3)
        cells = [list(self._cells(row, apart[i] is not None)) for i, row in enumerate(rows)]
        widths = self._widths(rows, cells, count, first)
        for i, (row, (label, *pieces, value)) in enumerate(zip(rows, cells, strict=True)):
            start = 2 if first else 2 + count - len(pieces)
            name = _metrics(row).horizontalAdvance(row.label) + _AIR
            over = next((j for j in range(1, count + 2) if sum(widths[:j]) >= name), count + 2)
            over = over if not pieces else start if not first else 1
            value_at = over if not pieces else count + 2
            for j, item in ((0, label), *enumerate(pieces, start), (value_at, value)):
                self._items.setItem(i, j, item)
            for j, wide in ((0, over), (value_at, count + 3 - value_at)):
                if wide > 1:
                    self.setSpan(i, j, 1, wide)
        for j, wide in enumerate(widths):
            self.horizontalHeader().resizeSection(j, wide)
        self.verticalHeader().setDefaultSectionSize(round(px(LINE)))
        enabled = (
            self._items.indexFromItem(item) for line in cells for item in line if item.isEnabled()
        )
        self.selectionModel().setCurrentIndex(next(enabled, QModelIndex()), _STAY)

    def _widths(
        self, rows: Sequence[Row], cells: Sequence[Sequence[QStandardItem]], count: int, first: bool
    ) -> list[int]:
        """Of the label, free room, numbers and signs, and of the value."""
        widths = [0] * (count + 3)
        for row, (_, *pieces, value) in zip(rows, cells, strict=True):
            if row.pieces:
                widths[0] = max(widths[0], _metrics(row).horizontalAdvance(row.label) + _AIR)
            start = 2 if first else 2 + count - len(pieces)
            for j, item in enumerate(pieces, start):
                widths[j] = max(widths[j], self._wide(item.text()))
            if value.text() and (pieces or not (row.pieces or count)):
                widths[-1] = max(widths[-1], self._wide(value.text()))
        spare = max(self.width() - sum(widths), 0)
        widths[-1 if first else 1] += spare
        widths[0] = max(widths[0] + min(self.width() - sum(widths), 0), 30)
        return widths

    def _wide(self, words: str) -> int:
        return self._mono.horizontalAdvance(words) + (_AIR if len(words) > 1 else _AIR // 2)

    def _fitting(self, row: Row) -> Row:
        """Of a row of numbers as many as leave its label alone, and how many there are."""
        if row.kind != "value" or row.value or len(row.pieces) < 2:
            return row
        slot = max(self._wide(piece.text) for piece in row.pieces)
        label = _metrics(row).horizontalAdvance(row.label) + _AIR
        fit = max((self.width() - label) // slot, 2)
        if len(row.pieces) <= fit:
            return row
        last = row.pieces[-1]
        if last.entry is not None:
            last = Piece(f"… of {len(row.pieces)}")
        return replace(row, pieces=(*row.pieces[: fit - 1], last))

    def _cells(self, row: Row, apart: bool) -> Iterator[QStandardItem]:
        """The label, each number and sign if they are `apart`, and the value."""
        palette, hint = theme().palette, text.tip(row.hint)
        label = _item(row.label, _label_font(row), palette.muted, _LEFT, hint, row.words)
        label.setEnabled(not apart and (row.entry is not None or row.more))
        yield label
        for piece in row.pieces if apart else ():
            said = f"{row.label}: {piece.name} = {piece.text}" if piece.entry else ""
            ink = palette.text if piece.entry or row.kind != "term" else palette.muted
            item = _item(piece.text, _mono(), ink, _RIGHT, text.tip(said) or hint, said)
            item.setData(piece.entry, _ENTRY)
            item.setEnabled(piece.entry is not None)
            yield item
        numbers = " ".join(piece.text for piece in row.pieces)
        words = f"{numbers} = {row.value}" if numbers and not apart else row.value
        tones = {1: palette.positive, -1: palette.negative, 0: palette.text}
        ink = tones[row.sign] if row.kind in ("term", "value") else palette.text
        strong = QFont.Weight.DemiBold if row.kind == "total" else QFont.Weight.Normal
        value = _item(words, _mono(strong), ink, _RIGHT, hint, row.value)
        value.setEnabled(False)
        yield value

    def striped(self, row: int) -> QColor | None:
        """The colour of the stripe under a row."""
        if not self._striped or row % 2 or self._rows[row].kind != "term":
            return None
        palette = theme().palette
        stripe = QColor(getattr(palette, self._tone) if self._tone else palette.accent)
        stripe.setAlphaF(0.09)
        return stripe

    def _entry(self, index: QModelIndex | QPersistentModelIndex) -> object:
        return index.data(_ENTRY) or self._rows[index.row()].entry

    def _open(self, index: QModelIndex) -> None:
        if index.isValid() and self._rows[index.row()].more:
            self.more_wanted.emit()
        elif index.isValid() and self._entry(index) is not None:
            self.chosen.emit(self._entry(index))

    def _point(self, index: QModelIndex) -> None:
        shapes, opens = Qt.CursorShape, self._entry(index) or self._rows[index.row()].more
        self.viewport().setCursor(shapes.PointingHandCursor if opens else shapes.ArrowCursor)

    def draw(self, painter: QPainter) -> None:
        """Paint all rows elsewhere, on paper for instance, as wide as this is."""
        self.render(painter, QPoint(), renderFlags=QWidget.RenderFlag.DrawChildren)

    def sizeHint(self) -> QSize:
        return QSize(px(380), round(px(LINE)) * len(self._rows))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(164), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fill()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)


class _Delegate(QStyledItemDelegate):
    """Paints stripes, the line of a sum and the number pointed at too."""

    def __init__(self, table: OriginTable) -> None:
        super().__init__(table)
        self._table = table

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:  # fmt: skip
        stripe, palette = self._table.striped(index.row()), theme().palette
        if stripe is not None:
            painter.fillRect(option.rect, stripe)
        if self._table.rows[index.row()].kind == "total" and index.row():
            top = QRectF(option.rect)
            top.setHeight(1)
            painter.fillRect(top, palette.border)
        lit = QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_Enabled
        if option.state & lit == lit:
            rounded(painter, QRectF(option.rect).adjusted(1, 1, -1, -1), 5, palette.accent_soft)
        super().paint(painter, option, index)


def _item(
    words: str, font: QFont, ink: QColor, side: Qt.AlignmentFlag, hint: str, spoken: str
) -> QStandardItem:
    item = QStandardItem(words)
    item.setFont(font)
    item.setForeground(ink)
    item.setTextAlignment(side)
    item.setToolTip(hint)
    item.setData(spoken, _ROLE.AccessibleTextRole)
    return item


def _mono(weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    return mono_font(CAPTION, weight)


def _metrics(row: Row) -> QFontMetrics:
    return QFontMetrics(_label_font(row))


def _label_font(row: Row) -> QFont:
    if row.kind in ("rest", "total"):
        return ui_font(CAPTION)
    counted = re.fullmatch("[ijk] = [0-9,]+", row.label)
    return mono_font(CAPTION) if counted else math_font(BODY)
