"""The optimizers: each turns a gradient into an update of a flat vector of parameters."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

import numpy as np

from core.nn.activations import Array

TIDY_EVERY = 64  # updates; a number takes some hundred to fade from normal to nothing
GRADIENT = "g"  # the gradient's letter next to the letters of the memory

Settings = Mapping[str, float]


class Optimizer:
    """Owns its memory; `update` returns what to subtract from the parameters.

    `rate` is the learning rate alpha and may be set between two updates. `settings` replace some of
    its `usual` ones. A deep copy is independent. `state` gives the arrays of its memory by name, as
    views; `restore` copies such arrays in, so that a run continues exactly.
    """

    label: ClassVar[str]
    about: ClassVar[str]  # one line on what it does
    memory: ClassVar[tuple[str, ...]] = ()  # the letters of its memory in the paper
    usual: ClassVar[Settings] = MappingProxyType({})  # the settings it has, at their usual values
    linear: ClassVar[bool] = False  # whether every update is a weighted sum of the gradients so far
    python: ClassVar[str]  # the NumPy of an update of parameters P with the gradient dP
    note: ClassVar[str]  # the update as a sentence; {t} counts the updates

    def __init__(self, like: Array, rate: float, settings: Settings = MappingProxyType({})) -> None:
        self.settings = {name: settings.get(name, value) for name, value in self.usual.items()}
        self._step = np.full_like(like, np.nan)
        self._alpha = np.empty((), like.dtype)
        self.rate = rate
        self._state = {name: np.zeros_like(like) for name in self.memory}
        self._tidy_in = TIDY_EVERY

    @classmethod
    def shares(cls, settings: Settings) -> dict[str, float]:
        """For a linear optimizer: update / alpha as a sum of its memory, by letter, and the
        gradient.
        """
        return {}

    @classmethod
    def is_plain(cls) -> bool:
        """Whether every update is alpha times the gradient."""
        return cls.linear and not cls.memory

    @classmethod
    def written(cls, settings: Settings, t: int) -> tuple[str, str]:
        """For any other: the t-th update as text and as LaTeX, with ⟨α⟩, ⟨g⟩ and the letters of the
        memory, such as ⟨m⟩, in place of the numbers.
        """
        raise NotImplementedError

    @property
    def rate(self) -> float:
        return float(self._alpha)

    @rate.setter
    def rate(self, value: float) -> None:
        with np.errstate(over="ignore"):  # float32 ends at 3e38: such a run diverges, and says so
            self._alpha[...] = value

    @property
    def last_step(self) -> Array:
        """The last result of `update`; NaN before the first."""
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
        """Occasionally set values below the smallest normal number to zero.

        If a gradient stays zero, its memory halves forever without reaching zero, and such small
        numbers are a hundred times slower to compute with.
        """
        self._tidy_in -= 1
        if self._tidy_in == 0:
            self._tidy_in = TIDY_EVERY
            tiny = np.finfo(self._step.dtype).tiny
            for name in self.memory:
                array = self._state[name]
                np.multiply(array, np.abs(array) >= tiny, array)

    def _shares_of(self, beta: str) -> tuple[Array, Array]:
        """A beta and 1 - beta."""
        return self._constant(self.settings[beta]), self._constant(1.0 - self.settings[beta])

    def _constant(self, value: float) -> Array:
        """0-d, of the parameters' dtype: a Python float would be converted on every call."""
        return np.array(value, self._step.dtype)


class GradientDescent(Optimizer):
    """W := W - alpha dW, b := b - alpha db."""

    label = "Gradient descent"
    about = "W := W - α dW: straight downhill, by the gradient alone"
    linear = True
    python = "P = P - learning_rate * dP"
    note = "The learning rate times the gradient: against the slope of J, downhill."

    @classmethod
    def shares(cls, settings: Settings) -> dict[str, float]:
        return {GRADIENT: 1.0}

    def update(self, grad: Array) -> Array:
        return np.multiply(grad, self._alpha, self._step)


class Momentum(Optimizer):
    """v := beta1 v + (1 - beta1) dW, W := W - alpha v; usually beta1 = 0.9; v = 0 at the start.

    Polyak 1964, in the form of an exponentially weighted average that courses teach, in which the
    learning rate keeps its meaning. v of b likewise.
    """

    label = "Momentum"
    about = (
        "Follows a running mean of about the last ten gradients: less zigzag, faster along valleys"
    )
    memory = ("v",)
    usual = MappingProxyType({"beta1": 0.9})
    linear = True
    python = """\
v_dP = beta1 * v_dP + (1 - beta1) * dP
P = P - learning_rate * v_dP"""
    note = (
        "The learning rate times v, a running mean of the gradients: most of the old v and a"
        " little of the new gradient."
    )

    def __init__(self, like: Array, rate: float, settings: Settings = MappingProxyType({})) -> None:
        super().__init__(like, rate, settings)
        self._v = self._state["v"]
        self._beta, self._rest = self._shares_of("beta1")

    @classmethod
    def shares(cls, settings: Settings) -> dict[str, float]:
        return {"v": settings["beta1"], GRADIENT: 1.0 - settings["beta1"]}

    def update(self, grad: Array) -> Array:
        v, step = self._v, self._step
        np.multiply(v, self._beta, v)
        np.multiply(grad, self._rest, step)
        np.add(v, step, v)
        self._tidy()
        return np.multiply(v, self._alpha, step)


class RMSProp(Optimizer):
    """s := beta2 s + (1 - beta2) dW², W := W - alpha dW / (sqrt(s) + eps).

    Usually beta2 = 0.9 and eps = 1e-8; s of b likewise. Tieleman & Hinton, Neural Networks for
    Machine Learning, lecture 6.5, 2012.
    """

    label = "RMSProp"
    about = (
        "Divides each step by the typical size of its gradient, so all weights move at a "
        "similar speed"
    )
    memory = ("s",)
    usual = MappingProxyType({"beta2": 0.9, "epsilon": 1e-8})
    python = """\
s_dP = beta2 * s_dP + (1 - beta2) * dP**2
P = P - learning_rate * dP / (np.sqrt(s_dP) + epsilon)"""
    note = (
        "The gradient over s, a running mean of its own squares under a root: steps of like size."
    )

    def __init__(self, like: Array, rate: float, settings: Settings = MappingProxyType({})) -> None:
        super().__init__(like, rate, settings)
        self._s = self._state["s"]
        self._beta, self._rest = self._shares_of("beta2")
        self._epsilon = self._constant(self.settings["epsilon"])

    @classmethod
    def written(cls, settings: Settings, t: int) -> tuple[str, str]:
        beta, rest = settings["beta2"], 1.0 - settings["beta2"]
        text = f"⟨α⟩ · ⟨g⟩ / (√({beta:g} · ⟨s⟩ + {rest:g} · ⟨g⟩²) + ε)"
        mean = rf"{beta:g} \cdot ⟨s⟩ + {rest:g} \cdot ⟨g⟩^2"
        below = rf"\sqrt{{{mean}}} + {_power_of_ten(settings['epsilon'])}"
        return text, rf"\frac{{⟨α⟩ \cdot ⟨g⟩}}{{{below}}}"

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

    m := beta1 m + (1 - beta1) g, v := beta2 v + (1 - beta2) g², t = 1, 2, …; usually beta1 = 0.9,
    beta2 = 0.999, eps = 1e-8. Kingma & Ba, Adam: A Method for Stochastic Optimization, 2015,
    algorithm 1 (theta: all parameters, g: their gradient).
    """

    label = "Adam"
    about = "Momentum and RMSProp in one; needs a smaller α, often 0.001 to 0.01"
    memory = ("m", "v")
    usual = MappingProxyType({"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8})
    python = """\
m_dP = beta1 * m_dP + (1 - beta1) * dP
v_dP = beta2 * v_dP + (1 - beta2) * dP**2
m_corrected = m_dP / (1 - beta1**t)
v_corrected = v_dP / (1 - beta2**t)
P = P - learning_rate * m_corrected / (np.sqrt(v_corrected) + epsilon)"""
    note = (
        "m is a running mean of the gradients, v of their squares; both start at 0, which the"
        " divisions make good for (this is update {t:,})."
    )

    def __init__(self, like: Array, rate: float, settings: Settings = MappingProxyType({})) -> None:
        super().__init__(like, rate, settings)
        self._m, self._v = self._state["m"], self._state["v"]
        self._state["t"] = self._t = np.zeros(())
        self._beta1, self._rest1 = self._shares_of("beta1")
        self._beta2, self._rest2 = self._shares_of("beta2")

    @classmethod
    def written(cls, settings: Settings, t: int) -> tuple[str, str]:
        b1, b2 = settings["beta1"], settings["beta2"]
        text = (
            f"⟨α⟩ · m̂ / (√v̂ + ε), m̂ = ({b1:g} · ⟨m⟩ + {1 - b1:g} · ⟨g⟩) / (1 − {b1:g}^{t}),"
            f" v̂ = ({b2:g} · ⟨v⟩ + {1 - b2:g} · ⟨g⟩²) / (1 − {b2:g}^{t})"
        )
        top = rf"({b1:g} \cdot ⟨m⟩ + {1 - b1:g} \cdot ⟨g⟩) / (1 - {b1:g}^{{{t}}})"
        square = rf"({b2:g} \cdot ⟨v⟩ + {1 - b2:g} \cdot ⟨g⟩^2) / (1 - {b2:g}^{{{t}}})"
        below = rf"\sqrt{{{square}}} + {_power_of_ten(settings['epsilon'])}"
        return text, rf"\frac{{⟨α⟩ \cdot {top}}}{{{below}}}"

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
        # The two corrections are scalars: kept out of the vectors, they cost nothing.
        self._t += 1
        t, beta1, beta2 = self._t.item(), self.settings["beta1"], self.settings["beta2"]
        root = (1.0 - beta2**t) ** 0.5
        np.sqrt(v, step)
        np.add(step, self._constant(self.settings["epsilon"] * root), step)
        np.divide(m, step, step)
        return np.multiply(step, self._constant(self.rate * root / (1.0 - beta1**t)), step)


def _power_of_ten(value: float) -> str:
    """LaTeX of a number that is usually tiny: 10^{-8}."""
    factor, _, exponent = f"{value:e}".partition("e")
    factor = f"{float(factor):g}"
    power = f"10^{{{int(exponent)}}}"
    return power if factor == "1" else rf"{factor} \cdot {power}"


OPTIMIZERS: dict[str, type[Optimizer]] = {
    "gradient_descent": GradientDescent,
    "momentum": Momentum,
    "rmsprop": RMSProp,
    "adam": Adam,
}
