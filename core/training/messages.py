"""What crosses between the window and the training thread: frozen messages in, snapshots out."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.data.examples import Split
from core.data.own import OwnData
from core.nn.activations import Array
from core.nn.parameters import Parameters
from core.project import Project
from core.state import RunState
from core.walk.record import Record


@dataclass(frozen=True, slots=True)
class Load:
    """Start a new run of this project, at iteration 0.

    `run` numbers it. With `keep` the parameters of the run before are carried over where the
    structure did not change; `weights` (a flat vector) replaces the initial parameters. `own` are
    the data that `project.data.own` describes. With `state` the run goes on from there instead, as
    if it had never stopped.
    """

    project: Project
    run: int
    keep: bool = False
    weights: Array | None = None
    own: OwnData | None = None
    state: RunState | None = None


@dataclass(frozen=True, slots=True)
class Retune:
    """Go on with the same run under the changed settings of this project (learning rate …)."""

    project: Project


@dataclass(frozen=True, slots=True)
class Run:
    """Train for this many iterations: 1 is Step, 0 is Pause, infinity is Play."""

    iterations: float = math.inf


@dataclass(frozen=True, slots=True)
class Look:
    """Ask for one snapshot, with only what some visible panel wants.

    `boundary` is the side in points of the grid over the plane for the large picture (0: none);
    `unit` the (layer, unit) whose output that grid shows too; `maps` the units (layer, unit) whose
    thumbnails are wanted; `layer` the layer whose activations over the training examples are;
    `answers` asks for what the network says to every example; `record` for the next iteration,
    recorded without being made.
    """

    boundary: int = 0
    unit: tuple[int, int] | None = None
    maps: tuple[tuple[int, int], ...] = ()
    layer: int | None = None
    answers: bool = False
    record: bool = False
    state: bool = False

    def __or__(self, other: Look) -> Look:
        """What serves both: of two different single choices, the other's."""
        return Look(
            boundary=max(self.boundary, other.boundary),
            unit=self.unit if other.unit is None else other.unit,
            maps=tuple(dict.fromkeys(self.maps + other.maps)),
            layer=self.layer if other.layer is None else other.layer,
            answers=self.answers or other.answers,
            record=self.record or other.record,
            state=self.state or other.state,
        )


@dataclass(frozen=True, slots=True)
class Hold:
    """Train no further before the next message: the window draws, and would have to wait for every
    turn that it needs with the interpreter.
    """


@dataclass(frozen=True, slots=True)
class Stop:
    """Leave the loop."""


@dataclass(frozen=True, slots=True)
class Plane:
    """The rectangle of the input plane (raw x1, x2) that pictures show."""

    x1: tuple[float, float]
    x2: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Score:
    """Cost and share of right answers (None for regression) over one set of examples."""

    cost: float
    accuracy: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What the network says to each example of a set, A[L] (n[L], m), and the losses (m,)."""

    A: Array
    losses: Array


@dataclass(frozen=True, slots=True, eq=False)
class Answered:
    """The answers after so many iterations; `test` is None without test examples."""

    iteration: int
    train: Answers
    test: Answers | None


@dataclass(frozen=True, slots=True)
class Halt:
    """Why a run stopped by itself; `diverged` when a number was not finite."""

    sentence: str
    iteration: int
    layer: int | None = None
    diverged: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """A frozen state of a run; every array is read-only.

    `iteration` updates have been made and `flat` are the parameters after them. `costs[i]` is the
    cost before update i, as the course prints it (NaN never occurs); `test_costs` the test cost at
    the iterations `test_iterations`. `train` and `test` belong to `scored_iteration`, which lags
    behind `iteration` only while a large run is in full flight. Pictures are rows from x2's top to
    its bottom; `maps` and `unit_map` are levels 0..255 of the colour scale (0 is negative or class
    0, 255 positive), `boundary` (n[L], side, side) the predictions themselves.
    """

    run: int
    project: Project
    split: Split
    sizes: tuple[int, ...]
    iteration: int
    epoch: int
    idle: bool
    halt: Halt | None
    flat: Array
    grad: Array
    costs: Array
    test_iterations: NDArray[np.int64]
    test_costs: Array
    train: Score
    test: Score | None
    scored_iteration: int
    iterations_per_second: float
    plane: Plane | None
    boundary: Array | None = None
    unit: tuple[int, int] | None = None  # the one that unit_map shows
    unit_map: NDArray[np.uint8] | None = None
    maps: dict[tuple[int, int], NDArray[np.uint8]] = field(default_factory=dict)
    layer: int | None = None
    state: RunState | None = None  # to be saved with `project`
    activations: Array | None = None  # A[layer] (n[layer], m) over the training examples
    answered: Answered | None = None  # None too where it was asked for again too soon
    record: Record | None = None
    record_refusal: str = ""  # why there is none though it was asked for, as a sentence

    def parameters(self) -> Parameters:
        """W[l] and b[l] as read-only views of `flat`."""
        return Parameters(self.sizes, flat=self.flat)

    def gradient(self) -> Parameters:
        """dW[l] and db[l] of the last pass, as read-only views; zeros before the first."""
        return Parameters(self.sizes, flat=self.grad)


Message = Load | Retune | Run | Look | Hold | Stop
