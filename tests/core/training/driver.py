"""A training loop on a thread of its own, driven as the window drives it."""

from __future__ import annotations

import time
from queue import SimpleQueue
from threading import Thread

from core.training.loop import Latest, train
from core.training.messages import Look, Message, Snapshot, Stop


class Driver:
    """A training thread, and the window's side of it."""

    def __init__(self):
        self.inbox: SimpleQueue[Message] = SimpleQueue()
        self.outbox: Latest[Snapshot] = Latest()
        self.error: Exception | None = None
        self.thread = Thread(target=self._run)
        self.thread.start()

    def _run(self):
        try:
            train(self.inbox, self.outbox)
        except Exception as error:  # noqa: BLE001 - kept for the test to see
            self.error = error

    def post(self, *messages):
        for message in messages:
            self.inbox.put(message)

    def look(self, *asks):
        """A snapshot with the answers to these."""
        self.post(Look(asks))
        return self.answer()

    def ask(self, ask):
        """The answer to this."""
        return self.look(ask).answer(ask)

    def answer(self):
        while (snapshot := self.outbox.take()) is None:
            assert self.thread.is_alive()
            time.sleep(0.0005)
        return snapshot

    def wait(self, iteration):
        while (snapshot := self.look()).iteration < iteration and snapshot.halt is None:
            time.sleep(0.002)
        return snapshot

    def settled(self, *messages):
        """The snapshot in which the run stands after these."""
        self.post(*messages)
        while not (snapshot := self.look()).idle:
            pass
        return snapshot

    def stop(self):
        self.post(Stop())
        self.thread.join()
