"""The frozen messages between the window and the training thread, and the snapshots back."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from core.by_hand import Adjustment
from core.data.examples import Split
from core.data.own import OwnData
from core.look.ask import Ask, Asks, Failure
from core.look.state import Gradient, State
from core.nn.activations import Array
from core.nn.parameters import Parameters
from core.project import Project
from core.runs import EndedRun
from core.state import Mark, RunState
from core.training.outcomes import Halt, Score

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Load:
    """Start a new run of this project, at iteration 0.

    `run` numbers it. With `keep` the parameters of the run before are carried over where the
    structure did not change; `weights` (a flat vector) replaces the initial parameters. `own` are
    the data that `project.data.own` describes. With `state` the run goes on from there instead, as
    if it had never stopped. `onward` lets the run before go on with these examples, if its network
    is the same: its iterations and curves stay. `by_hand` are set before anything is computed.

    The run before is kept as it stands at `left`, a place in the history of edits; the one that was
    left at `back`, if it is kept still, is brought back instead of all this. None: another project
    is opened, and no place leads to the runs of the one before.
    """

    project: Project
    run: int
    keep: bool = False
    weights: Array | None = None
    own: OwnData | None = None
    state: RunState | None = None
    by_hand: Adjustment | None = None
    onward: bool = False
    left: int | None = None
    back: int | None = None


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
class Look:
    """Ask for one snapshot, with the answers to what some viewer wants to see."""

    asks: Asks = ()


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
class Remake:
    """Train the run once more from its start while it rests, so that its past can be visited; or,
    unless `wanted`, give that up.
    """

    wanted: bool = True


@dataclass(frozen=True, slots=True)
class Hold:
    """Train no further before the next message: the window draws, and would have to wait for every
    turn that it needs with the interpreter.
    """


@dataclass(frozen=True, slots=True)
class Stop:
    """Leave the loop."""


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
    is `waiting` for its next Grant: until then, like an `idle` one, it stays as it is. `answers`
    are those to the asks of the look, or why there is none; an ask without either was not measured
    again yet, or has no answer.
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
    costs: Array
    cost_iterations: NDArray[np.int64] | None
    test_iterations: NDArray[np.int64]
    test_costs: Array
    train: Score
    test: Score | None
    scored_iteration: int
    iterations_per_second: float
    waiting: bool = False
    marks: tuple[Mark, ...] = ()  # where hyperparameters were changed, of the whole run
    by_hand: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    adjusted: int = 0
    drawn: bool = True  # whether the run began with the parameters that its seed draws
    ended: tuple[EndedRun, ...] = ()  # the last runs that others took the place of, in order
    best: int | None = None  # the iteration at which the run was best, if that can be said
    lacking: int = 0  # iterations at the start of the run that cannot be visited, but be remade
    remade: float | None = None  # the share of these that is remade, while that goes on
    not_remade: str = ""  # why they cannot be
    failures: tuple[Failure, ...] = ()  # of what was looked at though nobody had asked for it
    answers: Mapping[Ask[Any], object] = field(default_factory=lambda: MappingProxyType({}))

    def answer(self, ask: Ask[T]) -> T | None:
        """What was measured for an ask; None where it was not, or there is none."""
        found: Any = self.answers.get(ask)
        return None if isinstance(found, Failure) else found

    def failure(self, ask: Ask[Any]) -> Failure | None:
        """Why an ask could not be measured, if it could not."""
        found = self.answers.get(ask)
        return found if isinstance(found, Failure) else None

    @property
    def state(self) -> RunState | None:
        """Where the run stands, to be saved with `project`, if somebody asked for it."""
        return self.answer(State())

    def parameters(self) -> Parameters:
        """W[l] and b[l] as read-only views of `flat`."""
        return Parameters(self.sizes, flat=self.flat)

    def gradient(self) -> Parameters | None:
        """dW[l] and db[l] of the last pass, as read-only views; zeros before the first. None in
        full flight where nobody asked for it.
        """
        flat = self.answer(Gradient())
        return None if flat is None else Parameters(self.sizes, flat=flat)


Message = Load | Adjust | Retune | Run | Grant | Visit | Branch | Remake | Look | Hold | Stop
