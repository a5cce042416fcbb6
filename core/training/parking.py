"""Keeps runs that an edit replaced, so that undo can restore one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from core.data.own import OwnData
from core.look.frames import Frame
from core.nn.activations import Array
from core.project import Project
from core.runs import BUDGET
from core.state import RunState
from core.training.outcomes import Halt
from core.training.session import Session
from core.training.timeline import Timeline


@dataclass(frozen=True, slots=True, eq=False)
class ParkedRun:
    """The state of a run, with its past and its recorded frames; `past` is None if it was too
    large.
    """

    project: Project
    start: Array | None
    state: RunState
    past: Timeline | None
    frames: tuple[Frame, ...]
    halt: Halt | None

    @property
    def bytes(self) -> int:
        """The size of its arrays."""
        state = self.state
        arrays = [state.flat, state.grad, state.costs, state.test_costs, state.test_iterations]
        arrays += state.memory.values()
        if state.cost_iterations is not None:
            arrays.append(state.cost_iterations)
        return sum(array.nbytes for array in arrays) + (0 if self.past is None else self.past.bytes)

    def session(self, run: int, own: OwnData | None, between: Callable[[], None]) -> Session:
        """The run with another number, in the exact state in which it was left."""
        past = Timeline() if self.past is None else self.past
        session = Session(
            self.project,
            weights=self.start,
            run=run,
            between=between,
            own=own,
            state=self.state,
            past=past,
        )
        session.halt = self.halt
        return session


class Parking:
    """Runs by their position in the history of edits, within a budget of bytes.

    If there is no room, the oldest runs lose first their pasts, then themselves.
    """

    def __init__(self, budget: int = BUDGET) -> None:
        self._budget = budget
        self._parked: dict[int, ParkedRun] = {}  # the oldest first

    def park(self, place: int, session: Session, frames: Iterable[Frame]) -> None:
        """Keep a run in its current state; replaces another one at this position."""
        self._parked.pop(place, None)
        if not session.iteration and not len(session.by_hand.iterations):
            return  # it begins again from its project
        self._parked[place] = ParkedRun(
            session.project,
            session.start,
            session.state(),
            session.past,
            tuple(frames),
            session.halt,
        )
        self._make_room()

    def take(self, place: int, project: Project) -> ParkedRun | None:
        """The run kept for this position, if there is one and it belongs to this project."""
        found = self._parked.pop(place, None)
        return found if found is not None and found.project == project else None

    def clear(self) -> None:
        """Drop all, because another project is opened."""
        self._parked.clear()

    def _make_room(self) -> None:
        sizes = {place: parked.bytes for place, parked in self._parked.items()}
        for strip in (True, False):
            for place in list(self._parked):
                if sum(sizes.values()) <= self._budget:
                    return
                if strip:
                    self._parked[place] = replace(self._parked[place], past=None)
                    sizes[place] = self._parked[place].bytes
                else:
                    del self._parked[place], sizes[place]
