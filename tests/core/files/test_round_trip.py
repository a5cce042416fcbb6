"""Every reachable state is read back unchanged from a file, a recovery and a journal."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import cli
from core.edits import with_training
from core.files import storage
from core.files.recovery import Recovery, found
from core.project import Project, encode
from core.sweep import records
from core.sweep.plan import Plan, axis, runs_of
from core.sweep.run import train
from tests.core.files import made
from tests.core.files.walks import Walk

STEPS = 12


def check_walk(seed: int, folder) -> int:
    """Every state of a walk comes back from a file and from a recovery; how many these were."""
    window = Recovery(folder)
    count, last = 0, None
    for saved in Walk(seed).steps(STEPS):
        again = storage.decode(storage.encode(saved), "a.layerwise")
        assert again.set_aside == ()
        assert storage.differences(saved, again) == []
        assert made.parts(again) == made.parts(saved)
        window.write(saved, None)
        count, last = count + 1, saved
    assert last is not None
    written = storage.write(folder / "a.layerwise", last)
    assert written.set_aside == ()
    window.leave()
    (work,) = found(folder)
    assert made.parts(work.saved) == made.parts(last)
    work.discard()
    return count


@settings(max_examples=6)
@given(st.integers(0, 2**32 - 1))
def test_every_state_of_a_random_walk_is_read_back(tmp_path_factory, seed):
    check_walk(seed, tmp_path_factory.mktemp("walk"))


def test_a_walk_whose_first_cost_is_almost_the_largest_number(tmp_path):
    check_walk(896, tmp_path)


def test_a_walk_with_a_run_whose_cost_is_no_number(tmp_path):
    check_walk(508, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))  # a quarter of the seeds each
@settings(max_examples=100)
@given(st.data())
def test_every_state_of_many_random_walks_is_read_back(tmp_path_factory, part, data):
    seed = data.draw(st.integers(part * 2**30, (part + 1) * 2**30 - 1))
    check_walk(seed, tmp_path_factory.mktemp("walk"))


def test_walks_get_to_runs_that_explode_and_to_scores_that_are_no_numbers():
    walks = [Walk(seed) for seed in range(40)]
    seen = [saved for walk in walks for saved in walk.steps(STEPS)]
    assert any(walk.session.halt is not None for walk in walks)
    costs = [run.cost for saved in seen for run in saved.runs]
    assert any(not np.isfinite(cost) for cost in costs)
    assert any(np.isfinite(cost) for cost in costs)


EXPLODES = {"learning_rate": 1000.0, "l2": 1.0, "loss": "squared_error", "iterations": 3000}


def exploding(**training):
    return with_training(Project(), **{**EXPLODES, **training})


@pytest.mark.parametrize(
    "training", [{}, {"l2": 0.0, "l1": 1e150}, {"l2": 1e300}, {"dtype": "float32"}]
)
def test_a_diverged_run_stops_reports_and_is_read_back(tmp_path, training):
    project = exploding(**training)
    (tmp_path / "a.json").write_bytes(encode(project))
    status = cli.main(["train", str(tmp_path / "a.json"), "--report", str(tmp_path / "r.json")])
    report = json.loads((tmp_path / "r.json").read_text(), parse_constant=pytest.fail)
    assert status == 3
    assert "stopped" in report["stopped"]
    assert all(cost is None or np.isfinite(cost) for cost in report["cost"])


@pytest.mark.parametrize("learning_rate", [1.2, 1e3, 1.7e308])
def test_a_journal_of_runs_without_a_finite_cost_is_read_again(tmp_path, learning_rate):
    plan = Plan(exploding(learning_rate=learning_rate, l2=1e300), (axis("units=1,2"),))
    path, runs = records.path_for(str(tmp_path / "r.csv")), runs_of(plan)
    results = {run.digest: train(encode(run.project)) for run in runs}
    with records.opened(path) as kept:
        for run in runs:
            kept.add(plan.axes, run, results[run.digest])
    with records.opened(path) as kept:
        assert kept.known == results
        assert kept.unreadable == 0


def test_a_line_of_a_journal_that_cannot_be_read_costs_that_run_alone(tmp_path):
    plan = Plan(exploding(iterations=5), (axis("units=1,2,3"),))
    path, runs = records.path_for(str(tmp_path / "r.csv")), runs_of(plan)
    with records.opened(path) as kept:
        for run in runs:
            kept.add(plan.axes, run, train(encode(run.project)))
    lines = path.read_bytes().splitlines(keepends=True)
    broken = lines[1].replace(b'"costs":[', b'"costs":[null,')  # as an earlier version wrote it
    path.write_bytes(lines[0] + broken + lines[2])
    with records.opened(path) as kept:
        assert list(kept.known) == [runs[0].digest, runs[2].digest]
        assert kept.unreadable == 1
