"""Frozen results of a run: its measurements, and why it stopped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.nn.activations import Array


@dataclass(frozen=True, slots=True)
class Score:
    """The cost of one set of examples, and its accuracy or, for regression, R² (`results.Fit`, over
    all outputs together); the other of the two is None.
    """

    cost: float
    accuracy: float | None
    r2: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """The predictions for each example of a set, A[L] (n[L], m), and the losses (m,)."""

    A: Array
    losses: Array


@dataclass(frozen=True, slots=True, eq=False)
class Answered:
    """The predictions after `iteration` updates; `test` is None without test examples."""

    iteration: int
    train: Answers
    test: Answers | None


@dataclass(frozen=True, slots=True)
class Halt:
    """Why a run stopped; `diverged` if a number was not finite.

    `kind` is for code, `words` for people.
    """

    sentence: str
    iteration: int
    layer: int | None = None
    kind: Literal["done", "diverged", "untrainable"] = "done"

    @property
    def diverged(self) -> bool:
        return self.kind == "diverged"
