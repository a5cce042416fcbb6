"""Broadcasting with real numbers: which are copies, and the pitfall of arrays of rank 1."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import LayerwiseError
from core.labs.shapes import NamedShape, Shape, ShapeOutcome, ShapeQuestion, outcome

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
SIGNS = {"add": "+", "subtract": "-", "multiply": "*"}
MOST_CELLS = 2**18  # that are computed and drawn
LONGEST = 50  # numbers of a vector of rank 1


@dataclass(frozen=True, slots=True, eq=False)
class ReadArray:
    """One array as NumPy reads it: `values` in the shape of the result, `own` where a number is the
    array's own and not a copy, and `read` the shape it is treated as, such as (1, 4) for (4,).
    """

    operand: NamedShape
    read: Shape
    values: Array
    own: Mask


@dataclass(frozen=True, slots=True, eq=False)
class Broadcast:
    """An elementwise operation. If NumPy refuses it, the parts are the arrays unchanged, and there
    is no result.

    `meant` marks the numbers that were probably intended, if a column and a row unexpectedly give a
    table: its diagonal.
    """

    question: ShapeQuestion
    outcome: ShapeOutcome
    parts: tuple[ReadArray, ...]
    result: Array | None = None
    meant: Mask | None = None


_DO: dict[str, Callable[[Any, Any], Any]] = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
}


def broadcast(question: ShapeQuestion) -> Broadcast:
    """Do it with numbers that show their origin: 1, 2, 3 … in the first array and 10, 20, 30 … in
    the second, row by row.

    Raises LayerwiseError if it is too large to be drawn.
    """
    found = outcome(question)
    made = (found.shape or (), *(operand.shape for operand in question.operands))
    largest = max(made, key=prod)
    if prod(largest) > MOST_CELLS:
        raise LayerwiseError(
            f"An array {largest} has {prod(largest):,} numbers, and this lab draws up to"
            f" {MOST_CELLS:,}: choose smaller sizes."
        )
    arrays = [
        step * np.arange(1.0, prod(each.shape) + 1.0).reshape(each.shape)
        for each, step in zip(question.operands, (1.0, 10.0), strict=True)
    ]
    parts = tuple(
        _spread(operand, array, operand.shape if found.shape is None else found.shape)
        for operand, array in zip(question.operands, arrays, strict=True)
    )
    if found.shape is None:
        return Broadcast(question, found, parts)
    result = _DO[question.operation](*arrays)
    return Broadcast(question, found, parts, result, _meant(question.operands, found.shape))


def _spread(operand: NamedShape, array: Array, made: Shape) -> ReadArray:
    own = np.zeros(made, bool)
    read = (1,) * (len(made) - array.ndim) + array.shape
    own[tuple(slice(size) for size in read)] = True
    return ReadArray(operand, read, np.broadcast_to(array, made), own)


def _meant(operands: tuple[NamedShape, ...], made: Shape) -> Mask | None:
    """The diagonal, if a column meets a row, or an array of rank 1, with as many numbers."""
    n = made[0] if made else 0
    surprising = len(made) == 2 and n > 1 and made == (n, n)
    if not surprising or any(prod(operand.shape) != n for operand in operands):
        return None
    return np.eye(n, dtype=bool)


# --- rank 1 --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NumpyLine:
    """A line of NumPy about a vector v, and its result: a shape and perhaps the number, or an error
    by its name and words; `meaning` explains it.
    """

    code: str
    shape: Shape | None
    value: float | None
    error: str
    meaning: str


def vector(n: int, seed: int) -> Array:
    """np.random.randn(n) after np.random.seed(seed): an array of rank 1, (n,).

    Raises LayerwiseError for a length that this lab does not show.
    """
    if not 2 <= n <= LONGEST:
        raise LayerwiseError(f"v has {n:,} numbers: choose from 2 to {LONGEST}.")
    return np.random.RandomState(seed).randn(n)


def lines(v: Array) -> tuple[NumpyLine, ...]:
    """The results of the usual lines for this v, of shape (n,) or, once it was reshaped, (n, 1)."""
    n, flat = v.size, v.ndim == 1
    return (
        _line(
            "v.T",
            lambda: v.T,
            "Unchanged: rank 1 is neither a row nor a column." if flat else "A row, as it should.",
        ),
        _line(
            "np.dot(v, v.T)",
            lambda: np.dot(v, v.T),
            "One number, v · v: not the table of all products."
            if flat
            else f"A column times a row: the table of all {n} × {n} products.",
        ),
        _line(
            "np.dot(v.T, v)",
            lambda: np.dot(v.T, v),
            "The same number: .T changes nothing."
            if flat
            else "A row times a column: one number, as a matrix (1, 1).",
        ),
        _line(
            f"v.reshape({n}, 1) @ v.reshape(1, {n})",
            lambda: v.reshape(n, 1) @ v.reshape(1, n),
            "Said in full, it is the table in either case.",
        ),
        _line(
            f"v - v.reshape(1, {n})",
            lambda: v - v.reshape(1, n),
            f"v is read as a row, (1, {n}): all zeros."
            if flat
            else "A column less a row: every number less every other.",
        ),
    )


def asserted(v: Array) -> NumpyLine:
    """`assert v.shape == (n, 1)`, carried out."""
    n = v.size

    def check() -> Array:
        if v.shape != (n, 1):
            raise AssertionError  # as the line itself does, but under -O too
        return v

    return _line(
        f"assert v.shape == ({n}, 1)",
        check,
        f"v has shape ({n},). It stops here, before a wrong shape spreads: write"
        f" v = v.reshape({n}, 1) above it."
        if v.ndim == 1
        else "v is a column, and from here on every line can rely on it.",
    )


def _line(code: str, do: Callable[[], Any], meaning: str) -> NumpyLine:
    try:
        made = do()
    except (AssertionError, ValueError) as error:
        return NumpyLine(code, None, None, f"{type(error).__name__} {error}".strip(), meaning)
    value = float(np.asarray(made).reshape(())) if np.size(made) == 1 else None
    return NumpyLine(code, np.shape(made), value, "", meaning)
