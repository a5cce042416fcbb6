"""The Layers table: every edit of the network by keyboard alone, for screen readers as for eyes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QSignalBlocker,
    Qt,
    Signal,
)
from PySide6.QtGui import QAction, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QSpinBox,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core import edits
from core.errors import LayerwiseError
from core.nn.activations import ACTIVATIONS
from core.project import MAX_UNITS, Project
from gui import text
from gui.actions import Shortcut, make_action
from gui.document import Document
from gui.panels.base import Panel
from gui.selection import Selection
from gui.training import Training
from gui.widgets import labels
from gui.widgets.card import Card

Index = QModelIndex | QPersistentModelIndex
NAME, UNITS, ACTIVATION, SHAPE, PARAMETERS = range(5)
OUTPUT_UNITS = "The output layer has one unit for each row of labels: its units follow the data."
HEADERS = ("Layer", "Units", "Activation", "Shape of W", "Parameters")
_ROLE = Qt.ItemDataRole
_FLAG = Qt.ItemFlag


def layer_name(project: Project, l: int) -> str:
    """What layer l = 0..L is called: its number and its place in the chain."""
    if l == 0:
        return "Input"
    return f"{l} · output" if l == len(project.network.layers) else f"{l} · hidden"


def parameters_of(project: Project, l: int) -> int:
    """How many numbers W[l] and b[l] hold together."""
    sizes = project.sizes()
    return sizes[l] * (sizes[l - 1] + 1) if l else 0


class LayersModel(QAbstractTableModel):
    """Rows are the input and layers 1..L of a project; writing a cell asks for an edit of it."""

    edit_requested = Signal(object, object, object)  # its name, the project after it, merge key

    def __init__(self, project: Project, parent: QWidget) -> None:
        super().__init__(parent)
        self._project = project
        self._visit = 0  # counts the editors opened: what one of them changes is one step of undo

    def begin_visit(self) -> None:
        """An editor opens: its edits are one, however many keys are pressed in it."""
        self._visit += 1

    def show(self, project: Project) -> None:
        """Show another project; rows are reset only if their number changed."""
        same = len(project.network.layers) == len(self._project.network.layers)
        if not same:
            self.beginResetModel()
        self._project = project
        if not same:
            self.endResetModel()
        last = self.index(self.rowCount() - 1, self.columnCount() - 1)
        self.dataChanged.emit(self.index(0, 0), last)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        return 0 if parent.isValid() else len(self._project.network.layers) + 1

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        return 0 if parent.isValid() else len(HEADERS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole
    ) -> Any:
        if role == _ROLE.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return HEADERS[section]
        if role == _ROLE.TextAlignmentRole:
            return _alignment(section)
        return super().headerData(section, orientation, role)

    def flags(self, index: Index) -> Qt.ItemFlag:
        first, last = 1, self.rowCount() - 1
        editable = (
            first <= index.row() < last
            if index.column() == UNITS
            else index.column() == ACTIVATION and index.row() >= first
        )
        return super().flags(index) | (_FLAG.ItemIsEditable if editable else _FLAG.NoItemFlags)

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> Any:
        l, column = index.row(), index.column()
        if role == _ROLE.DisplayRole:
            return self._text(l, column)
        if role == _ROLE.EditRole:
            return self._value(l, column)
        if role == _ROLE.AccessibleTextRole:
            return f"{self._text(l, NAME)}, {HEADERS[column]}: {self._text(l, column)}"
        if role == _ROLE.TextAlignmentRole:
            return _alignment(column)
        return self._tip(index) if role == _ROLE.ToolTipRole else None

    def setData(self, index: Index, value: Any, role: int = _ROLE.EditRole) -> bool:
        l, column = index.row(), index.column()
        if role != _ROLE.EditRole or value == self._value(l, column):
            return False
        key = f"cell {l} {column} {self._visit}"
        if column == UNITS:
            after = edits.set_units(self._project, l, value)
            self.edit_requested.emit(f"Set units of layer {l} to {value}", after, key)
        else:
            after = edits.set_activation(self._project, l, value)
            label = ACTIVATIONS[value].label
            self.edit_requested.emit(f"Set activation of layer {l} to {label}", after, key)
        return True

    def _tip(self, index: Index) -> str:
        if self.flags(index) & _FLAG.ItemIsEditable:
            what = HEADERS[index.column()].lower()
            return f"Change the {what} of layer {index.row()} (F2, or start typing)"
        is_output = index.row() == self.rowCount() - 1
        return OUTPUT_UNITS if is_output and index.column() == UNITS else ""

    def _value(self, l: int, column: int) -> int | str | None:
        if column == UNITS:
            return self._project.sizes()[l]
        return self._project.activations[l - 1] if column == ACTIVATION and l else None

    def _text(self, l: int, column: int) -> str:
        sizes = self._project.sizes()
        if column == NAME:
            return layer_name(self._project, l)
        if column == UNITS:
            return text.count(sizes[l])
        if l == 0:
            return "–"
        if column == ACTIVATION:
            return ACTIVATIONS[self._project.activations[l - 1]].label
        if column == SHAPE:
            return text.shape((sizes[l], sizes[l - 1]))
        return text.count(parameters_of(self._project, l))


def _alignment(column: int) -> int:
    """Numbers stand on the right, so that their digits do."""
    side = (
        Qt.AlignmentFlag.AlignRight if column in (UNITS, PARAMETERS) else Qt.AlignmentFlag.AlignLeft
    )
    return int(side | Qt.AlignmentFlag.AlignVCenter)


def _begin_visit(index: Index) -> None:
    model = index.model()
    assert isinstance(model, LayersModel)
    model.begin_visit()


class _Delegate(QStyledItemDelegate):
    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        editor.setGeometry(option.rect)


class _UnitsDelegate(_Delegate):
    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QSpinBox:
        _begin_visit(index)
        box = QSpinBox(parent, minimum=1, maximum=MAX_UNITS)
        box.setAccessibleName(f"Units of layer {index.row()}")
        return box


class _ActivationDelegate(_Delegate):
    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> QComboBox:
        _begin_visit(index)
        box = QComboBox(parent)
        box.setFrame(False)
        box.setAccessibleName(f"Activation of layer {index.row()}")
        for name, activation in ACTIVATIONS.items():
            box.addItem(activation.label, name)
        box.activated.connect(lambda _: self.commitData.emit(box))
        return box

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        assert isinstance(editor, QComboBox)
        editor.setCurrentIndex(editor.findData(index.data(_ROLE.EditRole)))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        assert isinstance(editor, QComboBox)
        model.setData(index, editor.currentData())


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
        total = sum(parameters_of(new, l) for l in range(1, self.model.rowCount()))
        self.total.setText(f"{text.count(total)} parameters in all")
        self._select(self.selection.layer)
        self._allow(new)

    def _make_table(self) -> QTableView:
        table = QTableView(self)
        table.setModel(self.model)
        table.setAccessibleName("Layers of the network")
        table.setAccessibleDescription("F2 changes units or activation; Insert adds a layer.")
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        table.setItemDelegateForColumn(UNITS, _UnitsDelegate(table))
        table.setItemDelegateForColumn(ACTIVATION, _ActivationDelegate(table))
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.setStyleSheet("QTableView { border: none; }")  # the card has one
        table.verticalHeader().hide()
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(84)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        return table

    def _make_actions(self) -> dict[str, QAction]:
        """The edits of the chain by name, with the canvas's keys while the table has the focus."""
        delete = ("Del", "Backspace")  # the standard key is Ctrl+D too, on X11
        back, on = ("Alt+Up", "Alt+Left"), ("Alt+Down", "Alt+Right")
        return {
            "insert": self._action(
                "Add", "Add a hidden layer behind this one", "plus", self._add, "Ins", "Ctrl+Return"
            ),
            "duplicate": self._action(
                "Duplicate", "Put a second layer like this one behind it", "copy", self._duplicate,
                "Ctrl+D",
            ),
            "remove": self._action(
                "Remove", "Remove this hidden layer", "trash", self._remove, *delete
            ),
            "earlier": self._action(
                "Move up", "Move this hidden layer towards the input", "up", self._earlier, *back
            ),
            "later": self._action(
                "Move down", "Move this hidden layer towards the output", "down", self._later, *on
            ),
        }  # fmt: skip

    def _action(
        self, name: str, tip: str, icon: str, do: Callable[[], None], *keys: Shortcut
    ) -> QAction:
        action = make_action(self.table, name, do, shortcuts=keys, tip=tip, icon=icon)
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.table.addAction(action)
        return action

    def _lay_out(self) -> None:
        card = Card("Layers")
        card.add_header(self.total)
        for action in self.actions_by_name.values():
            button = QToolButton()
            button.setDefaultAction(action)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setAccessibleName(action.text())
            card.add_header(button)
        card.body.addWidget(self.table)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(card)

    def _allow(self, project: Project) -> None:
        """Grey what the selected layer does not allow."""
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
        """Make the selected layer's row current, in the column the user is in."""
        row = min(l, self.model.rowCount() - 1)
        column = max(self.table.currentIndex().column(), UNITS)
        if self.table.currentIndex().row() != row or not self.table.selectionModel().hasSelection():
            flags = QItemSelectionModel.SelectionFlag
            self.table.selectionModel().setCurrentIndex(
                self.model.index(row, column), flags.ClearAndSelect | flags.Rows
            )
        self._allow(self.document.project)

    def _add(self) -> None:
        l = min(self.selection.layer + 1, len(self.document.project.network.layers))
        self._change(f"Add hidden layer {l}", lambda now: edits.insert_layer(now, l), l)

    def _duplicate(self) -> None:
        l = self.selection.layer
        self._change(f"Duplicate layer {l}", lambda now: edits.duplicate_layer(now, l), l + 1)

    def _remove(self) -> None:
        l = self.selection.layer
        self._change(f"Remove layer {l}", lambda now: edits.remove_layer(now, l), l)

    def _earlier(self) -> None:
        self._move(self.selection.layer, self.selection.layer - 1)

    def _later(self) -> None:
        self._move(self.selection.layer, self.selection.layer + 1)

    def _move(self, l: int, to: int) -> None:
        self._change(f"Move layer {l} to {to}", lambda now: edits.move_layer(now, l, to), to)

    def _change(
        self, name: str, edit: Callable[[Project], Project], select: int, key: str = ""
    ) -> None:
        """Do an edit of the chain and select the layer it was about."""
        try:
            self.document.edit(name, edit(self.document.project), key)
        except LayerwiseError as error:
            self.noted.emit(str(error))
        else:
            self.selection.select_layer(select)

    def _edit(self, name: str, after: Project, key: str) -> None:
        self._change(name, lambda now: after, self.selection.layer, key)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._select(self.selection.layer)
