"""The state of a run: everything needed to save it and resume it exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from core.nn.activations import Array

NO_COSTS, NO_ITERATIONS = np.empty(0), np.empty(0, np.int64)
Value = float | int | str | None
BEGAN = "began"  # in the memory: the initial parameters of a run that continues another
VALUES = "by_hand_values"  # the same: (k, 5), an iteration, layer, row, column and value each


class Mark(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A hyperparameter changed during a run, after `iteration` updates."""

    iteration: int
    what: str  # learning_rate, batch_size, dropout[1] …
    before: Value
    after: Value


def same_bits(one: NDArray[Any] | None, other: NDArray[Any] | None) -> bool:
    """Whether two arrays have the same shape, type and bits, or both are None."""
    if one is None or other is None:
        return one is other
    return (one.shape, one.dtype) == (other.shape, other.dtype) and one.tobytes() == other.tobytes()


@dataclass(frozen=True, slots=True, eq=False)
class RunState:
    """A run after `iteration` updates; every array is a read-only copy.

    `flat` are the parameters and `grad` the gradient of the last pass, in the run's dtype. The cost
    curves are as in `core.training.messages.Snapshot`. `memory` is everything else that the run
    needs to continue (the optimizer's averages, the shuffled order, the state of the random
    generator); its names have a meaning only for the run. `marks` are the changes of
    hyperparameters so far, in order.
    """

    iteration: int
    flat: Array
    grad: Array
    costs: Array
    test_iterations: NDArray[np.int64]
    test_costs: Array
    memory: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    marks: tuple[Mark, ...] = ()
    cost_iterations: NDArray[np.int64] | None = None

    def same_as(self, other: RunState) -> bool:
        """Whether the two are equal to the last bit."""
        names = ("flat", "grad", "costs", "cost_iterations", "test_iterations", "test_costs")
        arrays = [(getattr(self, name), getattr(other, name)) for name in names]
        arrays += [(array, other.memory.get(name)) for name, array in self.memory.items()]
        return (
            (self.iteration, self.marks) == (other.iteration, other.marks)
            and self.memory.keys() == other.memory.keys()
            and all(same_bits(*pair) for pair in arrays)
        )
