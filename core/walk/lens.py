"""One example in detail: its numbers in every layer, and its share of a weight's gradient."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.nn.activations import Array
from core.walk.entry import BIASES, Entry
from core.walk.recipe import double
from core.walk.record import Indices, Record


@dataclass(frozen=True, slots=True, eq=False)
class Lens:
    """One example: column `column` of the record, example `example` of the training set (from 0).

    `z[l]` and `a[l]` are (n[l],), `a[0]` its inputs; `gradient` is its own dZ[L]. All read-only.
    """

    column: int
    example: int
    x: Array
    y: Array
    prediction: Array
    loss: float
    gradient: Array
    z: dict[int, Array]
    a: dict[int, Array]


@dataclass(frozen=True, slots=True, eq=False)
class Pulls:
    """Each example's pull on one parameter, its contribution to the gradient.

    `values` (m,) are dz · a of the examples in ascending order and `columns` (m,) the examples.
    Their mean, `mean`, is the gradient without regularization. `up` of them are positive and raise
    the gradient, so that the update lowers the parameter; `down` are negative.
    """

    parameter: Entry
    values: Array
    columns: Indices
    mean: float
    up: int
    down: int


def lens(record: Record, column: int) -> Lens:
    """The example in that column. Raises IndexError if there is none."""
    if not 0 <= column < record.m:
        raise IndexError(f"There is no column {column} among {record.m}.")
    L = record.L
    return Lens(
        column,
        int(record.examples[column]),
        record.A[0][:, column],
        record.Y[:, column],
        record.A[L][:, column],
        float(record.losses[column]),
        record.dZ[L][:, column],
        {l: Z[:, column] for l, Z in record.Z.items()},
        {l: A[:, column] for l, A in record.A.items()},
    )


def column_of(record: Record, example: int) -> int | None:
    """The column of that example of the training set; None if the batch is without it."""
    found = np.flatnonzero(record.examples == example)
    return int(found[0]) if len(found) else None


def neighbour(record: Record, column: int, by: int) -> int:
    """The column that many further on, round and round."""
    return (column + by) % record.m


def worst(record: Record) -> int:
    """The column of the example with the largest loss (one that is not a number, if there is)."""
    return int(np.nan_to_num(record.losses, nan=np.inf).argmax())


def own_gradient(record: Record, parameter: Entry, column: int) -> float:
    """The example's own gradient of a weight or bias: dz · a."""
    return float(_contributions(record, parameter)[column])


def pulls(record: Record, parameter: Entry) -> Pulls:
    """The pull of every example on a weight or bias, named by W, dW, b, db or its value after the
    update.

    Raises IndexError if there is no such parameter.
    """
    values = _contributions(record, parameter)
    order: NDArray[np.intp] = values.argsort(kind="stable")
    values = values[order]
    for array in (values, order):
        array.setflags(write=False)
    with np.errstate(all="ignore"):
        mean = float(values.mean())
    return Pulls(parameter, values, order, mean, int((values > 0).sum()), int((values < 0).sum()))


def _contributions(record: Record, parameter: Entry) -> Array:
    bias = parameter.target in BIASES
    l, i, j = parameter.layer, parameter.row, parameter.column
    if not record.contains(Entry("b" if bias else "W", l, i, j)):
        raise IndexError(f"{parameter} is outside its array.")
    dz = double(record.dZ[l][i])
    return dz.copy() if bias else dz * double(record.A[l - 1][j])
