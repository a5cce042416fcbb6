"""Frozen values of how a network is trained, and when training stops."""

from __future__ import annotations

import math
from typing import Literal

import msgspec

from core.limits import MAX_ITERATIONS as MAX_ITERATIONS
from core.limits import number
from core.nn.decay import DECAYS, Schedule
from core.nn.optimizers import OPTIMIZERS
from core.settings import check_all


class StopSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When training stops automatically, in addition to its iterations; 0 means never.

    After every `epochs` epochs; once the training cost is at most `cost`; after `seconds`; when the
    test cost has not fallen for `patience` iterations, keeping the best parameters (early
    stopping).
    """

    epochs: int = 0
    cost: float = 0.0
    seconds: float = 0.0
    patience: int = 0


class DecaySettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the learning rate decays: a form of DECAYS, its rate k and its interval n in epochs."""

    form: str = "none"
    rate: float = 1.0
    interval: int = 1000


class TrainingSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The hyperparameters of training. `batch_size` None is the full batch.

    `beta1`, `beta2` and `epsilon` belong to the optimizer, None means its usual value; `clip_norm`
    is the norm at which the gradient is clipped, 0 for no clipping.
    """

    loss: str = "cross_entropy"
    optimizer: str = "gradient_descent"
    learning_rate: float = 1.2
    decay: DecaySettings = DecaySettings()
    batch_size: int | None = None
    iterations: int = 10_000
    stop: StopSettings = StopSettings()
    l1: float = 0.0
    l2: float = 0.0
    beta1: float | None = None
    beta2: float | None = None
    epsilon: float | None = None
    clip_norm: float = 0.0
    dtype: Literal["float64", "float32"] = "float64"

    @property
    def optimizer_settings(self) -> dict[str, float]:
        """The optimizer's settings, with its usual values where none are set."""
        set_ = {"beta1": self.beta1, "beta2": self.beta2, "epsilon": self.epsilon}
        given = {name: value for name, value in set_.items() if value is not None}
        usual = OPTIMIZERS[self.optimizer].usual
        return {name: given.get(name, value) for name, value in usual.items()}

    @property
    def plain(self) -> bool:
        """Whether an update is -alpha times the gradient and nothing else."""
        return OPTIMIZERS[self.optimizer].is_plain() and not self.clip_norm

    @property
    def schedule(self) -> Schedule | None:
        """How the learning rate decays; None if it does not."""
        decay = self.decay
        if not DECAYS[decay.form].decays:
            return None
        return Schedule(decay.form, self.learning_rate, decay.rate, decay.interval)

    def rate_at(self, epoch: int) -> float:
        """The learning rate after this many epochs."""
        schedule = self.schedule
        return self.learning_rate if schedule is None else schedule.alpha(epoch)

    @property
    def most_iterations(self) -> float:
        """The most iterations of a run without a window: the number set, or as many as an epoch,
        cost or time limit needs that is set instead.
        """
        ends = self.stop.epochs or self.stop.cost or self.stop.seconds
        return math.inf if ends and not self.iterations else self.iterations


def check_training(training: TrainingSettings) -> None:
    """Raise LayerwiseError for the first value outside its limits."""
    decay = training.decay
    if decay.form in DECAYS and DECAYS[decay.form].share:
        allowed = "above 0 and at most 1, the share of α that is kept"
        number("training.decay.rate", decay.rate, lambda k: 0 < k <= 1, allowed)
    check_all("training", training)
