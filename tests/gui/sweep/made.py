"""Outcomes for tests of the window of sweeps, without training."""

from __future__ import annotations

from collections.abc import Callable

from core.project import Project
from core.sweep.plan import Plan, PlannedRun, axis, runs_of
from core.sweep.run import Result
from core.sweep.sweep import Outcome
from gui.sweep.shown import ShownCells, arranged

TWO = ("units=1,2,4", "learning_rate=0.1,1")
ONE = ("units=1,2,4",)


def result(cost: float, **more: object) -> Result:
    given: dict[str, object] = {
        "iterations": 10,
        "train_cost": cost,
        "test_cost": 2 * cost,
        "train_accuracy": 1 - cost,
        "test_accuracy": None,
        "seconds": 0.1,
    }
    return Result(**{**given, **more})  # type: ignore[arg-type]  # named by the caller


def cost_of(run: PlannedRun) -> float:
    """A cost that falls with the units and rises with the seed."""
    units = run.settings[0]
    assert isinstance(units, int)
    return 0.5 / units + 0.01 * run.seed


def outcomes(
    texts: tuple[str, ...], seeds: int = 3, of: Callable[[PlannedRun], Result | None] | None = None
) -> list[Outcome]:
    made = of or (lambda run: result(cost_of(run)))
    plan = Plan(Project(), tuple(map(axis, texts)), seeds)
    found = [(run, made(run)) for run in runs_of(plan)]
    return [Outcome(run, r, "" if r else "It died.") for run, r in found]


def shown(texts: tuple[str, ...], metric: str = "train_cost", seeds: int = 3) -> ShownCells:
    return arranged(tuple(map(axis, texts)), metric, outcomes(texts, seeds), seeds)
