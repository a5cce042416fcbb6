"""The arithmetic of one number as a value: its formula, its terms, and their sum."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from core.nn.activations import Array
from core.walk.entry import Entry

ExplanationKind = Literal["leaf", "sum", "function", "ratio"]
EXACT = 1e-12  # a residual this small, relatively, need not be spoken of


@dataclass(frozen=True, slots=True)
class Factor:
    """A number used in a term: it can be opened if it has an `entry`, else it is a constant."""

    value: float
    text: str
    latex: str
    entry: Entry | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """One line of the arithmetic: `sign` times the product of its factors, or a function of them.

    `index` is the example or unit in the sum, from 0 (None: not part of a sum). `pattern` is its
    LaTeX with ⟨0⟩, ⟨1⟩ … in place of the factors; `text` is the same with their symbols.
    """

    factors: tuple[Factor, ...]
    value: float
    text: str
    pattern: str
    index: int | None = None
    sign: int = 1
    is_product: bool = True

    @property
    def latex(self) -> str:
        """With the symbols of the factors."""
        return self._filled(factor.latex for factor in self.factors)

    def with_numbers(self, write: Callable[[float], str]) -> str:
        """As LaTeX with the values of the factors, each written by `write`."""
        return self._filled(_bracketed(write(factor.value)) for factor in self.factors)

    def _filled(self, parts: Iterable[str]) -> str:
        listed = list(parts)
        return re.sub("⟨([0-9]+)⟩", lambda place: listed[int(place[1])], self.pattern)


@dataclass(frozen=True, slots=True)
class Rest:
    """The terms of a long sum that are not shown: their number and their sum."""

    count: int
    value: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """The origin of a number.

    A *leaf* comes from outside the iteration, and `note` says from where. Otherwise

    value = scale · (terms + rest) + extra + residual

    where `scale` is 1 if None; for a *ratio* it is numerator / (terms + rest) + residual, and a
    *function* has one term. In a long sum the largest terms come first. `residual` is the rounding
    error of the record, in its dtype and order, relative to the double precision used here; `exact`
    tells whether it need not be mentioned. `counted` names what the index of a term counts.
    """

    entry: Entry
    value: float
    kind: ExplanationKind
    text: str  # dw₂₃[2] = 1/400 · Σₖ dz₂[2](k) · a₃[1](k)
    latex: str
    note: str
    terms: tuple[Term, ...] = ()
    rest: Rest | None = None
    scale: Factor | None = None
    extra: tuple[Term, ...] = ()
    numerator: Term | None = None
    residual: float = 0.0
    counted: Literal["example", "unit", ""] = ""

    @property
    def sum(self) -> float:
        """The terms and the rest, added up."""
        rest = () if self.rest is None else (self.rest.value,)
        return add_up([*(term.value for term in self.terms), *rest])

    @property
    def printed(self) -> float:
        """The value of the lines together, without the residual."""
        if self.kind == "leaf":
            return self.value
        if self.numerator is not None:
            return _divide(self.numerator.value, self.sum)
        scale = 1.0 if self.scale is None else self.scale.value
        return add_up([scale * self.sum, *(term.value for term in self.extra)])

    @property
    def exact(self) -> bool:
        """Whether the lines alone give the value to a relative error of 1e-12."""
        return abs(self.residual) <= EXACT * abs(self.value)

    def as_ratio(self, numerator: Term) -> Explanation:
        """This sum as the denominator of a ratio."""
        return replace(self, kind="ratio", numerator=numerator)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The numbers shown that can be opened, each once."""
        top = () if self.numerator is None else (self.numerator,)
        shown = (*top, *self.terms, *self.extra)
        factors = [factor for term in shown for factor in term.factors]
        factors += [] if self.scale is None else [self.scale]
        return tuple(dict.fromkeys(f.entry for f in factors if f.entry is not None))


def product(*factors: Factor, index: int | None = None, sign: int = 1) -> Term:
    """The term sign · f₀ · f₁ …"""
    minus = "-" if sign < 0 else ""
    text = " · ".join(factor.text for factor in factors)
    pattern = r" \cdot ".join(f"⟨{i}⟩" for i in range(len(factors)))
    value = sign * float(np.prod([factor.value for factor in factors]))
    return Term(factors, value, minus + text, minus + pattern, index, sign)


def function(
    text: str, pattern: str, value: float, *factors: Factor, index: int | None = None
) -> Term:
    """The term f(f₀, f₁ …) of that value."""
    return Term(factors, value, text, pattern, index, is_product=False)


def constant(value: float, text: str, latex: str = "") -> Factor:
    """A number that cannot be opened."""
    return Factor(value, text, latex or text)


def choose(values: Array, make: Callable[[int], Term], most: int | None) -> tuple[list[Term], Rest]:
    """The terms to show of a sum with these values: all, in order, if they are few; else the `most`
    largest, the largest first. The rest holds the others, if any.
    """
    n = len(values)
    if most is None or n <= most + 1:
        return [make(i) for i in range(n)], Rest(0, 0.0)
    size = np.nan_to_num(np.abs(values), nan=np.inf)
    largest = np.argpartition(-size, most)[:most]
    largest = largest[np.argsort(-size[largest], kind="stable")]
    left = np.ones(n, np.bool_)
    left[largest] = False
    return [make(i) for i in largest.tolist()], Rest(n - most, add_up(values[left].tolist()))


def add_up(values: list[float]) -> float:
    """The sum, rounded once; computed in floating point if a value is not finite."""
    return math.fsum(values) if all(map(math.isfinite, values)) else float(np.sum(values))


def _divide(a: float, b: float) -> float:
    return a / b if b else math.nan


def _bracketed(number: str) -> str:
    return f"({number})" if number.startswith(("-", "−")) else number
