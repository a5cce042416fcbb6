"""The table of layers: its cells, their editors, and the edits they request."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtWidgets import (
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from core.nn.activations import ACTIVATIONS
from core.project import MAX_UNITS, Project
from gui.style import text
from gui.widgets.boxes import ChoiceBox, CountBox

Index = QModelIndex | QPersistentModelIndex
NAME, UNITS, ACTIVATION, DROPOUT, SHAPE, PARAMETERS, HELD = range(7)
OUTPUT_UNITS = "The output layer has one unit for each row of labels: its units follow the data."
OUTPUT_DROPOUT = "The output layer has no dropout: predictions would be random."
HEADERS = ("Layer", "Units", "Activation", "Dropout", "Shape of W", "Parameters", "Muted, frozen")
MOST_DROPPED = 90  # per cent
_ROLE = Qt.ItemDataRole
_FLAG = Qt.ItemFlag


def layer_name(project: Project, l: int) -> str:
    """The name of layer l = 0..L: its number and its position."""
    if l == 0:
        return "Input"
    return f"{l} · output" if l == len(project.network.layers) else f"{l} · hidden"


def parameters_of(project: Project, l: int) -> int:
    """How many numbers W[l] and b[l] hold together."""
    sizes = project.sizes()
    return sizes[l] * (sizes[l - 1] + 1) if l else 0


def held_units(project: Project, l: int) -> dict[str, list[str]]:
    """The names of the units of a layer that are muted, and of those that are frozen."""
    what = {"muted": project.muted.get(l, ()), "frozen": project.frozen.get(l, ())}
    return {
        how: [text.symbol("a", i + 1, l) for i in units] for how, units in what.items() if units
    }


class LayersModel(QAbstractTableModel):
    """Rows are the input and layers 1..L of a project; writing a cell asks for an edit of it."""

    edit_requested = Signal(int, int, object, str)  # column, layer, value, merge key

    def __init__(self, project: Project, parent: QWidget) -> None:
        super().__init__(parent)
        self._project = project
        self._visit = 0  # counts the opened editors: the changes of one editor are one undo step

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
            if index.column() in (UNITS, DROPOUT)
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
        if role == _ROLE.ToolTipRole and column == HELD:
            return "\n".join(f"{how}: {', '.join(names)}" for how, names in self._held(l).items())
        return self._tip(index) if role == _ROLE.ToolTipRole else None

    def setData(self, index: Index, value: Any, role: int = _ROLE.EditRole) -> bool:
        l, column = index.row(), index.column()
        if role != _ROLE.EditRole or value == self._value(l, column):
            return False
        key = f"cell {l} {column} {self._visit}"
        self.edit_requested.emit(column, l, value, key)
        return True

    def _tip(self, index: Index) -> str:
        if self.flags(index) & _FLAG.ItemIsEditable:
            what = HEADERS[index.column()].lower()
            return f"Change the {what} of layer {index.row()} (F2, or start typing)"
        is_output = index.row() == self.rowCount() - 1
        if is_output and index.column() == DROPOUT:
            return OUTPUT_DROPOUT
        return OUTPUT_UNITS if is_output and index.column() == UNITS else ""

    def _held(self, l: int) -> dict[str, list[str]]:
        return held_units(self._project, l)

    @property
    def holds_units(self) -> bool:
        """Whether any layer has muted or frozen units."""
        return any(self._held(l) for l in range(1, self.rowCount()))

    def _value(self, l: int, column: int) -> int | str | None:
        if column == UNITS:
            return self._project.sizes()[l]
        if column == DROPOUT:
            return round(100 * self._project.network.layers[l - 1].dropout) if l else None
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
        if column == DROPOUT:
            share = self._project.network.layers[l - 1].dropout
            return text.percent(share, 0) if share else "–"
        if column == HELD:
            return ", ".join(f"{len(names)} {how}" for how, names in self._held(l).items()) or "–"
        if column == SHAPE:
            return text.shape((sizes[l], sizes[l - 1]))
        return text.count(parameters_of(self._project, l))


def _alignment(column: int) -> int:
    """Numbers are right-aligned, so that their digits line up."""
    right = column in (UNITS, DROPOUT, PARAMETERS)
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
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
    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> CountBox:
        _begin_visit(index)
        box = CountBox(parent, minimum=1, maximum=MAX_UNITS)
        box.setAccessibleName(self.tr("Units of layer {row}").format(row=index.row()))
        return box


class _DropoutDelegate(_Delegate):
    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> CountBox:
        _begin_visit(index)
        box = CountBox(parent, minimum=0, maximum=MOST_DROPPED, singleStep=5, suffix=" %")
        box.setAccessibleName(self.tr("Dropout of layer {row} in per cent").format(row=index.row()))
        return box


class _ActivationDelegate(_Delegate):
    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> ChoiceBox:
        _begin_visit(index)
        box = ChoiceBox(parent)
        box.setFrame(False)
        box.setAccessibleName(self.tr("Activation of layer {row}").format(row=index.row()))
        for name, activation in ACTIVATIONS.items():
            box.addItem(activation.label, name)
        box.activated.connect(lambda _: self.commitData.emit(box))
        return box

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        assert isinstance(editor, ChoiceBox)
        editor.setCurrentIndex(editor.findData(index.data(_ROLE.EditRole)))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        assert isinstance(editor, ChoiceBox)
        model.setData(index, editor.currentData())


def install_delegates(table: QTableView) -> None:
    """Set the editors of the table's cells."""
    table.setItemDelegateForColumn(UNITS, _UnitsDelegate(table))
    table.setItemDelegateForColumn(ACTIVATION, _ActivationDelegate(table))
    table.setItemDelegateForColumn(DROPOUT, _DropoutDelegate(table))
