"""What the network, and every unit of it, computes over the input plane."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.data.examples import Floats, Split
from core.data.features import FEATURES
from core.nn.activations import Activation, Array
from core.nn.cache import Cache, part_size
from core.nn.network import Network
from core.nn.parameters import Parameters
from core.span import levels as levels_between
from core.training.messages import Plane

MARGIN = 0.08  # of the extent of the points, left free around them
ALIKE = 4.0  # extents that differ less are shown on one scale, so that a circle looks like one
LOOKED_AT = 1000  # examples, at most, that say which pixels vary most
CHUNK_VALUES = 2**17  # numbers a pass over the plane may hold at a time: a megabyte
Unit = tuple[int, int]  # layer 0..L, unit from 0
Cut = tuple[int, int]  # two rows of X
Along = tuple[int, int] | tuple[int]  # the same, or the only one


def plane_of(split: Split, cut: Cut | None = None) -> Plane:
    """The plane around all points, training and test.

    What was painted is shown on its sheet, so that it does not move under the brush.
    Of data with more than two inputs it is cut along the rows `cut` of X, or a pair that suits
    them; of points of a plane `cut` says nothing. Of one input it is that and the label.
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
    """Which rows of X the plane lies along; None where examples are its points."""
    if split.points is not None:
        return None
    if len(split.train.X) == 1:
        return (0,)
    return cut if cut is not None and fits(split, cut) else _usual(split)


def _labels(split: Split) -> tuple[float, float]:
    """From where to where labels go; of classes, as probabilities."""
    if split.kind != "regression":
        return 0.0, 1.0
    parts = [part.Y for part in (split.train, split.test) if part is not None]
    return min(float(Y.min()) for Y in parts), max(float(Y.max()) for Y in parts)


def _usual(split: Split) -> Cut:
    """The first two inputs; of pictures, whose corners are often empty, the two that vary most."""
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
    """Where the examples are on the plane, (2, m), in the data's own units; None without any.

    Of one input, beside its label: that of `output` if one is named, else of several classes 1,
    the probability of the class it is.
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
    """Half of what each axis shows: one scale for both, unless they have little in common."""
    most = float(extents.max())
    if most <= 0 or float(extents.min()) * ALIKE >= most:
        return np.full(2, max(most / 2, 1e-9))
    return np.where(extents > 0, extents, most) / 2


def grid(plane: Plane, side: int) -> Array:
    """The centres of side × side cells, (2, side²), row by row from the top (largest x2)."""
    step = (np.arange(side) + 0.5) / side
    x1 = plane.x1[0] + (plane.x1[1] - plane.x1[0]) * step
    x2 = plane.x2[1] - (plane.x2[1] - plane.x2[0]) * step
    return np.stack([np.tile(x1, side), np.repeat(x2, side)])


def ends(values: Array, activation: Activation | None) -> tuple[float, float]:
    """What the ends of the colour scale stand for: those of g's range, or, where it has none (ReLU,
    linear, an input), -max|v| and max|v| of these very values.
    """
    if activation is not None and activation.limits is not None:
        return activation.limits
    most = float(np.abs(values).max()) or 1.0
    return -most, most


def levels(values: Array, activation: Activation | None) -> NDArray[np.uint8]:
    """Levels 0..255 of the colour scale between its `ends`."""
    return levels_between(values, *ends(values, activation))


def feature_maps(plane: Plane, side: int) -> dict[str, NDArray[np.uint8]]:
    """Every feature of FEATURES over the plane, by name, as levels of the colour scale.

    (side, side), read-only, of the feature as it is, before any normalization.
    """
    points = grid(plane, side).astype(np.float64, copy=False)
    maps = {}
    for name, feature in FEATURES.items():
        maps[name] = levels(feature.fn(points), None).reshape(side, side)
        maps[name].setflags(write=False)
    return maps


class Pictures:
    """Runs the network over grids of the plane, with caches of its own.

    Over a cut the network is one of its inputs: W[1] has their columns, and what the others add at
    their mean is part of b[1]. Along one input it is run once, for all x2 alike. In single
    precision, which is three times as fast and whose seven digits nobody sees the end of; in that
    of the run where a number is too large for it. `between` is called before each part and may
    raise, to give up what nobody waits for any more.
    """

    def __init__(
        self, network: Network, split: Split, plane: Plane, between: Callable[[], None]
    ) -> None:
        self._network, self._split, self._plane = network, split, plane
        self._between = between
        if plane.cut is not None:
            names = [g.name for g in network.activations.values()]
            sizes = (len(plane.cut), *network.sizes[1:])
            self._network = Network(sizes, names, network.loss.name, network.muted)
            self._on_plane = Parameters(self._network.sizes, split.train.X.dtype)
            self._held = split.train.X.mean(axis=1, keepdims=True)  # (n[0], 1)
            self._held[list(plane.cut)] = 0.0
        self._single = Parameters(self._network.sizes, np.float32)
        self._inputs: dict[tuple[int, str], Array] = {}
        self._caches: dict[tuple[int, str], Cache] = {}

    def shows(self, unit: Unit) -> bool:
        """Whether a unit of the network has a picture: an input that is held has none."""
        l, i = unit
        return l > 0 or self._plane.cut is None or i in self._plane.cut

    def values(
        self, p: Parameters, side: int, units: Iterable[Unit], *, z: bool = False
    ) -> dict[Unit, Array]:
        """A[l][i] over the grid, (side, side), for every (l, i) asked for that has a picture; with
        `z` Z[l][i] instead, but for an input, which has none.
        """
        wanted = tuple(unit for unit in units if self.shows(unit))
        p = self._cut(p)
        self._single.flat[...] = p.flat
        found = self._run(self._single, side, wanted, z)
        if not all(np.isfinite(values).all() for values in found.values()):
            found = self._run(p, side, wanted, z)
        return found

    def _run(self, p: Parameters, side: int, units: Sequence[Unit], z: bool) -> dict[Unit, Array]:
        X = self._grid(side, p.flat.dtype)
        found = {unit: np.empty(X.shape[1], X.dtype) for unit in units}
        chunk = max(256, CHUNK_VALUES // (2 * sum(self._network.sizes)))
        chunk = min(chunk, part_size(self._network.sizes))
        for start in range(0, X.shape[1], chunk):
            self._between()
            part = slice(start, start + chunk)
            x = X[:, part]
            cache = self._cache(x.shape[1], x.dtype)
            self._network.forward(p, x, cache)
            for (l, i), row in found.items():
                seen = cache.Z[l] if z and l else cache.A[l]
                row[part] = seen[i if l else self._axis(i)]
        shape = side, side  # along a line all rows are one
        return {unit: np.broadcast_to(row.reshape(-1, side), shape) for unit, row in found.items()}

    def maps(
        self, p: Parameters, side: int, units: Iterable[Unit]
    ) -> dict[Unit, NDArray[np.uint8]]:
        """The same as levels of the colour scale, read-only."""
        found = self.values(p, side, units)
        return {(l, i): self.as_levels(l, values) for (l, i), values in found.items()}

    def as_levels(self, l: int, values: Array) -> NDArray[np.uint8]:
        """Values of a unit of layer l as levels of the colour scale, read-only."""
        picture = levels(values, self._network.activations.get(l))
        picture.setflags(write=False)
        return picture

    def ends(self, l: int, values: Array) -> tuple[float, float]:
        """What these levels' ends stand for."""
        return ends(values, self._network.activations.get(l))

    def _cut(self, p: Parameters) -> Parameters:
        """The parameters as those of the network that runs over the plane."""
        if self._plane.cut is None:
            return p
        cut = self._on_plane
        for l in range(2, len(p.sizes)):
            cut.Wb[l][...] = p.Wb[l]
        cut.W[1][...] = p.W[1][:, list(self._plane.cut)]
        cut.b[1][...] = p.b[1] + p.W[1] @ self._held
        return cut

    def _axis(self, i: int) -> int:
        """Which row of the grid's inputs is input i."""
        return i if self._plane.cut is None else self._plane.cut.index(i)

    def _grid(self, side: int, dtype: np.dtype[Any]) -> Array:
        key = (side, dtype.char)
        if key not in self._inputs:
            points, cut = grid(self._plane, side), self._plane.cut
            if self._plane.is_line:
                points = points[:1, :side]
            fed = self._split.inputs_of(points) if cut is None else self._split.fed(points, cut)
            self._inputs[key] = fed.astype(dtype)
        return self._inputs[key]

    def _cache(self, m: int, dtype: np.dtype[Any]) -> Cache:
        key = (m, dtype.char)
        if key not in self._caches:
            self._caches[key] = Cache(self._network.sizes, m, dtype)
        return self._caches[key]
