"""The `train` command stops where the project says, and its report says why."""

import json
from pathlib import Path

import pytest

from core import cli
from core.files.project import write_project
from core.hyperparameters import StopSettings
from core.project import Project
from tests.core.training.projects import project, tune


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def report(*arguments):
    """The report of a run that is done."""
    assert cli.main(["train", *arguments, "--report", "r.json"]) == 0
    return json.loads(Path("r.json").read_text(), parse_constant=pytest.fail)


def saved(made, **ends):
    write_project("p.json", tune(made, stop=StopSettings(**ends)) if ends else made)
    return "p.json"


def test_the_report_says_which_end_stopped_the_run_and_the_status_is_0(capsys):
    free = report(saved(Project()), "--iterations", "1000")
    found = report(saved(Project(), cost=0.45))
    assert 0 < found["iterations"] < 1000
    assert found["cost"] == free["cost"][: len(found["cost"])]
    assert "reached the limit of 0.45" in found["stopped"]
    assert found["stopped"] in capsys.readouterr().err


def test_a_stopping_condition_replaces_the_iterations(capsys):
    found = report(saved(project(iterations=0, batch_size=100), epochs=3))
    assert found["iterations"] == 12
    assert "3 epochs are done" in found["stopped"]
    assert "iteration 12 cost" in capsys.readouterr().err


def test_early_stopping_takes_the_best_weights_home():
    data = {"examples": 80, "noise": 0.9, "test_share": 0.5}
    name = saved(project((16, "tanh"), (1, "sigmoid"), data=data), patience=400)
    found = report(name, "--export", "w.npz")
    assert "the test cost has not fallen for 400 iterations" in found["stopped"]
    again = report(name, "--weights", "w.npz", "--iterations", "0")
    assert again["final_cost"] == found["final_cost"]
    assert again["test_accuracy"] == found["test_accuracy"]


def test_patience_without_test_examples_gets_a_warning(capsys):
    report(saved(Project(), patience=5), "--iterations", "30")
    assert "There are no test examples" in capsys.readouterr().err


def test_a_refused_end_names_itself(capsys):
    Path("p.json").write_bytes(
        b'{"format": "layerwise", "version": 1, "training": {"stop": {"epochs": -1}}}'
    )
    assert cli.main(["train", "p.json"]) == 2
    assert "training.stop.epochs is -1" in capsys.readouterr().err
