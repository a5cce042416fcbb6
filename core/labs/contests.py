"""The same computations in three versions: nested loops, one loop, and NumPy without loops."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.nn.activations import Scratch
from core.nn.network import Network
from core.nn.parameters import Parameters
from core.project import Project
from core.training import start
from core.training.data_source import network_of

Array = NDArray[np.float64]
Between = Callable[[], None]

FEATURES = 10  # of an example of logistic regression
BLOCK = 1000  # numbers of the vectors at a time, in a single loop
BREATH = 2000  # products between two calls of `between`: under a millisecond
DRAWN = 2**19  # random numbers at a time
SEED = 1


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """One version of the computation: `code` as in a notebook; `do` runs it, and calls its argument
    now and then, which may raise to cancel.
    """

    name: str  # "two", "one" or "numpy"
    label: str
    code: str
    do: Callable[[Between], Array]


@dataclass(frozen=True, slots=True, eq=False)
class Contest:
    """A computation in three versions; `products` is its number of multiplications."""

    about: str
    products: int
    ways: tuple[Way, ...]


def _drawn(rng: np.random.RandomState, rows: int, columns: int, between: Between) -> Array:
    """rng.rand(rows, columns), a part at a time."""
    numbers = np.empty(rows * columns)
    for first in range(0, numbers.size, DRAWN):
        between()
        part = numbers[first : first + DRAWN]
        part[...] = rng.rand(part.size)
    return numbers.reshape(rows, columns)


def dot(products: int, between: Between) -> Contest:
    """The dot product of two vectors of this many random numbers between 0 and 1."""
    rng = np.random.RandomState(SEED)
    a, b = _drawn(rng, 2, products, between)

    def two(between: Between) -> Array:
        total = 0.0
        for first in range(0, len(a), BREATH):
            between()
            for i in range(first, min(first + BREATH, len(a))):
                total += a[i] * b[i]
        return np.array([total])

    def one(between: Between) -> Array:
        total = 0.0
        for first in range(0, len(a), BLOCK):
            between()
            total += np.dot(a[first : first + BLOCK], b[first : first + BLOCK])
        return np.array([total])

    def no(between: Between) -> Array:
        between()
        return np.array([np.dot(a, b)])

    return Contest(
        f"The dot product of two vectors of {products:,} random numbers.",
        products,
        (
            Way("two", "Loop over the numbers", "for i in range(n):\n    c += a[i] * b[i]", two),
            Way(
                "one",
                f"Loop over blocks of {BLOCK:,}",
                f"for i in range(0, n, {BLOCK}):\n"
                f"    c += np.dot(a[i:i + {BLOCK}], b[i:i + {BLOCK}])",
                one,
            ),
            Way("numpy", "NumPy", "c = np.dot(a, b)", no),
        ),
    )


def logistic(products: int, between: Between) -> Contest:
    """The gradient, dw and db, of logistic regression: 10 features, and as many examples as give
    this many products in the forward pass.
    """
    m = max(1, round(products / FEATURES))
    rng = np.random.RandomState(SEED)
    w, b = 0.1 * rng.randn(FEATURES), 0.1
    X = _drawn(rng, FEATURES, m, between)
    y = (_drawn(rng, 1, m, between)[0] < 0.5).astype(np.float64)

    return Contest(
        f"One iteration of logistic regression: {FEATURES} features, {m:,} examples.",
        FEATURES * m,
        (
            Way(
                "two",
                "Two loops: examples and features",
                _LOGISTIC_TWO,
                lambda f: _logistic_two(w, b, X, y, f),
            ),
            Way(
                "one",
                "One loop over the examples",
                _LOGISTIC_ONE,
                lambda f: _logistic_one(w, b, X, y, f),
            ),
            Way("numpy", "NumPy, no loop", _LOGISTIC_NO, lambda f: _logistic_all(w, b, X, y, f)),
        ),
    )


def _logistic_two(w: Array, b: float, X: Array, y: Array, between: Between) -> Array:
    (n, m), db = X.shape, 0.0
    dw = np.zeros(n)
    for i in range(m):
        if i % (BREATH // n) == 0:
            between()
        z = b
        for j in range(n):
            z += w[j] * X[j, i]
        dz = 1 / (1 + math.exp(-z)) - y[i]
        for j in range(n):
            dw[j] += X[j, i] * dz
        db += dz
    return np.asarray(np.append(dw, db) / m)


def _logistic_one(w: Array, b: float, X: Array, y: Array, between: Between) -> Array:
    (n, m), db = X.shape, 0.0
    dw = np.zeros(n)
    for i in range(m):
        if i % (BREATH // n) == 0:
            between()
        x = X[:, i]
        dz = 1 / (1 + math.exp(-(np.dot(w, x) + b))) - y[i]
        dw += x * dz
        db += dz
    return np.asarray(np.append(dw, db) / m)


def _logistic_all(w: Array, b: float, X: Array, y: Array, between: Between) -> Array:
    between()
    z = np.dot(w, X) + b
    between()
    dz = 1 / (1 + np.exp(-z)) - y
    between()
    return np.asarray(np.append(np.dot(X, dz), np.sum(dz)) / X.shape[1])


_LOGISTIC_TWO = """for i in range(m):
    z = b
    for j in range(n):
        z += w[j] * X[j, i]
    dz = 1 / (1 + math.exp(-z)) - y[i]
    for j in range(n):
        dw[j] += X[j, i] * dz
    db += dz"""
_LOGISTIC_ONE = """for i in range(m):
    dz = sigmoid(np.dot(w, X[:, i]) + b) - y[i]
    dw += X[:, i] * dz
    db += dz"""
_LOGISTIC_NO = """dz = sigmoid(np.dot(w, X) + b) - y
dw = np.dot(X, dz)
db = np.sum(dz)"""


def forward(products: int, between: Between, project: Project) -> Contest:
    """The forward pass of the project's network, with its initial weights, over as many random
    examples as give this many products.
    """
    sizes = project.sizes(project.data.inputs)
    network = network_of(project, sizes)
    p = Parameters(sizes)
    start.fill(p, project.network, None)
    weights = sum(W.size for W in p.W.values())
    m = max(1, round(products / weights))
    X = _drawn(np.random.RandomState(SEED), sizes[0], m, between)
    ways = (
        Way(
            "two",
            "Two loops: examples and units",
            "for k in range(m):\n    for l in range(1, L + 1):\n        for i in range(n[l]):\n"
            "            z = b[l][i]\n            for j in range(n[l - 1]):\n"
            "                z += W[l][i, j] * a[l - 1][j]",
            lambda between: _forward_two(network, p, X, between),
        ),
        Way(
            "one",
            "One loop over the examples",
            "for k in range(m):\n    for l in range(1, L + 1):\n"
            "        a[l] = g[l](np.dot(W[l], a[l - 1]) + b[l])",
            lambda between: _forward_one(network, p, X, between),
        ),
        Way(
            "numpy",
            "NumPy, all examples at once",
            "for l in range(1, L + 1):\n    A[l] = g[l](np.dot(W[l], A[l - 1]) + b[l])",
            lambda between: _forward_all(network, p, X, between),
        ),
    )
    shape = "-".join(str(n) for n in sizes)
    about = f"The forward pass of the open network, {shape}, over {m:,} random examples."
    return Contest(about, weights * m, ways)


class _Layers:
    """Applies g[l] by the core's own code, with memory for this many examples at a time."""

    def __init__(self, network: Network, m: int) -> None:
        self._g = network.activations
        self._scratch = {l: Scratch(network.sizes[l], m, np.float64) for l in self._g}

    def apply(self, l: int, Z: Array) -> Array:
        """g[l](Z), (n[l], m)."""
        A = np.empty_like(Z)
        self._g[l].forward(Z, A, self._scratch[l])
        return A


def _forward_two(network: Network, p: Parameters, X: Array, between: Between) -> Array:
    layers, out = _Layers(network, 1), np.empty((p.sizes[-1], X.shape[1]))
    since = 0
    for k in range(X.shape[1]):
        a = X[:, k]
        for l, W in p.W.items():
            b, z = p.b[l], np.empty((len(W), 1))
            for i in range(len(W)):
                total = b[i, 0]
                for j in range(len(a)):
                    total += W[i, j] * a[j]
                z[i, 0] = total
                since += len(a)
                if since >= BREATH:
                    since = 0
                    between()
            a = layers.apply(l, z)[:, 0]
        out[:, k] = a
    return out


def _forward_one(network: Network, p: Parameters, X: Array, between: Between) -> Array:
    layers, out = _Layers(network, 1), np.empty((p.sizes[-1], X.shape[1]))
    for k in range(X.shape[1]):
        if k % 64 == 0:
            between()
        a = X[:, k : k + 1]
        for l, W in p.W.items():
            a = layers.apply(l, np.dot(W, a) + p.b[l])
        out[:, k] = a[:, 0]
    return out


def _forward_all(network: Network, p: Parameters, X: Array, between: Between) -> Array:
    layers, A = _Layers(network, X.shape[1]), X
    for l, W in p.W.items():
        between()
        Z = np.dot(W, A) + p.b[l]
        between()
        A = layers.apply(l, Z)
    return A
