"""Where a number is used next, as chips to follow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from core.walk.entry import Entry, is_per_example, name
from core.walk.record import Record
from core.walk.uses import Use, uses
from gui.style import text

_EACH = 4  # numbers of a group that have a chip each
_MOST = 12


@dataclass(frozen=True, slots=True)
class GoalChip:
    """A number, or one that represents a group: the text of its chip, and the number it opens."""

    text: str
    hint: str
    entry: Entry


def goals_of(record: Record, entry: Entry, column: int) -> tuple[GoalChip, ...]:
    """The uses of that number; for a group over the examples, the one of `column` is opened."""
    groups = uses(record, entry)
    listed = [goal for use in groups for goal in _goals(record, use, column, _EACH)]
    if len(listed) > _MOST:
        listed = [goal for use in groups for goal in _goals(record, use, column, 1)]
    return tuple(listed[:_MOST])


def example_column(record: Record, example: int | None) -> int:
    """The column of the selected training example, or the first if it is not in this record."""
    if example is None:
        return 0
    if not record.batch:
        return example if example < record.m else 0
    found = (record.examples == example).nonzero()[0]
    return int(found[0]) if len(found) else 0


def _goals(record: Record, use: Use, column: int, each: int) -> Iterator[GoalChip]:
    if use.count <= each:
        yield from _single(use.first(each))
        return
    of_examples = is_per_example(use.target) and use.column is None
    row = 0 if use.row is None else use.row
    at = column if of_examples else 0 if use.column is None else use.column
    letter = "k" if of_examples else "i" if use.row is None else "j"
    words = name(
        use.target,
        use.layer,
        "i" if use.row is None else use.row,
        use.column if use.column is not None else letter,
    )
    chosen = Entry(use.target, use.layer, row, at)
    every = f"{letter} = 1…{text.count(use.count)}"
    yield GoalChip(f"{words}, {every}", f"{use.text}. Opens {chosen.symbol}.", chosen)


def _single(entries: Iterable[Entry]) -> Iterator[GoalChip]:
    for entry in entries:
        yield GoalChip(entry.symbol, f"Open {entry.symbol}, which uses this number", entry)
