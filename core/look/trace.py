"""The values of one parameter over the course of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from core.by_hand import Place, has_place
from core.look.ask import Allowance, Ask
from core.nn.activations import Array
from core.nn.parameters import Parameters
from core.training.session import Session
from core.training.timeline import Timeline


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """The values of a parameter, `values` (k,), after `iterations` (k,) updates, ascending, up to
    now.

    Each is exact; between them the parameter is not known.
    """

    place: Place
    iterations: NDArray[np.int64]
    values: Array


@dataclass(frozen=True, slots=True)
class TraceOf(Ask[Trace]):
    """The values of a parameter over the run itself, also during a visit to its past."""

    place: Place
    share: ClassVar[float | None] = None

    def fits(self, sizes: tuple[int, ...]) -> bool:
        return has_place(sizes, self.place)

    def measure(self, session: Session, allowance: Allowance) -> Trace | None:
        live = session.live
        return trace(self.place, live.past, live.iteration, live.p)


def trace(place: Place, past: Timeline | None, iteration: int, p: Parameters) -> Trace | None:
    """The parameter at the kept moments, and in `p`, the parameters at `iteration`.

    None if there is no such parameter.
    """
    at = p.index(*place)
    if at is None:
        return None
    kept = () if past is None else past.parameters
    found = {i: float(flat[at]) for i, flat in kept if i < iteration}
    found[iteration] = float(p.flat[at])
    return Trace(place, np.array([*found], np.int64), np.array([*found.values()], p.flat.dtype))
