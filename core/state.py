"""Where a run stands: all that it takes to save it and go on later as if it had never stopped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.nn.activations import Array


@dataclass(frozen=True, slots=True, eq=False)
class RunState:
    """A run after `iteration` updates; every array is its own, read-only copy.

    `flat` are the parameters and `grad` the gradient of the last pass, of the dtype of the run.
    `costs` (iteration,) and the test curve are as in `core.training.messages.Snapshot`. `memory`
    is what else the run needs to go on (the optimizer's averages, the shuffled order, the state of
    the random generator): only the run knows what its names mean.
    """

    iteration: int
    flat: Array
    grad: Array
    costs: Array
    test_iterations: NDArray[np.int64]
    test_costs: Array
    memory: Mapping[str, NDArray[Any]] = field(default_factory=dict)
