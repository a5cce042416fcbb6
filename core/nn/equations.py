"""The equations of one iteration, in order, as data for the stepper, exported scripts and tests."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from core.nn.network import Network

Target = Literal["A", "Z", "D", "J", "dA", "dZ", "dW", "db", "W", "b"]
PassPart = Literal["forward", "cost", "backward", "update"]


@dataclass(frozen=True, slots=True)
class Equation:
    """`target[layer] = text`, where `text` is Python, as a course notebook writes it.

    Its names are X (n[0], m), Y (n[L], m), m, learning_rate, np, and the tables W, b, A, Z, dA, dZ,
    dW, db, each layer → array, and D if activations are dropped; A[0] is X. J is one number and its
    layer is L. Where units of layer l are muted, on[l] (n[l], 1) is 0 for these and 1 for the
    others.
    """

    target: Target
    layer: int
    text: str
    part: PassPart

    def __str__(self) -> str:
        name = self.target if self.target == "J" else f"{self.target}[{self.layer}]"
        return f"{name} = {self.text}"


Keep = Mapping[int, float]
_NOTHING: Keep = MappingProxyType({})


def equations(network: Network, keep: Keep = _NOTHING) -> tuple[Equation, ...]:
    """Every equation of one iteration of gradient descent: forward, cost, backward, update.

    The layers of `keep` drop activations, and keep each with that probability.
    """
    return (*_forward(network, keep), *_backward(network, keep), *_update(network))


def _forward(network: Network, keep: Keep) -> Iterator[Equation]:
    L = network.L
    yield Equation("A", 0, "X", "forward")
    for l, g in network.activations.items():
        yield Equation("Z", l, f"W[{l}] @ A[{l - 1}] + b[{l}]", "forward")
        text = _of_layer(l, g.python)
        if l in keep:
            yield Equation("D", l, f"np.random.rand(*Z[{l}].shape) < {keep[l]:g}", "forward")
            text = f"{text} * D[{l}] / {keep[l]:g}"
        yield Equation("A", l, _muted(network, l, text), "forward")
    cost = network.loss.at(network.activations[L].name).python
    yield Equation("J", L, _of_layer(L, cost), "cost")


def exact_cost(network: Network) -> str | None:
    """J for any Z, where the course's line gives NaN once an output is exactly 0 or 1."""
    exact = network.loss.at(network.activations[network.L].name).exact
    return _of_layer(network.L, exact) if exact else None


def _backward(network: Network, keep: Keep) -> Iterator[Equation]:
    L = network.L
    for l in range(L, 0, -1):
        if l == L and network.fused:
            yield Equation("dZ", L, f"A[{L}] - Y", "backward")
        else:
            error = f"A[{L}] - Y" if l == L else f"W[{l + 1}].T @ dZ[{l + 1}]"
            dropped = f" * D[{l}] / {keep[l]:g}" if l in keep else ""
            yield Equation("dA", l, error + dropped, "backward")
            yield Equation("dZ", l, _through(network, l, dropped=l in keep), "backward")
        yield Equation("dW", l, f"dZ[{l}] @ A[{l - 1}].T / m", "backward")
        yield Equation("db", l, f"np.sum(dZ[{l}], axis=1, keepdims=True) / m", "backward")


def _through(network: Network, l: int, *, dropped: bool) -> str:
    """dZ[l] from dA[l]: times g'(Z[l]) or, if every z affects every a, one sum.

    If activations are dropped, A[l] is not g(Z[l]), which is computed again.
    """
    g = network.activations[l]
    slope = g.python_prime
    if dropped:
        slope = re.sub(r"\bA\b", f"({g.python})", slope)
    slope = _of_layer(l, slope)
    return _muted(network, l, f"dA[{l}] * {slope}") if g.elementwise else slope


def _muted(network: Network, l: int, text: str) -> str:
    """0 in the rows of muted units."""
    return f"({text}) * on[{l}]" if l in network.muted else text


def _update(network: Network) -> Iterator[Equation]:
    for l in network.activations:
        yield Equation("W", l, f"W[{l}] - learning_rate * dW[{l}]", "update")
        yield Equation("b", l, f"b[{l}] - learning_rate * db[{l}]", "update")


def _of_layer(l: int, text: str) -> str:
    """A formula in Z, A and dA as the same in Z[l], A[l] and dA[l]."""
    return re.sub(r"\b(Z|A|dA)\b(?!\[)", rf"\1[{l}]", text)
