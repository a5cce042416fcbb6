"""A run that was set aside complete, with its thread, until it is restored."""

from __future__ import annotations

from dataclasses import dataclass
from queue import SimpleQueue

from core.by_hand import RunPosition
from core.data.registry import DataRegistry
from core.training.messages import Message, Snapshot
from gui.model.document import SetAside
from gui.model.runs import RunsAside
from gui.model.thread import Outbox, TrainingThread


@dataclass(frozen=True, slots=True)
class LastSeen:
    """A run as it was last seen before an edit replaced it: its iteration, and the earliest one
    that could be visited.
    """

    run: int
    iteration: int
    earliest: int | None


@dataclass(frozen=True, slots=True)
class ParkedDocument:
    """A run that gave its place to another one: whole, at rest, its thread waiting."""

    document: SetAside
    runs: RunsAside
    data: DataRegistry
    run: int
    left: dict[int, LastSeen]
    place: int
    starts: dict[object, RunPosition]
    latest: Snapshot | None
    thread: TrainingThread | None
    inbox: SimpleQueue[Message]
    outbox: Outbox
