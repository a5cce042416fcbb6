"""Every edit on the canvas, by real mouse and keyboard events."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu

from core import edits
from core.project import MAX_UNITS
from gui.canvas.marks import DropItem, GhostItem
from gui.canvas.overlay import LayerChip
from gui.widgets.layers_table import OUTPUT_UNITS
from tests.gui.canvas.conftest import network

Key = Qt.Key
NONE = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


def done(document):
    return document.undo_stack.undoText()


def popup() -> QMenu:
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def choose(label: str) -> None:
    menu = popup()
    next(action for action in menu.actions() if action.text() == label).trigger()
    menu.close()


# --- the mouse ---


def test_plus_and_minus(pointer, document):
    pointer.click(pointer.pill(1, "plus"))
    assert document.project.sizes() == (2, 5, 3, 1)
    assert done(document) == "Set units of layer 1 to 5"
    pointer.click(pointer.pill(2, "minus"))
    assert document.project.sizes() == (2, 5, 2, 1)
    assert done(document) == "Set units of layer 2 to 2"


def test_two_quick_clicks_are_two_units(pointer, document):
    pointer.double_click(pointer.pill(1, "plus"))
    assert document.project.sizes()[1] == 6


def test_a_click_let_go_elsewhere_does_nothing(pointer, document):
    plus = pointer.pill(1, "plus")
    pointer.drag(plus, plus + QPoint(0, 120))
    pointer.release(plus + QPoint(0, 120))
    assert document.project.sizes() == (2, 4, 3, 1)


def test_the_output_follows_the_data(pointer, document, canvas):
    pointer.click(pointer.pill(3, "plus"))
    assert document.project.sizes() == (2, 4, 3, 1)
    assert not canvas.actions_by_name["more_units"].isEnabled()
    assert canvas.actions_by_name["more_units"].toolTip() == OUTPUT_UNITS


def test_a_layer_keeps_one_unit(pointer, document, canvas):
    document.replace(network(1, 1))
    pointer.click(pointer.pill(1, "minus"))
    assert document.project.sizes() == (2, 1, 1)
    assert canvas.actions_by_name["fewer_units"].toolTip() == "A layer has at least one unit."


def test_units_are_typed_over_the_number(pointer, document, canvas, qtbot):
    pointer.click(pointer.pill(1, "number"))
    field = canvas.findChild(QLineEdit)
    assert field.isVisible()
    qtbot.keyClicks(field, "64")
    qtbot.keyClick(field, Key.Key_Return)
    assert document.project.sizes() == (2, 64, 3, 1)
    assert done(document) == "Set units of layer 1 to 64"
    assert not field.isVisible()
    assert document.undo_stack.count() == 1


def test_a_digit_starts_typing_and_escape_drops_it(document, canvas, qtbot):
    qtbot.keyClick(canvas, Key.Key_7)
    field = canvas.findChild(QLineEdit)
    assert field.isVisible()
    assert field.text() == "7"
    qtbot.keyClick(field, Key.Key_Escape)
    assert not field.isVisible()
    assert document.project.sizes() == (2, 4, 3, 1)
    assert canvas.hasFocus()


def test_arrows_step_in_the_field(pointer, document, canvas, qtbot):
    pointer.click(pointer.pill(1, "number"))
    field = canvas.findChild(QLineEdit)
    for units in (5, 6, 7):
        qtbot.keyClick(field, Key.Key_Up)
        assert document.project.sizes()[1] == units
        assert field.text() == str(units)
    qtbot.keyClick(field, Key.Key_Escape)
    assert document.project.sizes()[1] == 7
    assert not field.isVisible()


@pytest.mark.parametrize("typed", ["0", "99999", "-3", "many"])
def test_an_impossible_edit_is_refused_in_a_sentence(typed, pointer, document, canvas, qtbot):
    pointer.click(pointer.pill(1, "number"))
    field = canvas.findChild(QLineEdit)
    field.setText(typed)
    with qtbot.waitSignal(canvas.refused) as refused:
        qtbot.keyClick(field, Key.Key_Return)
    assert f"{MAX_UNITS:,}" in refused.args[0]
    assert document.project.sizes() == (2, 4, 3, 1)


def test_the_activation_menu(pointer, document):
    pointer.click(pointer.pill(1, "activation"))
    assert [action.text() for action in popup().actions() if action.isChecked()] == ["tanh"]
    choose("ReLU")
    assert document.project.activations[0] == "relu"
    assert done(document) == "Set activation of layer 1 to ReLU"


def test_a_menu_is_gone_with_the_layer_that_it_is_of(pointer, document):
    pointer.click(pointer.pill(2, "activation"))
    assert popup().isVisible()
    document.edit("Remove", edits.remove_layer(document.project, 2))
    assert QApplication.activePopupWidget() is None
    assert document.project.sizes() == (2, 4, 1)


def test_the_insert_handles(pointer, document, selection):
    pointer.click(pointer.insert(2))
    assert document.project.sizes() == (2, 4, 4, 3, 1)
    assert done(document) == "Add hidden layer 2"
    assert selection.layer == 2
    pointer.click(pointer.insert(5 - 1))
    assert document.project.sizes() == (2, 4, 4, 3, 4, 1)


def test_a_layer_is_dragged_by_its_head(pointer, document, selection, canvas):
    start, stop = pointer.title(1), pointer.title(2)
    pointer.drag(start, stop)
    assert canvas.network.columns[1].x() > 100
    assert canvas.network.columns[2].x() < -100
    pointer.release(stop)
    assert document.project.sizes() == (2, 3, 4, 1)
    assert done(document) == "Move layer 1 to 2"
    assert selection.layer == 2
    assert [column.x() for column in canvas.network.columns] == [0, 0, 0, 0]


def test_escape_cancels_a_drag(pointer, document, canvas, qtbot):
    start, stop = pointer.title(1), pointer.title(2)
    pointer.drag(start, stop)
    qtbot.keyClick(canvas, Key.Key_Escape)
    assert [column.x() for column in canvas.network.columns] == [0, 0, 0, 0]
    pointer.release(stop)
    assert document.project.sizes() == (2, 4, 3, 1)
    assert document.undo_stack.count() == 0


def test_layers_alike_snap_back(pointer, document, canvas):
    document.replace(network(4, 4, 1))
    start, stop = pointer.title(1), pointer.title(2)
    pointer.drag(start, stop)
    pointer.release(stop)
    assert document.undo_stack.count() == 0
    assert [column.x() for column in canvas.network.columns] == [0, 0, 0, 0]


def test_the_output_and_the_input_stay(pointer, document, canvas):
    for layer in (0, 3):
        start = pointer.title(layer)
        pointer.drag(start, pointer.title(1))
        pointer.release(pointer.title(1))
    assert document.project.sizes() == (2, 4, 3, 1)
    assert canvas.network.columns[3].x() == 0


# --- the palette ---


def chip_of(canvas, activation):
    return next(c for c in canvas.findChildren(LayerChip) if c.activation == activation)


def drag_chip(canvas, chip, to: QPoint) -> None:
    """Press the chip and move to a point of the viewport, without letting go."""
    QTest.mousePress(chip, Qt.MouseButton.LeftButton, NONE, chip.rect().center())
    stop = chip.mapFromGlobal(canvas.viewport().mapToGlobal(to))
    for at in (chip.rect().center() + QPoint(15, -15), (chip.rect().center() + stop) / 2, stop):
        event = QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(at),
            QPointF(chip.mapToGlobal(at)),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.LeftButton,
            NONE,
        )
        QApplication.sendEvent(chip, event)


def let_go(canvas, chip, at: QPoint) -> None:
    stop = chip.mapFromGlobal(canvas.viewport().mapToGlobal(at))
    QTest.mouseRelease(chip, Qt.MouseButton.LeftButton, NONE, stop)


def test_a_chip_adds_after_the_selected_layer(canvas, document, qtbot):
    qtbot.mouseClick(chip_of(canvas, "relu"), Qt.MouseButton.LeftButton)
    assert document.project.activations == ("tanh", "relu", "tanh", "sigmoid")
    assert done(document) == "Add hidden layer 2"


def test_enter_on_a_chip_adds_too(canvas, document, qtbot, selection):
    selection.select_layer(3)
    chip = chip_of(canvas, "linear")
    chip.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(chip, Key.Key_Return)
    assert document.project.activations == ("tanh", "tanh", "linear", "sigmoid")


def test_a_chip_is_dragged_into_a_gap(canvas, document, pointer):
    chip, to = chip_of(canvas, "sigmoid"), pointer.insert(1) + QPoint(0, 200)
    drag_chip(canvas, chip, to)
    let_go(canvas, chip, to)
    assert document.project.activations == ("sigmoid", "tanh", "tanh", "sigmoid")


def test_escape_cancels_placing(canvas, document, pointer, qtbot):
    chip, to = chip_of(canvas, "sigmoid"), pointer.insert(1) + QPoint(0, 200)
    drag_chip(canvas, chip, to)
    qtbot.keyClick(canvas, Key.Key_Escape)
    let_go(canvas, chip, to)
    assert document.project.sizes() == (2, 4, 3, 1)
    assert not [i for i in canvas.network.items() if isinstance(i, DropItem | GhostItem)]


def test_dropped_outside_nothing_is_added(canvas, document, pointer):
    chip, to = chip_of(canvas, "sigmoid"), QPoint(400, canvas.height() - 5)
    drag_chip(canvas, chip, to)
    let_go(canvas, chip, to)
    assert document.project.sizes() == (2, 4, 3, 1)


# --- the keyboard ---


def test_arrows_select(canvas, selection, qtbot):
    for key, layer in ((Key.Key_Right, 2), (Key.Key_Right, 3), (Key.Key_Right, 3)):
        qtbot.keyClick(canvas, key)
        assert selection.layer == layer
    for _ in range(5):
        qtbot.keyClick(canvas, Key.Key_Left)
    assert selection.layer == 0


@pytest.mark.parametrize(
    ("key", "modifier", "sizes", "name"),
    [
        (Key.Key_Plus, NONE, (2, 5, 3, 1), "Set units of layer 1 to 5"),
        (Key.Key_Minus, NONE, (2, 3, 3, 1), "Set units of layer 1 to 3"),
        (Key.Key_Insert, NONE, (2, 4, 4, 3, 1), "Add hidden layer 2"),
        (Key.Key_Return, CTRL, (2, 4, 4, 3, 1), "Add hidden layer 2"),
        (Key.Key_Delete, NONE, (2, 3, 1), "Remove layer 1"),
        (Key.Key_Backspace, NONE, (2, 3, 1), "Remove layer 1"),
        (Key.Key_D, CTRL, (2, 4, 4, 3, 1), "Duplicate layer 1"),
        (Key.Key_Right, ALT, (2, 3, 4, 1), "Move layer 1 to 2"),
    ],
)
def test_shortcuts(key, modifier, sizes, name, canvas, document, qtbot):
    qtbot.keyClick(canvas, key, modifier)
    assert document.project.sizes() == sizes
    assert done(document) == name
    document.undo_stack.undo()
    assert document.project.sizes() == (2, 4, 3, 1)


@pytest.mark.parametrize("key", [Key.Key_F2, Key.Key_A, Key.Key_Return])
def test_keys_open_the_activation_menu(key, canvas, document, qtbot):
    qtbot.keyClick(canvas, key)
    choose("sigmoid")
    assert document.project.activations[0] == "sigmoid"


def test_a_disabled_command_says_why(canvas, selection):
    selection.select_layer(0)
    tips = {name: a.toolTip() for name, a in canvas.actions_by_name.items() if not a.isEnabled()}
    assert tips["remove"] == "The input cannot be removed: only hidden layers can."
    assert "features" in tips["more_units"]
    selection.select_layer(1)
    assert (
        canvas.actions_by_name["earlier"].toolTip() == "Layer 1 is the first hidden layer already."
    )
    assert canvas.actions_by_name["remove"].toolTip() == "Remove layer (Del)"


def test_the_context_menu_is_that_of_the_layer_under_it(canvas, pointer, selection):
    at = pointer.title(2)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, canvas.viewport().mapToGlobal(at))
    QApplication.sendEvent(canvas.viewport(), event)
    assert selection.layer == 2
    menu = popup()
    titles = [action.text() for action in menu.actions() if action.text()]
    assert titles[:2] == ["Layer 2 · hidden", "Activation"]
    assert "Remove layer" in titles
    menu.close()


# --- from elsewhere ---


def test_undo_clamps_the_selection(canvas, document, selection, qtbot):
    selection.select_layer(3)
    document.edit("Remove layer 2", edits.remove_layer(document.project, 2))
    assert selection.layer == 2
    assert canvas.network.picture.selected == 2


def test_new_layers_glide_into_place(canvas, document, qtbot, monkeypatch):
    monkeypatch.setenv("LAYERWISE_REDUCED_MOTION", "0")
    document.edit("Add hidden layer 2", edits.insert_layer(document.project, 2))
    columns = canvas.network.columns
    assert columns[2].opacity() < 1
    assert columns[1].x() != 0
    qtbot.waitUntil(lambda: columns[2].opacity() == 1 and columns[1].x() == 0)
