"""The derivative lab: typed, dragged, by keys, and what it says."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.labs.derivative import DerivativeLab
from tests.gui.labs.conftest import take_choice, type_into

LEFT = Qt.MouseButton.LeftButton


def test_a_nudge_tells_how_far_f_moves(shown):
    lab = shown(DerivativeLab)
    assert not lab.facts()["nudged"]
    lab.nudge.click()
    assert (
        lab.sentence.text() == "a goes from 2 to 2.001, and f from 6 to 6.003: it moves by +0.003."
    )
    assert lab.facts()["nudged"]
    lab.begin_step()
    assert not lab.facts()["nudged"]


def test_a_point_is_typed_dragged_and_stepped(shown):
    lab = shown(DerivativeLab)
    take_choice(lab.function, "a^2")
    type_into(lab.a, "5")
    assert (lab.facts()["function"], lab.facts()["a"]) == ("a^2", 5)
    assert lab.rows.number("slope") == "10"
    view, at = lab.plot.viewport(), lab.plot.point_at(-3, 0).toPoint()
    QTest.mousePress(view, LEFT, pos=at)
    QTest.mouseRelease(view, LEFT, pos=at)
    assert abs(lab.facts()["a"] + 3) < 0.05
    before = lab.facts()["a"]
    lab.plot.setFocus()
    QTest.keyClick(lab.plot, Qt.Key.Key_Right)
    assert abs(lab.facts()["a"] - before - 0.01) < 1e-9
    QTest.keyClick(lab.a.slider, Qt.Key.Key_Left)
    assert abs(lab.facts()["a"] - before) < 0.011


def test_a_step_is_typed_and_chosen_on_the_picture_of_errors(shown):
    lab = shown(DerivativeLab)
    type_into(lab.h, "1e-8")
    assert lab.facts()["step"] == 1e-8
    assert "first digits" in lab.sentence.text()
    lab.pages.button("Error over h").click()
    assert lab.errors.isVisible()
    view, at = lab.errors.viewport(), lab.errors.point_at(1e-4, 1e-4).toPoint()
    QTest.mousePress(view, LEFT, pos=at)
    QTest.mouseRelease(view, LEFT, pos=at)
    assert 0.5e-4 < lab.facts()["step"] < 2e-4


def test_bad_input_gets_a_message_and_changes_nothing(shown):
    lab = shown(DerivativeLab)
    take_choice(lab.function, "log a")
    for words, part in (("-1", "no value at -1"), ("two", "Point a must be a number")):
        type_into(lab.a, words)
        assert part in lab.sentence.text()
        assert lab.facts()["a"] == 2
        assert lab.a.shown == "2"
    type_into(lab.h, "0")
    assert "Step h must be a number from 1e-15 to 1" in lab.sentence.text()
    assert lab.facts()["step"] == 0.001


def test_an_undefined_point_of_the_next_function_is_moved_with_a_message(shown):
    lab = shown(DerivativeLab)
    type_into(lab.a, "-3")
    take_choice(lab.function, "log a")
    assert lab.facts()["a"] == 2
    assert "a is now 2" in lab.sentence.text()


def test_answers_are_judged_and_kept_until_the_step_is_over(shown):
    lab = shown(DerivativeLab)
    take_choice(lab.function, "a^3")
    type_into(lab.answer, "0.012006")
    assert "per step" in lab.sentence.text()
    assert lab.facts()["answers"] == set()
    type_into(lab.answer, "12.05")
    assert lab.answer.mark == "right"
    take_choice(lab.function, "log a")
    assert lab.answer.edit.text() == ""
    type_into(lab.answer, "0,5")
    assert lab.facts()["answers"] == {"a^3", "log a"}
    type_into(lab.answer, "half")
    assert "Type a number" in lab.sentence.text()
    lab.begin_step()
    assert lab.facts()["answers"] == set()


def test_numbers_are_read_out_by_name(shown):
    lab = shown(DerivativeLab)
    assert lab.card.accessibleDescription() == lab.sentence.text()
    assert lab.sentence.text() == "The slope of 3a is 3. At a = 2 it is 3."
    assert lab.plot.numbers()["f: x"].size == lab.plot.numbers()["f: y"].size > 100
