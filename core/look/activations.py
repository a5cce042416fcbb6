"""Measures the activations of one layer over the training examples."""

from __future__ import annotations

from dataclasses import dataclass

from core.look.ask import Allowance, Ask
from core.nn.activations import Array
from core.training.history import frozen
from core.training.session import Session


@dataclass(frozen=True, slots=True)
class Activations(Ask[Array]):
    """A[layer] (n[layer], m) over the training examples; layer 0 is the inputs."""

    layer: int

    def fits(self, sizes: tuple[int, ...]) -> bool:
        return 0 <= self.layer < len(sizes)

    def measure(self, session: Session, allowance: Allowance) -> Array:
        return frozen(session.activations(self.layer, fresh=allowance.rests))
