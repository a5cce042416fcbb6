"""Guesses which columns are inputs, which is the label, and why others are neither."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from core.data.datasets import PictureShape
from core.data.own import MAX_CLASSES
from core.data.pixels import square_with
from core.data.table.column import Column
from core.data.table.grid import TableGrid
from core.data.table.mark import TableMark

LabelKind = Literal["classes", "regression"]

MOST_BLANK = 0.4
MOST_BROKEN = 0.1  # of the cells of a column of numbers
FEW_LABELS = 20  # different whole numbers that are still classes
FEW_WORDS, ALWAYS_FEW, SHARE_OF_ROWS = 20, 5, 20  # different words of an input
FULL, FEW_GREYS = 255, 16  # the brightest pixel, of photographs and of the digits of scikit-learn
BRIGHT = 100  # some pixel of photographs is

_ID = re.compile(
    r"unnamed[: _]*\d+|(row|obs|record|sample|case|lfd)?[ _.]*(ids?|nr|no|num|number|index|idx)\.?"
    r"|row|rows|rownames|row[ _.]?names?|#|№|n°|nº|guid|uuid|uid|pid|key|编号|序号|番号"
    r"|.*(?<![a-z0-9])ids?",
    re.IGNORECASE,
)
_CAMEL_ID = re.compile(r".*[a-z0-9]I[dD]s?")
_LABELS = (
    *("label", "target", "outcome", "survived", "diagnosis", "species", "class", "klasse"),
    *("classe", "clase", "category", "variety", "labels", "classes", "targets", "result"),
    *("response", "y", "churn", "exited", "quality", "income", "saleprice", "medv", "charges"),
    *("medianhousevalue", "price", "mpg"),
)
"""Names of labels, the surest first."""
_SETS = ("set", "split", "subset", "partition", "dataset", "fold")
_TRAINING, _TEST = ("train", "training"), ("test", "testing", "valid", "validation", "val", "dev")
_PIXEL = re.compile(
    r"(x|p|px|pix|pixel|attr|v|f|col|column|i)?[ _.-]*\d+|\d+[x_]\d+", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which columns (from 0) are the inputs and which the label; several 0/1 ones are one-hot.

    `picture` is the shape of the pictures whose pixels are the inputs, if they are, and
    `divided_by` scales the pixels to 0 … 1. `test` says which rows are for testing, if a column
    says so.
    """

    inputs: tuple[int, ...]
    label: tuple[int, ...]
    kind: LabelKind
    picture: PictureShape | None = None
    divided_by: int | None = None
    test: int | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A choice, and of every column that it does not use, why."""

    choice: Choice
    why: dict[int, str]


def suggest(grid: TableGrid) -> Suggestion:
    """The suggested inputs and label, from the names and the cells of all columns."""
    columns = grid.columns
    why = {i: reason for i, column in enumerate(columns) if (reason := _numbers_rows(grid, i))}
    test = next((i for i, column in enumerate(columns) if _says_set(column)), None)
    if test is not None:
        why[test] = "it says which rows are for testing"
    if grid.mark is not None:
        why = {} if test is None else {test: why[test]}
        return Suggestion(_of_mark(grid, grid.mark, test), why)
    open_ = [i for i in range(len(columns)) if i not in why]
    pixels = _pictures(grid, open_)
    if pixels is not None:
        return Suggestion(replace(pixels, test=test), why)
    why |= {i: reason for i in open_ if (reason := _why_unfit(columns[i]))}
    open_ = [i for i in open_ if i not in why]
    label = _label(grid, open_)
    for i in open_:
        if i not in label and (reason := why_no_input(columns[i])):
            why[i] = reason
    for i in label:
        why.pop(i, None)
    inputs = tuple(i for i in open_ if i not in label and i not in why)
    kind = kind_of_label(grid, label)
    choice = with_picture(grid, Choice(inputs, label, kind, test=test))
    return Suggestion(choice, why)


def chosen(
    grid: TableGrid,
    suggested: Choice,
    *,
    label: str | None = None,
    kind: LabelKind | None = None,
    inputs: Sequence[str] = (),
) -> Choice:
    """The suggestion with these columns instead; raises KeyError for an unknown column."""
    names = [column.name for column in grid.columns]
    places = {name: i for i, name in reversed(list(enumerate(names)))}
    choice = suggested
    if label is not None and (places[label],) != choice.label:
        i = places[label]
        freed = [j for j in choice.label if not why_no_input(grid.columns[j])]
        taken = sorted(j for j in {*choice.inputs, *freed} if j != i)
        choice = replace(choice, inputs=tuple(taken), label=(i,))
        choice = replace(choice, kind=kind_of_label(grid, choice.label))
    if inputs:
        taken = [places[name] for name in inputs]
        choice = replace(choice, inputs=tuple(dict.fromkeys(taken)))
    if kind is not None:
        choice = replace(choice, kind=kind)
    return choice if choice == suggested else with_picture(grid, choice)


def with_picture(grid: TableGrid, choice: Choice) -> Choice:
    """The choice with the picture shape of its inputs, if they are pixels."""
    if (mark := grid.mark) is not None and choice == replace(
        _of_mark(grid, mark, choice.test), kind=choice.kind
    ):
        return choice
    columns = [grid.columns[i] for i in choice.inputs]
    picture, divided_by = _pixels(columns)
    return replace(choice, picture=picture, divided_by=divided_by)


def why_no_input(column: Column) -> str:
    """Why a column is not taken for an input; empty if it may be."""
    if unfit := _why_unfit(column):
        return unfit
    if constant(column):
        return "it is the same in every row"
    if column.mixed:
        return column.mixed
    if column.numeric:
        broken = int(column.broken.sum())
        if broken > MOST_BROKEN * column.m:
            example = column.written(int(column.broken.argmax()))
            return f"{broken:,} of its cells are no numbers, such as {example!r}"
        return ""
    words, _ = column.kinds
    if len(words) > most_words(column.m):
        return f"it is text of {len(words):,} different values"
    return ""


def most_words(m: int) -> int:
    """How many different words an input of m rows may have to be one-hot."""
    return max(2, min(FEW_WORDS, max(ALWAYS_FEW, m // SHARE_OF_ROWS)))


def constant(column: Column) -> bool:
    """Whether all non-empty cells are equal."""
    if column.codes is None:
        numbers = np.asarray(column.numbers)
        return bool((numbers == numbers[:1]).all())
    return len(column.kinds[0]) < 2


def kind_of_label(grid: TableGrid, label: tuple[int, ...]) -> LabelKind:
    """Whether a label holds classes or real numbers: text and few whole numbers are classes."""
    if grid.mark is not None and label == grid.mark.label:
        return "regression" if grid.mark.kind == "regression" else "classes"
    if len(label) != 1:
        return "classes"
    column = grid.columns[label[0]]
    if not column.numeric:
        return "classes"
    values = np.asarray(column.values, np.float64)
    values = np.unique(values[np.isfinite(values)])
    if len(values) > FEW_LABELS or (values != np.rint(values)).any():
        return "regression"
    named = column.name.strip().lower() != "y" and _rank(column.name) is not None
    if {each.name.strip().lower() for each in grid.columns} == {"x", "y"}:
        return "classes" if len(values) == 2 else "regression"
    return "classes" if named or len(values) <= max(2, column.m / 2) else "regression"


def _of_mark(grid: TableGrid, mark: TableMark, test: int | None) -> Choice:
    """The choice that the name of the label describes: all other columns are inputs."""
    inputs = tuple(i for i in range(len(grid.columns)) if i not in mark.label and i != test)
    return Choice(inputs, mark.label, kind_of_label(grid, mark.label), mark.picture, test=test)


def _numbers_rows(grid: TableGrid, i: int) -> str:
    """Why a column looks like a row number; empty if it does not."""
    column = grid.columns[i]
    named = not column.nameless and _is_id(column.name)
    first = i == 0 and not grid.format.header
    if (named or first or (column.nameless and grid.format.header)) and _counts(column):
        return "it only counts the rows"
    return "it is named like an id, which is no property of an example" if named else ""


def _is_id(name: str) -> bool:
    return bool(_ID.fullmatch(name.strip()) or _CAMEL_ID.fullmatch(name.strip()))


def _counts(column: Column) -> bool:
    """Whether the cells are whole numbers that increase by one in every row."""
    if column.codes is not None or column.m < 2:
        return False
    numbers = np.asarray(column.numbers, np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        return bool(numbers[0] == round(numbers[0]) and (np.diff(numbers) == 1).all())


def _says_set(column: Column) -> bool:
    if column.name.strip().lower() not in _SETS or column.numeric or len(column.texts) > 10:
        return False
    words = {word.lower() for word in column.kinds[0]}
    return bool(words & {*_TRAINING} and words & {*_TEST}) and words <= {*_TRAINING, *_TEST}


def is_test(column: Column) -> np.ndarray:
    """Which rows are for testing according to a column of sets, (m,)."""
    words, which = column.kinds
    flags = np.array([*(word.lower() in _TEST for word in words), False])
    found: np.ndarray = flags[which]
    return found


def _why_unfit(column: Column) -> str:
    """Why a column is neither an input nor a label."""
    blank = column.gaps.mean() if column.codes is not None else 0.0
    if blank == 1:
        return "it is blank"
    return f"{blank:.0%} of it is blank" if blank > MOST_BLANK else ""


# --- the label -----------------------------------------------------------------------------------


def _label(grid: TableGrid, open_: Sequence[int]) -> tuple[int, ...]:
    """The columns that are the label among those that can be."""
    columns = grid.columns
    able = [i for i in open_ if _can_be_label(columns[i])] or list(open_)
    if not able:
        return (len(columns) - 1,)
    named = [i for i in open_ if _rank(columns[i].name) is not None and not _coordinate(grid, i)]
    named = [i for i in named if i in able] or named
    one_hot = _one_hot(grid, open_)
    if one_hot and (not named or all(_rank(_stem(grid, one_hot)) is not None for _ in "1")):
        return one_hot
    if named:
        return (min(named, key=lambda i: _rank(columns[i].name) or 0),)
    last = able[-1]
    if _few(columns[last]):
        return (last,)
    texts = [i for i in able if not columns[i].numeric]
    others = [i for i in open_ if not columns[i].numeric]
    if len(texts) == 1 and texts == others:
        return (texts[0],)
    first_few = not grid.format.header and not texts and _few(columns[able[0]])
    return (able[0] if first_few else last,)


def _can_be_label(column: Column) -> bool:
    if constant(column):
        return False
    return column.numeric or (len(column.kinds[0]) <= MAX_CLASSES and not column.mixed)


def _few(column: Column) -> bool:
    """Whether a column has few enough different values for classes."""
    words, which = column.kinds
    whole = not column.numeric or all("." not in word and "e" not in word for word in words)
    return whole and 2 <= len(words) <= min(FEW_LABELS, max(2, int((which >= 0).sum()) // 2))


def _rank(name: str) -> int | None:
    """How well a name suits a label, 0 the best; None if it does not."""
    words = re.split(r"[\W_]+", name.strip().lower())
    whole = "".join(words)
    if whole in _LABELS:
        return _LABELS.index(whole)
    found = [_LABELS.index(word) for word in words if word in _LABELS[:12]]
    return len(_LABELS) + min(found) if found else None


def _coordinate(grid: TableGrid, i: int) -> bool:
    """Whether a y is one of two coordinates, and not the label for x."""
    names = [column.name.strip().lower() for column in grid.columns]
    return names[i] == "y" and "x" in names and len(names) > 2


def _one_hot(grid: TableGrid, open_: Sequence[int]) -> tuple[int, ...]:
    """Adjacent 0/1 columns, at one end of the table or named like a label, of which exactly one is
    1 in every row; the fewest such columns.
    """
    for end in (open_[::-1], open_):
        total = np.zeros(grid.m)
        for count, i in enumerate(end, start=1):
            beside = abs(i - end[0]) == count - 1
            if count > MAX_CLASSES or not beside or not _is_binary(grid.columns[i]):
                break
            total += np.asarray(grid.columns[i].numbers, np.float64)
            if count > 1 and (total == 1).all() and count < len(open_):
                return tuple(sorted(end[:count]))
    return ()


def _is_binary(column: Column) -> bool:
    return column.codes is None and bool(np.isin(column.numbers, (0, 1)).all())


def one_hot_names(grid: TableGrid, label: Sequence[int]) -> tuple[str, list[str]]:
    """The name of a one-hot label, and its classes."""
    names = [grid.columns[i].name for i in label]
    stem = _stem(grid, label)
    if stem:
        return stem, [name[len(stem) :].strip(" _.-=:[]()") or name for name in names]
    return ", ".join(names), names


def _stem(grid: TableGrid, label: Sequence[int]) -> str:
    """The common start of the column names, up to a separator: species for species_setosa."""
    names = [grid.columns[i].name for i in label]
    short, long = min(names), max(names)
    same = next((k for k, c in enumerate(short) if long[k : k + 1] != c), len(short))
    stem = re.match(r"(.*?)[ _.\-=:\[(]*$", short[:same])
    found = stem[1] if stem else ""
    marked = all(not name[len(found) : len(found) + 1].isalpha() for name in names)
    return found if marked and found else ""


# --- pictures ------------------------------------------------------------------------------------


def _pictures(grid: TableGrid, open_: Sequence[int]) -> Choice | None:
    """The choice for a table of pictures: one column is the label, all others are pixels."""
    if len(open_) < 2 or square_with(len(open_) - 1) is None:
        return None
    named = [i for i in open_ if _rank(grid.columns[i].name) is not None]
    ends = sorted({open_[0], open_[-1], *named[:1]}, key=lambda i: (i not in named[:1], i))
    ends = [i for i in ends if _few_classes(grid.columns[i])]
    ends.sort(key=lambda i: (i not in named[:1], _commonest(grid.columns[i])))
    for label in ends[:1]:
        inputs = tuple(i for i in open_ if i != label)
        picture, divided_by = _pixels([grid.columns[i] for i in inputs])
        if picture is not None:
            return Choice(inputs, (label,), "classes", picture, divided_by)
    return None


def _few_classes(column: Column) -> bool:
    return not constant(column) and len(column.kinds[0]) <= MAX_CLASSES


def _commonest(column: Column) -> float:
    """The share of the commonest value: a pixel at the edge is nearly always black."""
    _, which = column.kinds
    return float(np.bincount(which + 1)[1:].max() / max(len(which), 1))


def _pixels(columns: Sequence[Column]) -> tuple[PictureShape | None, int | None]:
    """The shape of the pictures whose pixels these columns are, and the divisor of
    their numbers.
    """
    picture = square_with(len(columns))
    if picture is None or any(column.codes is not None for column in columns):
        return None, None
    low = min(float(np.min(column.numbers)) for column in columns)
    high = max(float(np.max(column.numbers)) for column in columns)
    called = all(column.nameless or _PIXEL.fullmatch(column.name) for column in columns)
    if low < 0 or high > FULL or (high <= BRIGHT and not called):
        return None, None
    if high <= 1:
        return picture, None
    if any(column.numbers.dtype != np.uint8 for column in columns):  # some are not whole
        return None, None
    return picture, FEW_GREYS if high <= FEW_GREYS else FULL
