"""Random networks for the tests of core.nn, and the comparison with the oracle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from hypothesis import strategies as st
from numpy.typing import DTypeLike

from core.nn.activations import ACTIVATIONS, Array
from core.nn.cache import Cache
from core.nn.dropout import Dropout
from core.nn.losses import LOSSES
from core.nn.network import Network
from core.nn.parameters import Parameters
from tests.core import oracle

HIDDEN = tuple(ACTIVATIONS)
SMOOTH = ("sigmoid", "tanh", "linear", "softmax")
TRAINABLE = tuple(name for name, g in ACTIVATIONS.items() if not g.refusal)
OUTPUTS = tuple(
    (name, loss) for loss in LOSSES for name in ACTIVATIONS if name in LOSSES[loss].outputs
) + tuple(("squared_error", name)[::-1] for name in ACTIVATIONS)
"""Every (output activation, loss) that fits."""


@dataclass
class Case:
    """One network with parameters, examples and the memory of a pass."""

    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    loss: str
    m: int = 5
    seed: int = 0
    scale: float = 1.0
    dtype: DTypeLike = np.float64
    keep: dict[int, float] = field(default_factory=dict)  # of the layers with dropout
    muted: Mapping[int, Sequence[int]] = field(default_factory=dict)
    net: Network = field(init=False)
    p: Parameters = field(init=False)
    grad: Parameters = field(init=False)
    cache: Cache = field(init=False)
    X: Array = field(init=False)
    Y: Array = field(init=False)

    def __post_init__(self) -> None:
        rng = np.random.RandomState(self.seed)
        self.net = Network(self.sizes, self.activations, self.loss, self.muted)
        self.p = Parameters(self.sizes, self.dtype)
        self.grad = Parameters(self.sizes, self.dtype)
        self.cache = Cache(self.sizes, self.m, self.dtype)
        self.cache.drop(self.keep)
        Dropout(self.seed, self.keep).draw(self.cache.D)
        for l in self.p.W:
            self.p.Wb[l][...] = rng.randn(*self.p.Wb[l].shape)
            self.p.W[l][...] *= self.scale / self.sizes[l - 1] ** 0.5
        self.X = rng.randn(self.sizes[0], self.m).astype(self.dtype)
        self.Y = labels(rng, self.activations[-1], self.loss, self.sizes[-1], self.m).astype(
            self.dtype
        )

    def forward(self) -> Array:
        return self.net.forward(self.p, self.X, self.cache)

    def run(self) -> Case:
        """Forward and backward, once."""
        self.forward()
        self.net.backward(self.p, self.Y, self.cache, self.grad)
        return self

    def cost(self) -> float:
        return self.net.cost(self.Y, self.cache)

    def oracle(self) -> oracle.Pass:
        return oracle.one_pass(
            {l: W.tolist() for l, W in self.p.W.items()},
            {l: b.tolist() for l, b in self.p.b.items()},
            self.X.tolist(),
            self.Y.tolist(),
            self.activations,
            self.loss,
            {l: (D.tolist(), self.keep[l]) for l, D in self.cache.D.items()},
            self.muted,
        )


def labels(rng: np.random.RandomState, output: str, loss: str, n: int, m: int) -> Array:
    """Labels (n, m) that this output may be trained on."""
    if output == "softmax":
        return np.eye(n)[:, rng.randint(n, size=m)]
    if loss == "cross_entropy" or output == "sigmoid":
        return rng.randint(2, size=(n, m)).astype(float)
    return rng.randn(n, m)


def cases(
    hidden: Sequence[str] = HIDDEN,
    outputs: Sequence[tuple[str, str]] = OUTPUTS,
    *,
    dropout: bool = False,
    mute: bool = True,
) -> st.SearchStrategy[Case]:
    """Networks of 1 to 8 layers with any hidden activations and any fitting output and loss; with
    `dropout` some of the hidden layers drop activations, with `mute` some units may be muted.
    """

    def build(
        sizes: list[int],
        names: list[str],
        output: tuple[str, str],
        m: int,
        seed: int,
        shares: list[float],
        some: bool,
    ) -> Case:
        activations = (*names[: len(sizes) - 2], output[0])
        keep = {l: shares[l] for l in range(1, len(sizes) - 1) if shares[l] < 1}
        muted = some_units(sizes, activations, seed) if some else {}
        return Case(tuple(sizes), activations, output[1], m=m, seed=seed, keep=keep, muted=muted)

    return st.builds(
        build,
        st.lists(st.integers(1, 5), min_size=2, max_size=9),
        st.lists(st.sampled_from(hidden), min_size=7, max_size=7),
        st.sampled_from(outputs),
        st.integers(1, 6),
        st.integers(0, 2**32 - 1),
        st.lists(st.sampled_from([1.0, 0.8, 0.5] if dropout else [1.0]), min_size=8, max_size=8),
        st.booleans() if mute else st.just(False),
    )


def some_units(
    sizes: Sequence[int], activations: Sequence[str], seed: int
) -> dict[int, tuple[int, ...]]:
    """About a third of the units of hidden layers without softmax."""
    rng = np.random.RandomState([seed, 7])
    chosen = {
        l: tuple(np.flatnonzero(rng.rand(n) < 0.35).tolist())
        for l, n in enumerate(sizes[1:-1], start=1)
        if activations[l - 1] != "softmax"
    }
    return {l: units for l, units in chosen.items() if units}


def assert_same(actual: object, expected: object, what: str = "") -> None:
    """Equal to 1e-12 of each number, or of the largest number of the array where terms cancel."""
    expected = np.asarray(expected)
    largest = float(np.abs(expected).max(initial=0.0))
    np.testing.assert_allclose(
        np.asarray(actual), expected, rtol=1e-12, atol=1e-12 * largest + 1e-300, err_msg=what
    )
