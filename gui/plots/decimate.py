"""Reduces a growing curve to a few thousand buckets that keep its extremes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.floating[Any]]
Places = NDArray[np.int64]

MOST_BUCKETS = 4096
_NEITHER = np.array([[np.inf], [-np.inf]])  # the extremes of an empty bucket
SMOOTHING = 0.02  # of the curve's length is one moving mean


class Envelope:
    """The lowest and the highest value of every bucket of `width` values of an append-only array,
    and their places.

    `extend` reads only what was added since the last call; when there are more than MOST_BUCKETS
    buckets, each two neighbours become one.
    """

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget everything: another array follows."""
        self.width = 1
        self._values: Values = np.empty(0)  # as last read
        self._ends = np.tile(_NEITHER, 2 * MOST_BUCKETS)  # lowest and highest, and none from there
        self._at = np.zeros(self._ends.shape, np.int64)
        self._sum = np.zeros(MOST_BUCKETS)

    @property
    def size(self) -> int:
        """How many values were read so far."""
        return len(self._values)

    @property
    def buckets(self) -> int:
        """How many buckets are in use; the last may be only partly filled."""
        return -(-self.size // self.width)

    @property
    def low(self) -> float:
        """The lowest value of all; there must be one."""
        return float(self._ends[0, : self.buckets].min())

    @property
    def high(self) -> float:
        """The highest value of all; there must be one."""
        return float(self._ends[1, : self.buckets].max())

    def extend(self, values: Values) -> None:
        """Read the new part of `values` (n,); the earlier part must be the same."""
        start, self._values = self.size, values
        with np.errstate(over="ignore"):  # a cost of 1e308 is drawn, its mean is infinite
            while self.buckets > MOST_BUCKETS:
                self._halve()
            first, whole = start // self.width, self.size // self.width  # a part is read again
            self._read(first, whole)
            self._read(max(first, whole), self.buckets)

    def _read(self, first: int, last: int) -> None:
        """Reduce the values of these buckets, all full or one that is not."""
        if last > first:
            part = self._values[first * self.width : last * self.width].reshape(last - first, -1)
            places = np.stack([part.argmin(axis=1), part.argmax(axis=1)])
            self._at[:, first:last] = places + np.arange(first, last) * self.width
            self._ends[:, first:last] = self._values[self._at[:, first:last]]
            self._sum[first:last] = part.sum(axis=1)

    def _halve(self) -> None:
        """Merge every two neighbouring buckets."""
        half = MOST_BUCKETS // 2
        self._at[:, :half] = self._extremes(half, 2)
        self._ends[:, :half] = self._values[self._at[:, :half]]
        self._ends[:, half:] = _NEITHER
        self._sum[:half] = self._sum.reshape(half, 2).sum(axis=1)
        self.width *= 2

    def _extremes(self, k: int, wide: int) -> Places:
        """The places (2, k) of the lowest and highest of each `wide` neighbouring buckets."""
        ends, at = (part[:, : k * wide].reshape(2, k, wide) for part in (self._ends, self._at))
        chosen, each = (ends[0].argmin(axis=1), ends[1].argmax(axis=1)), np.arange(k)
        return np.stack([at[row, each, which] for row, which in enumerate(chosen)])

    def points(self, columns: int) -> tuple[Places, Values]:
        """Positions in the array, and the values there: at most 2 · columns + 2 of them, in order.

        They include the first, the last, and the lowest and highest value of every column.
        """
        n = self.buckets
        wide = -(-n // max(columns, 1))
        if n == 0 or self.width == wide == 1:
            return np.arange(n), self._values.copy()
        extremes = self._extremes(-(-n // wide), wide).ravel()
        # With the index it takes a sixth of the time.
        at, _ = np.unique(np.append(extremes, (0, self.size - 1)), return_index=True)
        return at, self._values[at]

    def means(self, columns: int) -> tuple[Values, Values, int]:
        """Places, moving means around them, and over how many values each mean is taken.

        At both ends of the curve the mean is over the part of its window that there is.
        """
        n = self.buckets
        if n == 0:
            return np.empty(0), np.empty(0), 1
        window = min(max(3, round(n * SMOOTHING)) | 1, (n - 1) | 1)
        counts = np.full(n, float(self.width))
        counts[-1] = self.size - (n - 1) * self.width
        places = np.arange(n) * float(self.width) + (counts - 1) / 2
        around = np.ones(window)
        means = np.convolve(self._sum[:n], around, "same") / np.convolve(counts, around, "same")
        thin = np.unique(np.append(np.arange(0, n, -(-n // max(columns, 1))), n - 1))
        return places[thin], means[thin], window * self.width


def between(values: Values, first: int, last: int, columns: int) -> tuple[Places, Values]:
    """The result of `points` for values[first:last] alone: all of them if they are few."""
    first, last = max(first, 0), min(last, len(values))
    if last - first <= 2 * columns:
        at = np.arange(first, last)
        return at, np.asarray(values[first:last])
    part = Envelope()
    part.extend(values[first:last])
    at, found = part.points(columns)
    return at + first, found
