"""L1 and L2 regularization, added to the cost and to its gradient."""

from __future__ import annotations

import numpy as np

from core.nn.parameters import Parameters


class Regularization:
    """J + lambda1/m sum |w| + lambda2/(2m) sum w² over all weights w, without the biases.

    m is the number of training examples, also if a batch has fewer, so that the same lambda means
    the same for every batch size. With lambda1 = 0 it is the course's L2 (weight decay).
    """

    def __init__(self, p: Parameters, l1: float, l2: float, m: int) -> None:
        mask = Parameters(p.sizes, p.flat.dtype)
        for W in mask.W.values():
            W.fill(1.0)
        self._mask = mask.flat  # 1 for a weight, 0 for a bias
        self._l1, self._l2, self._m = l1, l2, m
        self._w, self._d = np.empty_like(self._mask), np.empty_like(self._mask)

    def cost(self, p: Parameters) -> float:
        """The term that is added to the mean loss."""
        w = np.multiply(p.flat, self._mask, self._w)
        return float(self._l2 / 2 * w.dot(w) + self._l1 * np.abs(w).sum()) / self._m

    def add_gradient(self, p: Parameters, grad: Parameters) -> None:
        """grad.W += lambda1/m sign(W) + lambda2/m W; the slope of |w| at 0 is taken as 0."""
        w, d = np.multiply(p.flat, self._mask, self._w), self._d
        np.multiply(w, self._l2 / self._m, d)
        np.add(grad.flat, d, grad.flat)
        if self._l1:
            np.sign(w, d)
            np.multiply(d, self._l1 / self._m, d)
            np.add(grad.flat, d, grad.flat)


def regularization(p: Parameters, l1: float, l2: float, m: int) -> Regularization | None:
    """None if nothing is added."""
    return Regularization(p, l1, l2, m) if l1 or l2 else None
