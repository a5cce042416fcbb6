"""What goes into one unit for one example: its inputs, its weights and its bias."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.look.ask import Allowance, Ask
from core.nn.activations import Array
from core.nn.cache import Cache
from core.training.history import frozen
from core.training.session import Session


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """The inputs `a` (n,) of a unit, its weights `w` (n,) and its bias, float64; `features` are the
    inputs of the network by name.
    """

    a: Array
    w: Array
    b: float
    features: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnitInputs(Ask[Inputs]):
    """The inputs of unit `unit` of layer `layer` >= 1 for a training example, both
    counted from 0.
    """

    layer: int
    unit: int
    example: int
    share: ClassVar[float | None] = None  # one example's pass

    def fits(self, sizes: tuple[int, ...]) -> bool:
        return 1 <= self.layer < len(sizes) and self.unit < sizes[self.layer]

    def measure(self, session: Session, allowance: Allowance) -> Inputs | None:
        X, l = session.split.train.X, self.layer
        if not self.example < X.shape[1]:
            return None
        x = np.ascontiguousarray(X[:, [self.example]])  # (n_x, 1)
        cache = Cache(session.network.sizes, 1, X.dtype)
        session.network.forward(session.p, x, cache)
        a = (x if l == 1 else cache.A[l - 1])[:, 0].astype(np.float64)
        row = session.p.W[l][self.unit].astype(np.float64)
        b = float(session.p.b[l][self.unit, 0])
        return Inputs(frozen(a), frozen(row), b, session.split.features)
