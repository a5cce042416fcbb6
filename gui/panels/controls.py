"""The run bar: reset, step and play, the hyperparameters of training, and where the run is."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import count

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QSize, Qt
from PySide6.QtGui import (
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QLayout, QSizePolicy, QWidget

from core import edits
from core.errors import LayerwiseError
from core.nn.initializers import INITIALIZERS
from core.nn.losses import LOSSES
from core.project import Project
from core.training.messages import Snapshot
from gui import text
from gui.actions import make_action
from gui.document import Document
from gui.panels.base import Panel
from gui.resources import set_icon
from gui.selection import Selection
from gui.theme import theme
from gui.training import Training
from gui.widgets.buttons import button
from gui.widgets.captioned import Captioned
from gui.widgets.initialization import InitializationButton
from gui.widgets.menu_button import MenuButton
from gui.widgets.number_field import NumberField, step
from gui.widgets.optimization import OptimizationButton, name_of_edit
from gui.widgets.readout import Readout
from gui.widgets.whole_field import WholeField

NOTHING = "—"
MOST_ITERATIONS = 10**9
_PAUSE = 1000  # ms; wheel notches and key presses closer than this are one edit
_LEAST_WIDTH = 960
# From the mock-up's look to the narrowest: words on all buttons, speed, px between the controls.
_FITS = (
    (True, True, 14),
    (True, True, 8),
    (False, True, 8),
    (False, True, 3),
    (False, False, 8),
    (False, False, 2),
)


class RunBar(Panel):
    """What starts, stops and tunes a run, and the numbers that say how it goes.

    `actions_by_name` are "reset", "step" and "play" for menus too. Space plays and pauses wherever
    nothing else wants it: a field, a button and the stepper keep theirs.
    """

    def __init__(
        self,
        document: Document,
        training: Training,
        selection: Selection,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(document, training, selection, parent)
        self._fitted = 0  # which of _FITS is in force
        self._make_actions()
        self._make_buttons()
        self._make_hyperparameters()
        self._make_readouts()
        self._lay_out()
        self._burst = _Burst()
        self._seen, self._index = document.project, document.undo_stack.index()
        document.undo_stack.indexChanged.connect(self._explain)
        document.replaced.connect(self._forget)
        training.playing_changed.connect(self._show_playing)
        self._show_playing(training.playing)

    def show_project(self, old: Project | None, new: Project) -> None:
        self.rate.set_value(new.training.learning_rate)
        self.loss.set_value(new.training.loss)
        self.initialization.show_project(new)
        self.stop_after.set_value(new.training.iterations)
        self.optimizer.show_project(new)
        self.test_accuracy.setVisible(new.data.test_share > 0)
        self._fit()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        test = snapshot.test
        self.iteration.set_text(text.count(snapshot.iteration))
        self.cost.set_text(_finite(snapshot.train.cost, lambda J: text.number(J, sign=False)))
        self.accuracy.set_text(_finite(snapshot.train.accuracy, text.percent))
        self.test_accuracy.set_text(_finite(test.accuracy if test else None, text.percent))
        speed = snapshot.iterations_per_second or None
        self.speed.set_text(_finite(speed, lambda s: f"{text.short_count(s)} it/s"))

    # --- parts -----------------------------------------------------------------------------------

    def _make_actions(self) -> None:
        run = self.training
        self.actions_by_name = {
            "reset": make_action(
                self,
                "Reset",
                run.reset,
                shortcuts=["Ctrl+R"],
                tip="Start again from the same initial weights",
                icon="reset",
            ),
            "step": make_action(
                self,
                "Step",
                run.step,
                shortcuts=["F10", "Ctrl+."],
                tip="Train one iteration",
                icon="step",
            ),
            "play": make_action(self, "Play", self.toggle, shortcuts=["F5", "Ctrl+P"]),
        }
        self.addActions(list(self.actions_by_name.values()))

    def _make_buttons(self) -> None:
        actions = self.actions_by_name
        self.reset_button = button("Reset", "pill", "reset", actions["reset"].toolTip())
        self.step_button = button("Step", "pill", "step", actions["step"].toolTip())
        self.play_button = button("Pause", "primary", "pause")
        self.play_button.setMinimumWidth(self.play_button.sizeHint().width())  # "Play" is narrower
        self.reset_button.setAccessibleName("Reset")
        self.step_button.setAccessibleName("Step")
        self.reset_button.clicked.connect(actions["reset"].trigger)
        self.step_button.clicked.connect(actions["step"].trigger)
        self.play_button.clicked.connect(actions["play"].trigger)

    def _make_hyperparameters(self) -> None:
        self.rate = NumberField("learning rate", self.document.project.training.learning_rate)
        self.rate.setProperty("variant", "flat")
        self.rate.set_tip("How far each update goes: W := W − α dW. Changes at once, also midway.")
        self.rate.edited.connect(self._set_rate)
        self.rate.refused.connect(self.noted)
        self.loss = MenuButton("Loss", {name: loss.label for name, loss in LOSSES.items()})
        self.loss.setToolTip("What a wrong prediction costs")
        self.loss.chosen.connect(self._set_loss)
        self.optimizer = OptimizationButton("Optimizer")
        self.optimizer.setToolTip("How a gradient becomes an update: optimizer, batch, L1 and L2")
        self.optimizer.popup.edited.connect(self._set_training)
        self.initialization = InitializationButton("Initialization")
        self.initialization.setToolTip("How the weights start: rule, scale and seed")
        self.initialization.popup.rule_chosen.connect(self._set_initializer)
        self.initialization.popup.scale_edited.connect(self._set_scale)
        self.initialization.popup.seed_edited.connect(self._set_seed)
        self.stop_after = WholeField(
            "Stop after so many iterations", 0, MOST_ITERATIONS, _next_count, _write_limit
        )
        self.stop_after.setProperty("variant", "flat")
        self.stop_after.setToolTip("Play rests after so many iterations; 0 never stops")
        self.stop_after.edited.connect(self._set_iterations)

    def _make_readouts(self) -> None:
        self.iteration = Readout("Iteration", "100,000")
        self.cost = Readout("Cost J", "0.00000")
        self.accuracy = Readout("Accuracy", "100.0 %")
        self.test_accuracy = Readout("Test accuracy", "100.0 %")
        self.speed = Readout("Speed", "9.9 k it/s")
        for readout in self._readouts():
            readout.set_text(NOTHING)

    def _readouts(self) -> tuple[Readout, ...]:
        return self.iteration, self.cost, self.accuracy, self.test_accuracy, self.speed

    def _lay_out(self) -> None:
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 6, 8, 6)
        self._row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        controls: list[QWidget] = [
            self.reset_button,
            self.step_button,
            self.play_button,
            Captioned("Learning rate α", self.rate),
            self.loss,
            self.optimizer,
            self.initialization,
            Captioned("Stop after", self.stop_after),
        ]
        for part in controls:
            self._row.addWidget(part)
        self._row.addStretch(1)
        for readout in self._readouts():
            self._row.addWidget(readout)

    # --- edits -----------------------------------------------------------------------------------

    def _edit(self, name: str, after: Project, merge_key: str = "") -> None:
        try:
            self.document.edit(name, after, merge_key)
        except LayerwiseError as error:
            self.show_project(None, self.document.project)
            self.noted.emit(str(error))

    def _set_rate(self, rate: float) -> None:
        after = edits.with_training(self.document.project, learning_rate=rate)
        self._edit(f"Set learning rate to {text.plain(rate, 6)}", after, self._burst.key("rate"))

    def _set_loss(self, name: str) -> None:
        after = edits.set_loss(self.document.project, name)
        self._edit(f"Set loss to {LOSSES[name].label.lower()}", after)

    def _set_training(self, field: str, value: object) -> None:
        after = edits.with_training(self.document.project, **{field: value})
        self._edit(name_of_edit(field, value), after, self._burst.key(field))

    def _set_initializer(self, name: str) -> None:
        after = edits.with_network(self.document.project, initializer=name)
        self._edit(f"Set initialization to {INITIALIZERS[name].label}", after)

    def _set_scale(self, scale: float) -> None:
        after = edits.with_network(self.document.project, scale=scale)
        name = f"Set scale of the initial weights to {text.plain(scale, 6)}"
        self._edit(name, after, self._burst.key("scale"))

    def _set_seed(self, seed: int) -> None:
        after = edits.with_network(self.document.project, seed=seed)
        self._edit(f"Set seed of the initial weights to {seed}", after)

    def _set_iterations(self, iterations: int) -> None:
        after = edits.with_training(self.document.project, iterations=iterations)
        name = f"Stop after {text.count(iterations)} iterations" if iterations else "Never stop"
        self._edit(name, after, self._burst.key("iterations"))

    def _explain(self, index: int) -> None:
        """Say what the last edit changed besides what was asked for; going back needs no reason."""
        old, new = self._seen, self.document.project
        forward = index > self._index
        self._seen, self._index = new, index
        if forward and old.data.source == new.data.source:
            sentence = edits.consequence(old, new)
            if sentence:
                self.noted.emit(sentence)

    def _forget(self) -> None:
        self._seen, self._index = self.document.project, self.document.undo_stack.index()

    # --- the run ---------------------------------------------------------------------------------

    def toggle(self) -> None:
        """Play if the run rests, else pause."""
        if self.training.playing:
            self.training.pause()
        else:
            self.training.play()

    def _show_playing(self, playing: bool) -> None:
        word, icon = ("Pause", "pause") if playing else ("Play", "play")
        action = self.actions_by_name["play"]
        self.play_button.setText(word)
        set_icon(self.play_button, icon, "accent_text")
        action.setText(word)
        set_icon(action, icon)
        tip = "Stop training for now" if playing else "Train until paused"
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        for part in (action, self.play_button):
            part.setToolTip(f"{tip} ({keys} or Space)")

    # --- size ------------------------------------------------------------------------------------

    def _fit(self, first: int = 0) -> None:
        """Give up, in a narrow window, first air, then the words on buttons, then the speed."""
        for self._fitted in range(first, len(_FITS)):
            words, speed, gap = _FITS[self._fitted]
            self.reset_button.setText("Reset" if words else "")
            self.step_button.setText("Step" if words else "")
            self.speed.setVisible(speed)
            self._row.setSpacing(gap)
            if self._fits():
                return

    def _fits(self) -> bool:
        return self._row.minimumSize().width() <= self.width()

    def sizeHint(self) -> QSize:
        return QSize(
            _LEAST_WIDTH, self._row.minimumSize().height()
        )  # a tool bar hides what is wide

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest and not self._fits():
            self._fit(self._fitted + 1)  # a number has grown
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.window().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the Space that reached the window: nobody with the focus wanted it."""
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
        painter = QPainter(self)
        painter.fillRect(self.rect(), palette.surface)
        painter.fillRect(0, self.height() - 1, self.width(), 1, palette.border)
        painter.end()


class _Burst:
    """Names one merge key for edits of one thing that follow each other quickly."""

    def __init__(self) -> None:
        self._serial = count(1)
        self._what, self._key = "", ""
        self._since = QElapsedTimer()

    def key(self, what: str) -> str:
        if what != self._what or not self._since.isValid() or self._since.hasExpired(_PAUSE):
            self._what, self._key = what, f"{what} {next(self._serial)}"
        self._since.start()
        return self._key


def _finite(value: float | None, write: Callable[[float], str]) -> str:
    return NOTHING if value is None or not math.isfinite(value) else write(value)


def _next_count(value: int, by: int) -> int:
    return round(step(float(value), by)) if value else max(by, 0)


def _write_limit(iterations: int) -> str:
    return text.count(iterations) if iterations else "never"
