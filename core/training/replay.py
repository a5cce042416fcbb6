"""Recomputes an earlier iteration of a run, bit for bit, from the moment before it."""

from __future__ import annotations

from dataclasses import replace

from core.errors import LayerwiseError
from core.nn.activations import Array
from core.training.session import Session
from core.training.timeline import Moment


class Replay:
    """Trains from the last moment kept before `iteration` to it; `session` shows the progress.

    Unless `exact`, that moment is enough. With `since` it begins at the last moment kept before
    that iteration, to see everything from there on. The run itself is not touched. Raises
    LayerwiseError if no moment is that early.
    """

    def __init__(
        self, live: Session, iteration: int, *, exact: bool = True, since: int | None = None
    ) -> None:
        start = iteration if since is None else since
        moment = None if live.past is None else live.past.before(start)
        if live.past is None or moment is None:
            raise LayerwiseError(
                f"Iteration {start:,} of this run is not kept: choose a later one."
            )
        self.exact, self.target = exact, iteration if exact else moment.iteration
        # The first cost alone: by it a run knows when it diverges. The curves are the live run's.
        state = replace(moment.state, costs=live.costs[:1])
        self.session = Session(
            moment.project, live.split, run=live.run, between=live.between, state=state
        )
        self.session.visited_from = live
        self._began = moment.iteration
        self._changes = live.past.changes(moment.iteration, self.target)

    def costs_from(self, first: int) -> Array:
        """The costs before the iterations from `first` on that the visit has passed."""
        return self.session.costs[1 + first - self._began :]

    @property
    def there(self) -> bool:
        """Whether the iteration is reached and all changes there are applied."""
        return self.session.iteration == self.target and not self._changes

    def advance(self) -> None:
        """One iteration, or a part of a long one, or one change of the settings or by hand."""
        if self._changes and self._changes[0][0] == self.session.iteration:
            self.session.repeat(self._changes.pop(0)[1])
        else:
            self.session.advance()

    def moment(self) -> Moment:
        """The moment of the run, once the visit is `there`."""
        return Moment(self.session.project, self.session.state(curves=False))

    def branch(self, live: Session, run: int) -> Session:
        """A new run that continues from here under the live run's settings.

        It has the curves up to here, and the same past.
        """
        i = self.target
        iterations, costs = live.test_curve
        costs_before, places = live.curves.train_before(i)
        taken = iterations < i
        state = replace(
            self.session.state(),
            costs=costs_before,
            cost_iterations=places,
            test_iterations=iterations[taken],
            test_costs=costs[taken],
        )
        past = None if live.past is None else live.past.until(i)
        branch = Session(
            live.project, live.split, live.start, run, live.between, state=state, past=past
        )
        branch.began = live.began
        branch.by_hand.follow(live.by_hand, i)
        return branch
