"""Six starts: what is said of each is what its very run records, and the numbers of the lesson."""

import statistics

import numpy as np
import pytest

from core import Project, edits
from core.errors import Interrupted
from core.labs import starts
from core.labs.starts import Start
from core.labs.training import train
from core.training.session import Session

STARTS = {start.name: start for start in (*starts.six(), starts.scaled(10.0), starts.scaled(100.0))}
LESSON = {  # first cost, saturated, largest |dW[1]| of the default project
    "zeros": (0.693147, 0.0, 0.0),
    "half": (1.089600, None, None),
    "scale_0.01": (0.693162, 0.0, 0.0026),
    "scale_1": (0.770532, 0.29, 0.20),
    "scale_10": (6.112910, 0.87, 0.86),
    "scale_100": (63.611142, 0.97, None),
    "xavier": (0.709231, 0.20, 0.090),
    "he": (0.740105, 0.29, 0.125),
}


def measured(project, start):
    session = starts.session_of(project, start)
    return starts.measured(session, start)


@pytest.mark.parametrize("name", LESSON)
def test_the_default_project_shows_the_numbers_of_the_lesson(name):
    cost, saturated, largest = LESSON[name]
    found = measured(Project(), STARTS[name])
    assert found.cost == pytest.approx(cost, abs=1e-6)
    if saturated is not None:
        assert found.saturated == pytest.approx(saturated, abs=0.006)
    if largest is not None:
        assert found.largest_dW == pytest.approx(largest, rel=0.03)


@pytest.mark.parametrize("start", starts.six(), ids=lambda start: start.name)
def test_each_column_equals_a_sessions_record(start):
    project = edits.with_network(starts.deep(Project(), "relu"), seed=5)
    found = measured(project, start)
    if start.constant is None:
        begun = edits.with_network(project, initializer=start.initializer, scale=start.scale)
        record = Session(begun).record()
    else:
        session = Session(project)
        for W in session.p.W.values():
            W[...] = 0.5
        record = session.record()
    assert found.cost == record.J
    assert found.largest_dW == np.abs(record.grad.W[1]).max()
    for l, said in enumerate(found.z, start=1):
        rows = [statistics.pstdev(row) for row in record.Z[l].tolist()]
        assert said == pytest.approx(statistics.fmean(rows), rel=1e-9, abs=1e-14)
    assert len(found.dA) == len(found.z) - 1


def test_the_spread_of_z_through_eight_layers_is_that_of_the_lesson():
    for activation, start, first, last in (
        ("tanh", "scale_0.01", 0.025, 4e-12),
        ("tanh", "xavier", 1.7, 0.27),
        ("relu", "he", 2.5, 0.72),
        ("sigmoid", "xavier", 1.7, 0.00005),
    ):
        project = edits.with_network(starts.deep(Project(), activation), seed=1)
        found = measured(project, STARTS[start])
        assert found.z[0] == pytest.approx(first, rel=0.05)
        assert found.z[7] == pytest.approx(last, rel=0.05)


def test_twins_are_found_where_all_begin_alike_and_nowhere_else():
    assert measured(Project(), STARTS["half"]).twins == ((1, (0, 1, 2, 3)),)
    assert measured(Project(), STARTS["zeros"]).twins == ((1, (0, 1, 2, 3)),)
    assert measured(Project(), STARTS["xavier"]).twins == ()


def test_a_thousand_iterations_are_those_of_the_run():
    start = STARTS["scale_1"]
    session = starts.session_of(Project(), start)
    told = list[int]()
    trained = train(session, 1000, lambda: None, told.append)
    assert told == list(range(1, 1001))
    assert trained.costs.shape == (1001,)
    assert trained.costs[-1] == pytest.approx(0.2628, abs=5e-5)
    assert trained.halt == ""
    alone = Session(edits.with_network(Project(), scale=1.0))
    for _ in range(30):
        alone.step()
    np.testing.assert_array_equal(trained.costs[:30], alone.costs)


def test_a_start_that_diverges_says_so_and_keeps_its_curve():
    start = starts.scaled(1.0)
    project = edits.with_training(starts.deep(Project(), "relu"), learning_rate=1e4)
    session = starts.session_of(project, start)
    trained = train(session, 50, lambda: None, lambda _: None)
    assert trained.halt
    assert np.isfinite(trained.costs).all()
    assert 0 < len(trained.costs) < 51


def test_an_untrainable_project_says_why():
    project = edits.set_activation(Project(), 1, "step")
    start = STARTS["xavier"]
    trained = train(starts.session_of(project, start), 10, lambda: None, lambda _: None)
    assert "cannot be trained" in trained.halt
    assert len(trained.costs) == 1


def test_training_can_be_cancelled():
    asked = 0

    def between():
        nonlocal asked
        asked += 1
        if asked > 5:
            raise Interrupted

    start = Start("he", "He", "he")
    session = starts.session_of(Project(), start)
    with pytest.raises(Interrupted):
        train(session, 1000, between, lambda _: None)
    assert session.iteration == 5


def test_sums_near_the_largest_number_have_a_spread():
    flat = np.full(17, 1e170)
    flat[::2] = 1e10
    session = Session(edits.with_network(Project(), initializer="zeros"), weights=flat)
    found = starts.measured(session, STARTS["zeros"])
    assert np.isfinite(found.z).all()
    assert found.z[0] == pytest.approx(1e170, rel=10)
