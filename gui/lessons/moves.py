"""Which predictions changed because their point was moved, and not because of training."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.data.examples import Split
from core.nn.activations import Array
from core.training.outcomes import Answered
from core.training.results import classes_of

Classes = NDArray[np.signedinteger[Any]]


class Moves:
    """Compares predictions before and after points are moved, as long as no parameter changes."""

    def __init__(self) -> None:
        self.flipped: frozenset[int] = frozenset()  # examples, from 1
        self._before: tuple[Array, Array, Classes] | None = None  # parameters, points, classes

    def take(self, flat: Array, split: Split, answered: Answered) -> None:
        """Take the parameters, the examples and their current predictions."""
        if split.points is None or split.kind == "regression":
            self._before = None
            return
        points, classes = split.points, classes_of(answered.train.A, split.kind)
        before = self._before
        if before is None or not self._same(before, flat, points):
            self._before, self.flipped = (flat, points, classes), frozenset()
            return
        moved = (before[1] != points).any(axis=0) & (before[2] != classes)
        self.flipped = frozenset((np.flatnonzero(moved) + 1).tolist())

    @staticmethod
    def _same(before: tuple[Array, Array, Classes], flat: Array, points: Array) -> bool:
        return np.array_equal(before[0], flat) and before[1].shape == points.shape
