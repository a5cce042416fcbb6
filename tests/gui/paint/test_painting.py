"""Painting on the plot of the decision boundary, by real mouse and key events."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from core.training.data_source import split_of
from gui.paint.painter import RADII
from tests.core.files import made
from tests.gui.hands import draw
from tests.gui.paint.conftest import LEFT, SIXTY, Key, painted, told

# --- the tools ---


def test_the_tools_are_there_while_painting_and_only_then(qtbot, window, painter):
    assert not window.tools.isVisible()
    assert not window.surface.isVisible()
    painter.start()
    assert window.tools.isVisible()
    assert window.surface.isVisible()
    assert window.tools.tools["brush"].isChecked()
    qtbot.mouseClick(window.tools.done, LEFT)
    assert not window.tools.isVisible()
    assert window.boundary.plot.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_a_click_paints_one_point_onto_a_copy_of_the_examples(hand, document, training):
    before = split_of(document.project).train
    hand.click(2.0, -3.0)
    painting = painted(training)
    assert painting.m == 61
    assert np.array_equal(painting.table()[:2, :60], before.X)
    assert np.array_equal(painting.table()[2, :60], before.Y[0])
    x1, x2, label = painting.table()[:, 60]
    assert (x1, x2) == pytest.approx((2.0, -3.0), abs=0.05)
    assert label == 0
    assert document.project.data.own.examples == 61
    assert document.undo_stack.undoText() == "Paint points"


def test_a_stroke_is_one_step_of_undo_and_of_redo(hand, document, training, painter):
    painter.choose_class(1)
    hand.stroke((-3, -3), (3, -3), (3, 3))
    count = painted(training).m
    assert count > 75
    labels = painted(training).table()[2, 60:]
    assert set(labels) == {1.0}
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert document.project.data.own is None
    document.undo_stack.redo()
    assert painted(training).m == count


def test_the_brush_paints_within_its_reach(hand, training, painter):
    painter.choose_radius(0.05)
    hand.stroke((-3, 0), (3, 0))
    added = painted(training).table()[:, 60:]
    reach = painter.reach
    assert reach == pytest.approx(0.05 * painter.width)
    assert np.abs(added[1]).max() <= reach + 0.05
    assert added[0].min() >= -3 - reach - 0.05
    assert np.abs(added[1]).max() > reach / 3


def test_the_eraser_removes_points_under_it(qtbot, hand, window, training, document):
    qtbot.mouseClick(window.tools.tools["eraser"], LEFT)
    before = split_of(document.project).train.X
    window.tools.radius.setValue(RADII.index(0.1))
    hand.stroke((-4, 0), (0, 0))
    after = painted(training).table()
    reach = 0.1 * (
        training.data_cache.painting.sheet.x1[1] - training.data_cache.painting.sheet.x1[0]
    )
    gone = {tuple(point) for point in before.T} - {tuple(point) for point in after[:2].T}
    assert gone
    for x1, x2 in gone:
        assert np.hypot(max(x1, 0) if x1 > 0 else min(x1 + 4, 0), x2) <= reach + 0.1
    assert document.undo_stack.undoText() == "Erase points"


def test_a_point_is_dragged(hand, painter, training, document):
    painter.choose_tool("move")
    x1, x2 = split_of(document.project).train.X[:, 7]
    hand.stroke((x1, x2), (0.5, -4.0))
    table = painted(training).table()
    moved = np.flatnonzero((table[:2] != split_of(SIXTY).train.X).any(axis=0))
    assert len(moved) == 1
    assert table[:2, moved[0]] == pytest.approx((0.5, -4.0), abs=0.06)
    assert document.undo_stack.count() == 1
    assert document.undo_stack.undoText() == "Move a point"


def test_a_click_away_from_points_moves_nothing(hand, painter, document):
    painter.choose_tool("move")
    hand.stroke((-4.2, 4.2), (0, 0))
    assert document.undo_stack.count() == 0


def test_points_are_relabelled(hand, painter, training):
    painter.choose_tool("relabel")
    painter.choose_class(1)
    painter.choose_radius(0.2)
    hand.stroke((-4, -4), (4, -4), (4, 4), (-4, 4), (-4, -4), (4, 4))
    table = painted(training).table()
    assert table.shape == (3, 60)
    assert table[2].mean() > 0.9


def test_a_stroke_that_leaves_the_plot_stays_on_the_sheet(hand, training):
    hand.press(0, 0)
    QTest.mouseMove(hand.plot.viewport(), QPoint(-300, 40))
    QTest.mouseMove(hand.plot.viewport(), QPoint(-310, 40))
    QTest.mouseRelease(hand.plot.viewport(), LEFT, pos=QPoint(-310, 40))
    painting = painted(training)
    assert painting.table()[0].min() >= painting.sheet.x1[0]


def test_a_press_outside_the_picture_paints_nothing(hand, document):
    QTest.mouseClick(hand.plot.viewport(), LEFT, pos=QPoint(2, 2))
    assert document.undo_stack.count() == 0


# --- new classes ---


def test_a_new_class_brings_an_output_and_says_why(hand, window, painter, document, training):
    said = told(painter)
    QTest.mouseClick(window.tools.classes[2], LEFT)
    hand.stroke((0, 0), (2, 2))
    assert document.project.sizes() == (2, 4, 3)
    assert ["3 units with softmax" in sentence for sentence in said] == [True]
    assert painted(training).classes == ("0", "1", "2")
    document.undo_stack.undo()
    assert document.project.sizes() == (2, 4, 1)


# --- by keys ---


def test_painting_works_by_keyboard_alone(qtbot, hand, window, painter, training, document):
    hand.plot.setFocus()
    hand.keys(Key.Key_BracketLeft)
    assert painter.radius == RADII[2]
    hand.keys(Key.Key_1, Key.Key_Left, Key.Key_Up, Key.Key_Up, Key.Key_Return)
    painting = painted(training)
    width = painting.sheet.x1[1] - painting.sheet.x1[0]
    x1, x2, label = painting.table()[:, 60]
    middle = sum(painting.sheet.x1) / 2, sum(painting.sheet.x2) / 2
    assert (x1, x2) == pytest.approx((middle[0] - width / 40, middle[1] + width / 20), abs=0.03)
    assert label == 1
    hand.keys(Key.Key_F)  # the nearest is the one just painted
    assert painted(training).label_of(60) == 0
    assert document.undo_stack.undoText() == "Flip a label"
    hand.keys(Key.Key_M, Key.Key_Return, Key.Key_Left, Key.Key_Left, Key.Key_Left, Key.Key_Return)
    hand.keys(Key.Key_Right)  # let go: it stays
    moved = painted(training).table()[0, 60]
    assert moved == pytest.approx(x1 - 3 * width / 40, abs=1e-6)
    hand.keys(Key.Key_Left, Key.Key_Delete)
    assert painted(training).m < 61
    hand.keys(Key.Key_E)
    assert painter.tool == "eraser"
    assert window.tools.tools["eraser"].isChecked()
    hand.keys(Key.Key_L, Key.Key_B)
    assert painter.tool == "brush"
    QTest.keyClick(hand.plot, Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    hand.keys(Key.Key_Escape)
    assert not painter.active


def test_keys_are_the_plots_again_when_painting_is_over(hand, painter, document):
    painter.stop()
    hand.keys(Key.Key_Return, Key.Key_3)
    hand.click(0, 0)
    assert document.undo_stack.count() == 0
    assert painter.label == 0


def test_a_right_click_flips_the_nearest_label(hand, training, document):
    split = split_of(document.project).train
    x1, x2 = split.X[:, 3]
    QTest.mouseClick(hand.plot.viewport(), Qt.MouseButton.RightButton, pos=hand.pixel(x1, x2))
    table = painted(training).table()
    assert table.shape == (3, 60)
    assert (table[2] != split.Y[0]).sum() == 1
    assert document.undo_stack.undoText() == "Flip a label"


def test_the_plot_shows_values_under_the_mouse_while_painting(hand, window, painter):
    hand.move(1.0, 2.0)
    assert "x = (+1.0" in window.boundary.readout.text()
    assert "Drag to paint" in hand.plot.toolTip()
    painter.stop()
    assert "Click an example" in hand.plot.toolTip()


def test_a_drag_paints_while_painting_and_lassoes_otherwise(window, hand, painter, document):
    selection, square = window.boundary.selection, window.boundary.plot.square()
    corners = (square.topLeft(), square.topRight(), square.bottomRight(), square.bottomLeft())
    whole = [corner.toPoint() for corner in corners]
    painter.start()
    draw(window.boundary.plot, whole)
    assert document.undo_stack.count() == 1
    assert not len(selection.lit)
    painter.stop()
    draw(window.boundary.plot, whole)
    assert document.undo_stack.count() == 1
    assert len(selection.lit)
    draw(window.boundary.plot, whole, let_go=False)
    painter.start()  # by its key, in the middle of a line
    draw(window.boundary.plot, whole[:1])
    painter.stop()
    selection.light()
    draw(window.boundary.plot, whole)
    assert len(selection.lit)


@pytest.mark.parametrize("drawing", [False, True])
def test_opening_a_project_of_own_data_ends_painting(drawing, hand, painter, training, document):
    hand.press(0.5, 0.5) if drawing else hand.click(0.5, 0.5)
    assert painter.active
    saved = made.saved()
    assert saved.own is not None
    training.open(saved)
    assert not painter.active
    assert not painter.drawing
    assert document.project == saved.project
    assert training.own.digest == saved.own.digest
