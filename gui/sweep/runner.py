"""Plans and runs a sweep in a thread."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from PySide6.QtCore import QObject, QThread, Signal

from core.data.own import OwnData
from core.errors import LayerwiseError
from core.files import disk
from core.sweep import records
from core.sweep.plan import Plan, runs_of
from core.sweep.records import Records
from core.sweep.sweep import Outcome, Sweep
from core.sweep.workers import GivenUp, cluster, processes

NOT_KEPT = "The results of this sweep could not be stored: {}"
LEFT_OUT = "{} of earlier sweeps cannot be read. Those runs are trained again."
MOST_KEPT = 2**26  # bytes of results that are stored between starts of the application


@dataclass(frozen=True, slots=True)
class Order:
    """The order for a sweep: its plan, the own data it learns, and where; `cluster` is an address.

    `kept` is the file for stored results.
    """

    plan: Plan
    own: OwnData | None
    workers: int
    cluster: str
    kept: Path


class _Thread(QThread):
    placed = Signal()  # there are workers
    planned = Signal(object)  # (how many runs there are, of how many the results are known)
    came = Signal(object)  # Outcome
    failed = Signal(object)  # the exception
    noted = Signal(str)  # a sentence on results that are not stored

    def __init__(self, order: Order, parent: QObject) -> None:
        super().__init__(parent)
        self._order = order
        self._sweep: Sweep | None = None

    def pause(self, on: bool) -> None:
        if self._sweep is not None:
            self._sweep.pause(on)

    def end(self) -> None:
        """End as soon as it can be; the thread then finishes."""
        self.requestInterruption()
        if self._sweep is not None:
            self._sweep.end()

    def run(self) -> None:
        try:
            with suppress(GivenUp):
                self._make(self._order)
        except Exception as error:  # noqa: BLE001 - any error must reach the window
            self.failed.emit(error)

    def _make(self, order: Order) -> None:
        runs = runs_of(order.plan)
        with ExitStack() as stack:
            kept = self._kept(order.kept, stack)
            known = kept.known if kept else {}
            self._sweep = Sweep(runs, order.own, known)
            if self.isInterruptionRequested():
                return
            self.planned.emit((len(runs), sum(run.digest in known for run in runs)))
            goes_on = lambda: not self.isInterruptionRequested()  # noqa: E731 - no name says more
            at = order.cluster
            where = cluster(at, goes_on) if at else processes(order.workers)
            backend = stack.enter_context(where)
            self.placed.emit()
            for outcome in self._sweep.outcomes(backend):
                self.came.emit(outcome)
                if kept is not None and outcome.result is not None:
                    with suppress(LayerwiseError):  # a full disk costs no more than what it keeps
                        kept.add(order.plan.axes, outcome.run, outcome.result)

    def _kept(self, path: Path, stack: ExitStack) -> Records | None:
        """The results of earlier sweeps, None if they cannot be read: then none are stored."""
        try:
            kept = stack.enter_context(records.opened(_bounded(path), private=True))
        except LayerwiseError as error:  # another window has them open, or they are damaged
            self.noted.emit(NOT_KEPT.format(error))
            return None
        if kept.unreadable:
            self.noted.emit(LEFT_OUT.format(_results(kept.unreadable)))
        return kept


def _results(count: int) -> str:
    return "1 result" if count == 1 else f"{count:,} results"


def _bounded(path: Path) -> Path:
    """The file of stored results, started again when it has become too large."""
    stamp = disk.stamp(path)
    if stamp is not None and stamp.size > MOST_KEPT:
        disk.replace(path, b"", private=True)
    return path


class Runner(QObject):
    """Runs one sweep at a time, and reports its progress."""

    changed = Signal()  # started, planned, paused, stopped
    came = Signal()  # an outcome more
    failed = Signal(object)  # the exception that ended it
    noted = Signal(str)  # a sentence on results that are not stored

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._thread: _Thread | None = None
        self.order: Order | None = None
        self.outcomes: list[Outcome] = []
        self.total = 0  # runs
        self.known = 0  # of these, those with a stored result
        self.paused = self.cancelled = False
        self._began = 0.0
        self._placed = False

    @property
    def running(self) -> bool:
        """Whether a sweep is running."""
        return self._thread is not None

    @property
    def connecting(self) -> bool:
        """Whether it waits for a cluster's answer."""
        return (
            self.running
            and not self._placed
            and self.order is not None
            and bool(self.order.cluster)
        )

    @property
    def seconds_left(self) -> float | None:
        """The remaining time, once enough runs are finished to estimate it."""
        made, left = len(self.outcomes) - self.known, self.total - len(self.outcomes)
        if not self.running or self.paused or made < 3:
            return None
        return (monotonic() - self._began) / made * left

    def start(self, order: Order) -> None:
        """Start; results of another sweep are cleared."""
        assert self._thread is None
        self.order, self.outcomes, self.total = order, [], 0
        self.paused = self.cancelled = self._placed = False
        thread = self._thread = _Thread(order, self)
        thread.planned.connect(self._on_planned)
        thread.placed.connect(self._on_placed)
        thread.came.connect(self._on_came)
        thread.failed.connect(self.failed)
        thread.noted.connect(self.noted)
        thread.finished.connect(self._on_finished)
        thread.start()
        self.changed.emit()

    def pause(self, on: bool) -> None:
        """Start no new runs, or continue."""
        if self._thread is not None and self.total:
            self._thread.pause(on)
            self.paused = on
            self.changed.emit()

    def cancel(self) -> None:
        """Stop it; the results stay."""
        if self._thread is not None:
            self.cancelled = True
            self._thread.end()
            self.changed.emit()

    def close(self) -> None:
        """Cancel, and wait for the end of the workers."""
        if self._thread is not None:
            self.cancel()
            self._thread.wait()

    def _on_planned(self, planned: tuple[int, int]) -> None:
        self.total, self.known = planned
        self._began = monotonic()
        self.changed.emit()

    def _on_placed(self) -> None:
        self._placed, self._began = True, monotonic()
        self.changed.emit()

    def _on_came(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        self.came.emit()

    def _on_finished(self) -> None:
        if self._thread is not None:
            self._thread.wait()
            self._thread.deleteLater()
            self._thread = None
            self.changed.emit()
