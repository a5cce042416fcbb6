"""Measures the predictions over the input plane, or over the visible part of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.look.ask import Allowance, Ask
from core.look.pictures import pictures_of
from core.look.plane import Cut, Plane, PlanePart, is_part
from core.nn.activations import Array
from core.nn.parameters import count
from core.training.history import frozen
from core.training.session import Session

SIDE = 100  # points of the grid in each direction ...
SIDE_AT_REST = 200  # ... and where a network this small is idle:
MOST_AT_REST = 5_000  # parameters, so that the finer picture takes a tenth of a second
COARSEST = 50  # the same at least, during training, when the next picture follows soon ...
IN_FLIGHT = 20_000_000  # ... and points times parameters at most, which takes a millisecond


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """A[L] over a plane, `values` (n[L], side, side), rows from x2's top to its bottom."""

    plane: Plane
    values: Array


@dataclass(frozen=True, slots=True)
class Boundary(Ask[Field]):
    """The predictions over the plane along the inputs `cut`, in its visible part `seen`.

    `cut` None is the usual plane, which also replaces one that the data do not have; `seen` None is
    the whole plane. A part has as many points as the whole, so that it stays sharp when zoomed.
    """

    cut: Cut | None = None
    seen: PlanePart | None = None
    share: ClassVar[float | None] = 0.06

    def fits(self, sizes: tuple[int, ...]) -> bool:
        return is_part(self.seen)

    def measure(self, session: Session, allowance: Allowance) -> Field:
        pictures = pictures_of(session, allowance, self.cut, self.seen)
        network = session.network
        outputs = [(network.L, i) for i in range(network.sizes[-1])]
        values = pictures.values(session.p, side_of(session, allowance), outputs)
        return Field(pictures.plane, frozen(np.stack([values[unit] for unit in outputs])))


def side_of(session: Session, allowance: Allowance) -> int:
    """How many points a large picture has along one side."""
    size = count((2, *session.network.sizes[1:]))  # with the inputs of a plane
    if not allowance.rests:
        return min(max(math.isqrt(IN_FLIGHT // size), COARSEST), SIDE)
    return SIDE_AT_REST if allowance.idle and size <= MOST_AT_REST else SIDE
