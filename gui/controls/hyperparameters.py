"""The hyperparameter fields of the run bar, and the edits they make."""

from __future__ import annotations

from itertools import count

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from core import edits
from core.by_hand import RunPosition
from core.errors import LayerwiseError
from core.nn.initializers import INITIALIZERS
from core.nn.losses import LOSSES
from core.project import Project
from core.settings import SETTINGS
from gui.controls.initialization import InitializationButton
from gui.controls.optimization import OptimizationButton, name_of_edit
from gui.controls.stopping import StoppingButton, name_of_end
from gui.model.document import Document
from gui.parts import Kind, Named
from gui.style import text
from gui.widgets.captioned import Captioned
from gui.widgets.menu_button import MenuButton
from gui.widgets.number_field import number_field

RATE, SHORT_RATE = SETTINGS["training.learning_rate"].title, "Rate α"
_PAUSE = 1000  # ms; wheel notches and key presses closer than this are one edit


class Hyperparameters(QObject):
    """Shows a project's hyperparameters and edits them; `widgets` are laid out in a row by the
    owner.
    """

    noted = Signal(str)  # why an edit was refused, or what else it changed
    lab_wanted = Signal()  # the starts side by side
    offered = Signal(str, str, object)  # a sentence, the name of an edit, and what makes it

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._burst = _Burst()
        self._epoch, self._compact = 0, False
        self._make_rate_and_loss()
        self._make_popups()
        self.widgets: tuple[QWidget, ...] = (
            self.rate_with_caption,
            self.loss,
            self.optimizer,
            self.initialization,
            self.stopping,
        )
        self._seen, self._index = document.project, document.undo_stack.index()
        document.undo_group.indexChanged.connect(self._explain)
        document.replaced.connect(self._forget)

    def named_parts(self) -> dict[str, Named]:
        """Its fields for the registry, also those in the popups."""
        optimizer, start, end = self.optimizer.popup, self.initialization.popup, self.stopping.popup
        setting = Kind.SETTING
        return {
            "learning_rate": Named(self.rate, RATE, setting),
            "loss": Named(self.loss, _title("training.loss"), setting),
            "optimizer": Named(self.optimizer, _title("training.optimizer"), setting),
            "batch_size": Named(optimizer.batch, _title("training.batch_size"), setting),
            "l1": Named(optimizer.l1, _title("training.l1"), setting),
            "l2": Named(optimizer.l2, _title("training.l2"), setting),
            **{
                name: Named(field, _title(f"training.{name}"), setting)
                for name, field in optimizer.of_optimizer.items()
            },
            "clip_norm": Named(optimizer.clip_norm, _title("training.clip_norm"), setting),
            "decay": Named(optimizer.decay, _title("training.decay.form"), setting),
            "dtype": Named(optimizer.single, self.tr("float32 numbers"), setting),
            "initialization": Named(self.initialization, _title("network.initializer"), setting),
            **{
                f"initialization.{name}": Named(
                    rule, self.tr("Initialization: {rule}").format(rule=rule.text()), setting
                )
                for name, rule in start.rules.items()
            },
            "initialization.lab": Named(start.lab, self.tr("Compare starts in a lab")),
            "scale": Named(start.scale, _title("network.scale"), setting),
            "seed": Named(start.seed, _title("network.seed"), setting),
            "stop": Named(self.stopping, self.tr("Stop after"), setting),
            "iterations": Named(end.iterations, self.tr("Stop after iterations"), setting),
            "epochs": Named(end.epochs, self.tr("Stop after epochs"), setting),
            "stop_cost": Named(end.cost, self.tr("Stop at a cost"), setting),
            "seconds": Named(end.seconds, self.tr("Stop after seconds"), setting),
            "patience": Named(end.patience, self.tr("Stop when the test cost stalls"), setting),
        }

    def show_project(self, project: Project) -> None:
        """Show the hyperparameters of a project."""
        self.rate.set_value(project.training.learning_rate)
        self.loss.set_value(project.training.loss)
        self.initialization.show_project(project)
        self.stopping.show_training(project.training, has_test=project.data.has_test)
        self.optimizer.show_project(project)

    def show_epoch(self, epoch: int) -> None:
        """Show the decayed learning rate of this epoch."""
        self._epoch = epoch
        self._name_rate()

    def show_start(self, standing: RunPosition) -> None:
        """Show the origin of the weights, if they are not drawn from the seed."""
        self.initialization.show_start(standing)

    def set_compact(self, compact: bool) -> None:
        """Use shorter texts if there is little room."""
        if compact != self._compact:
            self._compact = compact
            self._name_rate()
            for part in (self.rate, self.loss, self.optimizer, self.initialization, self.stopping):
                part.set_tight(compact)
            self.rate_with_caption.updateGeometry()

    def _name_rate(self) -> None:
        training = self._document.project.training
        words = SHORT_RATE if self._compact else RATE
        if training.schedule is not None:
            now = f"now {text.plain(training.rate_at(self._epoch), 3)}"
            words = now if self._compact else f"α₀, {now}"
        self.rate_with_caption.set_caption(words)

    def _make_rate_and_loss(self) -> None:
        self.rate = number_field(
            "training.learning_rate", self._document.project.training.learning_rate
        )
        self.rate.setProperty("variant", "flat")
        self.rate.set_tip(SETTINGS["training.learning_rate"].tip)
        self.rate.edited.connect(self._set_rate)
        self.rate.refused.connect(self.noted)
        self.rate_with_caption = Captioned(RATE, self.rate)
        self.loss = MenuButton(self.tr("Loss"), {})
        self.loss.set_choices(
            {name: loss.label for name, loss in LOSSES.items()},
            {name: loss.about for name, loss in LOSSES.items()},
        )
        self.loss.setToolTip(SETTINGS["training.loss"].tip)
        self.loss.chosen.connect(self._set_loss)

    def _make_popups(self) -> None:
        self.optimizer = OptimizationButton(self.tr("Optimizer"))
        self.optimizer.setToolTip(
            self.tr(
                "How a gradient becomes an update: optimizer, β, ε, batch, L1, L2, clipping, decay"
            )
        )
        self.optimizer.popup.edited.connect(self._set_training)
        self.initialization = InitializationButton(self.tr("Initialization"))
        self.initialization.setToolTip(SETTINGS["network.initializer"].tip)
        self.initialization.popup.rule_chosen.connect(self._set_initializer)
        self.initialization.popup.scale_edited.connect(self._set_scale)
        self.initialization.popup.seed_edited.connect(self._set_seed)
        self.initialization.popup.lab_wanted.connect(self.lab_wanted)
        self.stopping = StoppingButton(self.tr("Stop after"))
        self.stopping.popup.edited.connect(self._set_end)
        self.stopping.popup.refused.connect(self.noted)

    # --- edits -----------------------------------------------------------------------------------

    def _edit(self, name: str, after: Project, merge_key: str = "") -> None:
        try:
            self._document.edit(name, after, merge_key)
        except LayerwiseError as error:
            self.show_project(self._document.project)
            self.noted.emit(str(error))

    def _set_rate(self, rate: float) -> None:
        after = edits.with_training(self._document.project, learning_rate=rate)
        name = f"Set {SETTINGS['training.learning_rate'].label} to {text.plain(rate, 6)}"
        self._edit(name, after, self._burst.key("rate"))

    def _set_loss(self, name: str) -> None:
        after = edits.set_loss(self._document.project, name)
        self._edit(self.tr("Set loss to {label}").format(label=LOSSES[name].label.lower()), after)

    def _set_training(self, field: str, value: object) -> None:
        change, _, name = field.rpartition(".")
        edit = edits.with_decay if change == "decay" else edits.with_training
        after = edit(self._document.project, **{name: value})
        self._edit(name_of_edit(field, value), after, self._burst.key(field))

    def _set_initializer(self, name: str) -> None:
        after = edits.with_network(self._document.project, initializer=name)
        self._edit(
            self.tr("Set initialization to {label}").format(label=INITIALIZERS[name].label), after
        )

    def _set_scale(self, scale: float) -> None:
        after = edits.with_network(self._document.project, scale=scale)
        name = f"Set {SETTINGS['network.scale'].label} to {text.plain(scale, 6)}"
        self._edit(name, after, self._burst.key("scale"))

    def _set_seed(self, seed: int) -> None:
        after = edits.with_network(self._document.project, seed=seed)
        self._edit(
            self.tr("Set {label} to {seed}").format(
                label=SETTINGS["network.seed"].label, seed=seed
            ),
            after,
        )

    def _set_end(self, field: str, value: float) -> None:
        if field == "iterations":
            after = edits.with_training(self._document.project, iterations=value)
        else:
            after = edits.with_stop(self._document.project, **{field: value})
        self._edit(name_of_end(field, value), after, self._burst.key(field))

    def _explain(self, index: int) -> None:
        """Say what else the last edit changed; undo needs no reason."""
        old, new = self._seen, self._document.project
        forward = index > self._index
        self._seen, self._index = new, index
        if not forward:
            return
        sentence = edits.consequence(old, new)
        if sentence and old.data.source == new.data.source:
            self.noted.emit(sentence)
        if _rate_is_another_matter(old, new) and (usual := edits.usual_rate(new)):
            rate, why = usual
            words = f"{sentence} {why}".strip()
            name = self.tr("Set α to {}").format(text.plain(rate))
            # After the message about what else the edit changed.
            QTimer.singleShot(
                0, self, lambda: self.offered.emit(words, name, lambda: self._set_rate(rate))
            )

    def _forget(self) -> None:
        self._seen, self._index = self._document.project, self._document.undo_stack.index()


def _title(path: str) -> str:
    return SETTINGS[path].title


def _rate_is_another_matter(old: Project, new: Project) -> bool:
    """Whether an edit kept the learning rate and changed something it must suit."""
    same = old.training.learning_rate == new.training.learning_rate
    suited = [(p.training.optimizer, p.data.source, p.data.own) for p in (old, new)]
    return same and suited[0] != suited[1]


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
