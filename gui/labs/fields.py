"""A number field of the labs: dragged, typed or stepped."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from core.data.numbers import typed
from gui.style.text import plain
from gui.style.theme import sized
from gui.widgets.slider_field import SliderField

WIDE, ROOM = 88, 9  # px of a field, and characters that it shows
WHERE = "{} must be a number from {} to {}, such as {}; it stays as it is."


def number_slider(
    name: str,
    values: Sequence[float],
    ends: tuple[float, float] | None = None,
    write: Callable[[float], str] | None = None,
) -> SliderField:
    """A slider over these values (ascending) whose number can be typed too, within `ends` (by
    default those of the values); values passed during a drag are emitted at once.
    """
    low, high = ends or (values[0], values[-1])

    def read(words: str) -> float:
        try:
            value = typed(words)
        except ValueError:
            value = math.nan
        if not low <= value <= high:
            middle = values[len(values) // 3]
            raise ValueError(WHERE.format(name, plain(low), plain(high), plain(middle)))
        return value

    field = SliderField(name, values, write or short, read, live=True)
    if field.edit is not None:
        sized(field.edit, "setFixedWidth", WIDE)
    return field


def short(x: float) -> str:
    """A number with up to six digits, as many as have room in its field."""
    written = (plain(x, digits) for digits in range(6, 2, -1))
    return next((words for words in written if len(words) <= ROOM), plain(x, 3))


def evenly(low: float, high: float, step: float) -> list[float]:
    """The values low, low + step, … high, each written with few digits."""
    count = round((high - low) / step)
    return [round(low + i * step, 10) for i in range(count + 1)]


def powers(low: int, high: int) -> list[float]:
    """1, 2 and 5 times each power of ten from 10^low up to 10^high."""
    return [float(f"{m}e{n}") for n in range(low, high) for m in (1, 2, 5)] + [10.0**high]


def grid(low: float, high: float, k: int = 401) -> np.ndarray:
    """As many places, (k,), evenly from low to high."""
    return np.linspace(low, high, k)
