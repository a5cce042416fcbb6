"""The examples of one run: generated or imported, split into training and test, normalized."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.data import features as feature_table
from core.data.datasets import DATASETS, DataKind, Dataset, PictureShape, Sample
from core.data.normalization import mean_and_std, standardized
from core.data.sheet import Sheet, drawn_for_testing
from core.errors import LayerwiseError

Floats = NDArray[np.floating]
Indices = NDArray[np.intp]
Dtype = Literal["float64", "float32"]
_T = TypeVar("_T", bound=np.generic)


def _read_only(array: NDArray[_T]) -> NDArray[_T]:
    """Return the array itself if it refuses writing, else a copy of it that does."""
    if array.flags.writeable:
        array = array.copy(order="C")
        array.setflags(write=False)
    return array


def _take(array: NDArray[_T], columns: Indices) -> NDArray[_T]:
    """Copy columns of a table into a new read-only C-contiguous one; all of one that is so already
    need no copy.
    """
    if len(columns) == array.shape[1] and array.flags.c_contiguous and not array.flags.writeable:
        return array  # ascending, so that the columns keep their order
    part = np.take(array, columns, axis=1)
    part.setflags(write=False)
    return part


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Inputs X (n_x, m) and labels Y (n_y, m), one example per column; both read-only."""

    X: Floats
    Y: Floats

    def __post_init__(self) -> None:
        object.__setattr__(self, "X", _read_only(self.X))
        object.__setattr__(self, "Y", _read_only(self.Y))

    @property
    def m(self) -> int:
        """Number of examples."""
        return int(self.X.shape[1])


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Training and test examples, and the transformation from a point of the plane to the network's
    inputs.

    `points` and `test_points` are the raw x1, x2 of the examples, (2, m), before features and
    normalization; None unless an example has two raw inputs. `columns` and `test_columns` give the
    column of each example in the data as drawn. `mean` and `std` (n_x, 1) are those of the training
    inputs, None without normalization. `class_names` is empty for regression. `picture` is (height,
    width, channels) if an example is a picture; `sheet` is the area that the examples were painted
    on, if any. `coordinates` name x1 and x2 if the data do.
    """

    train: Examples
    test: Examples | None
    kind: DataKind
    features: tuple[str, ...]
    class_names: tuple[str, ...]
    columns: Indices
    test_columns: Indices
    points: Floats | None
    test_points: Floats | None
    mean: NDArray[np.float64] | None
    std: NDArray[np.float64] | None
    picture: PictureShape | None = None
    sheet: Sheet | None = None
    coordinates: tuple[str, str] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the inputs: the features, written with the names of the columns if there are
        any.
        """
        if self.coordinates is None:
            return self.features
        return tuple(feature_table.named(name, *self.coordinates) for name in self.features)

    def own_units(self, X: Floats, rows: Sequence[int] | slice = slice(None)) -> Floats:
        """Rows of inputs X (n_x, k), with their normalization undone."""
        rows = rows if isinstance(rows, slice) else list(rows)
        if self.mean is None or self.std is None:
            return X[rows]
        own: Floats = X[rows] * self.std[rows] + self.mean[rows]
        return own

    def fed(self, values: Floats, rows: Sequence[int]) -> Floats:
        """Values (len(rows), k) of these inputs as the network is fed them."""
        mean, std = self.mean, self.std
        if mean is not None and std is not None:
            mean, std = mean[list(rows)], std[list(rows)]
        return standardized(np.asarray(values, np.float64), mean, std).astype(self.train.X.dtype)

    def inputs_of(self, points: Floats) -> Floats:
        """Turn raw points (2, k) into the network's inputs (n_x, k): features, then normalization.

        Raises LayerwiseError if the data has no plane (`points` is None).
        """
        if self.points is None:
            raise LayerwiseError(
                f"An example of this data has {self.train.X.shape[0]} inputs and not two, "
                "so there is no plane to draw: look at the examples one by one."
            )
        inputs = feature_table.apply(self.features, np.asarray(points, np.float64))
        return standardized(inputs, self.mean, self.std).astype(self.train.X.dtype)


@dataclass(frozen=True, slots=True)
class _Raw:
    """All examples before they are split: X (n, m), Y (n_y, m) and their description."""

    X: NDArray[np.float64]
    Y: NDArray[np.float64]
    kind: DataKind
    features: tuple[str, ...]
    class_names: tuple[str, ...]


def make_split(
    source: str,
    examples: int,
    noise: float,
    seed: int,
    test_share: float = 0.0,
    features: Sequence[str] = ("x1", "x2"),
    normalize: bool = False,
    dtype: Dtype = "float64",
    options: Mapping[str, int] | None = None,
    balance: Sequence[float] = (),
) -> Split:
    """Draw a data set of the gallery from RandomState(seed) and split it.

    With `test_share` 0 the columns stay in the order as drawn; otherwise a permutation drawn after
    the data, from the same generator, chooses the test columns, and both parts keep their order.
    `options` holds values by the name of `Dataset.option`; those of other data sets are ignored.
    `balance` is the share of each class, even where it is empty (`datasets.shares`). `features` are
    computed only for data with two inputs. Raises LayerwiseError for an unknown source, feature or
    dtype, a number of examples that the source does not have, a noise that is negative or not
    finite, a seed outside 0 … 2³² - 1, a test share outside [0, 1), or an option outside its
    limits.
    """
    dataset = _dataset(source)
    rng = _generator(seed)
    X, Y = draw(source, examples, noise, rng, options or {}, balance)
    names = _row_names(X, features)
    raw = _Raw(X, Y, dataset.kind, names, _class_names(dataset.kind, Y))
    split = _split(raw, _choose(examples, test_share, rng), normalize, dtype)
    return replace(split, picture=dataset.picture)


def draw(
    source: str,
    examples: int,
    noise: float,
    rng: np.random.RandomState,
    options: Mapping[str, int],
    balance: Sequence[float] = (),
) -> Sample:
    """The examples as they are drawn, X (n_x, m) and Y (n_y, m); raises as `make_split` does."""
    dataset = _dataset(source)
    _check_draw(dataset, examples, noise)
    extra: dict[str, object] = {**_extra(dataset, options)}
    if balance:
        check_balance(dataset, balance, options)
        extra["balance"] = tuple(balance)
    return dataset.make(examples, noise, rng, **extra)


def split_of_arrays(
    X: ArrayLike,
    Y: ArrayLike,
    *,
    kind: DataKind | None = None,
    class_names: Sequence[str] = (),
    features: Sequence[str] = (),
    seed: int = 1,
    test_share: float = 0.0,
    normalize: bool = False,
    dtype: Dtype = "float64",
    test_examples: int = 0,
    sheet: Sheet | None = None,
) -> Split:
    """Split own data X (n_x, m), Y (n_y, m); neither is changed.

    `kind` and `class_names` are derived from Y if not given. `features` are computed only for data
    with two inputs; without them the inputs are used unchanged. The last `test_examples` columns,
    if any, are the test set, instead of a random `test_share`; points painted on a `sheet` are
    assigned one by one (`core/data/sheet.py`). Raises LayerwiseError naming the array and the
    position of the error.
    """
    inputs, labels = _own_array("X", X), _own_array("Y", Y)
    if inputs.shape[1] != labels.shape[1]:
        raise LayerwiseError(
            f"X has {inputs.shape[1]} examples and Y has {labels.shape[1]}: "
            "give both one column for each example."
        )
    kind = kind or kind_of(labels)
    _check_labels(kind, labels)
    raw = _Raw(
        inputs,
        labels,
        kind,
        features=_row_names(inputs, features or ("x1", "x2")),
        class_names=tuple(class_names) or _class_names(kind, labels),
    )
    m, rng = inputs.shape[1], _generator(seed)
    if sheet is not None:
        is_test = drawn_for_testing(inputs, seed, test_share)
    elif test_examples:
        is_test = np.arange(m) >= m - test_examples
    else:
        is_test = _choose(m, test_share, rng)
    return replace(_split(raw, is_test, normalize, dtype), sheet=sheet)


def kind_of(Y: Floats) -> DataKind:
    """The kind of labels Y (n_y, m): one-hot columns are classes, other 0/1 are binary."""
    if not np.isin(Y, (0, 1)).all():
        return "regression"
    one_hot = len(Y) > 1 and bool((Y.sum(axis=0) == 1).all())
    return "classes" if one_hot else "binary"


def _dataset(source: str) -> Dataset:
    if source not in DATASETS:
        known = ", ".join(DATASETS)
        raise LayerwiseError(f'There is no data set called "{source}": choose from {known}.')
    return DATASETS[source]


def _check_draw(dataset: Dataset, examples: int, noise: float) -> None:
    if examples < 1:
        raise LayerwiseError(f"{examples} examples were asked for: choose at least 1.")
    if dataset.most is not None and examples > dataset.most:
        raise LayerwiseError(
            f"{examples} examples were asked for, but {dataset.label} has {dataset.most}: "
            f"choose at most {dataset.most}."
        )
    if not (np.isfinite(noise) and noise >= 0):
        raise LayerwiseError(f"The noise is {noise}: choose a finite number that is 0 or more.")


def check_balance(dataset: Dataset, balance: Sequence[float], options: Mapping[str, int]) -> None:
    """Raise LayerwiseError unless these are shares of the classes of the data set."""
    if not dataset.balances:
        raise LayerwiseError(
            f"The classes of {dataset.label} cannot be balanced: take the balance away."
        )
    value = None if dataset.option is None else options.get(dataset.option.name)
    classes = dataset.classes(value)
    if len(balance) != classes:
        raise LayerwiseError(
            f"The balance has {len(balance)} shares and {dataset.label} has {classes} classes:"
            " give one share for each."
        )
    if not all(0 <= share <= 1 for share in balance) or abs(sum(balance) - 1) > 1e-6:
        raise LayerwiseError(
            f"The balance is {', '.join(f'{share:g}' for share in balance)}: choose shares from 0"
            " to 1 that add up to 1."
        )


def _extra(dataset: Dataset, options: Mapping[str, int]) -> dict[str, int]:
    """Pick the keyword of `dataset.make` from the options."""
    option = dataset.option
    if option is None or option.name not in options:
        return {}
    value, (low, high) = options[option.name], option.limits
    if not low <= value <= high:
        raise LayerwiseError(
            f"{option.label} of {dataset.label} is {value}: choose from {low} to {high}."
        )
    return {option.name: value}


def _row_names(X: NDArray[np.float64], features: Sequence[str]) -> tuple[str, ...]:
    """Name the input rows: the features of two raw inputs if requested, else x1 … xn."""
    return tuple(features) if len(X) == 2 else tuple(f"x{i}" for i in range(1, len(X) + 1))


def _generator(seed: int) -> np.random.RandomState:
    if not 0 <= seed < 2**32:
        raise LayerwiseError(f"The seed is {seed}: choose a whole number from 0 to {2**32 - 1}.")
    return np.random.RandomState(seed)


def _own_array(name: str, values: ArrayLike) -> NDArray[np.float64]:
    """Check that `values` is a finite table with one column per example; float64, possibly not a
    copy.
    """
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise LayerwiseError(
            f"The rows of {name} differ in length: give it a full table."
        ) from error
    if array.dtype.kind not in "fiub":
        raise LayerwiseError(f"{name} holds {array.dtype} values: give it real numbers.")
    if array.ndim != 2 or 0 in array.shape:
        raise LayerwiseError(
            f"{name} has the shape {array.shape}: give it rows and at least one example, "
            "a column for each."
        )
    array = array.astype(np.float64, copy=False)
    _check_finite(name, array, "mend or leave out that example")
    return array


def _check_finite(name: str, array: Floats, advice: str) -> None:
    finite = np.isfinite(array)
    if not finite.all():
        row, column = np.argwhere(~finite)[0]
        raise LayerwiseError(f"{name}[{row}, {column}] is not a finite number: {advice}.")


def _check_labels(kind: DataKind, Y: Floats) -> None:
    if kind != "regression" and not np.isin(Y, (0, 1)).all():
        row, column = np.argwhere(~np.isin(Y, (0, 1)))[0]
        raise LayerwiseError(
            f"Y[{row}, {column}] is {Y[row, column]:g}: a class label is 0 or 1; "
            "for real numbers choose regression."
        )
    if kind == "classes" and not (Y.sum(axis=0) == 1).all():
        column = np.argwhere(Y.sum(axis=0) != 1)[0, 0]
        raise LayerwiseError(
            f"Column {column} of Y has {Y[:, column].sum():g} ones: "
            "with several classes give each example exactly one."
        )


def _class_names(kind: DataKind, Y: Floats) -> tuple[str, ...]:
    if kind == "regression":
        return ()
    count = 2 if kind == "binary" else len(Y)
    return tuple(str(j) for j in range(count))


def _split(raw: _Raw, is_test: NDArray[np.bool_], normalize: bool, dtype: Dtype) -> Split:
    columns, test_columns = np.flatnonzero(~is_test), np.flatnonzero(is_test)
    plane = len(raw.X) == 2
    inputs = feature_table.apply(raw.features, raw.X) if plane else raw.X
    mean, std = mean_and_std(_take(inputs, columns)) if normalize else (None, None)
    X = _cast("X", standardized(inputs, mean, std), dtype)
    Y = _cast("Y", raw.Y, dtype)
    has_test = len(test_columns) > 0
    return Split(
        train=Examples(_take(X, columns), _take(Y, columns)),
        test=Examples(_take(X, test_columns), _take(Y, test_columns)) if has_test else None,
        kind=raw.kind,
        features=raw.features,
        class_names=raw.class_names,
        columns=_read_only(columns),
        test_columns=_read_only(test_columns),
        points=_take(raw.X, columns) if plane else None,
        test_points=_take(raw.X, test_columns) if plane and has_test else None,
        mean=None if mean is None else _read_only(mean),
        std=None if std is None else _read_only(std),
    )


def _choose(m: int, test_share: float, rng: np.random.RandomState) -> NDArray[np.bool_]:
    """Choose which examples are for testing, (m,); at least one is for training."""
    if not 0 <= test_share < 1:
        raise LayerwiseError(
            f"The test share is {test_share}: choose a number from 0 up to, not including, 1."
        )
    is_test = np.zeros(m, bool)
    if test_share > 0:
        count = min(int(test_share * m + 0.5), m - 1)
        is_test[rng.permutation(m)[:count]] = True
    return is_test


def training_of(m: int, test_share: float, seed: int) -> NDArray[np.bool_]:
    """Which of m own examples are for training, (m,), in the split with these arguments."""
    return ~_choose(m, test_share, _generator(seed))


def _cast(name: str, array: NDArray[np.float64], dtype: Dtype) -> Floats:
    if dtype not in ("float64", "float32"):
        raise LayerwiseError(f'"{dtype}" numbers are not known: choose float64 or float32.')
    with np.errstate(over="ignore"):
        cast: Floats = array.astype(dtype, copy=False)
    _check_finite(name, cast, f"it does not fit into {dtype}; make the numbers smaller")
    return cast
