"""The stepper by keyboard and mouse: pause, walk a whole iteration there and back, open numbers."""

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from core.edits import set_units
from core.walk.entry import Entry
from gui.panels import stepper
from gui.stepper.operation import CODE, ONE_EXAMPLE
from tests.cases import spread

Key, Left = Qt.Key, Qt.MouseButton.LeftButton
CHIPS = [
    "A[0]", "Z[1]", "A[1]", "Z[2]", "A[2]", "J",
    "dZ[2]", "dW[2]", "db[2]", "dA[1]", "dZ[1]", "dW[1]", "db[1]", "update",
]  # fmt: skip


def counted(signal):
    seen = []
    signal.connect(lambda: seen.append(True))
    return seen


def press(panel, qtbot, *keys):
    for key in keys:
        qtbot.keyClick(panel, key)


def values(panel):
    return [view.matrix.values.copy().tolist() for view in panel.operation.matrices.views]


def go(panel, chip):
    panel.walk.go(CHIPS.index(chip))


def test_it_records_the_next_iteration_once(panel, training, walk, qtbot):
    first = walk.record
    assert panel.header.title.text() == "Step through iteration 0"
    assert "400 examples" in panel.header.subtitle.text()
    training.refresh()
    with qtbot.waitSignal(training.arrived):
        training.refresh()
    assert walk.record is first
    training.step(3)
    qtbot.waitUntil(lambda: walk.record.iteration == 3)


def test_the_step_is_kept_when_training_has_gone_on(panel, training, walk, qtbot):
    go(panel, "dW[1]")
    training.step(3)
    qtbot.waitUntil(lambda: walk.record.iteration == 3)
    assert walk.step.chip == "dW[1]"
    assert panel.chips.current == CHIPS.index("dW[1]")
    panel.walk.end()
    press(panel, qtbot, Key.Key_Space)  # the walk leads on: asked for, the next one begins anew
    training.step()
    qtbot.waitUntil(lambda: walk.record.iteration == 4)
    assert walk.step.chip == "A[0]"
    go(panel, "Z[2]")
    training.step()
    qtbot.waitUntil(lambda: walk.record.iteration == 5)
    assert walk.step.chip == "Z[2]"


def test_the_record_is_greyed_during_training(panel, training, walk, qtbot):
    go(panel, "dW[1]")
    training.play(20)
    qtbot.waitUntil(panel.veil.isVisible)
    assert panel.header.title.text() == "Iteration 0, now past"
    press(panel, qtbot, Key.Key_Right)  # it can still be walked
    assert walk.step.chip == "db[1]"
    training.pause()
    qtbot.waitUntil(lambda: not panel.veil.isVisible())
    at = training.latest.iteration
    qtbot.waitUntil(lambda: walk.record.iteration == at)
    assert panel.header.title.text() == f"Step through iteration {at}"
    assert walk.step.chip == "db[1]"


def test_space_walks_a_whole_iteration_and_then_asks_for_the_next(panel, walk, qtbot):
    wanted = counted(walk.iteration_wanted)
    seen = [walk.step.chip]
    for _ in CHIPS[1:]:
        press(panel, qtbot, Key.Key_Space)
        seen.append(walk.step.chip)
    assert seen == CHIPS
    assert not wanted
    press(panel, qtbot, Key.Key_Space)
    assert len(wanted) == 1


def test_back_shows_exactly_the_numbers_before(panel, qtbot):
    there = []
    for _ in CHIPS[1:]:
        there.append((panel.operation.title.text(), values(panel)))
        press(panel, qtbot, Key.Key_Right)
    for before in reversed(there):
        press(panel, qtbot, Key.Key_Left)
        assert (panel.operation.title.text(), values(panel)) == before


def test_layers_and_ends_by_keyboard(panel, walk, qtbot):
    seen = []
    for key in (Key.Key_Down, Key.Key_Down, Key.Key_Down, Key.Key_Up, Key.Key_End, Key.Key_Home):
        press(panel, qtbot, key)
        seen.append(walk.step.chip)
    assert seen == ["Z[1]", "Z[2]", "J", "Z[2]", "update", "A[0]"]


@pytest.mark.parametrize(
    ("size", "there"), [("op", "Z[1]"), ("layer", "Z[1]"), ("pass", "J"), ("iteration", "A[0]")]
)
def test_step_sizes(panel, walk, qtbot, size, there):
    wanted = counted(walk.iteration_wanted)
    panel.header.size_menu.chosen.emit(size)
    qtbot.mouseClick(panel.header.next_button, Left)
    assert walk.step.chip == there
    assert len(wanted) == (size == "iteration")
    qtbot.mouseClick(panel.header.back_button, Left)
    assert walk.step.chip == "A[0]"


def test_the_walk_shows_the_gradient_of_the_predictions_if_asked(panel, walk, qtbot):
    box = panel.header.in_full
    assert box.isEnabled()
    go(panel, "dZ[2]")
    walk.open_number(Entry("dZ", 2, 0, 3))
    panel.checks.start()
    qtbot.waitUntil(lambda: panel.checks.done)
    box.click()
    assert panel.selection.view.walk_in_full
    assert [step.chip for step in walk.steps] == [*CHIPS[:6], "dA[2]", *CHIPS[6:]]
    assert walk.step.chip == "dZ[2]"
    assert walk.entry == Entry("dZ", 2, 0, 3)
    assert not panel.checks.stale  # it is the same recording
    press(panel, qtbot, Key.Key_Left)
    assert walk.step.chip == "dA[2]"
    walk.open_number(Entry("dA", 2, 0, 3))
    box.click()
    assert [step.chip for step in walk.steps] == CHIPS
    assert walk.step.chip == "dZ[2]"
    assert walk.entry is None


def test_a_chip_is_clicked(panel, walk, qtbot):
    at = panel.chips.rect_of(CHIPS.index("dW[2]")).center().toPoint()
    qtbot.mouseClick(panel.chips, Left, pos=at)
    assert walk.step.chip == "dW[2]"
    assert panel.operation.shapes.plain == "(1, 4) = (1, 400) · (400, 4)"
    assert panel.operation.code_line.code == "dW2 = np.dot(dZ2, A1.T) / m"


def test_a_number_is_clicked_and_marked(panel, walk, qtbot):
    go(panel, "dW[2]")
    result, dZ, A = panel.operation.matrices.views
    qtbot.mouseClick(result, Left, pos=result.grid.cell(0, 2).center().toPoint())
    assert walk.trail == (Entry("dW", 2, 0, 2),)
    assert result.marks.strong == (0, 2)
    assert dZ.marks.rows == {0}
    assert A.marks.columns == {2}
    press(panel, qtbot, Key.Key_Escape)
    assert not walk.trail
    assert result.marks.strong is None


def test_a_number_of_a_transposed_matrix_is_itself(panel, walk, qtbot):
    go(panel, "dW[2]")
    A = panel.operation.matrices.views[2]
    qtbot.mouseClick(A, Left, pos=A.grid.cell(3, 1).center().toPoint())
    assert walk.entry == Entry("A", 1, 1, 3)
    assert walk.record.value(walk.entry) == A.matrix.values[3, 1]


def test_keyboard_alone_opens_a_number_and_returns(panel, walk, qtbot):
    go(panel, "Z[1]")
    W = panel.operation.matrices.views[1]
    W.setFocus(Qt.FocusReason.TabFocusReason)
    press(W, qtbot, Key.Key_Down, Key.Key_Right, Key.Key_Return)
    assert walk.entry == Entry("W", 1, 1, 1)
    press(W, qtbot, Key.Key_Escape)
    assert panel.hasFocus()
    W.setFocus(Qt.FocusReason.TabFocusReason)
    press(W, qtbot, Key.Key_Space)
    assert walk.step.chip == "A[1]"


def test_ctrl_c_copies_the_matrix_whose_cell_was_clicked(panel, walk, qtbot):
    go(panel, "Z[1]")
    QApplication.clipboard().setText("before")
    qtbot.keyClick(QApplication.focusWidget(), Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "before"
    W = panel.operation.matrices.views[1]
    qtbot.mouseClick(W, Left, pos=W.grid.cell(1, 1).center().toPoint())
    assert panel.hasFocus()
    qtbot.keyClick(QApplication.focusWidget(), Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    rows = QApplication.clipboard().text().splitlines()
    copied = [[float(number) for number in row.split()] for row in rows]
    assert copied == W.matrix.values.tolist()


def test_shared_axes_scroll_together(panel, walk):
    go(panel, "Z[1]")
    Z, _, A, _ = panel.operation.matrices.views
    Z.across.setValue(Z.across.singleStep() * 30)
    assert A.grid.visible()[1].start == 30
    go(panel, "dW[1]")
    _, dZ, A = panel.operation.matrices.views
    assert dZ.grid.visible()[1].start == 30  # what is seen stays
    assert A.grid.visible()[0].start == 30  # these are rows here


def test_hovering_highlights_related_cells(panel, walk, qtbot):
    go(panel, "Z[1]")
    Z, W, A, b = panel.operation.matrices.views
    qtbot.mouseMove(Z, Z.grid.cell(2, 1).center().toPoint())
    assert (W.marks.rows, A.marks.columns, b.marks.rows) == ({2}, {1}, {2})
    qtbot.mouseMove(Z, QPoint(1, 1))
    assert not W.marks.rows


def test_the_selected_example_is_seen_first(panel, walk):
    go(panel, "Z[1]")
    panel.selection.select_example(122)
    assert panel.operation.matrices.views[0].grid.visible()[1].start == 122
    panel.operation.set_view(ONE_EXAMPLE)
    assert panel.operation.scalars.line(0).symbol == "z₁[1](123)"


def test_code_view_marks_the_line_and_goes_where_clicked(panel, walk, qtbot):
    go(panel, "dW[2]")
    panel.operation.set_view(CODE)
    code = panel.operation.code
    assert "dW2 = np.dot(dZ2, A1.T) / m" in code.textCursor().block().text()
    told: list[str] = []
    panel.noted.connect(told.append)
    panel.operation.copy_all_button.click()
    assert told == ["Copied a script that needs only NumPy: paste it into a notebook or a file."]
    names: dict[str, Any] = {}
    exec(QApplication.clipboard().text(), names)
    assert names["J"] == pytest.approx(walk.record.J)
    assert np.allclose(names["W1"], walk.record.after.W[1])
    cursor = code.document().find("dA1")
    code.setTextCursor(cursor)
    at = code.cursorRect().center()
    cursor.clearSelection()
    code.setTextCursor(cursor)
    qtbot.mouseClick(code.viewport(), Left, pos=at)
    assert walk.step.chip == "dA[1]"


def test_the_update_has_an_equation_for_every_array(panel, walk, qtbot):
    go(panel, "update")
    operation = panel.operation
    assert operation.lines.isVisible()
    at = operation.lines.rect_of(1).center().toPoint()
    qtbot.mouseClick(operation.lines, Left, pos=at)
    after, before, step = (view.matrix for view in operation.matrices.views)
    assert (after.values == before.values - step.values).all()
    assert before.name == "b[1]"


def test_a_line_is_copied(panel, qtbot):
    go(panel, "Z[2]")
    qtbot.mouseClick(panel.operation.code_line.copy_button, Left)
    assert QApplication.clipboard().text() == "Z2 = np.dot(W2, A1) + b2"


def test_slow_motion_plays_to_the_end_and_no_further(panel, walk, qtbot):
    wanted = counted(walk.iteration_wanted)
    panel.header.pace_menu.chosen.emit("0.5")
    qtbot.mouseClick(panel.header.play_button, Left)
    panel.slow_motion.timer.setInterval(60)
    qtbot.waitUntil(lambda: walk.index >= 2)
    assert panel.header.subtitle.text() == walk.step.caption
    press(panel, qtbot, Key.Key_Space)
    held = walk.index
    assert not panel.slow_motion.playing
    qtbot.mouseClick(panel.header.play_button, Left)
    panel.slow_motion.timer.setInterval(10)
    qtbot.waitUntil(lambda: not panel.slow_motion.playing)
    assert held < walk.index == len(CHIPS) - 1
    assert not wanted


def test_an_edit_records_the_new_network(panel, document, walk, qtbot):
    document.edit("units", set_units(document.project, 1, 3))
    qtbot.waitUntil(lambda: walk.record.sizes == (2, 3, 1))
    go(panel, "Z[1]")
    assert panel.operation.matrices.views[0].matrix.shape == (3, 400)


def test_training_is_not_disturbed_and_the_record_stays(panel, training, walk, qtbot):
    first = walk.record
    training.play()
    qtbot.waitUntil(lambda: training.latest.iteration > 20)
    assert walk.record is first
    press(panel, qtbot, Key.Key_Space)
    assert walk.step.chip == "Z[1]"
    training.pause()
    qtbot.waitUntil(lambda: walk.record is not first)
    assert walk.record.iteration == training.latest.iteration


def test_empty_it_says_what_to_do(panel, training, walk):
    walk.show(None)
    assert panel.empty.isVisible()
    training.playing_changed.emit(True)
    assert panel.empty.text() == stepper.PAUSE_FIRST
    press_nothing = panel.header.next_button.isEnabled()
    assert not press_nothing


@pytest.mark.parametrize(
    ("across", "down"), spread([(640, 200), (1260, 230), (1580, 260), (1580, 700)], 1)
)
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_step_paints_in_every_size(panel, walk, across, down, mode):
    from gui.style.theme import theme

    theme().set_mode(mode)
    panel.resize(across, down)
    for index in range(len(walk.steps)):
        walk.go(index)
        for view in range(3):
            panel.operation.set_view(view)
            assert not panel.grab().isNull()


def test_a_walk_begins_at_the_example_that_was_chosen_before(panel, walk, qtbot):
    record = walk.record
    walk.show(None)
    panel.selection.select_example(261)
    walk.show(record)
    go(panel, "Z[1]")
    Z = panel.operation.matrices.views[0]
    first = Z.grid.across / Z.grid.wide
    assert first <= 261 < first + Z.grid.columns_shown


def test_in_a_narrow_card_the_equation_has_a_line_of_its_own(panel, walk, qtbot):
    panel.resize(880, 330)
    operation = panel.operation
    for chip in ("dW[2]", "dZ[1]"):
        go(panel, chip)
        qtbot.waitUntil(lambda: not operation.typesetting)
        qtbot.wait(20)
        assert operation.width() < 700
        assert operation.equation.width() >= operation.equation.sizeHint().width()
        assert operation.equation.y() > operation.title.y() + 10
        assert operation.code_line.isVisible()
