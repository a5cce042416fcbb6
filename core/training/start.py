"""The initial parameters of a run: drawn, imported, or carried over from the run before."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.errors import LayerwiseError
from core.nn.activations import Array
from core.nn.initializers import initialize
from core.nn.parameters import Parameters, carry_over
from core.project import NetworkSettings


def fill(p: Parameters, start: NetworkSettings, weights: Array | None) -> None:
    """Fill `p` with `weights` (flat) if given, else as the settings draw them.

    Raises LayerwiseError if there are too few or too many weights.
    """
    if weights is None:
        initialize(p, start.initializer, start.scale, np.random.RandomState(start.seed))
    elif weights.size != p.flat.size:
        raise LayerwiseError(
            f"{weights.size} initial parameters were given and the network has"
            f" {p.flat.size}: import weights of the same layers."
        )
    else:
        p.flat[...] = weights


def keep(old: Parameters, new: Parameters, before: Sequence[str], now: Sequence[str]) -> None:
    """Copy into `new` everything that has the same shape in `old`.

    The weights of an input stay with it, by its name (`before` and `now`); those of a new input
    stay as they are.
    """
    places = {name: j for j, name in enumerate(before)}
    kept = {j: places[name] for j, name in enumerate(now) if name in places}
    carry_over(old, new, None if tuple(before) == tuple(now) else kept)
