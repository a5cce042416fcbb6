"""The results of a sweep on disk: complete lines, no foreign file, one writer."""

import errno
import os

import pytest

from core.errors import LayerwiseError
from core.files import journal
from core.project import Project, encode
from core.sweep import records
from core.sweep.plan import Plan, axis, runs_of
from core.sweep.run import train
from tests.core.training.projects import project

AXES = (axis("units=1,2"),)
RUNS = runs_of(Plan(project((1, "tanh"), (1, "sigmoid"), iterations=20), AXES))
RESULTS = [train(encode(run.project)) for run in RUNS]


@pytest.fixture
def path(tmp_path):
    return records.path_for(str(tmp_path / "r.csv"))


def refusal(opened):
    with pytest.raises(LayerwiseError) as caught, opened:
        pass
    return str(caught.value)


def fill(path):
    with records.opened(path) as kept:
        for run, result in zip(RUNS, RESULTS, strict=True):
            kept.add(AXES, run, result)
            kept.add(AXES, run, result)


def test_added_results_are_read_back_bit_for_bit(path):
    assert path.name == "r.csv.runs.jsonl"
    fill(path)
    with records.opened(path) as kept:
        assert kept.known == {run.digest: result for run, result in zip(RUNS, RESULTS, strict=True)}
    assert len(path.read_bytes().splitlines()) == 2
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_half_a_line_at_the_end_is_dropped_wherever_it_was_cut(path):
    fill(path)
    whole = path.read_bytes()
    first = whole.index(b"\n") + 1
    for cut in (*range(first, len(whole), 97), len(whole) - 1):
        path.write_bytes(whole[:cut])
        with records.opened(path) as kept:
            assert list(kept.known) == [RUNS[0].digest]
            kept.add(AXES, RUNS[1], RESULTS[1])
        assert path.read_bytes() == whole


def test_two_cannot_write_one(path):
    with journal.opened(path):
        assert "is being written by another Layerwise" in refusal(journal.opened(path))
    with journal.opened(path):
        pass


@pytest.mark.parametrize("content", [b"a,b\n", b"{}\n", b"[" * 5000 + b"\n", encode(Project())])
def test_another_file_is_refused_and_left_alone(path, content):
    path.write_bytes(content)
    assert "line 1 is no run of a sweep" in refusal(records.opened(path))
    assert path.read_bytes() == content


def test_its_folder_is_created_or_the_error_reported(tmp_path):
    with journal.opened(tmp_path / "a" / "b" / "r"):
        pass
    (tmp_path / "file").write_bytes(b"")
    assert "cannot be written: file exists" in refusal(journal.opened(tmp_path / "file" / "r"))


def test_a_full_disk_is_reported(path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with journal.opened(path) as lines:
        monkeypatch.setattr(os, "write", full)
        with pytest.raises(LayerwiseError, match="cannot be written: no space left on device"):
            lines.append(b"x")
