"""Reduces a growing curve to a few thousand buckets that keep its extremes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.floating[Any]]
Places = NDArray[np.int64]

MOST_BUCKETS = 4096
SMOOTHING = 0.02  # of the curve's length is one moving mean


class Envelope:
    """The lowest and the highest value of every bucket of `width` values of an append-only array.

    `extend` reads only what was added since the last call; when there are more than MOST_BUCKETS
    buckets, each two neighbours become one. Every bucket keeps the positions of its extremes, so
    that `points` returns values of the array and never one in between.
    """

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget everything: another array follows."""
        self.width = 1
        self.size = 0  # values read so far
        self._low = np.empty(MOST_BUCKETS)
        self._high = np.empty(MOST_BUCKETS)
        self._sum = np.empty(MOST_BUCKETS)
        self._ends = (0.0, 0.0)  # the first value and the last one read
        self._low_at = np.empty(MOST_BUCKETS, np.int64)
        self._high_at = np.empty(MOST_BUCKETS, np.int64)

    @property
    def buckets(self) -> int:
        """How many buckets are in use; the last may be only partly filled."""
        return -(-self.size // self.width)

    @property
    def low(self) -> float:
        """The lowest value of all; there must be one."""
        return float(self._low[: self.buckets].min())

    @property
    def high(self) -> float:
        """The highest value of all; there must be one."""
        return float(self._high[: self.buckets].max())

    def extend(self, values: Values) -> None:
        """Read the new part of `values` (n,); the earlier part must be the same."""
        while len(values) > self.size:
            if self.size == MOST_BUCKETS * self.width:
                self._halve()
            end = min(len(values), MOST_BUCKETS * self.width)
            self._read(values, self.size, end)
            self.size = end
            self._ends = float(values[0]), float(values[end - 1])

    def _read(self, values: Values, start: int, end: int) -> None:
        """Reduce values[start:end] to buckets; an incomplete one is read again from its start."""
        first, last = start // self.width, -(-end // self.width)
        whole = end // self.width
        if whole > first:
            part = values[first * self.width : whole * self.width]
            self._reduce(part.reshape(-1, self.width), first, whole)
        if last > whole:
            self._reduce(values[whole * self.width : end][np.newaxis], whole, last)

    def _reduce(self, rows: Values, first: int, last: int) -> None:
        """Put one row of values a bucket into buckets first..last-1."""
        starts = np.arange(first, last) * self.width
        each = np.arange(len(rows))
        low_at, high_at = rows.argmin(axis=1), rows.argmax(axis=1)
        into = slice(first, last)
        self._low[into], self._low_at[into] = rows[each, low_at], starts + low_at
        self._high[into], self._high_at[into] = rows[each, high_at], starts + high_at
        with np.errstate(over="ignore"):  # a cost of 1e308 is drawn, its mean is infinite
            self._sum[into] = rows.sum(axis=1)

    def _halve(self) -> None:
        """Merge every two neighbouring buckets; there are MOST_BUCKETS full ones."""
        half = MOST_BUCKETS // 2
        each = np.arange(half)
        for value, at, pick in (
            (self._low, self._low_at, np.argmin),
            (self._high, self._high_at, np.argmax),
        ):
            pairs = value.reshape(half, 2)
            chosen = pick(pairs, axis=1)
            value[:half], at[:half] = pairs[each, chosen], at.reshape(half, 2)[each, chosen]
        with np.errstate(over="ignore"):
            self._sum[:half] = self._sum.reshape(half, 2).sum(axis=1)
        self.width *= 2

    def points(self, columns: int) -> tuple[Places, Values]:
        """Positions in the array, and the values there: at most 2 · columns + 2 of them, in order.

        They include the first, the last, and the lowest and highest value of every column.
        """
        n = self.buckets
        if n == 0:
            return np.empty(0, np.int64), np.empty(0)
        wide = -(-n // max(columns, 1))
        if self.width == wide == 1:
            return np.arange(n), self._low[:n].copy()
        low, low_at = _choose(np.argmin, np.inf, self._low[:n], self._low_at[:n], wide)
        high, high_at = _choose(np.argmax, -np.inf, self._high[:n], self._high_at[:n], wide)
        at = np.concatenate([low_at, high_at, (0, self.size - 1)])
        at, which = np.unique(at, return_index=True)
        return at, np.concatenate([low, high, self._ends])[which]

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


def _choose(
    pick: Callable[..., NDArray[np.intp]], filling: float, values: Values, at: Places, wide: int
) -> tuple[Values, Places]:
    """Of each `wide` neighbours (fewer at the end) the picked value, and its place."""
    rows = -(-len(values) // wide)
    padded = np.full(rows * wide, filling)
    padded[: len(values)] = values
    chosen = pick(padded.reshape(rows, wide), axis=1) + np.arange(rows) * wide
    return values[chosen], at[chosen]
