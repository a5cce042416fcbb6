"""Round numbers for the ends and ticks of axes, and their text."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from gui.style import text

ENDS = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
USUAL = (1, 2, 5)
MORE = (8, 6, 5, 4, 3, 2.5, 2, 1.5, 1)
LEAST = 3  # numbers that an axis has at any size
MANY = 10  # of which three are chosen on a logarithmic axis
TickCell = tuple[float, float, float, float]  # two places, and the numbers there
LITTLE = 0.2  # of a cell, or of the axis: if less of it is visible, it has no numbers
_EXPONENT_FROM, _EXPONENT_BELOW = 1e6, 1e-3


def round_end(x: float) -> float:
    """The next larger of 1, 1.2, 1.5, 2 … times a power of ten: axes then rarely change."""
    if x <= 10:
        return 10.0
    power = 10.0 ** math.floor(math.log10(x))
    return next(step * power for step in ENDS if step * power >= x * (1 - 1e-12))


def ticks(low: float, high: float, most: int = 6, *, whole: bool = False) -> list[float]:
    """Evenly spaced round numbers from `low` to `high`: at least three, and otherwise at most
    `most`. A `whole` axis has only integers, possibly fewer.
    """
    if not high > low:
        return [low]
    step = _step(low, high, max(most, LEAST), whole)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [n * step for n in range(first, last + 1)]


def ticks_in(
    cells: Iterable[TickCell], low: float, high: float, most: int, *, whole: bool = False
) -> dict[float, float]:
    """The numbers of several scales along one axis, by their places from `low` to `high`.

    A cell without room for three numbers has them anyway; if they are `whole`, those at its ends.
    """
    seen = []
    for place, other, number, last in cells:
        unit = (last - number) / (other - place)
        start, end = max(low, min(place, other)), min(high, max(place, other))
        if end - start > LITTLE * min(abs(other - place), high - low):
            ends = sorted(number + (at - place) * unit for at in (start, end))
            if whole:
                ends = [math.ceil(ends[0] - 1e-9), math.floor(ends[1] + 1e-9)]
            seen.append((place, number, unit, ends))
    each = max(most, LEAST) // max(len(seen), 1)
    return {
        place + (found - number) / unit: found
        for place, number, unit, ends in seen
        for found in (
            ends if whole and each < LEAST else ticks(ends[0], ends[1], each, whole=whole)
        )
    }


def _step(low: float, high: float, most: int, whole: bool) -> float:
    exponent = math.floor(math.log10(high - low))
    powers = [10.0**n for n in range(exponent - 2, exponent + 2) if n >= 0 or not whole] or [1.0]

    def count(step: float) -> int:
        return math.floor(high / step + 1e-9) - math.ceil(low / step - 1e-9) + 1

    steps = [factor * power for power in powers for factor in USUAL]
    step = next((step for step in steps if count(step) <= most), steps[-1])
    if count(step) >= LEAST:
        return step
    finer = [f * power for power in reversed(powers) for f in MORE]
    finer = [step for step in finer if count(step) >= LEAST and not (whole and step % 1)]
    exactly = next((step for step in finer if count(step) == LEAST), None)
    return exactly or next(iter(finer), powers[0])


def written(values: Sequence[float]) -> list[str]:
    """Numbers with as many decimals as distinguish them: 0.23925, 0.23930; 10,000; 1.5e-07."""
    if not values:
        return []
    step = min((abs(b - a) for a, b in pairwise(values)), default=0.0)
    largest = max(abs(value) for value in values)
    step = step or largest or 1.0
    kind = "e" if largest >= _EXPONENT_FROM or 0 < largest < _EXPONENT_BELOW else "f"
    words: list[str] = []
    for decimals in range(17):
        words = [f"{value:,.{decimals}{kind}}" for value in values]
        said = [float(word.replace(",", "")) for word in words]
        if all(abs(a - b) < 0.01 * step for a, b in zip(said, values, strict=True)):
            break
    return [w if abs(v) > 0.01 * step else "0" for w, v in zip(words, values, strict=True)]


def three(values: Sequence[float]) -> list[float]:
    """Those at the ends and the one nearest to their middle; all if there are fewer."""
    if len(values) <= LEAST:
        return list(values)
    middle = (values[0] + values[-1]) / 2
    return [values[0], min(values[1:-1], key=lambda value: abs(value - middle)), values[-1]]


def fewer(values: Sequence[float], most: int) -> list[float]:
    """Every second, third … of these, so that there are at most `most`, but all rather than two."""
    found = list(values[:: math.ceil(len(values) / max(most, LEAST)) or 1])
    return found if len(found) >= LEAST else list(values)


def log_ticks(low: float, high: float, most: int = 6) -> list[float]:
    """The same for an axis of powers of ten, from 10^low to 10^high: decades, or with 2 and 5
    between them or, for less than a decade, evenly spaced numbers. Returns logarithms.
    """
    if high - low >= LEAST:
        return fewer([float(n) for n in range(math.ceil(low), math.floor(high) + 1)], most)
    between = [
        n + math.log10(factor)
        for n in range(math.floor(low), math.ceil(high) + 1)
        for factor in USUAL
    ]
    found = [value for value in between if low <= value <= high]
    if len(found) >= LEAST:
        return fewer(found, most)
    even = ticks(_power(low), _power(high), most if most > LEAST else MANY)
    found = [math.log10(value) for value in even if value > 0]
    return found if most > LEAST else three(found)


def _power(exponent: float) -> float:
    """10 to this, at most the greatest power of ten that there is: an axis may reach beyond."""
    return float(10.0 ** min(exponent, 308.0))


def log_written(values: Sequence[float]) -> list[str]:
    """How numbers read of which these are the logarithms."""
    numbers = [_power(value) for value in values]
    ratios = [b / a for a, b in pairwise(numbers)]
    if min(ratios, default=10.0) > 1.5:
        return [f"{number:.3g}" for number in numbers]
    return written(numbers)


class Numbering(NamedTuple):
    """Where the numbers of an axis from `low` to `high` are, at most so many, and how they read."""

    places: Callable[[float, float, int], Sequence[float]]
    words: Callable[[Sequence[float]], list[str]]
    short: Callable[[Sequence[float]], list[str]] | None = None  # words for a narrow axis


def named(find: Callable[[float, float, int], dict[float, str]]) -> Numbering:
    """A numbering from a function that finds the places with their words."""
    found: dict[float, str] = {}

    def places(low: float, high: float, most: int) -> list[float]:
        found.clear()
        found.update(find(low, high, most))
        return list(found)

    return Numbering(places, lambda values: [found[value] for value in values])


def counts(values: Sequence[float]) -> list[str]:
    """Whole numbers: 5,000."""
    return [text.count(round(value)) for value in values]


def short_counts(values: Sequence[float]) -> list[str]:
    """The same in thousands or millions, where that is exact: 5 k."""
    largest = max(values, default=0.0)
    for size, unit in ((1_000_000, "M"), (1000, "k")):
        if largest >= size and not any(round(value) % (size // 100) for value in values):
            return [f"{round(value) / size:g} {unit}" if round(value) else "0" for value in values]
    return counts(values)


LINEAR = Numbering(ticks, written)
LOG = Numbering(log_ticks, log_written)
COUNT = Numbering(partial(ticks, whole=True), counts, short_counts)
