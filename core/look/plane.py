"""The rectangle of the input plane that pictures show, and where examples are on it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from core.data.examples import Floats, Split
from core.nn.activations import Array
from core.span import span

MARGIN = 0.08  # of the extent of the points, as a margin around them
ALIKE = 4.0  # extents that differ less are shown on one scale, so that circles look round
LOOKED_AT = 1000  # examples, at most, for finding the pixels that vary most
Cut = tuple[int, int]  # two rows of X
Along = tuple[int, int] | tuple[int]  # the same, or the only one
Range = tuple[float, float]
PlanePart = tuple[Range, Range]  # of the plane: the ranges along x1 and along x2


@dataclass(frozen=True, slots=True)
class Plane:
    """The rectangle of the input plane that pictures show, in the data's own units.

    If an example is a point (x1, x2), it is that point's plane, and `cut` is None. With more
    inputs, the plane goes through their mean: `cut` names the two rows of X that span it, and all
    others are held at their mean over the training examples. With one input, that is x1 and `cut`
    names it alone; x2 is then the label, along which pictures do not vary.
    """

    x1: tuple[float, float]
    x2: tuple[float, float]
    cut: tuple[int, int] | tuple[int] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "x1", span(*self.x1))
        object.__setattr__(self, "x2", span(*self.x2))

    def part(self, seen: PlanePart | None) -> Plane:
        """The visible part of it, or around it; None: all of it."""
        return self if seen is None else replace(self, x1=seen[0], x2=seen[1])

    @property
    def is_line(self) -> bool:
        """Whether an example has one input, so that x2 is its label."""
        return self.cut is not None and len(self.cut) == 1


def plane_of(split: Split, cut: Cut | None = None) -> Plane:
    """The plane around all points, training and test.

    Painted points are shown on their sheet, so that it does not move under the brush. With more
    than two inputs, the plane is along the rows `cut` of X, or a suitable pair; for points of a
    plane `cut` is ignored. With one input it is that input and the label.
    """
    if split.sheet is not None:
        return Plane(split.sheet.x1, split.sheet.x2)
    along = _along(split, cut)
    parts = [_points(split, along), _points(split, along, test=True)]
    points = np.concatenate([part for part in parts if part is not None], axis=1)
    low, high = points.min(axis=1), points.max(axis=1)
    if along is not None and len(along) == 1:
        low[1], high[1] = _labels(split)
        half = np.where(high > low, (high - low) / 2, 1.0)
    else:
        half = _halves(high - low)
    half, middle = half * (1 + 2 * MARGIN), (low + high) / 2
    x1, x2 = ((float(c - h), float(c + h)) for c, h in zip(middle, half, strict=True))
    return Plane(x1, x2, along)


def _along(split: Split, cut: Cut | None) -> Along | None:
    """The rows of X that span the plane; None if examples are points of it."""
    if split.points is not None:
        return None
    if len(split.train.X) == 1:
        return (0,)
    return cut if cut is not None and fits(split, cut) else _usual(split)


def _labels(split: Split) -> tuple[float, float]:
    """The range of the labels; for classes, of probabilities."""
    if split.kind != "regression":
        return 0.0, 1.0
    parts = [part.Y for part in (split.train, split.test) if part is not None]
    return min(float(Y.min()) for Y in parts), max(float(Y.max()) for Y in parts)


def _usual(split: Split) -> Cut:
    """The first two inputs; for pictures, whose corners are often empty, the two that vary most."""
    if split.picture is None:
        return (0, 1)
    X = split.train.X
    spread = X[:, :: -(-X.shape[1] // LOOKED_AT)].std(axis=1)
    second, first = np.argsort(spread, kind="stable")[-2:]
    return int(first), int(second)


def fits(split: Split, cut: Cut) -> bool:
    """Whether these are two different rows of X."""
    n = len(split.train.X)
    return cut[0] != cut[1] and all(0 <= row < n for row in cut)


def points_on(
    split: Split, plane: Plane, *, test: bool = False, output: int | None = None
) -> Floats | None:
    """The positions of the examples on the plane, (2, m), in the data's own units; None without
    any.

    With one input, x2 is the label: the one of `output` if given, else with several classes 1, the
    probability of the true class.
    """
    return _points(split, plane.cut, test, output)


def _points(
    split: Split, along: Along | None, test: bool = False, output: int | None = None
) -> Floats | None:
    if along is None:
        return split.test_points if test else split.points
    examples = split.test if test else split.train
    if examples is None:
        return None
    points = split.own_units(examples.X, along)
    if len(along) == 2:
        return points
    one_hot = split.kind == "classes" and output is None
    label = examples.Y.max(axis=0) if one_hot else examples.Y[output or 0]
    return np.stack([points[0], label])


def _halves(extents: Floats) -> Floats:
    """Half of each axis's range: one scale for both, unless they differ too much; 1 around a
    single point.
    """
    most = float(extents.max())
    if most <= 0:
        return np.ones(2)
    if float(extents.min()) * ALIKE >= most:
        return np.full(2, max(most / 2, 1e-9))
    return np.where(extents > 0, extents, most) / 2


def grid(plane: Plane, side: int) -> Array:
    """The centres of side × side cells, (2, side²), row by row from the top (largest x2)."""
    step = (np.arange(side) + 0.5) / side
    x1 = plane.x1[0] + (plane.x1[1] - plane.x1[0]) * step
    x2 = plane.x2[1] - (plane.x2[1] - plane.x2[0]) * step
    return np.stack([np.tile(x1, side), np.repeat(x2, side)])


def is_part(seen: PlanePart | None) -> bool:
    """Whether a part can be shown: finite, and with an extent along both axes."""
    ends = () if seen is None else seen
    return all(low < high and math.isfinite(high - low) for low, high in ends)
