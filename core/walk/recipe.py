"""The two forms of an explanation, a leaf and a sum of terms, and what each consists of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from core.nn.activations import Array
from core.walk.entry import Entry, Target
from core.walk.explanation import Explanation, Factor, Term, choose, constant
from core.walk.record import Record

Most = int | None
Recipe = Callable[[Record, Entry, Most], Explanation]
FormulaTexts = tuple[str, str]  # the right-hand side as text and as LaTeX


def factor(record: Record, target: Target, layer: int, row: int, column: int = 0) -> Factor:
    """A number of the record, as a part of another."""
    entry = Entry(target, layer, row, column)
    return Factor(record.value(entry), entry.symbol, entry.latex, entry)


def one_over_m(record: Record) -> Factor:
    """The constant 1/m."""
    m = record.m
    return constant(1.0 / m, f"1/{m}", rf"\frac{{1}}{{{m}}}")


def double(values: Array) -> Array:
    """In double precision: terms of a float32 record are added up as exactly as can be."""
    return np.asarray(values, np.float64)


def leaf(record: Record, entry: Entry, note: str, formula: FormulaTexts = ("", "")) -> Explanation:
    """A number that comes from outside the iteration."""
    text, latex = (
        f"{side} = {right}" if right else side
        for side, right in zip((entry.symbol, entry.latex), formula, strict=True)
    )
    return Explanation(entry, record.value(entry), "leaf", text, latex, note)


def total(
    record: Record,
    entry: Entry,
    formula: FormulaTexts,
    note: str,
    values: Array,
    make: Callable[[int], Term],
    most: Most,
    *,
    counted: Literal["example", "unit", ""] = "",
    scale: Factor | None = None,
    extra: tuple[Term, ...] = (),
) -> Explanation:
    """A sum over examples or units; `make(i)` is its i-th term and `values[i]` the term's value."""
    terms, rest = choose(double(values), make, most)
    text, latex = formula
    return Explanation(
        entry,
        record.value(entry),
        "sum",
        f"{entry.symbol} = {text}",
        f"{entry.latex} = {latex}",
        note,
        tuple(terms),
        rest if rest.count else None,
        scale,
        extra,
        counted=counted,
    )


def single(
    record: Record, entry: Entry, term: Term, note: str, formula: FormulaTexts | None = None
) -> Explanation:
    """One product, or one function of other numbers."""
    text, latex = formula or (term.text, term.latex)
    return Explanation(
        entry,
        record.value(entry),
        "sum" if term.is_product else "function",
        f"{entry.symbol} = {text}",
        f"{entry.latex} = {latex}",
        note,
        (term,),
    )
