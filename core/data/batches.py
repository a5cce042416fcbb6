"""Chooses the examples of each iteration: all, or mini-batches reshuffled every epoch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import LayerwiseError

Indices = NDArray[np.intp]
_NOTHING = np.empty(0)


@dataclass(frozen=True, slots=True, eq=False)
class BatchPosition:
    """A run's position in an epoch: `order` (m,) is read-only, `position` counts examples in it."""

    order: Indices
    position: int
    epoch: int


class Batches:
    """The order of the examples of one run.

    Every epoch uses each of the m examples once; the rest at its end is a smaller last batch.
    `size` None, or at least m, is full batch: all examples in their own order, and nothing is drawn
    from `rng`. With the same `rng` and `place` a run continues exactly.
    """

    def __init__(
        self,
        m: int,
        size: int | None,
        rng: np.random.RandomState,
        place: BatchPosition | None = None,
    ) -> None:
        self._m = m
        self._all = np.arange(m)
        self._all.setflags(write=False)
        self._rng = rng
        self._order = self._all if place is None else place.order
        self._position = m if place is None else place.position
        self._epoch = 0 if place is None else place.epoch
        self._random: dict[str, NDArray[Any]] = {}  # the state of `rng`, once read
        self.resize(size)

    @property
    def full(self) -> bool:
        """Whether an iteration uses all examples, so that their columns need not be gathered."""
        return self._size == self._m

    @property
    def size(self) -> int:
        """Examples in a batch, at most m; an epoch's last batch may have fewer."""
        return self._size

    @property
    def epoch(self) -> int:
        """Number of epochs completed."""
        return self._epoch

    @property
    def place(self) -> BatchPosition:
        """The position from which another Batches can continue."""
        return BatchPosition(self._order, self._position, self._epoch)

    def memory(self, under_way: Indices | None = None) -> dict[str, NDArray[Any]]:
        """Arrays from which `restore` continues, including the batch `under_way`."""
        if under_way is not None:
            self.put_back(under_way)
        place = self.place
        if under_way is not None:
            self.next()
        return {
            # Read-only, and of the full batch there is nothing to remember.
            **(
                {}
                if place.order is self._all
                else {"order": place.order.astype(np.int64, copy=False)}
            ),
            "place": np.array([place.position, place.epoch], np.int64),
            **self._random_state(),
        }

    def _random_state(self) -> dict[str, NDArray[Any]]:
        """Read only after a draw, which the full batch never makes: it takes as long as an
        iteration of a small network.
        """
        if not self._random:
            state = self._rng.get_state(legacy=False)["state"]
            self._random = {
                "random_key": state["key"],
                "random_place": np.array(state["pos"], np.int64),
            }
            for array in self._random.values():
                array.setflags(write=False)
        return self._random

    def restore(self, memory: Mapping[str, NDArray[Any]]) -> None:
        """Continue from `memory`; raises LayerwiseError if it does not fit these batches."""
        order, place = memory.get("order", self._all), memory.get("place", _NOTHING)
        key, at = memory.get("random_key", _NOTHING), memory.get("random_place", _NOTHING)
        m = len(self._all)
        whole = all(array.dtype.kind in "iu" for array in (order, place, key, at))
        fits = (order.shape, place.shape, key.shape, at.shape) == ((m,), (2,), (624,), ())
        if not (whole and fits and np.array_equal(np.sort(order), self._all)):
            raise LayerwiseError("The saved order of the examples is not one of these examples.")
        position, epoch = (int(n) for n in place)
        if not (0 <= position <= m and epoch >= 0 and 0 <= at <= 624):
            raise LayerwiseError("The saved place in the epoch does not exist.")
        self._order = self._all if np.array_equal(order, self._all) else order.astype(np.intp)
        self._order.setflags(write=False)
        self._position, self._epoch = position, epoch
        state = {"key": key.astype(np.uint32), "pos": int(at)}
        self._rng.set_state(
            {"bit_generator": "MT19937", "state": state, "has_gauss": 0, "gauss": 0.0}
        )
        self._random = {}

    def resize(self, size: int | None) -> None:
        """Change the batch size; the rest of the epoch keeps its order."""
        if size is not None and size < 1:
            raise LayerwiseError(f"The batch size is {size}: choose 1 or more, or full batch.")
        m = len(self._all)
        self._size = m if size is None else min(size, m)

    def next(self) -> Indices:
        """Return the columns of the next batch, (size,) or fewer; read-only."""
        m = self._m
        if self._size == m:
            self._order, self._position = self._all, m
            self._epoch += 1
            return self._all
        if self._position == m:
            self._order, self._random = self._rng.permutation(m), {}
            self._order.setflags(write=False)
            self._position = 0
        batch = self._order[self._position : self._position + self._size]
        self._position += len(batch)
        self._epoch += self._position == m
        return batch

    def peek(self) -> Indices:
        """What `next` will return."""
        batch = self.next()
        self.put_back(batch)
        return batch

    def put_back(self, batch: Indices) -> None:
        """Undo the last `next`, which returned `batch`, so that it comes again."""
        self._epoch -= self._position == len(self._all)
        if batch is not self._all:
            self._position -= len(batch)
