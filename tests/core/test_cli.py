"""The train command: what it writes, what it refuses, and the course's numbers in its report."""

import json
import os
import signal
import sys
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from core import cli, terminal
from core.files.project import find_saved, write_project
from core.hyperparameters import TrainingSettings
from core.project import (
    DataSettings,
    LayerSettings,
    NetworkSettings,
    OwnSettings,
    Project,
    encode,
)
from core.training.session import Session

PINNED = [
    *("iterations", "cost", "final_cost", "train_accuracy", "test_accuracy"),
    *("seconds", "iterations_per_second", "stopped", "train_results", "test_results"),
]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def train(*arguments):
    return cli.main(["train", *arguments])


def report(*arguments, status=0):
    """The report of a run that ends with this status."""
    assert train(*arguments, "--report", "r.json") == status
    return json.loads(Path("r.json").read_text(), parse_constant=pytest.fail)


def project(*layers, seed=2, data=None, **training):
    return Project(
        data=data or DataSettings(),
        network=NetworkSettings(
            layers=tuple(LayerSettings(units=n, activation=name) for n, name in layers), seed=seed
        ),
        training=TrainingSettings(**training),
    )


def saved(made, name="p.json"):
    write_project(name, made)
    return name


def refused(capsys, *arguments):
    """The one line with which these arguments are refused; the outputs stay untouched."""
    for name in ("w.npz", "r.json"):
        Path(name).write_bytes(b"old")
    assert train(*arguments, "--export", "w.npz", "--report", "r.json") == 2
    for name in ("w.npz", "r.json"):
        assert Path(name).read_bytes() == b"old"
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "Traceback" not in err
    return err.rstrip("\n")


def test_report_and_weights_of_the_default(capsys):
    found = report("flower", "--iterations", "250", "--export", "w.npz")
    assert list(found) == PINNED
    assert found["iterations"] == 250
    assert len(found["cost"]) == 3
    assert found["stopped"] is None
    assert found["test_accuracy"] is None
    assert found["test_results"] is None
    confusion = np.array(found["train_results"]["confusion"])
    assert np.trace(confusion) / 400 == found["train_accuracy"]
    assert found["seconds"] > 0
    assert found["iterations_per_second"] == pytest.approx(250 / found["seconds"])
    with np.load("w.npz") as file:
        assert file["W1"].shape == (4, 2)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("[##############################] 250/250 cost 0.5")


def test_the_course_s_costs():
    name = saved(project((4, "tanh"), (1, "sigmoid")))
    found = report(name, "--iterations", "7001")
    assert [f"{J:.6f}" for J in found["cost"][::10]] == [
        *("0.693048", "0.288083", "0.254385", "0.233864"),
        *("0.226792", "0.222644", "0.219731", "0.217504"),
    ]


@pytest.mark.parametrize(
    ("units", "accuracy"), [(1, 0.675), (2, 0.6725), (3, 0.9075), (4, 0.905), (5, 0.9125)]
)
def test_the_course_s_accuracies(units, accuracy):
    name = saved(project((units, "tanh"), (1, "sigmoid"), iterations=5000))
    assert report(name)["train_accuracy"] == accuracy


def test_logistic_regression():
    assert report(saved(project((1, "sigmoid"), iterations=5000)))["train_accuracy"] == 0.47


def test_weights_are_those_of_a_session_bit_for_bit():
    train("moons", "--iterations", "300", "--export", "w.npz")
    found, _ = find_saved("moons")
    session = Session(found.project)
    for _ in range(300):
        session.step()
    with np.load("w.npz") as file:
        for l in session.p.W:
            assert np.array_equal(file[f"W{l}"], session.p.W[l])
            assert np.array_equal(file[f"b{l}"], session.p.b[l])


def test_in_two_halves_it_is_the_same_run():
    whole = report("flower", "--iterations", "400", "--export", "whole.npz")
    report("flower", "--iterations", "200", "--export", "half.npz")
    second = report(
        *("flower", "--weights", "half.npz", "--iterations", "200", "--export", "two.npz")
    )
    with np.load("whole.npz") as one, np.load("two.npz") as two:
        assert all(np.array_equal(one[name], two[name]) for name in ("W1", "b1", "W2", "b2"))
    assert second["final_cost"] == whole["final_cost"]


def test_no_iteration_reports_the_start():
    found = report("flower", "--iterations", "0")
    assert found["iterations"] == 0
    assert found["cost"] == []
    assert found["final_cost"] == pytest.approx(0.6931, abs=1e-3)


def test_test_accuracy_is_there_with_test_data():
    found = report("moons", "--iterations", "500")
    assert found["test_accuracy"] > 0.9


def own_data(X, Y, name="d.npz"):
    np.savez(name, X=X, Y=Y)
    return name


RNG = np.random.RandomState(0)
X3 = RNG.randn(3, 60)


def test_own_binary_data_with_any_number_of_inputs():
    data = own_data(X3, (X3[:1] + X3[2:] > 0).astype("i1"))
    found = report(saved(project((1, "sigmoid"), iterations=500)), "--data", data, "--export", "w")
    assert found["train_accuracy"] > 0.95
    with np.load("w") as file:
        assert file["W1"].shape == (1, 3)


def test_own_classes():
    data = own_data(X3, np.eye(3)[:, X3.argmax(axis=0)])
    name = saved(project((6, "tanh"), (3, "softmax"), iterations=800))
    assert report(name, "--data", data)["train_accuracy"] > 0.9


def test_own_real_numbers_have_no_accuracy():
    data = own_data(X3, 2 * X3[:1] - X3[1:2] + 0.5)
    name = saved(project((1, "linear"), loss="squared_error", learning_rate=0.1, iterations=1000))
    found = report(name, "--data", data, "--export", "w.npz")
    assert found["train_accuracy"] is None
    assert found["final_cost"] < 1e-10
    with np.load("w.npz") as file:
        assert file["W1"] == pytest.approx(np.array([[2, -1, 0]]), abs=1e-4)
        assert file["b1"].item() == pytest.approx(0.5, abs=1e-4)


def test_own_data_are_split_and_normalized_as_the_project_says():
    settings = DataSettings(test_share=0.25, normalize=True)
    data = own_data(X3 * [[1], [1000], [1]] + 5, (X3[:1] > 0) * 1.0)
    name = saved(project((1, "sigmoid"), data=settings, iterations=300))
    found = report(name, "--data", data)
    assert found["test_accuracy"] > 0.8


def test_float32():
    found = report(saved(project((4, "tanh"), (1, "sigmoid"), dtype="float32", iterations=1001)))
    assert found["cost"][10] == pytest.approx(0.288083, abs=1e-4)


def test_a_diverged_run_says_where_and_keeps_the_last_finite_numbers(capsys):
    data = own_data(X3 * 1e149, X3[:1])
    name = saved(project((2, "relu"), (1, "linear"), loss="squared_error", learning_rate=1e6))
    found = report(name, "--data", data, "--export", "w.npz", status=3)
    assert f"iteration {found['iterations']}" in found["stopped"]
    assert "layer" in found["stopped"]
    assert found["iterations"] < 20
    assert all(np.isfinite(found["cost"]))
    with np.load("w.npz") as file:
        assert all(np.isfinite(file[name]).all() for name in ("W1", "b1", "W2", "b2"))
    assert found["stopped"] in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupt_keeps_the_trained_weights(monkeypatch, number):
    before = signal.getsignal(number)
    advance = Session.advance

    def interrupted(self):
        if self.iteration == 150:
            os.kill(os.getpid(), number)
        return advance(self)

    monkeypatch.setattr(Session, "advance", interrupted)
    found = report("flower", "--export", "w.npz", status=128 + number)
    assert found["iterations"] == 151
    assert len(found["cost"]) == 2
    assert found["stopped"] == f"Interrupted by {number.name} at iteration 151."
    with np.load("w.npz") as file:
        assert file["W1"].any()
    assert signal.getsignal(number) is before


def test_an_interrupt_before_training_leaves_no_traceback(monkeypatch, capsys):
    def interrupt(argument):
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "find_saved", interrupt)
    assert train("flower") == 130
    assert capsys.readouterr() == ("", "")


def test_every_wrong_argument_is_one_line(capsys):
    assert "PROJECT" in refused(capsys)
    assert "unrecognized arguments: --epochs" in refused(capsys, "flower", "--epochs", "3")
    assert "'1_000' is not a whole number" in refused(capsys, "flower", "--iterations", "1_000")
    assert "'-1' is not a whole number" in refused(capsys, "flower", "--iterations=-1")
    assert "training.iterations is 99999999999" in refused(
        capsys, "flower", "--iterations", "99999999999"
    )
    assert "no bundled example of that name" in refused(capsys, "flowr")


def broken(name, change):
    Path(name).write_bytes(encode(Project()).replace(*change))
    return name


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ((b"{", b"["), "This is not a Layerwise project"),
        ((b'"units": 4', b'"units": 2.5'), "at network.layers[0].units"),
        ((b'"units": 4', b'"units": 0'), "network.layers[0].units is 0"),
        ((b'"units": 4', b'"units": 5000'), "from 1 to 4,096"),
        ((b'"tanh"', b'"tank"'), "network.layers[0].activation is 'tank'"),
        ((b"1.2", b"-1.2"), "training.learning_rate is -1.2"),
        ((b"1.2", b"1e999"), "cannot be used"),
        ((b"1.2", b"NaN"), "cannot be used"),
        ((b'"examples": 400', b'"examples": "400"'), "at data.examples"),
    ],
)
def test_a_broken_project_is_named_with_its_error(capsys, change, reason):
    line = refused(capsys, broken("p.json", change))
    assert line.startswith("p.json cannot be used: ")
    assert reason in line


def test_a_network_that_cannot_learn_is_refused(capsys):
    line = refused(capsys, saved(project((2, "step"), (1, "sigmoid"))))
    assert line.startswith("p.json cannot be trained: Layer 1 uses step (perceptron)")


def test_a_project_of_own_data_needs_them(capsys):
    own = OwnSettings(digest="0" * 32, examples=60, inputs=3, outputs=1, kind="binary")
    name = saved(project((1, "sigmoid"), data=DataSettings(source="own", own=own), iterations=5))
    assert refused(capsys, name) == (
        "p.json cannot be trained: it learns data of your own, which are not in this file; name"
        " them with --data."
    )
    assert report(name, "--data", own_data(X3, np.ones((1, 60))))["iterations"] == 5


def test_output_that_does_not_fit_the_data_set(capsys):
    line = refused(capsys, saved(project((3, "softmax"))))
    assert line.startswith("p.json cannot be used: ")


@pytest.mark.parametrize(
    ("layers", "Y", "reason"),
    [
        (((3, "softmax"),), np.ones((3, 60)), "column 0 has 3"),
        (((3, "softmax"),), np.zeros((1, 60)), "column 0 has 0"),
        (((1, "sigmoid"),), np.full((1, 60), np.nan), "Y[0, 0] is not a finite number"),
        (((1, "sigmoid"),), np.zeros((1, 59)), "X has 60 examples and Y has 59"),
        (((1, "sigmoid"),), np.zeros((1, 60, 1)), "Y is (1, 60, 1)"),
        (((1, "sigmoid"),), np.full((1, 60), 1e151), "Y[0, 0] is 1e+151, beyond 1e+150"),
    ],
)
def test_labels_that_do_not_fit_are_named(capsys, layers, Y, reason):
    line = refused(capsys, saved(project(*layers)), "--data", own_data(X3, Y))
    assert line.startswith("d.npz cannot be used: ")
    assert reason in line


@pytest.mark.parametrize(
    ("Y", "output", "kind", "classes"),
    [
        (X3[:1], "linear", "numbers", []),
        (np.arange(60) % 2, "sigmoid", "classes", ["0", "1"]),
        (np.arange(60)[np.newaxis] % 2 * 2 - 1, "sigmoid", "classes", ["-1", "1"]),
        (np.arange(60) % 3, "softmax", "classes", ["0", "1", "2"]),
        (np.array(["no", "yes"])[np.arange(60) % 2], "sigmoid", "classes", ["no", "yes"]),
        (np.eye(3)[:, np.arange(60) % 3], "softmax", "classes", ["0", "1", "2"]),
    ],
)
def test_the_output_layer_follows_the_labels_as_in_the_window(capsys, Y, output, kind, classes):
    found = report("flower", "--data", own_data(X3, Y), "--iterations", "1", "--export", "w.npz")
    assert (found["data"]["kind"], found["data"]["classes"]) == (kind, classes)
    with np.load("w.npz") as file:
        assert file["activations"][-1] == output
    assert ("The output layer became" in capsys.readouterr().err) == (output != "sigmoid")


def test_data_too_large_for_the_memory_are_refused_before_they_are_made(capsys):
    data = own_data(np.zeros((100_000, 3), "i1"), np.zeros((1, 3), "i1"))
    line = refused(capsys, saved(project((4096, "tanh"), (1, "sigmoid"))), "--data", data)
    assert "bytes of memory" in line
    assert "for layer 1" in line
    assert line.startswith("d.npz cannot be used: ")


def test_weights_that_do_not_fit_are_named(capsys):
    np.savez("w0.npz", W1=np.ones((3, 2)), b1=np.ones((3, 1)))
    line = refused(capsys, "flower", "--weights", "w0.npz")
    assert line == (
        "w0.npz cannot be used: its weights do not fit the network 2-4-1: W1 is (3, 2) in the file,"
        " the network needs (4, 2), b1 is (3, 1) in the file, the network needs (4, 1),"
        " W2 is missing, b2 is missing."
    )


def test_weights_too_large_for_float32_are_refused(capsys):
    np.savez("w0.npz", W1=np.full((1, 2), 1e300), b1=np.ones((1, 1)))
    name = saved(project((1, "sigmoid"), dtype="float32"))
    line = refused(capsys, name, "--weights", "w0.npz")
    assert line == "w0.npz cannot be used: a weight is too large for float32."


def test_missing_files_are_named(capsys):
    assert refused(capsys, "a.json").startswith("a.json cannot be read: there is no such file")
    assert refused(capsys, "flower", "--data", "no.npz").startswith("no.npz cannot be read")
    assert refused(capsys, "flower", "--weights", ".").startswith(
        ". cannot be read: it is a folder"
    )


def test_an_output_that_cannot_be_written_is_known_before_training(capsys, monkeypatch):
    monkeypatch.setattr(Session, "advance", pytest.fail)
    Path("folder").mkdir()
    for path, reason in [
        ("folder", "it is a folder"),
        ("no/where", "there is no such file or folder"),
        ("/dev/null", "it is not an ordinary file"),
    ]:
        for option in ("--export", "--report"):
            assert train("flower", option, path) == 2
            assert capsys.readouterr().err == f"{path} cannot be written: {reason}.\n"
    assert train("flower", "--export", "same", "--report", "./same") == 2
    assert "name two files" in capsys.readouterr().err


def test_progress_is_drawn_in_place_on_a_terminal(monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr(terminal, "ON_A_TERMINAL", 0.0)
    train("flower", "--iterations", "3")
    err = capsys.readouterr().err
    assert err.count("\r") == 4
    assert err.count("\n") == 1
    assert "1/3 cost 0.693" in err


def test_progress_in_a_log_is_a_line_now_and_then(monkeypatch, capsys):
    monkeypatch.setattr(terminal, "IN_A_LOG", 0.0)
    train("flower", "--iterations", "2")
    err = capsys.readouterr().err
    assert "\r" not in err
    assert [line.split(" cost")[0][-3:] for line in err.splitlines()] == ["1/2", "2/2", "2/2"]


def test_help_is_for_people(capsys):
    with pytest.raises(SystemExit) as left:
        train("--help")
    assert left.value.code == 0
    out = capsys.readouterr().out
    assert "python main.py train" in out
    assert "circles, flower, moons, spirals, xor" in " ".join(out.split())


def test_replacing_iterations_changes_nothing_else():
    found, _ = find_saved("flower")
    made = found.project
    report("flower", "--iterations", "5", "--export", "w.npz")
    with np.load("w.npz") as file:
        expected = replace(made, training=replace(made.training, iterations=5))
        assert str(file["project"]).encode() == encode(expected)
