"""Own data: examples that a user imports or paints, checked once and never changed.

Whatever their source (a table, arrays, pictures), they become one frozen `OwnData`. A project
holds only their description (`core.project.OwnSettings`, with the same `digest`).
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.data.datasets import DATASETS, DataKind, PictureShape
from core.data.examples import Dtype, Split, draw, kind_of, split_of_arrays
from core.data.numbers import NUMBER
from core.data.sheet import Sheet, check_sheet
from core.errors import LayerwiseError

Floats = NDArray[np.float64]

MAX_EXAMPLES = 1_000_000
MAX_NUMBERS = 2**27  # numbers in X and Y together: a gigabyte as float64
MAX_CLASSES = 100
LARGEST = 1e150  # that a number in X or Y may be: its square and the sum of many are numbers too
MAX_NAME = 100  # characters of the name of a column or a class


@dataclass(frozen=True, slots=True, eq=False)
class OwnData:
    """Imported or painted examples: X (n_x, m), Y (n_y, m), float64, read-only, one per column.

    `kind` says what Y holds: 0/1 in one row, one-hot columns, or real numbers. `inputs` names the
    rows of X, `classes` the classes (none for real numbers). The last `test_examples` columns are
    the test set that came with the data. `picture` is (height, width, channels) if an example is a
    picture flattened as in the course, by `reshape(m, -1).T`: row by row, in each row pixel by
    pixel, for each pixel red, green, blue. `sheet` is the area that points were painted on, if any.
    `origin` says in a few words where they are from. Two with the same `digest` are the same data.
    `reach` is the largest magnitude in X and in Y. Make it with `own_data`, which checks.
    """

    X: Floats
    Y: Floats
    kind: DataKind
    inputs: tuple[str, ...]
    classes: tuple[str, ...]
    origin: str
    picture: PictureShape | None = None
    test_examples: int = 0
    sheet: Sheet | None = None
    digest: str = field(init=False)
    reach: tuple[float, float] = field(init=False)

    def __post_init__(self) -> None:
        for name in ("X", "Y"):
            array = np.ascontiguousarray(getattr(self, name), np.float64)
            if array.flags.writeable:
                array = array.copy()
                array.setflags(write=False)
            object.__setattr__(self, name, array)
        object.__setattr__(self, "digest", self._digest())
        reach = tuple(
            max(float(array.max(initial=0.0)), -float(array.min(initial=0.0)))
            for array in (self.X, self.Y)
        )
        object.__setattr__(self, "reach", reach)

    @property
    def m(self) -> int:
        """Number of examples, those for testing included."""
        return int(self.X.shape[1])

    def _digest(self) -> str:
        what: tuple[object, ...] = (
            *(self.kind, self.inputs, self.classes, self.origin, self.picture, self.test_examples),
        )
        if self.sheet is not None:  # data of other kinds keep the digest of earlier versions
            what = (*what, self.sheet)
        hashed = hashlib.blake2b(repr((what, self.X.shape, self.Y.shape)).encode(), digest_size=16)
        hashed.update(self.X.data)
        hashed.update(self.Y.data)
        return hashed.hexdigest()


def own_data(
    X: ArrayLike,
    Y: ArrayLike,
    origin: str,
    *,
    kind: DataKind | None = None,
    inputs: Sequence[str] = (),
    classes: Sequence[str] = (),
    picture: PictureShape | None = None,
    test_examples: int = 0,
    sheet: Sheet | None = None,
    one_class: bool = False,
) -> OwnData:
    """Check examples X (n_x, m), Y (n_y, m) and freeze them; missing arguments are derived from Y.

    Raises LayerwiseError for wrong shapes, numbers that are not finite or too large, invalid
    labels, or a single class (which painted points may have, and others with `one_class`).
    """
    X, Y = np.asarray(X, np.float64), np.asarray(Y, np.float64)
    _check_shapes(X, Y, painted=sheet is not None)
    _check_finite(X, Y)
    kind = kind or kind_of(Y)
    _check_kind(kind, Y, one_class=one_class or sheet is not None)
    if sheet is not None:
        check_sheet(sheet)
    names, labels = _names(X, Y, kind, inputs, classes)
    if picture is not None and picture[0] * picture[1] * picture[2] != len(X):
        raise LayerwiseError(f"A picture of {picture} does not have {len(X):,} numbers.")
    if not 0 <= test_examples < X.shape[1]:
        raise LayerwiseError(f"{test_examples:,} of {X.shape[1]:,} examples cannot be for testing.")
    return OwnData(
        X,
        Y,
        kind,
        tuple(map(clean, names)),
        tuple(map(clean, labels)),
        clean(origin),
        picture,
        test_examples,
        sheet,
    )


def _names(
    X: Floats, Y: Floats, kind: DataKind, inputs: Sequence[str], classes: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the rows of X and of the classes; those that are not given are counted."""
    count = 2 if kind == "binary" else len(Y)
    names = tuple(inputs) or tuple(f"x{i}" for i in range(1, len(X) + 1))
    labels = () if kind == "regression" else tuple(classes) or tuple(map(str, range(count)))
    if len(names) != len(X) or (kind != "regression" and len(labels) != count and len(Y) == 1):
        raise LayerwiseError("The number of input or class names does not match the data.")
    return names, labels


def clean(name: str) -> str:
    """A name from outside, safe to display: unprintable characters are replaced, the rest
    shortened.
    """
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name[:MAX_NAME])
    return text if len(name) <= MAX_NAME else text[:-1] + "…"


def labels_of(names: Sequence[str]) -> tuple[Floats, tuple[str, ...], DataKind]:
    """Labels by name, one an example, as Y (1, m) of two classes or one-hot (C, m) of more.

    Also returns the classes, numbers in their order and everything else alphabetically, and the
    kind. Raises LayerwiseError for one class, or for more than MAX_CLASSES.
    """
    classes = sorted(set(names), key=class_order)
    place = {name: j for j, name in enumerate(classes)}
    return labels_of_codes(np.array([place[name] for name in names], np.intp), classes)


def labels_of_codes(
    codes: NDArray[np.intp], names: Sequence[str]
) -> tuple[Floats, tuple[str, ...], DataKind]:
    """The same for labels (m,) that are indices of the names; unused names are dropped.

    Raises LayerwiseError for one class, or for more than MAX_CLASSES.
    """
    used, column = np.unique(codes, return_inverse=True)
    classes = tuple(names[j] for j in used)
    if len(classes) < 2:
        only = f"every label is {clean(classes[0])!r}" if classes else "there are no labels"
        raise LayerwiseError(f"{only}: a network needs at least two classes to tell apart.")
    if len(classes) > MAX_CLASSES:
        raise LayerwiseError(
            f"the label has {len(classes):,} different values, and the limit is {MAX_CLASSES}"
            " classes: choose another column, or real numbers."
        )
    if len(classes) == 2:
        return column[np.newaxis].astype(np.float64), classes, "binary"
    Y = (np.arange(len(classes))[:, np.newaxis] == column).astype(np.float64)
    return Y, classes, "classes"


def split_of_own(
    own: OwnData,
    *,
    features: Sequence[str] = ("x1", "x2"),
    seed: int = 1,
    test_share: float = 0.0,
    normalize: bool = False,
    dtype: Dtype = "float64",
) -> Split:
    """Training and test examples of own data, prepared like those of the gallery.

    A test set that came with the data is used, whatever `test_share` is. `features` are computed
    for data with two inputs; all others are used unchanged.
    """
    split = split_of_arrays(
        own.X,
        own.Y,
        kind=own.kind,
        class_names=own.classes,
        features=features,
        seed=seed,
        test_share=test_share,
        normalize=normalize,
        dtype=dtype,
        test_examples=own.test_examples,
        sheet=own.sheet,
    )
    split = replace(split, picture=own.picture)
    if len(own.X) != 2:
        return replace(split, features=own.inputs)
    first, second = own.inputs
    return split if own.inputs == ("x1", "x2") else replace(split, coordinates=(first, second))


def drawn(
    source: str,
    examples: int,
    noise: float,
    seed: int,
    options: Mapping[str, int] = MappingProxyType({}),
    balance: Sequence[float] = (),
) -> OwnData:
    """The examples of a gallery data set as they are drawn, to be exported like own data."""
    dataset = DATASETS[source]
    X, Y = draw(source, examples, noise, np.random.RandomState(seed), options, balance)
    count = {"binary": 2, "classes": len(Y), "regression": 0}[dataset.kind]
    return OwnData(
        X,
        Y,
        dataset.kind,
        tuple(f"x{i}" for i in range(1, len(X) + 1)),
        tuple(map(str, range(count))),
        f"{dataset.label}, seed {seed}",
        dataset.picture,
    )


def class_order(name: str) -> tuple[bool, float, str]:
    """Sorts numbers by value, before all other names alphabetically."""
    number = float(name) if NUMBER.fullmatch(name) else math.nan
    return (False, number, name) if math.isfinite(number) else (True, 0.0, name)


def _check_shapes(X: Floats, Y: Floats, *, painted: bool) -> None:
    for name, array in (("X", X), ("Y", Y)):
        if array.ndim != 2 or 0 in array.shape:
            raise LayerwiseError(f"{name} is {array.shape}: make it (rows, examples).")
    if painted and len(X) != 2:
        raise LayerwiseError(f"X is {X.shape}: painted points need the shape (2, m).")
    m = X.shape[1]
    if Y.shape[1] != m:
        raise LayerwiseError(f"X has {m:,} examples and Y has {Y.shape[1]:,}: give both a column.")
    if m > MAX_EXAMPLES or X.size + Y.size > MAX_NUMBERS:
        raise LayerwiseError(
            f"X is ({len(X):,}, {m:,}), and the limits are {MAX_EXAMPLES:,} examples and"
            f" {MAX_NUMBERS:,} numbers."
        )


def _check_finite(X: Floats, Y: Floats) -> None:
    for name, array in (("X", X), ("Y", Y)):
        if array.min() >= -LARGEST and array.max() <= LARGEST:  # neither is true of NaN
            continue
        wrong = ~(np.abs(array) <= LARGEST)
        if wrong.any():
            row, column = np.argwhere(wrong)[0]
            value, where = array[row, column], f"{name}[{row}, {column}]"
            if not np.isfinite(value):
                raise LayerwiseError(f"{where} is not a finite number.")
            raise LayerwiseError(
                f"{where} is {value:g}: use numbers from {-LARGEST:g} to {LARGEST:g}."
            )


def _check_kind(kind: DataKind, Y: Floats, *, one_class: bool) -> None:
    if kind == "regression":
        return
    wrong = (Y != 0) & (Y != 1)
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        raise LayerwiseError(
            f"Y[{row}, {column}] is {Y[row, column]:g}, and the label of a class is 0 or 1:"
            " choose real numbers instead."
        )
    if kind == "classes" and (Y.sum(axis=0) != 1).any():
        raise LayerwiseError("a column of Y has not exactly one 1: give each example one class.")
    if len(Y) == 1 and np.ptp(Y) == 0 and not one_class:
        raise LayerwiseError(
            f"every label is {Y[0, 0]:g}: a network needs at least two classes to tell apart."
        )
