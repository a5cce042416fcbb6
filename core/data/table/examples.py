"""Turns the rows of a table into examples: drops, fills in and encodes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.data.datasets import DataKind
from core.data.numbers import is_too_large
from core.data.own import LARGEST, MAX_NUMBERS, OwnData, clean, labels_of_codes, own_data
from core.data.table.column import Column
from core.data.table.grid import TableGrid
from core.data.table.mark import TableMark
from core.data.table.roles import Choice, Suggestion, is_test, one_hot_names, why_no_input
from core.data.table.source import fault
from core.errors import LayerwiseError

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Gaps = Literal["leave out", "fill"]
TrainingRows = Callable[[int], Mask]

_YES = frozenset(("true", "yes", "y", "t", "ja", "j", "oui", "sí", "si", "wahr", "1"))
_NO = frozenset(("false", "no", "n", "f", "nein", "non", "falsch", "0"))
MOST_REASONS = 20
SCALES_DIFFER = 10.0
BLOCK = 2**21  # numbers that are checked together


@dataclass(frozen=True, slots=True)
class Account:
    """What happened to the data of a file on their way to examples."""

    label: str
    left_out: dict[str, int] = field(default_factory=dict)  # why, and how many
    filled: dict[str, int] = field(default_factory=dict)  # of which input how many gaps
    not_used: dict[str, str] = field(default_factory=dict)  # column: why
    divided_by: float | None = None
    notes: tuple[str, ...] = ()  # sentences on other changes

    @property
    def rows_left_out(self) -> int:
        """The number of rows or files that are not examples."""
        return sum(self.left_out.values())


@dataclass(frozen=True, slots=True)
class Imported:
    """Own data, and messages on how they were made."""

    own: OwnData
    account: Account


def examples(
    grid: TableGrid,
    suggestion: Suggestion,
    choice: Choice | None = None,
    *,
    gaps: Gaps = "leave out",
    training: TrainingRows | None = None,
) -> Imported:
    """The rows as examples; incomplete rows are left out, or filled with means.

    `training(m)` says which of m examples the means are of, all without it. Raises LayerwiseError
    naming the table, and the line of a value beyond the limits.
    """
    choice = choice or suggestion.choice
    if not choice.inputs or not choice.label or {*choice.inputs} & {*choice.label}:
        raise fault(grid.name, "choose at least one column as input and another as the label")
    keep, left_out = _kept(grid, choice, gaps)
    if not keep.any():
        raise fault(grid.name, f"no row has all of its cells: {next(iter(left_out), 'none')}")
    order, test_examples = _order(grid, choice, keep)
    of_training = np.arange(len(order)) < len(order) - test_examples
    if training is not None and not test_examples:
        of_training = training(len(order))
    try:
        own, filled = _own(grid, choice, order, test_examples, of_training)
    except LayerwiseError as error:
        raise fault(grid.name, str(error).rstrip(".")) from None
    unused = why_unused(grid, suggestion, choice)
    account = Account(
        label_name(grid, choice),
        _cut(left_out),
        filled,
        {grid.columns[i].name: reason for i, reason in unused.items()},
        choice.divided_by,
        tuple(f"{passed[:1].upper()}{passed[1:]}, was passed over." for passed in grid.passed),
    )
    return Imported(own, account)


def _own(
    grid: TableGrid,
    choice: Choice,
    order: NDArray[np.intp],
    test_examples: int,
    of_training: Mask,
) -> tuple[OwnData, dict[str, int]]:
    """The rows in this order, and how many gaps of each input were filled."""
    Y, classes, kind = _labels(grid, choice, order)
    X, names, filled = _inputs(grid, choice, order, of_training)
    if choice.divided_by is not None:
        X /= choice.divided_by
    if (X[:, :1] == X).all():
        raise LayerwiseError("every input is the same in all rows, so nothing can be learned")
    X.setflags(write=False)
    own = own_data(
        *(X, Y, grid.name),
        kind=kind,
        inputs=names,
        classes=classes,
        picture=choice.picture,
        test_examples=test_examples,
    )
    return own, filled


def label_name(grid: TableGrid, choice: Choice) -> str:
    """The name of the label."""
    if len(choice.label) > 1:
        return one_hot_names(grid, choice.label)[0]
    return grid.columns[choice.label[0]].name


def why_unused(grid: TableGrid, suggestion: Suggestion, choice: Choice) -> dict[int, str]:
    """Of every column that is neither input nor label, why."""
    used = {*choice.inputs, *choice.label}
    return {
        i: suggestion.why.get(i) or why_no_input(column) or "it was not chosen"
        for i, column in enumerate(grid.columns)
        if i not in used
    }


def lacking(grid: TableGrid, choice: Choice) -> int:
    """The number of rows with a missing or invalid value in the chosen columns."""
    keep, _ = _kept(grid, choice, "leave out")
    return grid.m - int(keep.sum())


def fillable(grid: TableGrid, choice: Choice) -> int:
    """How many of those rows can be filled: they lack inputs only."""
    keep, _ = _kept(grid, choice, "fill")
    return lacking(grid, choice) - (grid.m - int(keep.sum()))


def scales_differ(X: Floats) -> bool:
    """Whether one input varies ten times as much as another."""
    spread = X.std(axis=1)
    spread = spread[spread > 1e-12 * np.abs(X).max(axis=1)]
    return len(spread) > 1 and bool(spread.max() >= SCALES_DIFFER * spread.min())


def spreads_differ(grid: TableGrid, choice: Choice) -> bool:
    """The same of the columns of a choice; pixels never differ."""
    if choice.picture is not None:
        return False
    columns = [grid.columns[i] for i in choice.inputs if grid.columns[i].numeric]
    block = max(1, BLOCK // max(1, grid.m))
    parts = [columns[at : at + block] for at in range(0, len(columns), block)]
    spread = np.concatenate([np.empty(0), *map(_spreads, parts)])
    if len(columns) < len(choice.inputs):
        spread = np.append(spread, 0.5)  # of a word that is 0 or 1
    spread = spread[np.isfinite(spread)]
    return len(spread) > 1 and bool(spread.max() >= SCALES_DIFFER * spread.min())


def _spreads(columns: Sequence[Column]) -> Floats:
    """The standard deviations of these columns, without constant ones."""
    numbers = np.stack([np.asarray(column.values, np.float64) for column in columns])
    rows: Iterable[Floats] = [numbers]  # at once, unless something is missing
    if not np.isfinite(numbers).all():
        rows = [row[np.isfinite(row)][np.newaxis] for row in numbers]
    with np.errstate(over="ignore", invalid="ignore"):
        found = [part[np.ptp(part, axis=1) > 0].std(axis=1) for part in rows if part.size]
    return np.concatenate([np.empty(0), *found])


# --- rows ----------------------------------------------------------------------------------------


def _kept(grid: TableGrid, choice: Choice, gaps: Gaps) -> tuple[Mask, Counter[str]]:
    """The rows that are examples, (m,), and the reasons for the others."""
    keep = np.ones(grid.m, np.bool_)
    left_out = Counter(f"{place}: {why}" for place, why in grid.broken.items())

    def leave(rows: Mask, why: str) -> None:
        if count := int((rows & keep).sum()):
            left_out[why] += count
            keep[rows] = False

    for i in (*choice.label, *choice.inputs):
        column = grid.columns[i]
        if column.codes is None:
            continue
        if gaps == "leave out" or i in choice.label:
            leave(column.gaps, f"{column.name} is blank")
        if _as_numbers(column, choice, i):
            for row in np.flatnonzero(column.broken & keep)[:MOST_REASONS]:
                words = column.written(int(row))
                large = is_too_large(words, column.decimal)
                what = f"{clean(words)!r} is {'too large' if large else 'not'} a number"
                leave(_only(grid.m, row), f"{grid.place(int(row))}, column {column.name}: {what}")
            leave(column.broken, f"{column.name} is not a number")
    return keep, left_out


def _as_numbers(column: Column, choice: Choice, i: int) -> bool:
    """Whether the cells of a column are used as numbers."""
    return choice.kind == "regression" if i in choice.label else column.numeric


def _only(m: int, row: int) -> Mask:
    mask = np.zeros(m, np.bool_)
    mask[row] = True
    return mask


def _order(grid: TableGrid, choice: Choice, keep: Mask) -> tuple[NDArray[np.intp], int]:
    """The rows in the order of the examples, test rows last, and the number of these."""
    test = np.arange(grid.m) >= grid.m - grid.test_rows
    if choice.test is not None:
        test = test | is_test(grid.columns[choice.test])
    training, testing = np.flatnonzero(keep & ~test), np.flatnonzero(keep & test)
    return np.concatenate([training, testing]), len(testing)


def _cut(reasons: Counter[str]) -> dict[str, int]:
    shown = dict(reasons.most_common(MOST_REASONS))
    rest = sum(reasons.values()) - sum(shown.values())
    return shown | ({"other reasons": rest} if rest else {})


# --- numbers -------------------------------------------------------------------------------------


def _inputs(
    grid: TableGrid, choice: Choice, order: NDArray[np.intp], of_training: Mask
) -> tuple[Floats, list[str], dict[str, int]]:
    """X (n_x, m), the names of its rows, and how many gaps of each were filled."""
    columns = [grid.columns[i] for i in choice.inputs]
    words = [() if column.numeric else column.kinds[0] for column in columns]
    n_x = sum(1 if len(each) < 3 else len(each) for each in words)
    if n_x * len(order) > MAX_NUMBERS:
        raise LayerwiseError(
            f"X would be ({n_x:,}, {len(order):,}), and the limit is {MAX_NUMBERS:,} numbers:"
            " choose fewer columns as inputs"
        )
    X = np.empty((n_x, len(order)))
    names: list[str] = []
    filled: dict[str, int] = {}
    for column, of_words in zip(columns, words, strict=True):
        at = slice(len(names), len(names) + (1 if len(of_words) < 3 else len(of_words)))
        X[at] = _numbers_of(grid, column, order) if column.numeric else _one_hot(column, order)
        names += [column.name] if column.numeric else _names(column.name, of_words)
        lacks = np.isnan(X[at.start])
        if lacks.any():
            filled[column.name] = int(lacks.sum())
            X[at, lacks] = _means(X[at], of_training & ~lacks)
    return X, names, filled


def _means(rows: Floats, of: Mask) -> Floats:
    """The mean of each row (n, m) over some examples, (n, 1)."""
    if not of.any():
        raise LayerwiseError("no training example has a number to fill the gaps with")
    means: Floats = rows[:, of].mean(axis=1, keepdims=True)
    return means


def _numbers_of(grid: TableGrid, column: Column, order: NDArray[np.intp]) -> Floats:
    numbers = np.asarray(column.values[order], np.float64)
    check_range(numbers, lambda k: f"{grid.place(int(order[k]))}, column {column.name}")
    return numbers


def check_range(numbers: Floats, place: Callable[[int], str]) -> None:
    """Raise LayerwiseError for the first of these numbers (k,) beyond the limit."""
    with np.errstate(invalid="ignore"):
        beyond = np.abs(numbers) > LARGEST
    if beyond.any():
        k = int(beyond.argmax())
        raise LayerwiseError(
            f"{place(k)}: {float(numbers[k])!r} is beyond {LARGEST:g}, the greatest number that can"
            " be learned: divide the column by a power of ten"
        )


def _one_hot(column: Column, order: NDArray[np.intp]) -> Floats:
    """The words of a column as one row of 0 and 1 for two words, else one row per word; NaN for
    gaps.
    """
    words, which = column.kinds
    which = which[order]
    if len(words) < 3:
        row: Floats = np.where(which < 0, np.nan, which)[np.newaxis]
        return row
    rows: Floats = (np.arange(len(words))[:, np.newaxis] == which).astype(np.float64)
    rows[:, which < 0] = np.nan
    return rows


def _names(name: str, words: Sequence[str]) -> list[str]:
    if len(words) < 3:
        no, yes = (word.lower() for word in (*words, "", "")[:2])
        return [name if no in _NO and yes in _YES else f"{name} = {words[-1]}"]
    return [f"{name} = {word}" for word in words]


# --- labels --------------------------------------------------------------------------------------


def _labels(
    grid: TableGrid, choice: Choice, order: NDArray[np.intp]
) -> tuple[Floats, tuple[str, ...], DataKind]:
    columns = [grid.columns[i] for i in choice.label]
    mark = grid.mark if grid.mark is not None and grid.mark.label == choice.label else None
    if mark is not None and mark.kind != "classes" and len(columns) > 1:
        Y = np.stack([_numbers_of(grid, column, order) for column in columns])
        return Y, mark.classes, mark.kind
    if len(columns) > 1:
        Y = np.stack([_numbers_of(grid, column, order) for column in columns])
        _, classes = one_hot_names(grid, choice.label)
        return labels_of_codes(Y.argmax(axis=0), classes)
    if choice.kind == "regression":
        return _numbers_of(grid, columns[0], order)[np.newaxis], (), "regression"
    words, which = columns[0].kinds
    if mark is not None and {*words} <= {*mark.classes}:
        return _marked(np.array([mark.classes.index(word) for word in words])[which[order]], mark)
    return labels_of_codes(which[order], words)


def _marked(codes: NDArray[np.intp], mark: TableMark) -> tuple[Floats, tuple[str, ...], DataKind]:
    """Labels (m,) of classes that the table lists, also of those that no row is of."""
    if len(mark.classes) == 2 and not mark.one_hot:
        return codes[np.newaxis].astype(np.float64), mark.classes, "binary"
    Y = (np.arange(len(mark.classes))[:, np.newaxis] == codes).astype(np.float64)
    return Y, mark.classes, "classes"
