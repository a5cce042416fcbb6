"""The losses: what one example costs, and the mean of it over the examples, the cost J."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.nn.activations import Array, Scratch

# Above this |a - y| the probability 1 - |a - y| is too rounded for its logarithm.
TRUSTED = 0.98


@dataclass(frozen=True, slots=True)
class Loss:
    """One row of the table.

    `each(Z, A, Y)` gives the loss of every example, shape (m,), exact for any Z; `cost(Z, A, Y, s)`
    its mean, from what the forward pass left, in place. `outputs` are the output
    activations it is defined for (empty: any); for those in `fused`, dZ[L] = A[L] - Y, and for all
    others dZ[L] = dA[L] * g'(Z[L]) with dA[L] = A[L] - Y.
    """

    name: str
    label: str
    formula: str  # LaTeX of the loss of one example
    python: dict[str, str]  # NumPy of J in A and Y behind an output activation ("": any other)
    exact: dict[str, str]  # the same in Z and Y, right for any Z; none where `python` is
    outputs: frozenset[str]
    fused: frozenset[str]
    about: str  # what it punishes and what it is for, in a line


Each = Callable[[Array, Array, Array], Array]
Cost = Callable[[Array, Array, Array, Scratch], float]


def _binary_each(Z: Array, A: Array, Y: Array) -> Array:
    """-(y log a + (1-y) log(1-a)) = log(1 + e^z) - y z, summed over the output units."""
    losses: Array = (np.logaddexp(0.0, Z) - Y * Z).sum(axis=0)
    return losses


def _categorical_each(Z: Array, A: Array, Y: Array) -> Array:
    """-sum y log a = log(sum e^z) - sum y z."""
    top = Z.max(axis=0)
    losses: Array = np.log(np.exp(Z - top).sum(axis=0)) + top - (Y * Z).sum(axis=0)
    return losses


def _squared_each(Z: Array, A: Array, Y: Array) -> Array:
    losses: Array = 0.5 * ((A - Y) ** 2).sum(axis=0)
    return losses


def _binary_cost(Z: Array, A: Array, Y: Array, s: Scratch) -> float:
    """With y in {0, 1} the loss is -log(1 - |a - y|): a quarter of the time of log(1 + e^z)."""
    E = s.E
    np.subtract(A, Y, E)
    np.absolute(E, E)
    if E.item(E.argmax()) > TRUSTED:  # a quarter of the time of E.max()
        np.subtract(s.half, Y, E)
        np.multiply(E, Z, E)
        np.add(E, E, E)
        np.logaddexp(s.zero, E, E)  # log(1 + e^z) where y = 0, log(1 + e^-z) where y = 1
        return _mean(E, s)
    np.negative(E, E)
    np.log1p(E, E)
    return 0.0 - _mean(E, s)  # 0.0 - x: a cost of 0 is not written -0


def _categorical_cost(Z: Array, A: Array, Y: Array, s: Scratch) -> float:
    np.multiply(A, Y, s.E)
    p = s.row[0]
    np.add.reduce(s.E, axis=0, out=p)  # the probability given to the true class
    if p.item(p.argmin()) < s.tiny:
        return float(_categorical_each(Z, A, Y).mean())
    np.log(p, p)
    return 0.0 - _mean(s.row, s)


def _squared_cost(Z: Array, A: Array, Y: Array, s: Scratch) -> float:
    np.subtract(A, Y, s.E)
    e = s.E.reshape(-1)
    return 0.5 * float(e.dot(e)) / len(s.ones)


def _mean(E: Array, s: Scratch) -> float:
    """The mean over the columns of the sum of E (n, m); .sum() would take twice the time."""
    return float(sum(E.dot(s.ones).tolist())) / len(s.ones)


LOSSES: dict[str, Loss] = {
    loss.name: loss
    for loss in (
        Loss(
            "cross_entropy",
            "Cross-entropy",
            r"-\left(y \log a + (1 - y) \log(1 - a)\right)",
            {
                "sigmoid": "-np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A)) / m",
                "softmax": "-np.sum(Y * np.log(A)) / m",
            },
            {
                "sigmoid": "np.sum(np.logaddexp(0, Z) - Y * Z) / m",
                "softmax": "np.sum(np.logaddexp.reduce(Z, axis=0) - np.sum(Y * Z, axis=0)) / m",
            },
            outputs=frozenset({"sigmoid", "softmax"}),
            fused=frozenset({"sigmoid", "softmax"}),
            about="For classes: -log of what the right one was given; sure and wrong costs most",
        ),
        Loss(
            "squared_error",
            "Squared error",
            r"\frac{1}{2} (a - y)^2",
            {"": "np.sum((A - Y)**2) / (2 * m)"},
            {},
            outputs=frozenset(),
            fused=frozenset({"linear"}),
            about="For numbers: half the square of how far the prediction is off",
        ),
    )
}

# What computes a loss depends on the output activation too: the logarithms are taken of Z.
_EACH: dict[tuple[str, str], Each] = {
    ("cross_entropy", "sigmoid"): _binary_each,
    ("cross_entropy", "softmax"): _categorical_each,
}
_COST: dict[tuple[str, str], Cost] = {
    ("cross_entropy", "sigmoid"): _binary_cost,
    ("cross_entropy", "softmax"): _categorical_cost,
}


def each_of(loss: str, activation: str) -> Each:
    """The function (Z, A, Y) -> losses (m,) of this loss behind this output activation."""
    return _EACH.get((loss, activation), _squared_each)


def cost_of(loss: str, activation: str) -> Cost:
    """The function (Z, A, Y, scratch) -> J of this loss behind this output activation."""
    return _COST.get((loss, activation), _squared_cost)
