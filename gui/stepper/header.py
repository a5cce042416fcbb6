"""The header of the stepper: the iteration, and the controls to walk through it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QWidget

from core.walk.record import Record
from gui.stepper.slow_motion import PACES, SlowMotion
from gui.style import text
from gui.style.resources import set_icon
from gui.style.theme import CAPTION, dress, px, ui_font
from gui.widgets import labels
from gui.widgets.buttons import button, icon_button
from gui.widgets.elided import Elided
from gui.widgets.header import Header
from gui.widgets.menu_button import MenuButton

SIZES = {
    "op": "one operation",
    "layer": "one layer",
    "pass": "one pass",
    "iteration": "one iteration",
}
DIGITS = {"2": "2 digits", "3": "3 digits", "4": "4 digits", "6": "6 digits", "10": "10 digits"}
USUAL_DIGITS = "3"
KEYS = "Space next · ← back · ↑↓ layer · Home/End"
NARROW = 380  # px below which the buttons have the room of the subtitle
NOTHING = "Step through an iteration"


class StepperHeader(Header):
    """Names the walked iteration, and asks to go forward or back, faster or finer."""

    next_requested = Signal()
    back_requested = Signal()
    digits_chosen = Signal(int)

    def __init__(self, slow_motion: SlowMotion, lamp: QWidget) -> None:
        self.title = labels.title(NOTHING)
        super().__init__(self.title, spacing=4)
        self._slow_motion, self.lamp = slow_motion, lamp
        self.subtitle = Elided()
        dress(self.subtitle, ui_font, CAPTION)
        self.play_button = icon_button("play", self.tr("Slow motion: step automatically"))
        self.pace_menu = MenuButton("", PACES, slow_motion.pace)
        self.pace_menu.setToolTip(self.tr("Speed of slow motion"))
        self.size_menu = MenuButton("", SIZES, "op")
        self.size_menu.setToolTip(self.tr("How far Space, Next and Back move"))
        self.digits_menu = MenuButton("", DIGITS, USUAL_DIGITS)
        self.digits_menu.setToolTip(self.tr("Digits per number"))
        self.in_full = QCheckBox("dA[L]")
        self.in_full.setToolTip(
            self.tr("Walk through dA[L] too: how the loss changes with the prediction")
        )
        self.back_button = button(self.tr("back"), "link", "back", self.tr("Back (←)"))
        self.next_button = button(self.tr("next"), "link", "next", self.tr("Next (Space or →)"))
        self.keys = labels.caption(KEYS)
        self._record: Record | None = None
        self._past = False
        self._lay_out()
        self._connect()
        self.show_record(None)

    def _lay_out(self) -> None:
        self.add_first(self.subtitle, 1)
        self.controls: tuple[QWidget, ...] = (
            self.play_button,
            self.pace_menu,
            self.size_menu,
            self.digits_menu,
            self.in_full,
            self.back_button,
            self.next_button,
        )
        ranks = (4, 3, 3, 2, 4, 5, 6)
        for control, rank in zip(self.controls, ranks, strict=True):
            self.add(control, rank)
        self.add(self.lamp, 4)
        self.add(self.keys, 0)

    def _connect(self) -> None:
        self.play_button.clicked.connect(self._slow_motion.toggle)
        self.pace_menu.chosen.connect(self.set_pace)
        self.size_menu.chosen.connect(self.size_menu.set_value)
        self.digits_menu.chosen.connect(self._on_digits)
        self.back_button.clicked.connect(self.back_requested)
        self.next_button.clicked.connect(self.next_requested)

    @property
    def step_size(self) -> str:
        """The size of a step, a key of SIZES."""
        return self.size_menu.value

    def show_record(self, record: Record | None) -> None:
        """Name the walked iteration and its examples."""
        self._record = record
        for control in self.controls:
            control.setEnabled(record is not None)
        self.in_full.setEnabled(record is not None and record.fused)
        if record is None:
            self.title.setText(NOTHING)
            self.subtitle.show_words("")
            return
        self._show_title()
        walked = what_is_walked(record)
        self.subtitle.show_words(
            self.tr("{walked}, recorded: training is not disturbed").format(walked=walked), walked
        )

    def show_past(self, past: bool) -> None:
        """Say whether training has continued since the iteration was recorded."""
        if past != self._past:
            self._past = past
            self._show_title()

    def _show_title(self) -> None:
        if self._record is not None:
            at = text.count(self._record.iteration)
            words = "Iteration {}, now past" if self._past else "Step through iteration {}"
            self.title.setText(words.format(at))

    def show_caption(self, caption: str, record: Record | None) -> None:
        """During slow motion, describe the step; otherwise name the iteration."""
        if caption:
            self.subtitle.show_words(caption)
            labels.set_tone(self.subtitle, "")
        else:
            labels.set_tone(self.subtitle, "muted")
            self.show_record(record)

    def set_playing(self, playing: bool) -> None:
        """Show whether slow motion plays."""
        tip = self.tr("Hold (Space)") if playing else self.tr("Slow motion: step automatically")
        set_icon(self.play_button, "pause" if playing else "play")
        self.play_button.setToolTip(tip)
        self.play_button.setAccessibleName(tip)

    def set_pace(self, pace: str) -> None:
        """Choose the pace of slow motion, a key of PACES."""
        self.pace_menu.set_value(pace)
        self._slow_motion.set_pace(pace)

    def _on_digits(self, digits: str) -> None:
        self.digits_menu.set_value(digits)
        self.digits_chosen.emit(int(digits))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.subtitle.setVisible(event.size().width() >= px(NARROW))
        super().resizeEvent(event)


def what_is_walked(record: Record) -> str:
    """`all 400 examples`, or which mini-batch."""
    if not record.batch:
        return f"all {text.examples(record.m)}" if record.m > 1 else "the only example"
    return f"a batch of {text.examples(record.m)}, epoch {text.count(record.epoch + 1)}"
