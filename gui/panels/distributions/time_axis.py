"""The axis of iterations under a heat map, linear or logarithmic."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gui.plots.ticks import LEAST, fewer, round_end, ticks
from gui.style import text


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """From iteration 0 to `last`; a logarithmic one is even in log(1 + iteration)."""

    last: float
    logarithmic: bool = False

    @classmethod
    def up_to(cls, iteration: int, *, logarithmic: bool) -> TimeAxis:
        """An axis with room for this iteration: an even one ends at a round number, and stays."""
        return cls(float(max(iteration, 1)) if logarithmic else round_end(iteration), logarithmic)

    def places(self, iterations: ArrayLike) -> NDArray[np.float64]:
        """The positions of iterations on the axis: themselves, or log(1 + iteration)."""
        at = np.asarray(iterations, np.float64)
        return np.log1p(at) if self.logarithmic else at

    @property
    def end(self) -> float:
        """The position of `last` on the axis."""
        return float(self.places(self.last))

    def nearest(self, places: ArrayLike, iterations: NDArray[np.int64]) -> NDArray[np.intp]:
        """Which of the ascending iterations is nearest on the axis to each of these places."""
        at = self.places(iterations)
        return np.searchsorted((at[1:] + at[:-1]) / 2, np.asarray(places, np.float64))

    def ticks(self, low: float, high: float, most: int) -> list[float]:
        """The places of the numbers between two places."""
        if not self.logarithmic:
            return ticks(low, high, most, whole=True)
        decades = [0.0, *(10.0**n for n in range(math.floor(math.log10(self.last)) + 1))]
        found = [at for at in map(math.log1p, decades) if low <= at <= high]
        if len(found) >= LEAST:
            return fewer(found, most)
        between = ticks(math.expm1(low), math.expm1(high), most, whole=True)
        return [math.log1p(iteration) for iteration in between]

    def written(self, places: Sequence[float]) -> list[str]:
        """The iterations at these places."""
        at = [math.expm1(place) if self.logarithmic else place for place in places]
        return [text.count(round(iteration)) for iteration in at]
