"""The form of a sweep: what to vary, by hand or from a preset, checked while typing."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from core.errors import LayerwiseError
from core.project import Project, check
from core.sweep.keys import KEYS, show, with_value
from core.sweep.plan import Plan, SweepAxis, axis_of, check_size
from core.sweep.presets import PRESETS
from core.sweep.workers import MAX_WORKERS, default_count
from gui.files.open_save import default_name
from gui.model.document import Document
from gui.style import text
from gui.style.theme import sized
from gui.widgets import labels
from gui.widgets.buttons import button
from gui.widgets.captioned import Captioned
from gui.widgets.card import Card
from gui.widgets.menu_button import MenuButton
from gui.widgets.rows import in_row, put
from gui.widgets.whole_field import WholeField

WIDTH = 320
MOST_SEEDS = 100
TRIED = 200  # values of a key that are each checked while typing; the rest at the start
NOTHING = ""  # the key of "nothing more"
BY_HAND = ""  # the key of no preset


class _Varied(QWidget):
    """A key and its values."""

    changed = Signal()

    def __init__(self, caption: str, first: str, optional: bool) -> None:
        super().__init__()
        choices = {NOTHING: self.tr("nothing more")} if optional else {}
        choices |= {key: entry.label for key, entry in KEYS.items()}
        self.key = MenuButton(caption, choices, first)
        self.values = QLineEdit()
        self.values.setAccessibleName(self.tr("Values, separated by commas"))
        self.values.setToolTip(self.tr("Values, separated by commas"))
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.key, 0, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.values, 1, 0)
        self.key.chosen.connect(self._suggest)
        self.values.textChanged.connect(self.changed)
        self._suggest(first)

    def axis(self) -> SweepAxis | None:
        """The varied axis; raises LayerwiseError naming the error."""
        key = self.key.value
        return None if key == NOTHING else axis_of(key, self.values.text())

    def show_axis(self, axis: SweepAxis | None) -> None:
        self.key.set_value(axis.key if axis else NOTHING)
        self.values.setText(", ".join(map(show, axis.values)) if axis else "")
        self.values.setVisible(axis is not None)

    def _suggest(self, key: str) -> None:
        self.values.setText(KEYS[key].suggested if key in KEYS else "")
        self.values.setVisible(key in KEYS)
        self.changed.emit()


class Form(Card):
    """`plan()` is the chosen plan; emits `started` to start it."""

    started = Signal()
    preset_chosen = Signal(str)  # its key in PRESETS

    def __init__(self, document: Document) -> None:
        super().__init__(self.tr("Sweep"))
        self._document = document
        self._base: Project | None = None  # of a preset that brings its own
        self._busy = False
        self._make_fields()
        self._lay_out()
        document.changed.connect(self._check)
        self._check()

    # --- parts -----------------------------------------------------------------------------------

    def _make_fields(self) -> None:
        choices = {BY_HAND: self.tr("choose by hand")}
        choices |= {name: preset.label for name, preset in PRESETS.items()}
        self.preset = MenuButton(self.tr("Preset"), choices, BY_HAND)
        self.preset.set_choices(choices, {name: preset.says for name, preset in PRESETS.items()})
        self.preset.chosen.connect(self.choose_preset)
        self.says = labels.caption("", wrap=True)
        self.first = _Varied(self.tr("Vary"), "learning_rate", optional=False)
        self.second = _Varied(self.tr("combined with"), NOTHING, optional=True)
        for varied in (self.first, self.second):
            varied.changed.connect(self._check)
        self.seeds = WholeField(self.tr("Seeds"), 1, MOST_SEEDS)
        self.seeds.set_value(3)
        self.seeds.setToolTip(
            self.tr("Repeats per setting; each repeat uses the next weight seed and data seed")
        )
        self.seeds.edited.connect(self._check)
        self.workers = WholeField(self.tr("Processes"), 1, MAX_WORKERS)
        self.workers.set_value(default_count())
        self.workers.setToolTip(self.tr("Parallel workers (run at low priority)"))
        self.cluster = QLineEdit()
        self.cluster.setPlaceholderText(self.tr("tcp://host:8786, or none"))
        self.cluster.setToolTip(
            self.tr("Scheduler of a Dask cluster that you trust, instead of local processes")
        )
        self.cluster.textChanged.connect(self._check)
        self.base = labels.caption("", wrap=True)
        self.use_window = button(self.tr("Vary the project in the window"), "link")
        self.use_window.clicked.connect(self._use_window)
        self.summary = labels.label("", 13, wrap=True)
        self.start = button(self.tr("Start"), "primary", "play")
        self.start.setToolTip(self.tr("Start the sweep (Ctrl+Return)"))
        self.start.setShortcut("Ctrl+Return")
        self.start.clicked.connect(self.started)
        for made in (self.use_window, self.start):
            made.setAutoDefault(False)

    def _lay_out(self) -> None:
        sized(self, "setFixedWidth", WIDTH)
        body = self.body
        put(body, self.preset, self.says, 4, self.first, self.second, 4)
        row = in_row(
            Captioned(self.tr("Seeds"), self.seeds),
            Captioned(self.tr("Processes"), self.workers),
            spacing=8,
        )
        put(
            body,
            row,
            Captioned(self.tr("Dask cluster"), self.cluster),
            4,
            self.base,
            (self.use_window, 0, Qt.AlignmentFlag.AlignLeft),
            None,
            self.summary,
            self.start,
        )

    # --- choices --------------------------------------------------------------------------

    def plan(self) -> Plan:
        """The chosen plan, with checked values; raises LayerwiseError naming the error."""
        axes = tuple(axis for axis in (self.first.axis(), self.second.axis()) if axis is not None)
        if len({axis.key for axis in axes}) < len(axes):
            raise LayerwiseError(f"{axes[0].key} is varied twice: choose another second one.")
        project = self._base or self._document.project
        plan = Plan(project, axes, self.seeds.value)
        check_size(plan)
        for axis in axes:
            for value in axis.values[:TRIED]:
                _check_value(project, axis, value)
        return plan

    def choose_preset(self, name: str) -> None:
        """Show a preset's plan, without starting it."""
        if name not in PRESETS:
            self._use_window()
            return
        self.preset.set_value(name)
        project = self._document.project
        plan = PRESETS[name].plan(project)
        self._base = None if plan.project == project else plan.project
        self.first.show_axis(plan.axes[0])
        self.second.show_axis(plan.axes[1] if len(plan.axes) > 1 else None)
        self.seeds.set_value(plan.seeds)
        self._check()
        self.preset_chosen.emit(name)

    def set_busy(self, busy: bool) -> None:
        """Set whether a sweep is running, so that none can be started."""
        self._busy = busy
        for field in (
            *(self.preset, self.first, self.second, self.seeds, self.workers, self.cluster),
            self.use_window,
        ):
            field.setEnabled(not busy)
        self._check()

    def _use_window(self) -> None:
        self._base = None
        self.preset.set_value(BY_HAND)
        self._check()

    def _check(self, *_: object) -> None:
        """Say what the sweep will run, or why it cannot."""
        name = self.preset.value
        self.says.setText(PRESETS[name].says if name in PRESETS else "")
        self.says.setVisible(name in PRESETS)
        varied = default_name(self._base or self._document.project)
        own = self.tr("This preset uses its own project, {}.").format(varied)
        mine = self.tr("This sweep varies the project in the window, {}.").format(varied)
        self.base.setText(own if self._base else mine)
        self.use_window.setVisible(self._base is not None)
        try:
            self._say(self._summary(self.plan()), "")
        except LayerwiseError as error:
            self._say(str(error), "error")

    def _summary(self, plan: Plan) -> str:
        total = check_size(plan)
        where = self.cluster.text().strip()
        count = f"{text.count(total)} run{'s' if total > 1 else ''}"
        return f"{count} on {where}" if where else count

    def _say(self, sentence: str, tone: str) -> None:
        labels.set_tone(self.summary, tone)
        self.summary.setText(sentence)
        self.start.setEnabled(not self._busy and not tone)


def _check_value(project: Project, axis: SweepAxis, value: object) -> None:
    assert value is None or isinstance(value, bool | int | float | str)
    try:
        check(with_value(project, axis.key, value))
    except LayerwiseError as error:
        text_ = str(error)
        said = f"{axis.key}={show(value)}"
        raise LayerwiseError(
            text_ if text_.startswith(said) else f"{said} cannot be used: {text_}"
        ) from None
