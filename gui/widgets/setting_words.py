"""In which settings projects differ, in words: each by its name, its values as they are read."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.data.datasets import DATASETS
from core.data.features import FEATURES
from core.limits import clip
from core.nn.activations import ACTIVATIONS
from core.nn.decay import DECAYS
from core.nn.initializers import INITIALIZERS
from core.nn.losses import LOSSES
from core.nn.optimizers import OPTIMIZERS
from core.project import LayerSettings, OwnSettings, Project
from core.runs import differences
from gui.style import text

SAME = "same settings"
NONE = "–"  # a setting that means nothing there
_NAMES = {
    "data.source": "data set",
    "data.examples": "examples",
    "data.noise": "noise",
    "data.seed": "seed of the examples",
    "data.test_share": "test share",
    "data.features": "inputs",
    "data.normalize": "normalized",
    "data.classes": "classes",
    "data.bits": "bits",
    "data.balance": "shares of the classes",
    "network.initializer": "initialization",
    "network.scale": "initial scale",
    "network.seed": "seed of the weights",
    "training.loss": "loss",
    "training.optimizer": "optimizer",
    "training.learning_rate": "learning rate",
    "training.decay.form": "decay",
    "training.decay.rate": "decay k",
    "training.decay.interval": "decay n",
    "training.batch_size": "batch size",
    "training.iterations": "iterations to train",
    "training.stop.epochs": "epochs to train",
    "training.stop.cost": "cost to stop at",
    "training.stop.seconds": "seconds to train",
    "training.stop.patience": "patience",
    "training.l1": "L1",
    "training.l2": "L2",
    "training.dtype": "precision",
}
_LABELS = {
    "source": {name: dataset.label for name, dataset in DATASETS.items()} | {"own": "your own"},
    "initializer": {name: each.label for name, each in INITIALIZERS.items()},
    "loss": {name: each.label for name, each in LOSSES.items()},
    "optimizer": {name: each.label for name, each in OPTIMIZERS.items()},
    "form": {name: each.label for name, each in DECAYS.items()},
    "activation": {name: each.label for name, each in ACTIVATIONS.items()},
}
_OF_LAYER = re.compile(r"network\.layers\[(\d+)\]\.(\w+)")
_UNITS = {"muted": "muted units", "frozen": "frozen units"}
_SHARES = ("test_share", "dropout")


@dataclass(frozen=True, slots=True)
class Difference:
    """A setting, and what it is in each of the projects."""

    name: str
    values: tuple[str, ...]


def differing(projects: Sequence[Project]) -> tuple[Difference, ...]:
    """The settings in which the projects differ, of those that mean something, in their order."""
    found = []
    deep = len({len(project.network.layers) for project in projects}) > 1
    for path, values in differences(projects).items():
        if path.startswith("data.own") or (deep and _OF_LAYER.match(path)):
            continue
        pairs = zip(projects, values, strict=True)
        said = tuple(value_of(path, value) if _counts(path, p) else NONE for p, value in pairs)
        found.append(Difference(name_of(path), said))
    parts = [("own data", _own)]
    if deep:
        parts += [("hidden layers", _hidden), ("output layer", _output)]
    found += [Difference(name, tuple(map(said_by, projects))) for name, said_by in parts]
    return tuple(each for each in found if len(set(each.values)) > 1)


def changes(before: Project, after: Project) -> str:
    """`learning rate 1.2 → 0.3, units of layer 1: 4 → 8`."""
    found = differing([before, after])
    said = [f"{_before_value(each.name)} {' → '.join(each.values)}" for each in found]
    return ", ".join(said) or SAME


def name_of(path: str) -> str:
    """What a setting is called, by its path in the project's JSON, layers counted from 1."""
    of_layer = _OF_LAYER.fullmatch(path)
    if of_layer is not None:
        field = of_layer[2]
        return f"{_UNITS.get(field, field)} of layer {of_layer[1]}"
    return _NAMES.get(path, path.rpartition(".")[2].replace("_", " "))


def value_of(path: str, value: object) -> str:
    """A setting's value as people read it."""
    field = path.rpartition(".")[2]
    if value is None:
        return "all" if field == "batch_size" else NONE
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return _LABELS.get(field, {}).get(value, clip(value, 30))
    if isinstance(value, tuple):
        return _listed(field, value)
    if not isinstance(value, int | float):
        return clip(str(value), 30)
    if field in _SHARES:
        return f"{text.plain(100 * value)} %"
    if path.startswith("training.stop.") and not value:
        return "off"
    if field == "seed":
        return str(value)
    return text.count(value) if isinstance(value, int) else text.plain(value)


def _before_value(name: str) -> str:
    return f"{name}:" if " of layer " in name or name.endswith("layers") else name


def _listed(field: str, values: tuple[object, ...]) -> str:
    if field == "features":
        return ", ".join(FEATURES[name].label for name in values if isinstance(name, str))
    if field == "balance":
        shares = [text.plain(100 * share) for share in values if isinstance(share, float)]
        return f"{' : '.join(shares)} %" if shares else "even"
    units = [str(unit + 1) for unit in values if isinstance(unit, int)]
    return ", ".join(units) or "none"


def _counts(path: str, project: Project) -> bool:
    """Whether a setting means anything in this project."""
    test = _MEANINGFUL.get(path)
    return test is None or test(project)


def _has_option(name: str) -> Callable[[Project], bool]:
    def has(project: Project) -> bool:
        dataset = DATASETS.get(project.data.source)
        return dataset is not None and dataset.option is not None and dataset.option.name == name

    return has


_MEANINGFUL: dict[str, Callable[[Project], bool]] = {
    "data.examples": lambda project: project.data.own is None,
    "data.noise": lambda project: project.data.own is None,
    "data.features": lambda project: project.data.on_plane,
    "data.classes": _has_option("classes"),
    "data.bits": _has_option("bits"),
    "network.scale": lambda project: INITIALIZERS[project.network.initializer].scaled,
    "training.decay.rate": lambda project: project.training.schedule is not None,
    "training.decay.interval": lambda project: project.training.schedule is not None,
}


def _own(project: Project) -> str:
    own: OwnSettings | None = project.data.own
    if own is None:
        return NONE
    of = clip(own.origin, 30) or "yours"
    return f"{of}, {text.examples(own.examples)} (#{own.digest[:4]})"


def _hidden(project: Project) -> str:
    return ", ".join(_layer(layer) for layer in project.network.layers[:-1]) or "none"


def _output(project: Project) -> str:
    return _layer(project.network.layers[-1])


def _layer(layer: LayerSettings) -> str:
    dropout = f" (dropout {value_of('dropout', layer.dropout)})" if layer.dropout else ""
    return f"{layer.units} {value_of('activation', layer.activation)}{dropout}"
