"""The distributions of weights, gradients and activations over the course of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.look.ask import Allowance, Ask
from core.look.frames import Frame
from core.training.session import Session


@dataclass(frozen=True, slots=True)
class Distributions(Ask[tuple[Frame, ...]]):
    """Weights, gradients and activations of each layer at many iterations up to now, ascending."""

    share: ClassVar[float | None] = 0.03

    def measure(self, session: Session, allowance: Allowance) -> tuple[Frame, ...]:
        allowance.recorder.look(now=True)
        return allowance.recorder.frames(now=True)
