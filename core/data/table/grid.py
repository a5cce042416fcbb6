"""All cells of a table, parsed once in blocks by pandas, before any are chosen as examples."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from io import StringIO
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.data.own import MAX_EXAMPLES, MAX_NUMBERS
from core.data.table.column import Column, Gathering, compact
from core.data.table.frame import Format, TableFrame, guess, open_frame
from core.data.table.gaps import is_gap
from core.data.table.mark import TableMark
from core.data.table.records import TableRecord
from core.data.table.source import Source, fault
from core.data.table_text import as_named
from core.progress import Progress, unheard

if TYPE_CHECKING:
    import pandas as pd

BLOCK = 2**22  # characters that are read at a time
SHOWN = 100  # rows of a preview
MOST_TOTALS = 3
_TOTAL = re.compile(
    r"(grand |sub ?)?(totals?|sum|sums|summe|gesamt(summe)?|insgesamt|mean|means|average|avg"
    r"|mittelwert|durchschnitt|somme|moyenne|totale|media|celkem|razem)( .{0,20})?[:.]?",
    re.IGNORECASE,
)


@dataclass(frozen=True, eq=False)
class TableGrid:
    """The columns of a table, m cells each, and the line number (m,) of each row.

    The last `test_rows` are those of a second table, `test`. `broken` gives the reasons for invalid
    rows; `passed` says what else was skipped. `shown` are the cells of the first rows as text.
    `mark` describes the label in a table written by Layerwise.
    """

    source: Source
    format: Format
    columns: tuple[Column, ...]
    lines: NDArray[np.int64]
    broken: dict[str, str]
    passed: tuple[str, ...]
    shown: tuple[tuple[str, ...], ...]
    test: Source | None = None
    test_rows: int = 0
    mark: TableMark | None = None

    @property
    def m(self) -> int:
        """How many rows there are."""
        return len(self.lines)

    @property
    def name(self) -> str:
        """The name of the data."""
        return self.source.name

    def place(self, row: int) -> str:
        """The position of a row, for a sentence."""
        line = f"line {self.lines[row]:,}"
        if self.test is not None and row >= self.m - self.test_rows:
            return f"{self.test.name}, {line}"
        return line


def read(
    source: Source,
    format: Format | None = None,
    progress: Progress = unheard,
    test: Source | None = None,
) -> TableGrid:
    """Read all of a table, in the guessed format if none is given, and of a `test` table with the
    same columns.

    `progress(done, all)` counts characters and may raise to stop. Raises LayerwiseError naming the
    table and the error.
    """
    format = format or guess(source)
    frame = open_frame(source, format)
    whole = len(source.text) + (0 if test is None else len(test.text))
    reading = _Reading(source, format, frame.names, whole, progress)
    reading.read(frame, format, range(len(frame.names)))
    grid = _without_totals(reading.grid(frame))
    if test is None:
        return grid
    test_format = guess(test)
    test_frame = open_frame(test, test_format)
    places = _matched(source, frame.names, test, test_frame.names)
    of_test = _Reading(test, format, frame.names, whole, progress, len(source.text))
    of_test.read(test_frame, test_format, places)
    return _joined(grid, _without_totals(of_test.grid(test_frame)))


class _Reading:
    """The columns of a table while it is read."""

    def __init__(
        self,
        source: Source,
        format: Format,
        names: Sequence[str],
        whole: int,
        progress: Progress,
        done: int = 0,
    ) -> None:
        self._source, self._format, self._names = source, format, names
        self._progress, self._done, self._whole = progress, done, whole
        self._gathered = [Gathering(format.decimal) for _ in names]
        self._lines: list[int] = []
        self._shown: list[tuple[str, ...]] = []

    def read(self, frame: TableFrame, format: Format, places: Sequence[int]) -> None:
        """Read all records; the cells of column i go to column places[i]."""
        gathered = [self._gathered[place] for place in places]
        for block in _blocks(frame.rows):
            self._progress(self._done, self._whole)
            _add(gathered, block, format)
            self._lines += [record.line for record in block]
            first = block[: max(0, SHOWN - len(self._shown))]
            self._shown += [tuple(record.cells(format.delimiter)) for record in first]
            self._done += sum(len(record.text) for record in block)
            self._check_size()

    def grid(self, frame: TableFrame) -> TableGrid:
        """All that was read."""
        if not self._lines:
            reason = next(iter(frame.broken.items()), None)
            more = "" if reason is None else f" (line {reason[0]}: {reason[1]})"
            what = f"it has a header and no rows below it{more}" if self._format.header else (
                f"it has no rows{more}"
            )  # fmt: skip
            raise fault(self._source.name, what)
        nameless = frame.nameless if self._format.header else range(len(self._names))
        columns = tuple(
            each.column(name, i in nameless)
            for i, (each, name) in enumerate(zip(self._gathered, self._names, strict=True))
        )
        broken = {f"line {line:,}": why for line, why in frame.broken.items()}
        return TableGrid(
            *(self._source, self._format, columns, np.array(self._lines), broken),
            *(tuple(frame.passed), tuple(self._shown)),
            mark=frame.mark,
        )

    def _check_size(self) -> None:
        rows, width = len(self._lines), len(self._names)
        if rows > MAX_EXAMPLES or rows * width > MAX_NUMBERS:
            raise fault(
                self._source.name,
                f"it has more than {rows - 1:,} rows of {width:,} cells, and the limits are"
                f" {MAX_EXAMPLES:,} rows and {MAX_NUMBERS:,} cells",
            )


def _matched(source: Source, names: list[str], test: Source, others: list[str]) -> list[int]:
    """For each column of the test table, its index in the first table."""
    missing = [name for name in names if name not in others]
    more = [name for name in others if name not in names]
    if missing or more:
        where = source.name if missing else test.name
        raise fault(
            test.name,
            f"it does not have the columns of {source.name}: {(missing or more)[0]!r} is only in"
            f" {where}",
        )
    return [names.index(name) for name in others]


def _joined(grid: TableGrid, test: TableGrid) -> TableGrid:
    """The rows of both, with the test table's last."""
    columns = tuple(
        one.and_then(other) for one, other in zip(grid.columns, test.columns, strict=True)
    )
    broken = {f"{test.source.name}, {place}": why for place, why in test.broken.items()}
    return replace(
        grid,
        columns=columns,
        lines=np.concatenate([grid.lines, test.lines]),
        broken=grid.broken | broken,
        passed=(*grid.passed, *(f"{test.source.name}, {each}" for each in test.passed)),
        test=test.source,
        test_rows=test.m,
    )


def _blocks(records: Iterator[TableRecord]) -> Iterator[list[TableRecord]]:
    block: list[TableRecord] = []
    size = 0
    for record in records:
        block.append(record)
        size += len(record.text)
        if size >= BLOCK:
            yield block
            block, size = [], 0
    if block:
        yield block


def _add(gathered: Sequence[Gathering], block: Sequence[TableRecord], format: Format) -> None:
    """Add the cells of some records to the columns: numbers as numbers, all else as text."""
    parse = partial(_parsed, "".join(_line(record) for record in block), format, len(gathered))
    table = parse()
    kinds = [dtype.kind for dtype in table.dtypes]
    numeric = [i for i, kind in enumerate(kinds) if kind in "iuf"]
    if numeric:
        rows = table[numeric].to_numpy(np.float64).T
        finite = np.isfinite(rows).all(axis=1)
        for i, row, is_finite in zip(numeric, compact(rows), finite, strict=True):
            if is_finite:
                gathered[i].add_numbers(row)
            else:  # 1e999
                kinds[i] = "b"
    again = [i for i, kind in enumerate(kinds) if kind == "b"]  # TRUE is to stay TRUE
    words = parse(again) if again else table
    for i, kind in enumerate(kinds):
        if kind not in "iuf":
            codes, texts = (words if kind == "b" else table)[i].factorize()
            gathered[i].add_texts(codes, [as_named(str(each).strip()) for each in texts])


def _line(record: TableRecord) -> str:
    return record.text.rstrip("\r\n") + "\n"


def _parsed(
    text: str, format: Format, width: int, columns: list[int] | None = None
) -> pd.DataFrame:
    """The records as parsed by pandas; only these columns, and as text, if they are given."""
    import pandas as pd

    return pd.read_csv(
        StringIO(text),
        sep=format.delimiter,
        decimal=format.decimal,
        header=None,
        names=range(width),
        index_col=False,
        usecols=columns,
        dtype=None if columns is None else str,
        na_filter=False,
        skipinitialspace=True,
        skip_blank_lines=False,
        low_memory=False,
    )


def _without_totals(grid: TableGrid) -> TableGrid:
    """The table without the totals below its rows, which are not examples."""
    m = grid.m
    while m > 1 and grid.m - m < MOST_TOTALS and _is_total(grid, m - 1):
        m -= 1
    if m == grid.m:
        return grid
    broken = {grid.place(row): "it is a row of totals" for row in range(m, grid.m)}
    columns = tuple(column.first(m) for column in grid.columns)
    return replace(grid, columns=columns, lines=grid.lines[:m], broken=grid.broken | broken)


def _is_total(grid: TableGrid, row: int) -> bool:
    """Whether the first non-empty cell of the row is a word for totals, and no other cell of its
    column is.
    """
    for column in grid.columns:
        text = column.written(row)
        if not is_gap(text):
            return _TOTAL.fullmatch(text) is not None and column.count(text) == 1
    return False
