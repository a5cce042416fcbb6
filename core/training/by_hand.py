"""Records at which iterations parameters were set by hand, as part of a run's history."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.by_hand import Adjustment, Numbers, Place, apply, number, set_by
from core.errors import LayerwiseError
from core.nn.activations import Array
from core.nn.parameters import Parameters
from core.state import VALUES

NAME = "by_hand"  # in the memory of a RunState
WRONG = "The saved run has a wrong record of the numbers set by hand."
GIVEN = "given"  # the same, of a run that began with parameters that were not drawn


class ByHand:
    """Sets parameters by hand and records the iterations.

    `count` is the number of changes. A change that is reverted before the next iteration is not
    recorded. A run that was `given` its first parameters did not draw them.
    """

    def __init__(self, *, given: bool = False) -> None:
        self.count, self.given = 0, given
        self._iterations: list[int] = []
        self._before: Array | None = None  # the parameters before the changes at the last iteration
        self._values: dict[int, dict[Place, float]] = {}  # the values set, by iteration
        self._unknown: set[int] = set()  # iterations of which that is not known

    @property
    def iterations(self) -> NDArray[np.int64]:
        """The iterations after which parameters were set, increasing, read-only."""
        found = np.array(self._iterations, np.int64)
        found.setflags(write=False)
        return found

    @property
    def drawn(self) -> bool:
        """Whether the run began with the parameters drawn from its seed."""
        return not self.given and 0 not in self._iterations

    def memory(self) -> dict[str, NDArray[Any]]:
        """The state of this object in a saved run."""
        memory: dict[str, NDArray[Any]] = {NAME: self.iterations}
        if self._values:
            rows = [
                (iteration, *place, value)
                for iteration, numbers in self._values.items()
                for place, value in numbers.items()
            ]
            memory[VALUES] = np.array(rows, np.float64)
        return memory | ({GIVEN: np.ones(1, np.int64)} if self.given else {})

    @property
    def values(self) -> list[tuple[int, Numbers]]:
        """The values set, by iteration, ascending; without the iterations for which they are
        unknown.
        """
        return [(at, Numbers(MappingProxyType(dict(n)))) for at, n in self._values.items()]

    def set(self, numbers: Adjustment, p: Parameters, iteration: int) -> None:
        """Set the numbers in `p`, the parameters after this many iterations."""
        self.count += 1
        if self._iterations[-1:] != [iteration]:
            self._iterations.append(iteration)
            self._before = p.flat.copy()
        apply(numbers, p)
        self._keep(numbers, p, iteration)
        if self._before is not None and np.array_equal(p.flat, self._before):
            self._iterations.pop()
            self._values.pop(iteration, None)
            self._before = None

    def _keep(self, change: Adjustment, p: Parameters, iteration: int) -> None:
        """Record the values, unless other unknown changes were made at this iteration."""
        numbers = [change] if isinstance(change, Numbers) else set_by(change, p)
        if iteration not in self._unknown:
            values = self._values.setdefault(iteration, {})
            for each in numbers:
                values.update(each.values)

    def follow(self, other: ByHand, until: int) -> None:
        """Copy the changes that the parent run of this branch had made before `until`."""
        known = {at: values for at, values in other._values.items() if at < until}
        self._values = known | self._values
        self._unknown -= known.keys()

    def restore(self, memory: Mapping[str, NDArray[Any]], last: int) -> None:
        """Restore the memory of a RunState after `last` iterations; LayerwiseError if it is not
        valid.
        """
        self.given = self.given or GIVEN in memory
        iterations = memory.get(NAME)
        if iterations is None:
            return
        whole = iterations.ndim == 1 and iterations.dtype.kind in "iu"
        ordered = whole and (np.diff(iterations.astype(np.float64)) > 0).all()
        if not ordered or (iterations.size and not 0 <= iterations[0] <= iterations[-1] <= last):
            raise LayerwiseError(WRONG)
        self._iterations = [int(i) for i in iterations]
        self._values = _values_of(memory.get(VALUES), self._iterations)
        self._unknown = set(self._iterations) - self._values.keys()


def _values_of(rows: NDArray[Any] | None, iterations: list[int]) -> dict[int, dict[Place, float]]:
    """The values set at each of these iterations; LayerwiseError if the rows are not valid."""
    if rows is None:
        return {}
    found: dict[int, dict[Place, float]] = {}
    whole = rows.ndim == 2 and rows.shape[1] == 5 and rows.dtype == np.float64
    if not whole or not np.isfinite(rows).all() or (rows[:, :4] % 1).any():
        raise LayerwiseError(WRONG)
    for iteration, layer, row, column, value in rows.tolist():
        place = Place(int(layer), int(row), int(column))
        found.setdefault(int(iteration), {}).update(number(place, value).values)
    if not found.keys() <= set(iterations) or list(found) != sorted(found):
        raise LayerwiseError(WRONG)
    return found
