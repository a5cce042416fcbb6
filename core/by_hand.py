"""Manual changes to parameters, as values that a run can apply and undo can revert."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from core.errors import LayerwiseError
from core.limits import LARGEST
from core.nn.activations import Array
from core.nn.parameters import Parameters
from core.state import RunState

NUDGE = 0.1
BIAS = -1  # the column of a bias: the last one of [W b]


class Place(NamedTuple):
    """One parameter: W[layer][row, column], counted from 0, or b[layer][row] in column BIAS."""

    layer: int
    row: int
    column: int = BIAS


def has_place(sizes: Sequence[int], place: Place) -> bool:
    """Whether a network of these sizes n[0]..n[L] has the parameter."""
    l, row, column = place
    return 0 < l < len(sizes) and 0 <= row < sizes[l] and -1 <= column < sizes[l - 1]


@dataclass(frozen=True, slots=True)
class Numbers:
    """Sets some parameters to values; all others stay, and the run continues."""

    values: Mapping[Place, float]


@dataclass(frozen=True, slots=True, eq=False)
class RunPosition:
    """Puts the run into `state` or, without one, at its start, with the parameters `start` (flat),
    to which Reset returns; None draws them from the seed. `origin` says where they are from.
    """

    start: Array | None
    state: RunState | None = None
    origin: str = ""  # a file's name


@dataclass(frozen=True, slots=True)
class Clone:
    """Adds a unit to the layer, last, as a copy of `unit`. Incoming weights and bias are equal, and
    outgoing weights are halved, so that the network computes the same.
    """

    layer: int
    unit: int


Adjustment = Numbers | Clone
Change = Adjustment | RunPosition


def number(place: Place, value: float) -> Numbers:
    """One parameter becomes this value. Raises LayerwiseError if it is too large or no number."""
    if not (math.isfinite(value) and abs(value) <= LARGEST):
        raise LayerwiseError(
            f"A weight or bias cannot be {value:g}: use a number from {-LARGEST:g} to {LARGEST:g}."
        )
    return Numbers(MappingProxyType({place: value}))


def nudge(p: Parameters, layer: int, unit: int, seed: int | Sequence[int]) -> Numbers:
    """A small random change of a unit's incoming weights and bias, a tenth of their size.

    Where they are (nearly) 0, a hundredth: the course's scale. Values too large for the precision
    of `p` are limited to its largest number.
    """
    weights, largest = p.Wb[layer][unit].astype(np.float64), float(np.finfo(p.flat.dtype).max)
    top = max(float(np.abs(weights).max()), NUDGE)  # by which the squares cannot overflow
    size = max(top * float(np.sqrt(np.mean((weights / top) ** 2))), NUDGE)
    with np.errstate(over="ignore"):
        moved = weights + NUDGE * size * np.random.RandomState(seed).randn(weights.size)
    return _row(layer, unit, np.clip(moved, -largest, largest))


def row_of(p: Parameters, layer: int, unit: int) -> Numbers:
    """The incoming weights and the bias of a unit, unchanged."""
    return _row(layer, unit, p.Wb[layer][unit])


def column_of(p: Parameters, layer: int, unit: int) -> Numbers:
    """The outgoing weights of a unit of a hidden layer, unchanged."""
    column = p.W[layer + 1][:, unit].tolist()
    return Numbers(
        MappingProxyType({Place(layer + 1, row, unit): w for row, w in enumerate(column)})
    )


def set_by(clone: Clone, p: Parameters) -> list[Numbers]:
    """The parameters that a clone has set in `p`."""
    last = len(p.W[clone.layer]) - 1
    out = [column_of(p, clone.layer, unit) for unit in (clone.unit, last)]
    return [_row(clone.layer, last, p.Wb[clone.layer][last]), *out]


def _row(layer: int, unit: int, values: Array) -> Numbers:
    places = [Place(layer, unit, column) for column in range(len(values) - 1)]
    row = zip((*places, Place(layer, unit, BIAS)), values.tolist(), strict=True)
    return Numbers(MappingProxyType(dict(row)))


def apply(change: Adjustment, p: Parameters) -> None:
    """Carry it out on `p`."""
    if isinstance(change, Clone):
        out = p.W[change.layer + 1]
        p.Wb[change.layer][-1] = p.Wb[change.layer][change.unit]
        out[:, change.unit] /= 2
        out[:, -1] = out[:, change.unit]
        return
    for (layer, row, column), value in change.values.items():
        p.Wb[layer][row, column] = value
