"""Functions on a grid: contour lines (marching squares, all cells at once), and interpolation."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.floating[Any]]


# Of a cell's top, right, bottom and left edge: its first corner (row, column), and whether its
# other one is in the next column, not the next row.
ROW, COLUMN, ACROSS = np.array([[0, 0, 1, 0], [0, 1, 0, 0], [1, 0, 1, 0]])
# From which edge to which the line goes. The corners above the level, or those below it, add up to
# a number from 1 to 7: top left 1, top right 2, bottom right 4, bottom left 8.
CUT = np.array([[0, 0], [0, 3], [0, 1], [1, 3], [1, 2], [0, 0], [0, 2], [2, 3]])
TWICE = np.array([[[0, 3], [1, 2]], [[0, 1], [2, 3]]])  # 5: top left and bottom right are cut off


def crossings(field: Floats, level: float) -> tuple[Floats, Floats]:
    """The line field = level through `field` (h, w): columns and rows of its pieces' ends.

    Piece i goes from end 2i to end 2i + 1; columns count along a row of the grid, from 0 to w - 1.
    Where a cell is crossed twice, the mean of its corners says which corners belong together.
    """
    above = (field > level).view(np.uint8)
    sums = above[:-1, :-1] + 2 * above[:-1, 1:] + 4 * above[1:, 1:] + 8 * above[1:, :-1]
    row, column = np.nonzero(sums % 15)
    sums = sums[row, column]
    edges = CUT[np.minimum(sums, 15 - sums)]  # (pieces, 2)
    twice = np.flatnonzero(sums % 5 == 0)
    if len(twice):
        i, j = row[twice], column[twice]
        corners = field[i, j], field[i, j + 1], field[i + 1, j + 1], field[i + 1, j]
        top_left_joins = (np.mean(corners, axis=0) > level) == (sums[twice] == 5)
        pieces = TWICE[top_left_joins.astype(np.intp)]
        edges[twice] = pieces[:, 0]
        edges = np.concatenate([edges, pieces[:, 1]])
        row, column = np.concatenate([row, i]), np.concatenate([column, j])
    i, j, across = row[:, None] + ROW[edges], column[:, None] + COLUMN[edges], ACROSS[edges]
    start, stop = field[i, j], field[i + 1 - across, j + across]
    with np.errstate(all="ignore"):
        along = (level - start) / (stop - start)
    return (j + across * along).ravel(), (i + (1 - across) * along).ravel()


def between(field: Floats, columns: ArrayLike, rows: ArrayLike) -> Floats:
    """The interpolated `field` (…, h, w) at columns and rows; outside, at the nearest edge."""
    high, wide = field.shape[-2:]
    x, y = np.clip(columns, 0.0, wide - 1.0), np.clip(rows, 0.0, high - 1.0)
    left, top = np.minimum(x.astype(np.intp), wide - 2), np.minimum(y.astype(np.intp), high - 2)
    u, v = x - left, y - top
    upper = (1 - u) * field[..., top, left] + u * field[..., top, left + 1]
    lower = (1 - u) * field[..., top + 1, left] + u * field[..., top + 1, left + 1]
    return np.asarray((1 - v) * upper + v * lower)
