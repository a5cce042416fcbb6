"""The past of a run: saved moments, and the changes between them."""

from __future__ import annotations

from bisect import bisect_right
from copy import copy
from dataclasses import dataclass

from core.by_hand import Adjustment
from core.nn.activations import Array
from core.project import Project
from core.state import RunState

MOST = 1000  # moments kept of a run, however long
DENSE = 100  # iterations at its start that are all kept
NEVER = 2**62  # the iteration before which nothing more is kept
BUDGET = 64 * 2**20  # bytes that the moments may take

Change = Project | Adjustment | Array  # of settings, of parameters by hand, back to others (flat)


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """The state of a run before an iteration, and the settings of that iteration.

    `state` has no curves: these belong to the run and only grow.
    """

    project: Project
    state: RunState

    @property
    def iteration(self) -> int:
        return self.state.iteration


class Timeline:
    """Moments of one run, dense at first, then evenly spaced: at most `MOST`, within `BUDGET`.

    When there are too many, every second one after the dense start is dropped, and the spacing
    doubles. `due` is the next iteration to keep. `best` stays until a better one is kept; room is
    reserved for it and for the current state.
    """

    def __init__(self) -> None:
        self._moments: list[Moment] = []
        self.best: Moment | None = None  # at the run's best iteration
        self._changes: list[tuple[int, Change]] = []
        self._start = 0  # the iteration of the first moment
        self._most, self._dense, self._stride = MOST, DENSE, 1
        self._room_for_best = True
        self.due = 0

    @property
    def first(self) -> int | None:
        """The earliest iteration that can be visited; None if none can."""
        return self._moments[0].iteration if self._moments else None

    @property
    def iterations(self) -> tuple[int, ...]:
        """The iterations whose moments are kept, ascending."""
        return tuple(moment.iteration for moment in self._all())

    @property
    def parameters(self) -> tuple[tuple[int, Array], ...]:
        """Iterations with the parameters (flat) that the run had there, ascending."""
        return tuple((moment.iteration, moment.state.flat) for moment in self._all())

    @property
    def bytes(self) -> int:
        """The size of the arrays of its moments."""
        return sum(_bytes_of(moment.state) for moment in self._all())

    def _all(self) -> list[Moment]:
        """The evenly spaced ones and the best, ascending."""
        best = self.best
        if best is None or best in self._moments:
            return self._moments
        return sorted([*self._moments, best], key=lambda moment: moment.iteration)

    @staticmethod
    def holds(size: int) -> bool:
        """Whether a moment of this size can be kept."""
        return size <= BUDGET

    def keep(self, moment: Moment) -> None:
        """Keep a moment later than all before it."""
        if not self._moments:
            self._start = moment.iteration
            room = min(MOST, BUDGET // max(1, _bytes_of(moment.state)))
            self._most, self._room_for_best = max(room - 2, min(room, 1)), room > 2
            self._dense = min(DENSE, self._most // 2)
        if self._most == 0:  # a single one would be too large
            self.due = NEVER
            return
        self._moments.append(moment)
        if len(self._moments) > self._most:
            del self._moments[self._dense + 1 :: 2]
            self._stride *= 2
        early = moment.iteration - self._start < self._dense
        self.due = self._moments[-1].iteration + (1 if early else self._stride)

    def keep_best(self, moment: Moment) -> None:
        """Keep the moment at which the run was best, in place of an earlier best.

        Its iteration is complete: nothing changes there any more.
        """
        if self._room_for_best:
            self.best = moment

    def note(self, iteration: int, change: Change) -> None:
        """Note that from this iteration on the run has other settings or parameters."""
        self._changes.append((iteration, change))
        if self._moments and self._moments[-1].iteration == iteration:  # half made, it begins again
            self._moments.pop()
            self.due = iteration

    def before(self, iteration: int) -> Moment | None:
        """The last moment at or before an iteration, None before the first."""
        at = bisect_right(self._moments, iteration, key=lambda moment: moment.iteration)
        found, best = self._moments[at - 1] if at else None, self.best
        if best is None or found is None or not found.iteration < best.iteration <= iteration:
            return found
        return best

    def changes(self, after: int, to: int) -> list[tuple[int, Change]]:
        """The changes at the iterations from `after` + 1 to `to`, in order."""
        return [change for change in self._changes if after < change[0] <= to]

    def followed_by(self, later: Timeline) -> Timeline:
        """This past and a later one of the same run."""
        past = copy(self)
        past._moments, past._changes = list(self._moments), [*self._changes, *later._changes]
        past.due = max(past.due, later.first or 0)
        for moment in later._moments:
            if moment.iteration >= past.due:
                past.keep(moment)
        if later.best is not None:
            past.keep_best(later.best)
        return past

    def until(self, iteration: int) -> Timeline:
        """The same past up to an iteration, for a run that branches off there."""
        past = copy(self)
        past._moments = [moment for moment in self._moments if moment.iteration < iteration]
        past._changes = [change for change in self._changes if change[0] <= iteration]
        past.due = iteration
        if past.best is not None and past.best.iteration >= iteration:
            past.best = None
        return past


def _bytes_of(state: RunState) -> int:
    return sum(array.nbytes for array in (state.flat, state.grad, *state.memory.values()))
