"""The frozen values that say how a network is trained, and when that is to end."""

from __future__ import annotations

import math
from typing import Literal

import msgspec

from core.data.own import MAX_EXAMPLES
from core.limits import known, number, whole
from core.nn.decay import DECAYS, Schedule
from core.nn.losses import LOSSES
from core.nn.optimizers import OPTIMIZERS

MAX_ITERATIONS = 10**9


class StopSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When training stops by itself, besides after its iterations; 0 is never.

    After each `epochs` more; once the training cost is not above `cost`; after so many `seconds`;
    when the test cost has not fallen for `patience` iterations, the best parameters being kept
    (early stopping).
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

    `beta1`, `beta2` and `epsilon` are the optimizer's, None what is usual for it; `clip_norm` is
    the norm that the gradient is clipped to, 0 not at all.
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
        """The settings that the optimizer has, as they are set or as is usual for it."""
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
        """The learning rate after so many epochs."""
        schedule = self.schedule
        return self.learning_rate if schedule is None else schedule.alpha(epoch)

    @property
    def most_iterations(self) -> float:
        """How many iterations a run without a window makes at most: so many as are set, or as it
        takes to the epoch, cost or time that is set instead.
        """
        ends = self.stop.epochs or self.stop.cost or self.stop.seconds
        return math.inf if ends and not self.iterations else self.iterations


def check_training(training: TrainingSettings) -> None:
    """Raise LayerwiseError for the first value outside its limits."""
    known("training.loss", training.loss, LOSSES)
    known("training.optimizer", training.optimizer, OPTIMIZERS)
    number("training.learning_rate", training.learning_rate, lambda x: x > 0, "greater than 0")
    whole("training.iterations", training.iterations, 0, MAX_ITERATIONS)
    if training.batch_size is not None:
        whole("training.batch_size", training.batch_size, 1, MAX_EXAMPLES)
    number("training.l1", training.l1, lambda x: x >= 0, "0 or more")
    number("training.l2", training.l2, lambda x: x >= 0, "0 or more")
    for name in ("beta1", "beta2"):
        if (beta := getattr(training, name)) is not None:
            number(f"training.{name}", beta, lambda x: 0 <= x < 1, "0 or more and below 1")
    if training.epsilon is not None:
        least = "at least 1e-30, so that float32 can hold it"
        number("training.epsilon", training.epsilon, lambda x: x >= 1e-30, least)
    number("training.clip_norm", training.clip_norm, lambda x: x >= 0, "0 or more")
    _check_decay(training.decay)
    _check_stop(training.stop)


def _check_decay(decay: DecaySettings) -> None:
    known("training.decay.form", decay.form, DECAYS)
    if DECAYS[decay.form].share:
        allowed = "above 0 and at most 1, the share of α that is kept"
        number("training.decay.rate", decay.rate, lambda k: 0 < k <= 1, allowed)
    else:
        number("training.decay.rate", decay.rate, lambda k: k >= 0, "0 or more")
    whole("training.decay.interval", decay.interval, 1, MAX_ITERATIONS)


def _check_stop(stop: StopSettings) -> None:
    whole("training.stop.epochs", stop.epochs, 0, MAX_ITERATIONS)
    number("training.stop.cost", stop.cost, lambda x: x >= 0, "0 or more")
    number("training.stop.seconds", stop.seconds, lambda x: x >= 0, "0 or more")
    whole("training.stop.patience", stop.patience, 0, MAX_ITERATIONS)
