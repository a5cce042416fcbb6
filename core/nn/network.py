"""The two passes: forward computes the prediction, backward the gradient. There are no others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from core.errors import LayerwiseError
from core.nn.activations import ACTIVATIONS, Activation, Array, muting
from core.nn.cache import Cache
from core.nn.losses import LOSSES
from core.nn.parameters import Parameters


class Network:
    """An architecture alone: sizes n[0]..n[L], the activations of layers 1..L, and the loss.

    The output of `muted` units (layer → units, from 0), which are in hidden layers with an
    elementwise activation, is 0 whatever goes in.

    Values live in Parameters and Cache, which the caller owns; shapes are (n[l], m), columns are
    examples. Raises LayerwiseError for a loss that its output activation does not fit.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        activations: Sequence[str],
        loss: str,
        muted: Mapping[int, Sequence[int]] = MappingProxyType({}),
    ) -> None:
        self.sizes = tuple(sizes)
        self.L = len(sizes) - 1
        self.activations: dict[int, Activation] = {
            l: ACTIVATIONS[name] for l, name in enumerate(activations, start=1)
        }
        self.muted = {l: tuple(units) for l, units in muted.items() if units}
        for l, units in self.muted.items():
            self.activations[l] = muting(self.activations[l], units)
        output = activations[-1]
        check_output(loss, output)
        self.loss = LOSSES[loss]
        self.fused = output in self.loss.fused
        behind = self.loss.at(output)
        self._cost, self._each = behind.cost, behind.each

    def forward(self, p: Parameters, X: Array, cache: Cache) -> Array:
        """Fill cache.Z and cache.A from X (n[0], m); return A[L] (n[L], m), the prediction."""
        Wb, Z, A, A1, scratch = p.Wb, cache.Z, cache.A, cache.A1, cache.scratch
        G, D = cache.G, cache.D
        if X is not A[0]:
            A[0][...] = X
        for l, g in self.activations.items():
            Wb[l].dot(A1[l - 1], Z[l])  # Z[l] = W[l] A[l-1] + b[l]
            g.forward(Z[l], G[l], scratch[l])  # A[l] = g(Z[l])
            if D and l in D:
                np.multiply(G[l], D[l], A[l])  # A[l] = g(Z[l]) * D[l] / keep[l]
                np.divide(A[l], cache.keep[l], A[l])
        return A[self.L]

    def backward(self, p: Parameters, Y: Array, cache: Cache, grad: Parameters) -> None:
        """Fill cache.dA, cache.dZ and grad from Y (n[L], m) and the pass `forward` left in cache.

        grad.W[l] and grad.b[l] are dJ/dW[l] and dJ/db[l], J the mean loss over the m examples.
        """
        W, dWb, Z, A, A1T = p.W, grad.Wb, cache.Z, cache.A, cache.A1T
        dZ, dA, scratch, L = cache.dZ, cache.dA, cache.scratch, self.L
        G, D = cache.G, cache.D
        for l in range(L, 0, -1):
            if l == L and self.fused:
                np.subtract(A[L], Y, dZ[L])  # dZ[L] = A[L] - Y
            else:
                if l == L:
                    np.subtract(A[L], Y, dA[L])  # dA[L] = A[L] - Y   (squared error)
                else:
                    W[l + 1].T.dot(dZ[l + 1], dA[l])  # dA[l] = W[l+1]' dZ[l+1]
                    if D and l in D:
                        np.multiply(dA[l], D[l], dA[l])  # ... * D[l] / keep[l]
                        np.divide(dA[l], cache.keep[l], dA[l])
                # dZ[l] = dA[l] * g'(Z[l])
                self.activations[l].backward(Z[l], G[l], dA[l], dZ[l], scratch[l])
            if dZ[l] is not dWb[l]:  # in the Gram form they are one array (core/nn/gram.py)
                dZ[l].dot(A1T[l - 1], dWb[l])  # dW[l] = dZ[l] A[l-1]', db[l] = sum of dZ[l] ...
        np.multiply(grad.flat, scratch[L].inverse_m, grad.flat)  # ... each times 1/m, all at once

    def cost(self, Y: Array, cache: Cache) -> float:
        """The cost J of the forward pass in the cache: the mean loss over its examples."""
        L = self.L
        return self._cost(cache.Z[L], cache.A[L], Y, cache.scratch[L])

    def losses(self, Y: Array, cache: Cache) -> Array:
        """The loss of every example of the forward pass in the cache, shape (m,)."""
        return self._each(cache.Z[self.L], cache.A[self.L], Y)

    def refusal(self) -> str:
        """Why this network cannot be trained, as a sentence; empty when it can."""
        for l, g in self.activations.items():
            if g.refusal:
                return f"Layer {l} uses {g.label} and cannot be trained: {g.refusal}."
        return ""


def check_output(loss: str, activation: str) -> None:
    """Raise LayerwiseError if this loss is not defined behind this output activation."""
    wanted = LOSSES[loss]
    if wanted.outputs and activation not in wanted.outputs:
        fitting = " or ".join(ACTIVATIONS[name].label for name in wanted.outputs)
        other = " or ".join(each.label.lower() for each in LOSSES.values() if not each.outputs)
        raise LayerwiseError(
            f"{wanted.label} {wanted.why_not}, and the output layer's"
            f" {ACTIVATIONS[activation].label} does not give one: choose {fitting} for the output"
            f" layer, or {other} as the loss."
        )
