"""The keys a sweep can vary: short names of hyperparameters, and paths of other settings."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from core import edits
from core.data.datasets import DATASETS
from core.data.numbers import NUMBER
from core.errors import LayerwiseError
from core.limits import clip
from core.nn.decay import DECAYS
from core.nn.losses import LOSSES
from core.project import MAX_LAYERS, LayerSettings, Project
from core.settings import SETTINGS

Value = bool | int | float | str | None
"""What a key can be set to; None is what the project's JSON calls null."""

_OF_TRAINING = (
    *("batch_size", "iterations", "l1", "l2"),
    *("beta1", "beta2", "epsilon", "clip_norm"),
)
_WORDS: dict[str, Value] = {"true": True, "false": False, "null": None, "none": None, "full": None}
_PLACE = re.compile(r"([A-Za-z_]\w*)((?:\[\d{1,4}\])*)", re.ASCII)
_TYPES = {
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "str": "a name",
    "array": "a list, which cannot be varied",
    "object": "settings of its own, which are varied one by one",
}


@dataclass(frozen=True, slots=True)
class Key:
    """A hyperparameter: the path of its setting, and the project with another value of it."""

    path: str
    edit: Callable[[Project, Value], Project]

    @property
    def label(self) -> str:
        """The name of the setting."""
        return SETTINGS[self.path].of_hidden or SETTINGS[self.path].label

    @property
    def suggested(self) -> str:
        """Values that are worth a try, written as `parse` reads them."""
        return SETTINGS[self.path].worth


def parse(text: str) -> Value:
    """The value that a word on a command line or in a field means: a number, a name, none …"""
    text = text.strip()
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if len(text) <= 40 and NUMBER.fullmatch(text):
        return int(text) if re.fullmatch(r"[+-]?\d+", text, re.ASCII) else float(text)
    return text


def show(value: Value) -> str:
    """The value as `parse` reads it."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def label(key: str) -> str:
    """The name of a key on an axis."""
    return KEYS[key].label if key in KEYS else key


def check_key(key: str) -> None:
    """Raise LayerwiseError if no project could have such a setting."""
    if key not in KEYS and "." not in key:
        raise LayerwiseError(
            f"{clip(key)!r} cannot be varied: use {', '.join(KEYS)}, or a path into the project's"
            " JSON such as network.layers[0].units."
        )


def with_value(project: Project, key: str, value: Value) -> Project:
    """The project with the key at this value; the result is not checked against its limits.

    Raises LayerwiseError if there is no such setting, or the value is not of its type.
    """
    check_key(key)
    try:
        return KEYS[key].edit(project, value) if key in KEYS else _set(project, key, value)
    except msgspec.ValidationError as error:
        raise LayerwiseError(
            f"{key}={clip(show(value))} cannot be used: {_plain(error)}."
        ) from None


def rank(key: str) -> int:
    """Which keys are set first: those that change others, paths into the JSON last."""
    return list(KEYS).index(key) if key in KEYS else len(KEYS)


def _set(project: Project, path: str, value: Value) -> Project:
    """Set the value at `path` of the JSON: `training.l2`, `network.layers[0].units`."""
    tree: Any = msgspec.json.decode(msgspec.json.encode(project))
    at, parts = tree, _parts(path)
    for i, part in enumerate(parts):
        known = (
            part in at
            if isinstance(at, dict)
            else isinstance(at, list) and isinstance(part, int) and part < len(at)
        )
        if not known:
            raise LayerwiseError(f"{clip(path)!r} is no setting of this project.")
        if i == len(parts) - 1:
            at[part] = value
        else:
            at = at[part]
    return msgspec.convert(tree, Project)


def _parts(path: str) -> list[str | int]:
    parts: list[str | int] = []
    for word in path.split("."):
        found = _PLACE.fullmatch(word)
        if found is None:
            raise LayerwiseError(f"{clip(path)!r} is no path into the project's JSON.")
        parts.append(found[1])
        parts += [int(number) for number in re.findall(r"\d+", found[2])]
    return parts


def _plain(error: msgspec.ValidationError) -> str:
    wanted = re.match(r"Expected `(\w+)", str(error))
    if wanted is None:
        return str(error).partition(" - at ")[0]
    return f"it takes {_TYPES.get(wanted[1], wanted[1])}"


# --- the friendly names --------------------------------------------------------------------------


def _plain_key(path: str) -> Key:
    """A setting that nothing has to follow."""
    return Key(path, lambda project, value: _set(project, path, value))


def _hidden(field: str) -> Callable[[Project, Value], Project]:
    """Set a field of every hidden layer."""

    def edit(project: Project, value: Value) -> Project:
        for i in range(len(project.network.layers) - 1):
            project = _set(project, f"network.layers[{i}].{field}", value)
        return project

    return edit


def _depth(project: Project, value: Value) -> Project:
    """Change the number of hidden layers: removes the last ones, or adds copies of the last."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < MAX_LAYERS:
        raise LayerwiseError(
            f"layers={clip(show(value))} cannot be used: it takes a whole number of hidden layers"
            f" from 0 to {MAX_LAYERS - 1}."
        )
    *hidden, output = project.network.layers
    like: LayerSettings = hidden[-1] if hidden else edits.NEW_LAYER
    layers = (*hidden[:value], *[like] * (value - len(hidden)), output)
    return edits.with_network(project, layers=layers)


def _named(
    table: dict[str, Any], edit: Callable[[Project, str], Project], key: str
) -> Callable[[Project, Value], Project]:
    """An edit with its necessary consequences, for names of this table."""

    def checked(project: Project, value: Value) -> Project:
        if not isinstance(value, str) or value not in table:
            raise LayerwiseError(
                f"{key}={clip(show(value))} cannot be used: it takes one of {', '.join(table)}."
            )
        return edit(project, value)

    return checked


def _decay(project: Project, value: Value) -> Project:
    """A form of DECAYS; null is the one that does not decay."""
    of_name = _named(DECAYS, lambda given, form: edits.with_decay(given, form=form), "decay")
    constant = next(name for name, form in DECAYS.items() if not form.decays)
    return of_name(project, constant if value is None else value)


KEYS: dict[str, Key] = {
    "source": Key("data.source", _named(DATASETS, edits.choose_source, "source")),
    **{name: _plain_key(f"data.{name}") for name in ("examples", "noise")},
    "data_seed": _plain_key("data.seed"),
    "test_share": _plain_key("data.test_share"),
    "layers": Key("network.layers", _depth),
    **{name: Key(f"network.layers[].{name}", _hidden(name)) for name in ("units", "activation")},
    **{name: _plain_key(f"network.{name}") for name in ("initializer", "scale", "seed")},
    "loss": Key("training.loss", _named(LOSSES, edits.set_loss, "loss")),
    **{name: _plain_key(f"training.{name}") for name in ("optimizer", "learning_rate")},
    "decay": Key("training.decay.form", _decay),
    **{name: _plain_key(f"training.{name}") for name in _OF_TRAINING},
    "dropout": Key("network.layers[].dropout", _hidden("dropout")),
    "dtype": _plain_key("training.dtype"),
}
"""The friendly names, in the order in which they are set."""
