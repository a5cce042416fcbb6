"""Where in a run parameters were set by hand: part of its history, like its costs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.by_hand import Adjustment, apply
from core.errors import LayerwiseError
from core.nn.activations import Array
from core.nn.parameters import Parameters

NAME = "by_hand"  # in the memory of a RunState
GIVEN = "given"  # the same, of a run that began with parameters that were not drawn


class ByHand:
    """Sets parameters by hand and remembers after which iterations that was.

    `count` says how often. What is put back before the next iteration was never done. A run that
    was `given` its first parameters did not draw them.
    """

    def __init__(self, *, given: bool = False) -> None:
        self.count, self.given = 0, given
        self._iterations: list[int] = []
        self._before: Array | None = None  # the parameters before those of the last iteration

    @property
    def iterations(self) -> NDArray[np.int64]:
        """The iterations after which parameters were set, increasing, read-only."""
        found = np.array(self._iterations, np.int64)
        found.setflags(write=False)
        return found

    @property
    def drawn(self) -> bool:
        """Whether the run began with the parameters that its seed draws."""
        return not self.given and 0 not in self._iterations

    def memory(self) -> dict[str, NDArray[Any]]:
        """What a run has to know of this to go on."""
        return {NAME: self.iterations, **({GIVEN: np.ones(1, np.int64)} if self.given else {})}

    def set(self, numbers: Adjustment, p: Parameters, iteration: int) -> None:
        """Set the numbers in `p`, that of the run after so many iterations."""
        self.count += 1
        if self._iterations[-1:] != [iteration]:
            self._iterations.append(iteration)
            self._before = p.flat.copy()
        apply(numbers, p)
        if self._before is not None and np.array_equal(p.flat, self._before):
            self._iterations.pop()
            self._before = None

    def restore(self, memory: Mapping[str, NDArray[Any]], last: int) -> None:
        """Take over what a RunState after `last` iterations remembers; LayerwiseError if it is no
        such thing.
        """
        self.given = self.given or GIVEN in memory
        iterations = memory.get(NAME)
        if iterations is None:
            return
        whole = iterations.ndim == 1 and iterations.dtype.kind in "iu"
        ordered = whole and (np.diff(iterations.astype(np.float64)) > 0).all()
        if not ordered or (iterations.size and not 0 <= iterations[0] <= iterations[-1] <= last):
            raise LayerwiseError("The saved run does not say rightly what was set by hand in it.")
        self._iterations = [int(i) for i in iterations]
