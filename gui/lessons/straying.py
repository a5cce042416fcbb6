"""Describes in one sentence the changes that a step does not allow."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from core.project import Project
from core.runs import differences
from core.settings import SETTINGS

_LAYER = re.compile(r"network\.layers\[(\d+)\](?:\.(\w+))?")


def strayed(base: Project, now: Project, allowed: Sequence[str], goal: str) -> str:
    """A sentence on the first setting that differs from the step's and that no allowed part makes;
    empty if there is none. A setting that the goal names is allowed.
    """
    other_data = any(key.partition(".")[0] == "data" for key in allowed)
    for path, (before, after) in differences([base, now]).items():
        name = path.rpartition(".")[2]
        if f".{name}" in goal or any(covers(key, part) for key in allowed for part in _of(path)):
            continue
        if other_data and (path.startswith(("data.", "network.layers")) or path == "training.loss"):
            continue  # the output layer follows the data
        label = SETTINGS[path].label if path in SETTINGS else path.replace("_", " ")
        label = label[:1].upper() + label[1:]
        return f"{label} was {_said(before)} and is {_said(after)}. This step needs it as it was."
    return ""


def covers(key: str, part: str) -> bool:
    """Whether a key belongs to a part, or to something the part belongs to."""
    return part == key or part.startswith((f"{key}.", f"{key}["))


def _of(path: str) -> Iterator[str]:
    """The parts of the window that change a setting."""
    if path.startswith("data."):
        yield from ("data", "canvas.feature", "boundary")
    if (found := _LAYER.match(path)) is not None:
        l, what = found[1], found[2]
        yield from (f"canvas.layer[{l}]", "canvas.palette", f"canvas.unit[{l}]")
        yield from (f"canvas.add[{before}]" for before in range(1, int(l) + 1))  # it moved on
        yield f"canvas.{'activation' if what == 'activation' else 'units'}[{l}]"
    elif path.startswith("network."):
        yield from ("runbar.initialization", f"runbar.{path.rpartition('.')[2]}")
    elif path.startswith("training."):
        yield f"runbar.{path.rpartition('.')[2]}"
        yield from ("canvas.activation[1]",) if path == "training.loss" else ()


def _said(value: object) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    return "none" if value is None else str(value).replace("_", " ")
