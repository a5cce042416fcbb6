"""A unit is chosen, muted, frozen, cloned, nudged and pinned, by mouse and by keyboard."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from core import edits
from core.look.units import Thumbnails
from gui.canvas import hints
from gui.canvas.layout import Spot, SpotKind
from gui.canvas.unit_commands import CHOOSE
from tests.looking import answer_in


def key(canvas, which, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(canvas, which, modifier)


def colours(canvas, at, reach=9):
    """All colours around a point of the viewport."""
    picture = canvas.viewport().grab().toImage()
    around = range(-reach, reach + 1)
    return {picture.pixel(at.x() + dx, at.y() + dy) for dx in around for dy in around}


@pytest.fixture
def run(trained, canvas, document, selection, qtbot):
    """The run after 50 iterations, in a window that lets the selection follow edits."""
    document.changed.connect(selection.follow_edit)
    canvas.look_changed.connect(trained.refresh)
    return trained


def settle(qtbot, run, document):
    qtbot.waitUntil(lambda: run.latest.idle and run.latest.project == document.project)
    return run.latest


def test_a_click_selects_a_unit_and_arrows_move_on(canvas, pointer, selection):
    pointer.click(pointer.unit(1, 2))
    assert selection.chosen == (1, 2)
    key(canvas, Qt.Key.Key_Down)
    assert selection.chosen == (1, 3)
    key(canvas, Qt.Key.Key_Down)
    assert selection.chosen == (1, 0)
    key(canvas, Qt.Key.Key_Up)
    assert selection.chosen == (1, 3)
    key(canvas, Qt.Key.Key_Right)
    assert (selection.layer, selection.chosen) == (2, None)
    key(canvas, Qt.Key.Key_Up)
    assert selection.chosen == (2, 2)
    key(canvas, Qt.Key.Key_Escape)
    assert selection.chosen is None
    pointer.click(pointer.unit(1, 2))
    pointer.click(pointer.title(1))
    assert selection.chosen is None


def test_the_arrows_show_of_units_and_inputs_what_the_mouse_shows(canvas, selection):
    canvas.setFocus()
    selection.select_layer(1)
    keys = Qt.Key
    for which, unit, chosen in (
        (keys.Key_Down, (1, 0), (1, 0)),
        (keys.Key_Left, None, None),
        (keys.Key_Down, (0, 0), None),  # an input has no numbers to change
        (keys.Key_Down, (0, 1), None),
        (keys.Key_Up, (0, 0), None),
        (keys.Key_Right, None, None),
        (keys.Key_Up, (1, 3), (1, 3)),
        (keys.Key_Escape, None, None),
    ):
        key(canvas, which)
        assert (selection.unit, selection.chosen) == (unit, chosen)


def test_without_a_unit_there_is_nothing_to_do_and_the_tooltip_says_so(canvas, selection):
    for name in ("mute", "freeze", "clone", "nudge", "pin"):
        action = canvas.actions_by_name[name]
        assert not action.isEnabled()
        assert action.toolTip() == CHOOSE
    selection.choose_unit(3, 0)
    assert not canvas.actions_by_name["mute"].isEnabled()
    assert "cannot be muted" in canvas.actions_by_name["mute"].toolTip()
    assert not canvas.actions_by_name["clone"].isEnabled()
    assert canvas.actions_by_name["freeze"].isEnabled()
    assert canvas.actions_by_name["freeze"].toolTip().endswith("(Z)")


def test_muting_continues_the_run_and_is_undone(run, canvas, pointer, document, qtbot):
    number = run.latest.run
    before = run.latest
    pointer.click(pointer.unit(1, 2))
    corner = canvas.mapFromScene(
        pointer.layout.columns[1].boxes[2].right, pointer.layout.columns[1].boxes[2].y
    )
    plain = colours(canvas, corner)
    key(canvas, Qt.Key.Key_M)
    assert document.project.muted == {1: (2,)}
    assert document.undo_stack.undoText() == "Mute a₃[1]"
    assert canvas.actions_by_name["mute"].isChecked()
    after = settle(qtbot, run, document)
    assert (after.run, after.iteration) == (number, 50)
    assert np.array_equal(after.flat, before.flat)
    assert after.train.cost != before.train.cost
    assert np.ptp(answer_in(after, Thumbnails).levels[1, 2]) == 0
    assert colours(canvas, corner) - plain  # a sign
    said = hints.card_of(Spot(SpotKind.UNIT, 1, 2), canvas.network.picture)
    assert said is not None
    assert said[0].endswith("muted")
    document.undo_stack.undo()
    assert not canvas.actions_by_name["mute"].isChecked()
    assert settle(qtbot, run, document).train == before.train


def test_freezing_holds_its_weights_while_the_others_learn(run, canvas, pointer, document, qtbot):
    pointer.click(pointer.unit(2, 1))
    key(canvas, Qt.Key.Key_Z)
    assert document.undo_stack.undoText() == "Freeze a₂[2]"
    before = settle(qtbot, run, document).parameters()
    run.step(20)
    qtbot.waitUntil(lambda: run.latest.idle and run.latest.iteration == 70)
    after = run.latest.parameters()
    assert np.array_equal(after.Wb[2][1], before.Wb[2][1])
    assert not np.array_equal(after.Wb[2][0], before.Wb[2][0])
    key(canvas, Qt.Key.Key_Z)
    assert document.undo_stack.undoText() == "Thaw a₂[2]"


def test_a_clone_shares_the_outgoing_weights_and_undo_restores_them(
    run, canvas, pointer, document, selection, qtbot
):
    before = run.latest
    pointer.click(pointer.unit(1, 1))
    key(canvas, Qt.Key.Key_C)
    assert document.project.sizes() == (2, 5, 3, 1)
    assert document.undo_stack.undoText() == "Clone a₂[1]"
    assert selection.chosen == (1, 4)
    after = settle(qtbot, run, document)
    assert after.train.cost == pytest.approx(before.train.cost, rel=1e-12)
    p, old = after.parameters(), before.parameters()
    assert np.array_equal(p.Wb[1][4], old.Wb[1][1])
    assert np.array_equal(p.W[2][:, 4], old.W[2][:, 1] / 2)
    document.undo_stack.undo()
    assert np.array_equal(settle(qtbot, run, document).flat, before.flat)
    document.undo_stack.redo()
    assert np.array_equal(settle(qtbot, run, document).flat, after.flat)
    assert document.undo_stack.count() == 1


def test_a_nudge_moves_one_unit_a_little_and_is_undone(run, canvas, pointer, document, qtbot):
    before = run.latest
    pointer.click(pointer.unit(1, 1))
    key(canvas, Qt.Key.Key_N)
    qtbot.waitUntil(lambda: run.latest.adjusted == 1)
    moved = run.latest.flat != before.flat
    assert np.array_equal(np.flatnonzero(moved), [3, 4, 5])
    document.undo_stack.undo()
    qtbot.waitUntil(lambda: run.latest.adjusted == 2)
    assert np.array_equal(run.latest.flat, before.flat)


def test_the_past_is_neither_cloned_nor_nudged(run, canvas, pointer, document, qtbot):
    said: list[str] = []
    canvas.refused.connect(said.append)
    run.visit(20)
    qtbot.waitUntil(lambda: run.latest.iteration == 20 and run.latest.idle)
    pointer.click(pointer.unit(1, 1))
    key(canvas, Qt.Key.Key_C)
    key(canvas, Qt.Key.Key_N)
    assert document.undo_stack.count() == 0
    assert len(said) == 2


def test_pins_are_no_edit_and_end_with_their_unit(canvas, pointer, document, selection, run):
    pointer.click(pointer.unit(1, 3))
    key(canvas, Qt.Key.Key_P)
    assert selection.view.pins == ((1, 3),)
    assert canvas.actions_by_name["pin"].isChecked()
    assert document.undo_stack.count() == 0
    pointer.click(pointer.unit(2, 0))
    key(canvas, Qt.Key.Key_P)
    document.edit("Fewer", edits.set_units(document.project, 1, 2))
    assert selection.view.pins == ((2, 0),)
    assert selection.chosen == (2, 0)
    key(canvas, Qt.Key.Key_P)
    assert selection.view.pins == ()


def open_menu(canvas, at, qtbot):
    reason = QContextMenuEvent.Reason.Mouse
    event = QContextMenuEvent(reason, at, canvas.viewport().mapToGlobal(at))
    QApplication.sendEvent(canvas.viewport(), event)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu, [action.text() for action in menu.actions() if action.text()]


def test_the_context_menu_is_for_the_hovered_part(run, canvas, pointer, selection, qtbot):
    menu, texts = open_menu(canvas, pointer.unit(1, 2), qtbot)
    assert selection.chosen == (1, 2)
    assert texts[:6] == [
        "Unit a₃[1]", "Mute unit", "Freeze unit", "Clone unit", "Nudge unit", "Pin unit",
    ]  # fmt: skip
    menu.close()
    menu, texts = open_menu(canvas, pointer.edge(1, 2, 1), qtbot)
    assert texts[:2] == ["Change w₃₂[1]…", "Show w₃₂[1] in the stepper"]
    menu.close()
    menu, texts = open_menu(canvas, pointer.title(2), qtbot)
    assert "Mute unit" not in texts
    menu.close()
