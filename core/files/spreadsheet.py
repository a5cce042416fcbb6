"""Reads spreadsheets (.xlsx) as tables: the first sheet with content, row by row."""

from __future__ import annotations

import csv
import datetime
import io
import zipfile
import zlib
from pathlib import Path

from core.data.table.records import MAX_COLUMNS
from core.data.table.source import MAX_BYTES, SPREADSHEET, Source, fault
from core.files import disk

MAX_FILE = 2**26  # bytes, packed
MAX_UNPACKED = 2**27
MAX_MEMBERS = 10_000

# What openpyxl raises for damaged files, found by flipping bits.
_UNREADABLE = (
    *(OSError, EOFError, KeyError, ValueError, TypeError, AttributeError, IndexError),
    *(
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        SyntaxError,
        OverflowError,
    ),
)


def read_spreadsheet(path: Path | str) -> Source:
    """The first sheet with content as a table; formulas have their last calculated values.

    Raises LayerwiseError naming the file and the error.
    """
    from openpyxl import load_workbook

    name = disk.shown(Path(path).name)
    content = disk.read(path, MAX_FILE)
    _check_size(name, content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # the dimensions stored in a file may be wrong
            text = _text(name, sheet.iter_rows(values_only=True))
            if text.strip(",\r\n "):
                return Source(name, text.encode("utf-8", "replace"), SPREADSHEET)
    except _UNREADABLE:
        raise fault(name, "it is damaged, or not an .xlsx file at all") from None
    raise fault(name, "it is empty")


def _check_size(name: str, content: bytes) -> None:
    """Refuse what would unpack to more than a table may have, before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise fault(name, "it is damaged, or not an .xlsx file at all") from None
    size = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS or size > MAX_UNPACKED:
        raise fault(name, f"it unpacks to {size:,} bytes, and the limit is {MAX_UNPACKED:,}")


def _text(name: str, rows: object) -> str:
    """The cells of a sheet as a table between commas."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    for row in rows:  # type: ignore[attr-defined]  # openpyxl ships no types
        if len(row) > MAX_COLUMNS:
            raise fault(name, f"it has more than {MAX_COLUMNS:,} columns")
        cells = [_cell(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        writer.writerow(cells)
        if text.tell() > MAX_BYTES:
            raise fault(name, f"it has more than {MAX_BYTES:,} characters")
    return _even(text.getvalue())


def _even(text: str) -> str:
    """The rows, all as long as the longest: a spreadsheet ends each where its last cell is."""
    rows = list(csv.reader(io.StringIO(text, newline="")))
    width = max(map(len, rows), default=0)
    even = io.StringIO(newline="")
    writer = csv.writer(even, lineterminator="\n")
    writer.writerows([*row, *[""] * (width - len(row))] for row in rows)
    return even.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat(" ") if isinstance(value, datetime.datetime) else value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return "".join(max(c, " ") for c in str(value))
