"""Splits the text of a table into records: where each begins, and how many cells it has."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

from core.data.table.gaps import is_gap
from core.data.table.source import Source, fault

MAX_COLUMNS = 20_000
MAX_LINE = 2**20  # characters
MAX_EMPTY = 100_000  # lines with nothing in them
MAX_LINES_OF_A_ROW = 100  # quoted cells may hold line ends
QUOTE = '"'
COMMENT = ("#", "%")
SPACE = " "

_LINE = re.compile(r"[^\r\n]+[\r\n]*|[\r\n]+")  # with the empty lines below it
_BLANKS = re.compile(r"[ \t\r\n\f\v]+")  # a non-breaking space is in a number: 5 000


@dataclass(frozen=True, slots=True)
class TableRecord:
    """One record: its first line (from 1), its text, and its number of cells.

    `fault` is the reason if its quotes are invalid; then `width` is 0.
    """

    line: int
    text: str
    width: int
    fault: str = ""

    def cells(self, delimiter: str) -> list[str]:
        """Its cells without the space around them; none for an invalid record."""
        if self.fault:
            return []
        if QUOTE not in self.text:
            return [cell.strip() for cell in self.text.rstrip("\r\n").split(delimiter)]
        return [cell.strip() for cell in next(_reader(iter([self.text]), delimiter))]


def records(
    source: Source, delimiter: str, *, skip: int = 0, most_empty: int = MAX_EMPTY
) -> Iterator[TableRecord]:
    """The records that are not empty, after the first `skip` lines.

    Raises LayerwiseError if a line is too long or has too many cells, and if a quote is never
    closed.
    """
    lines = _lines(source, delimiter, skip)
    blank = f"{delimiter}\t {QUOTE}\r\n"
    empty = 0
    for number, line in lines:
        if QUOTE in line and not is_comment(line, delimiter):
            record = _quoted(source, delimiter, number, line, lines)
        else:
            record = TableRecord(number, line, line.count(delimiter) + 1)
        if record.text.strip(blank):
            yield record
            continue
        empty += 1
        if empty > most_empty:
            raise fault(source.name, f"it has more than {most_empty:,} empty rows")


def is_comment(text: str, delimiter: str) -> bool:
    """Whether a line is a comment, and not a row whose first cell is # or #N/A."""
    if not text.lstrip().startswith(COMMENT):
        return False
    first = text.split(delimiter, 1)[0].strip()
    return delimiter == SPACE or not (first in COMMENT or is_gap(first))


def _lines(source: Source, delimiter: str, skip: int) -> Iterator[tuple[int, str]]:
    """The lines with their numbers, without any that has too many cells for the memory."""
    number = 1
    for match in _LINE.finditer(source.text):
        line, here = match[0], number
        number += max(line.count("\n"), line.count("\r"))
        if line[0] in "\r\n":
            continue
        if len(line) > MAX_LINE and len(line.rstrip("\r\n")) > MAX_LINE:
            raise fault(source.name, f"line {here} is longer than {MAX_LINE:,} characters")
        if here <= skip:
            continue
        if delimiter == SPACE:
            line = SPACE.join(part for part in _BLANKS.split(line) if part)
        if line.count(delimiter) >= MAX_COLUMNS:
            raise fault(source.name, f"line {here} has more than {MAX_COLUMNS:,} columns")
        yield here, line


def _quoted(
    source: Source, delimiter: str, number: int, line: str, lines: Iterator[tuple[int, str]]
) -> TableRecord:
    """A record with quotes, which may continue over several lines."""
    taken = [line]

    def onward() -> Iterator[str]:
        yield line
        for here, following in lines:
            if here - number > MAX_LINES_OF_A_ROW:
                break
            taken.append(following)
            yield following

    try:
        cells = next(_reader(onward(), delimiter))
    except csv.Error as error:
        if "end of data" in str(error):
            reason = f"a quote that opens in line {number} is not closed"
            raise fault(source.name, reason) from None
        return TableRecord(number, "".join(taken), 0, str(error))
    cells = [cell.strip() for cell in cells]
    if not any(cells):
        return TableRecord(number, "", len(cells))
    text = StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerow(cells)
    return TableRecord(number, text.getvalue(), len(cells))


def _reader(lines: Iterator[str], delimiter: str) -> Iterator[list[str]]:
    return csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)
