"""Recognises slips in loops over examples, units and features: overwritten, left out or stuck."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.check.trial import Trial, compiled, evaluate

Array = NDArray[Any]
Same = Callable[[Array, Array], bool]
Clause = tuple[str, str, str]  # key, words, advice


def recognise(name: str, theirs: Array, ours: Array, trial: Trial) -> Clause | None:
    """Which slip of a loop turns `ours` into `theirs`; None if no one does."""
    scale = float(np.max(np.abs(theirs[np.isfinite(theirs)]), initial=0.0))

    def same(made: Array, found: Array) -> bool:
        return bool(made.shape == found.shape and np.allclose(made, found, 1e-9, 1e-12 * scale))

    if not scale or same(ours, theirs):
        return None
    for part, key, words, do in _PARTS:
        if any(same(made, theirs) for made in _of_examples(trial.lines[name], trial, part)):
            return key, words, do
    if ours.ndim != 2 or theirs.shape != ours.shape:
        return None
    if ours.shape[1] == trial.values["m"]:
        return _columns_left_out(theirs, ours, same)
    return _stuck(theirs, ours, same) or _shifted(theirs, ours, same)


_PARTS = (
    (
        slice(-1, None), "overwritten", "holds the last example alone: the loop does not add up",
        "Add up over the examples with +=, or with np.sum.",
    ),
    (
        slice(0, 1), "first_only", "holds the first example alone: the loop ends in its first turn",
        "Return behind the loop, not in it.",
    ),
    (
        slice(0, -1), "loop_bound", "lacks the last example: the loop ends one turn too early",
        "range(m) has m turns: 0 to m - 1.",
    ),
    (
        slice(1, None), "loop_bound", "lacks the first example: the loop begins with the second",
        "range(m) begins with 0.",
    ),
)  # fmt: skip


def _of_examples(line: str, trial: Trial, part: slice) -> Iterator[Array]:
    """The result of the line for part of the examples: divided by m, and not divided."""
    sums = any(isinstance(node, ast.Call) for node in ast.walk(ast.parse(line)))
    if not sums or trial.values["m"] < 3:
        return
    values = {name: _part(value, trial, part) for name, value in trial.values.items()}
    with np.errstate(all="ignore"):
        yield np.asarray(evaluate(compiled(line), values), float)
        if "/ m" in line:
            yield np.asarray(evaluate(compiled(line), {**values, "m": 1}), float)


def _part(value: Any, trial: Trial, part: slice) -> Any:
    has_examples = np.ndim(value) == 2 and np.shape(value)[1] == trial.values["m"]
    return value[:, part] if has_examples else value


def last_example(trial: Trial) -> Trial:
    """The trial in the last turn of a loop over its examples: one column of each array."""
    last = slice(-1, None)
    values = {name: _part(value, trial, last) for name, value in trial.values.items()}
    return replace(trial, values=values)


def _columns_left_out(theirs: Array, ours: Array, same: Same) -> Clause | None:
    """Examples that a loop never reached: their columns are still 0."""
    empty = ~np.any(theirs, axis=0)
    if empty.all() or not empty.any() or not same(ours[:, ~empty], theirs[:, ~empty]):
        return None
    count = int(empty.sum())
    which = "one example is" if count == 1 else f"{count} examples are"
    return (
        "loop_bound",
        f"is right but {which} left at 0: the loop leaves out a part",
        ("range(m) has m turns: 0 to m - 1."),
    )


def _stuck(theirs: Array, ours: Array, same: Same) -> Clause | None:
    """Every row (or column) has the values of one of them: an index that never changes."""
    for word, mine, right in (("row", theirs, ours), ("column", theirs.T, ours.T)):
        for k, one in enumerate(right) if len(right) > 1 else ():
            if same(np.broadcast_to(one, right.shape), mine):
                return (
                    "index", f"has the numbers of {word} {k + 1} in every {word}: an index stays"
                    f" {k}", "Look for a number in brackets where the loop's variable is needed.",
                )  # fmt: skip
    return None


def _shifted(theirs: Array, ours: Array, same: Same) -> Clause | None:
    """Rows (or columns) shifted by one position."""
    for word, mine, right in (("row", theirs, ours), ("column", theirs.T, ours.T)):
        if len(right) > 2 and (
            same(right[1:], mine[:-1])
            or same(right[:-1], mine[1:])
            or same(np.roll(right, 1, 0), mine)
        ):
            return (
                "index",
                f"has its {word}s one place off: an index is one off",
                ("Indices begin with 0."),
            )
    return None
