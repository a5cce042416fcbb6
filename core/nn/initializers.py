"""Weight initialization: each rule draws layer by layer, as a course notebook does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.nn.parameters import Parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class Initializer:
    """W[l] = N(0, 1) * deviation(n[l-1], scale); b[l] = 0. None draws nothing: all zeros."""

    name: str
    label: str
    deviation: Callable[[int, float], float] | None
    formula: str  # LaTeX
    about: str  # what it is suited for, in a line
    scaled: bool = False  # whether the user's scale is used


INITIALIZERS: dict[str, Initializer] = {
    initializer.name: initializer
    for initializer in (
        Initializer(
            name="normal",
            label="Random × scale",
            deviation=lambda n, scale: scale,
            formula=r"N(0,1)\cdot s",
            about="Random numbers around 0 times the scale; small scales suit shallow networks",
            scaled=True,
        ),
        Initializer(
            name="zeros",
            label="Zeros",
            deviation=None,
            formula="0",
            about="All weights 0: the units of a layer stay identical. Fine for a single neuron",
        ),
        Initializer(
            name="xavier",
            label="Xavier",
            deviation=lambda n, _: (1.0 / n) ** 0.5,
            formula=r"N(0,1)\sqrt{1/n^{[l-1]}}",
            about="Random × √(1 / units before): keeps z about as large in deep layers, for tanh",
        ),
        Initializer(
            name="he",
            label="He",
            deviation=lambda n, _: (2.0 / n) ** 0.5,
            formula=r"N(0,1)\sqrt{2/n^{[l-1]}}",
            about="Random × √(2 / units before): the same for ReLU, which passes only half of"
            " what comes",
        ),
    )
}


def initialize(p: Parameters, name: str, scale: float, rng: np.random.RandomState) -> None:
    """Fill `p` in place: randn(n[l], n[l-1]) in the order of the layers; biases draw nothing.

    With `RandomState(seed)` these are the numbers that `np.random.seed(seed)` gives in a notebook.
    """
    deviation = INITIALIZERS[name].deviation
    p.flat.fill(0.0)
    if deviation is None:
        return
    for W in p.W.values():
        n, n_prev = W.shape
        W[...] = rng.randn(n, n_prev) * deviation(n_prev, scale)
