"""Copies numbers from a matrix view as text or NumPy, and requests an export."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from gui.matrix.model import MOST_COPIED, Array, Matrix, as_numpy, as_text


class Copyable(Protocol):
    """A view of a matrix in which cells can be selected."""

    @property
    def matrix(self) -> Matrix | None: ...

    @property
    def several(self) -> bool: ...

    def selected(self) -> tuple[range, range]: ...


class Copying(QObject):
    """The actions of one view; they take its selection, or everything if that is a single cell."""

    export_requested = Signal(object, str)  # the array, its name in Python

    def __init__(self, parent: QWidget, view: Copyable) -> None:
        super().__init__(parent)
        self._parent, self._view = parent, view
        self.copy_action = QAction(self.tr("Copy"), self)
        self.copy_action.setShortcut(QKeySequence.StandardKey.Copy)
        self.copy_action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.copy_action.triggered.connect(self.copy)
        self.numpy_action = QAction(self.tr("Copy as NumPy"), self)
        self.numpy_action.triggered.connect(self.copy_numpy)
        self.export_action = QAction(self.tr("Export as CSV…"), self)
        self.export_action.triggered.connect(self._export)

    @property
    def actions(self) -> list[QAction]:
        """Copy, copy as NumPy, export."""
        return [self.copy_action, self.numpy_action, self.export_action]

    def chosen(self) -> Array | None:
        """The cells of a copy; None if these are too many to paste."""
        matrix = self._view.matrix
        if matrix is None:
            return None
        values = matrix.values
        if self._view.several:
            rows, columns = self._view.selected()
            values = values[rows.start : rows.stop, columns.start : columns.stop]
        return values if values.size <= MOST_COPIED else None

    def copy(self) -> None:
        """Put it on the clipboard as lines of numbers."""
        chosen = self.chosen()
        if chosen is not None:
            QApplication.clipboard().setText(as_text(chosen))

    def copy_numpy(self) -> None:
        """Put it on the clipboard as a line of NumPy."""
        chosen, matrix = self.chosen(), self._view.matrix
        if chosen is not None and matrix is not None:
            QApplication.clipboard().setText(as_numpy(chosen, matrix.code))

    def open_menu(self, at: QPoint) -> None:
        """Offer the actions at a place on the screen."""
        several, few = self._view.several, self.chosen() is not None
        self.copy_action.setText(self.tr("Copy selection") if several else self.tr("Copy matrix"))
        self.numpy_action.setText(
            self.tr("Copy selection as NumPy") if several else self.tr("Copy matrix as NumPy")
        )
        for action in (self.copy_action, self.numpy_action):
            action.setEnabled(few)
        menu = QMenu(self._parent)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(self.actions)
        menu.popup(at)

    def _export(self) -> None:
        matrix = self._view.matrix
        if matrix is not None:
            self.export_requested.emit(matrix.values, matrix.code)
