"""The memory of one pass: every Z, A, dA and dZ, allocated once and refilled."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import DTypeLike

from core.nn.activations import Array, Scratch


class Cache:
    """All intermediate values of one forward and one backward pass over m examples.

    A[l], Z[l], dA[l], dZ[l] have shape (n[l], m), l = 1..L, and A[0] = X. Under every A[l] lies a
    row of ones: A1[l] (n[l] + 1, m) is what the next layer's [W b] multiplies. Whoever calls
    `forward` owns the cache; two callers with a cache each never disturb one another.
    """

    __slots__ = ("A", "A1", "Z", "dA", "dZ", "m", "scratch", "sizes")

    def __init__(self, sizes: Sequence[int], m: int, dtype: DTypeLike = np.float64) -> None:
        self.sizes, self.m = tuple(sizes), m
        self.A1: dict[int, Array] = {}
        self.A: dict[int, Array] = {}
        self.Z: dict[int, Array] = {}
        self.dA: dict[int, Array] = {}
        self.dZ: dict[int, Array] = {}
        self.scratch: dict[int, Scratch] = {}
        for l, n in enumerate(sizes):
            self.A1[l] = np.empty((n + 1, m), dtype)
            self.A1[l][n] = 1.0
            self.A[l] = self.A1[l][:n]
            if l > 0:
                self.Z[l], self.dA[l], self.dZ[l] = (np.empty((n, m), dtype) for _ in range(3))
                self.scratch[l] = Scratch(n, m, dtype)


def bytes_needed(sizes: Sequence[int], m: int, dtype: DTypeLike = np.float64) -> dict[int, int]:
    """What a cache and three copies of the parameters take, in bytes, a layer at a time (0..L)."""
    item = np.dtype(dtype).itemsize
    need = {0: (sizes[0] + 1) * m * item}
    for l in range(1, len(sizes)):
        need[l] = sizes[l] * (5 * item + 1) * m + 3 * sizes[l] * (sizes[l - 1] + 1) * item
    return need
