"""The optimizer setting in the run bar, with its popup."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QRadioButton, QWidget

from core.data.own import MAX_EXAMPLES
from core.hyperparameters import MAX_ITERATIONS, TrainingSettings
from core.nn.decay import DECAYS, Decay
from core.nn.optimizers import OPTIMIZERS
from core.project import Project
from core.settings import SETTINGS
from gui.style.text import count, plain
from gui.widgets import labels
from gui.widgets.menu_button import MenuButton
from gui.widgets.number_field import NumberField, number_field, step
from gui.widgets.popup import Popup
from gui.widgets.rows import put
from gui.widgets.whole_field import WholeField

FULL_BATCH = SETTINGS["training.batch_size"].none
_OF_OPTIMIZER = tuple(dict.fromkeys(name for kind in OPTIMIZERS.values() for name in kind.usual))


class OptimizationButton(MenuButton):
    """Shows optimizer and batch ("Adam · 64"); opens a popup with all that shapes an update."""

    def __init__(self, caption: str, parent: QWidget | None = None) -> None:
        super().__init__(caption, {}, parent=parent)
        self.popup = OptimizationPopup(self)

    def show_project(self, project: Project) -> None:
        """Show the training settings of a project."""
        batch = project.training.batch_size
        of_batch = "" if batch is None else f" · {count(batch)}"
        self.set_choices({key: kind.label + of_batch for key, kind in OPTIMIZERS.items()})
        self.set_value(project.training.optimizer)
        self.popup.show_training(project.training, project.data.m)

    def open_menu(self) -> None:
        """Open the popup under the button."""
        self.popup.open_under(self)
        self.popup.focus_optimizer()


class OptimizationPopup(Popup):
    """Chooses optimizer and its settings, batch, regularization, clipping, decay and precision.

    `edited` carries the name of a field of TrainingSettings and its new value.
    """

    edited = Signal(str, object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(self.tr("Updates"), parent)
        self.optimizers = {key: QRadioButton(kind.label) for key, kind in OPTIMIZERS.items()}
        for key, choice in self.optimizers.items():
            choice.setToolTip(OPTIMIZERS[key].about)
            choice.clicked.connect(lambda _on=False, key=key: self.edited.emit("optimizer", key))
            self.body.addWidget(choice)
        self.batch = WholeField(
            SETTINGS["training.batch_size"].label,
            0,
            MAX_EXAMPLES,
            _next_batch,
            lambda n: count(n) if n else FULL_BATCH,
        )
        self.batch.edited.connect(lambda n: self.edited.emit("batch_size", n or None))
        self._make_numbers()
        self._make_decay()
        self.single = QCheckBox(self.tr("float32 numbers"))
        self.single.setToolTip(SETTINGS["training.dtype"].tip)
        self.single.clicked.connect(
            lambda on: self.edited.emit("dtype", "float32" if on else "float64")
        )
        self._captions = {
            name: self.add_setting(f"training.{name}", field)
            for name, field in self.of_optimizer.items()
        }
        self.add_setting("training.batch_size", self.batch)
        self.whole_batch = labels.caption("")
        self.body.addWidget(self.whole_batch)
        self.add_setting("training.l1", self.l1)
        self.add_setting("training.l2", self.l2)
        self.add_setting("training.clip_norm", self.clip_norm)
        self._lay_out_decay()
        put(
            self.body,
            self.single,
            labels.caption(self.tr("Each change takes effect at once, also during a run.")),
        )

    def _make_numbers(self) -> None:
        self._usual: Mapping[str, float] = {}
        self.of_optimizer = {name: self._optimizer_field(name) for name in _OF_OPTIMIZER}
        self.clip_norm = number_field("training.clip_norm", 0.0)
        self.clip_norm.edited.connect(lambda value: self.edited.emit("clip_norm", value))
        self.l1 = number_field("training.l1", 0.0)
        self.l1.edited.connect(lambda value: self.edited.emit("l1", value))
        self.l2 = number_field("training.l2", 0.0)
        self.l2.edited.connect(lambda value: self.edited.emit("l2", value))

    def _make_decay(self) -> None:
        self.decay = MenuButton("", {})
        self.decay.set_choices(
            {key: decay.label for key, decay in DECAYS.items()},
            {key: _tip_of(decay) for key, decay in DECAYS.items()},
        )
        self.decay.setAccessibleName(SETTINGS["training.decay.form"].title)
        self.decay.chosen.connect(lambda key: self.edited.emit("decay.form", key))
        self.decay_rate = number_field("training.decay.rate", 1.0)
        self.decay_rate.edited.connect(lambda value: self.edited.emit("decay.rate", value))
        spoken = SETTINGS["training.decay.interval"].title
        self.interval = WholeField(spoken, 1, MAX_ITERATIONS, _next_interval)
        self.interval.edited.connect(lambda n: self.edited.emit("decay.interval", n))

    def _lay_out_decay(self) -> None:
        self.add_setting("training.decay.form", self.decay)
        self._rate_name = self.add_setting("training.decay.rate", self.decay_rate)
        self._interval_name = self.add_setting("training.decay.interval", self.interval)
        self.formula = labels.caption("")
        self.body.addWidget(self.formula)

    def show_training(self, training: TrainingSettings, m: int) -> None:
        """Show these settings of a run on m examples."""
        too_large = training.batch_size is not None and training.batch_size >= m
        self.whole_batch.setVisible(too_large)
        self.whole_batch.setText(
            self.tr("There are {examples}; every iteration uses all of them.").format(
                examples=count(m)
            )
        )
        self.optimizers[training.optimizer].setChecked(True)
        self.batch.set_value(training.batch_size or 0)
        self._show_optimizer(training)
        self.clip_norm.set_value(training.clip_norm)
        self.l1.set_value(training.l1)
        self.l2.set_value(training.l2)
        self.single.setChecked(training.dtype == "float32")
        self._show_decay(training)

    def _optimizer_field(self, name: str) -> NumberField:
        """A field for a setting of only some optimizers; the usual value is stored as None."""
        field = number_field(f"training.{name}", 0.0)
        field.edited.connect(
            lambda value: self.edited.emit(name, None if value == self._usual.get(name) else value)
        )
        return field

    def _show_optimizer(self, training: TrainingSettings) -> None:
        """Show the settings that the optimizer has, and no others."""
        self._usual = OPTIMIZERS[training.optimizer].usual
        for name, field in self.of_optimizer.items():
            has = name in self._usual
            for part in (self._captions[name], field):
                part.setVisible(has)
            if has:
                field.set_value(training.optimizer_settings[name])
                tip = SETTINGS[f"training.{name}"].tip
                field.set_tip(f"{tip}. Usually {plain(self._usual[name])}.")

    def _show_decay(self, training: TrainingSettings) -> None:
        schedule, decay = training.schedule, DECAYS[training.decay.form]
        self.decay.set_value(training.decay.form)
        self.decay_rate.set_value(training.decay.rate)
        self.interval.set_value(training.decay.interval)
        for part in (self._rate_name, self.decay_rate, self.formula):
            part.setVisible(schedule is not None)
        for part in (self._interval_name, self.interval):
            part.setVisible(decay.has_interval)
        if schedule is not None:
            self.formula.setText(f"α = {schedule.text('epoch')}")
            self.formula.setToolTip(self.tr("From {source}").format(source=decay.source))
        if self.isVisible():
            self.adjustSize()

    def focus_optimizer(self) -> None:
        """Put the keyboard on the optimizer in force."""
        next(choice for choice in self.optimizers.values() if choice.isChecked()).setFocus()


def name_of_edit(field: str, value: object) -> str:
    """The name of an edit by one of these fields: "Set mini-batch size to 64"."""
    label = SETTINGS[f"training.{field}"].label
    match field, value:
        case "optimizer", str(key):
            return f"Set {label} to {OPTIMIZERS[key].label}"
        case "batch_size", None:
            return "Train on the full batch"
        case _, None:
            return f"Set {label} to its usual value"
        case "decay.form", str(key) if not DECAYS[key].decays:
            return "Keep the learning rate"
        case "decay.form", str(key):
            return f"Let the learning rate decay by {DECAYS[key].label}"
        case "dtype", _:
            return f"Compute in {value}"
        case _, int(whole):
            return f"Set {label} to {count(whole)}"
        case _, float(number):
            return f"Set {label} to {plain(number, 6)}"
        case _:
            raise ValueError(field)


def _tip_of(decay: Decay) -> str:
    """The formula of a decay, and its source."""
    formula = decay.text.format(a="α₀", k="k", n="n", t="epoch")
    return f"α = {formula}, from {decay.source}" if decay.source else "α stays as it is"


def _next_interval(interval: int, by: int) -> int:
    return max(1, round(step(float(interval), by)))


def _next_batch(size: int, by: int) -> int:
    """Powers of two; below 1 is the full batch."""
    for _ in range(abs(by)):
        size = max(1, size * 2) if by > 0 else size // 2
    return min(size, MAX_EXAMPLES)
