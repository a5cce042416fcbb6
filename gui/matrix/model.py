"""The model of a matrix view: a 2-D array with its name and axes, and its text form."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gui.style import text

Array = NDArray[np.floating]
MOST_COPIED = 100_000  # numbers: more of them are a file, not something to paste
_SAMPLED = 64  # rows, and columns, examined to find the width of the numbers
_LEAST = 6
_MEASURED = 64  # of those, how many are written out


@dataclass(frozen=True, slots=True)
class MatrixAxis:
    """One direction of a matrix: `word` names one of its items ("unit", "example").

    `title(i)` names the i-th (from 0) in full; short names are i + 1. Two views scroll together
    along axes of the same `key`.
    """

    word: str
    title: Callable[[int], str]
    key: Hashable = None


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """Values (rows, columns), with a `name` for people and a `code` for Python.

    `matched` (0 or 1) is the index in the shape that must match the neighbour's; `unsaid` hides the
    shape, as a question.
    """

    values: Array
    name: str
    code: str
    rows: MatrixAxis
    columns: MatrixAxis
    matched: int | None = None
    unsaid: bool = False

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns = self.values.shape
        return rows, columns

    @property
    def sizes(self) -> tuple[str, str]:
        """Rows and columns as text."""
        rows, columns = self.shape
        return ("?", "?") if self.unsaid else (str(rows), str(columns))

    def address(self, row: int, column: int) -> str:
        """The position of a number, in words."""
        return f"{self.rows.title(row)}, {self.columns.title(column)}"


@dataclass(frozen=True, slots=True)
class Marks:
    """The highlight, in the colour of `tone` ("forward" or "backward"): whole rows, columns, a
    cell.

    `strong` is one cell with the strongest mark: the opened number.
    """

    tone: str = "forward"
    rows: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()
    cells: frozenset[tuple[int, int]] = frozenset()
    strong: tuple[int, int] | None = None


NO_MARKS = Marks()


def largest(values: Array) -> float:
    """The largest finite |value|, 0 if there is none: the end of the matrix's colour scale."""
    if values.size == 0:
        return 0.0
    with np.errstate(invalid="ignore"):
        top = max(float(values.max()), -float(values.min()))
    if not math.isfinite(top):
        finite = values[np.isfinite(values)]
        top = float(np.abs(finite).max()) if finite.size else 0.0
    return top


def usual_length(values: Array, digits: int) -> int:
    """How many characters nine in ten numbers of a sample of the array need; at least six."""
    down, across = (max(1, size // _SAMPLED) for size in values.shape)
    ordered = np.sort(np.abs(values[::down, ::across]), axis=None)
    some = ordered[np.linspace(0, ordered.size - 1, min(_MEASURED, ordered.size)).astype(int)]
    lengths = sorted(len(text.number(-x, digits)) for x in some)
    return max(lengths[len(lengths) * 9 // 10], _LEAST) if lengths else _LEAST


def fitting(x: float, digits: int, length: int) -> str:
    """Write a number with as many meaningful digits, up to `digits`, as that length has room for.

    One digit always fits into six characters (`-1e-05`).
    """
    words = text.number(x, digits)
    while len(words) > length and digits > 1:
        digits -= 1
        words = text.number(x, digits)
    return words


def as_text(values: Array) -> str:
    """Lines of numbers with all digits, separated by tabs, for a spreadsheet."""
    return "\n".join("\t".join(repr(float(x)) for x in row) for row in values)


def as_numpy(values: Array, name: str) -> str:
    """The line of Python that makes this array exactly."""
    rows = ",\n    ".join(f"[{', '.join(_python(float(x)) for x in row)}]" for row in values)
    return f"{name} = np.array([\n    {rows},\n])"


def _python(x: float) -> str:
    return repr(x) if math.isfinite(x) else f"{'-' if x < 0 else ''}np.{'nan' if x != x else 'inf'}"
