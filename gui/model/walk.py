"""The position in a recorded iteration: the current step and the opened numbers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QObject, Signal

from core.by_hand import BIAS, Place
from core.look.next_iteration import NextIteration
from core.project import Project
from core.training.messages import Snapshot
from core.walk.entry import BIASES, WEIGHTS, Entry
from core.walk.record import Record
from core.walk.steps import Step, steps_of


class Walk(QObject):
    """The state that the stepper, the canvas and the example lens share.

    `trail` are the numbers opened one from another, the last of them the one shown; it survives a
    new record of the same network, so that a number can be followed from iteration to iteration.
    Setting the current position again emits nothing.
    """

    recorded = Signal(object)  # Record, even with the same opened number; None without one
    moved = Signal(object)  # Step
    opened = Signal(object)  # Entry, or None when no number is opened any more
    iteration_wanted = Signal()  # the last step was passed: make the iteration, then record again

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.record: Record | None = None
        self.steps: tuple[Step, ...] = ()
        self.index = 0
        self.trail: tuple[Entry, ...] = ()
        self._short: Record | None = None  # the record as computed
        self.in_full = False  # dA[L] is a separate step even if the iteration needed none
        self._shown_of: tuple[object, ...] | None = None
        self._begins = False  # the requested iteration begins at its first step

    @property
    def step(self) -> Step | None:
        """The current step; None without a record."""
        return self.steps[self.index] if self.steps else None

    @property
    def started(self) -> bool:
        """Whether the user walks: has left the first step, or opened a number."""
        return self.record is not None and (self.index > 0 or bool(self.trail))

    @property
    def entry(self) -> Entry | None:
        """The opened number, if one is."""
        return self.trail[-1] if self.trail else None

    @property
    def parameter(self) -> Place | None:
        """The weight or bias that is opened, or that the opened derivative is of."""
        entry = self.entry
        if entry is None or entry.target not in WEIGHTS | BIASES:
            return None
        return Place(entry.layer, entry.row, entry.column if entry.target in WEIGHTS else BIAS)

    def show(self, record: Record | None) -> None:
        """Walk this record: at the same step if it is of the same network and not the walk's own
        next iteration, else from its start.
        """
        before, old = self.entry, self.record
        if record is None or old is None or not _alike(record, old):
            self.index, self.trail = 0, ()
        elif self._begins and record.iteration != old.iteration:
            self.index = 0
        if record is None or old is None or record.iteration != old.iteration:
            self._begins = False
        self._take_record(record)
        self.index = min(self.index, max(len(self.steps) - 1, 0))
        self.recorded.emit(self.record)
        if self.step is not None:
            self.moved.emit(self.step)
        if self.entry != before:
            self.opened.emit(self.entry)

    def show_in_full(self, on: bool) -> None:
        """Show dA[L] as a separate step, or not; the walk stays at the same step."""
        if on == self.in_full:
            return
        self.in_full, step, before = on, self.step, self.entry
        if self._short is None or not self._short.fused or step is None:
            return
        self._take_record(self._short)
        assert self.record is not None
        chips = [each.chip for each in self.steps]
        here = step.chip if step.chip in chips else f"dZ[{step.layer}]"
        self.index = chips.index(here)
        known = [self.record.has(entry.target, entry.layer) for entry in self.trail]
        self.trail = self.trail if all(known) else ()
        self.recorded.emit(self.record)
        self.moved.emit(self.steps[self.index])
        if self.entry != before:
            self.opened.emit(self.entry)

    def _take_record(self, record: Record | None) -> None:
        self._short = record
        self.record = record.in_full() if record is not None and self.in_full else record
        self.steps = () if self.record is None else steps_of(self.record)

    def lacks(self, snapshot: Snapshot | None) -> bool:
        """Whether the record of this state, which costs a whole pass, has not been shown yet."""
        return snapshot is None or not snapshot.idle or self._shown_of != _key(snapshot)

    def take(self, snapshot: Snapshot) -> bool:
        """Show the record of a snapshot, or its failure; False if it has neither.

        A record passed on by several panels is shown once.
        """
        if NextIteration() not in snapshot.answers:
            return False
        if self._shown_of != _key(snapshot):
            self._shown_of = _key(snapshot)
            self.show(snapshot.answer(NextIteration()))
        return True

    def is_past(self, snapshot: Snapshot) -> bool:
        """Whether the record is from an earlier iteration than this, while the run continues."""
        record = self.record
        return record is not None and not snapshot.idle and record.iteration != snapshot.iteration

    def follow_edit(self, old: Project, new: Project) -> None:
        """Drop the record of a network that was changed."""
        before, after = old.network.structure, new.network.structure
        if (before.layers, old.data) != (after.layers, new.data):
            self.show(None)

    def column(self, example: int | None) -> int:
        """The column of a training example in the record; the first if it is not in the batch."""
        if self.record is None or example is None:
            return 0
        return int(np.argmax(self.record.examples == example))

    def open_edge(self, l: int, row: int, column: int) -> None:
        """Open a weight of the network or, in the backward pass, its gradient."""
        backward = self.step is not None and self.step.phase in ("backward", "update")
        self.open_number(Entry("dW" if backward else "W", l, row, column))

    def open_unit(self, l: int, unit: int, column: int) -> None:
        """Open a unit's output for this column; in the backward pass, its error."""
        backward = self.step is not None and self.step.phase in ("backward", "update")
        self.open_number(Entry("dZ" if backward and l > 0 else "A", l, unit, column))

    def go(self, index: int) -> None:
        """Go to a step, or to the nearest one that exists."""
        index = min(max(index, 0), len(self.steps) - 1)
        if self.steps and index != self.index:
            self.index = index
            self.moved.emit(self.steps[index])

    def next_op(self) -> None:
        """Go to the next step; from the last one, to the next iteration."""
        if self.steps and self.index == len(self.steps) - 1:
            self.want_iteration()
        else:
            self.go(self.index + 1)

    def back_op(self) -> None:
        self.go(self.index - 1)

    def want_iteration(self) -> None:
        """Request the iteration, and go to the first step of the next one."""
        self._begins = True
        self.iteration_wanted.emit()

    def next_layer(self) -> None:
        """Go to the first step of the next layer or phase; from the last, to the next iteration."""
        self._next_where(lambda step: (step.phase, step.layer))

    def back_layer(self) -> None:
        self._back_where(lambda step: (step.phase, step.layer))

    def next_phase(self) -> None:
        """Go to the first step of the next phase: forward, cost, backward, update."""
        self._next_where(lambda step: step.phase)

    def back_phase(self) -> None:
        self._back_where(lambda step: step.phase)

    def home(self) -> None:
        self.go(0)

    def end(self) -> None:
        self.go(len(self.steps) - 1)

    def open_number(self, entry: Entry) -> None:
        """Open a number from outside: a new trail begins."""
        self._set_trail((entry,))

    def follow(self, entry: Entry) -> None:
        """Open a number from the opened one: the trail grows; back to one on it, it shrinks."""
        if entry in self.trail:
            self._set_trail(self.trail[: self.trail.index(entry) + 1])
        else:
            self._set_trail((*self.trail, entry))

    def back_to(self, index: int) -> None:
        """Go back along the trail to its number at `index`."""
        self._set_trail(self.trail[: index + 1])

    def close_number(self) -> None:
        self._set_trail(())

    def _set_trail(self, trail: tuple[Entry, ...]) -> None:
        if trail != self.trail:
            self.trail = trail
            self.opened.emit(self.entry)

    def _next_where(self, part: Callable[[Step], object]) -> None:
        here = self.index
        while here < len(self.steps) and part(self.steps[here]) == part(self.steps[self.index]):
            here += 1
        if self.steps and here == len(self.steps):
            self.want_iteration()
        else:
            self.go(here)

    def _back_where(self, part: Callable[[Step], object]) -> None:
        """Go to the first step of this part or, from there, of the part before."""
        if not self.steps:
            return
        here = max(self.index - 1, 0)
        while here > 0 and part(self.steps[here - 1]) == part(self.steps[here]):
            here -= 1
        self.go(here)


def _alike(one: Record, other: Record) -> bool:
    return (one.sizes, one.activations, one.loss) == (other.sizes, other.activations, other.loss)


def _key(snapshot: Snapshot) -> tuple[object, ...]:
    """The key of a record: the run, its iteration, its settings and its changes by hand."""
    return snapshot.run, snapshot.iteration, snapshot.project, snapshot.adjusted
