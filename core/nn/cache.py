"""The memory of one pass: every Z, A, dA and dZ, allocated once and refilled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import DTypeLike

from core.nn.activations import Array, Scratch
from core.nn.parameters import count

PART_WORK = 2**29  # multiply-adds that one pass may take: some 0.05 s, an unnoticeable wait
UNIT_WORK = 300  # cost of a unit's activation, forward and backward, per example, in the same unit
MANY_INPUTS = 512  # from here on dZ[1] [A[0]; 1]' is a fifth faster with a copy (float32)
MOST_COPIED = 2**27  # bytes of inputs that are kept in both memory orders
SMALLEST_PART = 64  # with fewer examples at a time, matrix products would be inefficient


class Cache:
    """All intermediate values of one forward and one backward pass over m examples.

    A[l], Z[l], dA[l], dZ[l] have shape (n[l], m), l = 1..L, and A[0] = X. Every A[l] has a row of
    ones below it: the next layer's [W b] multiplies A1[l] (n[l] + 1, m), and the next dZ its
    transpose A1T[l]. The caller of `forward` owns the cache; callers with separate caches never
    disturb each other.

    G[l] is g(Z[l]). It is A[l] itself, except in the layers of `D`: their activations are dropped
    where the mask D[l] (n[l], m) is 0, and divided by keep[l] where it is 1 (core/nn/dropout.py).
    `error` is A[L] - Y if that is dZ[L]: the same array, unless the Gram form has replaced dZ[L].
    """

    __slots__ = (
        "A",
        "A1",
        "A1T",
        "D",
        "G",
        "Z",
        "dA",
        "dZ",
        "error",
        "keep",
        "m",
        "scratch",
        "sizes",
    )

    def __init__(self, sizes: Sequence[int], m: int, dtype: DTypeLike = np.float64) -> None:
        self.sizes, self.m = tuple(sizes), m
        self.A1: dict[int, Array] = {}
        self.A1T: dict[int, Array] = {}
        self.A: dict[int, Array] = {}
        self.Z: dict[int, Array] = {}
        self.dA: dict[int, Array] = {}
        self.dZ: dict[int, Array] = {}
        self.scratch: dict[int, Scratch] = {}
        self.G: dict[int, Array] = {}
        self.D: dict[int, Array] = {}
        self.keep: dict[int, float] = {}
        for l, n in enumerate(sizes):
            self.hold(l, np.empty((n + 1, m), dtype))
            self.A1[l][n] = 1.0
            if l > 0:
                self.Z[l], self.dA[l], self.dZ[l] = (np.empty((n, m), dtype) for _ in range(3))
                self.scratch[l] = Scratch(n, m, dtype)
                self.G[l] = self.A[l]
        self.error = self.dZ[len(sizes) - 1]

    def hold(self, l: int, A1: Array) -> None:
        """Use this array (n[l] + 1, m), in any memory order, as [A[l]; 1]."""
        self.A1[l], self.A1T[l], self.A[l] = A1, A1.T, A1[:-1]

    def drop(self, keep: Mapping[int, float]) -> None:
        """Let these layers drop activations; their masks D[l] must be filled before each pass."""
        for l, share in keep.items():
            self.keep[l] = share
            self.G[l], self.D[l] = np.empty_like(self.A[l]), np.ones_like(self.A[l])

    def fix_inputs(self, inputs: FixedInputs) -> None:
        """Use these inputs, which are never written to."""
        self.A1[0], self.A1T[0], self.A[0] = inputs.A1, inputs.A1T, inputs.A1[:-1]


class FixedInputs:
    """[X; 1] of all examples X (n[0], m), created when a pass over them is first needed.

    Many rows are kept in both memory orders, one for each product, unless they are so large that a
    second copy costs more.
    """

    def __init__(self, X: Array) -> None:
        self._X = X

    @cached_property
    def A1(self) -> Array:  # noqa: N802 - the letters of the course
        """(n[0] + 1, m)."""
        A1 = np.empty((self._X.shape[0] + 1, self._X.shape[1]), self._X.dtype)
        A1[:-1], A1[-1] = self._X, 1.0
        A1.setflags(write=False)
        return A1

    @cached_property
    def A1T(self) -> Array:  # noqa: N802 - the letters of the course
        """(m, n[0] + 1)."""
        if len(self._X) < MANY_INPUTS or self.A1.nbytes > MOST_COPIED:
            return self.A1.T
        A1T = np.ascontiguousarray(self.A1.T)
        A1T.setflags(write=False)
        return A1T


def part_size(sizes: Sequence[int]) -> int:
    """The largest number of examples in one pass, so that no pass takes long or fills the memory.

    More examples are computed in parts, whose gradients add up to the same.
    """
    work = 3 * count(sizes) + UNIT_WORK * sum(sizes[1:])
    return max(SMALLEST_PART, PART_WORK // work)


def bytes_needed(sizes: Sequence[int], m: int, dtype: DTypeLike = np.float64) -> dict[int, int]:
    """The bytes needed for m examples, the cache of a pass over a part of them and three copies of
    the parameters, layer by layer (0..L).
    """
    item, part = np.dtype(dtype).itemsize, min(m, part_size(sizes))
    need = {0: (sizes[0] + 1) * m * item}
    for l in range(1, len(sizes)):
        need[l] = sizes[l] * (5 * item + 1) * part + 3 * sizes[l] * (sizes[l - 1] + 1) * item
    return need
