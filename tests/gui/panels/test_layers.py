"""The Layers table does by keyboard what the canvas does by mouse."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QSpinBox, QToolButton

from core.edits import freeze_unit, insert_layer, mute_unit, set_units
from core.project import MAX_UNITS
from gui.panels.layers import LayersPanel
from gui.widgets.layers_table import (
    ACTIVATION,
    DROPOUT,
    HELD,
    OUTPUT_UNITS,
    PARAMETERS,
    SHAPE,
    UNITS,
)

Key = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def panel(qtbot, document, training, selection):
    panel = LayersPanel(document, training, selection)
    qtbot.addWidget(panel)
    panel.resize(420, 260)
    with qtbot.waitExposed(panel):
        panel.show()
    panel.activateWindow()
    panel.table.setFocus()
    return panel


def cells(panel, column):
    return [panel.model.index(row, column).data() for row in range(panel.model.rowCount())]


def edit_cell(panel, qtbot, row, column, kind):
    panel.table.setCurrentIndex(panel.model.index(row, column))
    qtbot.keyClick(panel.table, Key.Key_F2)
    return panel.table.viewport().findChild(kind)


def test_it_shows_the_network(panel):
    assert cells(panel, UNITS) == ["2", "4", "1"]
    assert cells(panel, ACTIVATION) == ["–", "tanh", "sigmoid"]
    assert cells(panel, SHAPE) == ["–", "(4, 2)", "(1, 4)"]
    assert cells(panel, PARAMETERS) == ["–", "12", "5"]
    assert panel.total.text() == "17 parameters in total"


def test_muted_and_frozen_units_are_shown_where_there_are_any(panel, document):
    assert panel.table.isColumnHidden(HELD)
    document.edit("Mute", mute_unit(document.project, 1, 1))
    after = freeze_unit(freeze_unit(document.project, 1, 0), 1, 3)
    document.edit("Freeze", after)
    assert not panel.table.isColumnHidden(HELD)
    assert cells(panel, HELD) == ["–", "1 muted, 2 frozen", "–"]
    tip = panel.model.index(1, HELD).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == "muted: a₂[1]\nfrozen: a₁[1], a₄[1]"
    for _ in range(2):
        document.undo_stack.undo()
    assert panel.table.isColumnHidden(HELD)


def test_units_by_keyboard(panel, qtbot, document):
    box = edit_cell(panel, qtbot, 1, UNITS, QSpinBox)
    box.selectAll()
    qtbot.keyClicks(box, "7")
    qtbot.keyClick(box, Key.Key_Return)
    qtbot.waitUntil(lambda: document.project.sizes() == (2, 7, 1))
    assert document.undo_stack.undoText() == "Set units of layer 1 to 7"
    assert cells(panel, SHAPE) == ["–", "(7, 2)", "(1, 7)"]


def test_escape_leaves_the_units_alone(panel, qtbot, document):
    box = edit_cell(panel, qtbot, 1, UNITS, QSpinBox)
    box.selectAll()
    qtbot.keyClicks(box, "7")
    qtbot.keyClick(box, Key.Key_Escape)
    assert document.project.sizes() == (2, 4, 1)


def test_activation_by_keyboard(panel, qtbot, document):
    box = edit_cell(panel, qtbot, 1, ACTIVATION, QComboBox)
    qtbot.keyClick(box, Key.Key_Down)
    qtbot.keyClick(box, Key.Key_Return)
    assert document.project.activations == ("relu", "sigmoid")
    assert document.undo_stack.undoText() == "Set activation of layer 1 to ReLU"


def test_changes_in_one_cell_editor_are_one_undo_step(panel, qtbot, document):
    before = document.project
    for turn in (1, 2):
        box = edit_cell(panel, qtbot, 1, ACTIVATION, QComboBox)
        for _ in range(2):
            qtbot.keyClick(box, Key.Key_Down if turn == 1 else Key.Key_Up)
            assert document.project.activations[0] == box.currentData()  # shown at once
        qtbot.keyClick(box, Key.Key_Return)
        qtbot.waitUntil(lambda: panel.table.findChild(QComboBox) is None)
        assert document.undo_stack.count() == turn
    box = edit_cell(panel, qtbot, 1, ACTIVATION, QComboBox)
    for key in (Key.Key_Up, Key.Key_Down):  # there and back is nothing
        qtbot.keyClick(box, key)
    qtbot.keyClick(box, Key.Key_Return)
    assert document.undo_stack.count() == 2
    document.undo_stack.setIndex(0)
    assert document.project == before


def test_the_input_is_not_edited_here(panel):
    for column in (UNITS, ACTIVATION):
        assert not panel.model.flags(panel.model.index(0, column)) & Qt.ItemFlag.ItemIsEditable


def test_the_output_has_the_units_of_the_labels(panel, qtbot):
    output = panel.model.index(2, UNITS)
    assert not panel.model.flags(output) & Qt.ItemFlag.ItemIsEditable
    assert output.data(Qt.ItemDataRole.ToolTipRole) == OUTPUT_UNITS
    assert panel.model.flags(panel.model.index(2, ACTIVATION)) & Qt.ItemFlag.ItemIsEditable


def test_the_chain_by_keys(panel, qtbot, document, selection):
    selection.select_layer(1)
    qtbot.keyClick(panel.table, Key.Key_Insert)
    assert document.undo_stack.undoText() == "Add hidden layer 2"
    document.edit("Set units of layer 2 to 3", set_units(document.project, 2, 3))
    assert document.project.sizes() == (2, 4, 3, 1)
    assert selection.layer == 2
    qtbot.keyClick(panel.table, Key.Key_Up, ALT)
    assert document.project.sizes() == (2, 3, 4, 1)
    assert document.undo_stack.undoText() == "Move layer 2 to 1"
    assert selection.layer == 1
    qtbot.keyClick(panel.table, Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert document.project.sizes() == (2, 3, 3, 4, 1)
    assert document.undo_stack.undoText() == "Duplicate layer 1"
    qtbot.keyClick(panel.table, Key.Key_Delete)
    assert document.project.sizes() == (2, 3, 4, 1)
    assert document.undo_stack.undoText() == "Remove layer 2"


def test_the_buttons_do_the_same_and_are_disabled_if_impossible(panel, qtbot, document, selection):
    buttons = {button.text(): button for button in panel.findChildren(QToolButton)}
    selection.select_layer(0)
    qtbot.mouseClick(buttons["Add"], Qt.MouseButton.LeftButton)
    assert document.project.sizes() == (2, 4, 4, 1)
    assert buttons["Move down"].isEnabled()
    assert not buttons["Move up"].isEnabled()
    selection.select_layer(3)
    assert not buttons["Remove"].isEnabled()
    assert not buttons["Duplicate"].isEnabled()


def test_the_row_is_the_selected_layer_both_ways(panel, qtbot, selection):
    selection.select_layer(2)
    assert panel.table.currentIndex().row() == 2
    qtbot.keyClick(panel.table, Key.Key_Up)
    assert selection.layer == 1


def test_undo_keeps_a_row_selected(panel, document, selection):
    document.edit("Add layer 2", insert_layer(document.project, 2))
    selection.select_layer(3)
    document.undo_stack.undo()
    assert panel.table.currentIndex().row() == selection.layer == 2


def test_a_hidden_table_selects_nothing(panel, document, selection):
    panel.hide()
    document.edit("Add layer 2", insert_layer(document.project, 2))
    selection.select_layer(3)
    assert selection.layer == 3
    panel.show()
    assert panel.table.currentIndex().row() == 3


def test_a_refusal_gets_a_message(panel, qtbot, document):
    with qtbot.waitSignal(panel.noted) as refused:
        for _ in range(40):
            panel.actions_by_name["insert"].trigger()
    assert "at most 32 layers" in refused.args[0]


def test_every_cell_speaks(panel):
    spoken = panel.model.index(1, UNITS).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "1 · hidden, Units: 4"
    assert panel.table.accessibleName()
    box = panel.table.itemDelegateForColumn(UNITS).createEditor(
        panel.table, None, panel.model.index(1, UNITS)
    )
    assert box.maximum() == MAX_UNITS
    assert box.accessibleName() == "Units of layer 1"
    assert QApplication.focusWidget() is panel.table


def test_dropout_by_keyboard(panel, qtbot, document, training):
    training.step(20)
    qtbot.waitUntil(lambda: training.latest is not None and training.latest.iteration == 20)
    box = edit_cell(panel, qtbot, 1, DROPOUT, QSpinBox)
    box.selectAll()
    qtbot.keyClicks(box, "25")
    qtbot.keyClick(box, Key.Key_Return)
    qtbot.waitUntil(lambda: document.project.keep == {1: 0.75})
    assert document.undo_stack.undoText() == "Drop 25 % of layer 1"
    assert cells(panel, DROPOUT) == ["–", "25 %", "–"]
    qtbot.waitUntil(lambda: training.latest.project == document.project)
    assert training.latest.iteration == 20  # without a reset
    output = panel.model.index(2, DROPOUT)
    assert not panel.model.flags(output) & Qt.ItemFlag.ItemIsEditable
    assert "no dropout" in panel.model.data(output, Qt.ItemDataRole.ToolTipRole)
    document.undo_stack.undo()
    assert cells(panel, DROPOUT) == ["–", "–", "–"]
