"""`python main.py` as a separate process on a machine without a display."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def run(tmp_path):
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    bare = {name: value for name, value in os.environ.items() if name not in hidden}

    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-W", "error", str(ROOT / "main.py"), *arguments],
            cwd=tmp_path,
            env={**bare, "XDG_RUNTIME_DIR": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a display")
def test_the_flower_is_trained_and_the_result_is_where_it_says(run, tmp_path):
    done = run()
    assert done.returncode == 0
    first, *_ = done.stderr.splitlines()
    assert first.startswith("There is no display to open a window on; training the flower")
    assert str(tmp_path / "flower-weights.npz") in first
    assert np.load(tmp_path / "flower-weights.npz")["W1"].shape == (4, 2)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a display")
def test_the_project_that_was_named_is_trained_instead(run, tmp_path):
    done = run("moons")
    assert done.returncode == 0
    assert "training moons without one" in done.stderr
    assert (tmp_path / "moons-weights.npz").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("nonsense",), "nonsense cannot be read: there is no such file or folder"),
        (("a", "b"), "opens one project and was given 2"),
        (("bad.json",), "bad.json cannot be used: This is not a Layerwise project"),
    ],
)
def test_a_project_that_cannot_be_opened_is_one_line_and_status_2(run, tmp_path, arguments, reason):
    (tmp_path / "bad.json").write_text("{")
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert reason in done.stderr
    assert not list(tmp_path.glob("*.npz"))


def test_help_says_the_ways_to_start(run):
    done = run("--help")
    assert done.returncode == 0
    assert "python main.py train PROJECT" in done.stdout
