"""Which parts of the network a step of the walk, or an opened number, highlights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.walk.entry import BIASES, WEIGHTS, Entry, Target, array_name, name
from core.walk.record import Record
from core.walk.steps import Step
from gui.canvas.picture import Emphasis
from gui.style import text

FEW_EDGES = 24  # that have room for a number each
FORWARD: frozenset[Target] = frozenset({"A", "Z", "D", "W", "b", "Y", "loss", "J"})


def emphasis_of(record: Record, step: Step, trail: Sequence[Entry], example: int) -> Emphasis:
    """The layer of the current step, highlighted in the colour of its pass; with opened numbers,
    the last one's position, and the path to it.

    Units carry the numbers of `example`, a column of the record.
    """
    entry = trail[-1] if trail else None
    shown = step.lines[0].result if entry is None else entry  # the update has many, and no layer
    target, l = shown.target, shown.layer
    k = example if entry is None or not entry.per_example else entry.column
    if target == "dA" and l < record.L:  # what passes back through the weights of the next layer
        lit = _lit(record, "dZ", l + 1, k, before="dA")
    else:
        lit = _lit(record, target, l, k)
    if entry is None:
        said = _next(record, target)
        return replace(lit, caption=f"{array_name(target, l)}{said}") if said else lit
    path = frozenset(place for opened in trail for place in _place(opened))
    return replace(_with_entry(record, lit, entry), path=path)


def _place(entry: Entry) -> tuple[tuple[int, ...], ...]:
    """The edge or the unit of the network that a number belongs to; the cost has none."""
    if entry.target in WEIGHTS:
        return ((entry.layer, entry.row, entry.column),)
    return () if entry.target in ("loss", "J") else ((entry.layer, entry.row),)


def _lit(record: Record, target: Target, l: int, k: int, before: Target = "A") -> Emphasis:
    """Layer l with the numbers of `target` on its units or edges and, if they are used, those of
    `before` on the units feeding it.
    """
    backward = target not in FORWARD
    weights = target in WEIGHTS
    uses_edges = l > 0 and (weights or target == "Z" or before == "dA")
    per_unit = _per_unit(record, target, l, backward)
    column = 0 if per_unit in BIASES else k
    return Emphasis(
        layer=l,
        role="backward" if backward else "forward",
        edges=record.array(target, l) if weights and target != "W" else None,
        edge_numbers=uses_edges and record.array("W", l).size <= FEW_EDGES,
        units=record.array(per_unit, l)[:, column],
        unit_letter=_letter(per_unit, l),
        inputs=record.array(before, l - 1)[:, k] if uses_edges else None,
        input_letter=_letter(before, l - 1) if uses_edges else "",
    )


def _per_unit(record: Record, target: Target, l: int, backward: bool) -> Target:
    """The array that has a number for each unit of the layer while `target` is shown."""
    if target in WEIGHTS:
        return "dZ" if backward else "Z"
    if target in ("Y", "loss", "J"):
        return "A"
    return target if record.has(target, l) else "A"


def _letter(target: Target, l: int) -> str:
    return name(target, l, "", "").partition("[")[0].partition("(")[0]


def _next(record: Record, target: Target) -> str:
    """The iteration of a gradient, to be named when the last one's may be shown next to it."""
    if target in FORWARD:
        return ""
    return f"  (iteration {text.count(record.iteration)}, the next one)"


def _with_entry(record: Record, lit: Emphasis, entry: Entry) -> Emphasis:
    number = text.number(record.value(entry))
    caption = f"{entry.symbol} = {number}{_next(record, entry.target)}"
    if entry.target in WEIGHTS:
        return replace(lit, edge=(entry.row, entry.column), caption=caption)
    if entry.target in ("loss", "J", "Y"):
        return replace(lit, caption=caption)
    return replace(lit, unit=entry.row, caption=caption)
