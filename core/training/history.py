"""The numbers a run leaves behind, in buffers that only grow at their end."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

from core.state import Mark, RunState

_T = TypeVar("_T", bound=np.generic)


class Growing:
    """An append-only array: `view` costs nothing, and what it shows never changes."""

    def __init__(self, dtype: DTypeLike = np.float64) -> None:
        self._buffer: NDArray[Any] = np.empty(1024, dtype)
        self._size = 0

    def append(self, value: float) -> None:
        if self._size == len(self._buffer):
            longer = np.empty(2 * self._size, self._buffer.dtype)
            longer[: self._size] = self._buffer  # earlier views keep the old buffer alive
            self._buffer = longer
        self._buffer[self._size] = value
        self._size += 1

    def extend(self, values: NDArray[Any]) -> None:
        for value in values.tolist():
            self.append(value)

    def __len__(self) -> int:
        return self._size

    def view(self) -> NDArray[Any]:
        """All values so far, as a read-only view."""
        values = self._buffer[: self._size]
        values.setflags(write=False)
        return values


class Curves:
    """The costs of a run, before each update and now and then of the test examples, and what was
    changed on the way.
    """

    def __init__(self) -> None:
        self.train, self._test, self._tested = Growing(), Growing(), Growing(np.int64)
        self.marks: tuple[Mark, ...] = ()  # the changes of hyperparameters, in order

    def note_test(self, iteration: int, cost: float) -> None:
        """The test cost of the parameters after so many updates."""
        self._tested.append(iteration)
        self._test.append(cost)

    @property
    def last_tested(self) -> int:
        """The iteration of the last test cost, -1 before the first."""
        return int(self._tested.view()[-1]) if len(self._tested) else -1

    @property
    def test(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The iterations at which the test cost was taken, and those costs; read-only."""
        return self._tested.view(), self._test.view()

    def test_before(self, iteration: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Those of the iterations before this one."""
        iterations, costs = self.test
        taken = int(np.searchsorted(iterations, iteration))
        return iterations[:taken], costs[:taken]

    def restore(self, state: RunState) -> None:
        """Begin with the curves of a run that goes on."""
        self.marks = state.marks
        self.train.extend(state.costs)
        self._tested.extend(state.test_iterations)
        self._test.extend(state.test_costs)


def frozen(array: NDArray[_T]) -> NDArray[_T]:
    """A read-only copy."""
    copy = array.copy()
    copy.setflags(write=False)
    return copy
