"""Computes the cost over two parameters or directions around a run, and the run's path."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import DTypeLike, NDArray

from core.by_hand import Place, has_place
from core.look.ask import Allowance, Ask
from core.nn.activations import Array
from core.nn.network import Network
from core.nn.parameters import Parameters
from core.rounding import rounding, spread
from core.training.metrics import Evaluator
from core.training.session import Session

Direction = Literal["gradient", "random"]
CostAxis = Place | Direction
Bounds = tuple[tuple[float, float], tuple[float, float]]
BUDGET = 0.25  # seconds that one surface may take
SIDES = (9, 41)  # points along a side, as many as the budget allows
FLAT = 5.0  # |z| from which on a sigmoid is flat to the eye
SEED = 0  # of the random direction: the same one every time


@dataclass(frozen=True, slots=True, eq=False)
class Landscape:
    """The cost J (side, side) at `x` (side,) and `y` (side,), one row per y, ascending.

    A parameter's coordinate is its value; a direction's is the distance from the present parameters
    along it. All other parameters keep their present values. `here` is the run's current position,
    `cost` J there; `path` (k, 2) are its earlier positions, projected on the axes, after
    `iterations` (k,) updates. `squared` is the same with the squared error as the loss, if J is the
    cross-entropy of a single unit: the two shapes that a first course compares.
    """

    survey: Survey
    iteration: int
    x: Array
    y: Array
    costs: Array
    here: tuple[float, float]
    cost: float
    path: Array
    iterations: NDArray[np.int64]
    squared: Array | None = None
    dtype: DTypeLike = np.float64  # dtype of the run, and so of the rounding in the costs


@dataclass(frozen=True, slots=True)
class Survey(Ask[Landscape]):
    """Measures the cost over two axes; `bounds` None are chosen to contain the path.

    These have the same scale on both axes, so that downhill is at right angles to the contour
    lines.
    """

    x: CostAxis
    y: CostAxis
    bounds: Bounds | None = None
    share: ClassVar[float | None] = 0.1

    def fits(self, sizes: tuple[int, ...]) -> bool:
        places = [axis for axis in (self.x, self.y) if isinstance(axis, Place)]
        return all(has_place(sizes, place) for place in places)

    def measure(self, session: Session, allowance: Allowance) -> Landscape:
        return survey(ground_of(session), self, session.iteration)


Cost = Callable[[Parameters], float]
Past = tuple[tuple[int, Array], ...]  # (iteration, flat), ascending


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """The parts of a landscape: `cost` of any parameters, the present ones, and the past ones."""

    cost: Cost
    p: Parameters
    gradient: Array  # flat; of the cost at p
    past: Past
    squared: Cost | None = None


def ground_of(session: Session) -> Ground:
    """The parts of the landscape around the current state of a session."""
    measures, training, p = session.measures, session.project.training, session.p
    network, split, past = session.network, session.split, session.live.past
    squared = None
    if p.sizes[1:] == (1,) and network.loss.beside:
        other = Network(p.sizes, [network.activations[1].name], network.loss.beside)
        evaluator = Evaluator(other, split.train, split.kind, session.between)
        squared = lambda at: evaluator.score(at).cost  # noqa: E731 - no name says more
    return Ground(
        lambda at: measures.train(at, training).cost,
        p,
        measures.gradient(p, training),
        () if past is None else past.parameters,
        squared,
    )


def survey(ground: Ground, wanted: Survey, iteration: int) -> Landscape:
    """Compute the landscape, with as many points as the budget allows."""
    p = ground.p
    ways = [_way(axis, ground) for axis in (wanted.x, wanted.y)]
    if wanted.y == "random":
        ways[1] = _orthogonal(ways[1], ways[0])
    start = [_value(axis, p) for axis in (wanted.x, wanted.y)]
    past = [(i, flat) for i, flat in ground.past if flat.shape == p.flat.shape]
    path = np.array([[_along(flat - p.flat, way) for way in ways] for _, flat in past])
    path = path.reshape(-1, 2) + start
    began = perf_counter()
    cost = ground.cost(p)
    side = _side(perf_counter() - began, 1 if ground.squared is None else 2)
    wide = ground.squared is not None
    bounds = wanted.bounds or _as_wide(
        *(
            _around(start[k], path[:, k], p, axis, wide=wide)
            for k, axis in enumerate((wanted.x, wanted.y))
        )
    )
    x, y = (np.linspace(low, high, side) for low, high in bounds)
    at = Parameters(p.sizes, p.flat.dtype)

    def over(of: Cost) -> Array:
        costs = np.empty((side, side))
        for row, column in np.ndindex(side, side):
            moved = (x[column] - start[0]) * ways[0] + (y[row] - start[1]) * ways[1]
            np.add(p.flat, moved, at.flat, casting="same_kind")
            costs[row, column] = of(at)
        return costs if spread(costs, p.flat.dtype) else np.full_like(costs, costs.mean())

    return Landscape(
        wanted,
        iteration,
        x,
        y,
        over(ground.cost),
        (start[0], start[1]),
        cost,
        path,
        np.array([i for i, _ in past], np.int64),
        None if ground.squared is None else over(ground.squared),
        p.flat.dtype,
    )


def axes(p: Parameters) -> Iterator[CostAxis]:
    """All axes of a network: the directions, then its parameters, layer by layer."""
    yield "gradient"
    yield "random"
    for l, Wb in p.Wb.items():
        for row, column in np.ndindex(Wb.shape):
            yield Place(l, row, column if column < Wb.shape[1] - 1 else -1)


def is_convex(heights: Array, dtype: DTypeLike = np.float64) -> bool:
    """Whether a surface (side, side) computed in `dtype` has no visible downward curvature along x,
    y and both diagonals; curvature that rounding explains does not count.
    """
    if not np.isfinite(heights).all():
        return False
    a = heights / max(float(np.abs(heights).max()), 1.0)  # so that differences are finite
    bends = (
        a[:, 2:] - 2 * a[:, 1:-1] + a[:, :-2],
        a[2:] - 2 * a[1:-1] + a[:-2],
        a[2:, 2:] - 2 * a[1:-1, 1:-1] + a[:-2, :-2],
        a[2:, :-2] - 2 * a[1:-1, 1:-1] + a[:-2, 2:],
    )
    least = -rounding(float(np.abs(a).max()), dtype)
    return all(bool((bend >= least).all()) for bend in bends)


def _way(axis: CostAxis, ground: Ground) -> Array:
    """The unit step along an axis, flat."""
    p = ground.p
    way = Parameters(p.sizes, np.float64)
    if isinstance(axis, Place):
        way.flat[...] = 0.0
        way.Wb[axis.layer][axis.row, axis.column] = 1.0
        return way.flat
    if axis == "gradient":
        way.flat[...] = ground.gradient
        return _unit(way.flat)
    rng = np.random.RandomState(SEED)
    for l, Wb in p.Wb.items():  # each layer by its own size: Li et al. 2018, "filter normalization"
        draw = rng.randn(*Wb.shape)
        way.Wb[l][...] = draw * (np.linalg.norm(Wb) / max(float(np.linalg.norm(draw)), 1e-300))
    return _unit(way.flat)


def _unit(way: Array) -> Array:
    length = float(np.linalg.norm(way))
    if length == 0:  # a gradient of zero has no direction: the first parameter will do
        way[0], length = 1.0, 1.0
    unit: Array = way / length
    return unit


def _orthogonal(way: Array, to: Array) -> Array:
    return _unit(way - float(way.dot(to)) * to)


def _along(difference: Array, way: Array) -> float:
    return float(difference.astype(np.float64).dot(way))


def _value(axis: CostAxis, p: Parameters) -> float:
    if isinstance(axis, Place):
        return float(p.Wb[axis.layer][axis.row, axis.column])
    return 0.0


def _side(seconds: float, surfaces: int) -> int:
    """An odd number of points along a side, within the budget."""
    least, most = SIDES
    side = int((BUDGET / (surfaces * max(seconds, 1e-9))) ** 0.5)
    return min(max(side - 1 + side % 2, least), most)


def _as_wide(x: tuple[float, float], y: tuple[float, float]) -> Bounds:
    """Both as wide as the wider, each around its middle."""
    more = ((x[1] - x[0]) - (y[1] - y[0])) / 2
    wider_x, wider_y = max(-more, 0.0), max(more, 0.0)
    return (x[0] - wider_x, x[1] + wider_x), (y[0] - wider_y, y[1] + wider_y)


def _around(
    here: float, path: Array, p: Parameters, axis: CostAxis, *, wide: bool
) -> tuple[float, float]:
    """Round bounds that contain the path, and some area around the run's position.

    If two losses are compared, they are `wide` enough for both shapes: on both sides of 0 as far as
    the plateau of the squared error, where the sigmoid is flat.
    """
    if isinstance(axis, Place) and wide:
        reach = 2 * float(np.abs(p.flat).max()) + FLAT
        ends = [-reach, reach, *path]
    else:
        reach = max(1.0, 0.5 * abs(here))
        if not isinstance(axis, Place):
            reach = max(0.5, 0.5 * float(np.linalg.norm(p.flat)))
        ends = [here - reach, here + reach, *path]
    step = 10.0 ** np.floor(np.log10(max(ends) - min(ends)))
    step /= 2.0  # bounds that rarely change during training
    return float(np.floor(min(ends) / step) * step), float(np.ceil(max(ends) / step) * step)
