"""What crosses between the window and the training thread: frozen messages in, snapshots out."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.by_hand import Adjustment, Place
from core.data.examples import Split
from core.data.own import OwnData
from core.nn.activations import Array
from core.nn.parameters import Parameters
from core.project import Project
from core.runs import EndedRun
from core.span import span
from core.state import Mark, RunState
from core.training.finding import Finding
from core.training.frames import Frame
from core.training.landscape import Landscape, Survey
from core.training.space import HiddenSpace, Viewpoint
from core.training.trace import Trace
from core.walk.record import Record


@dataclass(frozen=True, slots=True)
class Load:
    """Start a new run of this project, at iteration 0.

    `run` numbers it. With `keep` the parameters of the run before are carried over where the
    structure did not change; `weights` (a flat vector) replaces the initial parameters. `own` are
    the data that `project.data.own` describes. With `state` the run goes on from there instead, as
    if it had never stopped. `onward` lets the run before go on with these examples, if its network
    is the same: its iterations and curves stay. `by_hand` are set before anything is computed.
    """

    project: Project
    run: int
    keep: bool = False
    weights: Array | None = None
    own: OwnData | None = None
    state: RunState | None = None
    by_hand: Adjustment | None = None
    onward: bool = False


@dataclass(frozen=True, slots=True)
class Adjust:
    """Set parameters by hand; the run goes on."""

    numbers: Adjustment


@dataclass(frozen=True, slots=True)
class Retune:
    """Go on with the same run under the changed settings of this project (learning rate …)."""

    project: Project


@dataclass(frozen=True, slots=True)
class Run:
    """Train for this many iterations: 1 is Step, 0 is Pause, infinity is Play.

    Only `at_once` of them are made before the next Grant: so a run is slowed down.
    """

    iterations: float = math.inf
    at_once: float = math.inf


@dataclass(frozen=True, slots=True)
class Grant:
    """Of what the last Run asked for, make up to this many iterations from now on."""

    iterations: float = math.inf


@dataclass(frozen=True, slots=True)
class Line:
    """Which parameter is to be varied, and from where to where."""

    place: Place
    low: float
    high: float


@dataclass(frozen=True, slots=True, eq=False)
class CostLine:
    """The training cost J, regularization included, for some values of one parameter.

    `costs[i]` is that at `values[i]`, which go evenly from one end of `line` to the other; both
    read-only. A cost may be infinite or NaN.
    """

    line: Line
    values: Array
    costs: Array


@dataclass(frozen=True, slots=True)
class Look:
    """Ask for one snapshot, with only what some visible panel wants.

    `boundary` is the side in points of the grid over the plane for the large picture (0: none);
    `unit` the (layer, unit) whose output that grid shows too; `maps` the units (layer, unit) whose
    thumbnails are wanted; `gradient` asks, while the run goes on, for that of the last pass;
    `layer` names the layer whose activations over the training examples are wanted;
    `answers` asks for what the network says to every example; `frames` for how its numbers were
    distributed in the course of the run; `record` for the next iteration, recorded without being
    made; `findings` for what the doctor sees; `line` for the cost along one parameter, `survey` for
    that over two; `hidden` for the examples as a layer sees them; `pins` the units (layer, unit)
    whose outputs over the plane are wanted as they are, not as levels, or, with `pins_z`, what goes
    into their activations; `trace` for what a parameter was in the course of the run. `cut` names
    the two inputs whose plane pictures are over, where an example has more than two; None: the
    usual two.
    """

    boundary: int = 0
    unit: tuple[int, int] | None = None
    maps: tuple[tuple[int, int], ...] = ()
    gradient: bool = False
    layer: int | None = None
    answers: bool = False
    frames: bool = False
    record: bool = False
    findings: bool = False
    survey: Survey | None = None
    trace: Place | None = None
    state: bool = False
    cut: tuple[int, int] | None = None
    line: Line | None = None
    pins: tuple[tuple[int, int], ...] = ()
    pins_z: bool = False
    hidden: Viewpoint | None = None

    def __or__(self, other: Look) -> Look:
        """What serves both: of two different single choices, the other's."""
        return Look(
            boundary=max(self.boundary, other.boundary),
            unit=self.unit if other.unit is None else other.unit,
            maps=tuple(dict.fromkeys(self.maps + other.maps)),
            gradient=self.gradient or other.gradient,
            layer=self.layer if other.layer is None else other.layer,
            answers=self.answers or other.answers,
            frames=self.frames or other.frames,
            record=self.record or other.record,
            findings=self.findings or other.findings,
            survey=self.survey if other.survey is None else other.survey,
            trace=self.trace if other.trace is None else other.trace,
            state=self.state or other.state,
            cut=self.cut if other.cut is None else other.cut,
            line=self.line if other.line is None else other.line,
            pins=tuple(dict.fromkeys(self.pins + other.pins)),
            pins_z=self.pins_z or other.pins_z,
            hidden=self.hidden if other.hidden is None else other.hidden,
        )


@dataclass(frozen=True, slots=True)
class Visit:
    """Show the run as it was after `iteration` updates, or (None) as it is now.

    Unless `exact`, the last moment kept before will do: what a hand looks for while it moves over
    the past is soon another one, so that the run is not said to rest. Nothing
    is trained meanwhile; what changes the run, or lets it go on, ends the visit.
    """

    iteration: int | None
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Branch:
    """Let the run go on from the iteration that is visited: a new run, numbered `run`."""

    run: int


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
    """The rectangle of the input plane that pictures show, in the data's own units.

    Where an example is a point (x1, x2) it is that point's plane, and `cut` None. Where it has more
    inputs, the plane is cut through their mean: `cut` names the two rows of X that span it, all
    others are held at their mean over the training examples. Where it has one input, that is x1 and
    `cut` names it alone; x2 is then the label, along which pictures do not vary.
    """

    x1: tuple[float, float]
    x2: tuple[float, float]
    cut: tuple[int, int] | tuple[int] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "x1", span(*self.x1))
        object.__setattr__(self, "x2", span(*self.x2))

    @property
    def is_line(self) -> bool:
        """Whether an example has one input, so that x2 is its label."""
        return self.cut is not None and len(self.cut) == 1


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
    cost before update i, as the course prints it (NaN never occurs), or, of a run of very many
    updates, before update `cost_iterations[i]`; `test_costs` the test cost at the iterations
    `test_iterations`; both are of the whole run, also while an earlier iteration is
    visited, and so are `by_hand`, the iterations after which parameters were set by hand, and
    `adjusted`, how often that was done or undone. `train` and `test` belong to `scored_iteration`,
    which lags behind `iteration` only while a large run is in full flight. A run that plays slowly
    is `waiting` for its next Grant: until then, like an `idle` one, it stays as it is. Pictures are
    rows from x2's top to its bottom; `maps` and `unit_map` are levels 0..255 of the colour scale (0
    is negative or class 0, 255 positive), `boundary` (n[L], side, side) the predictions themselves.
    """

    run: int
    project: Project
    split: Split
    sizes: tuple[int, ...]
    iteration: int
    newest: int  # of the run: greater than `iteration` while an earlier one is visited
    earliest: int | None  # that can be visited
    epoch: int
    idle: bool
    halt: Halt | None
    flat: Array
    grad: Array | None  # in full flight only if asked for
    costs: Array
    cost_iterations: NDArray[np.int64] | None
    test_iterations: NDArray[np.int64]
    test_costs: Array
    train: Score
    test: Score | None
    scored_iteration: int
    iterations_per_second: float
    plane: Plane
    waiting: bool = False
    boundary: Array | None = None
    unit: tuple[int, int] | None = None  # the one that unit_map shows
    unit_map: NDArray[np.uint8] | None = None
    unit_ends: tuple[float, float] = (0.0, 1.0)  # what the levels 0 and 255 of unit_map stand for
    maps: dict[tuple[int, int], NDArray[np.uint8]] = field(default_factory=dict)
    layer: int | None = None
    state: RunState | None = None  # to be saved with `project`
    activations: Array | None = None  # A[layer] (n[layer], m) over the training examples
    answered: Answered | None = None  # None too where it was asked for again too soon
    frames: tuple[Frame, ...] = ()
    record: Record | None = None
    marks: tuple[Mark, ...] = ()  # where hyperparameters were changed, of the whole run
    by_hand: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    adjusted: int = 0
    findings: tuple[Finding, ...] | None = None  # None: not asked for, or not looked at again yet
    pins: dict[tuple[int, int], Array] = field(default_factory=dict)  # (side, side) each
    pins_z: bool = False  # whether these are Z and not A
    along: CostLine | None = None  # None too where it was asked for again too soon
    landscape: Landscape | None = None
    trace: Trace | None = None  # of the whole run, too; None: there is no such parameter
    drawn: bool = True  # whether the run began with the parameters that its seed draws
    ended: tuple[EndedRun, ...] = ()  # the last runs that others took the place of, in order
    hidden: HiddenSpace | None = None  # None too where it was asked for again too soon
    best: int | None = None  # the iteration at which the run was best, if that can be said
    record_refusal: str = ""  # why there is none though it was asked for, as a sentence

    def parameters(self) -> Parameters:
        """W[l] and b[l] as read-only views of `flat`."""
        return Parameters(self.sizes, flat=self.flat)

    def gradient(self) -> Parameters | None:
        """dW[l] and db[l] of the last pass, as read-only views; zeros before the first. None in
        full flight where nobody asked for it.
        """
        return None if self.grad is None else Parameters(self.sizes, flat=self.grad)


Message = Load | Adjust | Retune | Run | Grant | Visit | Branch | Look | Hold | Stop
