"""The facts for goals and live numbers: the current ones, and those of this step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from core.lessons.goal import Counted, Unanswered
from core.lessons.vocabulary import FUNCTIONS, SAMPLES, NamedFacts, SettingFacts
from core.look.ask import Asks
from core.look.findings import Findings
from core.look.next_iteration import NextIteration
from core.look.predictions import Predictions
from core.nn.activations import Array
from core.nn.gradient_check import GradientCheck
from core.project import Project
from core.runs import EndedRun
from core.sweep.plan import Plan
from core.sweep.presets import PRESETS
from core.training.finding import Finding
from core.training.messages import Snapshot
from core.walk.record import Record
from gui.lessons.moves import Moves
from gui.model.document import Document
from gui.model.selection import Selection
from gui.model.training import Training
from gui.model.walk import Walk

if TYPE_CHECKING:
    from gui.sweep.runner import Order, Runner

APART = 1.0  # between two starts that are not the same place


@dataclass(slots=True, eq=False)
class LessonRun:
    """A run of this lesson, current or ended; `steps` are those in which it moved.

    `kept` finds it among the document's ended runs, with its name and note.
    """

    number: int
    adjusted: int
    start: Array
    newest: Snapshot
    kept: Callable[[int], EndedRun | None]
    steps: set[int] = field(default_factory=set)

    def fact(self, name: str) -> object:
        seen, kept = self.newest, self.kept(self.number)
        found: dict[str, Callable[[], object]] = {
            "cost": lambda: seen.train.cost,
            "accuracy": lambda: seen.train.accuracy,
            "test_accuracy": lambda: None if seen.test is None else seen.test.accuracy,
            "iteration": lambda: seen.iteration,
            "start": lambda: tuple(self.start.tolist()),
            "project": lambda: SettingFacts(seen.project),
            "name": lambda: "" if kept is None else kept.title,
            "note": lambda: "" if kept is None else kept.note,
        }
        return found[name]()


class RunLog:
    """The runs of a lesson, in order: receives every snapshot."""

    def __init__(self, kept: Callable[[int], EndedRun | None]) -> None:
        self._kept = kept
        self.runs: list[LessonRun] = []
        self._zero: tuple[int, int, Array] | None = None

    def take(self, seen: Snapshot, step: int) -> None:
        """Take a snapshot of the current run, in this step of the lesson."""
        if seen.iteration == 0:
            self._zero = (seen.run, seen.adjusted, seen.flat)
            return
        if seen.iteration < seen.newest:
            return  # during a visit to an earlier iteration
        last = self.runs[-1] if self.runs else None
        if last is None or last.number != seen.run:
            last = self._begin(seen)
        elif last.adjusted != seen.adjusted:
            if seen.iteration <= last.newest.iteration:
                return  # changed by hand, and not trained since
            last = self._begin(seen)
        if seen.iteration > last.newest.iteration or not last.steps:
            last.steps.add(step)
        elif seen.project != last.newest.project:
            return  # a setting was changed since: earlier iterations were trained without it
        last.newest = seen

    def _begin(self, seen: Snapshot) -> LessonRun:
        zero = self._zero
        known = zero is not None and zero[:2] == (seen.run, seen.adjusted)
        start = zero[2] if zero is not None and known else seen.flat
        self.runs.append(LessonRun(seen.run, seen.adjusted, start, seen, self._kept))
        return self.runs[-1]

    def of_step(self, step: int) -> tuple[LessonRun, ...]:
        """Those that moved in this step."""
        return tuple(run for run in self.runs if step in run.steps)


class _Grid:
    """An array of the record, indexed from 1; columns are examples of the training set."""

    def __init__(self, record: Record, array: Array, *, of_examples: bool) -> None:
        self._record, self._array, self._of_examples = record, array, of_examples

    def at(self, *place: int) -> float:
        row, column = place[0] - 1, (place[1] if len(place) > 1 else 1) - 1
        if self._of_examples:
            (found,) = np.nonzero(self._record.examples == column)
            if not len(found):
                raise Unanswered
            column = int(found[0])
        if min(row, column) < 0:
            raise Unanswered
        return float(self._array[row, column])


class _Recorded:
    """The recorded iteration by the names of its arrays."""

    def __init__(self, record: Record | None) -> None:
        self._record = record

    def fact(self, name: str) -> object:
        record = self._record
        if record is None:
            raise Unanswered
        of_examples = name in ("A", "Z", "D", "Y", "dA", "dZ")
        found: dict[int, _Grid] = {}
        for l in range(record.L + 1):
            if record.has(name, l):  # type: ignore[arg-type]  # vocabulary.ARRAYS are targets
                array = record.array(name, l)  # type: ignore[arg-type]
                found[l] = _Grid(record, array, of_examples=of_examples)
        return found


class _Labs:
    """The facts of the labs; those of a lab that was never opened are unknown."""

    def __init__(self, facts: Callable[[str], Mapping[str, object] | None]) -> None:
        self._facts = facts

    def fact(self, name: str) -> object:
        found = self._facts(name)
        if found is None:
            raise Unanswered
        return NamedFacts(found)


class Watch(QObject):
    """Watches the window while a lesson is open; emits `changed` when facts may differ."""

    changed = Signal()
    turn = 1  # its frame of three

    def __init__(
        self,
        document: Document,
        training: Training,
        selection: Selection,
        walk: Walk,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._document, self._training, self._selection = document, training, selection
        self._walk = walk
        self.active = False
        self.wants: frozenset[str] = frozenset()  # names that the goal asks for
        self.moves = Moves()
        self.step = 0
        self.log = RunLog(training.runs.ended)
        self.record: Record | None = None
        self.visited: set[str] = set()
        self.hovered: set[str] = set()
        self.muted: set[str] = set()
        self.done: set[str] = set()
        self.findings: tuple[Finding, ...] = ()
        self.check: Callable[[], GradientCheck | None] = lambda: None
        self.runner: Callable[[], Runner | None] = lambda: None
        self._earlier: Order | None = None  # the sweep that was there when the step began
        self.view: Callable[[str], bool] = lambda _: False
        self.panel: Callable[[str], bool] = lambda _: False
        self.lab: Callable[[str], Mapping[str, object] | None] = lambda _: None
        self.answers: Callable[[int], tuple[object, bool | None] | None] = lambda _: None
        training.add_viewer(self)
        walk.moved.connect(self._on_moved)
        walk.opened.connect(self._tell)
        walk.recorded.connect(self._tell)
        selection.changed.connect(self._tell)
        selection.unit_hovered.connect(self._on_hovered)
        document.changed.connect(self._on_edited)
        training.runs.changed.connect(self._tell)

    def begin(self) -> None:
        """A lesson begins: nothing has happened in it."""
        self.active, self.record, self.findings = True, None, ()
        self.log = RunLog(self._training.runs.ended)
        self.begin_step(0)

    def begin_step(self, step: int) -> None:
        """A step begins: nothing has happened in it."""
        self.step += 1
        self.visited, self.hovered, self.muted, self.done = set(), set(), set(), set()
        self.moves = Moves()
        runner = self.runner()
        self._earlier = None if runner is None else runner.order
        self._tell()

    def end(self) -> None:
        self.active = False

    # --- looking at the run -----------------------------------------------------------------------

    def asks(self) -> Asks | None:
        if not self.active:
            return None
        record = "record" in self.wants and not self._training.playing
        moved = (Predictions(),) if "flipped" in self.wants else ()
        return (Findings(), *((NextIteration(),) if record else ()), *moved)

    def receive(self, snapshot: Snapshot) -> None:
        if not self.active or not self._training.is_current(snapshot):
            return
        if snapshot.project != self._document.project:
            return
        self.log.take(snapshot, self.step)
        if (found := snapshot.answer(Findings())) is not None:
            self.findings = found
        self.record = snapshot.answer(NextIteration())
        if (answered := snapshot.answer(Predictions())) is not None:
            self.moves.take(snapshot.flat, snapshot.split, answered)
        self._tell()

    def _tell(self, *_: object) -> None:
        if self.active:
            self.changed.emit()

    def _on_moved(self, _step: object) -> None:
        if self._walk.step is not None:
            self.visited.add(self._walk.step.chip)
        self._tell()

    def _on_hovered(self, unit: tuple[int, int] | None) -> None:
        if unit is not None:
            self.hovered.add(f"canvas.unit[{unit[0]}][{unit[1] + 1}]")
        self._tell()

    def _on_edited(self, old: Project, new: Project) -> None:
        before, after = _muted(old), _muted(new)
        self.muted |= after - before
        self._tell()

    # --- the facts --------------------------------------------------------------------------------

    def facts(self) -> Mapping[str, Any]:
        """The current facts, by the names of the goal language."""
        return _Facts(self._makers())

    def _makers(self) -> dict[str, Callable[[], object]]:
        seen, walk = self._training.latest, self._walk
        current = seen if seen is not None and self._training.is_current(seen) else None
        makers: dict[str, Callable[[], object]] = {
            "project": lambda: SettingFacts(self._document.project),
            "layers": lambda: Counted(map(SettingFacts, self._document.project.network.layers)),
            "playing": lambda: self._training.playing,
            "chip": lambda: walk.step.chip if walk.step is not None else None,
            "opened": lambda: walk.entry.symbol if walk.entry is not None else None,
            "visited": lambda: frozenset(self.visited),
            "hovered": lambda: frozenset(self.hovered),
            "muted": lambda: frozenset(self.muted),
            "flipped": lambda: self.moves.flipped,
            "doctor": lambda: frozenset(finding.name for finding in self.findings),
            "example": lambda: _from_one(self._selection.example),
            "unit": lambda: self._selection.chosen,
            "record": lambda: _Recorded(self.record or walk.record),
            "runs": lambda: self.log.of_step(self.step),
            "lesson_runs": lambda: tuple(self.log.runs),
            "check": lambda: _checked(self.check()),
            "sweep": lambda: self._sweep,
            "starts_apart": lambda: starts_apart,
            "answer": lambda: lambda n: self._answer(n)[0],
            "right": lambda: lambda n: self._answer(n)[1],
            "panel": lambda: self.panel,
            "lab": lambda: _Labs(self.lab),
            "view": lambda: self.view,
            "done": lambda: lambda command: command in self.done,
        }
        if current is not None:
            makers |= _of_snapshot(current)
        return makers

    def _sweep(self, name: str) -> object:
        """The sweep of this step, if it is this preset's or varies this key."""
        runner = self.runner()
        order = None if runner is None else runner.order
        if runner is None or order is None or order is self._earlier:
            raise Unanswered
        values = _varied(order.plan, name)
        if values is None:
            raise Unanswered
        done = not runner.running and 0 < runner.total == len(runner.outcomes)
        return NamedFacts({"done": done, "values": values})

    def _answer(self, n: int) -> tuple[object, bool | None]:
        found = self.answers(n - 1)
        if found is None:
            raise Unanswered
        return found


class _Facts(Mapping[str, Any]):
    """Facts that are computed on request; unknown ones are None."""

    def __init__(self, makers: Mapping[str, Callable[[], object]]) -> None:
        self._makers = makers

    def __getitem__(self, name: str) -> Any:
        maker = self._makers.get(name)
        return None if maker is None else maker()

    def __iter__(self) -> Iterator[str]:
        yield from (*SAMPLES, *FUNCTIONS)

    def __len__(self) -> int:
        return len(SAMPLES) + len(FUNCTIONS)


def _of_snapshot(seen: Snapshot) -> dict[str, Callable[[], object]]:
    p, halt = seen.parameters(), seen.halt
    return {
        "iteration": lambda: seen.iteration,
        "cost": lambda: seen.train.cost,
        "accuracy": lambda: seen.train.accuracy,
        "test_accuracy": lambda: None if seen.test is None else seen.test.accuracy,
        "epoch": lambda: seen.epoch,
        "speed": lambda: seen.iterations_per_second,
        "w": lambda: lambda l, i, j: float(p.W[l][i - 1, j - 1]) if min(i, j) > 0 else None,
        "b": lambda: lambda l, i: float(p.b[l][i - 1, 0]) if i > 0 else None,
        "rises": lambda: lambda n: rises(seen.costs, n),
        "halt": lambda: NamedFacts(
            {
                "kind": None if halt is None else halt.kind,
                "layer": None if halt is None else halt.layer,
                "iteration": None if halt is None else halt.iteration,
                "words": None if halt is None else halt.sentence,
            }
        ),
    }


def rises(costs: Array, n: int) -> int:
    """How often the cost rose in the last n iterations."""
    return int((np.diff(costs[-(n + 1) :]) > 0).sum())


def starts_apart(one: LessonRun, other: LessonRun) -> bool:
    """Whether two runs began with different parameters."""
    a, b = one.start, other.start
    return a.shape != b.shape or float(np.abs(a - b).max()) > APART


def _varied(plan: Plan, name: str) -> tuple[object, ...] | None:
    """The values that a plan tries for a key, or for its first key if it is the preset's plan."""
    if name in PRESETS:
        of_preset = PRESETS[name].plan(plan.project).axes == plan.axes
        return plan.axes[0].values if of_preset else None
    return next((axis.values for axis in plan.axes if axis.key == name), None)


def _checked(result: GradientCheck | None) -> object:
    if result is None or result.done < result.total:
        raise Unanswered
    wrong = {
        f"d{each.array}[{each.layer}]" for each in result.arrays if each.checked and not each.passed
    }
    return NamedFacts({"passed": result.passed, "wrong": frozenset(wrong)})


def _from_one(index: int | None) -> int | None:
    return None if index is None else index + 1


def _muted(project: Project) -> set[str]:
    return {f"canvas.unit[{l}][{unit + 1}]" for l, units in project.muted.items() for unit in units}
