"""The input features that can be computed from a point (x1, x2) of the plane."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import LayerwiseError

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Feature:
    """One row of the network's input: `fn(X (2, m)) -> (m,)`, and the same as Python text."""

    name: str
    label: str
    python: str
    fn: Callable[[Floats], Floats]


FEATURES: dict[str, Feature] = {
    feature.name: feature
    for feature in (
        Feature("x1", "x₁", "X[0]", lambda X: X[0]),
        Feature("x2", "x₂", "X[1]", lambda X: X[1]),
        Feature("x1_squared", "x₁²", "X[0]**2", lambda X: X[0] ** 2),
        Feature("x2_squared", "x₂²", "X[1]**2", lambda X: X[1] ** 2),
        Feature("x1x2", "x₁x₂", "X[0] * X[1]", lambda X: X[0] * X[1]),
        Feature("sin_x1", "sin x₁", "np.sin(X[0])", lambda X: np.sin(X[0])),
        Feature("sin_x2", "sin x₂", "np.sin(X[1])", lambda X: np.sin(X[1])),
    )
}
"""Name → feature, in the order of the input layer."""
PRODUCTS = frozenset(("x1_squared", "x2_squared", "x1x2"))
"""Features that can be as large as the square of the largest number."""


def named(name: str, x1: str, x2: str) -> str:
    """The label of a feature of two columns with these names: `width²` of x1_squared."""
    of = {"x₁": x1, "x₂": x2}
    parts = re.split("(x₁|x₂)", FEATURES[name].label)
    words = [of.get(part, part) for part in parts if part]
    return " · ".join(words) if name == "x1x2" else "".join(words)


def check(names: Sequence[str]) -> None:
    """Raise LayerwiseError unless `names` are known features, at least one, none twice."""
    if not names:
        raise LayerwiseError("No input feature is switched on: switch on at least one, such as x1.")
    for i, name in enumerate(names):
        if name not in FEATURES:
            known = ", ".join(FEATURES)
            raise LayerwiseError(f'There is no feature called "{name}": choose from {known}.')
        if name in names[:i]:
            raise LayerwiseError(f'The feature "{name}" is named twice: name it once.')


def apply(names: Sequence[str], X: Floats) -> Floats:
    """Compute the features of the points X (2, m), one row each: (n, m). X itself is not changed.

    The square of a number above 1e154 is inf; `examples` refuses such data with name and position.
    """
    check(names)
    with np.errstate(over="ignore"):
        return np.stack([FEATURES[name].fn(X) for name in names])
