"""The layers panel: a table that offers every edit of the network by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QSignalBlocker,
    Qt,
)
from PySide6.QtGui import QAction, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableView,
    QToolButton,
    QWidget,
)

from core.project import Project
from gui.actions import Shortcut, make_action
from gui.model.document import Document
from gui.model.layer_edits import LayerEdits
from gui.model.selection import Selection
from gui.model.training import Training
from gui.panels.base import Panel
from gui.parts import Named
from gui.style import text
from gui.widgets import labels
from gui.widgets.card import Card
from gui.widgets.layers_table import (
    DROPOUT,
    HELD,
    UNITS,
    LayersModel,
    install_delegates,
    parameters_of,
)
from gui.widgets.rows import in_column
from gui.widgets.table import Table


class LayersPanel(Panel):
    """The network as a table: the canvas's edits, by keys and buttons, on the selected layer."""

    def __init__(
        self,
        document: Document,
        training: Training,
        selection: Selection,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(document, training, selection, parent)
        self.edits = LayerEdits(document, selection, self)
        self.edits.refused.connect(self.noted)
        self.model = LayersModel(document.project, self)
        self.model.edit_requested.connect(self._edit)
        self.table = self._make_table()
        self.actions_by_name = self._make_actions()
        self.total = labels.caption("")
        self._lay_out()
        self.setFocusProxy(self.table)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        selection.layer_changed.connect(self._on_layer)

    def show_project(self, old: Project | None, new: Project) -> None:
        with QSignalBlocker(self.table.selectionModel()):
            self.model.show(new)
        self.table.setColumnHidden(HELD, not self.model.holds_units)
        total = sum(parameters_of(new, l) for l in range(1, self.model.rowCount()))
        self.total.setText(self.tr("{total} parameters in total").format(total=text.count(total)))
        self._select(self.selection.layer)
        self._allow(new)

    def _make_table(self) -> QTableView:
        table = Table(self.model, "Layers of the network", self)
        table.setAccessibleDescription(self.tr("F2 changes a cell; Insert adds a layer."))
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        install_delegates(table)
        header = table.horizontalHeader()
        header.setMinimumSectionSize(84)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        return table

    def named_parts(self) -> Mapping[str, Named]:
        return {
            "table": Named(self.table, self.tr("Table of layers")),
        }

    def _make_actions(self) -> dict[str, QAction]:
        """The edits of the layers by name, with the canvas's shortcuts while the table has the
        focus.
        """
        delete = ("Del", "Backspace")  # the standard key is Ctrl+D too, on X11
        back, on = ("Alt+Up", "Alt+Left"), ("Alt+Down", "Alt+Right")
        return {
            "insert": self._action(
                "Add", "Add a hidden layer after this one", "plus",
                self.edits.add_after_selected, "Ins", "Ctrl+Return",
            ),
            "duplicate": self._action(
                "Duplicate", "Duplicate this layer", "copy", self.edits.duplicate,
                "Ctrl+D",
            ),
            "remove": self._action(
                "Remove", "Remove this hidden layer", "trash", self.edits.remove, *delete
            ),
            "earlier": self._action(
                "Move up", "Move this hidden layer towards the input", "up",
                partial(self.edits.move_by, -1), *back,
            ),
            "later": self._action(
                "Move down", "Move this hidden layer towards the output", "down",
                partial(self.edits.move_by, 1), *on,
            ),
        }  # fmt: skip

    def _action(
        self, name: str, tip: str, icon: str, do: Callable[[], object], *keys: Shortcut
    ) -> QAction:
        action = make_action(self.table, name, do, shortcuts=keys, tip=tip, icon=icon)
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.table.addAction(action)
        return action

    def _lay_out(self) -> None:
        self.card = Card(self.tr("Layers"), self)
        self.card.add_header(self.total)
        for action in self.actions_by_name.values():
            button = QToolButton()
            button.setDefaultAction(action)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setAccessibleName(action.text())
            self.card.add_header(button)
        self.card.body.addWidget(self.table)
        in_column(self.card, on=self, margins=0)

    def _allow(self, project: Project) -> None:
        """Disable the commands that the selected layer does not allow."""
        l, L = self.selection.layer, len(project.network.layers)
        hidden = 1 <= l < L
        for name, possible in {
            "duplicate": hidden,
            "remove": hidden,
            "earlier": 1 < l < L,
            "later": 1 <= l < L - 1,
        }.items():
            self.actions_by_name[name].setEnabled(possible)

    def _on_row(self, current: QModelIndex) -> None:
        if current.isValid():
            self.selection.select_layer(current.row())
            self._allow(self.document.project)

    def _on_layer(self, l: int) -> None:
        if self.isVisible():
            self._select(l)

    def _select(self, l: int) -> None:
        """Make the selected layer's row current, in the user's column."""
        row = min(l, self.model.rowCount() - 1)
        column = max(self.table.currentIndex().column(), UNITS)
        if self.table.currentIndex().row() != row or not self.table.selectionModel().hasSelection():
            flags = QItemSelectionModel.SelectionFlag
            self.table.selectionModel().setCurrentIndex(
                self.model.index(row, column), flags.ClearAndSelect | flags.Rows
            )
        self._allow(self.document.project)

    def _edit(self, column: int, l: int, value: Any, key: str) -> None:
        if column == UNITS:
            self.edits.set_units(l, value, key)
        elif column == DROPOUT:
            self.edits.set_dropout(l, value / 100, key)
        else:
            self.edits.set_activation(l, value, key)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._select(self.selection.layer)
