"""The summary of a sweep's runs, against NumPy's statistics."""

import csv
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.project import Project
from core.sweep.plan import Plan, axis, runs_of
from core.sweep.run import Result
from core.sweep.summary import METRICS, cells_of, report, spread_of
from core.sweep.sweep import Outcome

NUMBERS = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=9)


@given(NUMBERS)
def test_the_spread_is_that_of_the_books(numbers):
    spread = spread_of(numbers)
    assert spread is not None
    assert spread.mean == pytest.approx(np.mean(numbers), abs=1e-8)
    assert spread.deviation == pytest.approx(np.std(numbers, ddof=1), abs=1e-8)
    assert (spread.low, spread.high, spread.count) == (min(numbers), max(numbers), len(numbers))


def test_one_number_has_no_deviation_and_none_has_no_spread():
    spread = spread_of([0.5])
    assert spread is not None
    assert spread.deviation is None
    assert spread_of([]) is None


def made(cost, accuracy=0.5, **more):
    return Result(
        iterations=10, train_cost=cost, test_cost=None, train_accuracy=accuracy,
        test_accuracy=None, seconds=0.5, **more,
    )  # fmt: skip


AXES = (axis("units=4,2"), axis("batch_size=none,32"))
RUNS = runs_of(Plan(Project(), AXES, seeds=3))


def outcomes():
    found = [Outcome(run, made(0.1 * (i + 1))) for i, run in enumerate(RUNS)]
    found[4] = Outcome(RUNS[4], None, "It died.")
    found[5] = Outcome(RUNS[5], made(None, stopped="It diverged."))
    return found


def test_the_report_has_a_line_a_combination_in_the_order_of_the_plan():
    text = report(AXES, reversed(outcomes()))
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["units"], row["batch_size"]) for row in rows] == [
        ("4", "none"), ("4", "32"), ("2", "none"), ("2", "32"),
    ]  # fmt: skip
    first, second = rows[:2]
    assert float(first["train_cost_mean"]) == pytest.approx(0.2)
    assert float(first["train_cost_sd"]) == pytest.approx(0.1)
    assert (first["train_cost_min"], first["train_cost_max"]) == ("0.1", repr(0.1 * 3))
    assert (first["runs"], first["failed"], first["why"]) == ("3", "0", "")
    assert first["test_cost_mean"] == ""
    assert first["iterations_mean"] == "10.0"
    assert (second["runs"], second["failed"], second["stopped"]) == ("2", "1", "1")
    assert second["why"] == "It died."
    assert second["train_cost_mean"] == "0.4"
    assert second["train_cost_sd"] == ""


def test_a_stopped_sweep_reports_its_results():
    rows = list(csv.DictReader(io.StringIO(report(AXES, outcomes()[6:7]))))
    assert [(row["units"], row["runs"]) for row in rows] == [("2", "1")]


def test_the_median_run_is_one_of_them():
    cells = cells_of(outcomes())
    medians = [cell.median("train_cost") for cell in cells[:2]]
    assert [median and median.run.seed for median in medians] == [1, 0]  # 0 alone has a cost there
    assert cells[0].median("test_cost") is None
    judged = ("cost", "accuracy", "r2")
    assert set(METRICS) == {f"{part}_{what}" for part in ("train", "test") for what in judged}
