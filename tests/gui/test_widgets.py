"""The small widgets, used as people use them: by mouse and keyboard, in both themes."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtWidgets import QApplication, QWidget

from gui.style.theme import LIGHT, VALUE, theme, ui_font
from gui.widgets import labels
from gui.widgets.banner import Banner
from gui.widgets.buttons import button, icon_button
from gui.widgets.captioned import Captioned
from gui.widgets.card import Card
from gui.widgets.flow_layout import FlowLayout
from gui.widgets.menu_button import MenuButton
from gui.widgets.number_field import NumberField
from gui.widgets.readout import Readout
from gui.widgets.slider_field import SliderField
from gui.widgets.toggle_chip import ToggleChip
from tests.gui.hands import collected, look, put, window

__all__ = ["look", "window"]

CHOICES = {"sgd": "Gradient descent", "adam": "Adam & friends"}

EACH = {
    "card": lambda: Card("Data", tone="forward"),
    "banner": Banner,
    "slider": lambda: SliderField("Noise", [0.0, 0.1, 0.2]),
    "number": lambda: NumberField("learning rate", 1.2),
    "menu": lambda: MenuButton("Loss", CHOICES, "sgd"),
    "readout": lambda: Readout("Cost J", "0.0000"),
    "chip": lambda: ToggleChip("x₁"),
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


def test_only_a_confirmation_disappears_automatically(window, qtbot, monkeypatch):
    monkeypatch.setattr("gui.widgets.banner.READ_ANY", 1)
    monkeypatch.setattr("gui.widgets.banner.READ_CHARACTER", 0)
    banner = Banner(window, floating=True)
    monkeypatch.setattr(banner, "underMouse", lambda: False)  # wherever the mouse was left
    for kind, stays in (("info", False), ("warning", True), ("error", True)):
        banner.say("Saved flower.json.", kind)
        qtbot.wait(20)
        assert bool(banner.sentence) == stays


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


def test_a_button_keeps_its_width_for_every_choice(window):
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
    readout.set_text("1" * 30)
    widest = readout.sizeHint().width()
    assert widest > wider
    readout.set_text("4" * 30)
    assert readout.sizeHint().width() == widest
    digits = QFontMetricsF(ui_font(VALUE, QFont.Weight.DemiBold))
    assert digits.horizontalAdvance("4" * 30) <= widest  # they are equally wide


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
        with_ring = control.grab().toImage()
        window.other.setFocus()
        assert control.grab().toImage() != with_ring, control
