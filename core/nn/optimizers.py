"""What turns a gradient into an update; each knows nothing of layers, only flat vectors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from core.nn.activations import Array


class Optimizer(Protocol):
    """Owns its memory; `update` returns what is to be subtracted from the parameters."""

    rate: float  # the learning rate, which may be set between two updates

    def update(self, grad: Array) -> Array:
        """The step for this gradient (both flat vectors); the array is reused by the next call."""
        ...


class GradientDescent:
    """W := W - alpha dW, b := b - alpha db."""

    def __init__(self, like: Array, rate: float) -> None:
        self._step = np.empty_like(like)
        self._alpha = np.array(rate, like.dtype)

    @property
    def rate(self) -> float:
        return float(self._alpha)

    @rate.setter
    def rate(self, value: float) -> None:
        self._alpha[...] = value

    def update(self, grad: Array) -> Array:
        return np.multiply(grad, self._alpha, self._step)


OPTIMIZERS: dict[str, Callable[[Array, float], Optimizer]] = {"gradient_descent": GradientDescent}
