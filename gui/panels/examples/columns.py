"""The columns of the examples table, as arrays for sorting and as text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.data.examples import Split
from core.nn.activations import Array
from core.training import results
from core.training.outcomes import Answered
from gui.style import text

MOST_INPUTS = 64
SETS = ("train", "test")
RIGHT = ("✗", "✓")
NARROW, WIDE = 64, 92  # px
Write = Callable[[Any], str]


@dataclass(frozen=True, slots=True, eq=False)
class ExampleColumn:
    """A value for every example (M,), training examples first; `write` turns one into text.

    `live` ones change during training; `classes` are shown with their sign.
    """

    name: str
    code: str  # the name for plain text
    tip: str
    width: int  # px
    values: NDArray[Any]
    write: Write
    live: bool = False
    classes: int = 0
    plain: Write | None = None  # as others read it in, if not `write`

    def exact(self, example: int) -> str:
        """The value with all its digits in one cell, for copying."""
        words = (self.plain or self.write)(self.values[example].item())
        return " ".join(words.split())


class Columns:
    """Number, set, label, prediction, probability, loss, right or wrong; then the first inputs.

    Columns that do not change during training are made once.
    """

    def __init__(self, split: Split) -> None:
        train, test = split.train, split.test
        self._split = split
        self._Y = train.Y if test is None else np.concatenate([train.Y, test.Y], axis=1)
        self._X = train.X[:MOST_INPUTS]
        if test is not None:
            self._X = np.concatenate([self._X, test.X[:MOST_INPUTS]], axis=1)
        M = self._Y.shape[1]
        # For values, and for several yes-or-no labels, each output has its own columns.
        self._one_class = split.kind == "classes" or (split.kind == "binary" and len(self._Y) == 1)
        self._label = results.classes_of(self._Y, split.kind)
        self._names = [
            ExampleColumn("#", "example", "Index of the example", NARROW,
                   np.arange(1, M + 1), text.count, plain=str),
            ExampleColumn("set", "set", "Training or test example", NARROW,
                   np.arange(M) >= train.m, SETS.__getitem__),
        ]  # fmt: skip
        self._inputs = list(self._make_inputs())

    def at(self, answered: Answered) -> tuple[ExampleColumn, ...]:
        """All columns, with these predictions of the same split."""
        A, losses, test = answered.train.A, answered.train.losses, answered.test
        if test is not None:
            A = np.concatenate([A, test.A], axis=1)
            losses = np.concatenate([losses, test.losses])
        answers = self._classes(A) if self._one_class else self._values(A)
        loss = _number("loss", "loss", "Loss of this example", losses, live=True, sign=False)
        right = [column for column in answers if column.code == "right"]
        others = [column for column in answers if column.code != "right"]
        return (*self._names, *others, loss, *right, *self._inputs)

    def _classes(self, A: Array) -> list[ExampleColumn]:
        kind, names = self._split.kind, self._split.class_names
        several, k = kind == "classes", len(names)
        answer = results.classes_of(A, kind)
        tip = (
            "Probability of the predicted class"
            if several
            else "The output: the probability of class 1 where a sigmoid learns by cross-entropy"
        )
        sure = A[answer, np.arange(len(answer))] if several else A[0]
        return [
            ExampleColumn("y", "y", "The label", WIDE, self._label, names.__getitem__, classes=k),
            ExampleColumn("answer", "answer", "Predicted class", WIDE, answer,
                   names.__getitem__, live=True, classes=k),
            _number("ŷ", "output", tip, sure, live=True, sign=False),
            _right(answer == self._label),
        ]  # fmt: skip

    def _values(self, A: Array) -> list[ExampleColumn]:
        found, kind = [], self._split.kind
        for i, (y, a) in enumerate(zip(self._Y, A, strict=True)):
            unit, code = (i + 1, str(i + 1)) if len(A) > 1 else (None, "")
            label, answer = text.symbol("y", unit), text.symbol("ŷ", unit)
            found += [
                _number(label, f"y{code}", "The label", y),
                _number(answer, f"output{code}", "Prediction of the network", a, live=True),
            ]
            if kind == "regression":
                name, tip = f"{answer} - {label}", "Prediction minus label"
                found.append(_number(name, f"error{code}", tip, a - y, live=True))
        right = results.right(A, self._Y, kind)
        return found if right is None else [*found, _right(right)]

    def _make_inputs(self) -> list[ExampleColumn]:
        split, tip = self._split, "Input of the network"
        if split.mean is not None:
            tip += ", normalized: mean 0 and deviation 1 over the training examples"
        found = []
        for i, values in enumerate(self._X):
            code = split.names[i] if i < len(split.names) else f"x{i + 1}"
            name = text.input_name(code)
            found.append(_number(name, code, tip, values))
        return found


def _number(
    name: str, code: str, tip: str, values: Array, *, live: bool = False, sign: bool = True
) -> ExampleColumn:
    write = text.number if sign else _unsigned
    return ExampleColumn(name, code, tip, WIDE, values, write, live, plain=_exact)


def _right(right: NDArray[np.bool_]) -> ExampleColumn:
    return ExampleColumn(
        "right", "right", (
            "Whether the prediction equals the label"
        ), NARROW, right, RIGHT.__getitem__,
        live=True, plain=("wrong", "right").__getitem__,
    )  # fmt: skip


def _unsigned(x: float) -> str:
    return text.number(x, sign=False)


def _exact(x: float) -> str:
    return repr(float(x))
