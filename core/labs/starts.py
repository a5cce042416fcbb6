"""One network with several initializations, compared before training and after a while."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core import edits
from core.data.examples import Split
from core.data.own import OwnData
from core.layers import LayerSettings
from core.nn.activations import ACTIVATIONS, Array
from core.nn.parameters import Parameters
from core.project import Project
from core.rounding import rounding
from core.training.doctor import twins
from core.training.session import Session
from core.training.signs import signs_of
from core.walk.record import Record, check_size

DEEP_LAYERS, DEEP_UNITS = 8, 16
ITERATIONS = 1000
HALF = 0.5


@dataclass(frozen=True, slots=True)
class Start:
    """How the weights begin: a rule of INITIALIZERS with its scale, or all of them `constant`."""

    name: str
    label: str
    initializer: str = "normal"
    scale: float = 0.01
    constant: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Begun:
    """The state of a start before its first update.

    `saturated` is the share of the hidden layers' outputs where their activation is flat, None if
    no hidden activation is ever flat; `largest_dW` is the largest |dW[1]|. `z` and `dA` are
    spreads, by layer: the standard deviation over the examples, averaged over the units; `dA` for
    layers 1..L-1. `twins` are groups of units (layer, units from 0).
    """

    start: Start
    cost: float
    saturated: float | None
    largest_dW: float
    z: tuple[float, ...]
    dA: tuple[float, ...]
    twins: tuple[tuple[int, tuple[int, ...]], ...]


def six() -> tuple[Start, ...]:
    """The six starts of the lab."""
    return (
        Start("zeros", "Zeros", "zeros"),
        Start("half", "All ½", constant=HALF),
        scaled(0.01),
        scaled(1.0),
        Start("xavier", "Xavier", "xavier"),
        Start("he", "He", "he"),
    )


def scaled(scale: float) -> Start:
    """Random numbers times a scale."""
    return Start(f"scale_{scale:g}", f"× {scale:g}", "normal", scale)


def deep(project: Project, activation: str) -> Project:
    """The same data and output after 8 hidden layers of 16 units with this activation."""
    hidden = LayerSettings(units=DEEP_UNITS, activation=activation)
    layers = (*(hidden,) * DEEP_LAYERS, project.network.layers[-1])
    return edits.with_network(project, layers=layers)


def begun_with(project: Project, start: Start) -> Project:
    """The project with that start, from its own weight seed."""
    if start.constant is not None:
        return project
    return edits.with_network(project, initializer=start.initializer, scale=start.scale)


def session_of(
    project: Project,
    start: Start,
    split: Split | None = None,
    own: OwnData | None = None,
    between: Callable[[], None] = lambda: None,
) -> Session:
    """A run of the project with this initialization; `split` are its examples, if already drawn.

    Raises LayerwiseError for a project that cannot be trained at all.
    """
    weights = None
    if start.constant is not None:
        p = Parameters(project.sizes(project.data.inputs), np.dtype(project.training.dtype))
        for W in p.W.values():
            W[...] = start.constant
        weights = p.flat
    begun = begun_with(project, start)
    return Session(begun, split, weights, between=between, own=own)


def measured(session: Session, start: Start) -> Begun:
    """Measurements of the first iteration of a run, from its record.

    Raises LayerwiseError if that would take too much memory.
    """
    sizes, X = session.network.sizes, session.split.train.X
    check_size(sizes, X.shape[1], X.dtype.itemsize)
    record = session.record()
    signs = signs_of(session, session)
    return Begun(
        start,
        float(record.J),
        _saturated(record),
        float(np.abs(record.grad.W[1]).max()),
        tuple(_spread(record.Z[l]) for l in range(1, record.L + 1)),
        tuple(_spread(record.dA[l]) for l in range(1, record.L)),
        tuple((found.layer or 0, found.units) for found in twins(signs)),
    )


def _saturated(record: Record) -> float | None:
    """The share of the hidden outputs where the slope is (nearly) 0."""
    counted = outputs = 0
    for l in range(1, record.L):
        if flat := ACTIVATIONS[record.activations[l - 1]].saturated:
            A = record.before_dropout(l)
            counted += int(np.count_nonzero(flat(A)))
            outputs += A.size
    return counted / outputs if outputs else None


def _spread(values: Array) -> float:
    """The standard deviation over the examples, averaged over the units; 0 if it is
    only rounding.
    """
    exact = np.asarray(values, np.float64)
    largest = float(np.abs(exact).max())
    if largest == 0 or not math.isfinite(largest):
        return largest
    exact = exact / largest  # squares of large numbers are infinite
    each = exact.std(axis=1)
    floors = rounding(1.0, values.dtype) * np.abs(exact).max(axis=1)
    return float(np.where(each > floors, each, 0.0).mean()) * largest
