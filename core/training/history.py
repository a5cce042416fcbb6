"""The cost curves of a run, in append-only buffers."""

from __future__ import annotations

import math
import sys
from collections import deque
from typing import Any, TypeVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

from core.state import Mark, RunState

_T = TypeVar("_T", bound=np.generic)
EXACT = 2**18  # costs of a run that are all kept: two megabytes
STRETCHES = 2**14  # of one length: half a megabyte whenever a run gets twice as long
FIRST = 4  # values in a stretch of the first length
TEST_EVERY = 20  # iterations between two points of the test curve: a twentieth of the time
TEST_EVERY_GRAM = 1000  # the same if an iteration takes a hundredth of a forward pass
MANY = 20  # from 2^20 iterations on there are half as many such points, from 2^21 a quarter …
FRESH = 1024  # values that wait to be sorted in
RECENT = 256  # values at the end of a curve that are all kept
COUNTS = ("loss", "l1", "l2", "batch_size", "dropout")  # with one changed, costs are not compared
NOWHERE = (math.inf, -1)  # the lowest value of an empty curve, and its iteration


class GrowingArray:
    """An append-only array: `view` copies nothing, and the values it shows never change."""

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
        size = self._size + len(values)
        if size > len(self._buffer):
            longer = np.empty(max(size, 2 * self._size), self._buffer.dtype)
            longer[: self._size] = self._buffer[: self._size]
            self._buffer = longer
        self._buffer[self._size : size] = values
        self._size = size

    def __len__(self) -> int:
        return self._size

    def view(self) -> NDArray[Any]:
        """All values so far, as a read-only view."""
        values = self._buffer[: self._size]
        values.setflags(write=False)
        return values


class ThinnedCurve:
    """A curve over iterations that only grows: every value at first and, if it is `bounded`, only
    the lowest and highest value of each interval after the first EXACT ones.

    After STRETCHES intervals of one length the next ones are twice as long, so that a run of any
    length takes little memory, no spike is lost, and old values never change.
    """

    def __init__(self, *, bounded: bool) -> None:
        self._fresh: list[float] = []  # appended since the last read
        self._values, self._places = GrowingArray(), GrowingArray(np.int64)
        self._left = EXACT if bounded else sys.maxsize  # to be kept individually
        self._stretch = np.empty(0)  # the values of the current interval
        self._next = 0  # the iteration of the next value, once not all are kept
        self._recent: deque[float] = deque(maxlen=RECENT)

    def append(self, value: float) -> None:
        """The value of the next iteration; a list takes it in a tenth of an array's time."""
        self._fresh.append(value)
        if len(self._fresh) == FRESH:
            self._sort_in()

    def _sort_in(self) -> None:
        """Add the values appended since."""
        if not self._fresh:
            return
        fresh, left = np.array(self._fresh, np.float64), self._left
        self._fresh.clear()
        self._values.extend(fresh[:left])
        self._left -= len(fresh[:left])
        if len(fresh) > left:
            self._thin(fresh[left:])

    def _thin(self, fresh: NDArray[np.float64]) -> None:
        """Add these to the current interval and the next ones."""
        if not len(self._places):
            self._next = len(self._values)
            self._places.extend(np.arange(self._next))
            self._recent.extend(self._values.view()[-RECENT:].tolist())
        self._recent.extend(fresh[-RECENT:].tolist())
        self._next += len(fresh)
        values = np.concatenate([self._stretch, fresh])
        while len(values) >= (width := self._width):
            of_this_width = STRETCHES - (len(self._values) - EXACT) // 2 % STRETCHES
            n = min(len(values) // width, of_this_width)
            self._keep_ends(values[: n * width].reshape(n, width), self._next - len(values))
            values = values[n * width :]
        self._stretch = values.copy()

    @property
    def _width(self) -> int:
        """The number of values in the current interval."""
        done = (len(self._values) - EXACT) // 2 // STRETCHES
        return FIRST << max(done, 0)

    def _keep_ends(self, intervals: NDArray[np.float64], start: int) -> None:
        """Keep the lowest and highest value of each of these intervals (n, width) from iteration
        `start` on, in their order.
        """
        n, width = intervals.shape
        ends = np.sort([intervals.argmin(axis=1), intervals.argmax(axis=1)], axis=0).T
        ends[ends[:, 0] == ends[:, 1]] = 0, width - 1  # all alike
        self._places.extend((start + np.arange(n)[:, np.newaxis] * width + ends).ravel())
        self._values.extend(np.take_along_axis(intervals, ends, axis=1).ravel())

    @property
    def values(self) -> NDArray[np.float64]:
        """The kept values, read-only."""
        self._sort_in()
        return self._values.view()

    @property
    def iterations(self) -> NDArray[np.int64] | None:
        """The iterations of `values`; None if these are all from 0 on."""
        self._sort_in()
        return self._places.view() if len(self._places) else None

    @property
    def lowest_under_way(self) -> tuple[float, int]:
        """The lowest value that is not among `values` yet, and its iteration; NOWHERE if none."""
        self._sort_in()
        if not len(self._stretch):
            return NOWHERE
        at = int(self._stretch.argmin())
        return float(self._stretch[at]), self._next - len(self._stretch) + at

    @property
    def recent(self) -> NDArray[np.float64]:
        """The last values, one per iteration, at most RECENT."""
        self._sort_in()
        return np.array(self._recent) if self._recent else self._values.view()[-RECENT:]

    def restore(
        self, values: NDArray[Any], iterations: NDArray[np.int64] | None, upcoming: int
    ) -> None:
        """Continue a curve whose next iteration is `upcoming`."""
        self._sort_in()
        self._values.extend(values)
        self._left = max(self._left - len(values), 0)
        if iterations is not None:
            self._places.extend(iterations)
            self._left, self._next = 0, upcoming


class RunningMinimum:
    """The minimum of a curve that only grows; reads every value once."""

    def __init__(self) -> None:
        self._since = self._read = 0
        self._found = NOWHERE

    def look(
        self, values: NDArray[Any], iterations: NDArray[np.int64] | None, since: int
    ) -> tuple[float, int]:
        """The first of the lowest values at `iterations` (None: from 0 on) from `since` on, and its
        iteration; NOWHERE if there is none yet.
        """
        if since != self._since:
            self._since, self._found = since, NOWHERE
            self._read = since if iterations is None else int(np.searchsorted(iterations, since))
        fresh = values[self._read :]
        if len(fresh):
            at = self._read + int(np.argmin(fresh))
            if values[at] < self._found[0]:
                self._found = float(values[at]), at if iterations is None else int(iterations[at])
            self._read = len(values)
        return self._found


class CostCurves:
    """The costs of a run: before each update, on the test examples at intervals, and the changes
    made.
    """

    def __init__(self, *, bounded: bool) -> None:
        self.train = ThinnedCurve(bounded=bounded)
        self._test, self._tested = GrowingArray(), GrowingArray(np.int64)
        self._lowest, self._lowest_test = RunningMinimum(), RunningMinimum()
        self.marks: tuple[Mark, ...] = ()  # the changes of hyperparameters, in order

    def want_test(self, iteration: int, *, gram: bool) -> bool:
        """Whether to measure the test cost of the parameters after this many updates."""
        every = TEST_EVERY_GRAM if gram else TEST_EVERY
        every <<= max(0, iteration.bit_length() - MANY)
        return iteration % every == 0 and iteration != self.last_tested

    def note_test(self, iteration: int, cost: float) -> None:
        """Add the test cost of the parameters after this many updates."""
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
        """The test costs of the iterations before this one."""
        iterations, costs = self.test
        taken = int(np.searchsorted(iterations, iteration))
        return iterations[:taken], costs[:taken]

    def train_before(self, iteration: int) -> tuple[NDArray[np.float64], NDArray[np.int64] | None]:
        """The training costs before this iteration, and their iterations if not all are kept."""
        values, iterations = self.train.values, self.train.iterations
        if iterations is None or iteration <= EXACT:
            return values[:iteration], None
        taken = int(np.searchsorted(iterations, iteration))
        return values[:taken], iterations[:taken]

    def cost_at(self, iteration: int) -> float:
        """The training cost before this update, or the next kept one."""
        values, iterations = self.train.values, self.train.iterations
        at = iteration if iterations is None else int(np.searchsorted(iterations, iteration))
        return float(values[min(at, len(values) - 1)])

    def best(self, *, noisy: bool) -> int | None:
        """The iteration with the lowest test cost or, without tests, the lowest cost, unless costs
        are `noisy` and therefore meaningless. Costs from before a change of the loss or
        regularization do not count.
        """
        if len(self._tested):
            iterations, costs = self.test
            at = self._lowest_test.look(costs, iterations, self._changed(("loss",)))[1]
        elif noisy:
            return None
        else:
            train, since = self.train, self._changed(COUNTS)
            found = self._lowest.look(train.values, train.iterations, since)
            at = min(found, train.lowest_under_way)[1]
        return at if at >= 0 else None

    def _changed(self, whats: tuple[str, ...]) -> int:
        """The iteration from which on none of these was changed."""
        return max(
            (mark.iteration for mark in self.marks if mark.what.startswith(whats)), default=0
        )

    def restore(self, state: RunState) -> None:
        """Start with the curves of a restored run."""
        self.marks = state.marks
        self.train.restore(state.costs, state.cost_iterations, state.iteration)
        self._tested.extend(state.test_iterations)
        self._test.extend(state.test_costs)


def frozen(array: NDArray[_T]) -> NDArray[_T]:
    """A read-only copy."""
    copy = array.copy()
    copy.setflags(write=False)
    return copy
