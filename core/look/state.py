"""The state of a run, as it is saved, and the gradient of its last pass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.look.ask import Allowance, Ask
from core.nn.activations import Array
from core.state import RunState
from core.training.history import frozen
from core.training.session import Session


@dataclass(frozen=True, slots=True)
class State(Ask[RunState]):
    """The state of the run itself, to be saved with its project, also during a visit
    to its past. A `ticket` of one's own tells the answer from that to an earlier request.
    """

    share: ClassVar[float | None] = None

    ticket: int = 0

    def measure(self, session: Session, allowance: Allowance) -> RunState:
        return session.live.state()


@dataclass(frozen=True, slots=True)
class Gradient(Ask[Array]):
    """dW and db (flat) of the last pass; zeros before the first. At rest, snapshots
    have it anyway.
    """

    share: ClassVar[float | None] = None

    def measure(self, session: Session, allowance: Allowance) -> Array:
        return frozen(session.grad.flat)
