"""The prediction for every example, and its error."""

from __future__ import annotations

from dataclasses import dataclass

from core.look.ask import Allowance, Ask
from core.training.outcomes import Answered
from core.training.session import Session


@dataclass(frozen=True, slots=True)
class Predictions(Ask[Answered]):
    """A[L] and the loss of every training and every test example."""

    def measure(self, session: Session, allowance: Allowance) -> Answered:
        return session.answers()
