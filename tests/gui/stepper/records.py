"""Real records for the tests of the stepper's parts, each of a short run."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec

from core.project import LayerSettings, Project
from core.training.session import Session
from core.walk.record import Record

FLOWER = ((4, "tanh"), (3, "tanh"), (1, "sigmoid"))


@cache
def record(
    layers: tuple[tuple[int, str], ...] = FLOWER,
    iterations: int = 20,
    examples: int = 400,
    source: str = "flower",
    batch_size: int | None = None,
    l2: float = 0.0,
) -> Record:
    """The iteration after so many of a network on that data; made once."""
    return _session(layers, iterations, examples, source, batch_size, l2).record()


def _session(
    layers: Any, iterations: int, examples: int, source: str, batch_size: int | None, l2: float
) -> Session:
    start, replace = Project(), msgspec.structs.replace
    settings = tuple(LayerSettings(units=n, activation=g) for n, g in layers)
    project = replace(
        start,
        data=replace(start.data, examples=examples, source=source),
        network=replace(start.network, layers=settings, initializer="xavier"),
        training=replace(start.training, batch_size=batch_size, l2=l2, learning_rate=0.1),
    )
    session = Session(project)
    session.allow(iterations)
    while session.iteration < iterations:
        session.step()
    return session
