"""Measures the network and every unit of it over the input plane."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.data.examples import Split
from core.data.features import FEATURES
from core.look.ask import Allowance
from core.look.plane import Cut, Plane, PlanePart, grid, plane_of
from core.nn.activations import Activation, Array
from core.nn.cache import Cache, part_size
from core.nn.network import Network
from core.nn.parameters import Parameters
from core.span import levels as levels_between
from core.training.session import Session

CHUNK_VALUES = 2**17  # numbers a pass over the plane may hold at a time: a megabyte
SINGLE = 1e-4  # of its distance from 0: a plane less wide is not drawn in single precision
Unit = tuple[int, int]  # layer 0..L, unit from 0
Levels = NDArray[np.uint8]


def ends(values: Array, activation: Activation | None) -> tuple[float, float]:
    """The values at the ends of the colour scale: the range of g or, if it has none (ReLU, linear,
    an input), -max|v| and max|v| of these values.
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

    (side, side), read-only, of the feature before normalization.
    """
    points = grid(plane, side).astype(np.float64, copy=False)
    maps = {}
    for name, feature in FEATURES.items():
        maps[name] = levels(feature.fn(points), None).reshape(side, side)
        maps[name].setflags(write=False)
    return maps


class Pictures:
    """Runs the network over grids of the plane, with separate caches.

    Over a cut, the network has two inputs: W[1] has only their columns, and the mean of the others
    is part of b[1]. Along one input it is run once, because all x2 give the same. It uses single
    precision, which is three times as fast and precise enough for the screen, or the run's
    precision if a number is too large for it or the plane too narrow. `mean` (n[0], 1) is the mean
    of the training examples, if known. `between` is called before each part and may raise to
    cancel.
    """

    def __init__(
        self,
        network: Network,
        split: Split,
        plane: Plane,
        between: Callable[[], None],
        mean: Array | None = None,
    ) -> None:
        self._network, self._split, self.plane = network, split, plane
        self._between = between
        if plane.cut is not None:
            names = [g.name for g in network.activations.values()]
            sizes = (len(plane.cut), *network.sizes[1:])
            self._network = Network(sizes, names, network.loss.name, network.muted)
            self._on_plane = Parameters(self._network.sizes, split.train.X.dtype)
            mean = split.train.X.mean(axis=1, keepdims=True) if mean is None else mean
            self._held = mean.copy()  # (n[0], 1)
            self._held[list(plane.cut)] = 0.0
        self._fine = _is_fine(plane)
        self._single = Parameters(self._network.sizes, np.float32)
        self._inputs: dict[tuple[int, str], Array] = {}
        self._caches: dict[tuple[int, str], Cache] = {}

    def shows(self, unit: Unit) -> bool:
        """Whether a unit of the network has a picture: an input held at its mean has none."""
        l, i = unit
        return l > 0 or self.plane.cut is None or i in self.plane.cut

    def values(
        self, p: Parameters, side: int, units: Iterable[Unit], *, z: bool = False
    ) -> dict[Unit, Array]:
        """A[l][i] over the grid, (side, side), for every requested (l, i) that has a picture; with
        `z` Z[l][i] instead, except for an input, which has none.
        """
        wanted = tuple(unit for unit in units if self.shows(unit))
        if not wanted:
            return {}
        p = self._cut(p)
        if self._fine:
            found = self._run(p, side, wanted, z)
        else:
            self._single.flat[...] = p.flat
            found = self._run(self._single, side, wanted, z)
            if not np.isfinite(found).all():
                found = self._run(p, side, wanted, z)
        shape = len(wanted), side, side  # along a line all rows are one
        pictures = np.broadcast_to(found.reshape(len(wanted), -1, side), shape)
        return dict(zip(wanted, pictures, strict=True))

    def _run(self, p: Parameters, side: int, units: Sequence[Unit], z: bool) -> Array:
        """The wanted values of each unit at the points of the grid, (units, points)."""
        X = self._grid(side, p.flat.dtype)
        found = np.empty((len(units), X.shape[1]), X.dtype)
        chunk = max(256, CHUNK_VALUES // (2 * sum(self._network.sizes)))
        chunk = min(chunk, part_size(self._network.sizes))
        for start in range(0, X.shape[1], chunk):
            self._between()
            part = slice(start, start + chunk)
            x = X[:, part]
            cache = self._cache(x.shape[1], x.dtype)
            self._network.forward(p, x, cache)
            for (l, i), row in zip(units, found[:, part], strict=True):
                seen = cache.Z[l] if z and l else cache.A[l]
                row[...] = seen[i if l else self._axis(i)]
        return found

    def maps(
        self, p: Parameters, side: int, units: Iterable[Unit]
    ) -> dict[Unit, NDArray[np.uint8]]:
        """The same as levels of the colour scale, read-only."""
        found, made = self.values(p, side, units), dict[Unit, NDArray[np.uint8]]()
        for l in {l for l, _ in found}:
            here = [unit for unit in found if unit[0] == l]
            g = self._network.activations.get(l)
            together = [here] if g is not None and g.limits is not None else [[u] for u in here]
            for alike in together:  # units with the same ends at once
                seen = self.as_levels(l, np.stack([found[unit] for unit in alike]))
                made |= zip(alike, seen, strict=True)
        return made

    def as_levels(self, l: int, values: Array) -> NDArray[np.uint8]:
        """Values of a unit of layer l as levels of the colour scale, read-only."""
        picture = levels(values, self._network.activations.get(l))
        picture.setflags(write=False)
        return picture

    def ends(self, l: int, values: Array) -> tuple[float, float]:
        """The values at the ends of the colour scale."""
        return ends(values, self._network.activations.get(l))

    def _cut(self, p: Parameters) -> Parameters:
        """The parameters of the network over the plane's inputs alone."""
        if self.plane.cut is None:
            return p
        cut = self._on_plane
        for l in range(2, len(p.sizes)):
            cut.Wb[l][...] = p.Wb[l]
        cut.W[1][...] = p.W[1][:, list(self.plane.cut)]
        cut.b[1][...] = p.b[1] + p.W[1] @ self._held
        return cut

    def _axis(self, i: int) -> int:
        """Which row of the grid's inputs is input i."""
        return i if self.plane.cut is None else self.plane.cut.index(i)

    def _grid(self, side: int, dtype: np.dtype[Any]) -> Array:
        key = (side, dtype.char)
        if key not in self._inputs:
            points, cut = grid(self.plane, side), self.plane.cut
            if self.plane.is_line:
                points = points[:1, :side]
            fed = self._split.inputs_of(points) if cut is None else self._split.fed(points, cut)
            self._inputs[key] = fed.astype(dtype)
        return self._inputs[key]

    def _cache(self, m: int, dtype: np.dtype[Any]) -> Cache:
        key = (m, dtype.char)
        if key not in self._caches:
            self._caches[key] = Cache(self._network.sizes, m, dtype)
        return self._caches[key]


def _is_fine(plane: Plane) -> bool:
    """Whether single precision could not distinguish the points of its grid."""
    return any(high - low < SINGLE * max(abs(low), abs(high)) for low, high in (plane.x1, plane.x2))


def pictures_of(
    session: Session, allowance: Allowance, cut: Cut | None, seen: PlanePart | None = None
) -> Pictures:
    """The pictures of a session over the plane, or the visible part of it, with their memory."""
    split = session.split
    whole = allowance.keep((Plane, cut), lambda: plane_of(split, cut))
    plane = whole.part(seen)

    def make() -> Pictures:
        mean = None
        if plane.cut is not None:
            mean = allowance.keep("mean", lambda: split.train.X.mean(axis=1, keepdims=True))
        return Pictures(session.network, split, plane, session.between, mean)

    return allowance.keep((Pictures, plane), make)
