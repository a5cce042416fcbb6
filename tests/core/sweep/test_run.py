"""A run of a sweep equals the run made by `train`, bit for bit."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import cli
from core.errors import LayerwiseError
from core.files.project import write_project
from core.project import encode
from core.sweep.run import CURVE_POINTS, thinned, train
from core.training.session import Session
from tests.core.training.projects import project

PROJECTS = {
    "tanh": project((4, "tanh"), (1, "sigmoid"), iterations=401),
    "batches": project(
        (5, "relu"), (1, "sigmoid"), data={"test_share": 0.3}, batch_size=32, l2=0.1, iterations=300
    ),
    "adam": project((3, "tanh"), (1, "sigmoid"), optimizer="adam", dtype="float32", iterations=99),
    "diverges": project((4, "relu"), (1, "sigmoid"), learning_rate=1e6),
    "none": project((4, "tanh"), (1, "sigmoid"), iterations=0),
    "values": project(
        (3, "tanh"),
        (1, "linear"),
        data={"source": "plane", "test_share": 0.3},
        loss="squared_error",
        learning_rate=0.1,
        iterations=50,
    ),
    "long": project((1, "sigmoid"), iterations=5001),
}


@pytest.mark.parametrize("name", PROJECTS)
def test_it_is_the_run_that_train_makes(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_project("p.json", PROJECTS[name])
    assert cli.main(["train", "p.json", "--report", "r.json"]) in (0, 3)
    expected = json.loads((tmp_path / "r.json").read_bytes())
    found = train(encode(PROJECTS[name]))
    assert found.iterations == expected["iterations"]
    assert found.train_cost == expected["final_cost"]
    assert found.train_accuracy == expected["train_accuracy"]
    assert found.test_accuracy == expected["test_accuracy"]
    results = (expected["train_results"], expected["test_results"])
    r2 = [(each or {}).get("r2") for each in results]
    assert [found.train_r2, found.test_r2] == [None if x is None else pytest.approx(x) for x in r2]
    assert (found.train_r2 is None) == (name != "values")
    assert found.stopped == expected["stopped"]
    assert (found.test_cost is None) == (PROJECTS[name].data.test_share == 0)


@pytest.mark.parametrize("name", PROJECTS)
def test_its_curve_is_taken_from_all_of_the_run(name):
    found = train(encode(PROJECTS[name]))
    session = Session(PROJECTS[name])
    with np.errstate(all="ignore"):
        while session.iteration < PROJECTS[name].training.iterations and session.step():
            pass
    assert found.costs == tuple(session.costs[list(found.at)].tolist())
    assert found.at[:1] == (() if found.iterations == 0 else (0,))
    assert found.at[-1:] == (() if found.iterations == 0 else (found.iterations - 1,))


@given(st.integers(0, 1000), st.integers(2, CURVE_POINTS))
def test_thinning_keeps_both_ends_and_no_more_than_it_may(n, most):
    costs = np.arange(n, dtype=float) ** 2
    at, values = thinned(costs, most)
    assert len(at) == len(values) == min(n, most)
    assert list(at) == sorted(set(at))
    assert values == tuple(float(i) ** 2 for i in at)
    if n:
        assert (at[0], at[-1]) == (0, n - 1)


def test_a_project_that_does_not_fit_its_data_is_refused():
    with pytest.raises(LayerwiseError, match="give the output layer 1 units"):
        train(encode(project((3, "softmax"))))
