"""The ended runs of the document: added from snapshots, named, noted, deleted, cleared."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from core.runs import BUDGET, MOST, EndedRun, is_again, tidy_name, tidy_note, within_budget
from core.training.messages import Snapshot
from gui.style import text

FULL = (
    "At most {} runs, or {} of them, are kept: the oldest was removed. Remove runs you do "
    "not need in the Runs panel."
)
TOO_LARGE = "This run was not kept: it needs {}, and the limit is {}."


@dataclass(frozen=True, slots=True)
class RunsAside:
    """The runs of a document that gave its place to another one."""

    kept: tuple[EndedRun, ...]
    removed: tuple[EndedRun, ...]
    edits: int
    next: int
    taken: int
    told_full: bool
    numbers: dict[int, int]
    withdrawn: set[int]


class Runs(QObject):
    """Every ended run of the document, from the oldest to the newest.

    A run keeps its number as long as the document is open, and in its file. `edits` counts the
    user's changes to them: the end of a run is not an edit.
    """

    changed = Signal()
    noted = Signal(str)  # a sentence on a run that could not be kept

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.kept: tuple[EndedRun, ...] = ()
        self.removed: tuple[EndedRun, ...] = ()  # by the last removal, to be brought back
        self.edits = 0
        self._next = 1  # the number of the next one
        self._taken = 0  # the training's number of the newest run added
        self._told_full = False
        self._numbers: dict[int, int] = {}  # the training's number of a run -> its number here
        self._withdrawn: set[int] = set()  # the training's numbers of runs that were restored

    def show(self, runs: Iterable[EndedRun], before: int) -> None:
        """Show the runs of the newly opened document; the training's numbers below `before` belong
        to an earlier document.
        """
        runs = tuple(runs)
        numbers = [run.number for run in runs]
        if any(number < 1 for number in numbers) or numbers != sorted(set(numbers)):
            runs = tuple(replace(run, number=i) for i, run in enumerate(runs, start=1))
        self._next = max((run.number for run in runs), default=0) + 1
        self._taken, self._told_full, self.removed = before - 1, False, ()
        self._numbers, self._withdrawn = {}, set()
        self._become(runs)

    def park(self) -> RunsAside:
        """The state from which `unpark` restores these runs; `show` follows."""
        return RunsAside(
            self.kept,
            self.removed,
            self.edits,
            self._next,
            self._taken,
            self._told_full,
            self._numbers,
            self._withdrawn,
        )

    def unpark(self, aside: RunsAside) -> None:
        """Be the runs again that were parked."""
        self.removed, self.edits, self._next = aside.removed, aside.edits, aside.next
        self._taken, self._told_full = aside.taken, aside.told_full
        self._numbers, self._withdrawn = aside.numbers, aside.withdrawn
        self._become(aside.kept)

    def take(self, snapshot: Snapshot) -> None:
        """Add the runs that have ended since."""
        self.keep(snapshot.ended)

    def keep(self, ended: Iterable[EndedRun]) -> None:
        """Add the runs among these that have ended since the last call."""
        new = [run for run in ended if run.number > self._taken]
        if not new:
            return
        self._taken = new[-1].number
        kept = self.kept
        for run in new:
            if run.bytes > BUDGET:
                self.noted.emit(TOO_LARGE.format(text.bytes_(run.bytes), text.bytes_(BUDGET)))
            elif run.number not in self._withdrawn and not any(is_again(run, k) for k in kept):
                self._numbers[run.number] = self._next
                kept = (*kept, replace(run, number=self._next))
                self._next += 1
        fitting = within_budget(kept)
        if len(fitting) < len(kept) and not self._told_full:
            self._told_full = True
            self.noted.emit(FULL.format(text.count(MOST), text.bytes_(BUDGET)))
        if fitting != self.kept:
            self._become(fitting)

    def withdraw(self, run: int) -> None:
        """The run with the training's number `called` has not ended after all: undo restored it. It
        is kept if the user has named it or written a note on it.
        """
        self._withdrawn.add(run)
        number = self._numbers.pop(run, 0)
        found = self.of(number)
        if found is not None and not (found.name or found.note):
            self._become(tuple(each for each in self.kept if each is not found))

    def rename(self, number: int, name: str) -> None:
        """Rename a run; an empty name restores its number."""
        name = tidy_name(name)
        run = self.of(number)
        if run is not None and name != run.title:
            self._edit(number, replace(run, name="" if name == f"Run {number}" else name))

    def note(self, number: int, note: str) -> None:
        """Set the note of a run."""
        note = tidy_note(note)
        run = self.of(number)
        if run is not None and note != run.note:
            self._edit(number, replace(run, note=note))

    def remove(self, numbers: Collection[int]) -> None:
        """Remove these runs."""
        left = tuple(run for run in self.kept if run.number not in numbers)
        if len(left) < len(self.kept):
            self.edits += 1
            self.removed = tuple(run for run in self.kept if run.number in numbers)
            self._become(left)

    def clear(self) -> None:
        """Remove all runs."""
        self.remove([run.number for run in self.kept])

    def bring_back(self) -> None:
        """Restore the runs that were removed last, in place."""
        if self.removed:
            self.edits += 1
            together = sorted((*self.kept, *self.removed), key=lambda run: run.number)
            self.removed = ()
            self._become(within_budget(together))

    def of(self, number: int) -> EndedRun | None:
        """The run of this number, if it is kept."""
        return next((run for run in self.kept if run.number == number), None)

    def ended(self, run: int) -> EndedRun | None:
        """The ended run with this number of the training, if it is kept."""
        return self.of(self._numbers.get(run, 0))

    def _edit(self, number: int, after: EndedRun) -> None:
        self.edits += 1
        self._become(tuple(after if run.number == number else run for run in self.kept))

    def _become(self, runs: tuple[EndedRun, ...]) -> None:
        self.kept = runs
        self.changed.emit()
