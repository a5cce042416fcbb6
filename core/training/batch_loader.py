"""Loads the examples of each iteration into the cache that its pass uses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from core.data.batches import Batches, Indices
from core.data.examples import Examples
from core.nn.activations import Array
from core.nn.cache import Cache, FixedInputs, part_size


@dataclass(frozen=True, slots=True, eq=False)
class BatchPart:
    """Some examples of a batch, with their inputs in cache.A[0]; `whole` if they are the entire
    batch.
    """

    cache: Cache
    Y: Array  # (n[L], m)
    whole: bool = True


class BatchLoader:
    """Loads the batches of a run: the full batch, or mini-batches gathered from the examples.

    A batch whose pass would take long is loaded in parts. A full batch in one part is not copied,
    and its cache is filled once; all others are gathered from transposed copies, because gathering
    a contiguous example is eight times as fast as one spread over n[0] rows. `cache`, if given,
    already holds the full batch. The layers of `keep` drop activations. `inputs`, if given, are the
    inputs of all examples, shared with others.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        examples: Examples,
        batches: Batches,
        cache: Cache | None = None,
        keep: Mapping[int, float] = MappingProxyType({}),
        inputs: FixedInputs | None = None,
    ) -> None:
        self._sizes, self._batches, self._keep = tuple(sizes), batches, keep
        self._most = part_size(sizes)
        self.batch: Indices = np.empty(0, np.intp)  # the current part, or the last
        self._start = 0  # of the next part in the batch
        self._before = 0  # epochs when the batch was taken
        self._parts: dict[tuple[int, bool], BatchPart] = {}
        self.full: BatchPart | None = None
        if cache is not None:
            self.full = BatchPart(cache, examples.Y)
        elif batches.full and batches.size <= self._most:
            cache = Cache(sizes, examples.m, examples.X.dtype)
            cache.fix_inputs(inputs or FixedInputs(examples.X))
            cache.drop(keep)
            self.full = BatchPart(cache, examples.Y)
        else:
            self._X1 = np.ones((examples.m, sizes[0] + 1), examples.X.dtype)
            self._X1[:, :-1] = examples.X.T
            self._Y = np.ascontiguousarray(examples.Y.T)

    @property
    def done(self) -> bool:
        """Whether the last part was the end of its batch."""
        return self.full is not None or self._start == len(self.batch)

    @property
    def epoch(self) -> int:
        """How many times every example has been used."""
        return self._batches.epoch if self.done else self._before

    def share(self, part: BatchPart) -> float:
        """How much of its batch a part is, from 0 to 1."""
        return part.cache.m / len(self.batch)

    def next(self) -> BatchPart:
        """The next part to compute, of the same batch until it is `done`."""
        if self.full is not None:
            self._batches.next()
            return self.full
        if self.done:
            self._before = self._batches.epoch
            self.batch, self._start = self._batches.next(), 0
        columns = self.batch[self._start : self._start + self._most]
        self._start += len(columns)
        part = self._part(len(columns), whole=len(columns) == len(self.batch))
        # "clip": the default mode first checks every index in a temporary array
        self._X1.take(columns, 0, part.cache.A1T[0], "clip")
        self._Y.take(columns, 0, part.Y.T, "clip")
        return part

    def restart(self) -> None:
        """Start an incomplete batch again."""
        if not self.done:
            self._batches.put_back(self.batch)
            self._start = len(self.batch)

    def _part(self, m: int, *, whole: bool) -> BatchPart:
        key = (m, whole)
        if key not in self._parts:
            cache = Cache(self._sizes, m, self._X1.dtype)
            cache.drop(self._keep)
            cache.hold(0, np.empty_like(self._X1, shape=(m, self._X1.shape[1])).T)
            Y = np.empty_like(self._Y, shape=(m, self._Y.shape[1])).T
            self._parts[key] = BatchPart(cache, Y, whole)
        return self._parts[key]
