"""Contour lines of a function on a grid: marching squares, all cells at once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]


def crossings(field: Floats, level: float) -> tuple[Floats, Floats]:
    """The line field = level through `field` (h, w): columns and rows of its pieces' ends.

    Piece i goes from end 2i to end 2i + 1; columns count along a row of the grid, from 0 to w - 1.
    Where a cell is crossed twice, the mean of its corners says which corners belong together.
    """
    above = field > level
    a, b, c, d = above[:-1, :-1], above[:-1, 1:], above[1:, 1:], above[1:, :-1]
    row, column = np.nonzero((a != b) | (b != c) | (c != d))
    corners = np.stack(  # (4, cells)
        [
            field[row, column],
            field[row, column + 1],
            field[row + 1, column + 1],
            field[row + 1, column],
        ]
    )
    # (cells, 4): crossings of the cell's top, right, bottom and left edge
    crossed = ((corners > level) != (corners[[1, 2, 3, 0]] > level)).T
    ends = _edge_points(corners, level)
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


def _edge_points(corners: Floats, level: float) -> tuple[Floats, Floats]:
    """The points where a unit cell's top, right, bottom and left edge reach the level: x, y (cells,
    4).
    """
    a, b, c, d = corners

    def along(start: Floats, end: Floats) -> Floats:
        with np.errstate(all="ignore"):
            return np.asarray((level - start) / (end - start))  # used only where they differ

    nought, one = np.zeros_like(a), np.ones_like(a)
    x = np.stack([along(a, b), one, along(d, c), nought], axis=1)
    y = np.stack([nought, along(b, c), one, along(a, d)], axis=1)
    return x, y
