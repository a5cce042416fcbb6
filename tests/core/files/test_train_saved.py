"""`train` takes `.layerwise` files, own data and imported start included, and refuses bad ones."""

import json

import pytest

from core import cli
from core.edits import choose_own, with_training
from core.files import storage
from core.files.storage import Saved
from core.project import Project
from core.training.session import Session
from tests.core.files import made


def test_a_saved_project_is_trained_from_its_start(tmp_path):
    path, report = tmp_path / "a.layerwise", tmp_path / "r.json"
    saved = made.saved()
    storage.write(path, saved)
    before = path.read_bytes()
    assert cli.main(["train", str(path), "--iterations", "250", "--report", str(report)]) == 0
    session = Session(saved.project, weights=saved.start, own=saved.own)
    for _ in range(250):
        session.step()
    told = json.loads(report.read_text())
    assert told["cost"] == [float(session.costs[i]) for i in (0, 100, 200)]
    assert told["final_cost"] == session.score()[0].cost
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"PK\5\6", b"{}", bytes(9999)])
def test_a_bad_file_is_bad_input(tmp_path, capsys, content):
    path = tmp_path / "a.layerwise"
    path.write_bytes(content)
    assert cli.main(["train", str(path)]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"{path} cannot be used: it is ")
    assert said.count("\n") == 1


def test_own_data_without_a_run_are_trained_on(tmp_path, capsys):
    own = made.own()
    project = choose_own(Project(), own)
    project = with_training(project, loss="cross_entropy", learning_rate=0.1)
    storage.write(tmp_path / "a.layerwise", Saved(project, own=own))
    assert cli.main(["train", str(tmp_path / "a.layerwise"), "--iterations", "1"]) == 0
    assert capsys.readouterr().out == ""
