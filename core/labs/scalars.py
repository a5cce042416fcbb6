"""The core's own activations and losses for single numbers, as the labs show them."""

from __future__ import annotations

import numpy as np

from core.nn.activations import ACTIVATIONS, Array, Scratch
from core.nn.losses import LOSSES

ELEMENTWISE = {name: g for name, g in ACTIVATIONS.items() if g.elementwise}
"""The activations that can be drawn as one curve, in the table's order."""

OUTPUT = "sigmoid"  # of the neuron whose losses are shown


def outputs(name: str, z: Array) -> tuple[Array, Array]:
    """g(z) and g'(z) of numbers z (k,), by the calls that train a network."""
    g, Z = ELEMENTWISE[name], np.atleast_2d(np.asarray(z, np.float64))  # (1, k)
    A, slopes = np.empty_like(Z), np.empty_like(Z)
    scratch = Scratch(1, Z.shape[1], Z.dtype)
    g.forward(Z, A, scratch)
    g.backward(Z, A, np.ones_like(Z), slopes, scratch)
    return A[0], slopes[0]


def output(name: str, z: float) -> tuple[float, float]:
    """g(z) and g'(z) of one number."""
    A, slopes = outputs(name, np.array([z]))
    return A.item(), slopes.item()


def losses(name: str, z: Array, y: float) -> tuple[Array, Array, Array]:
    """For one example with label y: a = σ(z), its loss, and the derivative along z, (k,) each.

    If the core fuses loss and activation, dz = a - y; else dz = (a - y) g'(z).
    """
    loss, Z = LOSSES[name], np.atleast_2d(np.asarray(z, np.float64))  # (1, k)
    A, slopes = (array[np.newaxis] for array in outputs(OUTPUT, Z[0]))
    Y = np.full_like(Z, y)
    dZ = A - Y if OUTPUT in loss.fused else (A - Y) * slopes
    return A[0], loss.at(OUTPUT).each(Z, A, Y), dZ[0]
