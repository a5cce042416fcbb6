"""The layer settings of a network, the initialization of its parameters, and their limits."""

from __future__ import annotations

from itertools import pairwise

import msgspec

from core.errors import LayerwiseError
from core.limits import MAX_LAYERS as MAX_LAYERS
from core.limits import MAX_SEED as MAX_SEED
from core.limits import MAX_UNITS as MAX_UNITS
from core.nn.activations import ACTIVATIONS
from core.settings import check_all


class LayerSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One layer l = 1..L.

    Units are counted from 0. The output of `muted` units is 0 for every example; the weights and
    biases of `frozen` units are not trained.
    """

    units: int
    activation: str
    dropout: float = 0.0  # the share of a hidden layer's activations that an iteration drops
    muted: tuple[int, ...] = ()
    frozen: tuple[int, ...] = ()


class NetworkSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The layers 1..L and how their parameters start."""

    layers: tuple[LayerSettings, ...] = (
        LayerSettings(units=4, activation="tanh"),
        LayerSettings(units=1, activation="sigmoid"),
    )
    initializer: str = "normal"
    scale: float = 0.01
    seed: int = 3

    @property
    def structure(self) -> NetworkSettings:
        """The structure that parameters depend on, without everything that may change
        during a run.
        """
        usual = {"dropout": 0.0, "muted": (), "frozen": ()}
        layers = tuple(msgspec.structs.replace(layer, **usual) for layer in self.layers)
        return msgspec.structs.replace(self, layers=layers)


def check_network(network: NetworkSettings) -> None:
    """Raise LayerwiseError for the first value outside its limits."""
    if not 1 <= len(network.layers) <= MAX_LAYERS:
        raise LayerwiseError(
            f"network.layers has {len(network.layers)} layers: use 1 to {MAX_LAYERS}."
        )
    for i, layer in enumerate(network.layers):
        check_all("network.layers[]", layer, f"network.layers[{i}]")
        _check_units(f"network.layers[{i}].muted", layer.muted, layer.units)
        _check_units(f"network.layers[{i}].frozen", layer.frozen, layer.units)
        if layer.muted and (reason := why_not_muted(network, i + 1)):
            raise LayerwiseError(f"network.layers[{i}].muted must be empty: {reason}")
    if network.layers[-1].dropout:
        raise LayerwiseError(
            f"network.layers[{len(network.layers) - 1}].dropout is"
            f" {network.layers[-1].dropout:g}: the output layer drops nothing, use 0."
        )
    check_all("network", network)


def _check_units(where: str, units: tuple[int, ...], count: int) -> None:
    for unit, next_unit in pairwise((*units, count)):
        if not 0 <= unit < next_unit:
            raise LayerwiseError(
                f"{where} names unit {unit}: name each of the units 0 to {count - 1} at most once,"
                " in order."
            )


def why_not_muted(network: NetworkSettings, l: int) -> str:
    """Why no unit of layer l can be muted, as a sentence; empty if they can."""
    if l == len(network.layers):
        return "the output is what is trained, and cannot be muted."
    g = ACTIVATIONS[network.layers[l - 1].activation]
    if not g.elementwise:
        return f"the outputs of a {g.label} layer are shares of one whole, and none can be muted."
    return ""
