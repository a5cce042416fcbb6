"""One step for one example in plain numbers: one line per unit or weight."""

from __future__ import annotations

from dataclasses import dataclass

from core.walk.entry import BIASES, WEIGHTS, Entry
from core.walk.explain import explain
from core.walk.explanation import Explanation, Term
from core.walk.record import Record
from core.walk.steps import Line
from gui.style import text

_SHOWN = 4  # terms of a sum written out


@dataclass(frozen=True, slots=True)
class Scalars:
    """`symbol = formula = numbers = result`, and the number of the record this is about."""

    entry: Entry
    symbol: str
    formula: str
    numbers: str
    result: str


def count_of(record: Record, line: Line) -> int:
    """How many lines of arithmetic the equation has for one example."""
    target, layer = line.result.target, line.result.layer
    if target in WEIGHTS:
        return record.sizes[layer] * record.sizes[layer - 1]
    return 1 if target in ("J", "loss") else record.sizes[layer]


def scalars_of(record: Record, line: Line, column: int, index: int, digits: int) -> Scalars:
    """The index-th line, for the example in that column."""
    target, layer = line.result.target, line.result.layer
    if target in ("dW", "db"):
        return _share_of_gradient(record, line, column, index, digits)
    if target == "J":
        return _share_of_cost(record, layer, column, digits)
    entry = _entry(record, line, column, index)
    return _explained(explain(record, entry, _SHOWN), digits)


def heading_of(record: Record, line: Line, column: int) -> str:
    """The heading of the lines."""
    which = record.say_example(column)
    target = line.result.target
    if target in ("dW", "db", "J"):
        whole = "the cost" if target == "J" else "each gradient"
        count = text.count(record.m)
        return f"What {which} brings into {whole}, which is the mean over {count} examples"
    if target in WEIGHTS | BIASES:
        return "The same for all examples"
    return which.capitalize()


def _entry(record: Record, line: Line, column: int, index: int) -> Entry:
    target, layer = line.result.target, line.result.layer
    if target in WEIGHTS:
        return Entry(target, layer, *divmod(index, record.sizes[layer - 1]))
    if target in BIASES:
        return Entry(target, layer, index)
    return Entry(target, layer, index, column)


def _share_of_gradient(record: Record, line: Line, column: int, index: int, digits: int) -> Scalars:
    """dz_i(k) · a_j(k): one example's contribution to the mean that is the gradient."""
    entry = _entry(record, line, column, index)
    dz = Entry("dZ", entry.layer, entry.row, column)
    factors = [dz]
    if entry.target == "dW":
        factors.append(Entry("A", entry.layer - 1, entry.column, column))
    values = [record.value(factor) for factor in factors]
    share = values[0] * values[1] if len(values) == 2 else values[0]
    mean = text.number(record.value(entry), digits)
    return Scalars(
        entry,
        entry.symbol,
        " · ".join(factor.symbol for factor in factors),
        " · ".join(_number(value, digits) for value in values) if len(values) == 2 else "",
        f"{text.number(share, digits)}    mean {mean}",
    )


def _share_of_cost(record: Record, layer: int, column: int, digits: int) -> Scalars:
    loss = Entry("loss", layer, 0, column)
    found = _explained(explain(record, loss, _SHOWN), digits)
    mean = text.number(record.J, digits, sign=False)
    return Scalars(
        loss, found.symbol, found.formula, found.numbers, f"{found.result}    mean {mean}"
    )


def _explained(found: Explanation, digits: int) -> Scalars:
    formula = found.text.partition(" = ")[2]
    value = text.number(found.value, digits)
    if found.kind == "leaf":
        return Scalars(found.entry, found.entry.symbol, "", "", value)
    return Scalars(found.entry, found.entry.symbol, formula, _numbers(found, digits), value)


def _numbers(found: Explanation, digits: int) -> str:
    terms = found.terms if found.numerator is None else (found.numerator,)
    parts = [_term(term, digits) for term in terms]
    if found.rest is not None and found.numerator is None:
        parts.append(f"({text.count(found.rest.count)} more: {_number(found.rest.value, digits)})")
    parts += [_term(term, digits) for term in found.extra]
    return " + ".join(part for part in parts if part)


def _term(term: Term, digits: int) -> str:
    """The numbers of the factors or, for a function, its arguments."""
    numbers = [_number(factor.value, digits) for factor in term.factors]
    if term.is_product:
        sign = "−" if term.sign < 0 else ""
        return sign + " · ".join(numbers)
    named = [
        f"{factor.text} = {number}"
        for factor, number in zip(term.factors, numbers, strict=True)
        if factor.entry is not None
    ]
    return "where " + ", ".join(named) if named else ""


def _number(x: float, digits: int) -> str:
    words = text.number(x, digits, sign=False)
    return f"({words})" if words.startswith("-") else words
