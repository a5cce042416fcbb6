"""What is said when a run diverges."""

from __future__ import annotations

from core.training.descent import Diverged
from core.training.messages import Halt


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
