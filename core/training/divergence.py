"""Detects divergence, and writes the message about it."""

from __future__ import annotations

import sys

from core.hyperparameters import TrainingSettings
from core.nn.activations import Array
from core.training.descent import Diverged
from core.training.outcomes import Halt

EXPLODED = 1e5  # times the first cost (or 1): no run that still learns reaches it


def ceiling(costs: Array) -> float:
    """The cost above which a run with these costs so far will not recover."""
    largest = sys.float_info.max
    return min(EXPLODED * max(float(costs[0]), 1.0), largest) if len(costs) else largest


def halt_of(error: Diverged, iteration: int, first_cost: float, causes: str) -> Halt:
    """A halt that says where the run diverged, and what to try."""
    what = (
        f"the cost has grown to {error.cost:.3g}, from {first_cost:.3g} at the start, and"
        f" the largest numbers are in layer {error.layer}"
        if error.finite
        else f"numbers of layer {error.layer} are no longer finite"
    )
    return Halt(
        f"Training stopped at iteration {iteration:,}: {what}. {causes} Change one of these and"
        " start again.",
        iteration,
        error.layer,
        kind="diverged",
    )


def causes_of(training: TrainingSettings, rate: float, m: int) -> str:
    """Why a run on m examples diverges, at a learning rate of `rate`: the usual causes, or L2,
    which alone multiplies every weight by 1 - αλ/m in each update of plain descent.
    """
    times = rate * training.l2 / m
    if times > 2 and training.plain:
        return (
            f"L2 drives it: at α = {rate:g} and λ = {training.l2:g} it multiplies every weight by"
            f" {1 - times:.3g} in each update."
        )
    return (
        f"The usual causes are a learning rate that is too high ({rate:g} now), inputs on a large"
        " scale, or initial weights that are too large."
    )
