"""The losses of one example, and their mean over the examples, the cost J."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from core.nn.activations import Array, Scratch

Each = Callable[[Array, Array, Array], Array]
Cost = Callable[[Array, Array, Array, Array, Scratch], Callable[[], float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LossForm:
    """How a loss is computed and written with one output activation.

    `each(Z, A, Y)` gives the loss of every example, shape (m,), exact for any Z. `shares(Z, A, Y)`
    gives the part of each output unit, (n[L], m), and `slope(Z, A, Y)` its derivative by a, (n[L],
    m). `cost(Z, A, Y, error, s)` returns a function of the mean loss that reads what the forward
    pass and the error A - Y have computed; it binds its arrays in advance, because looking them up
    in each call took a fifth of its time.
    """

    each: Each
    shares: Each
    slope: Each
    cost: Cost
    python: str  # NumPy of J in A and Y
    torch: str  # PyTorch of J in A, Z and Y, an example a row
    exact: str = ""  # the same in Z and Y, exact for any Z; empty if `python` is
    formula: str  # LaTeX of an output unit's part of the loss of an example, in a and y
    text: str  # the same as text
    slope_python: str  # NumPy of the derivative by A, in A and Y
    slope_exact: str = ""  # the same in Z and Y, exact even if A is exactly 0 or 1
    slope_formula: str  # LaTeX of the derivative by an output's a, in a and y
    slope_text: str  # the same as text


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """One row of the table.

    `behind` are the output activations it is defined for, the usual one first ("": any). For those
    in `fused`, dZ[L] = A[L] - Y; for all others dZ[L] = dA[L] * g'(Z[L]) with dA[L] = A[L] - Y.
    """

    name: str
    label: str
    formula: str  # LaTeX of the loss of one example
    behind: Mapping[str, LossForm]
    fused: frozenset[str]
    of_classes: bool = False  # whether labels are 0 or 1
    from_z: bool = False  # whether it is computed from z, which loses no digits
    why_not: str = ""  # why it is not defined for other output activations
    beside: str = ""  # the loss that its surface is compared with, of a single unit
    about: str  # one line on what it penalizes and what it is for

    @property
    def outputs(self) -> tuple[str, ...]:
        """The output activations it is defined for, its usual one first; empty: any."""
        return () if "" in self.behind else tuple(self.behind)

    def at(self, activation: str) -> LossForm:
        """Its form for this output activation."""
        return self.behind.get(activation) or self.behind[""]


def _binary_each(Z: Array, A: Array, Y: Array) -> Array:
    """-(y log a + (1-y) log(1-a)) = log(1 + e^z) - y z, summed over the output units."""
    losses: Array = (np.logaddexp(0.0, Z) - Y * Z).sum(axis=0)
    return losses


def _categorical_each(Z: Array, A: Array, Y: Array) -> Array:
    """-sum y log a = log(sum e^z) - sum y z."""
    top = Z.max(axis=0)
    losses: Array = np.log(np.exp(Z - top).sum(axis=0)) + top - (Y * Z).sum(axis=0)
    return losses


def _binary_shares(Z: Array, A: Array, Y: Array) -> Array:
    shares: Array = Y * np.logaddexp(0.0, -Z) + (1.0 - Y) * np.logaddexp(0.0, Z)
    return shares


def _categorical_shares(Z: Array, A: Array, Y: Array) -> Array:
    top = Z.max(axis=0)
    shares: Array = Y * (np.log(np.exp(Z - top).sum(axis=0)) + top - Z)
    return shares


def _squared_shares(Z: Array, A: Array, Y: Array) -> Array:
    shares: Array = 0.5 * (A - Y) ** 2
    return shares


def _binary_slope(Z: Array, A: Array, Y: Array) -> Array:
    """-y/a + (1-y)/(1-a), with 1/a = 1 + e^-z and 1/(1-a) = 1 + e^z, and y in {0, 1}."""
    slope: Array = np.where(Y == 1, -1.0 - np.exp(-Z), 1.0 + np.exp(Z))
    return slope


def _categorical_slope(Z: Array, A: Array, Y: Array) -> Array:
    """-y/a, with 1/a = sum e^z / e^z."""
    top = Z.max(axis=0)
    total = np.log(np.exp(Z - top).sum(axis=0)) + top
    slope: Array = np.where(Y == 1, -np.exp(total - Z), 0.0)
    return slope


def _squared_slope(Z: Array, A: Array, Y: Array) -> Array:
    slope: Array = A - Y
    return slope


def _squared_each(Z: Array, A: Array, Y: Array) -> Array:
    losses: Array = 0.5 * ((A - Y) ** 2).sum(axis=0)
    return losses


def _binary_cost(Z: Array, A: Array, Y: Array, error: Array, s: Scratch) -> Callable[[], float]:
    """With y in {0, 1} the loss is -log p, p = 1 - |a - y| the probability given to the label."""
    P, one, each, m, doubt = s.E, s.one, s.each, s.m, s.doubt
    absolute, subtract, log = np.absolute, np.subtract, np.log
    at_least, item, dot = P.argmin, P.item, s.flat.dot

    def cost() -> float:
        absolute(error, P)
        subtract(one, P, P)
        if (least := item(at_least())) > doubt:
            log(P, P)
            return 0.0 - float(dot(each)) / m  # 0.0 - x: a cost of 0 is not written -0
        return least if math.isnan(least) else _doubtful_cost(P, Z, Y, s)

    return cost


def _doubtful_cost(P: Array, Z: Array, Y: Array, s: Scratch) -> float:
    """The same with log(1 + e^z) if y = 0 and log(1 + e^-z) if y = 1, for the labels whose
    probability is too rounded for its logarithm.
    """
    doubtful = ~np.greater(P, s.doubt)
    P[doubtful] = 1.0
    np.log(P, P)
    z, y = Z[doubtful], Y[doubtful]
    exact = np.logaddexp(0.0, (1.0 - 2.0 * y) * z)
    return (float(exact.sum(dtype=np.float64)) - float(s.flat.dot(s.each))) / s.m


def _categorical_cost(
    Z: Array, A: Array, Y: Array, error: Array, s: Scratch
) -> Callable[[], float]:
    E, p, tiny, ones, m = s.E, s.top, s.tiny, s.ones, s.m
    multiply, log = np.multiply, np.log
    at_least, item, dot, of_columns = p.argmin, p.item, p.dot, s.units.dot

    def cost() -> float:
        multiply(A, Y, E)
        of_columns(E, p)  # the probability given to the true class
        if item(at_least()) < tiny:
            return float(_categorical_each(Z, A, Y).mean())
        log(p, p)
        return 0.0 - float(dot(ones)) / m

    return cost


def _squared_cost(Z: Array, A: Array, Y: Array, error: Array, s: Scratch) -> Callable[[], float]:
    e, m = error.reshape(-1), s.m
    dot = e.dot
    return lambda: 0.5 * float(dot(e)) / m


LOSSES: dict[str, Loss] = {
    loss.name: loss
    for loss in (
        Loss(
            name="cross_entropy",
            label="Cross-entropy",
            formula=r"-\left(y \log a + (1 - y) \log(1 - a)\right)",
            behind={
                "sigmoid": LossForm(
                    each=_binary_each,
                    shares=_binary_shares,
                    slope=_binary_slope,
                    cost=_binary_cost,
                    python="-np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A)) / m",
                    torch='F.binary_cross_entropy_with_logits(Z, Y, reduction="sum") / m',
                    exact="np.sum(np.logaddexp(0, Z) - Y * Z) / m",
                    formula=r"-(y \log a + (1 - y) \log(1 - a))",
                    text="−({y} · log {a} + (1 − {y}) · log(1 − {a}))",
                    slope_python="-Y / A + (1 - Y) / (1 - A)",
                    slope_exact="np.where(Y == 1, -1 - np.exp(-Z), 1 + np.exp(Z))",
                    slope_formula=r"-\frac{y}{a} + \frac{1 - y}{1 - a}",
                    slope_text="−{y} / {a} + (1 − {y}) / (1 − {a})",
                ),
                "softmax": LossForm(
                    each=_categorical_each,
                    shares=_categorical_shares,
                    slope=_categorical_slope,
                    cost=_categorical_cost,
                    python="-np.sum(Y * np.log(A)) / m",
                    torch='F.cross_entropy(Z, Y, reduction="sum") / m',
                    exact="np.sum(np.logaddexp.reduce(Z, axis=0) - np.sum(Y * Z, axis=0)) / m",
                    formula=r"-y \log a",
                    text="−{y} · log {a}",
                    slope_python="-Y / A",
                    slope_exact="-Y * np.exp(np.logaddexp.reduce(Z, axis=0) - Z)",
                    slope_formula=r"-\frac{y}{a}",
                    slope_text="−{y} / {a}",
                ),
            },
            fused=frozenset({"sigmoid", "softmax"}),
            of_classes=True,
            from_z=True,
            why_not="takes the logarithm of a probability",
            beside="squared_error",
            about=(
                "For classes: −log of the probability of the right class; confident mistakes "
                "cost most"
            ),
        ),
        Loss(
            name="squared_error",
            label="Squared error",
            formula=r"\frac{1}{2} (a - y)^2",
            behind={
                "": LossForm(
                    each=_squared_each,
                    shares=_squared_shares,
                    slope=_squared_slope,
                    cost=_squared_cost,
                    python="np.sum((A - Y)**2) / (2 * m)",
                    torch="((A - Y) ** 2).sum() / (2 * m)",
                    formula=r"\frac{1}{2}(a - y)^2",
                    text="½({a} − {y})²",
                    slope_python="A - Y",
                    slope_formula="a - y",
                    slope_text="{a} − {y}",
                )
            },
            fused=frozenset({"linear"}),
            about="For numbers: half the squared error of the prediction",
        ),
    )
}


def behind_any(activation: str) -> str:
    """Some loss that is defined for this output activation."""
    return next(
        name for name, loss in LOSSES.items() if not loss.outputs or activation in loss.outputs
    )
