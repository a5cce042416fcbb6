"""Gradient clipping by norm: scales a gradient down to a maximum length."""

from __future__ import annotations

import math

import numpy as np

from core.nn.activations import Array


class Clipping:
    """g := g limit / |g| where |g| > limit, g all parameters' gradient together.

    Pascanu, Mikolov & Bengio, On the difficulty of training recurrent neural networks, 2013,
    algorithm 1. What regularization adds is part of g, and so is the gradient of frozen units.
    """

    def __init__(self, like: Array, limit: float) -> None:
        self.limit = limit
        self._clipped = np.empty_like(like)

    def of(self, grad: Array) -> Array:
        """The clipped gradient, a flat vector: `grad` itself if it is short enough, else an array
        that the next call reuses.
        """
        factor = share_kept(norm(grad), self.limit)
        return grad if factor == 1.0 else np.multiply(grad, factor, self._clipped)


def share_kept(length: float, limit: float) -> float:
    """The factor for a gradient of this length; 1 if it is not finite."""
    return limit / max(length, limit) if math.isfinite(length) else 1.0


def norm(grad: Array) -> float:
    """|g| of a flat vector; not finite only if one of its numbers is not."""
    with np.errstate(over="ignore", invalid="ignore"):
        squares = float(grad.dot(grad))
    if math.isfinite(squares) and squares > np.finfo(grad.dtype).tiny:
        return math.sqrt(squares)
    largest = float(np.abs(grad).max(initial=0.0))
    if largest == 0.0 or not math.isfinite(largest):
        return largest
    scaled = grad / grad.dtype.type(largest)
    return largest * math.sqrt(float(scaled.dot(scaled)))
