"""Runs the gradient check of the recorded iteration in a thread, and holds its result."""

from __future__ import annotations

from time import monotonic

import numpy as np
from PySide6.QtCore import QCoreApplication, QObject, QThread, Signal, Slot

from core.nn.gradient_check import GradientCheck, GradientDifference, gradient_check
from core.walk.bugs import BUGS, Bug, planted
from core.walk.record import Record
from gui.model.walk import Walk

ALL_BELOW = 500  # parameters: in a larger network only some are compared, unless all are requested
SOME = 200
CHOICES = (50, SOME, 1000)
_TELL_EVERY = 0.05  # seconds


class _Thread(QThread):
    """Checks copies of the record; an interruption waits for one parameter at most."""

    progressed = Signal(object, object)  # which check, GradientCheck
    failed = Signal(object, object)  # which check, the exception

    def __init__(self, number: int, record: Record, bug: str, at_most: int | None) -> None:
        super().__init__()
        self._number = number
        self._record, self._bug, self._at_most = record, bug, at_most

    def run(self) -> None:
        try:
            with np.errstate(all="ignore"):  # a diverging network may be checked too
                self._compare()
        except Exception as error:  # noqa: BLE001 - any error must reach the window
            self.failed.emit(self._number, error)

    def _compare(self) -> None:
        record, network = self._record, self._record.network()
        backward = planted(self._bug, network) if self._bug else None
        results = gradient_check(
            network,
            record.p,
            record.A[0],
            record.Y,
            at_most=self._at_most,
            every=1,
            backward=backward,
            masks=record.D,
            keep=record.keep,
        )
        told = monotonic()
        for result in results:
            if self.isInterruptionRequested():
                return
            now = monotonic()
            if result.done == result.total or now - told > _TELL_EVERY:
                told = now
                self.progressed.emit(self._number, result)


class _Running:
    """The running thread, if any; it may outlive its owner, but not silently."""

    def __init__(self) -> None:
        self.thread: _Thread | None = None

    def stop(self, *_: object) -> None:
        thread, self.thread = self.thread, None
        if thread is not None:
            thread.requestInterruption()
            thread.wait()


class GradientChecks(QObject):
    """The state for the lamp and the card: the last check, the running one, the bug planted in it.

    `result` belongs to `checked`, a record; a new record makes it stale, another network clears it.
    A planted bug is a backward pass of the check alone: the run and the record are not affected.
    """

    changed = Signal()
    failed = Signal(object)  # the exception that ended a check

    def __init__(self, walk: Walk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._walk = walk
        self._running = _Running()
        self._number = 0  # counts the checks, so that results of older ones are ignored
        self.result: GradientCheck | None = None
        self.checked: Record | None = None
        self.bug = ""  # a key of BUGS
        self.at_most: int | None = None
        self._chosen = False  # by the user: how many parameters
        walk.recorded.connect(self._on_recorded)
        self.destroyed.connect(self._running.stop)
        app = QCoreApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self.close)
        self._on_recorded(walk.record)

    @property
    def record(self) -> Record | None:
        """The record to check now."""
        return self._walk.record

    @property
    def running(self) -> bool:
        return self._running.thread is not None

    @property
    def done(self) -> bool:
        """Whether there is a complete result."""
        return self.result is not None and self.result.done == self.result.total

    @property
    def stale(self) -> bool:
        """Whether the result is for an earlier iteration than the walked one."""
        return not _same(self.checked, self.record)

    @property
    def planted(self) -> Bug | None:
        """The bug in the gradient that is checked."""
        return BUGS[self.bug] if self.bug else None

    @property
    def wrong(self) -> tuple[GradientDifference, ...]:
        """The arrays with a wrong gradient."""
        arrays = () if self.result is None else self.result.arrays
        return tuple(array for array in arrays if array.checked and not array.passed)

    def start(self) -> None:
        """Check the gradient of the current record; an earlier check is cancelled."""
        self._give_up()
        self.result, self.checked = None, self.record
        if self.checked is not None:
            thread = _Thread(self._number, self.checked, self.bug, self.at_most)
            # The receiver lives in this thread: Qt delivers the results between events.
            thread.progressed.connect(self._on_progressed)
            thread.failed.connect(self._on_failed)
            self._running.thread = thread
            thread.start(QThread.Priority.LowPriority)
        self.changed.emit()

    def cancel(self) -> None:
        """Cancel the check; partial results stay visible."""
        if self.running:
            self._give_up()
            self.changed.emit()

    def _give_up(self) -> None:
        self._running.stop()
        self._number += 1

    @Slot()
    def close(self) -> None:
        """End the thread, which takes as long as one parameter at most."""
        self._running.stop()

    def choose(self, at_most: int | None) -> None:
        """How many parameters the next check compares; None is all of them."""
        self.at_most, self._chosen = at_most, True
        self.changed.emit()

    def plant(self, bug: str) -> None:
        """Put a bug of that name into the gradient that is checked ("" removes it), and check."""
        self.bug = bug
        self.start()

    def forget(self) -> None:
        """Have no result and no planted bug: another lesson or another step begins."""
        self._give_up()
        self.result, self.checked, self.bug = None, None, ""
        self.changed.emit()

    def fits(self, bug: Bug) -> bool:
        """Whether that bug would change anything in this network."""
        return self.record is not None and bug.fits(self.record.network())

    @Slot(object)
    def _on_recorded(self, record: Record | None) -> None:
        checked = self.checked
        if record is not None and _same(record, checked):
            return
        self._give_up()
        if record is None or checked is None or not _alike(record, checked):
            self.result = self.checked = None
            if self.planted is not None and not self.fits(self.planted):
                self.bug = ""
            self._chosen = False
        elif not self.done:
            self.result = self.checked = None
        if not self._chosen and record is not None:
            self.at_most = None if record.p.flat.size <= ALL_BELOW else SOME
        self.changed.emit()

    @Slot(object, object)
    def _on_progressed(self, number: int, result: GradientCheck) -> None:
        if number == self._number:
            self.result = result
            if self.done:
                self._running.stop()
            self.changed.emit()

    @Slot(object, object)
    def _on_failed(self, number: int, error: Exception) -> None:
        if number == self._number:
            self._give_up()
            self.changed.emit()
            self.failed.emit(error)


def _same(one: Record | None, other: Record | None) -> bool:
    """Whether these are the same recording, with or without dA[L]."""
    return one is other or (one is not None and other is not None and one.p is other.p)


def _alike(one: Record, other: Record) -> bool:
    return (one.sizes, one.activations, one.loss) == (other.sizes, other.activations, other.loss)
