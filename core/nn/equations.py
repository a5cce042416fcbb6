"""The equations of one iteration, in order, as data: what the stepper shows, an exported script
prints, and a test evaluates on a recorded pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from core.nn.network import Network

Target = Literal["A", "Z", "J", "dA", "dZ", "dW", "db", "W", "b"]
Part = Literal["forward", "cost", "backward", "update"]


@dataclass(frozen=True, slots=True)
class Equation:
    """`target[layer] = text`, where `text` is Python, as a course notebook writes it.

    Its names are X (n[0], m), Y (n[L], m), m, learning_rate, np, and the tables W, b, A, Z, dA, dZ,
    dW, db, each layer → array; A[0] is X. J is one number and its layer is L.
    """

    target: Target
    layer: int
    text: str
    part: Part

    def __str__(self) -> str:
        name = self.target if self.target == "J" else f"{self.target}[{self.layer}]"
        return f"{name} = {self.text}"


def equations(network: Network) -> tuple[Equation, ...]:
    """Every equation of one iteration of gradient descent: forward, cost, backward, update."""
    return (*_forward(network), *_backward(network), *_update(network))


def _forward(network: Network) -> Iterator[Equation]:
    L = network.L
    yield Equation("A", 0, "X", "forward")
    for l, g in network.activations.items():
        yield Equation("Z", l, f"W[{l}] @ A[{l - 1}] + b[{l}]", "forward")
        yield Equation("A", l, _of_layer(l, g.python), "forward")
    costs = network.loss.python
    cost = costs.get(network.activations[L].name) or costs[""]
    yield Equation("J", L, _of_layer(L, cost), "cost")


def _backward(network: Network) -> Iterator[Equation]:
    L = network.L
    for l in range(L, 0, -1):
        if l == L and network.fused:
            yield Equation("dZ", L, f"A[{L}] - Y", "backward")
        else:
            error = f"A[{L}] - Y" if l == L else f"W[{l + 1}].T @ dZ[{l + 1}]"
            yield Equation("dA", l, error, "backward")
            yield Equation("dZ", l, _through(network, l), "backward")
        yield Equation("dW", l, f"dZ[{l}] @ A[{l - 1}].T / m", "backward")
        yield Equation("db", l, f"np.sum(dZ[{l}], axis=1, keepdims=True) / m", "backward")


def _through(network: Network, l: int) -> str:
    """dZ[l] from dA[l]: times g'(Z[l]); of softmax, every z moves every a, so it is one sum."""
    g = network.activations[l]
    slope = _of_layer(l, g.python_prime)
    return slope if g.name == "softmax" else f"dA[{l}] * {slope}"


def _update(network: Network) -> Iterator[Equation]:
    for l in network.activations:
        yield Equation("W", l, f"W[{l}] - learning_rate * dW[{l}]", "update")
        yield Equation("b", l, f"b[{l}] - learning_rate * db[{l}]", "update")


def _of_layer(l: int, text: str) -> str:
    """A formula in Z, A and dA as the same in Z[l], A[l] and dA[l]."""
    return re.sub(r"\b(Z|A|dA)\b(?!\[)", rf"\1[{l}]", text)
