"""A table column: its numbers, and the text of the cells that are not numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.data.numbers import Decimal, Spelled, number, spelled
from core.data.own import class_order
from core.data.table.gaps import gaps_among

Floats = NDArray[np.floating]
Mask = NDArray[np.bool_]

MAX_TEXTS = 2**17  # different texts that are kept of a column
OTHERS = "…"
"""What stands for every text beyond those that are kept."""
_NUMERIC = 0.5  # of the cells that are no gaps, to be called numbers with some mistakes


@dataclass(frozen=True, eq=False)
class Column:
    """A column of m cells.

    `numbers` (m,) are the cells that are plain numbers, NaN elsewhere; `codes` (m,) give for each
    other cell its index in `texts`, -1 for numbers; None if all are numbers. `nameless` is a column
    without a name in the table. `decimal` is the decimal mark of the whole table.
    """

    name: str
    numbers: NDArray[np.generic]  # uint8 if that is exact, else float64
    codes: NDArray[np.int32] | None
    texts: tuple[str, ...]
    nameless: bool
    decimal: Decimal

    @property
    def m(self) -> int:
        """How many cells it has."""
        return len(self.numbers)

    def first(self, m: int) -> Column:
        """The first m cells of it."""
        codes = None if self.codes is None else self.codes[:m]
        return replace(self, numbers=self.numbers[:m], codes=codes)

    def and_then(self, other: Column) -> Column:
        """The cells of this column followed by those of another."""
        places = {text: i for i, text in enumerate(self.texts)}
        moved = [places.setdefault(text, len(places)) for text in other.texts]
        codes = None
        if self.codes is not None or other.codes is not None:
            theirs = np.full(other.m, -1, np.int32)
            if other.codes is not None:
                theirs = np.array([*moved, -1], np.int32)[other.codes]
            ours = np.full(self.m, -1, np.int32) if self.codes is None else self.codes
            codes = np.concatenate([ours, theirs])
        numbers = np.concatenate([self.numbers, other.numbers])
        return replace(self, numbers=numbers, codes=codes, texts=tuple(places))

    def count(self, text: str) -> int:
        """The number of cells with this text, which is not a number."""
        if self.codes is None or text not in self.texts:
            return 0
        return int(np.count_nonzero(self.codes == self.texts.index(text)))

    @cached_property
    def _is_gap(self) -> list[bool]:
        return gaps_among(self.texts, numbers=self.numeric)

    @cached_property
    def gaps(self) -> Mask:
        """Which cells stand for a missing value, (m,)."""
        return self._where(self._is_gap)

    @cached_property
    def _spelled(self) -> tuple[list[Spelled | None], str]:
        """Each text as a number with marks, and the reason if they are not all of one kind."""
        found = [spelled(text) for text in self.texts]
        gaps = gaps_among(self.texts, numbers=True)
        marked = [each for each, gap in zip(found, gaps, strict=True) if each and not gap]
        units = sorted({each.unit for each in marked})
        plain = self._plain & (self.numbers != 0) if marked else np.zeros(0, np.bool_)
        if len(units) > 1:
            some = " and ".join(repr(unit) if unit else "nothing" for unit in units[:2])
            return found, f"some of its numbers are marked with {some}"
        if units and units[0] and plain.any():
            return found, f"only some of its numbers are marked with {units[0]!r}"
        return found, ""

    @cached_property
    def _mark(self) -> Decimal:
        """The decimal mark with which most texts of this column are numbers: the table's, if it is
        as good.
        """
        other: Decimal = "," if self.decimal == "." else "."
        found, _ = self._spelled
        counts = {
            mark: sum(each is not None and each.by(mark) is not None for each in found)
            for mark in (self.decimal, other)
        }
        plain = np.asarray(self.numbers)[self._plain]
        whole = bool((np.mod(plain, 1) == 0).all())
        return other if counts[other] > counts[self.decimal] and whole else self.decimal

    @property
    def _plain(self) -> Mask:
        return np.ones(self.m, np.bool_) if self.codes is None else self.codes < 0

    @cached_property
    def _readable(self) -> list[float | None]:
        found, mixed = self._spelled
        if mixed:
            return [None] * len(self.texts)
        return [None if each is None else each.by(self._mark) for each in found]

    @property
    def mixed(self) -> str:
        """Why its marked numbers cannot be read together; empty if they can."""
        return self._spelled[1]

    @cached_property
    def numeric(self) -> bool:
        """Whether at least half of the cells that are not empty are numbers."""
        if self.codes is None:
            return True
        counts = np.bincount(self.codes + 1, minlength=len(self.texts) + 1)
        gaps = gaps_among(self.texts, numbers=True)
        readable = [value is not None for value in self._readable]
        read = counts[0] + sum(int(n) for n, ok in zip(counts[1:], readable, strict=True) if ok)
        blank = sum(int(n) for n, gap in zip(counts[1:], gaps, strict=True) if gap)
        return bool(read > 0 and read >= _NUMERIC * (self.m - blank))

    @cached_property
    def values(self) -> NDArray[np.generic]:
        """The cells as numbers, NaN for all others."""
        if self.codes is None or not any(value is not None for value in self._readable):
            return self.numbers
        table = np.array([np.nan if v is None else v for v in self._readable])
        return np.where(self.codes < 0, self.numbers, table[self.codes])

    @cached_property
    def broken(self) -> Mask:
        """Which cells of a column of numbers are neither numbers nor gaps, (m,)."""
        if self.codes is None:
            return np.zeros(self.m, np.bool_)
        readable = self._readable
        return self._where(
            [v is None and not gap for v, gap in zip(readable, self._is_gap, strict=True)]
        )

    def written(self, row: int) -> str:
        """The text of a cell, if it is still stored."""
        if self.codes is None or self.codes[row] < 0:
            return shown(float(self.numbers[row]))
        return str(self.texts[self.codes[row]])

    @cached_property
    def kinds(self) -> tuple[tuple[str, ...], NDArray[np.intp]]:
        """The different values as text, in their order, and which one each cell is; -1 for gaps.

        Whole numbers are written without a point, however they were spelled.
        """
        numeric = self.numeric and not self.broken.any()
        if numeric:
            values = np.asarray(self.values, np.float64)
            there = np.isfinite(values)
            found, places = np.unique(values[there], return_inverse=True)
            texts = [shown(float(value)) for value in found]
        else:
            there = ~self.gaps
            names, plain = list(self.texts), self._plain
            found, places_of_numbers = np.unique(
                np.asarray(self.numbers)[plain], return_inverse=True
            )
            names += [shown(float(value)) for value in found]
            all_ = np.empty(self.m, np.intp)
            if self.codes is not None:
                all_[~plain] = self.codes[~plain]
            all_[plain] = len(self.texts) + places_of_numbers
            used = np.unique(all_[there])
            texts = [names[i] for i in used]
            places = np.searchsorted(used, all_[there])
        order = sorted(range(len(texts)), key=lambda i: class_order(texts[i]))
        rank = np.empty(len(texts), np.intp)
        rank[order] = np.arange(len(texts))
        which = np.full(self.m, -1, np.intp)
        which[there] = rank[places]
        return tuple(texts[i] for i in order), which

    def _where(self, flags: Sequence[bool]) -> Mask:
        if self.codes is None:
            return np.zeros(self.m, np.bool_)
        table = np.array([*flags, False], np.bool_)  # -1 is the last
        return table[self.codes]


def shown(value: float) -> str:
    """A number as a class is called: whole ones without a point."""
    return f"{value:.0f}" if value == round(value) and abs(value) < 1e15 else f"{value:.15g}"


class Gathering:
    """A column that is being read, block by block."""

    def __init__(self, decimal: Decimal) -> None:
        self._decimal: Decimal = decimal
        self._numbers: list[NDArray[np.generic]] = []
        self._codes: list[NDArray[np.int32] | None] = []
        self._places: dict[str, int] = {}

    def add_numbers(self, row: NDArray[np.generic]) -> None:
        """Finite numbers, one a cell."""
        self._numbers.append(row.copy() if row.base is not None else row)
        self._codes.append(None)

    def add_texts(self, codes: NDArray[np.intp], texts: Sequence[str]) -> None:
        """Cells by which of these texts each is; some of the texts may be numbers."""
        values = [number(text, self._decimal) for text in texts]
        of_text = [
            -1 if value is not None else self._place(text)
            for text, value in zip(texts, values, strict=True)
        ]
        plain = np.array([np.nan if value is None else value for value in values], np.float64)
        self._numbers += compact(plain[codes][np.newaxis])
        self._codes.append(np.array(of_text, np.int32)[codes])

    def column(self, name: str, nameless: bool) -> Column:
        """All of it."""
        codes = None
        if any(each is not None and (each >= 0).any() for each in self._codes):
            codes = np.concatenate(
                [
                    np.full(len(numbers), -1, np.int32) if each is None else each
                    for numbers, each in zip(self._numbers, self._codes, strict=True)
                ]
            )
        numbers = np.concatenate(self._numbers) if self._numbers else np.zeros(0)
        return Column(name, numbers, codes, tuple(self._places), nameless, self._decimal)

    def _place(self, text: str) -> int:
        if len(self._places) >= MAX_TEXTS and text not in self._places:
            text = OTHERS
        return self._places.setdefault(text, len(self._places))


def compact(rows: NDArray[np.float64]) -> list[NDArray[np.generic]]:
    """Rows of numbers, as bytes those that are whole from 0 to 255, as pixels are."""
    with np.errstate(invalid="ignore"):
        small = rows.astype(np.uint8)
    exact = (small == rows).all(axis=1)
    return [small[i] if exact[i] else rows[i] for i in range(len(rows))]
