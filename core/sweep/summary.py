"""Summarizes the runs of a sweep: one cell per combination of values, with its spread."""

from __future__ import annotations

import csv
import io
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from core.cells import cell as cell_of
from core.sweep.keys import Value, show
from core.sweep.plan import SweepAxis
from core.sweep.run import Result
from core.sweep.sweep import Outcome

METRICS: dict[str, Callable[[Result], float | None]] = {
    "train_cost": lambda result: result.train_cost,
    "test_cost": lambda result: result.test_cost,
    "train_accuracy": lambda result: result.train_accuracy,
    "test_accuracy": lambda result: result.test_accuracy,
    "train_r2": lambda result: result.train_r2,
    "test_r2": lambda result: result.test_r2,
}


@dataclass(frozen=True, slots=True)
class Spread:
    """Statistics of some numbers: count, mean, standard deviation (n - 1; None for one number),
    ends.
    """

    count: int
    mean: float
    deviation: float | None
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Cell:
    """The outcomes of one combination of values, seed by seed."""

    settings: tuple[Value, ...]
    outcomes: tuple[Outcome, ...]

    @property
    def results(self) -> list[Result]:
        """The results of completed runs."""
        return [outcome.result for outcome in self.outcomes if outcome.result is not None]

    @property
    def stopped(self) -> int:
        """How many ended early: they diverged."""
        return sum(result.stopped is not None for result in self.results)

    @property
    def failed(self) -> int:
        """How many have no result."""
        return len(self.outcomes) - len(self.results)

    def values(self, metric: str) -> list[float]:
        """The values of this metric, for the runs that have one."""
        found = (METRICS[metric](result) for result in self.results)
        return [value for value in found if value is not None]

    def spread(self, metric: str) -> Spread | None:
        """The spread over the seeds; None if no run has a value."""
        return spread_of(self.values(metric))

    def median(self, metric: str) -> Outcome | None:
        """The median run, with an even number the lower one: the one to look at."""
        ranked = [
            (value, outcome.run.seed, outcome)
            for outcome in self.outcomes
            if outcome.result is not None and (value := METRICS[metric](outcome.result)) is not None
        ]
        ranked.sort(key=lambda entry: entry[:2])
        return ranked[(len(ranked) - 1) // 2][2] if ranked else None


def spread_of(values: Sequence[float]) -> Spread | None:
    """The spread of numbers, None without any."""
    if not values:
        return None
    deviation = statistics.stdev(values) if len(values) > 1 else None
    return Spread(len(values), statistics.fmean(values), deviation, min(values), max(values))


def cells_of(outcomes: Iterable[Outcome]) -> list[Cell]:
    """One cell for each combination that has an outcome."""
    found: dict[tuple[str, ...], list[Outcome]] = {}
    for outcome in outcomes:
        found.setdefault(tuple(map(repr, outcome.run.settings)), []).append(outcome)
    return [
        Cell(group[0].run.settings, tuple(sorted(group, key=lambda outcome: outcome.run.seed)))
        for group in found.values()
    ]


def is_better(metric: str, one: float, other: float) -> bool:
    """Whether one value of a metric is better than another: lower for costs."""
    return one < other if metric.endswith("cost") else one > other


def report(axes: Sequence[SweepAxis], outcomes: Iterable[Outcome]) -> str:
    """The report as CSV: one line per combination, in the order of the plan, with its spread over
    the seeds.

    `stopped` counts the runs that ended early, `failed` those without a result; `why` is the first
    reason of either. Numbers are written with all digits.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    spreads = [f"{metric}_{part}" for metric in METRICS for part in ("mean", "sd", "min", "max")]
    head = [axis.key for axis in axes]
    writer.writerow(
        [*head, "runs", *spreads, "iterations_mean", "seconds_mean", "stopped", "failed", "why"]
    )
    for cell in sorted(cells_of(outcomes), key=lambda cell: _place(axes, cell)):
        results = cell.results
        numbers = [number for metric in METRICS for number in _numbers(cell.spread(metric))]
        for values in ([r.iterations for r in results], [r.seconds for r in results]):
            spread = spread_of(values)
            numbers.append("" if spread is None else repr(spread.mean))
        stopped = [result.stopped for result in results if result.stopped]
        faults = [outcome.fault for outcome in cell.outcomes if outcome.result is None]
        why = next(iter([*faults, *stopped]), "")
        counts = [len(stopped), len(faults), cell_of(why)]
        settings = [cell_of(show(value)) for value in cell.settings]
        writer.writerow([*settings, len(results), *numbers, *counts])
    return text.getvalue()


def _numbers(spread: Spread | None) -> list[str]:
    if spread is None:
        return [""] * 4
    deviation = "" if spread.deviation is None else repr(spread.deviation)
    return [repr(spread.mean), deviation, repr(spread.low), repr(spread.high)]


def _place(axes: Sequence[SweepAxis], cell: Cell) -> tuple[int, ...]:
    return tuple(
        [repr(value) for value in axis.values].index(repr(setting))
        for axis, setting in zip(axes, cell.settings, strict=True)
    )
