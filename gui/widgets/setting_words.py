"""Lists the settings in which projects differ, with names and readable values."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.data.datasets import DATASETS
from core.limits import clip
from core.nn.activations import ACTIVATIONS
from core.nn.initializers import INITIALIZERS
from core.project import LayerSettings, OwnSettings, Project
from core.runs import differences
from core.settings import SETTINGS, Setting, Written, setting
from gui.style import text

SAME = "same settings"
_OTHERS = {"own": "your own"}  # names that are not in the table of settings
NONE = "–"  # a setting that means nothing there
_OF_LAYER = re.compile(r"network\.layers\[(\d+)\]\.(\w+)")


@dataclass(frozen=True, slots=True)
class SettingDifference:
    """A setting, with its value in each of the projects."""

    name: str
    values: tuple[str, ...]


def differing(projects: Sequence[Project]) -> tuple[SettingDifference, ...]:
    """The settings in which the projects differ, of those that mean something, in their order."""
    found = []
    deep = len({len(project.network.layers) for project in projects}) > 1
    for path, values in differences(projects).items():
        if path.startswith("data.own") or (deep and _OF_LAYER.match(path)):
            continue
        pairs = zip(projects, values, strict=True)
        said = tuple(value_of(path, value) if _counts(path, p) else NONE for p, value in pairs)
        found.append(SettingDifference(name_of(path), said))
    parts = [(SETTINGS["data.own"].label, _own)]
    if deep:
        parts += [(SETTINGS["network.layers"].label, _hidden), ("output layer", _output)]
    found += [SettingDifference(name, tuple(map(said_by, projects))) for name, said_by in parts]
    return tuple(each for each in found if len(set(each.values)) > 1)


def changes(before: Project, after: Project) -> str:
    """`learning rate α 1.2 → 0.3, units of layer 1: 4 → 8`."""
    found = differing([before, after])
    said = [f"{_before_value(each.name)} {' → '.join(each.values)}" for each in found]
    return ", ".join(said) or SAME


def name_of(path: str) -> str:
    """The name of a setting, by its path in the project's JSON, layers counted from 1."""
    row, of_layer = setting(path), _OF_LAYER.fullmatch(path)
    if of_layer is not None:
        return f"{row.label if row else of_layer[2]} of layer {of_layer[1]}"
    return row.label if row else path.rpartition(".")[2].replace("_", " ")


def value_of(path: str, value: object) -> str:
    """A setting's value as people read it."""
    return written(setting(path), value)


def written(row: Setting | None, value: object) -> str:
    """A value of this setting as people read it; None is one that the table does not have."""
    if value is None:
        return row.none if row and row.none else NONE
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        choice = row.choices.get(value) if row else None
        return _OTHERS.get(value, clip(value, 30)) if choice is None else choice.label
    if isinstance(value, tuple):
        return _listed(row, value)
    if not isinstance(value, int | float):
        return clip(str(value), 30)
    if row and row.zero and not value:
        return row.zero
    kind = row.written if row else None
    if kind is Written.SHARE:
        return f"{text.plain(100 * value)} %"
    if kind is Written.SEED:
        return str(value)
    return text.count(value) if isinstance(value, int) else text.plain(value)


def _before_value(name: str) -> str:
    return f"{name}:" if " of layer " in name or name.endswith("layers") else name


def _listed(row: Setting | None, values: tuple[object, ...]) -> str:
    kind = row.written if row else None
    if row and kind is Written.CHOICES:
        return ", ".join(row.choices[name].label for name in values if isinstance(name, str))
    if kind is Written.SHARES:
        shares = [text.plain(100 * share) for share in values if isinstance(share, float)]
        return f"{' : '.join(shares)} %" if shares else "even"
    units = [str(unit + 1) for unit in values if isinstance(unit, int)]
    return ", ".join(units) or "none"


def _counts(path: str, project: Project) -> bool:
    """Whether a setting has a meaning in this project."""
    test = _MEANINGFUL.get(path)
    return test is None or test(project)


def _has_option(name: str) -> Callable[[Project], bool]:
    def has(project: Project) -> bool:
        dataset = DATASETS.get(project.data.source)
        return dataset is not None and dataset.option is not None and dataset.option.name == name

    return has


def _has_setting(name: str) -> Callable[[Project], bool]:
    return lambda project: name in project.training.optimizer_settings


_MEANINGFUL: dict[str, Callable[[Project], bool]] = {
    "data.examples": lambda project: project.data.own is None,
    "data.noise": lambda project: project.data.own is None,
    "data.features": lambda project: project.data.on_plane,
    "data.classes": _has_option("classes"),
    "data.bits": _has_option("bits"),
    "network.scale": lambda project: INITIALIZERS[project.network.initializer].scaled,
    **{f"training.{name}": _has_setting(name) for name in ("beta1", "beta2", "epsilon")},
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
    share = written(SETTINGS["network.layers[].dropout"], layer.dropout)
    dropout = f" (dropout {share})" if layer.dropout else ""
    return f"{layer.units} {ACTIVATIONS[layer.activation].label}{dropout}"
