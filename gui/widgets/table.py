"""The common setup of all tables, and copying from them."""

from collections.abc import Iterable

from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHeaderView, QTableView, QWidget

from core.cells import line_of
from gui.style.theme import theme

SHEET = """QTableView { border: none; }  /* the card has one */
QHeaderView::section:vertical { border: none; padding: 0 4px 0 0; }"""
_ROLE = Qt.ItemDataRole


class Table(QTableView):
    """A table of `model`, selected by rows, left by Tab, without lines; `name` is for who cannot
    see it, `row` the height of each row in pixels if all have one.
    """

    def __init__(
        self, model: QAbstractItemModel, name: str, parent: QWidget | None = None, *,
        row: int | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setModel(model)
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)  # it says nothing; Ctrl+A selects all cells
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setStyleSheet(SHEET)
        self.verticalHeader().hide()
        if row is not None:
            self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            self.verticalHeader().setDefaultSectionSize(row)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setHighlightSections(False)
        theme().changed.connect(self.viewport().update)

    def let_copy(self) -> None:
        """Copy the selected cells, or everything if there are not several, by Ctrl+C and menu."""
        action = QAction(self.tr("&Copy"), self)
        action.setShortcut(QKeySequence.StandardKey.Copy)
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.setStatusTip(self.tr("Copy the selected cells (or all) for a spreadsheet"))
        action.triggered.connect(self.copy)
        self.addAction(action)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def copy(self) -> None:
        """Put lines of cells on the clipboard, with all digits, and names where these are shown."""
        model, chosen = self.model(), self.selectedIndexes()
        rows: Iterable[int] = range(model.rowCount())
        columns: Iterable[int] = range(model.columnCount())
        if len(chosen) > 1:
            rows = sorted({at.row() for at in chosen})
            columns = sorted({at.column() for at in chosen})
        lines = [[_written(model.index(i, j)) for j in columns] for i in rows]
        across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        if not self.horizontalHeader().isHidden():
            lines.insert(0, [str(model.headerData(j, across, _ROLE.EditRole)) for j in columns])
            rows = (-1, *rows)
        if not self.verticalHeader().isHidden():
            for i, line in zip(rows, lines, strict=True):
                line.insert(0, "" if i < 0 else str(model.headerData(i, down, _ROLE.EditRole)))
        QApplication.clipboard().setText("".join(f"{line_of(line)}\n" for line in lines))


def _written(index: QModelIndex) -> str:
    value = index.data(_ROLE.EditRole)
    return str(index.data() or "") if value is None else str(value)
