"""Bugs to plant in a gradient, for the gradient check to find; the run itself is unaffected."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from core.errors import LayerwiseError
from core.nn.activations import ACTIVATIONS, Array
from core.nn.cache import Cache
from core.nn.gradient_check import Backward
from core.nn.network import Network
from core.nn.parameters import Parameters


@dataclass(frozen=True, slots=True)
class Bug:
    """One common mistake.

    `plant(network)` returns a backward pass that runs the network's own and then spoils the
    gradient or, for a wrong g', the network's own with another g' in one layer. `where` says what
    is wrong in this network, or why the bug does not apply to it; `fits` tells which.
    """

    name: str
    label: str
    description: str
    where: Callable[[Network], str]
    fits: Callable[[Network], bool]
    plant: Callable[[Network], Backward]


def planted(name: str, network: Network) -> Backward:
    """A backward pass for `gradient_check` with that bug in it.

    Raises LayerwiseError if the bug would change nothing in a network of these sizes.
    """
    bug = BUGS[name]
    if not bug.fits(network):
        raise LayerwiseError(bug.where(network))
    return bug.plant(network)


Spoil = Callable[[Cache, Parameters], None]


def _after(network: Network, spoil: Spoil) -> Backward:
    def backward(p: Parameters, Y: Array, cache: Cache, grad: Parameters) -> None:
        network.backward(p, Y, cache, grad)
        spoil(cache, grad)

    return backward


def _forget_m(network: Network) -> Backward:
    def spoil(cache: Cache, grad: Parameters) -> None:
        grad.flat[...] *= cache.m

    return _after(network, spoil)


def _double(network: Network) -> Backward:
    def spoil(cache: Cache, grad: Parameters) -> None:
        grad.W[network.L][...] *= 2

    return _after(network, spoil)


def _transposed_layer(network: Network) -> int:
    """The last layer whose dW a transposition changes, preferably a square one; 0 without any."""
    wide = [l for l in range(1, network.L + 1) if min(network.sizes[l - 1 : l + 1]) > 1]
    square = [l for l in wide if network.sizes[l] == network.sizes[l - 1]]
    return max(square or wide, default=0)


def _longest_row(network: Network) -> int:
    """The last layer with more than one weight; 0 without any."""
    n = network.sizes
    return max((l for l in range(1, network.L + 1) if n[l] * n[l - 1] > 1), default=0)


def _transpose(network: Network) -> Backward:
    mixed, row = _transposed_layer(network), _longest_row(network)

    def spoil(cache: Cache, grad: Parameters) -> None:
        if mixed:
            dW = grad.W[mixed]
            dW[...] = dW.T.reshape(dW.shape)
        else:
            grad.W[row][...] = grad.W[row][::-1, ::-1].copy()

    return _after(network, spoil)


def _where_transposed(network: Network) -> str:
    l, row, n = _transposed_layer(network), _longest_row(network), network.sizes
    if not row:
        return "Every layer has a single weight, which is its own transpose: add a unit."
    if not l:
        return (
            f"A row or column holds the same numbers transposed: the numbers of dW[{row}] stand in"
            " reverse order instead."
        )
    if n[l] == n[l - 1]:
        return f"dW[{l}] is transposed; it is square, so no shape gives that away."
    return (
        f"dW[{l}] is transposed, and its numbers are poured back into {n[l]} × {n[l - 1]}, so that"
        " the shapes agree."
    )


def _slope_layer(network: Network) -> int:
    """The last layer whose g' is used; L if none is."""
    return network.L - 1 if network.fused and network.L > 1 else network.L


def _wrong_slope(network: Network) -> Backward:
    l, g = _slope_layer(network), network.activations[_slope_layer(network)]
    if l == network.L and network.fused:
        return _after(network, lambda cache, grad: _slope_twice(cache, grad, l))
    names = [layer.name for layer in network.activations.values()]
    faulty = Network(network.sizes, names, network.loss.name, network.muted)
    faulty.activations[l] = replace(g, backward_calls=ACTIVATIONS[g.mistaken_for].backward_calls)
    return faulty.backward


def _slope_twice(cache: Cache, grad: Parameters, l: int) -> None:
    dZ = cache.dZ[l] * cache.A[l] * (1.0 - cache.A[l])
    grad.Wb[l][...] = dZ.dot(cache.A1[l - 1].T) / cache.m


def _where_slope(network: Network) -> str:
    l = _slope_layer(network)
    g = network.activations[l]
    if l == network.L and network.fused:
        return (
            f"dZ[{l}] = A[{l}] - Y is multiplied by a (1 - a) though nothing is left to multiply."
        )
    other = ACTIVATIONS[g.mistaken_for]
    slope = other.derivative.replace(r"\,", " ").replace("^2", "²")
    feel = "this layer gets" if l == 1 else "this layer and those before it get"
    return (
        f"Layer {l} is {g.label}, and g′ is replaced by {slope}, the slope of {other.label}:"
        f" {feel} wrong gradients."
    )


def _wrong_axis(network: Network) -> Backward:
    l = network.L

    def spoil(cache: Cache, grad: Parameters) -> None:
        over_units = cache.dZ[l].sum(axis=0) / cache.m  # (m,) instead of (n[l],)
        grad.b[l][:, 0] = np.resize(over_units, network.sizes[l])

    return _after(network, spoil)


def _always(network: Network) -> bool:
    return True


BUGS: dict[str, Bug] = {
    bug.name: bug
    for bug in (
        Bug(
            "forget_m",
            "1/m forgotten",
            "The gradients are summed over the examples and never divided by how many there are.",
            lambda network: "Every dW and db is m times too large.",
            _always,
            _forget_m,
        ),
        Bug(
            "wrong_slope",
            "Wrong g′ in a layer",
            "The backward pass uses the slope of another activation than the forward pass.",
            _where_slope,
            _always,
            _wrong_slope,
        ),
        Bug(
            "transpose",
            "A transpose in the wrong place",
            "Rows and columns of a weight gradient are exchanged.",
            _where_transposed,
            lambda network: _longest_row(network) > 0,
            _transpose,
        ),
        Bug(
            "double",
            "dW doubled",
            "The weight gradient of the last layer has a factor 2 that does not belong there.",
            lambda network: f"dW[{network.L}] is twice what it should be.",
            _always,
            _double,
        ),
        Bug(
            "wrong_axis",
            "db summed over the wrong axis",
            "dZ is summed over the units instead of over the examples.",
            lambda network: (
                f"db[{network.L}] holds sums over the units of the first examples: np.sum with"
                " axis=0 instead of axis=1."
            ),
            _always,
            _wrong_axis,
        ),
    )
}
