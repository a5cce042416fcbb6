"""The data that the doctor's rules read: the run's state, and measurements on demand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.data.examples import Split
from core.nn.activations import Array
from core.nn.losses import LOSSES
from core.nn.parameters import Parameters
from core.project import Project
from core.rounding import rounding
from core.training.history import RECENT, CostCurves
from core.training.measures import Measures
from core.training.outcomes import Score
from core.training.session import Session

ROUNDS = 8  # of power iteration, a pass each
LEARNED = 0.05  # of the cost of a constant prediction: less is hardly worth a finding


@dataclass(frozen=True, slots=True, eq=False)
class CostHistory:
    """The costs up to the current iteration. `recent` are one cost for each of the last iterations
    under the present settings; `tests` were taken at the iterations `tested`; `at(i)` is the
    training cost before any update i.
    """

    recent: Array
    tested: NDArray[np.int64]
    tests: Array
    at: Callable[[int], float]


@dataclass(frozen=True, eq=False)
class Signs:
    """The data for the doctor's rules; a measurement that needs a pass is made when a rule first
    reads it.

    `step` (flat) is what the last update subtracted, None if unknown; `rate` is the next learning
    rate, and `remembered()` the optimizer's memory, in the shape of the parameters.
    """

    project: Project
    split: Split
    p: Parameters
    grad: Parameters
    iteration: int
    rate: float
    step: Array | None
    remembered: Callable[[], Mapping[str, Parameters]]
    curve: CostHistory
    measures: Measures

    @property
    def L(self) -> int:  # noqa: N802 - the field's letter
        return len(self.project.network.layers)

    def activation(self, l: int) -> str:
        return self.project.network.layers[l - 1].activation

    @property
    def noisy(self) -> bool:
        """Whether costs are of batches or of networks with dropout, and therefore
        rise by chance.
        """
        size = self.project.training.batch_size
        return bool(self.project.keep) or (size is not None and size < self.split.train.m)

    @property
    def plain(self) -> bool:
        """Whether an update is -α times the gradient and nothing else."""
        return self.project.training.plain

    @cached_property
    def flat(self) -> dict[int, Array]:
        """For each layer whose activation has such values, the share of the training examples for
        which each unit (n[l],) has a slope of (nearly) 0.
        """
        return self.measures.flat(self.p)

    @cached_property
    def slopes(self) -> dict[int, float]:
        """The mean of g'(z) over the units of layer l and the training examples."""
        return self.measures.slopes(self.p)

    @cached_property
    def score(self) -> Score:
        """Mean loss and accuracy on all training examples, without regularization."""
        return self.measures.fit(self.p)

    @cached_property
    def gradient(self) -> Array:
        """The gradient (flat) over all training examples, with regularization."""
        return self.measures.gradient(self.p, self.project.training)

    def cost_along(self, step: Array) -> float:
        """J on the training examples after this step (flat) from here."""
        flat = self.p.flat - step
        moved = Parameters(self.p.sizes, flat=flat.astype(self.p.flat.dtype))
        return self.measures.train(moved, self.project.training).cost

    @cached_property
    def sharpness(self) -> float:
        """The largest curvature of J here, about: along the direction that a few rounds of power
        iteration with differences of gradients find.
        """
        p, training = self.p, self.project.training
        way = np.random.RandomState(0).randn(p.flat.size)
        near = float(np.finfo(p.flat.dtype).eps) ** 0.25 * max(1.0, float(np.abs(p.flat).max()))
        size = 0.0
        for _ in range(ROUNDS):
            way *= near / float(np.linalg.norm(way))
            moved = Parameters(p.sizes, flat=(p.flat + way).astype(p.flat.dtype))
            bend = (self.measures.gradient(moved, training) - self.gradient) / near
            size = float(np.linalg.norm(bend))
            if not 0 < size < np.inf:
                break
            way = bend
        return size

    @cached_property
    def baseline(self) -> float:
        """The mean loss of the best constant prediction: the shares of the classes, or the mean."""
        return baseline(self.split, self.project.training.loss)

    @property
    def floor(self) -> float:
        """The mean loss that rounding of predictions alone can cause."""
        Y, dtype = self.split.train.Y, self.p.flat.dtype
        if LOSSES[self.project.training.loss].of_classes:
            return rounding(1.0, dtype)
        return 0.5 * len(Y) * rounding(float(np.abs(Y).max()), dtype) ** 2

    @property
    def learned(self) -> bool:
        """Whether hardly anything is left to learn."""
        return self.score.cost <= max(LEARNED * self.baseline, self.floor)

    @cached_property
    def varied(self) -> NDArray[np.bool_]:
        """Which inputs (n[0],) differ between training examples by more than rounding."""
        X = self.split.train.X
        size = np.maximum(np.abs(X.min(axis=1)), np.abs(X.max(axis=1)))
        return np.asarray(np.ptp(X, axis=1) > rounding(1.0, X.dtype) * size)


def signs_of(session: Session, live: Session) -> Signs:
    """The signs of a session; the curves belong to the run `live`, which may be further on.

    To be read before the session continues.
    """
    until, curves, newest = session.iteration, live.curves, live.iteration
    iterations, costs = curves.test
    taken = iterations <= until
    return Signs(
        project=session.project,
        split=session.split,
        p=session.p,
        grad=session.grad,
        iteration=until,
        rate=session.project.training.rate_at(session.epoch),
        step=_last_step(session),
        remembered=lambda: {
            name: Parameters(session.p.sizes, flat=array)
            for name, array in session.optimizer.state().items()
            if array.shape == session.p.flat.shape
        },
        curve=CostHistory(
            _recent(curves, until, newest), iterations[taken], costs[taken], curves.cost_at
        ),
        measures=session.measures,
    )


def _last_step(session: Session) -> Array | None:
    """What the last update subtracted (flat); for plain descent computed from the gradient."""
    step = session.last_step()
    if step is not None and np.isfinite(step.flat).all():
        return step.flat
    training = session.project.training
    if session.iteration == 0 or not training.plain:
        return None
    plain: Array = training.rate_at(session.epoch) * session.grad.flat
    return plain


def _recent(curves: CostCurves, until: int, newest: int) -> Array:
    """The costs of the last iterations before `until` since a setting was changed; none if not all
    are kept.
    """
    if until == newest:
        recent: Array = curves.train.recent
    else:
        before, places = curves.train_before(until)
        recent = before[-RECENT:] if places is None else before[:0]
    changed = max((mark.iteration for mark in curves.marks if mark.iteration <= until), default=0)
    return recent[max(len(recent) - (until - changed), 0) :]


def baseline(split: Split, loss: str) -> float:
    """The lowest mean loss that one prediction for all training examples can have."""
    Y = np.asarray(split.train.Y, np.float64)
    if not LOSSES[loss].of_classes:
        return float(0.5 * Y.var(axis=1).sum())
    shares = Y.mean(axis=1)
    if split.kind != "classes":  # each row is a separate question
        shares = np.concatenate([shares, 1.0 - shares])
    some = shares[shares > 0]
    return float(-(some * np.log(some)).sum())
