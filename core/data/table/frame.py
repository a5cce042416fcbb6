"""Detects the format of a table: separator, titles, comments, column names and units."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice

from core.data.numbers import Decimal, number, spelled
from core.data.own import clean
from core.data.table.gaps import is_gap
from core.data.table.mark import TableMark, marked
from core.data.table.records import QUOTE, SPACE, TableRecord, is_comment, records
from core.data.table.source import Source, fault
from core.data.table_text import as_named
from core.errors import LayerwiseError

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar", " ": "space"}
HEAD = 2**22  # characters for guessing
LOOKED_AT = 60  # records for guessing
_SEP = re.compile(r'\s*"?sep=(?P<delimiter>[,;|\t])"?\s*(?:\r\n|\r|\n)', re.IGNORECASE)
_UNIT = re.compile(r"[\[(<]?[^\d\[\]()]{0,10}[\d²³]?[^\d\[\]()]{0,6}[\])>]?")
MOST_COLUMNS = 1000  # rows that are examined for guessing
_MOST_CELLS = 50  # cells of a row that are examined for guessing
_MOST_COMMENTS = 1000  # above a table


@dataclass(frozen=True, slots=True)
class Format:
    """The format of a table; `skip` lines before it are skipped."""

    delimiter: str
    decimal: Decimal
    header: bool
    skip: int = 0


@dataclass(slots=True)
class TableFrame:
    """The names of the columns and the records below them, all of the same width.

    `nameless` are the columns without a name in the table. `broken` grows while the records are
    read: a sentence for each invalid one. `passed` says which lines that are not rows were skipped.
    `mark` describes the label in a table written by Layerwise.
    """

    names: list[str]
    nameless: frozenset[int]
    rows: Iterator[TableRecord]
    broken: dict[int, str] = field(default_factory=dict)  # by line
    passed: list[str] = field(default_factory=list)
    mark: TableMark | None = None


def guess(source: Source) -> Format:
    """How the table is probably written, from its first records."""
    text = source.text
    head = replace(source, content=text[:HEAD].encode(), encoding="utf-8")
    declared = _SEP.match(text)
    skip = 1 if declared else 0
    best, found = 0.0, Format(max(DELIMITERS, key=text[:1000].count), ".", header=True, skip=skip)
    for delimiter in (declared["delimiter"],) if declared else DELIMITERS:
        try:
            lines = records(head, delimiter, skip=skip, most_empty=_MOST_COMMENTS)
            rows = list(islice(_uncommented(lines, delimiter), LOOKED_AT))
        except LayerwiseError:
            continue
        width, count = _usual_width(rows)
        if width == 1 and not declared:
            continue
        cells = [row.cells(delimiter) for row in rows if row.width == width]
        for decimal in _decimals(delimiter, text):
            flat = [cell for row in cells for cell in row[:_MOST_CELLS] if not is_gap(cell)]
            numbers = sum(_likeness(cell, decimal) for cell in flat) / max(len(flat), 1)
            wider = 0.0 if delimiter == SPACE else width / 1e6  # cells may hold spaces
            score = count / len(rows) + numbers + wider
            if score > best:
                best, found = score, _format(rows, delimiter, decimal, skip)
    return found


def _decimals(delimiter: str, text: str) -> tuple[Decimal, ...]:
    """A comma that parts the cells is in a number only within quotes."""
    return (".", ",") if delimiter != "," or QUOTE in text[:HEAD] else (".",)


def _usual_width(rows: Sequence[TableRecord]) -> tuple[int, int]:
    """The number of cells that most records have, and how many have it."""
    widths = Counter(row.width for row in rows if row.width)
    return widths.most_common(1)[0] if widths else (1, 0)


def _format(rows: Sequence[TableRecord], delimiter: str, decimal: Decimal, skip: int) -> Format:
    width, _ = _usual_width(rows)
    first = next((i for i, row in enumerate(rows) if _begins(row, width, delimiter)), 0)
    if first:
        skip = rows[first].line - 1
    cells = [row.cells(delimiter) for row in rows[first : first + 20] if row.width]
    return Format(delimiter, decimal, _has_header(cells, width, decimal), skip)


def _begins(row: TableRecord, width: int, delimiter: str) -> bool:
    """Whether a table can begin here: a title is alone in its line."""
    if row.width not in (width - 1, width, width + 1) or (row.width == 1 and width > 1):
        return False
    written = [cell for cell in row.cells(delimiter) if cell]
    return len(written) > 1 or width < 3


def open_frame(source: Source, format: Format) -> TableFrame:
    """Names and records in this format; raises LayerwiseError naming the table if it has none.

    Records of another width and the row of units are skipped, and reported in the frame.
    """
    comments: list[str] = []
    stream = _uncommented(
        records(source, format.delimiter, skip=format.skip), format.delimiter, comments
    )
    head = list(islice(stream, LOOKED_AT))
    if not any(row.width for row in head):
        broken = f"line {head[0].line}: {head[0].fault}" if head else "it is empty"
        raise fault(source.name, broken)
    below = head[1:] if format.header and len(head) > 1 else head
    width, _ = _usual_width(below)
    if not any(row.width for row in below):
        raise fault(source.name, f"line {below[0].line}: {below[0].fault}")
    if not format.header:
        return _filled(TableFrame(_names_above(comments, width), frozenset(), iter(())),
                       chain(head, stream), width, format)  # fmt: skip
    cells = head[0].cells(format.delimiter)
    trailing = all(not row.cells(format.delimiter)[-1] for row in below if row.width == width)
    if len(cells) == width - 1:  # R names no rows; others end every row with a separator
        cells = [*cells, ""] if trailing else ["", *cells]
    while len(cells) > width and not cells[-1]:
        cells.pop()
    if len(cells) != width and len(below) > 0 and below is not head:
        raise fault(
            source.name,
            f"line {head[0].line} names {len(cells):,} columns, and the rows below have"
            f" {width:,} cells",
        )
    frame = TableFrame(cells, frozenset(i for i, name in enumerate(cells) if not name), iter(()))
    rest = head[1:]
    if rest and _are_units(rest, width, format):
        frame.passed.append(f"line {rest[0].line}, a row of units")
        rest = rest[1:]
    return _filled(frame, chain(rest, stream), width, format)


def _filled(
    frame: TableFrame, rows: Iterator[TableRecord], width: int, format: Format
) -> TableFrame:
    """The frame with names for all columns, none twice, and the rows that fit."""
    frame.mark, frame.names = marked(frame.names)
    seen: Counter[str] = Counter()
    names = []
    for i in range(width):
        given = clean(as_named(frame.names[i])) if i < len(frame.names) and frame.names[i] else ""
        name = given or (f"column {i + 1}" if format.header else f"x{i + 1}")
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    frame.names = names
    frame.rows = _even(frame, rows, width, format.delimiter)
    return frame


def _even(
    frame: TableFrame, rows: Iterator[TableRecord], width: int, delimiter: str
) -> Iterator[TableRecord]:
    for row in rows:
        if row.width == width:
            yield row
        elif row.width > width and not any(row.cells(delimiter)[width:]):
            quoted = (cell.replace(QUOTE, 2 * QUOTE) for cell in row.cells(delimiter)[:width])
            yield TableRecord(row.line, delimiter.join(f'"{cell}"' for cell in quoted), width)
        else:
            reason = f"it has {_cells(row.width)} instead of {width:,}"
            frame.broken[row.line] = row.fault or reason


def _cells(n: int) -> str:
    return "1 cell" if n == 1 else f"{n:,} cells"


def _names_above(comments: list[str], width: int) -> list[str]:
    """The names in the last comment above a table without a header, as NumPy writes them."""
    for delimiter in (",", "\t", ";", SPACE):
        last = comments[-1].lstrip("#% ").strip() if comments else ""
        cells = [
            cell.strip() for cell in (last.split() if delimiter == SPACE else last.split(delimiter))
        ]
        if len(cells) == width > 1 and all(cell and number(cell) is None for cell in cells):
            return cells
    return []


def _uncommented(
    rows: Iterator[TableRecord], delimiter: str, comments: list[str] | None = None
) -> Iterator[TableRecord]:
    """The records that are not comments; rows of a table may also begin like comments."""
    head = list(islice(rows, _MOST_COMMENTS))
    marked = sum(is_comment(row.text, delimiter) for row in head)
    if marked > len(head) / 2 and not _before_rows(head, delimiter):
        yield from chain(head, rows)
        return
    for row in chain(head, rows):
        if is_comment(row.text, delimiter):
            if comments is not None and len(comments) < LOOKED_AT:
                comments.append(row.text)
        else:
            yield row


def _before_rows(head: Sequence[TableRecord], delimiter: str) -> bool:
    """Whether all comments come before the first row."""
    marks = [is_comment(row.text, delimiter) for row in head]
    return marks == sorted(marks, reverse=True) and not all(marks)


def _has_header(rows: Sequence[Sequence[str]], width: int, decimal: Decimal) -> bool:
    """Whether the first row names the columns: it is text above numbers, or text found once."""
    first, rest = rows[0], [row for row in rows[1:] if len(row) == width]
    if len(first) == width - 1 and rest:
        return True
    named = [bool(cell) and number(cell, decimal) is None and not is_gap(cell) for cell in first]
    if not rest or len(first) != width:
        return all(named)
    if _counts(first):
        return True
    seen = columns_looked_at(width)
    columns = [[row[i] for row in rest] for i in seen]
    numeric = [_is_numeric(column, decimal) for column in columns]
    if any(numeric):
        return any(named[i] and number_ for i, number_ in zip(seen, numeric, strict=True))
    return all(named) and not any(first[i] in c for i, c in zip(seen, columns, strict=True))


def columns_looked_at(width: int) -> Sequence[int]:
    """The columns that are examined to guess the format: all or, of very many, a sample."""
    return sorted({*range(0, width, -(-width // MOST_COLUMNS)), width - 1})


def _counts(first: Sequence[str]) -> bool:
    """Whether the column names are the numbers 0, 1, …, as pandas writes for an array."""
    cells = list(first[1:] if not first[0] else first)
    whole = [str(i) for i in range(len(cells))]
    return cells == whole and (not first[0] or len(cells) > 4)


def _is_numeric(column: Sequence[str], decimal: Decimal) -> bool:
    written = [cell for cell in column if not is_gap(cell)]
    numbers = sum(_reads(cell, decimal) for cell in written)
    return len(written) > 0 and numbers >= 0.8 * len(written)


def _likeness(cell: str, decimal: Decimal) -> float:
    """How much a cell looks like a number: with marks less than without."""
    if number(cell, decimal) is not None:
        return 1.0
    marked = spelled(cell)
    return 0.9 if marked is not None and marked.by(decimal) is not None else 0.0


def _reads(cell: str, decimal: Decimal) -> bool:
    return number(cell, decimal) is not None or spelled(cell) is not None


def _are_units(rows: Sequence[TableRecord], width: int, format: Format) -> bool:
    """Whether the first of these rows holds the units of the numbers below."""
    cells = [row.cells(format.delimiter) for row in rows if row.width == width]
    if len(cells) < 3 or rows[0].width != width:
        return False
    over, others = [], []
    for i in columns_looked_at(width):
        cell, column = cells[0][i], [row[i] for row in cells[1:]]
        if not _is_numeric(column, format.decimal):
            others.append(not cell or is_gap(cell) or cell not in column)
        elif not is_gap(cell):
            over.append(cell)
    if not over or any(_reads(cell, format.decimal) for cell in over):
        return False
    return all(others) and all(_UNIT.fullmatch(cell) for cell in over)
