"""Finds the cells of a table that stand for a missing value."""

from __future__ import annotations

from collections.abc import Collection, Sequence

_ANYWHERE = frozenset(
    (
        "",
        "na",
        "n/a",
        "nan",
        "null",
        "?",
        "-",
        "--",
        "–",
        "—",
        "#n/a",
        "<na>",
        "n.a.",
        "#n/v",
        "nil",
    )
)
_AMONG_NUMBERS = _ANYWHERE | {
    *("none", "missing", "unknown", ".", "..", "...", "#div/0!", "#value!", "#ref!", "#num!"),
    *("#null!", "inf", "-inf", "+inf", "infinity", "-infinity"),
}


def gaps_among(texts: Sequence[str], *, numbers: bool) -> list[bool]:
    """Which of the distinct texts of a column stand for a missing value.

    More words do so among numbers than among names: None may be a category. A minus next to a plus
    is a name, too.
    """
    known: Collection[str] = _AMONG_NUMBERS if numbers else _ANYWHERE
    signs = not numbers and "+" in texts
    return [text.lower() in known and not (signs and text == "-") for text in texts]


def is_gap(text: str) -> bool:
    """Whether a cell stands for a missing value in any column."""
    return text.lower() in _ANYWHERE
