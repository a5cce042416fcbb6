"""Trains the run of a lab for a number of iterations; can be cancelled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.nn.activations import Array
from core.training.history import frozen
from core.training.session import Session

Between = Callable[[], None]
Told = Callable[[int], None]


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """The cost before each iteration and after the last, (k + 1,), read-only; `halt` is a sentence
    if it stopped sooner. The accuracies are None for regression, `test_accuracy` also without test
    examples.
    """

    costs: Array
    accuracy: float | None
    test_accuracy: float | None
    halt: str


def train(session: Session, iterations: int, between: Between, told: Told) -> Trained:
    """Train a new run. `between` is called before each part of an iteration and may raise to
    cancel; `told` is called with the number of finished iterations.
    """
    allowed = session.allow(iterations)
    while session.iteration < allowed:
        between()
        if not session.advance():
            break
        told(session.iteration)
    score, test = session.score()
    diverged = session.halt is not None and session.halt.diverged
    costs = np.append(np.asarray(session.costs, np.float64), np.nan if diverged else score.cost)
    halt = "" if session.halt is None or session.iteration == iterations else session.halt.sentence
    return Trained(
        frozen(costs[np.isfinite(costs)]),
        score.accuracy,
        None if test is None else test.accuracy,
        halt,
    )
