"""A race of loops against NumPy: guess first, time both here and now, then compare."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from core.errors import LayerwiseError
from core.labs import contests
from core.labs.contests import Array, Between, Contest, Way
from core.project import Project

LEAST, MOST = 10**2, 10**7  # products
TIMES = 5  # timings of each version: the median counts
AGREE = 1e-9  # of the size of the results: a larger difference is not rounding
TRIED = 10_000  # products by which the time is guessed


@dataclass(frozen=True, slots=True, kw_only=True)
class RaceTask:
    """A contest: `make` builds it with this many products, for a project."""

    name: str
    label: str
    make: Callable[[int, Between, Project], Contest]


TASKS: dict[str, RaceTask] = {
    task.name: task
    for task in (
        RaceTask(
            name="dot", label="Dot product", make=lambda n, between, _: contests.dot(n, between)
        ),
        RaceTask(
            name="logistic",
            label="Logistic regression, one iteration",
            make=lambda n, between, _: contests.logistic(n, between),
        ),
        RaceTask(name="forward", label="Forward pass of the open network", make=contests.forward),
    )
}


@dataclass(frozen=True, slots=True, eq=False)
class Lap:
    """The times of one version, in seconds, and its result."""

    way: Way
    seconds: tuple[float, ...]
    result: Array

    @property
    def median(self) -> float:
        """The median of its times, in seconds."""
        return statistics.median(self.seconds)


@dataclass(frozen=True, slots=True, eq=False)
class RaceTimes:
    """The times of the versions, NumPy first; `difference` is the largest between two results,
    `size` the largest number in them.
    """

    about: str
    products: int
    laps: tuple[Lap, ...]
    difference: float
    size: float

    @property
    def agrees(self) -> bool:
        """Whether all results are equal except for rounding."""
        return self.difference <= AGREE * self.size

    @property
    def ratio(self) -> float:
        """How many times longer the loops take than NumPy."""
        return self.laps[-1].median / self.laps[0].median


@dataclass(frozen=True, slots=True)
class Guess:
    """The seconds per product of each version, in a short trial."""

    each: tuple[float, ...]

    def seconds(self, products: int) -> float:
        """The estimated time of the whole race, with every version timed TIMES times."""
        return TIMES * products * sum(self.each)


def check_products(products: float) -> int:
    """The nearest whole number of products. Raises LayerwiseError outside the limits."""
    if not LEAST <= products <= MOST:
        raise LayerwiseError(
            f"The size must be a whole number from {LEAST:,} to {MOST:,} products; it stays as it"
            " is."
        )
    return round(products)


def guess(task: str, project: Project, between: Between) -> Guess:
    """Try each version on few products, as often as in the race."""
    contest = TASKS[task].make(TRIED, between, project)
    laps = [_timed(way, between, TIMES) for way in reversed(contest.ways)]
    return Guess(tuple(sum(lap.seconds) / TIMES / contest.products for lap in laps))


def run(task: str, products: int, project: Project, between: Between) -> RaceTimes:
    """The race itself; `between` is called every few milliseconds and may raise to give it up."""
    contest = TASKS[task].make(products, between, project)
    laps = [_timed(way, between, TIMES) for way in reversed(contest.ways)]
    exact = laps[0].result
    difference = max(float(np.abs(lap.result - exact).max()) for lap in laps[1:])
    return RaceTimes(
        contest.about, contest.products, tuple(laps), difference, float(np.abs(exact).max())
    )


def _timed(way: Way, between: Between, times: int) -> Lap:
    seconds = []
    for _ in range(times):
        start = perf_counter()
        result = way.do(between)
        seconds.append(perf_counter() - start)
    return Lap(way, tuple(seconds), result)
