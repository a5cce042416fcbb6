"""A heat map of activations, units (rows) by examples (columns), as colour levels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gui.panels.activations.activity import ExampleOrder

BELOW = 17.0  # px for the names of the classes
MOST_ROWS = 128


@dataclass(frozen=True, slots=True, eq=False)
class HeatMap:
    """Levels (units, columns) with a name for each row; columns are in the order of `ordering`."""

    levels: NDArray[np.uint8]
    names: tuple[str, ...]
    ordering: ExampleOrder
