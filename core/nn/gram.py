"""The Gram form: the same training with m² instead of m n[0] numbers in the first layer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.nn.activations import Array, Scratch
from core.nn.cache import Cache
from core.nn.calls import Calls
from core.nn.network import Network
from core.nn.parameters import Parameters

LEAST_INPUTS = 512  # fewer, and the plain product is as fast
TIMES = 4  # how many times as many inputs as examples there must be
MOST_WORK = 2**33  # multiply-adds that making K may take: about a quarter of a second


def pays(inputs: int, m: int) -> bool:
    """Whether n[0] is large enough compared with m for the Gram form to be faster."""
    return inputs >= LEAST_INPUTS and inputs >= TIMES * m and inputs * m * m <= MOST_WORK


class Gram:
    """The network in other coordinates: instead of W[1] and b[1], whose gradient is always a sum of
    examples divided by m, it holds the coefficients of the examples (docs/adr/0003).

    [W b][1] = start + C [X; 1]' with C (n[1], m), so that, with K = [X; 1]'[X; 1] computed once,
    Z[1] = start [X; 1] + C K and dJ/d[W b][1] = D [X; 1]' with D = dZ[1] / m.

    `network`, `p`, `grad` and `cache` serve the two passes like any others: C is the first block of
    `p`, D of `grad`, and K is the input. An optimizer whose steps are sums of gradients makes the
    same steps in these coordinates; `lift` and `lift_step` convert back.
    """

    def __init__(
        self, network: Network, p: Parameters, X: Array, start: Array | None = None
    ) -> None:
        n_0, m = X.shape
        self._X1 = np.ones((n_0 + 1, m), X.dtype)
        self._X1[:n_0] = X
        self.start = (p.Wb[1] if start is None else start).copy()
        sizes = (m - 1, *network.sizes[1:])  # a block of m - 1 inputs and a bias has m columns
        names = [g.name for g in network.activations.values()]
        self.network = Network(sizes, names, network.loss.name, network.muted)
        self._Z_start = self.start.dot(self._X1)
        self._shift_first_layer(self._Z_start)
        self.p, self.grad = (Parameters(sizes, X.dtype) for _ in range(2))
        self._rest, self._rest_plain = self.p.Wb[1].size, p.Wb[1].size
        self.p.flat[self._rest :] = p.flat[self._rest_plain :]
        self.cache = Cache(sizes, m, X.dtype)
        self.cache.A1[0][...] = self._X1.T.dot(self._X1)
        self.cache.dZ[1] = self.grad.Wb[1]  # `backward` finds it there and skips its product

    def _shift_first_layer(self, Z_start: Array) -> None:
        g = self.network.activations[1]

        def forward(Z: Array, A: Array, s: Scratch) -> Calls:
            yield np.add, Z, Z_start, Z
            yield from g.forward_calls(Z, A, s)

        self.network.activations[1] = replace(g, forward_calls=forward)

    def take(self, p: Parameters) -> None:
        """Continue from the parameters `p` of the original network."""
        self.start[...] = p.Wb[1]
        self.start.dot(self._X1, self._Z_start)
        self.p.Wb[1].fill(0.0)
        self.p.flat[self._rest :] = p.flat[self._rest_plain :]

    def lift(self, p: Parameters) -> None:
        """Fill `p` (of the network as it was given) with the parameters."""
        self.lift_step(self.p.flat, p)
        np.add(p.Wb[1], self.start, p.Wb[1])

    def lift_step(self, flat: Array, out: Parameters) -> None:
        """Fill `out` with a gradient, a step or a sum of such, given as a flat vector like `p`."""
        C = flat[: self._rest].reshape(self.p.Wb[1].shape)
        C.dot(self._X1.T, out.Wb[1])
        out.flat[self._rest_plain :] = flat[self._rest :]
