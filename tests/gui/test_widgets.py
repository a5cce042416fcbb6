"""The small widgets, used as people use them: by mouse, wheel and keyboard, in both themes."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from gui.theme import DARK, LIGHT, theme
from gui.widgets import labels
from gui.widgets.banner import Banner
from gui.widgets.buttons import button, icon_button
from gui.widgets.captioned import Captioned
from gui.widgets.card import Card
from gui.widgets.flow_layout import FlowLayout
from gui.widgets.menu_button import MenuButton
from gui.widgets.number_field import NumberField, parse, step
from gui.widgets.plane_view import PlaneView
from gui.widgets.readout import Readout
from gui.widgets.slider_field import SliderField
from gui.widgets.toggle_chip import ToggleChip
from gui.widgets.unit_stepper import UnitStepper

CHOICES = {"sgd": "Gradient descent", "adam": "Adam & friends"}


@pytest.fixture(autouse=True)
def look(qapp):
    theme().set_mode("light")
    yield
    theme().set_mode("system")


class Window(QWidget):
    """Takes the widgets under test, and has a field to move the focus to."""

    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.other = QLineEdit()
        self.column.addWidget(self.other)
        self.resize(400, 300)


@pytest.fixture
def window(qtbot):
    made = Window()
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    made.other.setFocus()
    return made


def put(window, widget):
    window.column.addWidget(widget)
    QApplication.processEvents()
    return widget


def wheel(widget, notches):
    at = QPointF(widget.rect().center())
    no = Qt.MouseButton.NoButton
    event = QWheelEvent(
        at, widget.mapToGlobal(at), QPoint(), QPoint(0, 120 * notches), no,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


def collected(signal):
    seen = []
    signal.connect(lambda *args: seen.append(args if len(args) > 1 else args[0]))
    return seen


EACH = {
    "card": lambda: Card("Data", tone="forward"),
    "banner": Banner,
    "units": lambda: UnitStepper("units", 4),
    "slider": lambda: SliderField("Noise", [0.0, 0.1, 0.2]),
    "number": lambda: NumberField("learning rate", 1.2),
    "menu": lambda: MenuButton("Loss", CHOICES, "sgd"),
    "readout": lambda: Readout("Cost J", "0.0000"),
    "chip": lambda: ToggleChip("x₁"),
    "plane": PlaneView,
    "primary": lambda: button("Play", "primary", "play"),
    "segment": lambda: button("code", "segment"),
    "icon": lambda: icon_button("fit", "Fit"),
    "captioned": lambda: Captioned("Learning rate α", NumberField("", 1.0)),
}


@pytest.mark.parametrize("make", EACH.values(), ids=EACH)
def test_every_widget_has_a_size_and_draws_in_both_themes_on_and_off(make, qtbot):
    widget = make()
    qtbot.addWidget(widget)
    if isinstance(widget, Banner):
        widget.say("One sentence.", "warning", "Act")
    widget.resize(widget.sizeHint())
    assert 0 < widget.sizeHint().width() <= 260 or isinstance(widget, Banner)
    pictures = []
    for mode in ("light", "dark"):
        theme().set_mode(mode)
        pictures.append(widget.grab().toImage())
    widget.setEnabled(False)
    widget.grab()
    assert pictures[0] != pictures[1]


# --- card, labels, banner --------------------------------------------------------------------


def test_a_card_takes_its_tone_and_controls(window):
    card = put(window, Card("Decision boundary"))
    card.add_header(button("Import…", "link", "plus"))
    card.body.addWidget(labels.caption("<i>x</i>"))
    card.set_tone("backward")
    at = card.grab().toImage().pixelColor(card.width() // 2, card.height() - 4)
    assert at == LIGHT.backward_soft
    assert (card.title, card.accessibleName()) == ("Decision boundary", "Decision boundary")
    with pytest.raises(ValueError, match="sideways"):
        card.set_tone("sideways")


def test_labels_never_read_markup_and_change_their_tone(window):
    made = put(window, labels.title("<b>x</b>"))
    assert made.textFormat() == Qt.TextFormat.PlainText
    labels.set_tone(made, "error")
    assert made.property("tone") == "error"


def test_a_banner_speaks_acts_and_closes(window, qtbot):
    banner = put(window, Banner())
    closed, acted = [], []
    banner.closed.connect(lambda: closed.append(1))
    banner.action_requested.connect(lambda: acted.append(1))
    assert banner.isHidden()
    banner.say("Layer 2 is dead.", "warning", "New seed")
    assert (banner.sentence, banner.accessibleName()) == ("Layer 2 is dead.", "Layer 2 is dead.")
    qtbot.mouseClick(banner.action_button, Qt.MouseButton.LeftButton)
    assert acted == [1]
    qtbot.mouseClick(banner.close_button, Qt.MouseButton.LeftButton)
    assert banner.isHidden()
    banner.say("Again.")
    assert not banner.action_button.isVisible()
    qtbot.keyClick(banner, Qt.Key.Key_Escape)
    assert (banner.sentence, len(closed)) == ("", 2)
    with pytest.raises(ValueError, match="shout"):
        banner.say("x", "shout")


# --- number field ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "value"),
    [("1.2", 1.2), ("1e-3", 1e-3), ("1,2", 1.2), (" .5 ", 0.5), ("5.", 5), ("+2E+1", 20)],
)
def test_numbers_are_read_as_people_type_them(typed, value):
    assert parse(typed) == value


@pytest.mark.parametrize(
    "typed", ["", "abc", "1_000", "nan", "inf", "-1", "1,2,3", "1,234.5", "1e", "１", "0x1"]
)
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(ValueError, match=r"^"):
        parse(typed)


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


# --- unit stepper ----------------------------------------------------------------------------


def test_units_change_by_buttons_keys_wheel_and_typing(window, qtbot):
    stepper = put(window, UnitStepper("units of layer 1", 4, most=20))
    seen = collected(stepper.value_changed)
    qtbot.mouseClick(stepper.plus, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(stepper.minus, Qt.MouseButton.LeftButton)
    wheel(stepper.edit, 1)
    stepper.setFocus()
    qtbot.keyClick(stepper.edit, Qt.Key.Key_Up)
    qtbot.keyClick(stepper.edit, Qt.Key.Key_PageUp)
    wheel(stepper.edit, -2)
    stepper.edit.selectAll()
    qtbot.keyClicks(stepper.edit, "7")
    qtbot.keyClick(stepper.edit, Qt.Key.Key_Return)
    assert seen == [5, 4, 5, 15, 13, 7]
    assert stepper.edit.accessibleName() == "units of layer 1"


def test_units_stay_in_their_range(window, qtbot):
    stepper = put(window, UnitStepper("units", 1, most=3))
    seen = collected(stepper.value_changed)
    assert not stepper.minus.isEnabled()
    stepper.setFocus()
    for typed, value in (("99", 3), ("0", 1), ("x", 1), ("", 1), ("-", 1)):
        stepper.edit.selectAll()
        qtbot.keyClick(stepper.edit, Qt.Key.Key_Delete)
        qtbot.keyClicks(stepper.edit, typed)
        qtbot.keyClick(stepper.edit, Qt.Key.Key_Return)
        assert (stepper.value, stepper.edit.text()) == (value, str(value))
    assert seen == [3, 1]
    stepper.set_range(1, 1)
    assert not stepper.plus.isEnabled()


# --- slider field ----------------------------------------------------------------------------


def test_one_drag_has_one_key_and_the_next_another(window, qtbot):
    field = put(window, SliderField("Noise", [i / 100 for i in range(51)], "{:.2f}".format))
    seen = collected(field.edited)
    left, right = QPoint(20, 9), QPoint(field.slider.width() - 20, 9)
    button_ = Qt.MouseButton.LeftButton
    for _ in range(2):
        qtbot.mousePress(field.slider, button_, pos=left)
        qtbot.mouseMove(field.slider, right)
        qtbot.mouseRelease(field.slider, button_, pos=right)
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
    monkeypatch.setattr("gui.widgets.slider_field._PAUSE", -1)
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


# --- menu button, chip, readout, plane, flow -------------------------------------------------


def test_a_choice_is_made_by_keyboard_and_said_once(window, qtbot):
    chooser = put(window, MenuButton("Optimizer", CHOICES, "sgd"))
    chooser.set_choices(CHOICES, {"adam": "Steps of its own for every weight."})
    chosen = collected(chooser.chosen)
    chooser.setFocus()
    qtbot.keyClick(chooser, Qt.Key.Key_Down)
    actions = chooser.menu.actions()
    assert [a.isChecked() for a in actions] == [True, False]
    assert actions[1].text() == "Adam && friends"
    assert actions[1].toolTip() == "Steps of its own for every weight."
    qtbot.keyClick(chooser.menu, Qt.Key.Key_Down)
    qtbot.keyClick(chooser.menu, Qt.Key.Key_Return)
    assert (chosen, chooser.value) == (["adam"], "adam")
    assert chooser.accessibleName() == "Optimizer: Adam & friends"
    qtbot.mouseClick(chooser, Qt.MouseButton.LeftButton)
    chooser.menu.actions()[1].trigger()
    chooser.menu.close()
    chooser.set_value("unknown")
    assert chosen == ["adam"]
    assert chooser.accessibleName() == "Optimizer: unknown"


def test_a_button_keeps_its_width_whatever_is_chosen(window):
    chooser = put(window, MenuButton("Optimizer", CHOICES, "sgd"))
    wide = chooser.sizeHint()
    chooser.set_value("adam")
    assert chooser.sizeHint() == wide


def test_a_chip_toggles_by_mouse_and_by_space(window, qtbot):
    chip = put(window, ToggleChip("Z[1]", "forward", math=True))
    seen = collected(chip.toggled)
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert not chip.hasFocus(), "a click leaves the keyboard where it was"
    chip.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(chip, Qt.Key.Key_Space)
    assert seen == [True, False]
    with pytest.raises(ValueError, match="sideways"):
        ToggleChip("x", "sideways")


def test_a_readout_never_gets_narrower(window):
    readout = put(window, Readout("Cost J", "0.0000"))
    wide = readout.sizeHint().width()
    readout.set_text("0.2")
    assert readout.sizeHint().width() == wide
    readout.set_text("+1.36e-05 and more", "error")
    wider = readout.sizeHint().width()
    readout.set_text("0.2")
    assert readout.sizeHint().width() == wider > wide
    assert (readout.text, readout.accessibleName()) == ("0.2", "Cost J: 0.2")


def test_a_plane_is_seen_through_the_scale_in_both_themes(qtbot):
    view = PlaneView(40)
    qtbot.addWidget(view)
    view.resize(60, 40)
    view.grab()
    levels = np.zeros((8, 8), np.uint8)
    levels[:, 4:] = 255
    view.set_levels(levels)
    for mode, palette in (("light", LIGHT), ("dark", DARK)):
        theme().set_mode(mode)
        seen = view.grab().toImage()
        assert seen.pixelColor(20, 20) == palette.negative
        assert seen.pixelColor(40, 20) == palette.positive
    view.set_border("forward")
    assert view.grab().toImage().pixelColor(11, 20) == DARK.forward


def test_a_flow_breaks_where_the_width_ends(qtbot):
    panel = QWidget()
    qtbot.addWidget(panel)
    flow = FlowLayout(panel, gap=4)
    chips = [ToggleChip(f"chip number {i}") for i in range(6)]
    for chip in chips:
        flow.addWidget(chip)
    one, narrow = flow.heightForWidth(5000), flow.heightForWidth(chips[0].sizeHint().width())
    assert (one, narrow) == (26, 6 * 26 + 5 * 4)
    chips[0].hide()
    panel.resize(chips[1].sizeHint().width() * 2 + 4, 200)
    panel.show()
    assert chips[1].y() == chips[2].y() < chips[3].y()
    assert flow.itemAt(9) is None
    assert flow.takeAt(9) is None
    taken = flow.takeAt(0)
    assert taken is not None
    assert taken.widget() is chips[0]


def test_the_tab_key_reaches_every_control(window, qtbot):
    controls = [
        put(window, button("Play", "primary", "play")),
        put(window, MenuButton("Loss", CHOICES, "sgd")),
        put(window, NumberField("learning rate", 1.2)),
        put(window, UnitStepper("units", 4)).edit,
        put(window, SliderField("Noise", [0, 1])).slider,
        put(window, ToggleChip("x₁")),
    ]
    reached = []
    for _ in controls:
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        reached.append(QApplication.focusWidget())
    assert reached == controls
    for control in controls:
        control.setFocus(Qt.FocusReason.TabFocusReason)
        holder = (
            control.parentWidget() if isinstance(control.parentWidget(), UnitStepper) else control
        )
        with_ring = holder.grab().toImage()
        window.other.setFocus()
        assert holder.grab().toImage() != with_ring, control
