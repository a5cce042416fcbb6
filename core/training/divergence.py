"""When a run has diverged, and what is said then."""

from __future__ import annotations

import sys

from core.nn.activations import Array
from core.training.descent import Diverged
from core.training.messages import Halt

EXPLODED = 1e5  # times the first cost (or 1): no network that still learns gets there


def ceiling(costs: Array) -> float:
    """The cost from which on a run with these costs so far will not come back."""
    return EXPLODED * max(float(costs[0]), 1.0) if len(costs) else sys.float_info.max


def halt_of(error: Diverged, iteration: int, first_cost: float, rate: float) -> Halt:
    """Say where it went wrong, and what to try."""
    what = (
        f"the cost has grown to {error.cost:.3g}, from {first_cost:.3g} at the start, and"
        f" the largest numbers are in layer {error.layer}"
        if error.finite
        else f"numbers of layer {error.layer} are no longer finite"
    )
    return Halt(
        f"Training stopped at iteration {iteration:,}: {what}. The usual causes are a"
        f" learning rate that is too high ({rate:g} now), inputs"
        " on a large scale, or initial weights that are too large. The last finite"
        " parameters are kept; change one of these and start again.",
        iteration,
        error.layer,
        diverged=True,
    )
