"""The geometry of strokes: which points a brush adds, and which a tool touches."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Point = tuple[float, float]


def spray(at: Point, radius: float, points: int, rng: np.random.RandomState) -> list[Point]:
    """Points evenly spread over a disc; at its centre for radius 0."""
    sprayed = []
    for share, turn in rng.uniform(size=(points, 2)).tolist():
        away, angle = radius * math.sqrt(share), 2 * math.pi * turn
        sprayed.append((at[0] + away * math.cos(angle), at[1] + away * math.sin(angle)))
    return sprayed


def dabs(start: Point, stop: Point, apart: float, rest: float) -> tuple[list[Point], float]:
    """The positions of the brush's dabs on a line, `apart` from one to the next.

    `rest` is the distance since the last dab of the line before; the new rest is returned too.
    """
    away = math.dist(start, stop)
    found, at = [], apart - rest
    while at <= away:
        share = at / away
        x1, x2 = (a + share * (b - a) for a, b in zip(start, stop, strict=True))
        found.append((x1, x2))
        at += apart
    return found, away - (at - apart)


def distances(points: Floats, path: Sequence[Point]) -> Floats:
    """The distance of each point (2, m) from the line through the points of `path`, (m,)."""
    nearest: Floats = np.hypot(points[0] - path[0][0], points[1] - path[0][1])
    for start, stop in pairwise(np.array(path)):
        along = stop - start
        length = float(along @ along)
        if length > 0:
            share = np.clip(along @ (points - start[:, np.newaxis]) / length, 0.0, 1.0)
            foot = start[:, np.newaxis] + share * along[:, np.newaxis]
            np.minimum(nearest, np.hypot(*(points - foot)), out=nearest)
    return nearest
