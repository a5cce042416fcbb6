"""The table of all settings: name, description, limits and format of each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from math import inf
from types import MappingProxyType
from typing import Any, Protocol

from core.data.datasets import DATASETS
from core.data.features import FEATURES
from core.data.own import MAX_EXAMPLES
from core.limits import LARGEST, MAX_ITERATIONS, MAX_SEED, MAX_UNITS, known, number, whole
from core.nn.activations import ACTIVATIONS
from core.nn.decay import DECAYS
from core.nn.initializers import INITIALIZERS
from core.nn.losses import LOSSES
from core.nn.optimizers import OPTIMIZERS


class Limits(Protocol):
    """The values that a setting may have."""

    def check(self, where: str, value: Any) -> None:
        """Raise LayerwiseError if the value, found at `where`, is not allowed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Real:
    """Finite numbers from `least` to `most`, without `least` if `above`, without `most` if `below`.

    `allowed` says so in words if the usual form, such as "0 or more", does not fit.
    """

    least: float = 0.0
    most: float = inf
    above: bool = False
    below: bool = False
    allowed: str = ""

    def fits(self, value: float) -> bool:
        """Whether a finite number is allowed."""
        return self._is_low_enough(value) and self._is_high_enough(value)

    def check(self, where: str, value: float) -> None:
        if self.allowed:
            number(where, value, self.fits, self.allowed)
            return
        least = f"greater than {self.least:g}" if self.above else f"{self.least:g} or more"
        number(where, value, self._is_high_enough, least)
        number(where, value, self._is_low_enough, f"of at most {self.most:g}")

    def _is_high_enough(self, value: float) -> bool:
        return value > self.least if self.above else value >= self.least

    def _is_low_enough(self, value: float) -> bool:
        return value < self.most if self.below else value <= self.most


@dataclass(frozen=True, slots=True)
class Whole:
    """Whole numbers from `least` to `most`."""

    least: int
    most: int

    def check(self, where: str, value: int) -> None:
        whole(where, value, self.least, self.most)


@dataclass(frozen=True, slots=True)
class OneOf:
    """The names of a table whose rows have a `label`."""

    table: Mapping[str, Any]

    def check(self, where: str, value: str) -> None:
        known(where, value, self.table)


class Written(Enum):
    """How a value is written for people."""

    NUMBER = auto()
    COUNT = auto()  # 10,000
    SEED = auto()  # 10000
    SHARE = auto()  # 20 %
    CHOICE = auto()  # the label of a row
    FLAG = auto()  # yes or no
    CHOICES = auto()  # the labels of rows
    SHARES = auto()  # 30 : 70 %
    UNITS = auto()  # counted from 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """A setting at a `path` of the project's JSON, where [] stands for any layer.

    `short` is its name on a mark of a curve, `mark` the name of its change in the history of a run,
    `of_hidden` its name for all hidden layers together. `limits` is None if the limits depend on
    other settings and are checked there. `younger` settings were added after the first version of
    the file format, and are left out of a file while at their defaults. `in_run`: a change
    continues the run. `none` and `zero` are words for these values. `worth` are values worth
    trying, in the form that the sweep parses.
    """

    path: str
    label: str
    tip: str
    written: Written = Written.NUMBER
    limits: Limits | None = None
    labels: Mapping[str, Any] | None = None
    short: str = ""
    mark: str = ""
    of_hidden: str = ""
    younger: bool = False
    in_run: bool = False
    none: str = ""
    zero: str = ""
    worth: str = ""

    @property
    def title(self) -> str:
        """Its label as the beginning of a sentence or a row."""
        return begin(self.label)

    @property
    def name(self) -> str:
        """Its field."""
        return self.path.rpartition(".")[2]

    @property
    def choices(self) -> Mapping[str, Any]:
        """The rows whose names it takes; empty if it takes none."""
        return self.limits.table if isinstance(self.limits, OneOf) else self.labels or {}

    @property
    def real(self) -> Real:
        """The limits of a number; raises TypeError if the setting is not one."""
        if not isinstance(self.limits, Real):
            raise TypeError(self.path)
        return self.limits


_BETA = Real(most=1.0, below=True, allowed="0 or more and below 1")
_TO_90 = Real(most=0.9, allowed="from 0 to 0.9")
_NOT_NEGATIVE = Real()
_LAYER, _COUNT = "network.layers[]", Whole(0, MAX_ITERATIONS)

_ROWS = (
    # --- data ------------------------------------------------------------------------------------
    Setting(
        path="data.source",
        label="data set",
        tip="Where the examples come from",
        written=Written.CHOICE,
        labels=DATASETS,
        worth="flower, moons, circles, spirals, xor, gaussians",
    ),
    Setting(
        path="data.examples",
        label="examples",
        tip="Number of examples, m",
        written=Written.COUNT,
        limits=Whole(1, MAX_EXAMPLES),
        worth="50, 100, 200, 400, 800",
    ),
    Setting(
        path="data.noise",
        label="noise",
        tip="How far the examples scatter",
        limits=Real(most=LARGEST),
        worth="0, 0.1, 0.2, 0.4",
    ),
    Setting(
        path="data.seed",
        label="data seed",
        tip="The same seed draws the same examples, as np.random.seed does",
        written=Written.SEED,
        limits=Whole(0, MAX_SEED),
        worth="1, 2, 3, 4, 5",
    ),
    Setting(
        path="data.test_share",
        label="test share",
        tip="Share of the examples kept for testing",
        written=Written.SHARE,
        limits=_TO_90,
        worth="0.1, 0.2, 0.5",
    ),
    Setting(
        path="data.features",
        label="inputs",
        tip="Features of x₁ and x₂ that the network sees",
        written=Written.CHOICES,
        labels=FEATURES,
    ),
    Setting(
        path="data.normalize",
        label="normalized",
        tip="Whether every input has mean 0 and variance 1",
        written=Written.FLAG,
    ),
    Setting(
        path="data.own",
        label="own data",
        tip="What the imported or painted examples are like",
        younger=True,
    ),
    Setting(
        path="data.classes",
        label="classes",
        tip="How many classes the data set has",
        written=Written.COUNT,
        younger=True,
    ),
    Setting(
        path="data.bits",
        label="bits",
        tip="How many bits an example has",
        written=Written.COUNT,
        younger=True,
    ),
    Setting(
        path="data.balance",
        label="shares of the classes",
        tip="The share of each class among the examples",
        written=Written.SHARES,
        younger=True,
    ),
    # --- network ---------------------------------------------------------------------------------
    Setting(
        path="network.layers",
        label="hidden layers",
        tip="Number of hidden layers",
        worth="0, 1, 2, 3, 4",
    ),
    Setting(
        path=f"{_LAYER}.units",
        label="units",
        of_hidden="hidden units",
        tip="Number of units in the layer",
        written=Written.COUNT,
        limits=Whole(1, MAX_UNITS),
        worth="1, 2, 3, 4, 5, 10, 20",
    ),
    Setting(
        path=f"{_LAYER}.activation",
        label="activation",
        of_hidden="hidden activation",
        tip="The function g that makes A of Z",
        written=Written.CHOICE,
        limits=OneOf(ACTIVATIONS),
        worth="sigmoid, tanh, relu",
    ),
    Setting(
        path=f"{_LAYER}.dropout",
        label="dropout",
        tip="The share of a hidden layer's activations that an iteration drops",
        written=Written.SHARE,
        limits=_TO_90,
        mark="dropout",
        younger=True,
        in_run=True,
        worth="0, 0.1, 0.2, 0.5",
    ),
    Setting(
        path=f"{_LAYER}.muted",
        label="muted units",
        tip="Units whose output is 0",
        written=Written.UNITS,
        mark="muted",
        younger=True,
        in_run=True,
    ),
    Setting(
        path=f"{_LAYER}.frozen",
        label="frozen units",
        tip="Units whose weights and bias are not trained",
        written=Written.UNITS,
        mark="frozen",
        younger=True,
        in_run=True,
    ),
    Setting(
        path="network.initializer",
        label="initialization",
        tip="How the weights start: rule, scale and seed",
        written=Written.CHOICE,
        limits=OneOf(INITIALIZERS),
        worth="zeros, normal, xavier, he",
    ),
    Setting(
        path="network.scale",
        label="initial scale",
        tip="What the random numbers are multiplied by",
        limits=Real(above=True, most=LARGEST),
        worth="0.001, 0.01, 0.1, 1, 10",
    ),
    Setting(
        path="network.seed",
        label="weight seed",
        tip="The same seed always gives the same weights",
        written=Written.SEED,
        limits=Whole(0, MAX_SEED),
        worth="1, 2, 3, 4, 5",
    ),
    # --- training --------------------------------------------------------------------------------
    Setting(
        path="training.loss",
        label="loss",
        tip="How the cost of a prediction is computed",
        written=Written.CHOICE,
        limits=OneOf(LOSSES),
        mark="loss",
        in_run=True,
        worth=", ".join(LOSSES),
    ),
    Setting(
        path="training.optimizer",
        label="optimizer",
        tip="How a gradient becomes an update",
        written=Written.CHOICE,
        limits=OneOf(OPTIMIZERS),
        mark="optimizer",
        in_run=True,
        worth=", ".join(OPTIMIZERS),
    ),
    Setting(
        path="training.learning_rate",
        label="learning rate α",
        short="α",
        tip="How far each update goes: W := W − α dW. Changes at once, also midway.",
        limits=Real(above=True),
        mark="learning_rate",
        in_run=True,
        worth="0.01, 0.03, 0.1, 0.3, 1, 3",
    ),
    Setting(
        path="training.decay.form",
        label="learning-rate decay",
        short="decay",
        tip="How the learning rate α gets smaller from epoch to epoch",
        written=Written.CHOICE,
        limits=OneOf(DECAYS),
        mark="decay",
        younger=True,
        in_run=True,
        worth=", ".join(DECAYS),
    ),
    Setting(
        path="training.decay.rate",
        label="decay rate k",
        short="decay k",
        tip="How fast it decays, k in the formula",
        limits=_NOT_NEGATIVE,
        mark="decay_rate",
        younger=True,
        in_run=True,
    ),
    Setting(
        path="training.decay.interval",
        label="decay interval n",
        short="decay n",
        tip="Number of epochs between two reductions, n in the formula",
        written=Written.COUNT,
        limits=Whole(1, MAX_ITERATIONS),
        mark="decay_interval",
        younger=True,
        in_run=True,
    ),
    Setting(
        path="training.batch_size",
        label="mini-batch size",
        short="batch",
        tip="Number of examples per update; 0 uses all of them (full batch)",
        written=Written.COUNT,
        limits=Whole(1, MAX_EXAMPLES),
        none="all",
        mark="batch_size",
        in_run=True,
        worth="8, 32, 128, full",
    ),
    Setting(
        path="training.iterations",
        label="iterations",
        tip="Pause after this many iterations; 0 means never",
        written=Written.COUNT,
        limits=_COUNT,
        in_run=True,
        worth="100, 1000, 10000",
    ),
    Setting(
        path="training.stop.epochs",
        label="epochs to train",
        tip="Pause after this many passes over all examples; 0 means never",
        written=Written.COUNT,
        limits=_COUNT,
        zero="off",
        younger=True,
        in_run=True,
    ),
    Setting(
        path="training.stop.cost",
        label="cost to stop at",
        tip="Pause when the training cost reaches this value; 0 means never",
        limits=_NOT_NEGATIVE,
        zero="off",
        younger=True,
        in_run=True,
    ),
    Setting(
        path="training.stop.seconds",
        label="seconds to train",
        tip="Pause after this many seconds; 0 means never",
        limits=_NOT_NEGATIVE,
        zero="off",
        younger=True,
        in_run=True,
    ),
    Setting(
        path="training.stop.patience",
        label="patience",
        tip=(
            "Early stopping: pause when the test cost has not fallen for this many iterations, "
            "and restore the parameters with the lowest test cost"
        ),
        written=Written.COUNT,
        limits=_COUNT,
        zero="off",
        younger=True,
        in_run=True,
    ),
    Setting(
        path="training.l1",
        label="L1 regularization λ",
        short="L1",
        tip="Adds λ/m · Σ|w| to the cost: pulls weights to zero",
        limits=_NOT_NEGATIVE,
        mark="l1",
        in_run=True,
        worth="0, 0.01, 0.1, 1",
    ),
    Setting(
        path="training.l2",
        label="L2 regularization λ",
        short="L2",
        tip="Adds λ/2m · Σw² to the cost: keeps weights small",
        limits=_NOT_NEGATIVE,
        mark="l2",
        in_run=True,
        worth="0, 0.01, 0.1, 1",
    ),
    Setting(
        path="training.beta1",
        label="β₁",
        tip="The share of the old mean gradient that each update keeps",
        limits=_BETA,
        none="usual",
        mark="beta1",
        younger=True,
        in_run=True,
        worth="0, 0.5, 0.9, 0.99",
    ),
    Setting(
        path="training.beta2",
        label="β₂",
        tip="The share of the old mean squared gradient that each update keeps",
        limits=_BETA,
        none="usual",
        mark="beta2",
        younger=True,
        in_run=True,
        worth="0.9, 0.99, 0.999",
    ),
    Setting(
        path="training.epsilon",
        label="ε",
        tip="Added to the denominator to avoid dividing by 0",
        limits=Real(least=1e-30, allowed="at least 1e-30, so that float32 can hold it"),
        none="usual",
        mark="epsilon",
        younger=True,
        in_run=True,
        worth="1e-8, 1e-4, 0.01",
    ),
    Setting(
        path="training.clip_norm",
        label="gradient clipping norm",
        short="clip at",
        tip="Scales larger gradients down to this norm and keeps their direction; 0 means off",
        limits=_NOT_NEGATIVE,
        zero="off",
        mark="clip_norm",
        younger=True,
        in_run=True,
        worth="0, 0.01, 0.1, 1",
    ),
    Setting(
        path="training.dtype",
        label="precision",
        tip="float32 uses half the memory, with 7 digits instead of 16; a change restarts the run",
        worth="float64, float32",
    ),
)
SETTINGS: Mapping[str, Setting] = MappingProxyType({row.path: row for row in _ROWS})
"""The settings by their paths, in the order in which they are checked."""
MARKS: Mapping[str, Setting] = MappingProxyType({row.mark: row for row in _ROWS if row.mark})
"""The settings whose changes stand in the history of a run, by what they are called there."""
YOUNGER = frozenset(
    part for row in _ROWS if row.younger for part in row.path.split(".")[1:] if "[" not in part
)
"""Fields, and what holds them, that came after the first form of the file."""


def begin(words: str) -> str:
    """Capitalize the beginning of a sentence; a Greek letter is a symbol and stays small."""
    return words[:1].upper() + words[1:] if words[:1].isascii() else words


def setting(path: str) -> Setting | None:
    """The row of a path into the JSON, layers counted there; None if it has none."""
    return SETTINGS.get(re.sub(r"\[\d+\]", "[]", path))


def check_all(group: str, settings: object, where: str = "") -> None:
    """Raise LayerwiseError for the first of these settings outside its limits.

    `group` is the path of their parent; `where` replaces it in the message if the parent is one of
    several.
    """
    for path, row in SETTINGS.items():
        rest = path.removeprefix(f"{group}.")
        if rest == path or row.limits is None or "[" in rest:
            continue
        value: Any = settings
        for name in rest.split("."):
            value = getattr(value, name)
        if value is not None:
            row.limits.check(f"{where or group}.{rest}", value)
