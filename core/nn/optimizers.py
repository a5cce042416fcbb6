"""What turns a gradient into an update; each knows nothing of layers, only flat vectors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from core.nn.activations import Array

TIDY_EVERY = 64  # updates; a number takes some hundred to fade from normal to nothing


class Optimizer:
    """Owns its memory; `update` returns what is to be subtracted from the parameters.

    `rate` is the learning rate alpha and may be set between two updates. A deep copy goes on by
    itself. `state` names the arrays that make up its memory, views of it; `restore` copies such
    arrays in, so that a run goes on as if it had never stopped.
    """

    label: ClassVar[str]
    about: ClassVar[str]  # what it does, in a line
    memory: ClassVar[tuple[str, ...]] = ()  # the paper's letters of what it remembers
    linear: ClassVar[bool] = False  # whether every update is a weighted sum of the gradients so far

    def __init__(self, like: Array, rate: float) -> None:
        self._step = np.full_like(like, np.nan)
        self._alpha = np.empty((), like.dtype)
        self.rate = rate
        self._state = {name: np.zeros_like(like) for name in self.memory}
        self._tidy_in = TIDY_EVERY

    @property
    def rate(self) -> float:
        return float(self._alpha)

    @rate.setter
    def rate(self, value: float) -> None:
        with np.errstate(over="ignore"):  # float32 ends at 3e38: such a run diverges, and says so
            self._alpha[...] = value

    @property
    def last_step(self) -> Array:
        """What the last `update` returned; NaN before the first."""
        return self._step

    def update(self, grad: Array) -> Array:
        """The step for this gradient (both flat vectors); the array is reused by the next call."""
        raise NotImplementedError

    def state(self) -> dict[str, Array]:
        return dict(self._state)

    def restore(self, state: Mapping[str, Array]) -> None:
        for name, array in self._state.items():
            array[...] = state[name]

    def _tidy(self) -> None:
        """Now and then, set to zero what has faded below the smallest normal number.

        The memory of a gradient that is zero for good halves and halves without ever getting there,
        and numbers that small cost a processor a hundred times as much.
        """
        self._tidy_in -= 1
        if self._tidy_in == 0:
            self._tidy_in = TIDY_EVERY
            tiny = np.finfo(self._step.dtype).tiny
            for name in self.memory:
                array = self._state[name]
                np.multiply(array, np.abs(array) >= tiny, array)

    def _constant(self, value: float) -> Array:
        """0-d, of the parameters' dtype: a Python float would be converted on every call."""
        return np.array(value, self._step.dtype)


class GradientDescent(Optimizer):
    """W := W - alpha dW, b := b - alpha db."""

    label = "Gradient descent"
    about = "W := W - α dW: straight downhill, by the gradient alone"
    linear = True

    def update(self, grad: Array) -> Array:
        return np.multiply(grad, self._alpha, self._step)


class Momentum(Optimizer):
    """v := beta v + (1 - beta) dW, W := W - alpha v; beta = 0.9, v = 0 at the start.

    Polyak 1964, in the form of an exponentially weighted average that courses teach, in which the
    learning rate keeps its meaning. v of b likewise.
    """

    label = "Momentum"
    about = (
        "Goes by the mean of the last gradients, about ten: less zigzag, more speed along valleys"
    )
    memory = ("v",)
    linear = True
    beta = 0.9

    def __init__(self, like: Array, rate: float) -> None:
        super().__init__(like, rate)
        self._v = self._state["v"]
        self._beta, self._rest = self._constant(self.beta), self._constant(1.0 - self.beta)

    def update(self, grad: Array) -> Array:
        v, step = self._v, self._step
        np.multiply(v, self._beta, v)
        np.multiply(grad, self._rest, step)
        np.add(v, step, v)
        self._tidy()
        return np.multiply(v, self._alpha, step)


class RMSProp(Optimizer):
    """s := beta s + (1 - beta) dW², W := W - alpha dW / (sqrt(s) + eps); beta = 0.9, eps = 1e-8.

    Tieleman & Hinton, Neural Networks for Machine Learning, lecture 6.5, 2012. s of b likewise.
    """

    label = "RMSProp"
    about = "Divides each step by the usual size of that gradient: all weights move at a like pace"
    memory = ("s",)
    beta, epsilon = 0.9, 1e-8

    def __init__(self, like: Array, rate: float) -> None:
        super().__init__(like, rate)
        self._s = self._state["s"]
        self._beta, self._rest = self._constant(self.beta), self._constant(1.0 - self.beta)
        self._epsilon = self._constant(self.epsilon)

    def update(self, grad: Array) -> Array:
        s, step = self._s, self._step
        np.multiply(s, self._beta, s)
        np.multiply(grad, grad, step)
        np.multiply(step, self._rest, step)
        np.add(s, step, s)
        self._tidy()
        np.sqrt(s, step)
        np.add(step, self._epsilon, step)
        np.divide(grad, step, step)
        return np.multiply(step, self._alpha, step)


class Adam(Optimizer):
    """theta := theta - alpha m^ / (sqrt(v^) + eps), m^ = m / (1 - beta1^t), v^ = v / (1 - beta2^t).

    m := beta1 m + (1 - beta1) g, v := beta2 v + (1 - beta2) g², t = 1, 2, …; beta1 = 0.9,
    beta2 = 0.999, eps = 1e-8. Kingma & Ba, Adam: A Method for Stochastic Optimization, 2015,
    algorithm 1 (theta: all parameters, g: their gradient).
    """

    label = "Adam"
    about = "Momentum and RMSProp in one; needs a smaller α, often 0.001 to 0.01"
    memory = ("m", "v")
    beta1, beta2, epsilon = 0.9, 0.999, 1e-8

    def __init__(self, like: Array, rate: float) -> None:
        super().__init__(like, rate)
        self._m, self._v = self._state["m"], self._state["v"]
        self._state["t"] = self._t = np.zeros(())
        self._beta1, self._rest1 = self._constant(self.beta1), self._constant(1.0 - self.beta1)
        self._beta2, self._rest2 = self._constant(self.beta2), self._constant(1.0 - self.beta2)

    def update(self, grad: Array) -> Array:
        m, v, step = self._m, self._v, self._step
        np.multiply(m, self._beta1, m)
        np.multiply(grad, self._rest1, step)
        np.add(m, step, m)
        np.multiply(v, self._beta2, v)
        np.multiply(grad, grad, step)
        np.multiply(step, self._rest2, step)
        np.add(v, step, v)
        self._tidy()
        # The two corrections are numbers: taken out of the vectors, they cost nothing.
        self._t += 1
        t = self._t.item()
        root = (1.0 - self.beta2**t) ** 0.5
        np.sqrt(v, step)
        np.add(step, self._constant(self.epsilon * root), step)
        np.divide(m, step, step)
        return np.multiply(step, self._constant(self.rate * root / (1.0 - self.beta1**t)), step)


OPTIMIZERS: dict[str, type[Optimizer]] = {
    "gradient_descent": GradientDescent,
    "momentum": Momentum,
    "rmsprop": RMSProp,
    "adam": Adam,
}
