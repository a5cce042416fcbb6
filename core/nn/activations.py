"""The activation functions g and their derivatives, as calls that fill the caller's arrays."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import DTypeLike, NDArray

from core.nn.calls import Array as Array
from core.nn.calls import Calls, maximum, minimum, run

LEAK = 0.01  # slope of leaky ReLU below zero
# Up to this a probability has lost too many digits for its logarithm, by the bytes of a number:
# above it the logarithm is right to 3e-13 and 6e-6 of itself.
DOUBT = {8: 1e-4, 4: 5e-3}


class Scratch:
    """Temporary arrays of an activation besides Z and A: constants of the array's dtype, and
    buffers, created on first use.

    A ufunc with a 0-d array of its own dtype skips the conversion that a Python float costs on
    every call: a fifth of an iteration of a small network.
    """

    def __init__(self, n: int, m: int, dtype: DTypeLike) -> None:
        self._shape, self._dtype = (n, m), dtype
        self.zero, self.one, self.leak, self.inverse_m = (
            np.array(value, dtype) for value in (0.0, 1.0, LEAK, 1.0 / m)
        )
        self.tiny = np.array(np.finfo(dtype).tiny, dtype)  # smaller numbers have lost digits
        self.doubt = DOUBT[self.tiny.itemsize]
        self.m = m
        self.row = np.empty((1, m), dtype)
        self.top = self.row[0]  # the same as (m,)
        self.units = np.ones(n, dtype)
        self.ones = np.ones(m, dtype)

    @cached_property
    def E(self) -> Array:  # noqa: N802 - an array, (n, m)
        return np.empty(self._shape, self._dtype)

    @cached_property
    def flat(self) -> Array:
        """E as (n m,)."""
        return self.E.reshape(-1)

    @cached_property
    def each(self) -> Array:
        """Ones as (n m,): a product with them is the sum, in half the time of .sum()."""
        return np.ones(self.E.size, self._dtype)

    @cached_property
    def mask(self) -> NDArray[np.bool_]:
        return np.empty(self._shape, np.bool_)

    @cached_property
    def zeros(self) -> Array:
        """0 in the shape of Z: a maximum with it takes half the time of one with a 0-d array."""
        return np.zeros(self._shape, self._dtype)

    @cached_property
    def ceiling(self) -> Array:
        """The largest z for which e^z is finite, as a row, likewise."""
        return np.full((1, self.m), np.floor(-np.log(self.tiny)), self._dtype)


# Nodes of ONNX: operator, inputs …, output. The input is Z and the last output A; `zero`, `one` and
# `leak` are these numbers.
OnnxNodes = tuple[tuple[str, ...], ...]

Forward = Callable[[Array, Array, Scratch], Calls]  # forward(Z, A, s): A <- g(Z)
# backward(Z, A, dA, dZ, s): dZ <- dA * g'(Z)
Backward = Callable[[Array, Array, Array, Array, Scratch], Calls]


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """One row of the table: a function g, its derivative, and all its properties.

    `forward_calls` and `backward_calls` list the NumPy calls of both (core/nn/calls.py).

    `range` holds the limits of g; `saturated` tells which of the values A are where g' is (nearly)
    zero. Code that depends on an activation reads these properties and never compares names.
    """

    name: str
    label: str
    forward_calls: Forward
    backward_calls: Backward
    symbol: str  # g in a line of text: σ(z); empty where g(z) is z
    latex: str  # LaTeX of g(z) by its usual name: \sigma(z)
    formula: str  # LaTeX of the definition of g(z); equal to `latex` if that is one
    derivative: str  # LaTeX of g'(z), in terms of a if it is computed from a
    python: str  # NumPy of g(Z)
    python_prime: str  # NumPy of the factor g'(Z), in terms of Z and A; else of the whole dZ
    torch: str  # PyTorch of g(Z), an example a row
    onnx: OnnxNodes  # the same for ONNX, of operators that run in double precision
    range: tuple[float, float] = (-math.inf, math.inf)
    saturated: Callable[[Array], NDArray[np.bool_]] | None = None
    elementwise: bool = True  # each a depends on its own z alone
    linear: bool = False  # layers of it are together one layer
    kinked: bool = False  # at z = 0 neither g nor g' need be smooth
    dies: bool = False  # its flat part is 0, so that a unit which is flat for all examples is dead
    half: float = 0.5  # the z at which g(z) = 1/2
    in_palette: bool = True  # whether the canvas palette offers it
    output_for: str = ""  # the kind of labels for which it is the usual output
    mistaken_for: str = "sigmoid"  # whose g' a planted bug uses instead
    refusal: str = ""  # why a network with it cannot be trained
    about: str  # one line on what it does and what it is for

    @property
    def short_label(self) -> str:
        """The label without the part in brackets."""
        return self.label.partition(" (")[0]

    @property
    def limits(self) -> tuple[float, float] | None:
        """The range if both ends are finite: the range of the colour scale."""
        return self.range if all(map(math.isfinite, self.range)) else None

    def forward(self, Z: Array, A: Array, s: Scratch) -> None:
        """Fill A with g(Z), at once."""
        run(self.forward_calls(Z, A, s))

    def backward(self, Z: Array, A: Array, dA: Array, dZ: Array, s: Scratch) -> None:
        """Fill dZ with dA * g'(Z) in one step, from the results of `forward` for the same Z."""
        run(self.backward_calls(Z, A, dA, dZ, s))


def _sigmoid(Z: Array, A: Array, s: Scratch) -> Calls:
    yield minimum, Z, s.ceiling, A  # no overflow, no warning, for half the price of np.errstate
    yield np.exp, A, A
    yield np.add, A, s.one, s.E
    yield np.divide, A, s.E, A  # e^z / (e^z + 1)


def _sigmoid_back(Z: Array, A: Array, dA: Array, dZ: Array, s: Scratch) -> Calls:
    yield np.subtract, s.one, A, dZ
    yield np.multiply, dZ, A, dZ
    yield np.multiply, dZ, dA, dZ


def _tanh(Z: Array, A: Array, s: Scratch) -> Calls:
    yield np.tanh, Z, A


def _tanh_back(Z: Array, A: Array, dA: Array, dZ: Array, s: Scratch) -> Calls:
    yield np.multiply, A, A, dZ
    yield np.subtract, s.one, dZ, dZ
    yield np.multiply, dZ, dA, dZ


def _relu(Z: Array, A: Array, s: Scratch) -> Calls:
    yield maximum, Z, s.zeros, A


def _relu_back(Z: Array, A: Array, dA: Array, dZ: Array, s: Scratch) -> Calls:
    yield np.greater, Z, s.zero, s.mask  # g'(0) = 0, as in the course's own helper
    yield np.copyto, dZ, s.mask  # a product with truth values would convert them, and slower
    yield np.multiply, dA, dZ, dZ


def _leaky_relu(Z: Array, A: Array, s: Scratch) -> Calls:
    yield np.multiply, Z, s.leak, A
    yield maximum, Z, A, A


def _leaky_relu_back(Z: Array, A: Array, dA: Array, dZ: Array, s: Scratch) -> Calls:
    yield np.greater, Z, s.zero, s.mask
    yield np.multiply, dA, s.leak, dZ
    yield np.copyto, dZ, dA, "same_kind", s.mask


def _linear(Z: Array, A: Array, s: Scratch) -> Calls:
    yield np.positive, Z, A


def _linear_back(Z: Array, A: Array, dA: Array, dZ: Array, s: Scratch) -> Calls:
    yield np.positive, dA, dZ


def _step(Z: Array, A: Array, s: Scratch) -> Calls:
    yield np.greater, Z, s.zero, A


def _step_back(Z: Array, A: Array, dA: Array, dZ: Array, s: Scratch) -> Calls:
    yield dZ.fill, 0.0


def _softmax(Z: Array, A: Array, s: Scratch) -> Calls:
    yield np.maximum.reduce, Z, 0, None, s.top
    yield np.subtract, Z, s.row, A  # the largest exponent is 0: nothing overflows
    yield np.exp, A, A
    yield s.units.dot, A, s.top  # the sum over the units, by BLAS
    yield np.divide, A, s.row, A


def _softmax_back(Z: Array, A: Array, dA: Array, dZ: Array, s: Scratch) -> Calls:
    yield np.multiply, A, dA, dZ
    yield s.units.dot, dZ, s.top  # every z moves every a: dz_i = a_i (da_i - sum a da)
    yield np.subtract, dA, s.row, dZ
    yield np.multiply, dZ, A, dZ


def _elu(Z: Array, A: Array, s: Scratch) -> Calls:
    yield minimum, Z, s.zero, A
    yield np.expm1, A, A  # e^z - 1 below zero, 0 above it, where the other half of the sum is z
    yield maximum, Z, s.zero, s.E
    yield np.add, A, s.E, A


def _elu_back(Z: Array, A: Array, dA: Array, dZ: Array, s: Scratch) -> Calls:
    yield minimum, A, s.zero, dZ
    yield np.add, dZ, s.one, dZ  # e^z = a + 1 below zero, 1 above it
    yield np.multiply, dZ, dA, dZ


def _softplus(Z: Array, A: Array, s: Scratch) -> Calls:
    yield np.logaddexp, s.zero, Z, A


def _softplus_back(Z: Array, A: Array, dA: Array, dZ: Array, s: Scratch) -> Calls:
    yield np.negative, A, dZ
    yield np.expm1, dZ, dZ
    yield np.negative, dZ, dZ  # sigmoid(z) = 1 - e^-a
    yield np.multiply, dZ, dA, dZ


def _flat_at_both_ends(low: float, high: float) -> Callable[[Array], NDArray[np.bool_]]:
    margin = 0.01 * (high - low)
    return lambda A: (low + margin > A) | (high - margin < A)


ACTIVATIONS: dict[str, Activation] = {
    activation.name: activation
    for activation in (
        Activation(
            name="sigmoid",
            label="sigmoid",
            forward_calls=_sigmoid,
            backward_calls=_sigmoid_back,
            symbol="σ",
            latex=r"\sigma(z)",
            formula=r"\frac{1}{1 + e^{-z}}",
            derivative=r"a\,(1 - a)",
            python="1 / (1 + np.exp(-Z))",
            python_prime="A * (1 - A)",
            torch="torch.sigmoid(Z)",
            onnx=(("Sigmoid", "Z", "A"),),
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
            forward_calls=_tanh,
            backward_calls=_tanh_back,
            symbol="tanh",
            latex=r"\tanh(z)",
            formula=r"\tanh(z)",
            derivative="1 - a^2",
            python="np.tanh(Z)",
            python_prime="(1 - A**2)",
            torch="torch.tanh(Z)",
            onnx=(("Tanh", "Z", "A"),),
            range=(-1.0, 1.0),
            saturated=_flat_at_both_ends(-1.0, 1.0),
            half=math.atanh(0.5),
            about="Squeezes z into -1 … 1, evenly around 0; where it is flat, little is learned",
        ),
        Activation(
            name="relu",
            label="ReLU",
            forward_calls=_relu,
            backward_calls=_relu_back,
            symbol="ReLU",
            latex=r"\max(0, z)",
            formula=r"\max(0, z)",
            derivative=r"1\ \mathrm{if}\ z > 0\ \mathrm{else}\ 0",
            python="np.maximum(0, Z)",
            python_prime="(Z > 0).astype(Z.dtype)",
            torch="torch.relu(Z)",
            onnx=(("Relu", "Z", "A"),),
            range=(0.0, math.inf),
            saturated=lambda A: A <= 0.0,
            kinked=True,
            dies=True,
            about="Passes z above 0, else 0: quick to compute, never flat above 0",
        ),
        Activation(
            name="leaky_relu",
            label="leaky ReLU",
            forward_calls=_leaky_relu,
            backward_calls=_leaky_relu_back,
            symbol="leaky ReLU",
            latex=r"\max(0.01\,z, z)",
            formula=r"\max(0.01\,z, z)",
            derivative=r"1\ \mathrm{if}\ z > 0\ \mathrm{else}\ 0.01",
            python=f"np.maximum({LEAK} * Z, Z)",
            python_prime=f"np.where(Z > 0, 1.0, {LEAK})",
            torch=f"F.leaky_relu(Z, {LEAK})",
            onnx=(("Mul", "Z", "leak", "leaked"), ("Max", "Z", "leaked", "A")),
            kinked=True,
            about="Like ReLU, but lets 0.01 z through below 0, so that no unit dies",
        ),
        Activation(
            name="elu",
            label="ELU",
            forward_calls=_elu,
            backward_calls=_elu_back,
            symbol="ELU",
            latex=r"\mathrm{ELU}(z)",
            formula=r"z\ \mathrm{if}\ z > 0\ \mathrm{else}\ e^{z} - 1",
            derivative=r"1\ \mathrm{if}\ a > 0\ \mathrm{else}\ a + 1",
            python="np.where(Z > 0, Z, np.expm1(np.minimum(Z, 0)))",
            python_prime="np.where(A > 0, 1.0, A + 1)",
            torch="F.elu(Z)",
            onnx=(
                ("Greater", "Z", "zero", "above"),
                ("Min", "Z", "zero", "low"),
                ("Exp", "low", "exp"),
                ("Sub", "exp", "one", "below"),
                ("Where", "above", "Z", "below", "A"),
            ),
            range=(-1.0, math.inf),
            saturated=lambda A: A < -0.99,
            kinked=True,
            about="Like ReLU above 0; below it bends smoothly towards -1, so that units recover",
        ),
        Activation(
            name="softplus",
            label="softplus",
            forward_calls=_softplus,
            backward_calls=_softplus_back,
            symbol="softplus",
            latex=r"\mathrm{softplus}(z)",
            formula=r"\log(1 + e^{z})",
            derivative="1 - e^{-a}",
            python="np.logaddexp(0, Z)",
            python_prime="-np.expm1(-A)",
            torch="F.softplus(Z)",
            onnx=(  # max(z, 0) + log(1 + e^-|z|), which does not overflow
                ("Abs", "Z", "abs"),
                ("Neg", "abs", "neg"),
                ("Exp", "neg", "exp"),
                ("Add", "exp", "one", "more"),
                ("Log", "more", "log"),
                ("Max", "Z", "zero", "high"),
                ("Add", "high", "log", "A"),
            ),
            range=(0.0, math.inf),
            saturated=lambda A: A < 0.01,
            half=math.log(math.expm1(0.5)),
            about="ReLU without the corner: log(1 + e^z), whose slope is the sigmoid",
        ),
        Activation(
            name="linear",
            label="linear",
            forward_calls=_linear,
            backward_calls=_linear_back,
            symbol="",
            latex="z",
            formula="z",
            derivative="1",
            python="Z",
            python_prime="np.ones_like(Z)",
            torch="Z",
            onnx=(("Identity", "Z", "A"),),
            linear=True,
            output_for="regression",
            about="Passes z unchanged, for outputs that can be any number",
        ),
        Activation(
            name="step",
            label="step (perceptron)",
            forward_calls=_step,
            backward_calls=_step_back,
            symbol="step",
            latex=r"1\ \mathrm{if}\ z > 0\ \mathrm{else}\ 0",
            formula=r"1\ \mathrm{if}\ z > 0\ \mathrm{else}\ 0",
            derivative="0",
            python="(Z > 0).astype(Z.dtype)",
            python_prime="np.zeros_like(Z)",
            torch="(Z > 0).to(Z.dtype)",
            onnx=(("Greater", "Z", "zero", "above"), ("Cast", "above", "A")),
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
            forward_calls=_softmax,
            backward_calls=_softmax_back,
            symbol="softmax",
            latex=r"\mathrm{softmax}(z)",
            formula=r"\frac{e^{z_i}}{\sum_j e^{z_j}}",
            derivative=r"a_i\,(\delta_{ij} - a_j)",
            python="np.exp(Z - Z.max(axis=0)) / np.exp(Z - Z.max(axis=0)).sum(axis=0)",
            python_prime="A * (dA - (A * dA).sum(axis=0))",
            torch="torch.softmax(Z, dim=1)",
            onnx=(("Softmax", "Z", "A"),),
            range=(0.0, 1.0),
            saturated=_flat_at_both_ends(0.0, 1.0),
            elementwise=False,
            in_palette=False,
            output_for="classes",
            about="Turns the z of a layer into probabilities that add up to 1, one per class",
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

    def forward(Z: Array, A: Array, s: Scratch) -> Calls:
        yield from g.forward_calls(Z, A, s)
        yield A.__setitem__, rows, 0.0

    def backward(Z: Array, A: Array, dA: Array, dZ: Array, s: Scratch) -> Calls:
        yield from g.backward_calls(Z, A, dA, dZ, s)
        yield dZ.__setitem__, rows, 0.0

    return replace(g, forward_calls=forward, backward_calls=backward)
