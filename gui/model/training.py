"""The window's access to the training thread: sends messages, receives snapshots by frame."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from queue import SimpleQueue
from time import monotonic

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from core.by_hand import Adjustment, Change, RunPosition
from core.data.own import OwnData
from core.edits import only_painted
from core.errors import LayerwiseError
from core.files.storage import Saved
from core.look.ask import Failure
from core.look.state import State
from core.nn.activations import Array
from core.project import Project, check_labels
from core.runs import BUDGET
from core.state import RunState
from core.training.data_source import check_own, check_standardized
from core.training.messages import (
    Adjust,
    Branch,
    Grant,
    Hold,
    Load,
    Look,
    Message,
    Remake,
    Retune,
    Run,
    Snapshot,
    Stop,
    Visit,
)
from core.training.session import Session
from gui.model.data_cache import DataCache
from gui.model.document import Document
from gui.model.pace import Pace
from gui.model.parked import LastSeen, ParkedDocument
from gui.model.runs import Runs
from gui.model.thread import Outbox, TrainingThread
from gui.model.viewers import Viewer, Viewers
from gui.style import text

NOT_BACK = (
    "The run before this edit ({} iterations) does not fit in {} of memory: training starts "
    "from iteration 0."
)
NO_PAST = (
    "The run is back at iteration {}. Its earlier iterations were too large to keep (limit {})."
)
FRAME_MS = 16
FROM_SEED = RunPosition(None)
PATIENCE = 60.0  # seconds to wait for the state of a run
EACH_SEEN = 20  # iterations a second below which every one of them is shown by all
SLOW = 0.05  # seconds between two frames from which on all viewers draw in each


class Training(QObject):
    """The run of the document's project: follows every edit, plays, pauses, announces snapshots."""

    arrived = Signal(object)  # Snapshot
    playing_changed = Signal(object)  # bool
    failed = Signal(object)  # the exception that ended the run, which is kept
    looked_in_vain = Signal(object)  # Failure: something was not computed, and the run continues
    noted = Signal(str)  # a sentence on a run that could not be restored

    def __init__(
        self, document: Document, parent: QObject | None = None, saved: Saved | None = None
    ) -> None:
        super().__init__(parent)
        self._document = document
        self.runs = Runs(self)  # that have ended
        self.data_cache = DataCache(document, self.runs)  # of own data
        self._held = False
        self._viewers = Viewers()
        self._frame = QTimer(self, interval=FRAME_MS)
        self._frame.timeout.connect(self._on_frame)
        # Not by an event of ours: PySide 6.11.3 may end the process when Qt deletes a posted one.
        self._painted = QTimer(self, interval=0, singleShot=True)
        self._painted.timeout.connect(self._on_painted)
        self._pace = Pace(self)
        self._pace.due.connect(self._grant)
        self._left: dict[int, LastSeen] = {}  # at which place of the history of edits
        self._place = document.place
        self._awaited: LastSeen | None = None  # it will be restored
        self._numbers = count(1)  # of the Loads
        self._tickets = count(1)  # of those who wait for the state of the run
        self._run = 0  # the newest of them: a snapshot of another one is never shown
        self._parked: list[ParkedDocument] = []
        # Set by Play: the pace, and the number of iterations.
        self.prepare: Callable[[float], tuple[float, float]] | None = None
        # The start for Reset, if it is not drawn from the seed, and its origin.
        self._starts: dict[object, RunPosition] = {}
        self._thread: TrainingThread | None = None
        self._inbox: SimpleQueue[Message] = SimpleQueue()
        self._outbox = Outbox()
        self._asked = self._again = self._closed = False
        self.latest: Snapshot | None = None
        self.playing = False
        self._told: set[str] = set()  # the details of failures
        self._said_why = False  # the earlier iterations cannot be remade
        self.arrived.connect(self.runs.take)
        document.edited.connect(self._follow)
        self._begin(saved or Saved(document.project))

    def add_viewer(self, viewer: Viewer) -> None:
        """Ask this viewer too before each snapshot; it must live as long as this object."""
        self._viewers.add(viewer)

    def play(self, pace: float = math.inf) -> None:
        """Train, at most this many iterations a second, until paused or until a stopping condition.

        A diverged run starts again.
        """
        self._leave_diverged()
        most = math.inf
        if self.prepare is not None:
            pace, most = self.prepare(pace)
        self._pace.start(pace)
        self._set_playing(True)
        self._post(Run(most, self._pace.first))

    def set_pace(self, pace: float) -> None:
        """Continue at most at this many iterations a second, if it plays."""
        if self.playing:
            self._pace.start(pace)
            self._grant(self._pace.first)

    def pause(self) -> None:
        self._set_playing(False)
        self._post(Run(0))

    def step(self, iterations: int = 1) -> None:
        """Train for this many iterations, then rest; in the past, move forward by as many."""
        seen = self.latest
        if seen is not None and self.visiting:
            self.visit(seen.iteration + iterations)
            return
        self._leave_diverged()
        self._set_playing(False)
        self._post(Run(iterations))

    @property
    def standing(self) -> Snapshot | None:
        """The latest snapshot, unless the run was asked to continue since."""
        return None if self._moved else self.latest

    @property
    def busy(self) -> bool:
        """Whether a snapshot is still expected. At rest, once the last one is drawn, none is."""
        return self._frame.isActive()

    @property
    def visiting(self) -> bool:
        """Whether an earlier iteration is shown than the run has reached."""
        seen = self.latest
        return seen is not None and self.is_current(seen) and seen.iteration < seen.newest

    def visit(self, iteration: int) -> None:
        """Show the run, at rest, as it was after this many updates; any later number means now."""
        self._set_playing(False)
        self._post(Visit(iteration))

    def glance(self, iteration: int) -> None:
        """See the run about as it was then, at once; a `visit` is to follow."""
        self._set_playing(False)
        self._post(Visit(iteration, exact=False))

    def branch(self) -> None:
        """Continue from the visited iteration: a new run, at rest, with the old one's past."""
        self._set_playing(False)
        self._run = next(self._numbers)
        self._post(Branch(self._run))

    def remake(self, wanted: bool = True) -> None:
        """Restore the earlier iterations of a reopened run, while it rests, or stop doing so."""
        self._set_playing(False)
        self._post(Run(0))
        self._post(Remake(wanted))

    @property
    def diverged(self) -> bool:
        """Whether the run has reached numbers from which it cannot continue."""
        seen = self.latest
        return seen is not None and self.is_current(seen) and _has_diverged(seen)

    def _leave_diverged(self) -> None:
        """Start again if the run cannot continue, as its message has said."""
        if self.diverged or not self.alive:
            self._load(keep=False)

    def reset(self) -> None:
        """Back to iteration 0 with the same initial parameters, at rest."""
        self._set_playing(False)
        self._load(keep=False)

    @property
    def alive(self) -> bool:
        """Whether a run answers; an exception ends it until the next edit or Reset."""
        return self._thread is not None

    @property
    def start(self) -> Array | None:
        """The parameters (flat) to which Reset returns, None if they are drawn from the seed."""
        return self.back_to().start

    def back_to(self, stand: Snapshot | None = None) -> RunPosition:
        """The start, its origin, and the state of the run in this snapshot."""
        starts = self._starts  # in each frame: nearly always none, and a shape takes its time
        began = starts.get(_shape_of(self._document.project), FROM_SEED) if starts else FROM_SEED
        return began if stand is None else replace(began, state=stand.state)

    @property
    def own(self) -> OwnData | None:
        """The own data of the project, if it has any."""
        return self.data_cache.own

    def bring(self, own: OwnData | None) -> None:
        """Keep own data for an edit that is about to choose them, and for its undo and redo."""
        if own is not None:
            self.data_cache.bring(own)

    def is_current(self, snapshot: Snapshot) -> bool:
        """Whether the snapshot belongs to the current run."""
        return snapshot.run == self._run

    def open(self, saved: Saved) -> None:
        """Open this, which `check_run` has accepted, as the document, at rest, with the run in its
        saved state; this cannot be undone. Raises LayerwiseError, having changed nothing, if a
        value is outside its limits.
        """
        self.bring(saved.own)  # listeners of the document look for them
        self._held = True
        try:
            self._document.replace(saved.project)
        finally:
            self._held = False
        self._set_playing(False)
        self._begin(saved)

    def park(self, saved: Saved) -> None:
        """Set the document and its run aside complete, and open this as `open` does; `unpark`
        restores them. Raises LayerwiseError, having changed nothing.
        """
        check_run(saved)
        self.pause()
        data = self.data_cache.set_aside()
        self.bring(saved.own)  # listeners of the document look for them
        self._held = True
        try:
            aside = self._document.set_aside(saved.project)
        except LayerwiseError:
            self.data_cache.bring_back(data)
            raise
        finally:
            self._held = False
        self._frame.stop()
        self._painted.stop()
        runs = self.runs.park()
        self._parked.append(
            ParkedDocument(
                *(aside, runs, data, self._run, self._left, self._place, self._starts),
                *(self.latest, self._thread, self._inbox, self._outbox),
            )
        )
        self._left, self._starts, self._thread = {}, {}, None
        self._begin(saved)

    def unpark(self) -> None:
        """Restore the run that was parked last; the current one is dropped."""
        parked = self._parked.pop()
        self._set_playing(False)
        self._end_thread()
        self._held = True
        self.data_cache.bring_back(parked.data)
        self._thread, self._inbox, self._outbox = parked.thread, parked.inbox, parked.outbox
        self._run, self._left, self._place = parked.run, parked.left, parked.place
        self._starts, self._awaited, self.latest = parked.starts, None, parked.latest
        self._asked = self._again = self._granted = self._look_due = self._moved = False
        self.runs.unpark(parked.runs)
        try:
            self._document.bring_back(parked.document)
        finally:
            self._held = False
        if self._thread is not None:
            self._outbox.take()  # requested before it was parked
            self.refresh()

    def stand(self, patience: float = math.inf) -> Snapshot | None:
        """A snapshot with its `state`, taken now; waits for the current iteration.

        None if that takes more than `patience` seconds or the thread has failed.
        """
        if self._thread is None:
            return None
        deadline = monotonic() + patience
        now = State(next(self._tickets))  # an earlier request may be answered first, before an edit
        self._inbox.put(Look((now,)))
        while monotonic() < deadline and not self._thread.isFinished():
            snapshot = self._outbox.wait(0.02)
            answered = snapshot is not None and snapshot.answer(now) is not None
            if snapshot is not None and answered and self.is_current(snapshot):
                self.runs.take(snapshot)
                break
        else:
            snapshot = None
        if self._asked:  # the answer may have been skipped
            self._asked = self._again = self._moved = False
            self._ask(full=True)
        return snapshot

    def refresh(self) -> None:
        """Ask for a new snapshot, because some viewer's asks have changed."""
        self._post(None)

    def close(self) -> None:
        """Stop the thread for good and wait for it: one iteration at most."""
        self._closed = True
        self._frame.stop()
        self._painted.stop()
        self._pace.stop()
        self._end_thread()
        for parked in self._parked:
            self._thread, self._inbox = parked.thread, parked.inbox
            self._end_thread()
        self._parked.clear()

    def _end_thread(self) -> None:
        if self._thread is not None:
            self._inbox.put(Stop())
            self._thread.wait()
            self._thread.deleteLater()
            self._thread = None

    def _follow(self, old: Project, new: Project, change: Change | None) -> None:
        """Load for changes that need a new run, retune or adjust for others."""
        if self._held:
            return
        if isinstance(change, RunPosition):
            self._stand_at(change)
        elif old != new:
            self._follow_project(old, new, change)
        elif change is not None:
            self._place = self._document.place
            self._post(Adjust(change))

    def _stand_at(self, standing: RunPosition) -> None:
        """Go, at rest, to a saved state of the run or to another start."""
        self._set_playing(False)
        self._set_start(standing)
        self._move(keep=False, state=standing.state)

    def _set_start(self, standing: RunPosition) -> None:
        shape = _shape_of(self._document.project)
        if standing.start is None:
            self._starts.pop(shape, None)
        else:
            self._starts[shape] = replace(standing, state=None)

    def _follow_project(self, old: Project, new: Project, by_hand: Adjustment | None) -> None:
        if what_is_trained(old) == what_is_trained(new):
            self._place = self._document.place
            self._post(Retune(new))
            if by_hand is not None:
                self._post(Adjust(by_hand))
            return
        painted = only_painted(old, new)
        keep = painted or _start_of(old) == _start_of(new)
        onward = painted and _shape_of(old) == _shape_of(new)
        if onward:
            self._load(keep=keep, by_hand=by_hand, onward=True)
        else:
            self._move(keep=keep, by_hand=by_hand)

    def _move(
        self, keep: bool, state: RunState | None = None, by_hand: Adjustment | None = None
    ) -> None:
        """An edit starts another run; undo or redo returns to the one left there, if it is kept."""
        seen, place = self.latest, self._document.place
        if seen is not None and self.is_current(seen):
            self._left[self._place] = LastSeen(self._run, seen.newest, seen.earliest)
        self._awaited = self._left.pop(place, None)
        if self._awaited is not None:
            self.runs.withdraw(self._awaited.run)
        self._load(keep=keep, state=state, by_hand=by_hand, back=place)

    def _begin(self, saved: Saved) -> None:
        self.data_cache.clear()
        self._left.clear()
        self._awaited = None
        self.bring(saved.own)
        self._starts.clear()
        self._set_start(RunPosition(saved.start))
        self._load(keep=False, state=saved.state, opens=True)
        self.runs.show(saved.runs, before=self._run)

    def _load(
        self,
        keep: bool,
        state: RunState | None = None,
        by_hand: Adjustment | None = None,
        onward: bool = False,
        back: int | None = None,
        opens: bool = False,
    ) -> None:
        left, self._place = None if opens else self._place, self._document.place
        if self._closed:
            return  # an edit after closing stays in the document; no thread starts
        self._run = next(self._numbers)
        if self._thread is None:
            self._start_thread()
        project = self._document.project
        run, start, own = self._run, self.start, self.own
        self._post(Load(project, run, keep, start, own, state, by_hand, onward, left, back))
        if self.playing:
            self._post(Run(math.inf, self._pace.first))

    def _start_thread(self) -> None:
        self._inbox, self._outbox = SimpleQueue(), Outbox()
        self._asked = False  # at most one snapshot is on its way ...
        self._again = False  # ... and it may be older than the last message posted
        self._granted = False  # ... or than the last grant
        self._look_due = False  # a snapshot is due in the next frame
        self._asked_full = True
        self._asked_at = self._framed = 0.0
        self._thread = TrainingThread(self._inbox, self._outbox, self)
        self._thread.put.connect(self._on_put)
        self._thread.failed.connect(self._on_failed)
        self._thread.start()

    def _post(self, message: Message | None) -> None:
        if self._thread is None:
            return
        if message is not None:
            self._inbox.put(message)
            self._moved = True
        self._again = self._asked
        self._ask(full=not self.playing)
        if not self._frame.isActive():  # restarted by each mouse move, it would never time out
            self._frame.start()

    @Slot(object)
    def _grant(self, iterations: float) -> None:
        """Let a slow run continue, and look again; at a very slow pace when the
        iteration is made.
        """
        if self._thread is None:
            return
        self._inbox.put(Grant(iterations))
        self._granted = True
        if not self._frame.isActive():
            self._frame.start()
            self._look_due = self._pace.rate < EACH_SEEN
            if not self._look_due:
                self._ask(full=False)

    def _ask(self, full: bool) -> None:
        self._granted = self._look_due = False
        self._painted.stop()  # requested now
        if not self._asked:
            last, self._asked_at = self._asked_at, monotonic()
            full = full or self._asked_at - last > SLOW or self._pace.rate < EACH_SEEN
            self._asked, self._asked_full = True, full
            self._inbox.put(self._viewers.look(self._document.project.sizes(), full=full))

    @Slot()
    def _on_put(self) -> None:
        """A result that is awaited at rest need not wait for the next frame too."""
        waited = monotonic() - self._framed >= FRAME_MS / 1000
        # If two were put while the window was busy, the first call has taken the newer.
        if waited and self._outbox.filled and not self.playing and self._thread is not None:
            self._frame.start()
            self._on_frame()

    @Slot()
    def _on_frame(self) -> None:
        snapshot = self._outbox.take()
        if snapshot is None:  # the thread is still busy: skip this frame
            if self._look_due:
                self._ask(full=True)
            return
        self._asked, self._framed = False, monotonic()
        self._painted.stop()
        if not (snapshot.idle or snapshot.waiting):
            self._inbox.put(Hold())
        if snapshot.run == self._run:
            self.latest, self._moved = snapshot, self._again
            if snapshot.halt is not None or (snapshot.idle and not self._again):
                self._set_playing(False)
            self._viewers.show(snapshot)
            self.arrived.emit(snapshot)
            self._tell_of_failures(snapshot)
            self._say_what_is_missing(snapshot)
            self._say_why_not_remade(snapshot)
        if self._asked:
            return  # a viewer, shown this one, requested another
        rests = snapshot.idle and self._asked_full and snapshot.remade is None
        waits = snapshot.waiting and not self._granted
        if (rests or waits) and not self._again:
            self._frame.stop()  # nothing can change until the next message
        else:
            self._again = False
            if snapshot.idle:
                self._ask(full=True)
            else:  # after painting: a slow panel slows the frames, and never grows a queue
                self._painted.start()

    def _tell_of_failures(self, snapshot: Snapshot) -> None:
        """Once each; a failure with only a sentence is reported by its panel."""
        answers = snapshot.answers.values()
        found = [said for said in answers if isinstance(said, Failure)]
        for failure in (*snapshot.failures, *found):
            if failure.details and failure.details not in self._told:
                self._told.add(failure.details)
                self.looked_in_vain.emit(failure)

    def _say_what_is_missing(self, snapshot: Snapshot) -> None:
        """Report what is missing of a run that was to be restored."""
        left, self._awaited = self._awaited, None
        if left is None:
            return
        room = text.bytes_(BUDGET)
        if snapshot.newest < left.iteration:
            self.noted.emit(NOT_BACK.format(text.count(left.iteration), room))
        elif left.earliest is not None and (snapshot.earliest or left.iteration) > left.earliest:
            self.noted.emit(NO_PAST.format(text.count(left.iteration), room))

    def _say_why_not_remade(self, snapshot: Snapshot) -> None:
        """Once each time that it was wanted."""
        if snapshot.not_remade and not self._said_why:
            self.noted.emit(snapshot.not_remade)
        self._said_why = bool(snapshot.not_remade)

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        """The thread has ended; the next Load starts a fresh one."""
        if self.sender() is not self._thread:
            return  # a parked one, which was at rest
        self._frame.stop()
        self._painted.stop()
        if self._thread is not None:
            self._thread.wait()
            self.runs.keep(self._thread.kept)
            self._thread.deleteLater()
            self._thread = None
        self._set_playing(False)
        self.failed.emit(error)

    def _set_playing(self, playing: bool) -> None:
        if not playing:
            self._pace.stop()
        if playing != self.playing:
            self.playing = playing
            self.playing_changed.emit(playing)

    @Slot()
    def _on_painted(self) -> None:
        """The drawing has been painted: a timer of 0 ms comes after posted events."""
        self._ask(full=self.visiting)


def _has_diverged(snapshot: Snapshot) -> bool:
    return snapshot.halt is not None and snapshot.halt.diverged


def _shape_of(project: Project) -> object:
    """The shape that parameters must fit for Reset to return to them."""
    network = project.network.structure
    return network, project.data.features, project.sizes(), project.training.dtype


def check_run(saved: Saved) -> None:
    """Raise LayerwiseError if the project cannot be run, or the run does not belong to it, before
    any of it is opened.
    """
    check_labels(saved.project)
    if saved.own is not None:
        check_own(saved.project, saved.own)
        check_standardized(saved.project, saved.own)
    if saved.state is not None:
        Session(saved.project, own=saved.own, state=saved.state)


def what_is_trained(project: Project) -> object:
    """The part of a project that identifies a run: everything else can change during it."""
    return project.data, project.network.structure, project.training.dtype


def _start_of(project: Project) -> tuple[object, ...]:
    """The start of a run: when it changes, no old parameters are kept."""
    data, network = project.data, project.network
    return (data.source, data.own, network.initializer, network.scale, network.seed)
