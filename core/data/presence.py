"""Counts the examples of each class, and warns where a class has none."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.data.datasets import DataKind
from core.data.examples import Floats, Split

_MOST_NAMED = 5


def class_counts(Y: Floats, kind: DataKind) -> tuple[int, ...]:
    """Examples of each class among the labels Y (n_y, m); empty in regression."""
    if kind == "regression":
        return ()
    if kind == "binary" and len(Y) == 1:
        ones = int(np.count_nonzero(Y[0] > 0.5))
        return Y.shape[1] - ones, ones
    return tuple(int(n) for n in np.count_nonzero(Y > 0.5, axis=1))


def what_is_missing(split: Split) -> str:
    """A sentence on classes that have no training example; empty if all have one."""
    counts = class_counts(split.train.Y, split.kind)
    absent = [name for name, n in zip(split.class_names, counts, strict=False) if n == 0]
    if not absent:
        return ""
    if len(absent) == len(counts) - 1:
        only = next(name for name, n in zip(split.class_names, counts, strict=False) if n)
        return (
            f"Every training example is of class {only}: the network can only learn to "
            "predict that class. Add examples of another class."
        )
    return (
        f"There is no training example of class {_listed(absent)}: the network cannot learn "
        "to predict it."
    )


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_MOST_NAMED])
    return shown if len(names) <= _MOST_NAMED else f"{shown} and {len(names) - _MOST_NAMED} more"
