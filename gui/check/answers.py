"""The user's answers about a homework file, remembered for that file."""

from __future__ import annotations

import json
import os
from pathlib import Path
from urllib.parse import quote_from_bytes

from PySide6.QtCore import QSettings

from core.check.session import Meanings

MOST = 50  # files with stored answers, the last ones
_KEY = "check/answers"


def answers_for(path: Path) -> Meanings:
    """The answers for a file, "function.parameter" or "function" → a name of the course."""
    return _kept().get(_name(path), {})


def names_and_answers(kept: Meanings) -> tuple[dict[str, str], Meanings]:
    """The answers about functions, course's name → theirs, and about parameters."""
    named = {course: theirs for theirs, course in kept.items() if "." not in theirs}
    return named, {about: name for about, name in kept.items() if "." in about}


def remember(path: Path, answers: Meanings) -> None:
    """Store these answers for the file; an empty set removes it."""
    kept = _kept()
    kept.pop(_name(path), None)
    if answers:
        kept[_name(path)] = dict(answers)
    QSettings().setValue(_KEY, json.dumps(dict(list(kept.items())[-MOST:])))


def _name(path: Path) -> str:
    """The path as plain letters: settings are text, and a file's name need be none."""
    return quote_from_bytes(os.fsencode(path.absolute()))


def _kept() -> dict[str, Meanings]:
    """The entries of the settings that have this form."""
    try:
        found = json.loads(str(QSettings().value(_KEY, "{}")))
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {
        name: {key: value for key, value in one.items() if isinstance(value, str)}
        for name, one in found.items()
        if isinstance(one, dict)
    }
