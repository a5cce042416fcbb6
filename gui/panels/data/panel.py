"""The data panel: chooses data set, features, noise, seed and test share."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPoint, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from core import edits
from core.data.datasets import DATASETS, Dataset, DatasetOption
from core.data.examples import Split
from core.data.features import FEATURES
from core.data.numbers import typed
from core.data.presence import what_is_missing
from core.errors import LayerwiseError
from core.project import MAX_SEED, DataSettings, OwnSettings, Project
from core.settings import SETTINGS
from core.training.messages import Snapshot
from gui.model.document import Document
from gui.model.selection import Selection
from gui.model.training import Training
from gui.panels.base import Panel
from gui.panels.data.balance_bar import BalanceField
from gui.panels.data.example_gallery import ExampleGallery
from gui.panels.data.gallery import PAINT, Gallery
from gui.parts import Kind, Named
from gui.style import text
from gui.style.theme import BODY
from gui.widgets import labels
from gui.widgets.buttons import button
from gui.widgets.card import Card
from gui.widgets.flow_layout import FlowLayout
from gui.widgets.rows import in_column
from gui.widgets.scrolled import Scrolled
from gui.widgets.slider_field import SliderField
from gui.widgets.toggle_chip import ToggleChip
from gui.widgets.tooltips import show_tip
from gui.widgets.whole_field import SeedField, read_whole

COUNTS = (
    *(10, 20, 30, 40, 50, 60, 80, 100, 150, 200, 250, 300, 400, 500, 600, 800),
    *(1000, 1500, 2000, 2500, 3000, 4000, 5000),
)
TEST_SHARES = tuple(i / 20 for i in range(11))
RAW = "Off: the network sees the raw features."
_MOST_LINES = 7  # of how each input is normalized


class DataPanel(Panel):
    """The gallery of data sets, and how their examples are drawn, split and fed in."""

    lab_wanted = Signal(object)  # int: a training example that is a picture, to show as a column
    import_requested = Signal()  # own data are wanted
    paint_requested = Signal()

    def __init__(
        self,
        document: Document,
        training: Training,
        selection: Selection,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(document, training, selection, parent)
        self._split: Split | None = None
        self._shown = ""  # in the gallery
        self.gallery = Gallery()
        self.gallery.chosen.connect(self._choose)
        self.pictures = ExampleGallery()
        self.pictures.hide()
        self.pictures.chosen.connect(selection.select_example)
        self.pictures.lab_wanted.connect(self.lab_wanted)
        selection.example_changed.connect(self.pictures.show_example)
        self._make_sliders()
        self._make_features()
        self.normalize = QCheckBox(self.tr("Normalize inputs"))
        self.normalize.setToolTip(
            self.tr(
                "Subtract the mean and divide by the standard deviation of the training examples"
            )
        )
        self.normalize.clicked.connect(self._set_normalize)
        self.normalize_note = labels.caption("", wrap=True)
        self._lay_out()

    def named_parts(self) -> Mapping[str, Named]:
        setting = Kind.SETTING
        named = {
            "examples": Named(self.examples, self.tr("Examples m"), setting),
            "noise": Named(self.noise, self.tr("Noise of the data"), setting),
            "balance": Named(self.balance, self.tr("Class balance"), setting),
            "test_share": Named(self.test_share, SETTINGS["data.test_share"].title, setting),
            "seed": Named(self.seed, SETTINGS["data.seed"].title, setting),
            "normalize": Named(self.normalize, self.tr("Normalize inputs"), setting),
            "import": Named(self.import_button, self.tr("Import data")),
            "lab": Named(self.pictures.lab, self.tr("Open a picture in a lab")),
        }
        for name, tile in self.gallery.tiles.items():
            kind = Kind.CONTROL if name == PAINT else Kind.DATA
            named[name] = Named(tile, tile.text().rstrip("…"), kind)
        for name, chip in self.features.items():
            named[f"feature[{name}]"] = Named(chip, chip.accessibleName(), setting)
        for name, field in self.options.items():
            named[name] = Named(
                field, self.tr("{name} of the data").format(name=field.name), setting
            )
        return named

    def show_project(self, old: Project | None, new: Project) -> None:
        data = new.data
        painted = data.own is not None and data.own.sheet is not None
        name = PAINT if painted else data.source
        if name != self._shown:
            self._shown = name
            self._show_source(name)
        self.examples.set_value(data.m)
        self.noise.set_value(data.noise)
        self.test_share.set_value(data.test_share)
        self._show_options(data)
        self.seed.set_value(data.seed)
        for name, chip in self.features.items():
            chip.setChecked(name in data.features)
        self._feature_box.setVisible(data.on_plane)
        self.normalize.setChecked(data.normalize)
        if data.own is not None:
            self.own_note.setText(
                self.tr("Learning {origin}: {own}").format(
                    origin=data.own.origin, own=own_summary(data.own)
                )
            )

    def _show_source(self, source: str) -> None:
        """Frame the data set and show its settings; own data have no number of examples and no
        noise.
        """
        dataset = DATASETS.get(source)
        self.gallery.set_value(source)
        self.own_note.setVisible(dataset is None)
        self.examples.setEnabled(dataset is not None)
        self.noise.setEnabled(dataset is not None)
        if dataset is not None:
            self.noise.set_values(_grid(*dataset.noise_limits))
            self.examples.set_values([m for m in COUNTS if m <= (dataset.most or m)])

    def _show_options(self, data: DataSettings) -> None:
        """Show the options of only some data sets: the number of classes or bits, and their
        balance.
        """
        dataset = DATASETS.get(data.source)
        for name, field in self.options.items():
            field.setVisible(dataset is not None and data_option(dataset) == name)
            field.set_value(data.options[name])
        self.balance.setVisible(dataset is not None and dataset.balances)
        self.balance.set_value(data.balance, max(data.class_count, 2))

    def show_snapshot(self, snapshot: Snapshot) -> None:
        if snapshot.split is not self._split:
            self._split = snapshot.split
            self.normalize_note.setText(normalization(snapshot.split))
            missing = what_is_missing(snapshot.split)
            self.missing_note.setText(missing)
            self.missing_note.setVisible(bool(missing))
            self._show_pictures(snapshot.split)

    def _show_pictures(self, split: Split) -> None:
        """Show the small gallery of examples if they are pictures, and scroll to it."""
        appears = self.pictures.isHidden()
        self.pictures.setVisible(split.picture is not None)
        if split.picture is not None:
            self.pictures.show_split(split)
            self.pictures.show_example(self.selection.example)
            if appears:
                QTimer.singleShot(0, self, self._bring_pictures)  # once they have their place

    def _bring_pictures(self) -> None:
        self.scroll_area.ensureWidgetVisible(self.pictures, 0, 0)

    # --- parts -----------------------------------------------------------------------------------

    def _make_sliders(self) -> None:
        self.examples = SliderField("Examples m", COUNTS, _write_count, read_whole)
        self.noise = SliderField("Noise", (0.0, 1.0), text.fixed, typed)
        self.test_share = SliderField("Test split", TEST_SHARES, _write_share, _read_share)
        self.examples.setToolTip(self.tr("Number of examples, including those for testing"))
        self.noise.setToolTip(self.tr("How far the examples scatter around their pattern"))
        self.test_share.setToolTip(
            self.tr("Share of the examples kept for testing; the network never learns from them")
        )
        self.examples.edited.connect(self._set_examples)
        self.noise.edited.connect(self._set_noise)
        self.test_share.edited.connect(self._set_test_share)
        self._make_options()
        self.seed = SeedField("Seed", MAX_SEED, SETTINGS["data.seed"].tip)
        self.seed.edited.connect(self._set_seed)

    def _make_options(self) -> None:
        self.options: dict[str, SliderField] = {}
        for dataset in DATASETS.values():
            if (option := dataset.option) is not None:
                low, high = option.limits
                field = SliderField(option.label, range(low, high + 1), _write_count, read_whole)
                field.edited.connect(
                    lambda value, key, option=option: self._set_option(option, int(value), key)
                )
                self.options[option.name] = field
        self.balance = BalanceField("Class balance")
        self.balance.setToolTip(self.tr("Share of each class among the examples"))
        self.balance.edited.connect(self._set_balance)
        self.missing_note = labels.caption("", wrap=True)
        self.missing_note.hide()

    def _make_features(self) -> None:
        self._feature_box = QWidget()
        self.features = {name: ToggleChip(feature.label) for name, feature in FEATURES.items()}
        flow = FlowLayout(gap=5)
        for name, chip in self.features.items():
            chip.setToolTip(
                self.tr("Input feature {python}, a row of A[0]").format(
                    python=FEATURES[name].python
                )
            )
            chip.setAccessibleName(
                self.tr("Input feature {label}").format(label=FEATURES[name].label)
            )
            chip.clicked.connect(lambda on, name=name: self._set_feature(name, on))
            flow.addWidget(chip)
        in_column(
            labels.label(self.tr("Input features"), BODY, tone="muted"),
            flow,
            on=self._feature_box,
            margins=0,
            spacing=6,
        )

    def _lay_out(self) -> None:
        content = QWidget()
        parts: tuple[QWidget, ...] = (
            *(self.gallery, self.pictures, self.examples, *self.options.values(), self.noise),
            *(self.balance, self.missing_note, self.test_share, self.seed),
            *(self._feature_box, self.normalize, self.normalize_note),
        )
        in_column(*parts, None, on=content, margins=0, spacing=10)
        self.scroll_area = Scrolled(content)
        self.card = Card(self.tr("Data"), self)
        self.import_button = button(self.tr("+ Import…"), "link", tip=self.tr("Use your own data"))
        self.own_note = labels.label("", BODY, wrap=True)
        self.card.body.addWidget(self.own_note)
        self.import_button.clicked.connect(self.import_requested)
        self.card.add_header(self.import_button)
        self.card.fill(self, self.scroll_area)

    # --- edits -----------------------------------------------------------------------------------

    def _edit(self, name: str, after: Project, merge_key: str = "") -> None:
        before = self.document.project
        try:
            self.document.edit(name, after, merge_key)
        except LayerwiseError as error:
            self.show_project(None, before)
            self.noted.emit(str(error))
            return
        reason = edits.consequence(before, after)
        if reason:
            self.noted.emit(reason)

    def _choose(self, name: str) -> None:
        if name == PAINT:
            self.gallery.set_value(self._shown)
            self.paint_requested.emit()
            return
        after = edits.choose_source(self.document.project, name)
        self._edit(self.tr("Choose data set {label}").format(label=DATASETS[name].label), after)

    def _set_examples(self, m: float, key: str) -> None:
        after = edits.with_data(self.document.project, examples=int(m))
        self._edit(
            self.tr("Set examples to {examples}").format(examples=text.count(int(m))), after, key
        )

    def _set_noise(self, noise: float, key: str) -> None:
        after = edits.with_data(self.document.project, noise=noise)
        self._edit(self.tr("Set noise to {noise}").format(noise=text.fixed(noise)), after, key)

    def _set_test_share(self, share: float, key: str) -> None:
        after = edits.with_data(self.document.project, test_share=share)
        self._edit(
            self.tr("Set test split to {share}").format(share=_write_share(share)), after, key
        )

    def _set_option(self, option: DatasetOption, value: int, key: str) -> None:
        after = edits.set_option(self.document.project, option.name, value)
        self._edit(
            self.tr("Set {label} to {value}").format(label=option.label.lower(), value=value),
            after,
            key,
        )

    def _set_balance(self, shares: tuple[float, ...], key: str) -> None:
        after = edits.with_data(self.document.project, balance=shares)
        self._edit(
            self.tr("Balance the classes")
            if shares
            else (self.tr("Give all classes the same share")),
            after,
            key,
        )

    def _set_seed(self, seed: int) -> None:
        after = edits.with_data(self.document.project, seed=seed)
        self._edit(
            self.tr("Set {label} to {seed}").format(label=SETTINGS["data.seed"].label, seed=seed),
            after,
        )

    def _set_feature(self, name: str, on: bool) -> None:
        try:
            after = edits.switch_feature(self.document.project, name)
        except LayerwiseError as error:
            chip = self.features[name]
            chip.setChecked(True)
            show_tip(chip.mapToGlobal(QPoint(0, chip.height())), str(error), chip)
            return
        said = (
            self.tr("Switch feature {feature} on")
            if on
            else self.tr("Switch feature {feature} off")
        )
        self._edit(said.format(feature=FEATURES[name].label), after)

    def _set_normalize(self, on: bool) -> None:
        after = edits.with_data(self.document.project, normalize=on)
        self._edit(self.tr("Normalize inputs") if on else self.tr("Do not normalize inputs"), after)


def data_option(dataset: Dataset) -> str:
    """The name of the data set's option besides examples and noise; empty if there is none."""
    return "" if dataset.option is None else dataset.option.name


def own_summary(own: OwnSettings) -> str:
    """A summary of own data: how many of what."""
    inputs = f"{text.count(own.inputs)} input{'s' if own.inputs > 1 else ''}"
    return f"{text.examples(own.examples)}, {inputs}"


def normalization(split: Split) -> str:
    """How each input of this data is normalized, with its own numbers."""
    if split.mean is None or split.std is None:
        return RAW
    names = [FEATURES[name].label if name in FEATURES else name for name in split.names]
    lines = [
        f"{name} := ({name} {'−' if mean >= 0 else '+'} {text.number(abs(mean), 3, sign=False)})"
        f" / {text.number(std, 3, sign=False)}"
        for name, mean, std in zip(names, split.mean[:, 0], split.std[:, 0], strict=True)
    ]
    rest = len(lines) - _MOST_LINES
    more = [f"⋯ and {rest} more"] if rest > 0 else []
    head = "Minus the mean, divided by the standard deviation, both of the training examples:"
    return "\n".join([head, *lines[:_MOST_LINES], *more])


def _grid(low: float, high: float) -> list[float]:
    """A hundred steps over small ranges and about sixty over large ones, all round numbers."""
    step = 0.01 if high - low <= 1 else 0.05
    return [round(low + i * step, 4) for i in range(round((high - low) / step) + 1)]


def _write_count(m: float) -> str:
    return text.count(int(m))


def _write_share(share: float) -> str:
    return text.percent(share, 0) if round(100 * share, 6).is_integer() else text.percent(share)


def _read_share(words: str) -> float:
    """Read `20`, `20 %` or `12.5 %` as a share."""
    return typed(words.strip().removesuffix("%")) / 100
