"""Checks that values are within limits; each error says what, where, and what to use instead."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from core.errors import LayerwiseError

MAX_UNITS = 4096
MAX_LAYERS = 32
MAX_SEED = 2**32 - 1
MAX_ITERATIONS = 10**9
LARGEST = 1e9
"""That a weight, or the noise, may be set to: what is drawn of it, or made of it as a feature, is a
number in float32 too.
"""


def known(where: str, name: str, table: Mapping[str, object]) -> None:
    """Raise LayerwiseError if the table has no such name."""
    if name not in table:
        raise LayerwiseError(
            f"{where} is {clip(name)!r}, which Layerwise does not know: use {', '.join(table)}."
        )


def whole(where: str, value: int, low: int, high: int) -> None:
    """Raise LayerwiseError if a whole number is not from `low` to `high`."""
    if not low <= value <= high:
        raise LayerwiseError(
            f"{where} is {clip(str(value))}: use a whole number from {low:,} to {high:,}."
        )


def number(where: str, value: float, fits: Callable[[float], bool], allowed: str) -> None:
    """Raise LayerwiseError if a number is not finite or not allowed; `allowed` describes the
    allowed ones.
    """
    if not (math.isfinite(value) and fits(value)):
        raise LayerwiseError(f"{where} is {value}: use a finite number {allowed}.")


def clip(text: str, most: int = 60) -> str:
    """Shortens text from outside to fit in a sentence."""
    return text if len(text) <= most else text[: most - 1] + "…"
