"""Suggests goals that fit the teacher's last action, each with a sentence."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.nn.activations import ACTIVATIONS, Array
from core.nn.parameters import Parameters
from core.project import Project
from core.runs import differences
from core.settings import SETTINGS

MOST = 12
_LAYER = re.compile(r"network\.layers\[(\d+)\]\.(\w+)")


@dataclass(frozen=True, slots=True)
class Offer:
    """A goal, and its meaning in plain words."""

    words: str
    goal: str


@dataclass(frozen=True, slots=True, eq=False)
class Stand:
    """The state of the window at a moment; None and empty for missing parts."""

    project: Project
    iteration: int = 0
    flat: Array | None = None
    cost: float | None = None
    accuracy: float | None = None
    test_accuracy: float | None = None
    chip: str = ""
    example: int | None = None  # from 1
    halt: str = ""
    panels: frozenset[str] = frozenset()


def offers(before: Stand, now: Stand) -> tuple[Offer, ...]:
    """Goals that were false `before` and are true `now`, the most specific first."""
    found = (*_of_run(before, now), *_of_project(before, now), *_of_numbers(before, now),
             *_of_looking(before, now))  # fmt: skip
    return found[:MOST]


def _of_run(before: Stand, now: Stand) -> Iterator[Offer]:
    if now.halt and now.halt != before.halt and now.halt != "done":
        yield Offer(f"Training stops: {now.halt}", f'halt.kind == "{now.halt}"')
    if now.iteration <= before.iteration:
        return
    reached = _down(now.iteration)
    said = "1 iteration is" if reached == 1 else f"{reached:,} iterations are"
    for name, words in (("accuracy", "Accuracy"), ("test_accuracy", "Test accuracy")):
        then, value = getattr(before, name), getattr(now, name)
        if value is None:
            continue
        least = math.floor(value * 100 - 1e-9) / 100
        if then is None or then <= least < value:
            yield Offer(f"{words} is above {least:.0%}", f"{name} > {least:g}")
    if now.cost is not None and (before.cost is None or now.cost < before.cost):
        most = _up(now.cost)
        if math.isfinite(most) and (before.cost is None or before.cost >= most):
            yield Offer(f"The cost is below {most:g}", f"cost < {most:g}")
    yield Offer(f"{said} made", f"iteration >= {reached}")


def _of_project(before: Stand, now: Stand) -> Iterator[Offer]:
    old, new = before.project.network.layers, now.project.network.layers
    if len(old) != len(new):
        yield Offer(f"The network has {len(new)} layers", f"len(layers) == {len(new)}")
    for path, (_, value) in differences([before.project, now.project]).items():
        if (layer := _LAYER.fullmatch(path)) is not None:
            yield from _of_layer(int(layer[1]), layer[2], now.project)
        elif path in SETTINGS and isinstance(value, str | int | float):
            title = SETTINGS[path].title
            shown = f'"{value}"' if isinstance(value, str) else repr(value)
            yield Offer(f"{title} is {_said(value)}", f"project.{path} == {shown}")


def _of_layer(l: int, what: str, project: Project) -> Iterator[Offer]:
    if l > len(project.network.layers):
        return
    layer = project.network.layers[l - 1]
    if what == "units":
        units = "1 unit" if layer.units == 1 else f"{layer.units} units"
        yield Offer(f"Layer {l} has {units}", f"layers[{l}].units == {layer.units}")
    elif what == "activation":
        label = ACTIVATIONS[layer.activation].label
        yield Offer(f"Layer {l} is {label}", f'layers[{l}].activation == "{layer.activation}"')


def _of_numbers(before: Stand, now: Stand) -> Iterator[Offer]:
    """Weights that were set by hand: nothing was trained since, and few of them differ."""
    old, new = before.flat, now.flat
    if old is None or new is None or old.shape != new.shape or now.iteration > before.iteration:
        return
    changed = [int(i) for i in (old != new).nonzero()[0]]
    if not 0 < len(changed) <= 4:
        return
    p = Parameters(now.project.sizes(), new.dtype, new)
    for index in changed:
        name, l, row, column = p.place(index)
        value, near = float(new[index]), max(abs(float(new[index] - old[index])) / 10, 1e-6)
        of = f"w({l},{row + 1},{column + 1})" if name == "W" else f"b({l},{row + 1})"
        told = f"abs({of} {'-' if value >= 0 else '+'} {abs(value):.4g}) < {near:.2g}"
        yield Offer(f"{of} is about {value:.4g}", told)


def _of_looking(before: Stand, now: Stand) -> Iterator[Offer]:
    if now.chip and now.chip != before.chip:
        yield Offer(f"The walk stands at {now.chip}", f'chip == "{now.chip}"')
    if now.example is not None and now.example != before.example:
        yield Offer(f"Example {now.example} is selected", f"example == {now.example}")
    for panel in sorted(now.panels - before.panels):
        yield Offer(f"The panel {panel} is seen", f'panel("{panel}")')


def _said(value: str | float) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return value.replace("_", " ") if isinstance(value, str) else f"{value:g}"


def _down(count: int) -> int:
    """A round number at or below: 1,437 gives 1,000."""
    power = int(10 ** (len(str(count)) - 1))
    return count // power * power


def _up(value: float) -> float:
    """A number of two digits above."""
    if value <= 0 or not math.isfinite(value):
        return math.inf
    step = 10.0 ** (math.floor(math.log10(value)) - 1)
    return float(f"{(math.floor(value / step + 1e-9) + 1) * step:.2g}")
