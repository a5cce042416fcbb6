"""The same network in scalar Python loops, one number at a time: slow, obvious, and no NumPy."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

Vector = list[float]
Matrix = list[Vector]  # rows
Layers = dict[int, Matrix]
Masks = Mapping[int, tuple[Matrix, float]]


@dataclass
class Pass:
    """Every number of one forward and one backward pass, as lists with the shapes of the course."""

    Z: Layers
    A: Layers
    dA: Layers
    dZ: Layers
    dW: Layers
    db: Layers
    losses: Vector
    J: float


def one_pass(
    W: Layers, b: Layers, X: Matrix, Y: Matrix, activations: Sequence[str], loss: str,
    masks: Masks = MappingProxyType({}), muted: Mapping[int, Sequence[int]] = MappingProxyType({}),
) -> Pass:  # fmt: skip
    """Run the network forwards and backwards; examples are columns of X (n_x, m) and Y (n_y, m).

    `masks` are D (n, m) and keep of the layers that drop activations; the output of `muted` units
    is the constant 0.
    """
    L, m = len(activations), len(X[0])
    g = dict(enumerate(activations, start=1))
    sizes = {0: len(X)} | {l: len(W[l]) for l in g}
    A: Layers = {0: X}
    Z, dA, dZ, dW, db = ({l: zeros(sizes[l], m) for l in g} for _ in range(5))
    losses = []
    for k in range(m):
        for l in range(1, L + 1):
            a_prev = column(A[l - 1], k)
            z = [dot(W[l][i], a_prev) + b[l][i][0] for i in range(sizes[l])]
            put(Z[l], k, z)
            a = silenced(activate(g[l], z), muted.get(l, ()))
            put(A.setdefault(l, zeros(sizes[l], m)), k, kept(masks, l, k, a))
        z, a, y = column(Z[L], k), column(A[L], k), column(Y, k)
        losses.append(loss_of(loss, g[L], z, a, y))
        error = [a[i] - y[i] for i in range(sizes[L])]
        for l in range(L, 0, -1):
            z = column(Z[l], k)
            if l == L and fused(loss, g[L]):
                put(dZ[l], k, error)
                continue
            if l == L:
                da = error
            else:
                dz_next = column(dZ[l + 1], k)
                da = [dot(column(W[l + 1], j), dz_next) for j in range(sizes[l])]
                da = kept(masks, l, k, da)
            put(dA[l], k, da)
            dz = through(g[l], z, activate(g[l], z), da)
            put(dZ[l], k, silenced(dz, muted.get(l, ())))
    for l in g:
        dW[l] = [
            [dot(dZ[l][i], A[l - 1][j]) / m for j in range(sizes[l - 1])] for i in range(sizes[l])
        ]
        db[l] = [[math.fsum(dZ[l][i]) / m] for i in range(sizes[l])]
    return Pass(Z, A, dA, dZ, dW, db, losses, math.fsum(losses) / m)


def kept(masks: Masks, l: int, k: int, values: Vector) -> Vector:
    """What dropout leaves of the values of layer l for example k."""
    if l not in masks:
        return values
    D, keep = masks[l]
    return [value * D[i][k] / keep for i, value in enumerate(values)]


def silenced(values: Vector, muted: Sequence[int]) -> Vector:
    """0 for the muted units."""
    return [0.0 if i in muted else value for i, value in enumerate(values)]


def activate(name: str, z: Vector) -> Vector:
    """The activations of one layer for one example."""
    if name == "softmax":
        top = max(z)
        total = math.fsum(math.exp(x - top) for x in z)
        return [math.exp(x - top) / total for x in z]
    return [SCALAR[name](x) for x in z]


def through(name: str, z: Vector, a: Vector, da: Vector) -> Vector:
    """Carry dJ/da of one layer and one example back to dJ/dz: dz_i = sum_j da_j * d a_j / d z_i."""
    if name == "softmax":
        n = len(z)
        return [
            math.fsum(da[j] * a[j] * ((1.0 if i == j else 0.0) - a[i]) for j in range(n))
            for i in range(n)
        ]
    return [da[i] * SLOPE[name](z[i]) for i in range(len(z))]


def sigmoid(z: float) -> float:
    if z < 0:
        return math.exp(z) / (1.0 + math.exp(z))
    return 1.0 / (1.0 + math.exp(-z))


def softplus(z: float) -> float:
    """log(1 + e^z) for any z."""
    return max(z, 0.0) + math.log1p(math.exp(-abs(z)))


SCALAR: dict[str, Callable[[float], float]] = {
    "sigmoid": sigmoid,
    "tanh": math.tanh,
    "relu": lambda z: z if z > 0 else 0.0,
    "leaky_relu": lambda z: z if z > 0 else 0.01 * z,
    "elu": lambda z: z if z > 0 else math.expm1(z),
    "softplus": softplus,
    "linear": lambda z: z,
    "step": lambda z: 1.0 if z > 0 else 0.0,
}

SLOPE: dict[str, Callable[[float], float]] = {
    "sigmoid": lambda z: sigmoid(z) * (1.0 - sigmoid(z)),
    "tanh": lambda z: 1.0 - math.tanh(z) ** 2,
    "relu": lambda z: 1.0 if z > 0 else 0.0,
    "leaky_relu": lambda z: 1.0 if z > 0 else 0.01,
    "elu": lambda z: 1.0 if z > 0 else math.exp(z),
    "softplus": sigmoid,
    "linear": lambda z: 1.0,
    "step": lambda z: 0.0,
}


def fused(loss: str, output: str) -> bool:
    """Whether dZ[L] = A[L] - Y: the loss is the one that belongs to the output activation."""
    return (loss, output) in {
        ("cross_entropy", "sigmoid"),
        ("cross_entropy", "softmax"),
        ("squared_error", "linear"),
    }


def loss_of(loss: str, output: str, z: Vector, a: Vector, y: Vector) -> float:
    """The loss of one example, without ever taking the logarithm of a rounded probability."""
    n = len(z)
    if loss == "squared_error":
        return math.fsum((a[i] - y[i]) ** 2 for i in range(n)) / 2
    if output == "softmax":
        top = max(z)
        log_total = top + math.log(math.fsum(math.exp(x - top) for x in z))
        return math.fsum(y[i] * (log_total - z[i]) for i in range(n))
    return math.fsum(
        y[i] * softplus(-z[i]) + (1 - y[i]) * softplus(z[i]) for i in range(n)
    )  # -log a = log(1 + e^-z), -log(1 - a) = log(1 + e^z)


def dot(u: Vector, v: Vector) -> float:
    return math.fsum(x * y for x, y in zip(u, v, strict=True))


def zeros(rows: int, columns: int) -> Matrix:
    return [[0.0] * columns for _ in range(rows)]


def column(M: Matrix, k: int) -> Vector:
    return [row[k] for row in M]


def put(M: Matrix, k: int, values: Vector) -> None:
    for row, value in zip(M, values, strict=True):
        row[k] = value
