"""Hand-made snapshots, and a training that does not run, for panels."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
from PySide6.QtCore import QObject, Signal

from core.data.examples import Examples, make_split, split_of_arrays
from core.look.activations import Activations
from core.look.ask import Ask
from core.look.boundary import Boundary, Field
from core.look.pictures import Pictures
from core.look.plane import plane_of
from core.look.predictions import Predictions
from core.look.state import Gradient
from core.look.units import UnitField, UnitMap
from core.nn.cache import Cache
from core.nn.initializers import initialize
from core.nn.network import Network
from core.nn.parameters import Parameters
from core.project import LayerSettings, NetworkSettings, Project
from core.training.messages import Snapshot
from core.training.outcomes import Answered, Answers, Score


class StillTraining(QObject):
    """What a panel needs of a Training; snapshots are shown by the test itself."""

    arrived = Signal(object)
    playing_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.latest: Snapshot | None = None
        self.visited: list[int] = []
        self.playing = False
        self.refreshed = 0

    @property
    def standing(self) -> Snapshot | None:
        return self.latest

    def add_viewer(self, viewer: Any) -> None:
        """No question is asked."""

    def visit(self, iteration: int) -> None:
        self.visited.append(iteration)

    def branch(self) -> None:
        """No run of a test continues."""

    def remake(self, wanted: bool = True) -> None:
        """No past is made."""

    def refresh(self) -> None:
        self.refreshed += 1


def still_training() -> Any:
    """A training for panels, by no more than what they use of it."""
    return StillTraining()


def project(*layers: tuple[int, str], loss: str = "cross_entropy", **data: Any) -> Project:
    settings = tuple(LayerSettings(units=n, activation=g) for n, g in layers)
    start = Project()
    return msgspec.structs.replace(
        start,
        network=NetworkSettings(layers=settings, initializer="xavier"),
        data=msgspec.structs.replace(start.data, **data),
        training=msgspec.structs.replace(start.training, loss=loss),
    )


FLOWER = project((4, "tanh"), (1, "sigmoid"), test_share=0.2)


def snapshot(
    of: Project = FLOWER,
    split: Any = None,
    *,
    side: int = 50,
    layer: int = 1,
    cut: Any = None,
    unit: Any = None,
) -> Any:
    """The state before the first iteration and 100 falling costs, with answers for panels."""
    data = of.data
    if split is None:
        split = make_split(data.source, data.examples, data.noise, data.seed, data.test_share)
    sizes = of.sizes(split.train.X.shape[0])
    network = Network(sizes, of.activations, of.training.loss)
    p = Parameters(sizes)
    initialize(p, "xavier", 1.0, np.random.RandomState(3))
    cache = Cache(sizes, split.train.m)
    network.forward(p, split.train.X, cache)
    costs = 0.2 + 0.5 * np.exp(-np.arange(100) / 20)
    shown = Snapshot(
        run=1,
        project=of,
        split=split,
        sizes=sizes,
        iteration=100,
        newest=100,
        earliest=0,
        epoch=100,
        idle=True,
        halt=None,
        flat=p.flat,
        costs=costs,
        cost_iterations=None,
        test_iterations=np.arange(0, 100, 20),
        test_costs=costs[::20] + 0.05,
        train=Score(0.2, 0.9),
        test=Score(0.25, 0.8),
        scored_iteration=100,
        iterations_per_second=1000.0,
    )
    shown = answering(shown, Gradient(), np.zeros_like(p.flat))
    shown = answering(shown, Activations(layer), cache.A[layer].copy())
    return _with_plane(shown, network, side, cut, unit)


def answering(shown: Snapshot, ask: Ask[Any], answer: object) -> Any:
    """The snapshot with this answer too; None takes it away."""
    found = {**shown.answers, ask: answer}
    return replace(shown, answers={of: said for of, said in found.items() if said is not None})


def field_of(shown: Snapshot, cut: Any = None) -> Any:
    """The predictions over the plane that a snapshot carries."""
    return shown.answer(Boundary(cut))


def with_field(shown: Snapshot, values: Any, cut: Any = None) -> Any:
    """The snapshot with other predictions over the plane."""
    return answering(shown, Boundary(cut), Field(plane_of(shown.split, cut), values))


def _with_plane(shown: Snapshot, network: Network, side: int, cut: Any, unit: Any) -> Any:
    p, plane = shown.parameters(), plane_of(shown.split, cut)
    pictures = Pictures(network, shown.split, plane, lambda: None)
    outputs = [(network.L, i) for i in range(network.sizes[-1])]
    values = np.stack(list(pictures.values(p, side, outputs).values()))
    shown = answering(shown, Boundary(cut), Field(plane, values))
    if unit is None:
        return shown
    z = pictures.values(p, side, [unit])[unit]
    seen = UnitField(plane, pictures.as_levels(unit[0], z), pictures.ends(unit[0], z))
    return answering(shown, UnitMap(unit[0], unit[1], cut), seen)


def answers(network: Network, p: Parameters, examples: Examples) -> Answers:
    """What the network says to these examples."""
    cache = Cache(network.sizes, examples.m)
    A = network.forward(p, examples.X, cache).copy()
    return Answers(A, network.losses(examples.Y, cache))


def with_answers(of: Project = FLOWER, split: Any = None) -> Any:
    """A snapshot with the answers to all examples."""
    shown = snapshot(of, split=split)
    network, p = Network(shown.sizes, of.activations, of.training.loss), shown.parameters()
    test = None if shown.split.test is None else answers(network, p, shown.split.test)
    train = answers(network, p, shown.split.train)
    return answering(shown, Predictions(), Answered(shown.iteration, train, test))


def blobs(classes: int) -> Any:
    """A split of as many Gaussian blobs around a circle, one-hot."""
    rng = np.random.RandomState(0)
    numbers = np.repeat(np.arange(classes), 30)
    angle = 2 * np.pi * numbers / classes
    X = 3 * np.stack([np.cos(angle), np.sin(angle)]) + 0.4 * rng.randn(2, len(numbers))
    return split_of_arrays(X, np.eye(classes)[numbers].T)


def rows_of(n: int) -> Any:
    """A split of n inputs."""
    rng = np.random.RandomState(0)
    return split_of_arrays(rng.randn(n, 40), (rng.rand(1, 40) > 0.5).astype(float))


def line() -> Any:
    """A regression split on the plane."""
    X = np.random.RandomState(0).randn(2, 50)
    return split_of_arrays(X, X[:1] - 2 * X[1:] + 0.1, kind="regression")
