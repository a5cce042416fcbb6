"""Errors in a lesson's file, as one sentence that names the file and the line."""

from __future__ import annotations

from core.errors import LayerwiseError
from core.limits import clip


class LessonError(LayerwiseError):
    """A lesson cannot be used; `line` is the line of the error, counted from 1."""

    def __init__(self, name: str, line: int, reason: str) -> None:
        super().__init__(f"{clip(shown(name))}, line {line}: {shown(reason).rstrip('.')}.")
        self.line = line


UNSEEN = "it has a character that no screen shows as text"


def unseen(text: str) -> bool:
    """Whether text of a file has an unprintable character: control, direction, private use."""
    return any(not (c.isprintable() or c == "\t") or "\ue000" <= c <= "\uf8ff" for c in text)


def shown(text: str) -> str:
    """Text from a file, made safe for a sentence: no control characters, no line ends."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
