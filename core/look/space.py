"""The values of a hidden space: a layer's view of the examples and the plane's lattice."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.data.examples import Indices
from core.nn.activations import Array

Units = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """The axes on which a layer is viewed: `units` are the two (from 0) whose values are the axes;
    None, or missing units, means the principal axes, or for a layer with two units these
    themselves.

    `linear` uses Z[layer] instead of A[layer]; the input has only A[0]. Principal axes are rotated
    to be as close as possible to `like`, the axes of the picture before.
    """

    layer: int
    units: Units | None = None
    linear: bool = False
    like: Array | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, eq=False)
class HiddenSpace:
    """Examples and lattice in two coordinates of a layer; all arrays float64 and read-only.

    `points` (2, k) belong to `examples` (k,), counted from 0 over the training examples, then the
    test examples; empty if a number is too large. `lattice` (lines, 2, steps) are straight lines of
    the input plane, first those along x1, then as many along x2; None if an example is not a point
    of a plane. `axes` (2, n[l]) are the directions of the coordinates: two units or, if `units` is
    None, an orthonormal pair that spans the plane of the two principal axes; then 0 is the mean,
    and `share` of the variance lies in that plane. If `line` is (u, v, c), the decision line is u x
    + v y = c, and class 1 is where the left side is greater.
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
