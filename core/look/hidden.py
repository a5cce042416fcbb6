"""Hidden space: projects examples and input plane on two units or principal axes of a layer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from core.data.examples import Floats, Indices, Split
from core.look.ask import Allowance, Ask
from core.look.plane import Plane, plane_of
from core.look.space import HiddenSpace, Units, Viewpoint, fitting
from core.nn.activations import Array
from core.nn.cache import Cache, part_size
from core.nn.network import Network
from core.nn.parameters import Parameters
from core.training.session import Session

IN_FLIGHT, AT_REST = 1000, 10_000  # examples at most, during training and at rest
LINES, STEPS = 21, 100  # lattice lines in each direction, and pieces of each line
AXES_VALUES = 2**20  # numbers at most that principal axes are computed from


@dataclass(frozen=True, slots=True)
class Hidden(Ask[HiddenSpace]):
    """Examples and input plane in two coordinates of a layer; None if it has only one unit."""

    viewpoint: Viewpoint

    def fits(self, sizes: tuple[int, ...]) -> bool:
        return 0 <= self.viewpoint.layer < len(sizes)

    def measure(self, session: Session, allowance: Allowance) -> HiddenSpace | None:
        split = session.split
        plane = allowance.keep((Plane, None), lambda: plane_of(split))
        projector = allowance.keep(
            Projector, lambda: Projector(session.network, split, plane, session.between)
        )
        most = AT_REST if allowance.idle else IN_FLIGHT
        return projector.space(session.p, self.viewpoint, session.iteration, most)


class Projector:
    """Runs the network over examples and lattice, with separate caches.

    `between` is called before each part and may raise to cancel.
    """

    def __init__(
        self, network: Network, split: Split, plane: Plane, between: Callable[[], None]
    ) -> None:
        self._network, self._split, self._between = network, split, between
        self._part = part_size(network.sizes)
        self._caches: dict[int, Cache] = {}
        self._lattice: Floats | None = None  # (n[0], 2 LINES (STEPS + 1)), as the network is fed
        if plane.cut is None:
            self._lattice = split.inputs_of(lattice(plane))

    def space(
        self, p: Parameters, viewpoint: Viewpoint, iteration: int, most: int = AT_REST
    ) -> HiddenSpace | None:
        """The hidden space for parameters `p`, with at most `most` examples, evenly chosen; None
        without such a layer, or if it has one unit, which spans no plane.
        """
        l, sizes = viewpoint.layer, self._network.sizes
        if l >= len(sizes) or sizes[l] < 2:
            return None
        linear, units = viewpoint.linear and l > 0, fitting(viewpoint.units, sizes[l])
        sets, examples = self._chosen(most)
        with np.errstate(over="ignore", invalid="ignore"):  # too large: dropped below
            axes, mean, share = self._axes(p, l, linear, units, sets[0])
            if units is None:
                axes = aligned(axes, viewpoint.like)
            seen = [self._project(p, l, linear, X, axes, mean) for X in sets]
            points, lines = np.concatenate(seen, axis=1), None
            if self._lattice is not None:
                flat = self._project(p, l, linear, self._lattice, axes, mean)
                lines = np.ascontiguousarray(flat.reshape(2, 2 * LINES, -1).swapaxes(0, 1))
        if not np.isfinite(points).all():
            points, examples, lines = points[:, :0], examples[:0], None
        if lines is not None and not np.isfinite(lines).all():
            lines = None
        for array in (points, examples, axes, lines):
            if array is not None:
                array.setflags(write=False)
        line = self._line(p, l, units, linear)
        return HiddenSpace(viewpoint, iteration, units, points, examples, lines, axes, share, line)

    def _chosen(self, most: int) -> tuple[list[Floats], Indices]:
        """Every k-th example of both sets, and their indices."""
        train, test = self._split.train, self._split.test
        m = train.m + (0 if test is None else test.m)
        stride = max(1, -(-m // most))
        sets, examples = [train.X[:, ::stride]], [np.arange(0, train.m, stride, dtype=np.intp)]
        if test is not None:
            sets.append(test.X[:, ::stride])
            examples.append(np.arange(train.m, m, stride, dtype=np.intp))
        return sets, np.concatenate(examples)

    def _values(self, p: Parameters, l: int, linear: bool, X: Floats) -> Iterator[Floats]:
        """Z[l] or A[l] of inputs X, part by part; each part is overwritten by the next."""
        for start in range(0, X.shape[1], self._part):
            self._between()
            x = X[:, start : start + self._part]
            if l == 0:
                yield x
                continue
            m = x.shape[1]
            if m not in self._caches:
                self._caches[m] = Cache(self._network.sizes, m, p.flat.dtype)
            cache = self._caches[m]
            self._network.forward(p, x, cache)
            yield cache.Z[l] if linear else cache.A[l]

    def _project(
        self, p: Parameters, l: int, linear: bool, X: Floats, axes: Array, mean: Array
    ) -> Array:
        parts = [axes @ (V - mean) for V in self._values(p, l, linear, X)]
        return np.concatenate(parts, axis=1)

    def _axes(
        self, p: Parameters, l: int, linear: bool, units: Units | None, X: Floats
    ) -> tuple[Array, Array, float | None]:
        """The directions and the origin of the coordinates, and the share of the variance: two
        units, or the principal axes of the examples X, or of some of them if the layer is wide.
        """
        n = self._network.sizes[l]
        if units is not None:
            return np.eye(n)[list(units)], np.zeros((n, 1)), None
        stride = -(-X.shape[1] * n // AXES_VALUES)
        some = X[:, ::stride]
        V = np.concatenate(
            [part.astype(np.float64) for part in self._values(p, l, linear, some)], axis=1
        )
        if not np.isfinite(V).all():
            return np.eye(n)[:2], np.zeros((n, 1)), None
        return principal_axes(V)

    def _line(
        self, p: Parameters, l: int, units: Units | None, linear: bool
    ) -> tuple[float, float, float] | None:
        """The decision line of the output, if it is one unit whose inputs are these two
        coordinates.
        """
        network = self._network
        last = l == network.L - 1 and network.sizes[-1] == 1 and network.sizes[l] == 2
        straight = not linear or network.activations[l].linear
        if not (last and straight) or units is None or self._split.kind == "regression":
            return None
        (u, v), b = p.W[network.L][0, list(units)], p.b[network.L][0, 0]
        at = network.activations[network.L].half
        return float(u), float(v), float(at - b)


def lattice(plane: Plane) -> Array:
    """Points of LINES straight lines along x1, from the lowest x2, then of as many along x2, from
    the lowest x1; (2, 2 LINES (STEPS + 1)), line by line.
    """
    (x1, x1_end), (x2, x2_end) = plane.x1, plane.x2
    along, across = np.linspace(0, 1, STEPS + 1), np.linspace(0, 1, LINES)
    level, upright = np.meshgrid(along, across), np.meshgrid(across, along, indexing="ij")
    right = np.concatenate([level[0].ravel(), upright[0].ravel()])
    up = np.concatenate([level[1].ravel(), upright[1].ravel()])
    return np.stack([x1 + (x1_end - x1) * right, x2 + (x2_end - x2) * up])


def principal_axes(V: Array) -> tuple[Array, Array, float]:
    """The two directions along which values V (n, k) vary most, (2, n) orthonormal, the mean (n,
    1), and the share of the variance in their plane (1 without variance).

    Each direction's largest component is positive.
    """
    n, k = V.shape
    if k == 1:  # nothing varies: any two directions will do
        return np.eye(n)[:2], V.copy(), 1.0
    largest = float(np.abs(V).max()) or 1.0  # so that no sum or square is too large
    mean = (V / largest).mean(axis=1, keepdims=True)
    scaled = V / largest - mean
    if n <= k:
        variances, found = np.linalg.eigh(scaled @ scaled.T)
        axes = found[:, :-3:-1].T
    else:
        variances, found = np.linalg.eigh(scaled.T @ scaled)
        axes = np.linalg.qr(scaled @ found[:, :-3:-1])[0].T
    strongest = np.abs(axes).argmax(axis=1)
    axes = axes * np.where(axes[[0, 1], strongest] < 0, -1.0, 1.0)[:, np.newaxis]
    total = float(variances.sum())
    return axes, mean * largest, float(variances[-2:].sum()) / total if total > 0 else 1.0


def aligned(axes: Array, like: Array | None) -> Array:
    """Axes (2, n) rotated or mirrored in their plane to be as close as possible to `like`.

    The rotation R that makes |R axes - like| smallest (orthogonal Procrustes, Schönemann 1966);
    axes of a different number of units are ignored.
    """
    if like is None or like.shape != axes.shape:
        return axes
    U, _, Vt = np.linalg.svd(like @ axes.T)
    found: Array = U @ Vt @ axes
    return found
