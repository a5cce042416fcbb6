"""One neuron with two inputs: the terms of z, and the result of different outputs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.nn.activations import Array

FARTHEST = 100.0  # that an input, a weight or z may be from 0
SUREST = 1e-12  # how close ŷ may be to 0 or 1


@dataclass(frozen=True, slots=True)
class Output:
    """An activation whose output is shown, by its name in the table; its title and kind of unit."""

    activation: str
    title: str
    kind: str


OUTPUTS = (  # of the same z, side by side
    Output("step", "Step", "threshold"),
    Output("linear", "Identity", "linear"),
    Output("sigmoid", "Sigmoid", "logistic"),
)


@dataclass(frozen=True, slots=True)
class Neuron:
    """z = w₁x₁ + w₂x₂ + others + b; `others` is the sum over the inputs that are not shown."""

    x: tuple[float, float] = (0.9, -0.712)
    w: tuple[float, float] = (1.0, 1.0)
    b: float = 0.0
    names: tuple[str, str] = ("x₁", "x₂")
    others: float = 0.0
    count: int = 0  # of the inputs that are not shown
    origin: str = ""  # the unit and the example of the numbers

    @property
    def terms(self) -> tuple[float, float]:
        """The terms of the two inputs in z."""
        return self.w[0] * self.x[0], self.w[1] * self.x[1]

    @property
    def z(self) -> float:
        return sum(self.terms) + self.others + self.b

    @property
    def yhat(self) -> float:
        """σ(z)."""
        return sigmoid(self.z)

    def with_number(self, name: str, value: float) -> Neuron:
        """With another x1, x2, w1, w2, b or z; z is reached by b."""
        if name == "z":
            return replace(self, b=value - (self.z - self.b))
        if name == "b":
            return replace(self, b=value)
        place = int(name[1]) - 1
        numbers = list(self.x if name[0] == "x" else self.w)
        numbers[place] = value
        pair = numbers[0], numbers[1]
        return replace(self, x=pair) if name[0] == "x" else replace(self, w=pair)

    def with_answer(self, yhat: float) -> Neuron:
        """With the b for which σ(z) is ŷ, between 0 and 1."""
        return self.with_number("z", math.log(yhat) - math.log1p(-yhat))


def sigmoid(z: float) -> float:
    """σ(z) of one number, without overflow."""
    small = math.exp(-abs(z))
    return (1.0 if z >= 0 else small) / (1.0 + small)


def of_unit(a: Array, w: Array, b: float, names: Sequence[str], origin: str) -> Neuron:
    """The neuron that a unit with inputs a (n,), weights w (n,) and bias b is: with the two inputs
    that add most to z in size, and the others as one number.
    """
    terms = w * a
    shown = sorted(np.argsort(-np.abs(terms), kind="stable")[:2].tolist())
    pairs = [(float(a[i]), float(w[i]), names[i]) for i in shown]
    (x1, w1, name1), (x2, w2, name2) = (*pairs, (0.0, 0.0, "–"))[:2]
    others = np.delete(terms, shown)
    return Neuron((x1, x2), (w1, w2), b, (name1, name2), float(others.sum()), len(others), origin)
