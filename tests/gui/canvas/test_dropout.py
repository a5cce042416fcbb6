"""Dropout is set in a layer's menu and appears in its equation; the run continues."""

import pytest
from PySide6.QtWidgets import QApplication

from core import edits
from tests.gui.canvas.conftest import context_menu


def submenu(canvas, name):
    """The menu of this name in the context menu of the selected layer, or None."""
    menu = context_menu(canvas)
    found = [action.menu() for action in menu.actions() if action.text() == name]
    return found[0] if found else None


@pytest.fixture(autouse=True)
def closed():
    yield
    while (menu := QApplication.activePopupWidget()) is not None:
        menu.close()


def test_a_share_is_chosen_and_undone(canvas, document, selection):
    selection.select_layer(1)
    menu = submenu(canvas, "Dropout")
    texts = [action.text() for action in menu.actions()]
    assert texts == ["none", "10 %", "20 %", "30 %", "50 %"]
    assert [action.text() for action in menu.actions() if action.isChecked()] == ["none"]
    next(action for action in menu.actions() if action.text() == "20 %").trigger()
    assert document.project.keep == {1: 0.8}
    assert document.undo_stack.undoText() == "Drop 20 % of layer 1"
    assert canvas.network.picture.words[1].output == "A[1] = tanh(Z[1]) ⊙ D[1] / 0.8"
    document.undo_stack.undo()
    assert canvas.network.picture.words[1].output == "A[1] = tanh(Z[1])"


def test_a_share_from_elsewhere_is_in_the_menu_too(canvas, document, selection):
    document.edit("Drop", edits.set_dropout(document.project, 1, 0.25))
    selection.select_layer(1)
    menu = submenu(canvas, "Dropout")
    assert [action.text() for action in menu.actions() if action.isChecked()] == ["25 %"]


def test_input_and_output_drop_nothing(canvas, document, selection):
    for layer in (0, len(document.project.network.layers)):
        selection.select_layer(layer)
        assert submenu(canvas, "Dropout") is None
