"""Tables as text (CSV, TSV, pasted from a spreadsheet), read as examples: an example a row.

`decode` makes a `Source` of bytes; `guess` says how it is written; `preview` shows its first rows
and suggests which columns are inputs and which is the label; `examples` reads all of it. Each is a
pure function, and every error names the source. Nothing here touches the disk.
"""

from __future__ import annotations

import codecs
import csv
import math
import re
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Literal

import numpy as np

from core.data.own import (
    MAX_CLASSES,
    MAX_EXAMPLES,
    NUMBER,
    Floats,
    OwnData,
    class_order,
    clean,
    labels_of,
    own_data,
)
from core.data.pixels import square_of, square_with
from core.errors import LayerwiseError

MAX_BYTES = 2**25
MAX_COLUMNS = 20_000
MAX_LINE = 2**20  # characters
MAX_EMPTY = 100_000  # rows with nothing in them
MAX_LINES_OF_A_ROW = 100  # quoted cells may hold line ends
MOST_DIGITS = 1000  # of one number
LOOKED_AT = 1000  # rows for guessing and previews
HEAD = 2**22  # characters for guessing
SHOWN = 100  # rows of a preview

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar", " ": "space"}
Decimal = Literal[".", ","]
REAL: Literal["regression"] = "regression"

_LINE = re.compile(r"[^\r\n]+[\r\n]*|[\r\n]+")  # with the empty lines below it
_CONTROL = re.compile(r"[\0-\x08\x0e-\x1f\x7f]")
_LABELS = ("label", "labels", "class", "target", "y", "species", "category", "outcome")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Source:
    """A table as text, the name that sentences call it by, and how its bytes were read."""

    name: str
    text: str
    encoding: str


@dataclass(frozen=True, slots=True)
class Format:
    """How a table is written."""

    delimiter: str
    decimal: Decimal
    header: bool


@dataclass(frozen=True, slots=True)
class Column:
    """A column as far as it was looked at: `numeric` if at least half of its cells are numbers.

    `values` are its different cells, sorted, at most 100.
    """

    name: str
    numeric: bool
    constant: bool
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Which columns (from 0) are the inputs, which is the label, and what kind of label it is."""

    inputs: tuple[int, ...]
    label: int
    kind: Literal["classes", "regression"]


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of a table, as text, without the header, and what is suggested for it."""

    format: Format
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    choice: Choice


def decode(content: bytes, name: str) -> Source:
    """The text that bytes are: UTF-8 or UTF-16 by their mark, else UTF-8, else Latin-1.

    Raises LayerwiseError naming it if it is no text, or none at all.
    """
    if len(content) > MAX_BYTES:
        raise _fault(name, f"it has {len(content):,} bytes, and the limit is {MAX_BYTES:,}")
    encoding = "utf-8-sig"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        encoding, text = _decode_bytes(content)
    if place := _CONTROL.search(text):
        line = text.count("\n", 0, place.start()) + 1
        raise _fault(name, f"line {line} holds bytes that are no text, so it is not a table")
    if text.isspace() or not text:
        raise _fault(name, "it is empty")
    return Source(name, text, encoding.removesuffix("-sig"))


def of_text(text: str, name: str) -> Source:
    """A source of pasted text, refused as its bytes would be; lone surrogates are replaced."""
    return decode(text.encode("utf-8", "replace"), name)


def guess(source: Source) -> Format:
    """How the table is probably written, from its first rows."""
    head = replace(source, text=source.text[:HEAD])
    best, format_ = 0.0, Format(max(DELIMITERS, key=source.text[:1000].count), ".", header=True)
    for delimiter in DELIMITERS:
        try:
            rows = [cells for _, cells in islice(_rows(head, delimiter), 50)]
        except LayerwiseError:
            continue
        width, count = Counter(map(len, rows)).most_common(1)[0] if rows else (1, 0)
        if width == 1:
            continue
        decimals: tuple[Decimal, ...] = (".",) if delimiter == "," else (".", ",")
        for decimal in decimals:
            cells = [cell for row in rows for cell in row]
            numbers = sum(_number(cell, decimal) is not None for cell in cells) / len(cells)
            score = count / len(rows) + numbers + width / 10 / MAX_COLUMNS
            if score > best:
                best, format_ = score, Format(delimiter, decimal, _has_header(rows, decimal))
    return format_


def preview(source: Source, format: Format | None = None) -> Preview:
    """The first rows under a format, a guessed one if None is given; raises as `examples` does."""
    format = format or guess(source)
    names, rows = _open(source, format)
    looked = [cells for _, cells in islice(rows, LOOKED_AT)]
    if not looked:
        raise _fault(source.name, "it has a header and no rows below it")
    columns = tuple(
        _column(name, cells, format.decimal)
        for name, cells in zip(names, zip(*looked, strict=True), strict=True)
    )
    return Preview(format, columns, tuple(map(tuple, looked[:SHOWN])), _suggest(columns))


def examples(source: Source, format: Format, choice: Choice) -> OwnData:
    """Every row as an example; raises LayerwiseError naming the table, the line and the reason."""
    names, rows = _open(source, format)
    used = (*choice.inputs, choice.label)
    if not choice.inputs or len(set(used)) < len(used) or not set(used) <= set(range(len(names))):
        raise _fault(source.name, "choose at least one column as input and another as the label")
    X, labels = _read(source, format, choice, names, rows)
    try:
        Y, classes, kind = (X[-1:], (), REAL) if choice.kind == REAL else labels_of(labels)
        X = X[: len(choice.inputs)]
        if (X[:, :1] == X).all():
            raise LayerwiseError("every input is the same in all rows, so nothing can be learned")
        inputs = [names[i] for i in choice.inputs]
        picture = square_of(X) if _are_pixels(inputs) else None
        return own_data(
            X, Y, source.name, kind=kind, inputs=inputs, classes=classes, picture=picture
        )
    except LayerwiseError as error:
        raise _fault(source.name, str(error).rstrip(".")) from None


def _decode_bytes(content: bytes) -> tuple[str, str]:
    for encoding in ("windows-1252", "latin-1"):
        with suppress(UnicodeDecodeError):
            return encoding, content.decode(encoding)
    raise AssertionError("every byte is a character of Latin-1")


def _fault(name: str, reason: str) -> LayerwiseError:
    return LayerwiseError(f"{clean(name)} cannot be used: {reason}.")


class _Lines:
    """The lines of a text one by one, none so full of cells that it takes memory by itself."""

    def __init__(self, source: Source, delimiter: str) -> None:
        self._source, self._delimiter = source, delimiter
        self._matches = _LINE.finditer(source.text)
        self.number = 1  # of the next line
        self.row = 1  # the line that the row under way began with

    def __iter__(self) -> Iterator[str]:
        for match in self._matches:
            line, here = match[0], self.number
            self.number += max(line.count("\n"), line.count("\r"))
            if here - self.row > MAX_LINES_OF_A_ROW:
                raise _fault(
                    self._source.name, f"a quote that opens in line {self.row} is not closed"
                )
            if len(line) > MAX_LINE and len(line.rstrip("\r\n")) > MAX_LINE:
                raise _fault(
                    self._source.name, f"line {here} is longer than {MAX_LINE:,} characters"
                )
            if self._delimiter == " ":
                line = " ".join(line.split())
            if line.count(self._delimiter) >= MAX_COLUMNS:
                raise _fault(
                    self._source.name, f"line {here} has more than {MAX_COLUMNS:,} columns"
                )
            yield line


def _rows(source: Source, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, each with the number of the line it begins in."""
    lines = _Lines(source, delimiter)
    reader = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)
    empty = 0
    while empty <= MAX_EMPTY:
        lines.row = lines.number
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            what = (
                f"a quote that opens in line {lines.row} is not closed"
                if "end of data" in str(error)
                else f"line {lines.row}: {error}"
            )
            raise _fault(source.name, what) from None
        cells = [cell.strip() for cell in cells]
        if any(cells):
            yield lines.row, cells
        else:
            empty += 1
    raise _fault(source.name, f"it has more than {MAX_EMPTY:,} empty rows")


def _open(source: Source, format: Format) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """The names of the columns, and the rows below them, all of the same length."""
    rows = _rows(source, format.delimiter)
    line, first = next(rows, (0, []))
    if not first:
        raise _fault(source.name, "it is empty")
    names = [f"x{i}" for i in range(1, len(first) + 1)]
    if format.header:
        names = [clean(cell) or name for cell, name in zip(first, names, strict=True)]
    else:
        rows = chain([(line, first)], rows)
    return names, _even(source, rows, len(first))


def _even(
    source: Source, rows: Iterator[tuple[int, list[str]]], width: int
) -> Iterator[tuple[int, list[str]]]:
    for line, cells in rows:
        if len(cells) != width:
            raise _fault(
                source.name, f"line {line} has {len(cells):,} cells and those before it {width:,}"
            )
        yield line, cells


def _read(
    source: Source,
    format: Format,
    choice: Choice,
    names: Sequence[str],
    rows: Iterator[tuple[int, list[str]]],
) -> tuple[Floats, list[str]]:
    """X (n_x, m), under it the label if it is a real number, and the labels as text."""
    values = array("d")
    labels: list[str] = []
    kept: dict[str, str] = {}  # one string a class, not one an example
    chosen = (*choice.inputs, choice.label) if choice.kind == REAL else choice.inputs
    for line, cells in rows:
        if len(values) == MAX_EXAMPLES * len(chosen):
            raise _fault(source.name, f"it has more than {MAX_EXAMPLES:,} rows")
        picked = [cells[i] for i in chosen]
        numbers = _numbers(picked, format.decimal)
        if numbers is None:
            i = next(i for i in chosen if _number(cells[i], format.decimal) is None)
            what = f"{clean(cells[i])!r} is not a number" if cells[i] else "there is no number"
            raise _fault(source.name, f"line {line}, column {names[i]}: {what}")
        values.extend(numbers)
        if choice.kind == REAL:
            continue
        label = _as_written(cells[choice.label])
        if not label:
            raise _fault(source.name, f"line {line} has no label")
        labels.append(kept.setdefault(label, label))
    if not values:
        raise _fault(source.name, "it has a header and no rows below it")
    return np.frombuffer(values).reshape(-1, len(chosen)).T, labels


def _numbers(cells: Sequence[str], decimal: Decimal) -> list[float] | None:
    """All cells as numbers, None if one is not; a whole row at once where nothing is odd."""
    text = "".join(cells)
    if decimal == "." and "_" not in text and text.isascii():
        with suppress(ValueError):
            numbers = list(map(float, cells))
            if math.isfinite(sum(numbers)):
                return numbers
    found = [_number(cell, decimal) for cell in cells]
    numbers = [number for number in found if number is not None]
    return numbers if len(numbers) == len(found) else None


def _number(cell: str, decimal: Decimal) -> float | None:
    """The finite number that a cell is; what Python would take besides (1_000, nan, １) is none."""
    if decimal == ",":
        if "." in cell:
            return None
        cell = cell.replace(",", ".")
    if not NUMBER.fullmatch(cell):
        return None
    number = float(cell) if len(cell) <= MOST_DIGITS else math.inf
    return number if math.isfinite(number) else None


def _has_header(rows: Sequence[Sequence[str]], decimal: Decimal) -> bool:
    """Whether the first row names the columns: it is text above numbers, or text found once."""
    first, rest = rows[0], [row for row in rows[1:] if len(row) == len(rows[0])]
    names = [_number(cell, decimal) is None for cell in first]
    if not rest:
        return all(names)
    columns = list(zip(*rest, strict=True))
    numeric = [all(_number(cell, decimal) is not None for cell in column) for column in columns]
    if any(numeric):
        return any(name and number for name, number in zip(names, numeric, strict=True))
    return all(names) and not any(c in column for c, column in zip(first, columns, strict=True))


def _column(name: str, cells: Sequence[str], decimal: Decimal) -> Column:
    different = set(cells)
    # A cell that is none among many that are is a mistake to be told, not another kind of column.
    numeric = sum(_number(cell, decimal) is not None for cell in cells) >= len(cells) / 2
    values = sorted(different, key=class_order)[:MAX_CLASSES]
    return Column(name, numeric, len(different) == 1, tuple(map(clean, values)))


def _suggest(columns: Sequence[Column]) -> Choice:
    named = [i for i, column in enumerate(columns) if column.name.strip().lower() in _LABELS]
    texts = [i for i, c in enumerate(columns) if not c.numeric and not c.constant]
    label = [len(columns) - 1, *texts, *named[:1]][-1]
    inputs = [i for i, c in enumerate(columns) if c.numeric and i != label]
    if not _are_pixels([columns[i].name for i in inputs]):  # of which many may always be black
        inputs = [i for i in inputs if not columns[i].constant]
    column = columns[label]
    few = len(column.values) <= 20 and all(value.lstrip("+-").isdigit() for value in column.values)
    kind: Literal["classes", "regression"] = (
        "classes" if few or not column.numeric else "regression"
    )
    return Choice(tuple(inputs), label, kind)


def _are_pixels(names: Sequence[str]) -> bool:
    """Whether columns are called as those of pictures are when they are exported."""
    usual = [f"x{i}" for i in range(1, len(names) + 1)]
    return list(names) == usual and square_with(len(names)) is not None


def _as_written(cell: str) -> str:
    """A label without the apostrophe that kept a spreadsheet from calculating it."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell
