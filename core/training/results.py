"""Scores predictions: the confusion matrix with its rates, or the fit of a regression."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.data.datasets import DataKind
from core.data.examples import Indices, Split
from core.nn.activations import Array
from core.rounding import spread
from core.training.outcomes import Answered

Counts = NDArray[np.intp]
Shares = NDArray[np.float64]
THRESHOLD = 0.5  # above it a binary output means 1


def errors_of(split: Split, answered: Answered, output: int | None = None) -> list[Array]:
    """Label less prediction of every training example (m,), then of every test example if any."""
    row = output or 0
    sets = [(split.train, answered.train), (split.test, answered.test)]
    return [
        examples.Y[row] - answers.A[row]
        for examples, answers in sets
        if examples is not None and answers is not None
    ]


@dataclass(frozen=True, slots=True, eq=False)
class Rates:
    """Of each class (k,): precision, recall and F1; NaN where they would be 0 / 0.

    With tp answers that are this class and right, fp that are it and wrong, and fn of others where
    it was right: precision tp / (tp + fp), recall tp / (tp + fn), F1 2 tp / (2 tp + fp + fn).
    """

    precision: Shares
    recall: Shares
    f1: Shares

    def means(self) -> tuple[float, float, float]:
        """Each rate as a plain mean over the classes that occur, as labels or predictions; 0 / 0
        counts as 0. The "macro average" of scikit-learn.
        """
        occurs = ~np.isnan(self.f1)
        if not occurs.any():
            return math.nan, math.nan, math.nan
        means = (np.nan_to_num(r[occurs]).mean() for r in (self.precision, self.recall, self.f1))
        precision, recall, f1 = (float(mean) for mean in means)
        return precision, recall, f1


@dataclass(frozen=True, slots=True)
class Fit:
    """The fit of predicted values: rmse = sqrt(mean((a - y)²)) and

    r2 = 1 - sum((a - y)²) / sum((y - mean(y))²), NaN if labels differ only by rounding.
    """

    r2: float
    rmse: float


def classes_of(values: Array, kind: DataKind, output: int = 0) -> Indices:
    """The class, from 0, of each column of labels or predictions (n[L], m).

    With several classes, the largest output; for binary labels, whether the output is above 0.5.
    """
    said = values.argmax(axis=0) if kind == "classes" else values[output] > THRESHOLD
    return np.asarray(said, np.intp)


def right(A: Array, Y: Array, kind: DataKind) -> NDArray[np.bool_] | None:
    """Which of the columns of A (n[L], m) predict the label: above 0.5 for binary labels, the
    largest output for classes; None for regression.
    """
    if kind == "regression":
        return None
    if kind == "classes":
        return np.asarray(classes_of(A, kind) == classes_of(Y, kind))
    return np.asarray(((A > THRESHOLD) == (Y > THRESHOLD)).all(axis=0))


def count_of_classes(rows: int, kind: DataKind) -> int:
    """The number of classes of labels with this many rows."""
    return rows if kind == "classes" else 2


def confusions(labels: Indices, answers: Indices, classes: int) -> Counts:
    """The counts of (true, predicted), (classes, classes); the diagonal is correct."""
    pairs = labels * classes + answers
    return np.bincount(pairs, minlength=classes * classes).reshape(classes, classes)


def accuracy(counts: Counts) -> float:
    """The share of correct predictions."""
    return float(np.trace(counts) / counts.sum()) if counts.sum() else math.nan


def rates(counts: Counts) -> Rates:
    """Precision, recall and F1 of each class."""
    right = np.diag(counts).astype(np.float64)
    answered, labelled = counts.sum(axis=0), counts.sum(axis=1)
    return Rates(
        _share(right, answered), _share(right, labelled), _share(2 * right, answered + labelled)
    )


def _share(part: Shares, whole: Counts) -> Shares:
    share: Shares = np.full(len(part), np.nan)
    return np.divide(part, whole, out=share, where=whole > 0)


def report(A: Array, Y: Array, kind: DataKind) -> dict[str, object]:
    """Everything for JSON, None where there is no number; one part for each output, if these are
    not the classes of one label.
    """
    if kind == "classes" or len(Y) == 1:
        return _report(A, Y, kind, 0)
    return {"outputs": [_report(A, Y, kind, i) for i in range(len(Y))]}


def _report(A: Array, Y: Array, kind: DataKind, output: int) -> dict[str, object]:
    if kind == "regression":
        found = fit(A[output], Y[output])
        return {"r2": _or_none(found.r2), "rmse": _or_none(found.rmse)}
    said, true = classes_of(A, kind, output), classes_of(Y, kind, output)
    counts = confusions(true, said, count_of_classes(len(Y), kind))
    of_class = rates(counts)
    return {
        "confusion": counts.tolist(),
        "precision": [_or_none(share) for share in of_class.precision],
        "recall": [_or_none(share) for share in of_class.recall],
        "f1": [_or_none(share) for share in of_class.f1],
    }


def _or_none(x: float) -> float | None:
    return float(x) if math.isfinite(x) else None


def fit(a: Array, y: Array) -> Fit:
    """The fit of the values a (m,) to the labels y (m,)."""
    left = squared_distance(a, y)
    return Fit(1.0 - left / variation(y[np.newaxis]), math.sqrt(left / len(y)))


def squared_distance(a: Array, y: Array) -> float:
    """The sum of (a - y)²."""
    errors = (a - y).ravel().astype(np.float64)
    return float(errors.dot(errors))


def variation(Y: Array) -> float:
    """The sum of (y - mean(y))² over the rows of Y (n, m); NaN where labels differ only by
    rounding.
    """
    vary = [y for y in Y if spread(y) > 0]  # the mean of equal labels can be off in its last digit
    whole = sum(squared_distance(y, y.mean(dtype=np.float64)) for y in vary)
    return whole if whole > 0 else math.nan
