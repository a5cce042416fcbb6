"""A project built in the window is exported as code that prints the window's costs."""

import subprocess
import sys

import numpy as np
import pytest

from core.edits import with_training
from tests.e2e.driver import run_app
from tests.e2e.work import at_rest, command, said, saving_to, train


def test_exported_code_prints_the_costs_of_the_window(qtbot, tmp_path, monkeypatch):
    file = tmp_path / "mine.py"
    monkeypatch.setattr("gui.files.code_export.ask_save", lambda *_: file)
    costs = []

    def script(window):
        project = with_training(window.document.project, iterations=50, learning_rate=0.7)
        window.document.edit("Settings", project)
        train(qtbot, window, 50)
        costs.extend(window.training.latest.costs[:50])
        window.codes.export()

    assert run_app(script) == 0
    code = file.read_text() + "\nnp.save('costs.npy', costs)\n"
    done = subprocess.run(
        [sys.executable, "-I", "-c", code], cwd=tmp_path, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    theirs = np.load(tmp_path / "costs.npy")
    assert len(costs) >= 40
    assert np.abs(theirs[: len(costs)] - costs).max() < 1e-9


def test_the_network_goes_out_as_a_model_that_predicts_what_the_window_shows(
    qtbot, tmp_path, monkeypatch
):
    runtime = pytest.importorskip("onnxruntime")
    file = tmp_path / "mine.onnx"
    monkeypatch.setattr("gui.files.code_export.ask_save", lambda *_: file)
    seen = {}

    def script(window):
        train(qtbot, window, 300)
        command(window, "Export ONNX…")
        assert "after iteration 300" in said(window)
        latest = window.training.latest
        seen["p"], seen["points"] = latest.parameters(), latest.split.points

    assert run_app(script) == 0
    p, A = seen["p"], seen["points"]
    A = np.tanh(p.W[1] @ A + p.b[1])
    A = 1 / (1 + np.exp(-(p.W[2] @ A + p.b[2])))
    run = runtime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    y_hat, label = run.run(None, {"x": np.ascontiguousarray(seen["points"].T)})
    assert np.abs(y_hat - A.T).max() < 1e-12
    assert (label == (A[0] > 0.5)).all()


def test_pytorch_code_is_written_on_request(qtbot, tmp_path, monkeypatch):
    file = tmp_path / "mine.py"
    monkeypatch.setattr("gui.files.code_export.ask_save", lambda *_: file)

    def script(window):
        command(window, "Export PyTorch code…")
        assert "PyTorch" in said(window)

    assert run_app(script) == 0
    assert "from torch import nn" in file.read_text()


def test_weights_by_layer_come_back(qtbot, tmp_path, monkeypatch):
    path = tmp_path / "W.npz"
    saving_to(monkeypatch, path)

    def script(window):
        train(qtbot, window, 20)
        kept = window.training.latest.parameters()
        command(window, "Export weights by layer…")
        with np.load(path) as arrays:
            assert np.array_equal(arrays["layer1/W"], kept.W[1])
            assert "W1" not in arrays
        train(qtbot, window, 20)
        window.files.import_weights(path)
        qtbot.waitUntil(lambda: at_rest(window) and window.training.latest.iteration == 0)
        assert np.array_equal(window.training.latest.parameters().flat, kept.flat)

    assert run_app(script) == 0
