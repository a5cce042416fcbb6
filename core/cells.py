"""Text as a spreadsheet cell that is never read as a formula."""

from __future__ import annotations

import re
from collections.abc import Iterable

_FORMULA = ("=", "+", "-", "@")
_BREAK = re.compile(r"[^\S ]+")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


def cell(text: str) -> str:
    """The text in one line, with the apostrophe before it that makes a formula text.

    A number stays a number.
    """
    line = _BREAK.sub(" ", text)
    return f"'{line}" if line.startswith(_FORMULA) and not _NUMBER.fullmatch(line) else line


def line_of(cells: Iterable[str]) -> str:
    """A row as spreadsheets paste it: tabs between the cells."""
    return "\t".join(map(cell, cells))
