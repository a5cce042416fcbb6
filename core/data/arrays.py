"""Turns named arrays into examples: guesses which are inputs and which are labels."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from core.data.datasets import DataKind, PictureShape
from core.data.examples import kind_of
from core.data.own import (
    LARGEST,
    MAX_CLASSES,
    MAX_EXAMPLES,
    MAX_NUMBERS,
    class_order,
    clean,
    labels_of_codes,
    own_data,
)
from core.data.pixels import square_of, square_with
from core.data.table.column import shown
from core.data.table.examples import Account, Imported
from core.data.table.roles import FEW_LABELS, FULL, LabelKind
from core.errors import LayerwiseError
from core.progress import Progress, unheard

Floats = NDArray[np.float64]
NamedArrays = Mapping[str, NDArray[Any]]
Arrangement = Literal["columns", "rows"]

X_WORDS = ("x", "data", "features", "images", "inputs")
Y_WORDS = ("y", "target", "targets", "labels", "label", "outputs")
TRAINING, TEST = ("", "train", "training", "tr"), ("test", "testing", "te")
SPARE = ("val", "valid", "validation", "dev", "extra")
CLASS_NAMES = ("classes", "list_classes", "class_names", "target_names")
INPUT_NAMES = ("inputs", "feature_names", "input_names")
PICTURE = "picture"
AT_ONCE = 2**20  # numbers that are joined between two progress reports


@dataclass(frozen=True, slots=True)
class ArrayRoles:
    """Which arrays are the inputs and labels, for training and for testing ("": none), and which
    others are known but not used.
    """

    x: str
    y: str
    x_test: str = ""
    y_test: str = ""
    spare: tuple[str, ...] = ()

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Inputs and labels that belong together, those for training first."""
        test = ((self.x_test, self.y_test),) if self.x_test else ()
        return ((self.x, self.y), *test)


def plan(names: Sequence[str]) -> ArrayRoles | None:
    """Which of the arrays with these names are inputs and labels; None without such a pair.

    Raises LayerwiseError for an unknown name, and for a test set with only one of the two.
    """
    found: dict[tuple[str, str], str] = {}
    spare, rest = [], []
    for name in names:
        part, letter = part_of_name(name)
        if part == "spare":
            spare.append(name)
        elif not part or (part, letter) in found:
            rest.append(name)
        else:
            found[part, letter] = name
    if ("train", "x") not in found or ("train", "y") not in found:
        return None
    known = {*CLASS_NAMES, *INPUT_NAMES, PICTURE}
    if extra := [name for name in rest if name.lower() not in known]:
        raise LayerwiseError(
            f"it holds {', '.join(extra[:10])} besides {found['train', 'x']} and"
            f" {found['train', 'y']}; leave that out"
        )
    test = [found.get(("test", letter), "") for letter in "xy"]
    if any(test) and not all(test):
        letter = "labels" if test[0] else "inputs"
        raise LayerwiseError(
            f"it holds {test[0] or test[1]} without the {letter} that belong to it"
        )
    return ArrayRoles(found["train", "x"], found["train", "y"], test[0], test[1], tuple(spare))


def part_of_name(name: str) -> tuple[str, str]:
    """("train", "x") of X_train, train_set_x, train_images …; empty for other names."""
    words = [word for word in re.split(r"[\W_]+", name.lower()) if word and word != "set"]
    if len(words) == 1 and (
        glued := re.fullmatch(r"(train|test|val)(x|y)|(x|y)(train|test|val)", words[0])
    ):
        words = [word for word in glued.groups() if word]
    letters = ["x" if w in X_WORDS else "y" for w in words if w in (*X_WORDS, *Y_WORDS)]
    sets = [word for word in words if word not in (*X_WORDS, *Y_WORDS)]
    if len(letters) != 1 or len(sets) > 1 or name.lower() in INPUT_NAMES:
        return "", ""
    of = sets[0] if sets else ""
    for part, known in (("train", TRAINING), ("test", TEST), ("spare", SPARE)):
        if of in known:
            return part, letters[0]
    return "", ""


def check_shapes(
    plan: ArrayRoles, shapes: Mapping[str, tuple[int, ...]], layout: Arrangement
) -> None:
    """Raise LayerwiseError if inputs and labels do not fit or are too large, before any of them is
    read. 2-D inputs have the orientation `layout`, unless only the other one fits.
    """
    total = examples = 0
    for x, y in plan.pairs:
        for name in (x, y):
            if 0 in shapes[name] or not shapes[name]:
                raise LayerwiseError(
                    f"{name} is {shapes[name]}; make it (rows, examples), a column each"
                )
        way = _layout(x, y, shapes, layout)
        m = shapes[x][-1 if way == "columns" else 0]
        examples += m
        total += math.prod(shapes[x]) + math.prod(shapes[y])
    if examples > MAX_EXAMPLES or total > MAX_NUMBERS:
        size = ", ".join(f"{n:,}" for n in shapes[plan.x])
        raise LayerwiseError(
            f"{plan.x} is ({size}), and the limits are {MAX_EXAMPLES:,} examples and"
            f" {MAX_NUMBERS:,} numbers; columns are examples"
        )


def _layout(
    x: str, y: str, shapes: Mapping[str, tuple[int, ...]], usual: Arrangement
) -> Arrangement:
    """Whether examples are the columns (the last axis) or the rows (the first) of an array."""
    of_x, of_y = shapes[x], shapes[y]
    if len(of_x) not in (2, 3, 4):
        raise LayerwiseError(f"{x} is {of_x}; make it (rows, examples), a column each")
    if len(of_y) > 2:
        raise LayerwiseError(f"{y} is {of_y}; make it (1, m), a label for each example")
    rows = of_x[0] == of_y[0] or (len(of_x) > 2 and of_y[0] == 1 and of_x[0] == of_y[-1])
    rows = rows or (usual == "rows" and of_y[0] == 1 and of_x[0] == of_y[-1])
    columns = of_x[-1] == of_y[-1]
    ways: dict[Arrangement, bool] = {"columns": columns, "rows": rows}
    other: Arrangement = "rows" if usual == "columns" else "columns"
    if len(of_x) > 2:
        usual, other = "rows", "columns"
    for way in (usual, other):
        if ways[way]:
            return way
    if len(of_x) > 2 or usual == "rows":
        raise LayerwiseError(
            f"there are not as many labels as examples: {x} is {of_x} and {y} is {of_y}"
        )
    raise LayerwiseError(
        f"{x} has {of_x[-1]:,} examples and {y} has {of_y[-1]:,}; columns are examples"
    )


def imported(
    plan: ArrayRoles,
    arrays: NamedArrays,
    origin: str,
    *,
    layout: Arrangement = "columns",
    kind: LabelKind | None = None,
    inputs: Sequence[str] = (),
    classes: Sequence[str] = (),
    picture: PictureShape | Literal["by shape"] | None = "by shape",
    one_class: bool = False,
    progress: Progress = unheard,
) -> Imported:
    """The arrays as examples; `picture` is the shape of an example, None if it is not a picture.

    With `one_class` all labels may be 0, or 1.

    Raises LayerwiseError saying which array is wrong, and where.
    """
    shapes = {name: arrays[name].shape for pair in plan.pairs for name in pair}
    check_shapes(plan, shapes, layout)
    notes: list[str] = []
    ways = [_layout(x, y, shapes, layout) for x, y in plan.pairs]
    if len(shapes[plan.x]) == 2 and ways[0] != layout:
        notes.append(f"The {ways[0]} of {plan.x} {shapes[plan.x]} were taken for its examples.")
    X, shape, divided_by, test = _inputs(plan, arrays, ways, progress)
    Y, names, of_kind = _labels(plan, arrays, ways, kind, classes, shape is not None)
    one_class = one_class and of_kind == "binary"
    if picture == "by shape":
        bytes_ = square_with(len(X)) if divided_by else None
        picture = shape or bytes_ or square_of(X)
    own = own_data(
        *(X, Y, origin),
        kind=of_kind,
        inputs=inputs,
        classes=names,
        picture=picture,
        test_examples=test,
        one_class=one_class,
    )
    spare = dict.fromkeys(plan.spare, "there is one test set")
    return Imported(own, Account(plan.y, not_used=spare, divided_by=divided_by, notes=tuple(notes)))


# --- inputs --------------------------------------------------------------------------------------


def _inputs(
    plan: ArrayRoles, arrays: NamedArrays, ways: Sequence[Arrangement], progress: Progress
) -> tuple[Floats, PictureShape | None, int | None, int]:
    """X (n_x, m), the picture shape of an example, the divisor of its pixels, and the number of
    test examples.
    """
    parts = [
        _pictures(arrays[x], way) if arrays[x].ndim > 2 else (_rows(arrays[x], way), None)
        for (x, _), way in zip(plan.pairs, ways, strict=True)
    ]
    (first, shape), *_ = parts
    if any(len(part) != len(first) or other != shape for part, other in parts):
        raise LayerwiseError(f"the examples of {plan.x} and {plan.x_test} are not of one shape")
    divided_by = _divisor([part for part, _ in parts], shape is not None)
    names = [x for x, _ in plan.pairs]
    X = _joined([part for part, _ in parts], names, divided_by, progress)
    return X, shape, divided_by, parts[1][0].shape[1] if len(parts) > 1 else 0


def _rows(array: NDArray[Any], way: Arrangement) -> NDArray[Any]:
    return array if way == "columns" else array.T


def _pictures(array: NDArray[Any], way: Arrangement) -> tuple[NDArray[Any], PictureShape | None]:
    """Pictures (m, h, w) or (m, h, w, c), also (m, c, h, w) and (h, w, c, m), as columns (n_x, m)
    flattened as in the course, and the shape of each.
    """
    if way == "columns":
        array = np.moveaxis(array, -1, 0)
    if array.ndim == 3:
        array = array[..., np.newaxis]
    if array.shape[3] not in (1, 2, 3, 4) and array.shape[1] in (1, 3, 4):
        array = np.moveaxis(array, 1, 3)
    m, height, width, channels = array.shape
    if channels == 4:  # without its transparency, on white
        array, channels = _on_white(array), 3
    picture = (height, width, channels) if channels in (1, 3) else None
    return array.reshape(m, -1).T, picture


def _on_white(array: NDArray[Any]) -> NDArray[Any]:
    full = FULL if array.dtype == np.uint8 or float(array.max()) > 1 else 1
    colours, opaque = array[..., :3], array[..., 3:] / full
    blended = colours * opaque + full * (1 - opaque)
    return np.rint(blended).astype(np.uint8) if array.dtype == np.uint8 else blended


def _divisor(parts: Sequence[NDArray[Any]], are_pictures: bool) -> int | None:
    """The divisor that brings pixels into 0 to 1: for bytes always, for other numbers if they are
    pictures.
    """
    if any(part.dtype.kind not in "fiub" for part in parts):
        return None
    of_bytes = all(part.dtype == np.uint8 for part in parts)
    if not are_pictures and not (of_bytes and square_with(len(parts[0]))):
        return None
    low, high = (f([f(part) for part in parts]) for f in (np.min, np.max))
    return FULL if low >= 0 and 1 < high <= FULL else None


def _joined(
    parts: Sequence[NDArray[Any]],
    names: Sequence[str],
    divided_by: int | None,
    progress: Progress,
) -> Floats:
    """X (n_x, m), the parts joined side by side, some examples at a time."""
    X = np.empty((len(parts[0]), sum(part.shape[1] for part in parts)))
    at = 0
    for part, name in zip(parts, names, strict=True):
        if part.dtype.kind not in "fiub":
            raise LayerwiseError(f"{name} holds no real numbers")
        here = X[:, at : at + part.shape[1]]
        some = max(1, AT_ONCE // len(X))
        for start in range(0, part.shape[1], some):
            progress(at + start, X.shape[1])
            piece = here[:, start : start + some]
            piece[...] = part[:, start : start + some]
        check_numbers(here, name)
        at += part.shape[1]
    if divided_by is not None:
        X /= divided_by
    X.setflags(write=False)
    return X


def check_numbers(array: Floats, name: str) -> None:
    """Raise LayerwiseError for the first number of the array that is not finite or too large."""
    if array.size and array.min() >= -LARGEST and array.max() <= LARGEST:  # neither true of NaN
        return
    with np.errstate(invalid="ignore"):
        wrong = ~(np.abs(array) <= LARGEST)
    if wrong.any():
        place = np.argwhere(wrong)[0]
        where = f"{name}[{', '.join(str(i) for i in place)}]"
        value = array[tuple(place)]
        if not np.isfinite(value):
            raise LayerwiseError(f"{where} is not a finite number")
        raise LayerwiseError(
            f"{where} is {value:g}, beyond {LARGEST:g}, the greatest number that can be learned:"
            " divide by a power of ten"
        )


# --- labels --------------------------------------------------------------------------------------


def _labels(
    plan: ArrayRoles,
    arrays: NamedArrays,
    ways: Sequence[Arrangement],
    kind: LabelKind | None,
    classes: Sequence[str],
    are_pictures: bool,
) -> tuple[Floats, tuple[str, ...], DataKind]:
    """Y (n_y, m), its classes and its kind, of all parts together."""
    parts = [
        _labels_as_columns(arrays[y], arrays[x].shape[-1 if way == "columns" else 0])
        for (x, y), way in zip(plan.pairs, ways, strict=True)
    ]
    if any(len(part) != len(parts[0]) for part in parts):
        raise LayerwiseError(f"{plan.y} and {plan.y_test} are not labels of one kind")
    for part, (_, name) in zip(parts, plan.pairs, strict=True):
        if part.dtype.kind in "fiub":
            check_numbers(np.asarray(part, np.float64), name)
    together = np.concatenate(parts, axis=1)
    if together.dtype.kind not in "fiubUS":
        raise LayerwiseError(f"{plan.y} holds no real numbers")
    if len(together) == 1:
        return _single(together[0], kind, classes, are_pictures)
    if together.dtype.kind in "US":
        raise LayerwiseError(f"{plan.y} is {together.shape}: give each example one label")
    numbers = np.asarray(together, np.float64)
    found = kind_of(numbers)
    if kind == "regression" or found == "regression":
        if kind == "classes":
            raise LayerwiseError(f"{plan.y} holds real numbers, which are no classes")
        return numbers, (), "regression"
    if found == "classes":
        named = tuple(classes) if len(classes) == len(numbers) else ()
        return numbers, named or tuple(map(str, range(len(numbers)))), "classes"
    return numbers, tuple(classes) if len(classes) == 2 else (), found


def _labels_as_columns(array: NDArray[Any], m: int) -> NDArray[Any]:
    """Labels (n_y, m) of (m,), (n_y, m) or (m, n_y)."""
    if array.ndim == 1:
        return array[np.newaxis]
    return array if array.shape[1] == m else array.T


def _single(
    values: NDArray[Any], kind: LabelKind | None, classes: Sequence[str], are_pictures: bool
) -> tuple[Floats, tuple[str, ...], DataKind]:
    """One label an example: few whole numbers and all words are classes."""
    if values.dtype.kind in "US":
        words = [str(v, "utf-8", "replace") if isinstance(v, bytes) else str(v) for v in values]
        names = sorted(set(words), key=class_order)
        place = {name: i for i, name in enumerate(names)}
        return labels_of_codes(
            np.array([place[w] for w in words], np.intp), list(map(clean, names))
        )
    numbers = np.asarray(values, np.float64)
    found, codes = np.unique(numbers, return_inverse=True)
    whole = bool((found == np.rint(found)).all())
    most = MAX_CLASSES if are_pictures else FEW_LABELS
    few = whole and len(found) <= most and (are_pictures or len(found) <= max(2, len(numbers) / 2))
    if kind == "regression" or (kind is None and not few):
        return numbers[np.newaxis], (), "regression"
    if len(found) == 1 and found[0] in (0, 1):  # `own_data` judges
        return numbers[np.newaxis], tuple(classes) if len(classes) == 2 else ("0", "1"), "binary"
    if len(found) == 1:
        raise LayerwiseError(
            f"every label is {found[0]:g}: a network needs at least two classes to tell apart."
        )
    names = [shown(float(value)) for value in found]
    if whole and len(classes) > found[-1] and found[0] >= 0:
        names = [classes[int(value)] for value in found]
    elif len(classes) == len(found):
        names = list(classes)
    return labels_of_codes(codes, names)
