"""A matrix view by mouse and keyboard: only visible cells are drawn, all can be reached."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from gui.matrix import painting as matrix_paint
from gui.matrix.model import Marks, Matrix, MatrixAxis
from gui.matrix.view import MatrixView
from gui.style.theme import theme
from tests.gui.hands import collected, put, wheel, window  # noqa: F401

Key, Left = Qt.Key, Qt.MouseButton.LeftButton
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
UNITS = MatrixAxis("unit", lambda i: f"unit {i + 1} of layer 2", ("unit", 2))
EXAMPLES = MatrixAxis("example", lambda i: f"example {i + 1}", "example")


def matrix(rows=4, columns=400, name="Z[2]"):
    values = np.random.RandomState(1).randn(rows, columns)
    return Matrix(values, name, "Z2", UNITS, EXAMPLES)


@pytest.fixture
def view(window):  # noqa: F811
    view = MatrixView()
    view.show_matrix(matrix())
    view.setFixedSize(400, 140)
    return put(window, view)


def centre(view, row, column):
    return view.grid.cell(row, column).center().toPoint()


def test_a_click_activates_its_cell(view, qtbot):
    seen = collected(view.cell_activated)
    qtbot.mouseClick(view, Left, pos=centre(view, 2, 1))
    assert seen == [(2, 1)]
    assert not view.hasFocus()  # Space and the arrows stay with the stepper


def test_a_click_outside_the_cells_does_nothing(view, qtbot):
    seen = collected(view.cell_activated)
    qtbot.mouseClick(view, Left, pos=QPoint(3, 3))
    assert not seen


def test_every_cell_can_be_reached_by_keyboard(view, qtbot):
    view.setFocus()
    seen = collected(view.cell_activated)
    qtbot.keyClick(view, Key.Key_Down)
    for _ in range(9):
        qtbot.keyClick(view, Key.Key_Right)
    qtbot.keyClick(view, Key.Key_Return)
    qtbot.keyClick(view, Key.Key_End)
    qtbot.keyClick(view, Key.Key_Return)
    assert seen == [(1, 9), (1, 399)]
    assert view.grid.cells.contains(view.grid.cell(1, 399))  # it has followed
    assert "unit 2 of layer 2, example 400" in view.accessibleDescription()


def test_pages_of_examples(view, qtbot):
    view.setFocus()
    qtbot.keyClick(view, Key.Key_PageDown)
    assert view.current == (0, view.grid.columns_shown)
    qtbot.keyClick(view, Key.Key_PageUp)
    assert view.current == (0, 0)


def test_hover_tells_the_cell(view, qtbot):
    seen = collected(view.cell_hovered)
    qtbot.mouseMove(view, centre(view, 1, 2))
    qtbot.mouseMove(view, QPoint(2, 2))
    assert seen == [(1, 2), None]


def test_selection_is_copied_in_full(view, qtbot):
    view.setFocus()
    for key in (Key.Key_Right, Key.Key_Down):
        qtbot.keyClick(view, key, SHIFT)
    qtbot.keyClick(view, Key.Key_C, CONTROL)
    lines = QApplication.clipboard().text().split("\n")
    copied = np.array([[float(x) for x in line.split("\t")] for line in lines])
    np.testing.assert_array_equal(copied, view.matrix.values[:2, :2])


def test_dragging_selects_and_opens_nothing(view, qtbot):
    seen = collected(view.cell_activated)
    qtbot.mousePress(view, Left, pos=centre(view, 0, 0))
    qtbot.mouseMove(view, centre(view, 2, 2))
    qtbot.mouseRelease(view, Left, pos=centre(view, 2, 2))
    assert view.selected() == (range(3), range(3))
    assert view.hasFocus()
    assert not seen


def test_numpy_of_everything(view):
    view.copying.copy_numpy()
    made = {"np": np}
    exec(QApplication.clipboard().text(), made)
    np.testing.assert_array_equal(made["Z2"], view.matrix.values)


def test_too_much_is_not_copied_but_exported(view):
    QApplication.clipboard().setText("before")
    view.show_matrix(matrix(200, 1000))
    view.copying.copy()
    assert QApplication.clipboard().text() == "before"
    seen = collected(view.export_requested)
    view.copying.export_action.trigger()
    assert seen[0][0] is view.matrix.values
    assert seen[0][1] == "Z2"


def test_only_visible_cells_are_written(view, monkeypatch):
    view.show_matrix(matrix(209, 12288))
    written = []

    def write(x, digits, length):
        written.append(x)
        return "0"

    monkeypatch.setattr(matrix_paint, "fitting", write)
    view.grab()
    rows, columns = view.grid.visible()
    assert len(written) == len(rows) * len(columns) <= 60
    wheel(view, -3)
    written.clear()
    view.grab()
    assert 0 < len(written) <= 80


def test_the_wheel_scrolls_sideways_if_all_rows_are_visible(view):
    seen = collected(view.columns_scrolled)
    wheel(view, -2)
    assert view.grid.across > 0
    assert seen


def test_scrolling_from_outside_emits_nothing(view):
    seen = collected(view.columns_scrolled)
    view.set_first_column(17)
    assert view.grid.visible()[1].start == 17
    assert not seen


def test_an_updated_array_keeps_its_scroll_position_and_another_does_not(view):
    view.set_first_column(17)
    view.show_matrix(matrix())
    assert view.grid.visible()[1].start == 17
    view.show_matrix(matrix(name="A[2]"))
    assert view.grid.visible()[1].start == 0


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_strange_numbers_and_marks_are_painted(view, mode):
    theme().set_mode(mode)
    values = np.array([[np.nan, np.inf], [-np.inf, 1e-300], [0.0, 1e300]])
    view.show_matrix(Matrix(values, "b[1]", "b1", UNITS, EXAMPLES))
    view.set_marks(Marks("backward", frozenset({0}), frozenset({1}), frozenset({(2, 0)}), (1, 1)))
    assert not view.grab().isNull()
    view.show_matrix(Matrix(np.zeros((0, 3)), "b[1]", "b1", UNITS, EXAMPLES))
    assert not view.grab().isNull()
