"""Prepares sweep results for display, without a widget: cells, range, texts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from core.sweep.keys import Value, label, show
from core.sweep.plan import SweepAxis
from core.sweep.summary import METRICS, Cell, Spread, cells_of, is_better
from core.sweep.sweep import Outcome
from gui.style import text

CellIndex = tuple[int, ...]  # which value of each axis
METRIC_NAMES = {
    "train_cost": "training cost",
    "test_cost": "test cost",
    "train_accuracy": "training accuracy",
    "test_accuracy": "test accuracy",
    "train_r2": "training R²",
    "test_r2": "test R²",
}


@dataclass(frozen=True, slots=True)
class ShownCells:
    """The cells of one or two axes, by index, in one metric.

    `runs` is the number of runs per cell of the complete sweep.
    """

    axes: tuple[SweepAxis, ...]
    metric: str
    cells: dict[CellIndex, Cell] = field(default_factory=dict)
    runs: int = 1

    @property
    def shape(self) -> CellIndex:
        """How many values each axis has."""
        return tuple(len(axis.values) for axis in self.axes)

    def spread(self, place: CellIndex, metric: str = "") -> Spread | None:
        """The numbers of a cell; None if there are none, or some of its runs diverged."""
        cell = self.cells.get(place)
        return None if cell is None or cell.stopped else cell.spread(metric or self.metric)

    def has(self, metric: str) -> bool:
        """Whether any run has a number of this metric."""
        return any(cell.values(metric) for cell in self.cells.values())

    def ends(self, metric: str = "") -> tuple[float, float] | None:
        """The least and the greatest mean of the cells that did not diverge."""
        means = [s.mean for place in self.cells if (s := self.spread(place, metric))]
        return (min(means), max(means)) if means else None

    @property
    def best(self) -> CellIndex | None:
        """The cell with the best mean."""
        best: tuple[CellIndex, float] | None = None
        for place in sorted(self.cells):
            spread = self.spread(place)
            if spread and (best is None or is_better(self.metric, spread.mean, best[1])):
                best = (place, spread.mean)
        return None if best is None else best[0]

    def goodness(self, place: CellIndex) -> float | None:
        """0 for the worst mean, 1 for the best, None without a mean."""
        ends, spread = self.ends(), self.spread(place)
        if ends is None or spread is None:
            return None
        low, high = ends
        share = (spread.mean - low) / (high - low) if high > low else 1.0
        return 1 - share if is_better(self.metric, 0, 1) and high > low else share

    def to_open(self, place: CellIndex, seed: int | None = None) -> Outcome | None:
        """The run of a cell that a click opens: the one of this seed, or the median."""
        cell = self.cells.get(place)
        if cell is None:
            return None
        of_seed = [outcome for outcome in cell.outcomes if outcome.run.seed == seed]
        return next(iter(of_seed), None) or cell.median(self.metric) or cell.outcomes[0]


def arranged(
    axes: tuple[SweepAxis, ...], metric: str, outcomes: Iterable[Outcome], runs: int = 1
) -> ShownCells:
    """The outcomes by their places."""
    known = [[repr(value) for value in axis.values] for axis in axes]
    cells = {
        tuple(
            values.index(repr(value)) for values, value in zip(known, cell.settings, strict=True)
        ): cell
        for cell in cells_of(outcomes)
    }
    return ShownCells(axes, metric, cells, runs)


def written(metric: str, value: float) -> str:
    """A number of a metric: `93.1 %`, `0.2134`."""
    if metric.endswith("accuracy"):
        return text.percent(value)
    return text.number(value, 3, sign=False)


def spread_written(metric: str, spread: Spread) -> str:
    """Mean, deviation, ends: `93.1 % ± 0.5 (92.6 % … 93.6 %)`."""
    said = written(metric, spread.mean)
    if spread.deviation is None:
        return said
    ends = f"{written(metric, spread.low)} … {written(metric, spread.high)}"
    return f"{said} {deviation_written(metric, spread)} ({ends})"


def deviation_written(metric: str, spread: Spread) -> str:
    """`± 0.5`; in per cent points for an accuracy, and nothing for a single run."""
    if spread.deviation is None:
        return ""
    percents = metric.endswith("accuracy")
    return f"± {100 * spread.deviation:.1f}" if percents else f"± {text.fixed(spread.deviation, 3)}"


def settings_written(axes: Iterable[SweepAxis], settings: Iterable[Value]) -> str:
    """The values of a cell as text: `learning rate α 0.1, hidden units 4`."""
    pairs = zip(axes, settings, strict=True)
    return ", ".join(f"{label(axis.key)} {show(value)}" for axis, value in pairs)


def said_of(shown: ShownCells, place: CellIndex) -> str:
    """A summary of a cell in one line."""
    settings = [axis.values[i] for axis, i in zip(shown.axes, place, strict=True)]
    what = settings_written(shown.axes, settings)
    cell = shown.cells.get(place)
    if cell is None:
        return f"{what}: not made yet"
    parts = []
    spread = cell.spread(shown.metric)
    if spread is not None and not cell.stopped:
        parts.append(f"{METRIC_NAMES[shown.metric]} {spread_written(shown.metric, spread)}")
    other = sibling(shown.metric)
    spread = cell.spread(other)
    if spread is not None and not cell.stopped:
        parts.append(f"{METRIC_NAMES[other]} {written(other, spread.mean)}")
    count = len(cell.outcomes)
    parts.append(f"{count} run{'s' if count > 1 else ''}")
    if cell.stopped:
        parts.append(f"{cell.stopped} diverged")
    if cell.failed:
        fault = next(outcome.fault for outcome in cell.outcomes if outcome.result is None)
        parts.append(f"{cell.failed} without a result: {fault}")
    return f"{what}: {'; '.join(parts)}"


def sibling(metric: str) -> str:
    """The same metric on the other examples: test or training."""
    kind = metric.partition("_")[2]
    other = f"test_{kind}" if metric.startswith("train") else f"train_{kind}"
    assert other in METRICS
    return other
