"""The window's only way to the training thread: post messages in, receive snapshots by frame."""

from __future__ import annotations

import math
from queue import SimpleQueue
from typing import Protocol

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from core.nn.activations import Array
from core.project import Project
from core.training.loop import Latest, train
from core.training.messages import Load, Look, Message, Retune, Run, Snapshot, Stop
from gui.document import Document

FRAME_MS = 16


class Viewer(Protocol):
    """Whoever draws snapshots says, when asked, what the next one must carry."""

    def look(self, full: bool) -> Look: ...


class _Thread(QThread):
    failed = Signal(object)  # the exception

    def __init__(self, inbox: SimpleQueue[Message], outbox: Latest[Snapshot]) -> None:
        super().__init__()
        self._inbox, self._outbox = inbox, outbox

    def run(self) -> None:
        try:
            train(self._inbox, self._outbox)
        except Exception as error:  # noqa: BLE001 - whatever it was, the window must hear of it
            self.failed.emit(error)


class Training(QObject):
    """The run of the document's project: follows every edit, plays, pauses, tells of snapshots."""

    arrived = Signal(object)  # Snapshot
    playing_changed = Signal(object)  # bool
    failed = Signal(object)  # the exception that ended the run

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._viewers: list[Viewer] = []
        self._frame = QTimer(self, interval=FRAME_MS)
        self._frame.timeout.connect(self._on_frame)
        self._run = 0  # counts the Loads: a snapshot of an older one is never shown
        self._weights: Array | None = None  # what Reset goes back to, if not drawn from the seed
        self._thread: _Thread | None = None
        self.latest: Snapshot | None = None
        self.playing = False
        document.changed.connect(self._follow)
        self._load(keep=False)

    def add_viewer(self, viewer: Viewer) -> None:
        """Ask this viewer too before each snapshot; it lives as long as this object does."""
        self._viewers.append(viewer)

    def play(self) -> None:
        """Train until paused or the set number of iterations is reached."""
        self._set_playing(True)
        self._post(Run(math.inf))

    def pause(self) -> None:
        self._set_playing(False)
        self._post(Run(0))

    def step(self, iterations: int = 1) -> None:
        """Train for this many iterations, then rest."""
        self._set_playing(False)
        self._post(Run(iterations))

    def reset(self) -> None:
        """Back to iteration 0 with the same initial parameters, at rest."""
        self._set_playing(False)
        self._load(keep=False)

    def load_weights(self, flat: Array) -> None:
        """Start a new run, at rest, from these parameters (flat); Reset leads back here."""
        self._set_playing(False)
        self._weights = flat
        self._load(keep=False)

    def refresh(self) -> None:
        """Ask for a fresh snapshot: what some viewer wants has changed."""
        self._post(None)

    def close(self) -> None:
        """Stop the thread and wait for it: one iteration at most."""
        self._frame.stop()
        if self._thread is not None:
            self._inbox.put(Stop())
            self._thread.wait()
            self._thread = None

    def _follow(self, old: Project, new: Project) -> None:
        """Load what needs a new run, retune what does not."""
        if (old.data, old.network, old.training.dtype) == (
            new.data,
            new.network,
            new.training.dtype,
        ):
            self._post(Retune(new))
            return
        if (old.network, old.data.features, old.training.dtype) != (
            new.network,
            new.data.features,
            new.training.dtype,
        ):
            self._weights = None
        self._load(keep=_start_of(old) == _start_of(new))

    def _load(self, keep: bool) -> None:
        self._run += 1
        if self._thread is None:
            self._start_thread()
        self._post(Load(self._document.project, self._run, keep, self._weights))
        if self.playing:
            self._post(Run(math.inf))

    def _start_thread(self) -> None:
        self._inbox: SimpleQueue[Message] = SimpleQueue()
        self._outbox: Latest[Snapshot] = Latest()
        self._asked = False  # at most one snapshot is ever on its way ...
        self._again = False  # ... and it may be older than the last message posted
        self._asked_full = True
        self._thread = _Thread(self._inbox, self._outbox)
        self._thread.failed.connect(self._on_failed)
        self._thread.start()

    def _post(self, message: Message | None) -> None:
        if self._thread is None:
            return
        if message is not None:
            self._inbox.put(message)
        self._again = self._asked
        self._ask(full=True)
        self._frame.start()

    def _ask(self, full: bool) -> None:
        if not self._asked:
            self._asked, self._asked_full = True, full
            look = Look()
            for viewer in self._viewers:
                look = look | viewer.look(full)
            self._inbox.put(look)

    @Slot()
    def _on_frame(self) -> None:
        snapshot = self._outbox.take()
        if snapshot is None:
            return  # the thread is still busy: skip this frame
        self._asked = False
        if snapshot.run == self._run:
            self.latest = snapshot
            if snapshot.halt is not None or (snapshot.idle and not self._again):
                self._set_playing(False)
            self.arrived.emit(snapshot)  # viewers draw here; training goes on meanwhile
        if self._asked:
            return  # a viewer, shown this one, asked for another
        if snapshot.idle and not self._again and self._asked_full:
            self._frame.stop()  # nothing can change until the next message
        else:
            # only now, after drawing: a slow panel slows the frames, never grows a queue
            full = snapshot.idle
            self._again = False
            self._ask(full)

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        """The thread has ended; the next Load starts a fresh one."""
        self._frame.stop()
        if self._thread is not None:
            self._thread.wait()
            self._thread = None
        self._set_playing(False)
        self.failed.emit(error)

    def _set_playing(self, playing: bool) -> None:
        if playing != self.playing:
            self.playing = playing
            self.playing_changed.emit(playing)


def _start_of(project: Project) -> tuple[object, ...]:
    """What a run starts from: when it changes, none of the old parameters are kept."""
    data, network = project.data, project.network
    return (data.source, data.own, network.initializer, network.scale, network.seed)
