"""The derivative lab: a function, a point and a step, the difference quotient and the slope."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.labs.scalars import outputs
from core.nn.activations import Array

RealFunction = Callable[[Array], Array]
FARTHEST = 100.0  # of the point from 0
LARGEST_STEP, SMALLEST_STEP = 1.0, 1e-8  # of the slider; a smaller one can be typed
LEAST_STEP = 1e-15
FEW_DIGITS = 8.5  # of about 16 left in the difference: with fewer, rounding dominates


@dataclass(frozen=True, slots=True, kw_only=True)
class LabFunction:
    """One row of the table: f and f' of arrays (k,), and where f is undefined or has no unique
    slope.
    """

    name: str  # as goals know it
    label: str
    of: RealFunction
    slope: RealFunction
    rule: str  # f' in words of mathematics
    above_zero: bool = False  # f has no value at 0 and below
    not_zero: bool = False  # f has no value at 0
    corner: tuple[float, float] | None = None  # the slopes left and right of a = 0

    def why_not(self, a: float) -> str:
        """Why f has no value at a; empty if it has."""
        if self.above_zero and a <= 0:
            return f"{self.label} has no value at {a:g}: choose a point a above 0."
        if self.not_zero and a == 0:
            return f"{self.label} has no value at 0: choose another point a."
        return ""


def _of_core(name: str) -> tuple[RealFunction, RealFunction]:
    return lambda a: outputs(name, a)[0], lambda a: outputs(name, a)[1]


_SIGMOID, _TANH, _RELU = _of_core("sigmoid"), _of_core("tanh"), _of_core("relu")
FUNCTIONS: dict[str, LabFunction] = {
    f.name: f
    for f in (
        LabFunction(
            name="3a", label="3a", of=lambda a: 3 * a, slope=lambda a: np.full_like(a, 3.0),
            rule="3",
        ),
        LabFunction(name="a^2", label="a²", of=lambda a: a**2, slope=lambda a: 2 * a, rule="2a"),
        LabFunction(name="a^3", label="a³", of=lambda a: a**3, slope=lambda a: 3 * a**2,
                    rule="3a²"),
        LabFunction(
            name="log a", label="log a", of=np.log, slope=lambda a: 1 / a, rule="1/a",
            above_zero=True,
        ),
        LabFunction(
            name="1/a", label="1/a", of=lambda a: 1 / a, slope=lambda a: -1 / a**2, rule="−1/a²",
            not_zero=True,
        ),
        LabFunction(name="sigmoid", label="σ(a)", of=_SIGMOID[0], slope=_SIGMOID[1],
                    rule="σ(a)·(1 − σ(a))"),
        LabFunction(name="tanh", label="tanh a", of=_TANH[0], slope=_TANH[1], rule="1 − tanh² a"),
        LabFunction(name="relu", label="ReLU(a)", of=_RELU[0], slope=_RELU[1],
                    rule="0 below 0, 1 above", corner=(0.0, 1.0)),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Derivative:
    """The content of the lab: f at a and at a + h, and the slopes of secant and tangent."""

    function: str = "3a"
    a: float = 2.0
    h: float = 0.001

    @property
    def f(self) -> LabFunction:
        return FUNCTIONS[self.function]

    @property
    def value(self) -> float:
        """f(a)."""
        return float(self.f.of(np.array([self.a]))[0])

    @property
    def nudged(self) -> float | None:
        """f(a + h); None where f is undefined."""
        if self.f.why_not(self.a + self.h):
            return None
        return float(self.f.of(np.array([self.a + self.h]))[0])

    @property
    def difference(self) -> float | None:
        """f(a + h) - f(a)."""
        return None if self.nudged is None else self.nudged - self.value

    @property
    def ratio(self) -> float | None:
        """(f(a + h) - f(a)) / h, the slope of the secant."""
        return None if self.difference is None else self.difference / self.h

    @property
    def slope(self) -> float:
        """f'(a), the slope of the tangent; at a corner the one that the product takes."""
        return float(self.f.slope(np.array([self.a]))[0])

    @property
    def digits(self) -> float:
        """About how many of 16 digits are right in the difference of two so similar numbers."""
        difference, size = self.difference, max(abs(self.value), abs(self.nudged or 0.0))
        if difference is None or size == 0:
            return 16.0
        if difference == 0:
            return 0.0
        return min(16.0, -math.log10(np.finfo(np.float64).eps * size / abs(difference)))

    @property
    def crosses(self) -> bool:
        """Whether f is undefined somewhere between a and a + h."""
        return self.f.not_zero and self.a < 0 <= self.a + self.h

    def trap(self) -> str:
        """A warning about this point, as a sentence; empty if there is none."""
        if self.nudged is None:
            return self.f.why_not(self.a + self.h)
        if self.crosses:
            return f"{self.f.label} has no value at 0, and 0 lies between a and a + h."
        if self.f.corner is not None and self.a == 0:
            left, right = self.f.corner
            return (
                f"{self.f.label} has a corner at 0: its slope is {left:g} on the left and"
                f" {right:g} on the right. Layerwise takes {self.slope:g} there."
            )
        if self.digits < FEW_DIGITS and not (self.difference == 0 and self.slope == 0):
            left = max(self.digits, 0.0)
            return (
                f"f(a) and f(a + h) share their first digits: of 16, about {left:.0f} are left in"
                " the difference. A smaller h makes the ratio worse, so a gradient check does not"
                " take the smallest h."
            )
        return ""


def misses(function: str, a: float, steps: Array) -> Array:
    """|difference quotient - f'(a)| for each of these steps (k,); nan where f is undefined."""
    f, start = FUNCTIONS[function], Derivative(function, a)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Array = np.abs((f.of(a + steps) - start.value) / steps - start.slope)
    found[[bool(f.why_not(a + h)) for h in steps.tolist()]] = np.nan
    return found
