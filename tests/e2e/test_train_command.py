"""A workflow without a window: `python main.py train …` as a separate process."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]


def command(*arguments):
    return [sys.executable, "-W", "error", str(ROOT / "main.py"), "train", *arguments]


@pytest.fixture
def run(tmp_path):
    def run(*arguments):
        return subprocess.run(
            command(*arguments),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


def flower():
    """The planar data as the published course draws it."""
    np.random.seed(1)
    X, Y = [], []
    for j in range(2):
        t = np.linspace(j * 3.12, (j + 1) * 3.12, 200) + np.random.randn(200) * 0.2
        r = 4 * np.sin(4 * t) + np.random.randn(200) * 0.2
        X.append([r * np.sin(t), r * np.cos(t)])
        Y.append([[j] * 200])
    return np.hstack(X), np.hstack(Y)


def test_train_take_the_weights_home_and_predict(run, tmp_path):
    done = run("flower", "--iterations", "3000", "--export", "w.npz", "--report", "r.json")
    assert done.returncode == 0
    assert done.stdout == ""
    assert "3,000/3,000" in done.stderr
    report = json.loads((tmp_path / "r.json").read_text())
    X, Y = flower()
    w = np.load(tmp_path / "w.npz")
    A = sigmoid(w["W2"] @ np.tanh(w["W1"] @ X + w["b1"]) + w["b2"])
    assert np.mean((A > 0.5) == Y) == report["train_accuracy"]
    J = -np.mean(Y * np.log(A) + (1 - Y) * np.log(1 - A))
    assert report["final_cost"] == pytest.approx(J, rel=1e-12)


def test_training_continues_from_a_notebooks_weights_with_own_data(run, tmp_path):
    rng = np.random.RandomState(0)
    X = rng.randn(2, 100).astype(">f4")
    np.savez(tmp_path / "d.npz", X=X, Y=X[:1] > X[1:])
    W1, W2 = rng.randn(4, 2), rng.randn(1, 4)
    np.savez(tmp_path / "w0.npz", W1=W1, b1=np.zeros((4, 1)), W2=W2, b2=np.zeros((1, 1)))
    done = run(
        *("flower", "--data", "d.npz", "--weights", "w0.npz"),
        *("--iterations", "500", "--report", "r.json"),
    )
    assert done.returncode == 0
    assert json.loads((tmp_path / "r.json").read_text())["train_accuracy"] > 0.95


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ((), "PROJECT"),
        (("no.json",), "no.json cannot be read: there is no such file or folder"),
        (("flower", "--weights", "bad.npz"), "bad.npz cannot be used: "),
        (("flower", "--data", "bad.npz"), "bad.npz cannot be used: "),
        (("flower", "--iterations", "many"), "'many' is not a whole number"),
        (("flower", "--export", "no/w.npz"), "no/w.npz cannot be written"),
    ],
)
def test_bad_input_is_one_line_and_status_2(run, tmp_path, arguments, reason):
    (tmp_path / "bad.npz").write_bytes(b"PK\3\4 not really")
    done = run(*arguments, "--report", "r.json")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert reason in done.stderr
    assert not (tmp_path / "r.json").exists()


def test_divergence_is_status_3_and_reported(run, tmp_path):
    X = np.random.RandomState(0).randn(2, 50) * 1e3
    np.savez(tmp_path / "d.npz", X=X, Y=X[:1])
    project = {
        "format": "layerwise",
        "version": 1,
        "network": {"layers": [{"units": 1, "activation": "linear"}]},
        "training": {"loss": "squared_error", "learning_rate": 1e6},
    }
    (tmp_path / "p.json").write_text(json.dumps(project))
    done = run("p.json", "--data", "d.npz", "--export", "w.npz", "--report", "r.json")
    assert done.returncode == 3
    stopped = json.loads((tmp_path / "r.json").read_text())["stopped"]
    assert "iteration" in stopped
    assert "layer 1" in stopped
    assert stopped in done.stderr
    assert "Traceback" not in done.stderr
    assert np.isfinite(np.load(tmp_path / "w.npz")["W1"]).all()


@pytest.mark.skipif(os.name == "nt", reason="signals of a terminal are those of POSIX")
def test_ctrl_c_writes_the_trained_weights(tmp_path):
    arguments = ("flower", "--iterations", "1000000000", "--report", "r.json", "--export", "w.npz")
    # Python's start is over when the first line of the bar is out.
    with subprocess.Popen(
        command(*arguments), cwd=tmp_path, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        process.stderr.readline()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in err
    report = json.loads((tmp_path / "r.json").read_text())
    assert report["stopped"].startswith("Interrupted by SIGINT at iteration ")
    assert report["iterations"] > 0
    assert np.load(tmp_path / "w.npz")["W1"].shape == (4, 2)
