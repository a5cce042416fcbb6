"""What is done to parameters by hand, as values that an undo can hold and a run can carry out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from core.errors import LayerwiseError
from core.nn.activations import Array
from core.nn.parameters import Parameters
from core.state import RunState

LARGEST = 1e9  # that a number may be made by hand; float32 holds it too
BIAS = -1  # the column of a bias: the last one of [W b]


class Place(NamedTuple):
    """One parameter: W[layer][row, column], counted from 0, or b[layer][row] in column BIAS."""

    layer: int
    row: int
    column: int = BIAS


@dataclass(frozen=True, slots=True)
class Numbers:
    """These parameters become these values; all others stay, and the run goes on."""

    values: Mapping[Place, float]


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """The run stands where `state` says, or else at its start, with the parameters `start` (flat)
    that Reset leads back to; None are drawn from the seed.
    """

    start: Array | None
    state: RunState | None = None


Change = Numbers | Standing


def number(place: Place, value: float) -> Numbers:
    """One parameter becomes this value. Raises LayerwiseError if it is too large or no number."""
    if not (math.isfinite(value) and abs(value) <= LARGEST):
        raise LayerwiseError(
            f"A weight or bias cannot be {value:g}: use a number from {-LARGEST:g} to {LARGEST:g}."
        )
    return Numbers(MappingProxyType({place: value}))


def apply(change: Numbers, p: Parameters) -> None:
    """Set the numbers in `p`."""
    for (layer, row, column), value in change.values.items():
        p.Wb[layer][row, column] = value
