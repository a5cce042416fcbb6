"""Random edits of the document, also during training: extreme numbers, structure."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from benchmarks.safety.material import LIMITS
from core import edits
from core.by_hand import BIAS, Place, number
from core.data.datasets import DATASETS
from core.data.features import FEATURES
from core.nn.activations import ACTIVATIONS
from core.nn.decay import DECAYS
from core.nn.initializers import INITIALIZERS
from core.nn.losses import LOSSES
from core.nn.optimizers import OPTIMIZERS
from core.project import Project

MOST_EXAMPLES, MOST_UNITS, MOST_LAYERS = 3000, 40, 6  # a walk is to be fast

Change = Callable[[Project, random.Random], Project]


def _numbers(field: str, with_: Callable[..., Project], *usual: float) -> Change:
    def make(project: Project, rng: random.Random) -> Project:
        return with_(project, **{field: rng.choice((*usual * 3, *LIMITS, 0.0, -1.0))})

    return make


def _choice(field: str, with_: Callable[..., Project], table: Any) -> Change:
    def make(project: Project, rng: random.Random) -> Project:
        return with_(project, **{field: rng.choice(list(table))})

    return make


def _layer(project: Project, rng: random.Random) -> int:
    return rng.randint(1, len(project.network.layers))


def _insert(project: Project, rng: random.Random) -> Project:
    if len(project.network.layers) >= MOST_LAYERS:
        return edits.remove_layer(project, 1)
    return edits.insert_layer(project, _layer(project, rng))


def _units(project: Project, rng: random.Random) -> Project:
    return edits.set_units(project, _layer(project, rng), rng.randint(1, MOST_UNITS))


def _activation(project: Project, rng: random.Random) -> Project:
    return edits.set_activation(project, _layer(project, rng), rng.choice(list(ACTIVATIONS)))


def _dropout(project: Project, rng: random.Random) -> Project:
    return edits.set_dropout(project, _layer(project, rng), rng.choice((0.0, 0.5, 0.99, 1e-12)))


def _unit(do: Callable[..., Project]) -> Change:
    def make(project: Project, rng: random.Random) -> Project:
        l = _layer(project, rng)
        return do(project, l, rng.randrange(project.network.layers[l - 1].units))

    return make


CHANGES: dict[str, Change] = {
    "rate": _numbers("learning_rate", edits.with_training, 0.01, 1.2, 30.0, 1000.0),
    "l1": _numbers("l1", edits.with_training, 0.0, 0.1),
    "l2": _numbers("l2", edits.with_training, 0.0, 1.0),
    "decay rate": _numbers("rate", edits.with_decay, 0.5, 1.0),
    "decay": _choice("form", edits.with_decay, DECAYS),
    "cost to stop at": _numbers("cost", edits.with_stop, 0.1),
    "seconds": _numbers("seconds", edits.with_stop, 1.0),
    "patience": lambda p, r: edits.with_stop(p, patience=r.choice((0, 1, 50, 10**9))),
    "iterations": lambda p, r: edits.with_training(p, iterations=r.choice((0, 1, 500, 10**9))),
    "batch": lambda p, r: edits.with_training(p, batch_size=r.choice((None, 1, 7, 64, 10**6))),
    "precision": _choice("dtype", edits.with_training, ("float64", "float32")),
    "optimizer": _choice("optimizer", edits.with_training, OPTIMIZERS),
    "loss": lambda p, r: edits.set_loss(p, r.choice(list(LOSSES))),
    "rule": _choice("initializer", edits.with_network, INITIALIZERS),
    "scale": _numbers("scale", edits.with_network, 0.01, 1.0, 10.0),
    "seed": lambda p, r: edits.with_network(p, seed=r.choice((0, 1, 2**32 - 1))),
    "source": lambda p, r: edits.choose_source(p, r.choice(list(DATASETS))),
    "noise": _numbers("noise", edits.with_data, 0.1, 0.3),
    "examples": lambda p, r: edits.with_data(p, examples=r.choice((1, 2, 5, 400, MOST_EXAMPLES))),
    "test split": lambda p, r: edits.with_data(p, test_share=r.choice((0.0, 0.2, 0.9, 1e-9))),
    "standardize": lambda p, r: edits.with_data(p, normalize=r.random() < 0.5),
    "feature": lambda p, r: edits.switch_feature(p, r.choice(list(FEATURES))),
    "data seed": lambda p, r: edits.with_data(p, seed=r.choice((0, 1, 2**32 - 1))),
    "layer": _insert,
    "units": _units,
    "activation": _activation,
    "dropout": _dropout,
    "mute": _unit(edits.mute_unit),
    "freeze": _unit(edits.freeze_unit),
    "clone": _unit(edits.clone_unit),
    "move layer": lambda p, r: edits.move_layer(p, _layer(p, r), _layer(p, r)),
    "remove layer": lambda p, r: edits.remove_layer(p, _layer(p, r)),
    "a number": lambda p, _: p,  # by hand: the project stays
}


def change(window: Any, name: str, rng: random.Random) -> None:
    """Make one edit; raises LayerwiseError where it is refused."""
    document = window.document
    if name == "a number":
        _set_a_number(window, rng)
        return
    document.edit(name.capitalize(), CHANGES[name](document.project, rng))


def _set_a_number(window: Any, rng: random.Random) -> None:
    latest = window.training.latest
    if latest is None or latest.project != window.document.project:
        return
    parameters, l = latest.parameters(), rng.randint(1, len(latest.sizes) - 1)
    row, column = rng.randrange(latest.sizes[l]), rng.randrange(-1, latest.sizes[l - 1])
    place = Place(l, row, column if column >= 0 else BIAS)
    was = float(parameters.Wb[l][row, place.column])
    value = rng.choice((0.0, 1.0, -2.5, 1e9, -1e9, 5e-324, 1e300))
    window.document.set_by_hand("A number", number(place, was), number(place, value))
