"""What a scene shows at its start: its examples and its network's predictions."""

from __future__ import annotations

from dataclasses import dataclass

from core.data.examples import Split
from core.data.own import OwnData
from core.look.ask import Allowance
from core.look.boundary import Boundary, Field
from core.look.recorder import Recorder
from core.nn.activations import Array
from core.project import Project
from core.training.session import Session


@dataclass(frozen=True, slots=True, eq=False)
class SeenRun:
    """The examples, the predictions over their plane, and the first cost."""

    split: Split
    field: Field
    cost: float


def seen(project: Project, own: OwnData | None, start: Array | None) -> SeenRun:
    """Draw the examples of a scene and run its network. Raises LayerwiseError."""
    session = Session(project, weights=start, own=own)
    allowance = Allowance(Recorder(session))
    allowance.idle = allowance.rests = True
    score, _ = session.score()
    return SeenRun(session.split, Boundary().measure(session, allowance), score.cost)
