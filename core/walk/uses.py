"""Finds where a number is used next, forward to J or backward to the update."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from core.walk.entry import BIASES, WEIGHTS, Entry, Target, array_name, is_per_example
from core.walk.forward import slope_letter
from core.walk.record import Record
from core.walk.steps import Phase

LISTED = 6  # entries of a group that can be named one by one


@dataclass(frozen=True, slots=True)
class Use:
    """One number, or a whole row or column of them, that is computed from the opened number.

    `row` or `column` None means all of them. `first(n)` gives entries in it to open next.
    """

    target: Target
    layer: int
    row: int | None
    column: int | None
    shape: tuple[int, int]  # of the array
    phase: Phase

    @property
    def count(self) -> int:
        """How many numbers these are."""
        rows, columns = self.shape
        return (rows if self.row is None else 1) * (columns if self.column is None else 1)

    @property
    def text(self) -> str:
        """`z₂[1](8)`, `all 400 columns of Z[1], row 2`."""
        if self.count == 1:
            return self.first(1)[0].symbol
        array = array_name(self.target, self.layer)
        if self.row is None:
            where = f", example {(self.column or 0) + 1}" if is_per_example(self.target) else ""
            return (
                f"all {self.count:,} rows of {array}{where or f', column {(self.column or 0) + 1}'}"
            )
        row = f", row {self.row + 1}" if self.shape[0] > 1 else ""
        return f"all {self.count:,} columns of {array}{row}"

    def first(self, n: int = LISTED) -> tuple[Entry, ...]:
        """The first n of them."""
        rows = range(self.shape[0]) if self.row is None else (self.row,)
        columns = range(self.shape[1]) if self.column is None else (self.column,)
        found = (Entry(self.target, self.layer, i, j) for i in rows for j in columns)
        return tuple(entry for entry, _ in zip(found, range(n), strict=False))

    def contains(self, entry: Entry) -> bool:
        """Whether it includes that number."""
        same = (entry.target, entry.layer) == (self.target, self.layer)
        return same and self.row in (None, entry.row) and self.column in (None, entry.column)


def uses(record: Record, entry: Entry) -> tuple[Use, ...]:
    """Everything computed directly from that number, the forward pass first.

    The inverse of `explain`: the numbers that have this one among their terms. The forward pass
    ends at the cost J, the iteration at a parameter after the update. Raises KeyError or IndexError
    for a number that does not exist.
    """
    if not record.contains(entry):
        raise IndexError(f"{entry} is outside its array.")
    found = (
        Use(target, layer, row, column, record.shape(target, layer), _phase(target))
        for target, layer, row, column in _next(record, entry)
        if record.has(target, layer) and not _is_constant(record, target, layer, row)
    )
    order: dict[Phase, int] = {"forward": 0, "cost": 1, "backward": 2, "update": 3}
    return tuple(sorted(found, key=lambda use: order[use.phase]))


# Arrays used once, at the same position of another array.
_SAME_PLACE: dict[Target, Target] = {
    "slope": "dZ",
    "dW": "step_W",
    "db": "step_b",
    "step_W": "W_after",
    "step_b": "b_after",
}
UsePlace = tuple[Target, int, int | None, int | None]


def _next(record: Record, e: Entry) -> Iterator[UsePlace]:
    target, l, i, j = e.target, e.layer, e.row, e.column
    if target == "A":
        yield from _uses_of_a(record, l, i, j)
    elif target == "Z":
        yield from _uses_of_z(record, l, i, j)
    elif target == "D":
        yield "A", l, i, j
        yield "dA", l, i, j
    elif target in ("W", "b"):
        yield from _uses_of_parameter(record, e)
    elif target == "Y":
        yield "loss", l, 0, j
        yield ("dA" if record.has("dA", l) else "dZ"), l, i, j
    elif target == "loss":
        yield "J", l, 0, 0
    elif target == "dA":
        yield "dZ", l, (i if record.activation(l).elementwise else None), j
    elif target == "dZ":
        yield "dW", l, i, None
        yield "db", l, i, 0
        yield "dA", l - 1, None, j
    elif target in _SAME_PLACE:
        yield _SAME_PLACE[target], l, i, j


def _is_constant(record: Record, target: Target, l: int, row: int | None) -> bool:
    """Whether it is 0 because a unit is muted or frozen, and not computed."""
    if target in ("A", "slope"):
        return row in record.muted.get(l, ())
    return target in ("step_W", "step_b") and row in record.frozen.get(l, ())


def _uses_of_a(record: Record, l: int, i: int, k: int) -> Iterator[UsePlace]:
    yield "Z", l + 1, None, k
    yield "dW", l + 1, None, i
    if l == record.L:
        yield "loss", l, 0, k
        yield ("dA" if record.has("dA", l) else "dZ"), l, i, k
    if record.has("dA", l):
        g = record.activation(l)
        if l in record.keep:
            return  # the slope is g'(z), before dropout
        if not g.elementwise:
            yield "dZ", l, None, k
        elif slope_letter(g) == "a":
            yield "slope", l, i, k


def _uses_of_z(record: Record, l: int, i: int, k: int) -> Iterator[UsePlace]:
    g = record.activation(l)
    yield "A", l, (i if g.elementwise else None), k
    if slope_letter(g) == "z" or (slope_letter(g) == "a" and l in record.keep):
        yield "slope", l, i, k


def _uses_of_parameter(record: Record, e: Entry) -> Iterator[UsePlace]:
    l, i, j = e.layer, e.row, e.column
    yield "Z", l, i, None
    if e.target == "W":
        yield "dA", l - 1, j, None
        if record.l1 or record.l2:
            yield "dW", l, i, j
            yield "J", record.L, 0, 0
        yield "W_after", l, i, j
    else:
        yield "b_after", l, i, j


def _phase(target: Target) -> Phase:
    if target in ("A", "Z", "D"):
        return "forward"
    if target in ("loss", "J"):
        return "cost"
    updated = (WEIGHTS | BIASES) - {"W", "b", "dW", "db"}
    return "update" if target in updated else "backward"
