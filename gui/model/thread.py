"""The training thread, and the slot through which its snapshots reach the window."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue

from PySide6.QtCore import QObject, QThread, Signal

from core.runs import EndedRun
from core.training.loop import Latest, train
from core.training.messages import Message, Snapshot


class Outbox(Latest[Snapshot]):
    """The slot for snapshots, on which a caller can wait; `tell` is called after each of them."""

    def __init__(self) -> None:
        super().__init__()
        self._filled = threading.Event()
        self.tell: Callable[[], None] = lambda: None

    def put(self, value: Snapshot) -> None:
        super().put(value)
        self._filled.set()
        self.tell()

    def wait(self, seconds: float) -> Snapshot | None:
        """The value put within this time, None if there is none."""
        self._filled.wait(seconds)
        self._filled.clear()
        return self.take()


class TrainingThread(QThread):
    """Runs the training loop; `failed` reports the error that ended it, if any."""

    put = Signal()  # there is something in the slot
    failed = Signal(object)  # the exception

    def __init__(self, inbox: SimpleQueue[Message], outbox: Outbox, parent: QObject) -> None:
        super().__init__(parent)  # a member: an exception may keep this frame's `self` alive
        self._inbox, self._outbox = inbox, outbox
        self.kept: tuple[EndedRun, ...] = ()  # by the error that ended it
        outbox.tell = self.put.emit

    def run(self) -> None:
        try:
            train(self._inbox, self._outbox, self._keep)
        except Exception as error:  # noqa: BLE001 - any error must reach the window
            self.failed.emit(error)

    def _keep(self, runs: tuple[EndedRun, ...]) -> None:
        self.kept = runs
