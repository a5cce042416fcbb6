"""Trains one run of a sweep to its end in a worker, and returns its result."""

from __future__ import annotations

import math
from time import perf_counter

import msgspec
import numpy as np

from core.data.own import OwnData
from core.nn.activations import Array
from core.project import decode
from core.training.session import Session

CURVE_POINTS = 200  # stored costs of a run, at most


class Result(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The stored result of a run. Costs, accuracies and R² as `train` reports them: for the final
    parameters, null without test examples, or if a cost is not finite.

    `costs[i]` is the cost before iteration `at[i]`; `stopped` says why it ended early.
    """

    iterations: int
    train_cost: float | None
    test_cost: float | None
    train_accuracy: float | None
    test_accuracy: float | None
    seconds: float
    train_r2: float | None = None
    test_r2: float | None = None
    stopped: str | None = None
    at: tuple[int, ...] = ()
    costs: tuple[float, ...] = ()


def train(project: bytes, own: OwnData | None = None) -> Result:
    """Train the project (as JSON) from its start to its end.

    Raises LayerwiseError if it cannot be trained.
    """
    session = Session(decode(project), own=own)
    total = session.project.training.iterations
    with np.errstate(all="ignore"):  # a diverging run is caught by its numbers
        started = perf_counter()
        session.allow(math.inf)  # heeding the ends that the project sets
        while session.iteration < total and session.advance():
            pass
        seconds = perf_counter() - started
        train, test = session.score()
    at, costs = thinned(session.costs)
    return Result(
        iterations=session.iteration,
        train_cost=_finite(train.cost),
        test_cost=None if test is None else _finite(test.cost),
        train_accuracy=_finite(train.accuracy),
        test_accuracy=None if test is None else _finite(test.accuracy),
        train_r2=_finite(train.r2),
        test_r2=None if test is None else _finite(test.r2),
        seconds=seconds,
        stopped=None if session.halt is None else session.halt.sentence,
        at=at,
        costs=costs,
    )


def thinned(costs: Array, most: int = CURVE_POINTS) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """At most this many of the finite costs (iterations,), evenly spaced, with both ends: JSON, in
    which they are stored, has no other numbers.
    """
    found = np.flatnonzero(np.isfinite(costs))
    even = np.linspace(0, len(found) - 1, min(most, len(found)))
    places = found[np.unique(even.astype(np.intp))]
    return tuple(places.tolist()), tuple(costs[places].tolist())


def _finite(number: float | None) -> float | None:
    return float(number) if number is not None and math.isfinite(number) else None
