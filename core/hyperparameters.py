"""The frozen values that say how a network is trained."""

from __future__ import annotations

from typing import Literal

import msgspec

from core.data.own import MAX_EXAMPLES
from core.limits import known, number, whole
from core.nn.losses import LOSSES
from core.nn.optimizers import OPTIMIZERS

MAX_ITERATIONS = 10**9


class TrainingSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The hyperparameters of training. `batch_size` None is the full batch."""

    loss: str = "cross_entropy"
    optimizer: str = "gradient_descent"
    learning_rate: float = 1.2
    batch_size: int | None = None
    iterations: int = 10_000
    l1: float = 0.0
    l2: float = 0.0
    dtype: Literal["float64", "float32"] = "float64"


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
