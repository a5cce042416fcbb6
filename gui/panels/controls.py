"""The run bar: reset, step and play, the hyperparameters, and the progress of the run."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QLayout, QSizePolicy, QWidget

from core.project import Project
from core.training.messages import Snapshot
from gui.actions import make_action
from gui.controls.hyperparameters import Hyperparameters
from gui.controls.speed import Speed, SpeedControl
from gui.model.document import Document
from gui.model.selection import Selection
from gui.model.training import Training
from gui.panels.base import Panel
from gui.parts import Kind, Named, name_command, name_part
from gui.style import text
from gui.style.resources import set_icon
from gui.style.theme import theme
from gui.widgets.buttons import button
from gui.widgets.overflow import Overflow
from gui.widgets.readout import Readout
from gui.widgets.rows import put

NOTHING = "—"
PLAY, PAUSE = "Play", "Pause"
ACCURACY, TEST_ACCURACY = "Accuracy", "Test accuracy"
R2, TEST_R2 = "R²", "Test R²"
_LEAST_WIDTH = 600
_MOST_LEFT_OUT = 9
_GAP_BELOW = 9  # px of the window's background, between the bar and the panels below
# From the widest look to the narrowest: the measured speed, words on all buttons, full captions and
# room for every choice, a word on Play, px between the controls, how many controls are left to the
# overflow menu.
_FITS = (
    (True, True, True, True, 14, 0),
    (True, True, True, True, 8, 0),
    (False, True, True, True, 8, 0),
    (False, False, True, True, 8, 0),
    (False, False, False, True, 8, 0),
    (False, False, False, True, 4, 0),
    (False, False, False, False, 4, 0),
    *((False, False, False, False, 4, n) for n in range(1, _MOST_LEFT_OUT + 1)),
)
_OWN_AIR = 8  # px that a setting of the bar has on its sides


class RunBar(Panel):
    """The controls that start, stop and tune a run, and its progress.

    `actions_by_name` are "reset", "step", "play", "slower" and "faster", also for menus. Space
    plays and pauses unless the focused widget handles it: a field, a button or the stepper.
    """

    offered = Signal(str, str, object)  # a sentence, the edit's name, and its function
    lab_wanted = Signal()  # the starts side by side
    walk_requested = Signal(object)  # bool: the stepper is to play, op by op, or to hold

    def __init__(
        self,
        document: Document,
        training: Training,
        selection: Selection,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(document, training, selection, parent)
        self._fitted = 0  # which of _FITS is in force
        self._walking = False  # the stepper plays
        self.settings = Hyperparameters(document, self)
        self.settings.noted.connect(self.noted)
        self.settings.offered.connect(self.offered)
        self.settings.lab_wanted.connect(self.lab_wanted)
        self.speed_control = SpeedControl()
        self.speed_control.chosen.connect(self._change_speed)
        self._make_actions()
        self._make_buttons()
        self._by_fit = False
        self._make_readouts()
        self.overflow = Overflow(self)
        self.overflow.returned.connect(self._take_back)
        self._lay_out()
        theme().changed.connect(self._follow_text_size)
        training.playing_changed.connect(self._show_playing)
        self._show_playing()

    def named_parts(self) -> Mapping[str, Named]:
        actions = self.actions_by_name
        for name, action in actions.items():
            name_command(action, f"train.{name}")
        for key, shown in (
            ("reset", self.reset_button),
            ("step", self.step_button),
            ("play", self.play_button),
        ):
            name_part(shown, f"runbar.{key}", shown.accessibleName(), action=actions[key])
        return {
            "pace": Named(self.speed_control, self.tr("Pace"), Kind.SETTING),
            **self.settings.named_parts(),
            "iteration": Named(self.iteration, self.tr("Iteration")),
            "cost": Named(self.cost, self.tr("Cost J now")),
            "accuracy": Named(self.accuracy, self.tr("Accuracy")),
            "test_accuracy": Named(self.test_accuracy, TEST_ACCURACY),
            "speed": Named(self.speed, self.tr("Speed of training")),
        }

    def show_project(self, old: Project | None, new: Project) -> None:
        self.settings.show_project(new)
        self._fit()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        test = snapshot.test
        self.settings.show_epoch(snapshot.epoch)
        self.settings.show_start(self.training.back_to())
        self.iteration.set_text(text.count(snapshot.iteration))
        self.cost.set_text(_finite(snapshot.train.cost, lambda J: text.number(J, sign=False)))
        self._judge_by_fit(snapshot.split.kind == "regression")
        for readout, score in ((self.accuracy, snapshot.train), (self.test_accuracy, test)):
            if self._by_fit:
                said = _finite(score.r2 if score else None, lambda r2: text.plain(r2, 3))
            else:
                said = _finite(score.accuracy if score else None, text.percent)
            readout.set_text(said)
        speed = snapshot.iterations_per_second or None
        self.speed.set_text(_finite(speed, lambda s: f"{text.short_count(s)} it/s"))

    def _judge_by_fit(self, by_fit: bool) -> None:
        """Show R², as values are judged, or the accuracy, as classes are."""
        if by_fit != self._by_fit:
            self._by_fit = by_fit
            self.accuracy.set_caption(R2 if by_fit else ACCURACY)
            self._fit()

    # --- parts -----------------------------------------------------------------------------------

    def _make_actions(self) -> None:
        self.actions_by_name = {
            "reset": make_action(
                self,
                "Reset",
                self._reset,
                shortcuts=["Ctrl+R"],
                tip="Start again from the same initial weights",
                icon="reset",
            ),
            "step": make_action(
                self,
                "Step",
                self.training.step,
                shortcuts=["F10", "Ctrl+."],
                tip="Train one iteration",
                icon="step",
            ),
            "play": make_action(self, "Play", self.toggle, shortcuts=["F5", "Ctrl+P"]),
            "slower": make_action(
                self,
                "Slower",
                lambda: self.speed_control.change(-1),
                shortcuts=["F6"],
                tip="Train slower, down to one step of the walk per second",
            ),
            "faster": make_action(
                self,
                "Faster",
                lambda: self.speed_control.change(+1),
                shortcuts=["F7"],
                tip="Train faster, up to full speed",
            ),
        }
        self.addActions(list(self.actions_by_name.values()))

    def _make_buttons(self) -> None:
        actions = self.actions_by_name
        self.reset_button = button(self.tr("Reset"), "pill", "reset", actions["reset"].toolTip())
        self.step_button = button(self.tr("Step"), "pill", "step", actions["step"].toolTip())
        self.play_button = button(PAUSE, "primary", "pause")
        self.reset_button.setAccessibleName(self.tr("Reset"))
        self.step_button.setAccessibleName(self.tr("Step"))
        self.reset_button.clicked.connect(actions["reset"].trigger)
        self.step_button.clicked.connect(actions["step"].trigger)
        self.play_button.clicked.connect(actions["play"].trigger)

    def _make_readouts(self) -> None:
        self.iteration = Readout(self.tr("Iteration"), "100,000")
        self.cost = Readout(self.tr("Cost J"), "0.00000")
        self.accuracy = Readout(ACCURACY, "100.0 %")
        self.test_accuracy = Readout(TEST_ACCURACY, "100.0 %")
        self.speed = Readout(self.tr("Speed"), "9.9 k it/s")
        for readout in self._readouts():
            readout.set_text(NOTHING)

    def _readouts(self) -> tuple[Readout, ...]:
        return self.iteration, self.cost, self.accuracy, self.test_accuracy, self.speed

    def _lay_out(self) -> None:
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 6, 8, 6 + _GAP_BELOW)
        self._row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        for button_ in (self.reset_button, self.step_button, self.play_button):
            self._row.addWidget(button_)
        self._settings_row = QHBoxLayout()
        put(self._row, self._settings_row, None, self.overflow.button)
        self._fill()
        self._level()

    def _fill(self) -> None:
        """Put all controls that can be left out into their places."""
        for control in (self.speed_control, *self.settings.widgets, *self._readouts()):
            self._row.removeWidget(control)
            self._settings_row.removeWidget(control)
        self._row.insertWidget(3, self.speed_control)
        for control in self.settings.widgets:
            self._settings_row.addWidget(control)
        for readout in self._readouts():
            self._row.insertWidget(self._row.indexOf(self.overflow.button), readout)

    def _level(self) -> None:
        """Align captions and values on common lines."""
        captioned = (self.speed_control, *self.settings.widgets, *self._readouts())
        high = max(part.sizeHint().height() for part in captioned)
        for part in captioned:
            part.setFixedHeight(high)

    def _follow_text_size(self) -> None:
        self._level()
        self._fit()

    def _take_back(self) -> None:
        """The controls that were in the menu at the bar's end are the bar's again."""
        self._fill()
        self._fit()

    def menu_of(self, part: QWidget) -> QWidget | None:
        """The button of the menu at the bar's end, for a control that is in it."""
        return self.overflow.button if self.overflow.holds(part) else None

    def show_part(self, part: QWidget) -> None:
        """Open the menu at the bar's end for a control that is in it."""
        if self.overflow.holds(part):
            self.overflow.open()

    def add_at_end(self, widget: QWidget) -> None:
        """Put a widget at the bar's right end."""
        self._row.addWidget(widget)

    def _can_leave_out(self) -> list[QWidget]:
        """The controls that may move to the overflow menu, the least important first."""
        settings = self.settings
        test = [self.test_accuracy] if self.document.project.data.has_test else []
        return [
            self.speed_control,
            *test,
            *(settings.initialization, settings.stopping, settings.optimizer, settings.loss),
            *(self.accuracy, self.cost),
            settings.rate_with_caption,
        ]

    # --- the run ---------------------------------------------------------------------------------

    def toggle(self) -> None:
        """Play at the chosen speed if the run rests, else pause."""
        if self.training.playing or self._walking:
            self._pause()
        else:
            self._play(self.speed_control.speed)

    def show_walking(self, walking: bool) -> None:
        """Show whether the stepper plays."""
        self._walking = walking
        self._show_playing()

    def _play(self, speed: Speed) -> None:
        if speed.pace is None:
            self.walk_requested.emit(True)
        else:
            self.training.play(speed.pace)

    def _pause(self) -> None:
        if self.training.playing:
            self.training.pause()
        if self._walking:
            self.walk_requested.emit(False)

    def _reset(self) -> None:
        self._pause()
        self.training.reset()

    @Slot(object)
    def _change_speed(self, speed: Speed) -> None:
        """Continue at another speed, if it plays."""
        if self.training.playing and speed.pace is not None:
            self.training.set_pace(speed.pace)
        elif self.training.playing or self._walking:
            self._pause()
            self._play(speed)

    def _show_playing(self, *_: object) -> None:
        playing = self.training.playing or self._walking
        word, icon = (PAUSE, "pause") if playing else (PLAY, "play")
        action = self.actions_by_name["play"]
        self.play_button.setText(word if _FITS[self._fitted][3] else "")
        self.play_button.setAccessibleName(word)
        set_icon(self.play_button, icon, "accent_text")
        action.setText(word)
        set_icon(action, icon)
        tip = "Stop training for now" if playing else "Train until paused"
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        for part in (action, self.play_button):
            part.setToolTip(self.tr("{tip} ({keys} or Space)").format(tip=tip, keys=keys))

    # --- size ------------------------------------------------------------------------------------

    def _fit(self, first: int = 0) -> None:
        """Give up, in a narrow window, first air, then the speed, then words, then controls."""
        if self.overflow.is_open:
            return
        can_leave_out = self._can_leave_out()
        for self._fitted in range(first, len(_FITS)):
            speed, words, roomy, play, gap, left_out = _FITS[self._fitted]
            self.reset_button.setText(self.tr("Reset") if words else "")
            self.step_button.setText(self.tr("Step") if words else "")
            self.speed.setVisible(speed)
            self.test_accuracy.setVisible(self.document.project.data.has_test)
            for place, control in enumerate(can_leave_out):
                control.setVisible(place >= left_out)
            self.overflow.offer(can_leave_out[:left_out])
            self.speed_control.set_compact(not speed)
            self.settings.set_compact(not roomy)
            self._name_test(roomy)
            self._name_play(play)
            self._row.setSpacing(gap)
            self._settings_row.setSpacing(max(0, gap - _OWN_AIR))
            if self._fits():
                return

    def _name_test(self, roomy: bool) -> None:
        words = TEST_R2 if self._by_fit else TEST_ACCURACY
        self.test_accuracy.set_caption(words if roomy else "Test")

    def _name_play(self, named: bool) -> None:
        """Show or hide the text of the Play button; its width stays the same."""
        self.play_button.setMinimumWidth(0)
        words = (PAUSE, PLAY, self.actions_by_name["play"].text()) if named else ("",)
        widths = []
        for word in words:
            self.play_button.setText(word)
            widths.append(self.play_button.sizeHint().width())
        self.play_button.setMinimumWidth(max(widths) if named else 0)

    def _fits(self) -> bool:
        self._settings_row.invalidate()  # Qt reports only to the outer row that a widget needs more
        return self._fits_as_laid_out()

    def _fits_as_laid_out(self) -> bool:
        return self._row.minimumSize().width() <= self.width()

    def sizeHint(self) -> QSize:
        return QSize(
            _LEAST_WIDTH, self._row.minimumSize().height()
        )  # a tool bar hides widgets that are too wide

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        # Laid out, all its rows know their needs; asking them again would never end.
        if event.type() == QEvent.Type.LayoutRequest and not self._fits_as_laid_out():
            self._fit(self._fitted + 1)  # a number has grown
        return done

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.window().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Handle a Space that no focused widget wanted."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Space
            and event.modifiers() == Qt.KeyboardModifier.NoModifier
            and watched is self.window()
        ):
            if not event.isAutoRepeat():
                self.actions_by_name["play"].trigger()
            return True
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette = theme().palette
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), palette.window)
            high = self.height() - _GAP_BELOW
            painter.fillRect(0, 0, self.width(), high, palette.surface)
            painter.fillRect(0, high - 1, self.width(), 1, palette.border)


def _finite(value: float | None, write: Callable[[float], str]) -> str:
    return NOTHING if value is None or not math.isfinite(value) else write(value)
