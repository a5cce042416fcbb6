"""The fields for numbers, used as people use them: by typing, arrows, wheel and drag."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QApplication

from core.data.numbers import listed, typed
from gui.widgets.number_field import NumberField, step
from gui.widgets.slider_field import SliderField
from tests.gui.hands import collected, look, put, wheel, window

__all__ = ["look", "window"]

# --- number field ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("1.2", 1.2),
        ("1e-3", 1e-3),
        ("1,2", 1.2),
        (" .5 ", 0.5),
        ("5.", 5),
        ("+2E+1", 20),
        ("-1", -1),
        ("\u22120.5", -0.5),
        ("0,125", 0.125),
    ],
)
def test_numbers_are_read_as_people_type_them(words, value):
    assert typed(words) == value


@pytest.mark.parametrize(
    "words",
    ["", "abc", "1_000", "nan", "inf", "--1", "1,2,3", "1,234.5", "1,234", "1e", "１", "0x1"],
)
def test_invalid_text_is_refused(words):
    with pytest.raises(ValueError, match=r"^"):
        typed(words)


def test_a_list_between_semicolons_may_have_decimal_commas():
    assert listed("0,1; 1,5") == ["0.1", "1.5"]
    assert listed("0.1, 1.5") == listed("0.1,1.5") == ["0.1", "1.5"]
    assert listed("1, 2,4") == ["1", "2", "4"]
    assert listed("tanh; relu") == ["tanh", "relu"]
    with pytest.raises(ValueError, match="0,1, 1,5"):
        listed("0,1, 1,5")


def test_steps_climb_one_two_five():
    up = [1.2]
    for _ in range(5):
        up.append(step(up[-1], 1))
    assert up == [1.2, 2, 5, 10, 20, 50]
    down = [1.2]
    for _ in range(5):
        down.append(step(down[-1], -1))
    assert down == [1.2, 1, 0.5, 0.2, 0.1, 0.05]
    assert (step(0.0, 1), step(0.0, -1), step(0.001, 1)) == (0.001, 0.0, 0.002)


def test_steps_end_where_numbers_do():
    largest, least = 1.7976931348623157e308, 5e-324
    assert step(largest, 1) == largest
    assert step(1e308, 1) == 1e308  # 2e308 is none
    assert step(least, -1) == 0.0
    assert step(least, 1) > least


def test_a_number_is_taken_on_enter_and_on_leaving(window, qtbot):
    field = put(window, NumberField("learning rate", 1.2))
    edited = collected(field.edited)
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "0,5")
    assert edited == []
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert (edited, field.text()) == ([0.5], "0.5")
    field.selectAll()
    qtbot.keyClicks(field, "1e-3")
    window.other.setFocus()
    assert (edited, field.text()) == ([0.5, 0.001], "0.001")


def test_a_bad_number_is_explained_and_changes_nothing(window, qtbot):
    field = put(window, NumberField("learning rate", 1.2, most=10))
    field.set_tip("How far a step goes.")
    edited, refused = collected(field.edited), collected(field.refused)
    field.setFocus()
    for bad in ("abc", "0", "11"):
        field.selectAll()
        qtbot.keyClicks(field, bad)
        qtbot.keyClick(field, Qt.Key.Key_Return)
        assert field.property("invalid")
        assert field.value == 1.2
    sentence = "Learning rate must be a number above 0 to 10, such as 0.01 or 1e-3; it stays 1.2."
    assert field.toolTip() == sentence
    assert refused == [sentence] * 3
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert (edited, field.text()) == ([], "11")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert (field.text(), field.toolTip()) == ("1.2", "How far a step goes.")
    assert not field.property("invalid")


def test_a_number_steps_with_the_arrows_and_the_wheel_only_when_focused(window, qtbot):
    field = put(window, NumberField("L2", 0.0, above=False))
    edited = collected(field.edited)
    wheel(field, 1)
    assert edited == []
    field.setFocus()
    wheel(field, 1)
    qtbot.keyClick(field, Qt.Key.Key_Up)
    qtbot.keyClick(field, Qt.Key.Key_Down)
    assert edited == [0.001, 0.002, 0.001]
    field.set_value(3)
    assert (len(edited), field.text()) == (3, "3")


def test_undo_is_left_to_the_window_unless_something_was_typed(window, qtbot):
    field = put(window, NumberField("learning rate", 1.2))
    field.setFocus()

    def takes_undo():
        control = Qt.KeyboardModifier.ControlModifier
        event = QKeyEvent(QKeyEvent.Type.ShortcutOverride, Qt.Key.Key_Z, control)
        event.ignore()
        QApplication.sendEvent(field, event)
        return event.isAccepted()

    assert not takes_undo()
    qtbot.keyClicks(field, "3")
    assert takes_undo()


def test_space_is_left_to_the_window_unless_something_was_typed(window, qtbot):
    heard = []
    window.keyPressEvent = lambda event: heard.append(event.key())
    field = put(window, NumberField("learning rate", 1.2))
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Space)
    assert (heard, field.text()) == ([Qt.Key.Key_Space], "1.2")
    qtbot.keyClicks(field, "3 ")
    assert len(heard) == 1
    del window.keyPressEvent


def test_a_popup_over_the_field_commits_nothing(window, qtbot):
    field = put(window, NumberField("learning rate", 1.2))
    edited = collected(field.edited)
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "7")
    for reason, seen in (
        (Qt.FocusReason.PopupFocusReason, []),
        (Qt.FocusReason.TabFocusReason, [7]),
    ):
        QApplication.sendEvent(field, QFocusEvent(QFocusEvent.Type.FocusOut, reason))
        assert edited == seen


# --- slider field ----------------------------------------------------------------------------


def test_one_drag_has_one_key_and_the_next_another(window, qtbot):
    field = put(window, SliderField("Noise", [i / 100 for i in range(51)], "{:.2f}".format))
    seen = collected(field.edited)
    left, right = QPoint(20, 9), QPoint(field.slider.width() - 20, 9)
    button_ = Qt.MouseButton.LeftButton
    for _ in range(2):
        count = len(seen)
        qtbot.mousePress(field.slider, button_, pos=left)
        qtbot.waitUntil(lambda count=count: len(seen) > count)
        for x in range(left.x(), right.x(), 10):
            qtbot.mouseMove(field.slider, QPoint(x, 9))
        qtbot.mouseMove(field.slider, right)
        qtbot.mouseRelease(field.slider, button_, pos=right)
        assert len(seen) < count + 10  # what is passed quickly is only written
    keys = [key for _, key in seen]
    assert len(set(keys)) == 2
    assert keys == sorted(keys, key=keys.index)
    assert seen[0][0] < 0.1
    assert field.value == seen[-1][0] > 0.4
    assert field.shown == f"{field.value:.2f}"
    assert not field.slider.isSliderDown()


def test_key_presses_in_a_row_are_one_edit(window, qtbot, monkeypatch):
    field = put(window, SliderField("Examples m", range(50, 1001, 50)))
    seen = collected(field.edited)
    field.setFocus()
    for _ in range(3):
        qtbot.keyClick(field.slider, Qt.Key.Key_Right)
    monkeypatch.setattr("gui.widgets.slider_field.PAUSE_MS", -1)
    qtbot.keyClick(field.slider, Qt.Key.Key_Right)
    assert [value for value, _ in seen] == [100, 150, 200, 250]
    assert len({key for _, key in seen[:3]}) == 1
    assert seen[3][1] != seen[2][1]


def test_a_value_between_the_steps_is_shown_as_it_is(window):
    field = put(window, SliderField("Examples m", range(50, 1001, 50)))
    seen = collected(field.edited)
    field.set_value(437)
    assert (field.value, field.shown, field.slider.value()) == (437, "437", 8)
    field.set_value(5000)
    assert (field.value, field.slider.value()) == (5000, 19)
    wheel(field.slider, 1)
    assert seen == []
