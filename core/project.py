"""The project: frozen values of the network, its data and its training."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Literal

import msgspec
import numpy as np

from core import settings
from core.data.datasets import DATASETS, DataKind
from core.data.examples import check_balance
from core.data.features import FEATURES
from core.data.own import MAX_EXAMPLES, MAX_NUMBERS, OwnData
from core.data.sheet import Sheet, check_sheet
from core.errors import LayerwiseError
from core.hyperparameters import TrainingSettings, check_training
from core.layers import MAX_LAYERS as MAX_LAYERS
from core.layers import MAX_SEED as MAX_SEED
from core.layers import MAX_UNITS as MAX_UNITS
from core.layers import LayerSettings as LayerSettings
from core.layers import NetworkSettings as NetworkSettings
from core.layers import check_network
from core.limits import clip, known, whole
from core.nn.activations import ACTIVATIONS
from core.nn.cache import bytes_needed
from core.nn.losses import LOSSES
from core.nn.network import check_output

VERSION = 1
YOUNGER = settings.YOUNGER | {"sheet"}
"""Fields that came after the first form of the file: a project without them is written without."""
OWN = "own"
"""The source of data that no formula draws."""
MEMORY_BUDGET = 4 * 2**30  # bytes one run may take for its parameters and its passes


class OwnSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The description of own data; the data are stored next to the project and identified by
    `digest`.

    `examples` counts all examples, `test_examples` those of an imported test set; `inputs` are the
    rows of X, `outputs` those of Y. `origin` says where the data are from. `sheet` is the area that
    points were painted on, if any.
    """

    digest: str
    examples: int
    inputs: int
    outputs: int
    kind: DataKind
    test_examples: int = 0
    origin: str = ""
    sheet: Sheet | None = None


def describe(own: OwnData) -> OwnSettings:
    """The description of these data for a project."""
    return OwnSettings(
        digest=own.digest,
        examples=own.m,
        inputs=len(own.X),
        outputs=len(own.Y),
        kind=own.kind,
        test_examples=own.test_examples,
        origin=own.origin,
        sheet=own.sheet,
    )


class DataSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The choice of examples: drawn from `source` with RandomState(seed), in the course's order.

    For the source "own", which alone has `own`, `examples` and `noise` have no meaning. `classes`
    belongs to "blobs", `bits` to "parity". `balance` is the share of each class if the classes are
    not drawn as evenly as in the course.
    """

    source: str = "flower"
    examples: int = 400
    noise: float = 0.2
    seed: int = 1
    test_share: float = 0.0
    features: tuple[str, ...] = ("x1", "x2")
    normalize: bool = False
    own: OwnSettings | None = None
    classes: int = 4
    bits: int = 4
    balance: tuple[float, ...] = ()

    @property
    def options(self) -> dict[str, int]:
        """The extra options of the data set, by name, besides examples and noise."""
        return {"classes": self.classes, "bits": self.bits}

    @property
    def _sizes(self) -> tuple[int, int]:
        """The rows of X and of Y, before features are computed."""
        if self.own is not None:
            return self.own.inputs, self.own.outputs
        dataset = DATASETS[self.source]
        option = dataset.option
        return dataset.sizes(None if option is None else self.options[option.name])

    @property
    def raw_inputs(self) -> int:
        """The inputs of an example before features are computed."""
        return self._sizes[0]

    @property
    def outputs(self) -> int:
        """How many numbers a label has: the rows of Y."""
        return self._sizes[1]

    @property
    def kind(self) -> DataKind:
        """The kind of the labels."""
        return DATASETS[self.source].kind if self.own is None else self.own.kind

    @property
    def class_count(self) -> int:
        """How many classes the labels are of; 0 for real numbers."""
        return {"binary": 2, "regression": 0, "classes": self.outputs}[self.kind]

    @property
    def on_plane(self) -> bool:
        """Whether examples are points (x1, x2), which features need."""
        return self.raw_inputs == 2

    @property
    def inputs(self) -> int:
        """n[0]: one per feature or, if data are not points of a plane, their number of inputs."""
        return len(self.features) if self.on_plane else self.raw_inputs

    @property
    def m(self) -> int:
        """How many examples there are, those for testing included."""
        return self.examples if self.own is None else self.own.examples

    @property
    def has_test(self) -> bool:
        """Whether some of the examples are for testing."""
        return self.test_share > 0 or (self.own is not None and self.own.test_examples > 0)


class Project(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The value that is edited, undone, saved and sent to the training thread; edits make a new
    one.
    """

    data: DataSettings = DataSettings()
    network: NetworkSettings = NetworkSettings()
    training: TrainingSettings = TrainingSettings()

    @property
    def activations(self) -> tuple[str, ...]:
        """The names of the activations of layers 1..L."""
        return tuple(layer.activation for layer in self.network.layers)

    @property
    def keep(self) -> dict[int, float]:
        """The layers l that drop activations, with the probability of keeping one: 1 - dropout."""
        layers = enumerate(self.network.layers, start=1)
        return {l: round(1.0 - layer.dropout, 12) for l, layer in layers if layer.dropout}

    @property
    def muted(self) -> dict[int, tuple[int, ...]]:
        """The muted units of the layers that have some."""
        layers = enumerate(self.network.layers, start=1)
        return {l: layer.muted for l, layer in layers if layer.muted}

    @property
    def frozen(self) -> dict[int, tuple[int, ...]]:
        """The frozen units of the layers that have some."""
        layers = enumerate(self.network.layers, start=1)
        return {l: layer.frozen for l, layer in layers if layer.frozen}

    def sizes(self, inputs: int | None = None) -> tuple[int, ...]:
        """n[0]..n[L]; n[0] comes from the data, or is `inputs` for own data."""
        n_x = self.data.inputs if inputs is None else inputs
        return (n_x, *(layer.units for layer in self.network.layers))


class _File(Project, frozen=True, kw_only=True, forbid_unknown_fields=True):
    format: Literal["layerwise"] = "layerwise"
    version: int = VERSION


class _Header(msgspec.Struct, frozen=True):
    format: Literal["layerwise"]
    version: int


def encode(project: Project) -> bytes:
    """The project as JSON (DESIGN §7), UTF-8, indented, ending in a newline."""
    written = _written(project)
    assert isinstance(written, dict)
    file = {"format": "layerwise", "version": VERSION, **written}
    return msgspec.json.format(msgspec.json.encode(file), indent=2) + b"\n"


_fields = cache(msgspec.structs.fields)  # slow: it evaluates every annotation


def _written(value: object) -> object:
    """Settings as plain values, without the younger fields that are at their defaults."""
    if isinstance(value, tuple):
        return [_written(part) for part in value]
    if not isinstance(value, msgspec.Struct):
        return value
    parts = [(field, getattr(value, field.name)) for field in _fields(type(value))]
    return {
        field.name: _written(part)
        for field, part in parts
        if field.name not in YOUNGER or part != field.default
    }


def decode(text: bytes) -> Project:
    """The project that JSON text describes, checked; raises LayerwiseError with what and where."""
    text = text.removeprefix(b"\xef\xbb\xbf")
    try:
        header = msgspec.json.decode(text, type=_Header)
        if header.version > VERSION:
            raise LayerwiseError(
                f"The project was written by a newer Layerwise (version {clip(str(header.version))}"
                f" of the format; this one reads up to {VERSION}): update Layerwise to open it."
            )
        file = msgspec.json.decode(text, type=_File)
        if header.version < 1:
            raise ValueError(f"version is {clip(str(header.version))} and not {VERSION}")
        refuse_duplicates(text)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise LayerwiseError(f"This is not a Layerwise project: {_plain(error)}.") from None
    project = Project(data=file.data, network=file.network, training=file.training)
    check(project)
    return project


def refuse_duplicates(text: bytes) -> None:
    """Raise ValueError if JSON that `msgspec` has accepted gives a key twice: it takes the last."""

    def once(pairs: list[tuple[str, object]]) -> None:
        seen = set()
        for key, _ in pairs:
            if key in seen:
                raise ValueError(f"it says {clip(key)!r} twice")
            seen.add(key)

    json.loads(text, object_pairs_hook=once)


def _plain(error: Exception) -> str:
    """The reason msgspec gives, with the JSON path as a user would write it."""
    text = clip(str(error).rstrip("."), 200)
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return re.sub(r" - at `\$\.?([^`]*)`", lambda at: f" at {at[1] or 'the top level'}", text)


def check(project: Project) -> None:
    """Raise LayerwiseError for the first value outside its limits, before anything is allocated."""
    _check_data(project.data)
    check_network(project.network)
    check_training(project.training)
    check_output(project.training.loss, project.activations[-1])
    check_memory(project.sizes(), project.data.m, project.training.dtype)


def _check_data(data: DataSettings) -> None:
    _check_source(data)
    _check_options(data)
    settings.check_all("data", data)
    if not data.features:
        raise LayerwiseError("data.features is empty: choose at least one input feature.")
    for i, name in enumerate(data.features):
        known(f"data.features[{i}]", name, FEATURES)
        if name in data.features[:i]:
            raise LayerwiseError(f"data.features names {name} twice: remove one.")


def _check_source(data: DataSettings) -> None:
    own = data.own
    if own is None:
        known("data.source", data.source, DATASETS)
        return
    if data.source != OWN:
        raise LayerwiseError(f"data.own belongs to the source {OWN!r}: remove one of the two.")
    whole("data.own.examples", own.examples, 1, MAX_EXAMPLES)
    whole("data.own.inputs", own.inputs, 1, MAX_NUMBERS // own.examples)
    whole("data.own.outputs", own.outputs, 1, MAX_UNITS)
    whole("data.own.test_examples", own.test_examples, 0, own.examples - 1)
    if own.sheet is not None:
        check_sheet(own.sheet)
        whole("data.own.inputs", own.inputs, 2, 2)
    if re.fullmatch(r"[0-9a-f]{32}", own.digest) is None:
        raise LayerwiseError(f"data.own.digest is {clip(own.digest)!r}: use 32 digits 0-9a-f.")


def _check_options(data: DataSettings) -> None:
    dataset = DATASETS.get(data.source)
    for each in DATASETS.values():
        if each.option is not None:
            whole(f"data.{each.option.name}", data.options[each.option.name], *each.option.limits)
    if dataset is not None and dataset.most is not None and data.examples > dataset.most:
        raise LayerwiseError(
            f"data.examples is {data.examples:,} and {dataset.label} has {dataset.most:,}: use at"
            f" most {dataset.most:,}."
        )
    if data.balance and dataset is None:
        raise LayerwiseError("data.balance is of data that are drawn: own data are as they are.")
    if data.balance and dataset is not None:
        check_balance(dataset, data.balance, data.options)


def check_labels(project: Project) -> None:
    """Raise LayerwiseError if the labels of these data do not fit the output layer and the loss.

    `check` does not test this: only a run knows its labels, and checks them too (`core.training`).
    """
    data, kind = project.data, project.data.kind
    units, activation = project.network.layers[-1].units, project.activations[-1]
    if units != data.outputs:
        raise LayerwiseError(
            f"The output layer has {units:,} units and the labels have {data.outputs:,} rows: give"
            f" the output layer {data.outputs:,} units."
        )
    loss = LOSSES[project.training.loss]
    if not loss.of_classes:
        return
    if kind == "regression" and data.own is None:
        raise LayerwiseError(
            f"{loss.label} needs labels 0 or 1, and these are real numbers: use a linear output"
            " with squared error."
        )
    g = ACTIVATIONS[activation]
    if not g.elementwise and kind != "classes":
        raise LayerwiseError(
            f"{g.label.capitalize()} needs exactly one 1 in each column of Y, and these labels are"
            " not of several classes: use sigmoid outputs."
        )


def check_memory(sizes: tuple[int, ...], m: int, dtype: str) -> None:
    """Raise LayerwiseError if training on m examples needs more than MEMORY_BUDGET bytes."""
    need = bytes_needed(sizes, m, np.dtype(dtype))
    if (total := sum(need.values())) > MEMORY_BUDGET:
        largest = max(need, key=lambda l: need[l])
        raise LayerwiseError(
            f"This needs {total:,} bytes of memory, {need[largest]:,} of them for layer {largest},"
            f" and the limit is {MEMORY_BUDGET:,}: use fewer units there, fewer examples, or"
            " float32."
        )
