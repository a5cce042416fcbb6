"""Frozen results of a run: its measurements, and why it stopped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.nn.activations import Array


@dataclass(frozen=True, slots=True)
class Score:
    """Over one set of examples: the cost, and the share of right answers or, for regression, R²
    (`results.Fit`, over all outputs together); the other of the two is None.
    """

    cost: float
    accuracy: float | None
    r2: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What the network says to each example of a set, A[L] (n[L], m), and the losses (m,)."""

    A: Array
    losses: Array


@dataclass(frozen=True, slots=True, eq=False)
class Answered:
    """The answers after so many iterations; `test` is None without test examples."""

    iteration: int
    train: Answers
    test: Answers | None


@dataclass(frozen=True, slots=True)
class Halt:
    """Why a run stopped by itself; `diverged` when a number was not finite.

    `kind` is for those who do not read sentences.
    """

    sentence: str
    iteration: int
    layer: int | None = None
    kind: Literal["done", "diverged", "untrainable"] = "done"

    @property
    def diverged(self) -> bool:
        return self.kind == "diverged"
