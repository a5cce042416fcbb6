"""The parameters of a network: every W[l] and b[l] is a view into one flat vector."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import DTypeLike, NDArray

from core.nn.activations import Array


class Parameters:
    """One flat vector; a layer is one block Wb[l] = [W[l] b[l]] of shape (n[l], n[l-1] + 1).

    W[l] (n[l], n[l-1]) and b[l] (n[l], 1) are views of it. With a row of ones under A[l-1], the
    whole of W[l] A[l-1] + b[l] is one matrix product, and so are dW[l] and db[l] together.
    An optimizer, a snapshot and the gradient check see only `flat`. A gradient is one of these too.
    """

    __slots__ = ("W", "Wb", "b", "flat", "sizes")

    def __init__(
        self, sizes: Sequence[int], dtype: DTypeLike = np.float64, flat: Array | None = None
    ) -> None:
        self.sizes = tuple(sizes)
        self.flat: Array = np.zeros(count(sizes), dtype) if flat is None else flat
        self.Wb: dict[int, Array] = {}
        self.W: dict[int, Array] = {}
        self.b: dict[int, Array] = {}
        start = 0
        for l, (n_prev, n) in enumerate(pairwise(sizes), start=1):
            end = start + n * (n_prev + 1)
            block = self.flat[start:end].reshape(n, n_prev + 1)
            self.Wb[l], self.W[l], self.b[l] = block, block[:, :-1], block[:, -1:]
            start = end

    def place(self, index: int) -> tuple[str, int, int, int]:
        """Name the number flat[index]: ("W" or "b", layer, row, column), the last two from 0."""
        for l, block in self.Wb.items():
            if index < block.size:
                row, column = divmod(index, block.shape[1])
                return ("W", l, row, column) if column < block.shape[1] - 1 else ("b", l, row, 0)
            index -= block.size
        raise IndexError(index)

    def index(self, layer: int, row: int, column: int) -> int | None:
        """The index of W[layer][row, column] in `flat` or, for column -1, of b[layer][row]; None if
        there is none.
        """
        block = self.Wb.get(layer)
        if block is None or not (0 <= row < len(block) and -1 <= column < block.shape[1] - 1):
            return None
        before = sum(int(Wb.size) for l, Wb in self.Wb.items() if l < layer)
        width = int(block.shape[1])
        return before + row * width + column % width


def count(sizes: Sequence[int]) -> int:
    """How many numbers a network of these sizes n[0]..n[L] has."""
    return sum(n * (n_prev + 1) for n_prev, n in pairwise(sizes))


def carry_over(old: Parameters, new: Parameters, inputs: Mapping[int, int] | None = None) -> None:
    """Copy everything into `new` that an edit of the structure did not change; the rest of `new`
    stays.

    `inputs` gives for each input of `new` its index in `old`; None: unchanged.

    Layers are matched from the input on as long as their sizes agree, then from the output back, so
    that an inserted layer does not take its neighbours' weights. If a matched layer gained or lost
    units, the weights of the others are kept.
    """
    old_last, new_last = len(old.sizes) - 1, len(new.sizes) - 1
    shared = min(old_last, new_last)
    front = 0
    while front < shared and old.sizes[front + 1] == new.sizes[front + 1]:
        front += 1
    if old_last == new_last:
        front = shared
    pairs = {l: l for l in range(1, front + 1)}
    pairs |= {new_last - k: old_last - k for k in range(shared - front)}
    for l_new, l_old in pairs.items():
        if l_new == l_old == 1 and inputs is not None:
            _copy_columns(old.W[1], new.W[1], inputs)
        else:
            _copy_overlap(old.W[l_old], new.W[l_new])
        _copy_overlap(old.b[l_old], new.b[l_new])


def _copy_overlap(old: Array, new: Array) -> None:
    rows, columns = min(len(old), len(new)), min(old.shape[1], new.shape[1])
    new[:rows, :columns] = old[:rows, :columns]


def _copy_columns(old: Array, new: Array, columns: Mapping[int, int]) -> None:
    rows = min(len(old), len(new))
    to, of = list(columns), list(columns.values())
    new[:rows, to] = old[:rows, of]


def places_of(sizes: Sequence[int], units: Mapping[int, Sequence[int]]) -> NDArray[np.intp]:
    """The positions of the weights and biases of units (layer → units, from 0) in the
    flat vector.
    """
    chosen = Parameters(sizes)
    for l, rows in units.items():
        chosen.Wb[l][list(rows)] = 1.0
    return np.flatnonzero(chosen.flat)
