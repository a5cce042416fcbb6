"""Which examples each iteration trains on: all of them, or mini-batches reshuffled every epoch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import LayerwiseError

Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where in an epoch a run is: `order` (m,) is read-only, `position` counts examples in it."""

    order: Indices
    position: int
    epoch: int


class Batches:
    """The order of the examples of one run.

    Every epoch uses every one of the m examples once; what is left over at its end is a smaller
    last batch. `size` None, or m and more, is full batch: all examples in their own order, and
    nothing is drawn from `rng`. With the same `rng` and `place` a run goes on as if never stopped.
    """

    def __init__(
        self,
        m: int,
        size: int | None,
        rng: np.random.RandomState,
        place: Place | None = None,
    ) -> None:
        self._all = np.arange(m)
        self._all.setflags(write=False)
        self._rng = rng
        self._order = self._all if place is None else place.order
        self._position = m if place is None else place.position
        self._epoch = 0 if place is None else place.epoch
        self.resize(size)

    @property
    def full(self) -> bool:
        """Whether an iteration sees all examples, so that their columns need not be gathered."""
        return self._size == len(self._all)

    @property
    def size(self) -> int:
        """Examples in a batch, at most m; an epoch's last batch may have fewer."""
        return self._size

    @property
    def epoch(self) -> int:
        """Number of epochs completed."""
        return self._epoch

    @property
    def place(self) -> Place:
        """The place to give to another Batches that is to go on from here."""
        return Place(self._order, self._position, self._epoch)

    def resize(self, size: int | None) -> None:
        """Change the batch size; the rest of the epoch keeps its order."""
        if size is not None and size < 1:
            raise LayerwiseError(f"The batch size is {size}: choose 1 or more, or full batch.")
        m = len(self._all)
        self._size = m if size is None else min(size, m)

    def next(self) -> Indices:
        """Return the columns of the next batch, (size,) or fewer; read-only."""
        m = len(self._all)
        if self.full:
            self._order, self._position = self._all, m
            self._epoch += 1
            return self._all
        if self._position == m:
            self._order = self._rng.permutation(m)
            self._order.setflags(write=False)
            self._position = 0
        batch = self._order[self._position : self._position + self._size]
        self._position += len(batch)
        self._epoch += self._position == m
        return batch

    def put_back(self, batch: Indices) -> None:
        """Undo the last `next`, which returned `batch`: it was only looked at and comes again."""
        self._epoch -= self._position == len(self._all)
        if batch is not self._all:
            self._position -= len(batch)
