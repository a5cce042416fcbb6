"""Parses numbers as people write them, for tables, fields and lists of values."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

Decimal = Literal[".", ","]

MOST_DIGITS = 1000  # of one number

NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
"""How a plain number is written: Python takes 1_000, nan and the digits of all scripts, too."""

_SIGNS = str.maketrans(dict.fromkeys("\u2212\u2012\u2013\ufe63\uff0d", "-"))
_SPACES = "\u00a0\u2007\u2009\u202f "  # that separate groups of three digits
_CODES = "EUR|USD|GBP|CHF|JPY|CNY|INR|AUD|CAD|SEK|NOK|DKK|PLN|CZK|HUF|RUB|BRL|Rs|kr|zł|Kč|Ft"
_UNIT = rf"[$€£¥₹₽₩₺₴฿]|(?:{_CODES})\.?"
_MONEY = re.compile(rf"(?P<sign>[+-]?)\s*(?P<unit>{_UNIT})\s*(?P<number>[+-]?[\d.,].*)")
_AFTER = re.compile(rf"(?P<number>.*[\d.,])\s*(?P<unit>%|‰|{_UNIT})")
_GROUPED = {
    "'": re.compile(r"[+-]?\d{1,3}(?:['’]\d{3})+(?:[.,]\d*)?", re.ASCII),
    " ": re.compile(rf"[+-]?\d{{1,3}}(?:[{_SPACES}]\d{{3}})+(?:[.,]\d*)?", re.ASCII),
}
_THOUSANDS: dict[Decimal, re.Pattern[str]] = {
    ".": re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{2,3})*,\d{3}(?:\.\d*)?", re.ASCII),
    ",": re.compile(r"[+-]?[1-9]\d{0,2}(?:\.\d{2,3})*\.\d{3}(?:,\d*)?", re.ASCII),
}
_AMBIGUOUS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}", re.ASCII)


def number(text: str, decimal: Decimal = ".") -> float | None:
    """The finite number that the text plainly is, None for any other text."""
    if decimal == ",":
        if "." in text:
            return None
        text = text.replace(",", ".")
    if len(text) > MOST_DIGITS or not NUMBER.fullmatch(text):
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def is_too_large(text: str, decimal: Decimal = ".") -> bool:
    """Whether the text is plainly a number that no float is as large as, such as 1e400."""
    if decimal == ",":
        text = "" if "." in text else text.replace(",", ".")
    return NUMBER.fullmatch(text) is not None and math.isinf(float(text))


@dataclass(frozen=True, slots=True)
class Spelled:
    """A number with marks: its value by either decimal mark (None: not readable), and its unit."""

    point: float | None
    comma: float | None
    unit: str = ""

    def by(self, decimal: Decimal) -> float | None:
        """The value with this decimal mark."""
        return self.point if decimal == "." else self.comma


def spelled(text: str) -> Spelled | None:
    """Read a number with thousands marks, a currency, a percent sign or a typographic minus; None
    if it is no number with either decimal mark.
    """
    if len(text) > MOST_DIGITS:
        return None
    rest, unit = _without_unit(text.translate(_SIGNS).strip(" \u00a0\u2007\u2009\u202f"))
    if rest.startswith("(") and rest.endswith(")"):  # accountants write losses so
        rest = f"-{rest[1:-1]}"
    for grouped in _GROUPED.values():
        if grouped.fullmatch(rest):
            rest = re.sub(rf"['’{_SPACES}]", "", rest)
    point, comma = (_by(rest, decimal) for decimal in _THOUSANDS)
    return None if point is comma is None else Spelled(point, comma, unit)


def typed(text: str) -> float:
    """The number that a user typed: `1.2`, `1e-3`, `1,2`, `−1`; ValueError for anything else.

    Also for `1,234`, which means different numbers in different countries.
    """
    text = text.strip().translate(_SIGNS)
    value = None if _AMBIGUOUS.fullmatch(text) else number(text)
    if value is None and not _AMBIGUOUS.fullmatch(text):
        value = number(text, ",")
    if value is None:
        raise ValueError(text)
    return value


def listed(text: str) -> list[str]:
    """The entries of a list, separated by semicolons (a comma is then a decimal mark) or by commas.

    Raises ValueError for `0,1, 1,5`, which can be read as two numbers or as four.
    """
    if ";" in text:
        words = [word.strip() for word in text.split(";")]
        return [
            word.replace(",", ".") if number(word.translate(_SIGNS), ",") is not None else word
            for word in words
        ]
    spaced = re.split(r",\s+", text.strip())
    if len(spaced) > 1 and all(re.fullmatch(r"[+-]?\d+,\d+", word) for word in spaced):
        raise ValueError(text)
    return [word.strip() for word in text.split(",")]


def _without_unit(text: str) -> tuple[str, str]:
    if before := _MONEY.fullmatch(text):
        return before["sign"] + before["number"].strip(), before["unit"].rstrip(".")
    if after := _AFTER.fullmatch(text):
        return after["number"].strip(), after["unit"].rstrip(".")
    return text, ""


def _by(text: str, decimal: Decimal) -> float | None:
    plain = number(text, decimal)
    if plain is not None:
        return plain
    if not _THOUSANDS[decimal].fullmatch(text):
        return None
    return number(text.replace("," if decimal == "." else ".", ""), decimal)
