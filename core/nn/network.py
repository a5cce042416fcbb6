"""The forward pass, which computes the prediction, and the backward pass: the gradient."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from core.errors import LayerwiseError
from core.nn.activations import ACTIVATIONS, Activation, Array, muting
from core.nn.cache import Cache
from core.nn.calls import Calls, WrittenCalls, run, written
from core.nn.losses import LOSSES
from core.nn.parameters import Parameters


@dataclass(frozen=True, slots=True)
class Pass:
    """The calls of a forward pass, which `cost` may follow, and of a backward pass, listed once for
    their arrays.
    """

    forward: WrittenCalls
    cost: Callable[[], float]
    backward: WrittenCalls


class Network:
    """An architecture without parameters: sizes n[0]..n[L], the activations of layers 1..L, and the
    loss.

    The output of `muted` units (layer → units, from 0) is always 0; they must be in hidden layers
    with an elementwise activation.

    Values are in Parameters and Cache, which the caller owns; shapes are (n[l], m), columns are
    examples. Raises LayerwiseError if the loss does not fit the output activation.
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
        if X is not cache.A[0]:
            cache.A[0][...] = X
        run(self._forward(p, cache))
        return cache.A[self.L]

    def _forward(self, p: Parameters, cache: Cache) -> Calls:
        Wb, Z, A, A1, scratch = p.Wb, cache.Z, cache.A, cache.A1, cache.scratch
        G, D, keep = cache.G, cache.D, cache.keep
        for l, g in self.activations.items():
            yield Wb[l].dot, A1[l - 1], Z[l]  # Z[l] = W[l] A[l-1] + b[l]
            yield from g.forward_calls(Z[l], G[l], scratch[l])  # A[l] = g(Z[l])
            if l in D:
                yield np.multiply, G[l], D[l], A[l]  # A[l] = g(Z[l]) * D[l] / keep[l]
                yield np.divide, A[l], keep[l], A[l]

    def backward(self, p: Parameters, Y: Array, cache: Cache, grad: Parameters) -> None:
        """Fill cache.dA, cache.dZ and grad from Y (n[L], m) and the pass `forward` left in cache.

        grad.W[l] and grad.b[l] are dJ/dW[l] and dJ/db[l], J the mean loss over the m examples.
        """
        run(self._error(Y, cache))
        run(self._backward(p, cache, grad))

    def _error(self, Y: Array, cache: Cache) -> Calls:
        yield np.subtract, cache.A[self.L], Y, self._error_in(cache)  # A[L] - Y

    def _error_in(self, cache: Cache) -> Array:
        """The array A[L] - Y, with which the cost and the backward pass begin."""
        return cache.error if self.fused else cache.dA[self.L]

    def _backward(self, p: Parameters, cache: Cache, grad: Parameters) -> Calls:
        W, dWb, Z, A1T = p.W, grad.Wb, cache.Z, cache.A1T
        dZ, dA, scratch, L = cache.dZ, cache.dA, cache.scratch, self.L
        G, D, keep = cache.G, cache.D, cache.keep
        for l in range(L, 0, -1):
            if l == L and self.fused:  # dZ[L] = A[L] - Y
                if dZ[L] is not cache.error:
                    yield np.positive, cache.error, dZ[L]
            else:
                if l < L:  # dA[L] = A[L] - Y   (squared error)
                    yield W[l + 1].T.dot, dZ[l + 1], dA[l]  # dA[l] = W[l+1]' dZ[l+1]
                    if l in D:
                        yield np.multiply, dA[l], D[l], dA[l]  # ... * D[l] / keep[l]
                        yield np.divide, dA[l], keep[l], dA[l]
                # dZ[l] = dA[l] * g'(Z[l])
                yield from self.activations[l].backward_calls(Z[l], G[l], dA[l], dZ[l], scratch[l])
            if dZ[l] is not dWb[l]:  # in the Gram form they are the same array (core/nn/gram.py)
                yield dZ[l].dot, A1T[l - 1], dWb[l]  # dW[l] = dZ[l] A[l-1]', db[l] = sum of dZ[l]
        yield np.multiply, grad.flat, scratch[L].inverse_m, grad.flat  # ... each times 1/m

    def cost(self, Y: Array, cache: Cache) -> float:
        """The cost J of the forward pass in the cache: the mean loss over its examples."""
        run(self._error(Y, cache))
        return self._cost_of_error(Y, cache)()

    def _cost_of_error(self, Y: Array, cache: Cache) -> Callable[[], float]:
        L = self.L
        return self._cost(cache.Z[L], cache.A[L], Y, self._error_in(cache), cache.scratch[L])

    def write(self, p: Parameters, Y: Array, cache: Cache, grad: Parameters) -> Pass:
        """List the calls of the two passes; run later, they use the values in cache.A[0] and Y at
        that time.
        """
        return Pass(
            written((*self._forward(p, cache), *self._error(Y, cache))),
            self._cost_of_error(Y, cache),
            written(self._backward(p, cache, grad)),
        )

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
    """Raise LayerwiseError if this loss is not defined for this output activation."""
    wanted = LOSSES[loss]
    if wanted.outputs and activation not in wanted.outputs:
        fitting = " or ".join(ACTIVATIONS[name].label for name in wanted.outputs)
        other = " or ".join(each.label.lower() for each in LOSSES.values() if not each.outputs)
        raise LayerwiseError(
            f"{wanted.label} {wanted.why_not}, and the output layer's"
            f" {ACTIVATIONS[activation].label} does not give one: choose {fitting} for the output"
            f" layer, or {other} as the loss."
        )
