"""The common setup of all tables on cards."""

from PySide6.QtCore import QAbstractItemModel
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget


def table_of(
    model: QAbstractItemModel, name: str, parent: QWidget, *, row: int | None = None
) -> QTableView:
    """A table of `model`, selected by rows, left by Tab, without lines; `name` is for who cannot
    see it, `row` the height of each row in pixels if all have one.
    """
    table = QTableView(parent)
    table.setModel(model)
    table.setAccessibleName(name)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setStyleSheet("QTableView { border: none; }")  # the card has one
    table.verticalHeader().hide()
    if row is not None:
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setDefaultSectionSize(row)
    table.horizontalHeader().setHighlightSections(False)
    return table
