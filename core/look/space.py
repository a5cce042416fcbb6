"""The values of a hidden space: a layer's view of the examples and the plane's lattice."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.data.examples import Indices
from core.nn.activations import Array

Units = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """From where to look at a layer: `units` are the two (from 0) whose values are the axes; None,
    or units that it has not: its principal axes, of a layer with two units these themselves.

    `linear` looks at Z[layer] instead of A[layer]; of the input there is only A[0]. Principal axes
    are turned to lie as near as they can to those of `like`, the axes of the picture before.
    """

    layer: int
    units: Units | None = None
    linear: bool = False
    like: Array | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, eq=False)
class HiddenSpace:
    """Examples and lattice in two coordinates of a layer; all arrays float64 and read-only.

    `points` (2, k) are of `examples` (k,), counted through: from 0 the training examples, then the
    test examples; none where a number is too large. `lattice` (lines, 2, steps) are straight lines
    of the input plane, first those along x1, then as many along x2; None where an example is no
    point of a plane. `axes` (2, n[l]) are what the coordinates are measured along: two units, or,
    where `units` is None, an orthonormal pair that spans the plane of the two principal axes; then
    0 is the mean, and `share` of the variance lies in that plane. Where `line` is (u, v, c), the
    network's answer changes from one class to the other on u x + v y = c, and where the left side
    is greater it is class 1.
    """

    viewpoint: Viewpoint
    iteration: int
    units: Units | None
    points: Array
    examples: Indices
    lattice: Array | None
    axes: Array
    share: float | None
    line: tuple[float, float, float] | None


def fitting(units: Units | None, n: int) -> Units | None:
    """The units that are the axes of a layer of n units; None: its principal axes."""
    if units is not None and units[0] != units[1] and all(0 <= i < n for i in units):
        return units
    return (0, 1) if n == 2 else None
