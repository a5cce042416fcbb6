"""What is built in the window goes out as code that prints the window's own costs."""

import subprocess
import sys

import numpy as np

from core.edits import with_training
from tests.e2e.driver import run_app
from tests.e2e.work import train


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
