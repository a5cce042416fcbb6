"""Looks at a session as the window does: one ask, one answer."""

from typing import Any

from core.look.ask import Ask
from core.look.watcher import Watcher
from core.training.messages import Look, Snapshot
from core.training.session import Session


def seen(of: Session | Watcher, *asks: Ask[Any], idle: bool = True) -> Snapshot:
    """A snapshot with the answers to these."""
    watcher = of if isinstance(of, Watcher) else Watcher(of)
    return watcher.snapshot(Look(asks), idle=idle)


def answer(of: Session | Watcher, ask: Ask[Any], *, idle: bool = True) -> Any:
    """The answer to one ask."""
    return seen(of, ask, idle=idle).answer(ask)


def answer_in(snapshot: Snapshot | None, kind: type[Ask[Any]]) -> Any:
    """The answer that a snapshot carries to an ask of this kind, whatever was asked; or None."""
    answers = {} if snapshot is None else snapshot.answers
    return next((said for ask, said in answers.items() if isinstance(ask, kind)), None)
