"""Records the next iteration number by number without changing the run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.look.ask import Allowance, Ask
from core.training.session import Session
from core.walk.record import Record


@dataclass(frozen=True, slots=True)
class NextIteration(Ask[Record]):
    """The record for the walk; it costs a whole pass. It fails for a network too large to walk."""

    share: ClassVar[float | None] = None

    def measure(self, session: Session, allowance: Allowance) -> Record:
        return session.record()
