"""The source code of homework (a `.py` file or notebook cells), with the origin of each line."""

from __future__ import annotations

import ast
import codecs
import json
import re
from dataclasses import dataclass

from core.errors import LayerwiseError

MOST_LINES = 50_000
PYTHON_2 = "Python 2 `print` statements were read as print(…)."
# Only an interactive session understands these: magics, shell lines, help.
_MAGIC = re.compile(r"^\s*(%|!|\?|[\w.]+\?+\s*$)")
_ASSIGNED_MAGIC = re.compile(r"^(\s*)(\w+)\s*=\s*[!%].*$")
_PRINT_STATEMENT = re.compile(r"^(\s*)print[ \t]+(?![=(])(.+?)\s*$")
_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of the student's own file: its number and, in a notebook, the number of
    its code cell.
    """

    line: int
    cell: int | None = None

    def __str__(self) -> str:
        return f"line {self.line}" if self.cell is None else f"cell {self.cell}, line {self.line}"


@dataclass(frozen=True, slots=True)
class Homework:
    """The code of one file: lines from 1, each with its place, and the changes made to read it."""

    name: str
    lines: tuple[str, ...]
    places: tuple[SourceLine, ...]
    tree: ast.Module
    notes: tuple[str, ...] = ()

    @property
    def python_2(self) -> bool:
        """Whether it was written for Python 2: its print statements were rewritten."""
        return PYTHON_2 in self.notes

    def place(self, line: int) -> SourceLine:
        """The place of a line of the joined code in the student's file."""
        return self.places[min(max(line, 1), len(self.places)) - 1]

    def definition(self, name: str) -> int:
        """The line at which a function of this name begins; 0 if there is none."""
        node = self.function(name)
        return 0 if node is None else node.lineno

    def function(self, name: str) -> ast.FunctionDef | ast.ClassDef | ast.Assign | None:
        """The last definition of a name, `name = lambda …` too; None if there is none."""
        found: ast.FunctionDef | ast.ClassDef | ast.Assign | None = None
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                here = node.name == name
            elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
                here = [name] == [t.id for t in node.targets if isinstance(t, ast.Name)]
            else:
                continue
            if here and (found is None or node.lineno > found.lineno):
                found = node
        return found

    def around(self, line: int, more: int = 2) -> list[tuple[SourceLine, str, bool]]:
        """The line with its neighbours of the same cell: place, text, whether it is the line."""
        cell = self.place(line).cell
        rows = range(max(1, line - more), min(len(self.lines), line + more) + 1)
        return [
            (self.place(row), self.lines[row - 1], row == line)
            for row in rows
            if self.place(row).cell == cell
        ]


def parse(name: str, content: bytes) -> Homework:
    """Read the bytes of a `.py` or `.ipynb` file; raises LayerwiseError naming file and line."""
    notebook = name.lower().endswith(".ipynb")
    notes: list[str] = []
    cells = _cells(name, content) if notebook else [(None, _decoded(name, content, notes))]
    lines: list[str] = []
    places: list[SourceLine] = []
    for cell, text in cells:
        for number, line in enumerate(_plain_lines(text, notes), start=1):
            lines.append(line)
            places.append(SourceLine(number, cell))
    if len(lines) > MOST_LINES:
        raise LayerwiseError(f"{name} cannot be checked: it has {len(lines):,} lines.")
    tree, lines = _parsed(name, lines, places, notes)
    return Homework(name, tuple(lines), tuple(places) or (SourceLine(1),), tree, tuple(notes))


def _cells(name: str, content: bytes) -> list[tuple[int | None, str]]:
    """The code cells of a notebook, numbered from 1 in order."""
    try:
        found = json.loads(content.decode("utf-8-sig"))
        cells = found["cells"] if "cells" in found else found["worksheets"][0]["cells"]
        codes = [cell for cell in cells if cell.get("cell_type") == "code"]
        texts = [cell.get("source", cell.get("input", "")) for cell in codes]
        return [
            (number, text if isinstance(text, str) else "".join(map(str, text)))
            for number, text in enumerate(texts, start=1)
        ]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        raise LayerwiseError(
            f"{name} cannot be checked: it is not a Jupyter notebook. Save it again in Jupyter,"
            " or export it as a .py file."
        ) from None


def _decoded(name: str, content: bytes, notes: list[str]) -> str:
    if b"\0" in content:
        raise LayerwiseError(f"{name} cannot be checked: it is not a text file.")
    encoding = "utf-8-sig"
    for line in content.splitlines()[:2]:
        if (cookie := _COOKIE.match(line)) is not None:
            encoding = cookie[1].decode("ascii")
    try:
        codecs.lookup(encoding)
        return content.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        notes.append("The file is not UTF-8; it was read as Latin-1.")
        return content.decode("latin-1")


def _plain_lines(text: str, notes: list[str]) -> list[str]:
    """The lines of one cell or file, magics blanked; a cell of another language is blank."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(8).split("\n")
    if (
        lines
        and lines[0].lstrip().startswith("%%")
        and not re.match(r"\s*%%(time|timeit|capture|prun)\b", lines[0])
    ):
        return [""] * len(lines)
    plain = []
    for line in lines:
        if _MAGIC.match(line):
            indent = line[: len(line) - len(line.lstrip())]
            plain.append(f"{indent}pass" if indent else "")
        elif (assigned := _ASSIGNED_MAGIC.match(line)) is not None:
            plain.append(f"{assigned[1]}{assigned[2]} = None")
        else:
            plain.append(line)
    return plain


def _parsed(
    name: str, lines: list[str], places: list[SourceLine], notes: list[str]
) -> tuple[ast.Module, list[str]]:
    """The syntax tree; cells that do not parse are left out, Python 2 prints are rewritten."""
    for _ in range(len({place.cell for place in places}) + 1):
        try:
            return ast.parse("\n".join(lines) + "\n"), lines
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            row = getattr(error, "lineno", None) or 1
            place = places[min(row, len(places)) - 1]
            rewritten = _without_print_statements(lines)
            if rewritten != lines:
                notes.append(PYTHON_2)
                lines = rewritten
                continue
            if place.cell is None:
                message = getattr(error, "msg", None) or "it cannot be parsed"
                raise LayerwiseError(
                    f"{name} cannot be checked: {place} is not Python 3 ({message})."
                ) from None
            notes.append(f"Cell {place.cell} is not valid Python and was left out ({place}).")
            lines = [
                "" if at.cell == place.cell else line
                for line, at in zip(lines, places, strict=True)
            ]
    raise LayerwiseError(f"{name} cannot be checked: its cells are not Python 3.")


def _without_print_statements(lines: list[str]) -> list[str]:
    return [_PRINT_STATEMENT.sub(r"\1print(\2)", line) for line in lines]
