"""The doctor's findings about a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.look.ask import Allowance, Ask
from core.training.doctor import examine
from core.training.finding import Finding
from core.training.session import Session
from core.training.signs import signs_of


@dataclass(frozen=True, slots=True)
class Findings(Ask[tuple[Finding, ...]]):
    """All that is wrong, the gravest kinds first."""

    share: ClassVar[float | None] = 0.01

    def measure(self, session: Session, allowance: Allowance) -> tuple[Finding, ...]:
        return examine(signs_of(session, session.live))
