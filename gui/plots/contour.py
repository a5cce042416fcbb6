"""Functions on a grid: contour lines (marching squares, all cells at once), and interpolation."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.floating[Any]]


def crossings(field: Floats, level: float) -> tuple[Floats, Floats]:
    """The line field = level through `field` (h, w): columns and rows of its pieces' ends.

    Piece i goes from end 2i to end 2i + 1; columns count along a row of the grid, from 0 to w - 1.
    Where a cell is crossed twice, the mean of its corners says which corners belong together.
    """
    above = field > level
    a, b, c, d = above[:-1, :-1], above[:-1, 1:], above[1:, 1:], above[1:, :-1]
    row, column = np.nonzero((a != b) | (b != c) | (c != d))
    around = (0, 0), (0, 1), (1, 1), (1, 0)
    corners = np.stack([field[row + i, column + j] for i, j in around])  # (4, cells)
    # (cells, 4): crossings of the cell's top, right, bottom and left edge
    crossed = ((corners > level) != (corners[[1, 2, 3, 0]] > level)).T
    starts, stops = corners[[0, 1, 3, 0]], corners[[1, 2, 2, 3]]  # (4, cells), of the edges
    with np.errstate(all="ignore"):
        along = (level - starts) / (stops - starts)  # used only where they differ
    nought, one = np.zeros_like(along[0]), np.ones_like(along[0])
    ends = (
        np.stack([along[0], one, along[2], nought], axis=1),
        np.stack([nought, along[1], one, along[3]], axis=1),
    )
    twice = crossed.all(axis=1)
    chosen = np.zeros((len(row), 2, 2), np.intp)  # up to two pieces, each from edge to edge
    chosen[~twice, 0] = np.nonzero(crossed[~twice])[1].reshape(-1, 2)
    middle_above = corners[:, twice].mean(axis=0) > level
    cut_b_and_d = middle_above == (corners[0][twice] > level)
    pieces = np.array([[[0, 3], [1, 2]], [[0, 1], [2, 3]]])
    chosen[twice] = pieces[cut_b_and_d.astype(np.intp)]
    cell = np.concatenate([np.arange(len(row)), np.flatnonzero(twice)])
    edges = np.concatenate([chosen[:, 0], chosen[twice, 1]])  # (pieces, 2)
    x, y = (end[cell[:, np.newaxis], edges] for end in ends)
    return (x + column[cell, np.newaxis]).ravel(), (y + row[cell, np.newaxis]).ravel()


def between(field: Floats, columns: ArrayLike, rows: ArrayLike) -> Floats:
    """The interpolated `field` (…, h, w) at columns and rows; outside, at the nearest edge."""
    high, wide = field.shape[-2:]
    x, y = np.clip(columns, 0.0, wide - 1.0), np.clip(rows, 0.0, high - 1.0)
    left, top = np.minimum(x.astype(np.intp), wide - 2), np.minimum(y.astype(np.intp), high - 2)
    u, v = x - left, y - top
    upper = (1 - u) * field[..., top, left] + u * field[..., top, left + 1]
    lower = (1 - u) * field[..., top + 1, left] + u * field[..., top + 1, left + 1]
    return np.asarray((1 - v) * upper + v * lower)
