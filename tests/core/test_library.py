"""Core as a library: the notebook page is correct, and uses all of the public names."""

import contextlib
import io
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import core
from core import LayerwiseError, fit, load, predict, save
from core.edits import choose_source, with_data
from core.project import Project
from core.training.session import Session

PAGE = Path(__file__).parents[2] / "docs" / "notebook.md"
BLOCK = re.compile(r"```(python|text)\n(.*?)```", re.DOTALL)


def test_every_block_of_the_notebook_page_prints_its_documented_output(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    blocks = BLOCK.findall(PAGE.read_text("utf-8"))
    assert [kind for kind, _ in blocks] == ["python", "text"] * (len(blocks) // 2)
    names: dict[str, object] = {}
    for (_, code), (_, expected) in zip(blocks[::2], blocks[1::2], strict=True):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(code, names)
        assert printed.getvalue() == expected, code


def test_the_names_are_there_and_each_has_its_words():
    assert set(core.__all__) <= set(dir(core))
    for name in core.__all__:
        assert getattr(core, name).__doc__, name
    with pytest.raises(AttributeError, match="nothing_like_it"):
        _ = core.nothing_like_it
    assert (Path(core.__file__).parent / "py.typed").exists()


def test_importing_core_imports_nothing():
    code = "import sys, core; print('numpy' in sys.modules, 'core.library' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


@pytest.mark.parametrize(
    ("Y", "outputs"), [([[0, 1, 0, 1]], 1), (np.eye(3)[:, [0, 1, 2, 0]], 3), ([[0.5, 1, 2, 7]], 1)]
)
def test_predict_gives_the_runs_answers(tmp_path, Y, outputs):
    X = np.random.RandomState(0).randn(3, 4) * 50 + 1000
    run = fit(X, Y, hidden=[2], iterations=20, standardize=True, optimizer="adam")
    A = predict(run, X)
    assert A.shape == (outputs, 4)
    assert np.allclose(A, run.answers().train.A, rtol=1e-12, atol=0)
    path = tmp_path / "a.layerwise"
    save(path, run)
    again = load(path)
    for session in (run, again):
        core.train(session, 5)
    assert np.array_equal(again.p.flat, run.p.flat)
    assert np.array_equal(predict(again, X), predict(run, X))


def test_points_of_a_plane_are_predicted_through_their_features():
    project = with_data(choose_source(Project(), "circles"), features=("x1", "x1x2"))
    run = Session(project)
    core.train(run, 30)
    points = run.split.points
    assert points is not None
    assert np.array_equal(predict(run, points), run.answers().train.A)
    with pytest.raises(LayerwiseError, match=r"X has the shape \(3, 5\): it needs 2 rows"):
        predict(run, np.zeros((3, 5)))


def test_unusable_arguments_are_refused():
    X, Y = np.zeros((2, 4)), [[0, 1, 0, 1]]
    with pytest.raises(LayerwiseError, match="no setting called rate: choose from"):
        fit(X, Y, rate=1)
    with pytest.raises(LayerwiseError, match="learning_rate"):
        fit(X, Y, learning_rate=-1)
