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

    `run` numbers it. With `keep`, the parameters of the run before are carried over where the
    structure did not change; `weights` (a flat vector) replaces the initial parameters. `own` are
    the data that `project.data.own` describes. With `state` the run continues from there instead.
    `onward` lets the run before continue with these examples, if its network is the same: its
    iterations and curves stay. `by_hand` are set before anything is computed.

    The run before is kept, for undo, under `left`, a position in the history of edits. If a run was
    kept under `back`, it is restored instead of all this. None: another project is opened, and no
    position leads to the runs of the one before.
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
    """Set parameters by hand; the run continues."""

    numbers: Adjustment


@dataclass(frozen=True, slots=True)
class Retune:
    """Continue the same run under the changed settings of this project (learning rate …)."""

    project: Project


@dataclass(frozen=True, slots=True)
class Run:
    """Train for this many iterations: 1 is Step, 0 is Pause, infinity is Play.

    Only `at_once` of them are made before the next Grant, which slows the run down.
    """

    iterations: float = math.inf
    at_once: float = math.inf


@dataclass(frozen=True, slots=True)
class Grant:
    """Allow this many of the iterations that the last Run asked for."""

    iterations: float = math.inf


@dataclass(frozen=True, slots=True)
class Look:
    """Ask for one snapshot, with the answers for the viewers."""

    asks: Asks = ()


@dataclass(frozen=True, slots=True)
class Visit:
    """Show the run after `iteration` updates, or (None) in its current state.

    Unless `exact`, the nearest earlier moment is enough: while the mouse moves over the timeline
    the iteration soon changes again, so the run is not reported as resting. Nothing is trained
    meanwhile; a message that changes or continues the run ends the visit.
    """

    iteration: int | None
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Branch:
    """Continue the run from the visited iteration, as a new run with the number `run`."""

    run: int


@dataclass(frozen=True, slots=True)
class Remake:
    """Train the run again from its start while it rests, so that its past can be visited; unless
    `wanted`, stop doing so.
    """

    wanted: bool = True


@dataclass(frozen=True, slots=True)
class Hold:
    """Stop training until the next message: the window draws, and would otherwise wait for the
    interpreter at every turn.
    """


@dataclass(frozen=True, slots=True)
class Stop:
    """Leave the loop."""


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """A frozen state of a run; every array is read-only.

    `iteration` updates have been made and `flat` are the parameters after them. `costs[i]` is the
    cost before update i, as the course prints it (NaN never occurs) or, for a run of very many
    updates, before update `cost_iterations[i]`; `test_costs` are the test costs at the iterations
    `test_iterations`. Both cover the whole run, also during a visit to an earlier iteration, and so
    do `by_hand`, the iterations at which parameters were set by hand, and `adjusted`, the number of
    such changes and their undos. `train` and `test` belong to `scored_iteration`, which lags behind
    `iteration` only while a large run trains at full speed. A slow run is `waiting` for its next
    Grant; until then it does not change, like an `idle` one. `answers` holds the answer to each ask
    of the look, or its failure; an ask without either was not measured again yet, or has no answer.
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
    drawn: bool = True  # whether the run began with the parameters drawn from its seed
    ended: tuple[EndedRun, ...] = ()  # the last runs that others took the place of, in order
    best: int | None = None  # the iteration at which the run was best, if known
    lacking: int = 0  # iterations at the start of the run that must be restored before a visit
    remade: float | None = None  # the recomputed share of these, during a Remake
    not_remade: str = ""  # why they cannot be
    failures: tuple[Failure, ...] = ()  # failures of measurements that were not asked for
    answers: Mapping[Ask[Any], object] = field(default_factory=lambda: MappingProxyType({}))

    def answer(self, ask: Ask[T]) -> T | None:
        """The measurement for an ask; None if it was not made, or there is none."""
        found: Any = self.answers.get(ask)
        return None if isinstance(found, Failure) else found

    def failure(self, ask: Ask[Any]) -> Failure | None:
        """Why an ask could not be measured, if it could not."""
        found = self.answers.get(ask)
        return found if isinstance(found, Failure) else None

    @property
    def state(self) -> RunState | None:
        """The state of the run, to be saved with `project`, if it was asked for."""
        asked = (self.answer(ask) for ask in self.answers if isinstance(ask, State))
        return next(asked, None)

    def parameters(self) -> Parameters:
        """W[l] and b[l] as read-only views of `flat`."""
        return Parameters(self.sizes, flat=self.flat)

    def gradient(self) -> Parameters | None:
        """dW[l] and db[l] of the last pass, as read-only views; zeros before the first. None during
        training unless it was asked for.
        """
        flat = self.answer(Gradient())
        return None if flat is None else Parameters(self.sizes, flat=flat)


Message = Load | Adjust | Retune | Run | Grant | Visit | Branch | Remake | Look | Hold | Stop
