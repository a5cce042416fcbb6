"""Small projects for the tests of core.training."""

from __future__ import annotations

from typing import Any

import numpy as np
from msgspec.structs import replace

from core.data.examples import Split, split_of_arrays
from core.project import LayerSettings, Project


def project(
    *layers: tuple[int, str], data: dict[str, Any] | None = None, **training: Any
) -> Project:
    """The default project (flower, 2-4-1) with these layers, data and training settings."""
    given = Project()
    if layers:
        built = tuple(LayerSettings(units=n, activation=name) for n, name in layers)
        given = replace(given, network=replace(given.network, layers=built, initializer="he"))
    return replace(
        given,
        data=replace(given.data, **(data or {})),
        training=replace(given.training, **training),
    )


def dropping(given: Project, *shares: float) -> Project:
    """The same project with these shares dropped in its first layers."""
    layers = list(given.network.layers)
    for i, share in enumerate(shares):
        layers[i] = replace(layers[i], dropout=share)
    return replace(given, network=replace(given.network, layers=tuple(layers)))


def wide(n: int = 600, m: int = 40, dtype: Any = "float64") -> Split:
    """Examples with many more inputs than there are of them, as the course's cat pictures have."""
    rng = np.random.RandomState(0)
    return split_of_arrays(rng.rand(n, m), (rng.rand(1, m) > 0.4) * 1.0, dtype=dtype)


def tune(given: Project, **training: Any) -> Project:
    """The same project with other training settings."""
    return replace(given, training=replace(given.training, **training))
