"""The stopping setting in the run bar, with its popup."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.hyperparameters import MAX_ITERATIONS, StopSettings, TrainingSettings
from gui.style.text import count, plain, seconds
from gui.widgets import labels
from gui.widgets.menu_button import MenuButton
from gui.widgets.number_field import NumberField, number_field, step
from gui.widgets.popup import Popup
from gui.widgets.rows import put
from gui.widgets.whole_field import WholeField

NEVER = "never"


class StoppingButton(MenuButton):
    """Shows when Play stops ("10,000", or "≤ 10,000" if another condition may come first); its
    tooltip has the details, and a popup sets them.
    """

    def __init__(self, caption: str, parent: QWidget | None = None) -> None:
        super().__init__(caption, {}, parent=parent)
        self.popup = StoppingPopup(self)

    def show_training(self, training: TrainingSettings, *, has_test: bool) -> None:
        """Show these settings; without test examples their cost can end nothing."""
        ends = _ends(training)
        words = ends[0] if ends else NEVER
        if len(ends) > 1:
            words = f"≤ {words}" if training.iterations else f"{words} …"
        self.set_choices({"": words})
        said = [f"{ends[0]} iterations", *ends[1:]] if training.iterations else ends
        self.setToolTip(
            self.tr("Training pauses at: {ends}. Click to change.").format(
                ends="; ".join(said) or NEVER
            )
        )
        self.popup.show_training(training, has_test=has_test)

    def open_menu(self) -> None:
        """Open the popup under the button."""
        self.popup.open_under(self)
        self.popup.iterations.setFocus()


class StoppingPopup(Popup):
    """Sets the stopping conditions; the first one met stops the run, and the next Play continues.

    `edited` carries the name of a field of StopSettings, or "iterations", and its new value.
    """

    edited = Signal(str, object)
    refused = Signal(str)  # why a number was not taken

    def __init__(self, parent: QWidget) -> None:
        super().__init__(self.tr("Stop after"), parent)
        self.iterations = _whole("iterations", self.tr("Pause after this many iterations"))
        self.epochs = _whole("epochs", self.tr("Pause after this many epochs"))
        self.cost = _number("cost")
        self.seconds = _number("seconds")
        self.patience = _whole("patience", self.tr("Iterations without a lower test cost"))
        self._fields: dict[str, WholeField | NumberField] = {
            "iterations": self.iterations,
            "epochs": self.epochs,
            "cost": self.cost,
            "seconds": self.seconds,
            "patience": self.patience,
        }
        for name, field in self._fields.items():
            field.edited.connect(lambda value, name=name: self.edited.emit(name, value))
        for number in (self.cost, self.seconds):
            number.refused.connect(self.refused)
        self.add_setting("training.iterations", self.iterations)
        self.add_setting("training.stop.epochs", self.epochs, self.tr("Epochs"))
        self.add_setting("training.stop.cost", self.cost, self.tr("Cost at most"))
        self.add_setting("training.stop.seconds", self.seconds, self.tr("Seconds"))
        self._patience_name = self.add_setting(
            "training.stop.patience", self.patience, self.tr("Test cost not lower for")
        )
        put(
            self.body,
            labels.caption(
                self.tr(
                    "Training pauses at whichever comes first; press Play to continue. 0"
                    " means never."
                )
            ),
        )
        self._no_test = labels.caption(
            self.tr("Early stopping needs test data: set a test split first.")
        )
        self.body.addWidget(self._no_test)

    def show_training(self, training: TrainingSettings, *, has_test: bool) -> None:
        """Show these settings."""
        stop = training.stop
        for name, field in self._fields.items():
            field.set_value(training.iterations if name == "iterations" else getattr(stop, name))
        usable = has_test or stop.patience > 0
        self.patience.setEnabled(usable)
        self._patience_name.setEnabled(usable)
        self._no_test.setVisible(not has_test)


def name_of_end(field: str, value: float) -> str:
    """The name of an edit of a stopping condition: "Stop after 300 iterations"."""
    if not value:
        return {
            "iterations": "Never stop at an iteration",
            "epochs": "Never stop at an epoch",
            "cost": "Never stop at a cost",
            "seconds": "Never stop at a time",
            "patience": "Never stop early",
        }[field]
    return {
        "iterations": f"Stop after {count(int(value))} iterations",
        "epochs": f"Stop after {count(int(value))} epochs",
        "cost": f"Stop at cost {plain(value, 6)}",
        "seconds": f"Stop after {seconds(value)}",
        "patience": f"Stop early, with a patience of {count(int(value))}",
    }[field]


def _ends(training: TrainingSettings) -> list[str]:
    stop: StopSettings = training.stop
    found = [count(training.iterations)] if training.iterations else []
    if stop.epochs:
        found.append(f"{count(stop.epochs)} epochs")
    if stop.cost:
        found.append(f"cost {plain(stop.cost)}")
    if stop.seconds:
        found.append(seconds(stop.seconds))
    if stop.patience:
        found.append(f"{count(stop.patience)} without a lower test cost")
    return found


def _whole(name: str, spoken: str) -> WholeField:
    made = WholeField(spoken, 0, MAX_ITERATIONS, _next_count, _write)
    made.setObjectName(name)
    return made


def _number(name: str) -> NumberField:
    made = number_field(f"training.stop.{name}", 0.0, NEVER)
    made.setObjectName(name)
    return made


def _next_count(value: int, by: int) -> int:
    return round(step(float(value), by)) if value else max(by, 0)


def _write(value: int) -> str:
    return count(value) if value else NEVER
