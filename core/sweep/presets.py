"""Preset sweeps, each a plan with a sentence on what it shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from core import edits
from core.project import LayerSettings, Project
from core.sweep.plan import Plan, SweepAxis


@dataclass(frozen=True, slots=True)
class Preset:
    """A plan, based on the current project where that makes sense; `metric` is the
    one to look at.
    """

    label: str
    says: str
    metric: str
    plan: Callable[[Project], Plan]


def _network(*units: int) -> tuple[LayerSettings, ...]:
    hidden = [LayerSettings(units=n, activation="tanh") for n in units]
    return (*hidden, LayerSettings(units=1, activation="sigmoid"))


def _sizes(_: Project) -> Plan:
    base = edits.with_network(edits.choose_source(Project(), "spirals"), initializer="he")
    base = edits.with_data(base, noise=0.2, test_share=0.5)
    base = edits.with_training(base, optimizer="adam", learning_rate=0.01, iterations=1500)
    examples = SweepAxis("examples", (40, 100, 300, 1000, 3000))
    return Plan(base, (examples, SweepAxis("units", (1, 4, 16, 64))), seeds=3)


def _units(_: Project) -> Plan:
    base = edits.with_data(Project(), test_share=0.25)
    base = edits.with_training(base, iterations=5000)
    return Plan(base, (SweepAxis("units", (1, 2, 3, 4, 5, 10, 20, 50)),), seeds=5)


def _rates(project: Project) -> Plan:
    values = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100)
    return Plan(project, (SweepAxis("learning_rate", values),), seeds=3)


def _scales(_: Project) -> Plan:
    base = edits.with_network(Project(), layers=_network(8, 8, 8))
    base = edits.with_training(base, learning_rate=0.3, iterations=2000)
    return Plan(base, (SweepAxis("scale", (0.001, 0.01, 0.1, 0.3, 1, 3, 10)),), seeds=5)


PRESETS: dict[str, Preset] = {
    "sizes": Preset(
        "Data size × model size",
        "On few examples all networks are alike; the more there are, the more a larger one gains.",
        "test_accuracy",
        _sizes,
    ),
    "units": Preset(
        "Hidden units 1 … 50 on the flower",
        "A few units draw the petals; more lower the training cost and raise the test cost.",
        "test_cost",
        _units,
    ),
    "rates": Preset(
        "Learning rates 0.001 … 100",
        "In this project: a rate too low is not there when training ends, one too high overshoots.",
        "train_cost",
        _rates,
    ),
    "scales": Preset(
        "Initial scales",
        "Three hidden layers: weights too small let no signal through, too large ones saturate.",
        "train_cost",
        _scales,
    ),
}
