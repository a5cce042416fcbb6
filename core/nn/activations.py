"""The activation functions g and their derivatives, each written into arrays the caller owns."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

Array = NDArray[np.floating[Any]]

LEAK = 0.01  # slope of leaky ReLU below zero


class Scratch:
    """What an activation needs besides Z and A: constants of the array's dtype, and buffers.

    A ufunc with a 0-d array of its own dtype skips the conversion that a Python float costs on
    every call: a fifth of an iteration of a small network.
    """

    __slots__ = (
        "E",
        "ceiling",
        "half",
        "inverse_m",
        "leak",
        "mask",
        "one",
        "ones",
        "row",
        "tiny",
        "zero",
    )

    def __init__(self, n: int, m: int, dtype: DTypeLike) -> None:
        self.zero, self.half, self.one, self.leak, self.inverse_m = (
            np.array(value, dtype) for value in (0.0, 0.5, 1.0, LEAK, 1.0 / m)
        )
        self.tiny = np.array(np.finfo(dtype).tiny, dtype)  # smaller numbers have lost digits
        self.ceiling = np.array(np.floor(-np.log(self.tiny)))  # exp(ceiling) is still finite
        self.mask = np.empty((n, m), np.bool_)
        self.E = np.empty((n, m), dtype)
        self.row = np.empty((1, m), dtype)
        self.ones = np.ones(m, dtype)


Forward = Callable[[Array, Array, Scratch], None]  # forward(Z, A, s): A <- g(Z)
# backward(Z, A, dA, dZ, s): dZ <- dA * g'(Z)
Backward = Callable[[Array, Array, Array, Array, Scratch], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """One row of the table: a function g, its derivative, and all that is said or asked of it.

    `range` holds the values that g stays between; `saturated` tells which of the values A sit where
    g' is (nearly) zero. What is asked of a network asks its rows, so that no name is compared.
    """

    name: str
    label: str
    forward: Forward
    backward: Backward
    symbol: str  # g in a line of text: σ(z); empty where g(z) is z
    latex: str  # LaTeX of g(z) as it is called: \sigma(z)
    formula: str  # LaTeX of what g(z) is; the same as `latex` where that says it
    derivative: str  # LaTeX of g'(z), in terms of a where that is how it is computed
    python: str  # NumPy of g(Z)
    python_prime: str  # NumPy of g'(Z), in terms of Z and A, a factor; else the whole of dZ
    range: tuple[float, float] = (-math.inf, math.inf)
    saturated: Callable[[Array], NDArray[np.bool_]] | None = None
    elementwise: bool = True  # each a depends on its own z alone
    linear: bool = False  # layers of it are together one layer
    kinked: bool = False  # at z = 0 neither g nor g' need be smooth
    dies: bool = False  # where it is flat it is 0, so that a unit flat for all examples is dead
    half: float = 0.5  # the z at which g(z) = 1/2
    in_palette: bool = True  # whether the canvas offers layers of it at a glance
    output_for: str = ""  # the kind of labels that it is the usual output for
    mistaken_for: str = "sigmoid"  # whose g' a planted bug takes for its own
    refusal: str = ""  # why a network with it cannot be trained
    about: str  # what it does and what it is for, in a line

    @property
    def limits(self) -> tuple[float, float] | None:
        """The range where both its ends are finite: that of the colour scale."""
        return self.range if all(map(math.isfinite, self.range)) else None


def _sigmoid(Z: Array, A: Array, s: Scratch) -> None:
    np.minimum(Z, s.ceiling, out=A)  # no overflow, no warning, for half the price of np.errstate
    np.exp(A, A)
    np.add(A, s.one, s.E)
    np.divide(A, s.E, A)  # e^z / (e^z + 1)


def _sigmoid_back(Z: Array, A: Array, dA: Array, dZ: Array, s: Scratch) -> None:
    np.subtract(s.one, A, dZ)
    np.multiply(dZ, A, dZ)
    np.multiply(dZ, dA, dZ)


def _tanh(Z: Array, A: Array, s: Scratch) -> None:
    np.tanh(Z, A)


def _tanh_back(Z: Array, A: Array, dA: Array, dZ: Array, s: Scratch) -> None:
    np.multiply(A, A, dZ)
    np.subtract(s.one, dZ, dZ)
    np.multiply(dZ, dA, dZ)


def _relu(Z: Array, A: Array, s: Scratch) -> None:
    np.maximum(Z, s.zero, out=A)  # out by position is deprecated for maximum alone


def _relu_back(Z: Array, A: Array, dA: Array, dZ: Array, s: Scratch) -> None:
    np.greater(Z, s.zero, s.mask)  # g'(0) = 0, as in the course's own helper
    np.multiply(dA, s.mask, dZ)


def _leaky_relu(Z: Array, A: Array, s: Scratch) -> None:
    np.multiply(Z, s.leak, A)
    np.maximum(Z, A, out=A)


def _leaky_relu_back(Z: Array, A: Array, dA: Array, dZ: Array, s: Scratch) -> None:
    np.greater(Z, s.zero, s.mask)
    np.multiply(dA, s.leak, dZ)
    np.copyto(dZ, dA, where=s.mask)


def _linear(Z: Array, A: Array, s: Scratch) -> None:
    np.copyto(A, Z)


def _linear_back(Z: Array, A: Array, dA: Array, dZ: Array, s: Scratch) -> None:
    np.copyto(dZ, dA)


def _step(Z: Array, A: Array, s: Scratch) -> None:
    np.greater(Z, s.zero, A)


def _step_back(Z: Array, A: Array, dA: Array, dZ: Array, s: Scratch) -> None:
    dZ.fill(0.0)


def _softmax(Z: Array, A: Array, s: Scratch) -> None:
    np.maximum.reduce(Z, axis=0, out=s.row[0])
    np.subtract(Z, s.row, A)  # the largest exponent is 0: nothing overflows
    np.exp(A, A)
    np.add.reduce(A, axis=0, out=s.row[0])
    np.divide(A, s.row, A)


def _softmax_back(Z: Array, A: Array, dA: Array, dZ: Array, s: Scratch) -> None:
    np.multiply(A, dA, dZ)
    np.add.reduce(dZ, axis=0, out=s.row[0])  # every z moves every a: dz_i = a_i (da_i - sum a da)
    np.subtract(dA, s.row, dZ)
    np.multiply(dZ, A, dZ)


def _elu(Z: Array, A: Array, s: Scratch) -> None:
    np.minimum(Z, s.zero, out=A)
    np.expm1(A, A)  # e^z - 1 below zero, 0 above it, where the other half of the sum is z
    np.maximum(Z, s.zero, out=s.E)
    np.add(A, s.E, A)


def _elu_back(Z: Array, A: Array, dA: Array, dZ: Array, s: Scratch) -> None:
    np.minimum(A, s.zero, out=dZ)
    np.add(dZ, s.one, dZ)  # e^z = a + 1 below zero, 1 above it
    np.multiply(dZ, dA, dZ)


def _softplus(Z: Array, A: Array, s: Scratch) -> None:
    np.logaddexp(s.zero, Z, A)


def _softplus_back(Z: Array, A: Array, dA: Array, dZ: Array, s: Scratch) -> None:
    np.negative(A, dZ)
    np.expm1(dZ, dZ)
    np.negative(dZ, dZ)  # sigmoid(z) = 1 - e^-a
    np.multiply(dZ, dA, dZ)


def _flat_at_both_ends(low: float, high: float) -> Callable[[Array], NDArray[np.bool_]]:
    margin = 0.01 * (high - low)
    return lambda A: (low + margin > A) | (high - margin < A)


ACTIVATIONS: dict[str, Activation] = {
    activation.name: activation
    for activation in (
        Activation(
            name="sigmoid",
            label="sigmoid",
            forward=_sigmoid,
            backward=_sigmoid_back,
            symbol="σ",
            latex=r"\sigma(z)",
            formula=r"\frac{1}{1 + e^{-z}}",
            derivative=r"a\,(1 - a)",
            python="1 / (1 + np.exp(-Z))",
            python_prime="A * (1 - A)",
            range=(0.0, 1.0),
            saturated=_flat_at_both_ends(0.0, 1.0),
            half=0.0,
            output_for="binary",
            mistaken_for="tanh",
            about="Squeezes z into 0 … 1, as a probability; where it is flat, little is learned",
        ),
        Activation(
            name="tanh",
            label="tanh",
            forward=_tanh,
            backward=_tanh_back,
            symbol="tanh",
            latex=r"\tanh(z)",
            formula=r"\tanh(z)",
            derivative="1 - a^2",
            python="np.tanh(Z)",
            python_prime="(1 - A**2)",
            range=(-1.0, 1.0),
            saturated=_flat_at_both_ends(-1.0, 1.0),
            half=math.atanh(0.5),
            about="Squeezes z into -1 … 1, evenly around 0; where it is flat, little is learned",
        ),
        Activation(
            name="relu",
            label="ReLU",
            forward=_relu,
            backward=_relu_back,
            symbol="ReLU",
            latex=r"\max(0, z)",
            formula=r"\max(0, z)",
            derivative=r"1\ \mathrm{if}\ z > 0\ \mathrm{else}\ 0",
            python="np.maximum(0, Z)",
            python_prime="(Z > 0).astype(Z.dtype)",
            range=(0.0, math.inf),
            saturated=lambda A: A <= 0.0,
            kinked=True,
            dies=True,
            about="Passes what is above 0 and nothing else: quick to compute, never flat above 0",
        ),
        Activation(
            name="leaky_relu",
            label="leaky ReLU",
            forward=_leaky_relu,
            backward=_leaky_relu_back,
            symbol="leaky ReLU",
            latex=r"\max(0.01\,z, z)",
            formula=r"\max(0.01\,z, z)",
            derivative=r"1\ \mathrm{if}\ z > 0\ \mathrm{else}\ 0.01",
            python=f"np.maximum({LEAK} * Z, Z)",
            python_prime=f"np.where(Z > 0, 1.0, {LEAK})",
            kinked=True,
            about="Like ReLU, but lets 0.01 z through below 0, so that no unit dies",
        ),
        Activation(
            name="elu",
            label="ELU",
            forward=_elu,
            backward=_elu_back,
            symbol="ELU",
            latex=r"\mathrm{ELU}(z)",
            formula=r"z\ \mathrm{if}\ z > 0\ \mathrm{else}\ e^{z} - 1",
            derivative=r"1\ \mathrm{if}\ a > 0\ \mathrm{else}\ a + 1",
            python="np.where(Z > 0, Z, np.expm1(np.minimum(Z, 0)))",
            python_prime="np.where(A > 0, 1.0, A + 1)",
            range=(-1.0, math.inf),
            saturated=lambda A: A < -0.99,
            kinked=True,
            about="Like ReLU above 0; below it bends smoothly towards -1, so that units recover",
        ),
        Activation(
            name="softplus",
            label="softplus",
            forward=_softplus,
            backward=_softplus_back,
            symbol="softplus",
            latex=r"\mathrm{softplus}(z)",
            formula=r"\log(1 + e^{z})",
            derivative="1 - e^{-a}",
            python="np.logaddexp(0, Z)",
            python_prime="-np.expm1(-A)",
            range=(0.0, math.inf),
            saturated=lambda A: A < 0.01,
            half=math.log(math.expm1(0.5)),
            about="ReLU without the corner: log(1 + e^z), whose slope is the sigmoid",
        ),
        Activation(
            name="linear",
            label="linear",
            forward=_linear,
            backward=_linear_back,
            symbol="",
            latex="z",
            formula="z",
            derivative="1",
            python="Z",
            python_prime="np.ones_like(Z)",
            linear=True,
            output_for="regression",
            about="Passes z as it is: for an output that may be any number",
        ),
        Activation(
            name="step",
            label="step (perceptron)",
            forward=_step,
            backward=_step_back,
            symbol="step",
            latex=r"1\ \mathrm{if}\ z > 0\ \mathrm{else}\ 0",
            formula=r"1\ \mathrm{if}\ z > 0\ \mathrm{else}\ 0",
            derivative="0",
            python="(Z > 0).astype(Z.dtype)",
            python_prime="np.zeros_like(Z)",
            range=(0.0, 1.0),
            kinked=True,
            half=0.0,
            in_palette=False,
            refusal="its slope is 0 everywhere, so no gradient gets through it and nothing before"
            " it could learn; choose sigmoid or tanh, its smooth relatives",
            about="1 above 0, else 0: the unit of the perceptron, 1958",
        ),
        Activation(
            name="softmax",
            label="softmax",
            forward=_softmax,
            backward=_softmax_back,
            symbol="softmax",
            latex=r"\mathrm{softmax}(z)",
            formula=r"\frac{e^{z_i}}{\sum_j e^{z_j}}",
            derivative=r"a_i\,(\delta_{ij} - a_j)",
            python="np.exp(Z - Z.max(axis=0)) / np.exp(Z - Z.max(axis=0)).sum(axis=0)",
            python_prime="A * (dA - (A * dA).sum(axis=0))",
            range=(0.0, 1.0),
            saturated=_flat_at_both_ends(0.0, 1.0),
            elementwise=False,
            in_palette=False,
            output_for="classes",
            about="Makes of all z of the layer probabilities that add up to 1: one for each class",
        ),
    )
}


def passes_origin(name: str) -> bool:
    """Whether g(0) = 0: then a layer whose weights and biases are 0 gives 0."""
    scratch, zero = Scratch(1, 1, np.float64), np.zeros((1, 1))
    A = np.empty((1, 1))
    ACTIVATIONS[name].forward(zero, A, scratch)
    return A.item() == 0.0


def muting(g: Activation, units: Sequence[int]) -> Activation:
    """The activation with these units' outputs 0; then nothing passes back through them either.

    For elementwise ones alone.
    """
    rows = np.array(units)

    def forward(Z: Array, A: Array, s: Scratch) -> None:
        g.forward(Z, A, s)
        A[rows] = 0.0

    def backward(Z: Array, A: Array, dA: Array, dZ: Array, s: Scratch) -> None:
        g.backward(Z, A, dA, dZ, s)
        dZ[rows] = 0.0

    return replace(g, forward=forward, backward=backward)
