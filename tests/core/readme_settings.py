"""The README's list of settings, as core/settings.py has them.

`python -m tests.core.readme_settings` writes it anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from core.project import Project
from core.settings import SETTINGS, Real, Setting, Whole, Written

README = Path(__file__).parents[2] / "README.md"
BEGIN, END = "<!-- settings: made of core/settings.py -->\n", "<!-- /settings -->\n"


def table() -> str:
    """The list in Markdown, a line for each setting."""
    head = "| path | name | values | default | in a run |\n|---|---|---|---|---|\n"
    return head + "".join(map(_line, SETTINGS.values()))


def listed(readme: str) -> str:
    """The list that the README has."""
    return readme.partition(BEGIN)[2].partition(END)[0]


def renewed(readme: str) -> str:
    """The README with the list as it is now."""
    return re.sub(f"{BEGIN}.*{END}", lambda _: f"{BEGIN}{table()}{END}", readme, flags=re.DOTALL)


def _line(row: Setting) -> str:
    tip = row.tip[:1].lower() + row.tip[1:]
    if row.none or row.zero:  # which the values say; in a field 0 may stand for null
        tip = re.sub("; 0 (?:is|uses|means) .*", "", tip)
    label = f"{row.title}: {tip}"
    went_on = "continues" if row.in_run else "restarts"
    cells = (f"`{row.path}`", label, _values(row), _first(row), went_on)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _values(row: Setting) -> str:
    if row.choices:
        return ", ".join(f"`{name}`" for name in row.choices)
    words = {Written.FLAG: "true or false"}.get(row.written, "")
    if isinstance(row.limits, Whole):
        words = f"a whole number, {row.limits.least:,} to {row.limits.most:,}"
    if isinstance(row.limits, Real):
        words = _range(row.limits)
    empty = (f"null: {row.none}" if row.none else "", f"0: {row.zero}" if row.zero else "")
    return "; ".join(filter(None, (words, *empty)))


def _range(limits: Real) -> str:
    if limits.allowed:
        return limits.allowed
    low = f"greater than {limits.least:g}" if limits.above else f"{limits.least:g} or more"
    return low if limits.most == float("inf") else f"{low}, at most {limits.most:g}"


def _first(row: Setting) -> str:
    """The value in a new project: of layers, those of its first one."""
    values = set(map(_written, _found(row.path)))
    return values.pop() if len(values) == 1 else ""


def _written(value: Any) -> str:
    text = msgspec.json.encode(value).decode()
    return f"`{text}`" if len(text) < 30 else ""


def _found(path: str) -> Iterator[Any]:
    at: Any = Project()
    for name in path.replace("[]", "").split("."):
        at = at[0] if isinstance(at, tuple) else at
        at = getattr(at, name)
    yield at


if __name__ == "__main__":
    README.write_text(renewed(README.read_text("utf-8")), "utf-8")
