"""The arithmetic of an opened number as lines of text: terms, remainder and sum."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from core.walk.entry import Entry
from core.walk.explanation import Explanation, Factor, Rest, Term
from core.walk.record import Record
from gui.style import text

RowKind = Literal["term", "rest", "total", "value"]
WRITTEN_OUT = 2  # terms of a long sum in the second formula, before its dots
DIGITS = 5  # relative to the opened number, and to the largest term
_MOST_DECIMALS = 9
_INDEX = {"ⱼ": "j", "ᵢ": "i", "ₖ": "k"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A number in a line, or a sign between two; with an `entry` it can be opened."""

    text: str
    entry: Entry | None = None
    name: str = ""  # the number's meaning, for a tooltip and a screen reader


@dataclass(frozen=True, slots=True)
class Row:
    """One line: its label, its numbers, and its result (`value`).

    A "term" is added up, a "value" stands alone. `sign` of the value chooses its colour (0:
    none). `hint` is the full text; a click next to the numbers opens `entry`. A click on a row with
    `more` shows the terms that it stands for.
    """

    kind: RowKind
    label: str
    pieces: tuple[Piece, ...]
    value: str
    sign: int = 0
    hint: str = ""
    entry: Entry | None = None
    more: bool = False

    @property
    def words(self) -> str:
        """The line read aloud."""
        numbers = " ".join(piece.text for piece in self.pieces)
        return " ".join(part for part in (self.label, numbers, "=", self.value) if part)


def rows_of(record: Record, found: Explanation) -> tuple[Row, ...]:
    """The lines of an explanation; none for a leaf."""
    if found.kind == "leaf":
        return ()
    if found.kind == "function":
        return (*_inputs_of(found.terms[0]), _function_total(found))
    below = found.scale is not None or found.numerator is not None  # is still to be done
    total = found.sum if below else found.printed
    written = aligned(_added_up(found), total, 0.0 if found.rest is None else found.rest.value)
    lines = list(_lines(record, found, written))
    if len(lines) > 1 or found.scale is not None:
        lines.append(_total_row(found, written[-1]))
    if not found.exact:
        lines.append(Row("rest", "rounding of the pass", (), text.number(found.residual, 3)))
    return tuple(lines)


def _added_up(found: Explanation) -> list[float]:
    """The values of the lines above the sum; without those added after a scale."""
    rest = () if found.rest is None else (found.rest.value,)
    extra = found.extra if found.scale is None else ()
    return [*(term.value for term in found.terms), *rest, *(term.value for term in extra)]


def _lines(record: Record, found: Explanation, written: Sequence[str]) -> Iterable[Row]:
    values = iter(written)
    if found.numerator is not None:
        top = text.number(found.numerator.value)
        yield replace(_term_row(record, found, found.numerator, top), label="above")
    for term in found.terms:
        yield _term_row(record, found, term, next(values))
    if found.rest is not None:
        yield _rest_row(found, found.rest, next(values))
    if found.scale is not None and found.extra:
        yield _scaled_row(found, found.scale, written[-1])
    for term in found.extra:
        value = next(values) if found.scale is None else text.number(term.value)
        yield _term_row(record, found, term, value)


def aligned(values: Sequence[float], total: float, rest: float = 0.0) -> list[str]:
    """Write numbers and then their sum with equally many decimals, so that the addition can be
    followed.

    The largest (except the `rest`, if it is among them) gets five digits and the sum three at
    least; numbers that equal decimals would make zero, or too long, are written separately.
    """
    everything = [*values, total]
    sizes = [abs(value) for value in everything if value and math.isfinite(value)]
    shown = [size for size in sizes[:-1] if size != abs(rest)] or sizes
    if not sizes:
        return [text.number(value) for value in everything]
    decimals = max(DIGITS - 1 - _power(max(shown)), 2 - _power(abs(total)), 0)
    if decimals > _MOST_DECIMALS or max(sizes) >= 1e6:
        return [text.number(value) for value in everything]
    return [_with_decimals(value, decimals) for value in everything]


def _power(size: float) -> int:
    return math.floor(math.log10(size)) if size and math.isfinite(size) else 99


def _with_decimals(value: float, decimals: int) -> str:
    written = f"{value:+.{decimals}f}"
    if not value or not math.isfinite(value) or float(written) == 0:
        return text.number(value, 3)
    return written


def with_numbers(found: Explanation) -> tuple[str, str]:
    """The right-hand side with the real numbers, or its beginning, as LaTeX and as text.

    Sums of products are only text, which needs no typesetting; a leaf has neither.
    """
    if found.kind == "leaf":
        return "", ""
    everything = (*found.terms, *found.extra)
    if found.numerator is None and all(term.is_product for term in everything):
        return "", _as_text(found)
    inner = _added([term.with_numbers(in_latex) for term in found.terms], found.rest, r"\ldots")
    if found.numerator is not None:
        inner = rf"\frac{{{found.numerator.with_numbers(in_latex)}}}{{{inner}}}"
    if found.scale is not None:
        inner = f"{found.scale.latex} ({inner})"
    for term in found.extra:
        inner = _plus(inner, term.with_numbers(in_latex))
    # Braces make a minus a sign, close to its number.
    return f"= {inner}".replace("(-", "({-}").replace("= -", "= {-}"), inner


def _as_text(found: Explanation) -> str:
    inner = _added([_product(term) for term in found.terms], found.rest, "…")
    if found.scale is not None:
        inner = f"{found.scale.text} · ({inner})"
    for term in found.extra:
        inner = _plus(inner, _product(term))
    return f"= {inner}".replace("-", "−")


def _product(term: Term) -> str:
    numbers = [text.number(factor.value, sign=False) for factor in term.factors]
    product = " · ".join(f"({number})" if number.startswith("-") else number for number in numbers)
    return f"-{product}" if term.sign < 0 else product


def in_latex(value: float) -> str:
    """A number for a typesetter: `0.0063`, `1.36 \\cdot 10^{-5}`."""
    if not math.isfinite(value):
        return r"\mathrm{nan}" if math.isnan(value) else rf"{'-' if value < 0 else ''}\infty"
    mantissa, _, exponent = text.number(value, sign=False).partition("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else mantissa


def _added(terms: Sequence[str], rest: Rest | None, dots: str) -> str:
    long = rest is not None or len(terms) > WRITTEN_OUT + 1
    inner = ""
    for term in terms[:WRITTEN_OUT] if long else terms:
        inner = _plus(inner, term)
    return f"{inner} + {dots}" if long else inner


def _plus(inner: str, more: str) -> str:
    if not inner:
        return more
    return f"{inner} - {more[1:]}" if more.startswith("-") else f"{inner} + {more}"


def sign_of(value: float) -> int:
    """1, -1 or 0."""
    return (value > 0) - (value < 0)


def _term_row(record: Record, found: Explanation, term: Term, value: str) -> Row:
    hint = term.text
    if found.counted == "example" and term.index is not None:
        hint = f"{record.say_example(term.index)}: {hint}"
    first = next((f.entry for f in term.factors if f.entry is not None), None)
    signs = sign_of(term.value)
    pieces = () if _is_itself(term) else tuple(_pieces(term))
    return Row("term", _label(found, term), pieces, value, signs, hint, first)


def _is_itself(term: Term) -> bool:
    """Whether the term is just one number, which need not be written twice."""
    return term.is_product and term.sign > 0 and len(term.factors) == 1


def _label(found: Explanation, term: Term) -> str:
    """`k = 235`; the symbols of a term without an index, or in a short sum."""
    letter = re.search("Σ([ⱼᵢₖ])", found.text)
    if term.index is None or letter is None or term in found.extra:
        return f"−{term.text[1:]}" if term.text.startswith("-") else term.text
    return f"{_INDEX[letter[1]]} = {text.count(term.index + 1)}"


def _pieces(term: Term) -> Iterable[Piece]:
    sign = "×" if term.is_product else ","
    if term.sign < 0:
        yield Piece("−")
    for place, factor in enumerate(term.factors):
        if place:
            yield Piece(sign)
        yield _number(factor)


def _number(factor: Factor) -> Piece:
    return Piece(text.number(factor.value), factor.entry, factor.text)


def _inputs_of(term: Term) -> Iterable[Row]:
    """The arguments of a function, one line each."""
    for factor in term.factors:
        value = text.number(factor.value, DIGITS)
        sign = sign_of(factor.value)
        yield Row("term", factor.text, (), value, sign, factor.text, factor.entry)


def _function_total(found: Explanation) -> Row:
    return Row(
        "total", found.terms[0].text, (), text.number(found.value, DIGITS), sign_of(found.value)
    )


def _rest_row(found: Explanation, rest: Rest, value: str) -> Row:
    what = found.counted or "term"
    label = f"{text.count(rest.count)} more {what}{'' if rest.count == 1 else 's'}"
    hint = "Click to see more of them"
    return Row("rest", label, (), value, sign_of(rest.value), hint, more=True)


def _scaled_row(found: Explanation, scale: Factor, total: str) -> Row:
    value = scale.value * found.sum
    label, pieces = _scaled(scale, total)
    return Row("rest", label, pieces, text.number(value), sign_of(value))


def _scaled(scale: Factor, total: str) -> tuple[str, tuple[Piece, ...]]:
    if scale.text.startswith("1/"):
        return f"sum / {scale.text[2:]}", (Piece(total), Piece(f"/ {scale.text[2:]}"))
    return f"{scale.text} · sum", (Piece(text.number(scale.value)), Piece("×"), Piece(total))


def _total_row(found: Explanation, total: str) -> Row:
    value, sign = text.number(found.value, DIGITS), sign_of(found.value)
    if found.numerator is not None:
        top = text.number(found.numerator.value)
        return Row("total", "above / sum", (Piece(top), Piece(f"/ {total}")), value, sign)
    if found.scale is not None and not found.extra:
        return Row("total", *_scaled(found.scale, total), value, sign)
    return Row("total", "sum", (), total if found.scale is None else value, sign)
