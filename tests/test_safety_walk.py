"""The walk does what a script says, notices what breaks, and finds the least script for it."""

import json
from pathlib import Path

import pytest

from benchmarks.safety import walk
from benchmarks.safety.walk import Found, Outcome
from core.files import storage
from core.files.storage import Saved
from core.lessons import handed
from core.lessons.handed import Handed, LessonWork
from core.project import Project, encode

TRACEBACK = """Traceback (most recent call last):
  File "/x/gui/panels/cost/panel.py", line 3, in draw
  File "/x/numpy/core.py", line 4, in add
ValueError: no: such thing
2026-01-01 00:00:00,000 the next line of a log
"""


def test_a_failure_is_identified_by_its_kind_and_our_innermost_line():
    from benchmarks.safety.walker import signature_of

    assert signature_of(TRACEBACK) == "ValueError at cost/panel.py:draw"


def test_a_log_gives_the_failure_and_the_number_of_actions(tmp_path):
    lines = [{"n": 1, "do": "wait"}, {"broke": "Qt: x", "details": "why"}, {"n": 2, "do": "wait"}]
    (tmp_path / "log.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    found = walk.read_log(tmp_path / "log.jsonl")
    assert len(found.script) == 2
    assert found.broke == {"Qt: x": (1, "why")}


def test_the_shortest_script_still_fails(monkeypatch):
    def only_with_both(_seed, _actions, script, _keep=None):
        there = {action["n"] for action in script} >= {70, 99}
        return Outcome(script, {"it": (len(script), "")} if there else {})

    monkeypatch.setattr(walk, "in_own_folder", only_with_both)
    script = [{"n": n, "do": "wait"} for n in range(1, 101)]
    assert [action["n"] for action in walk.shrunk("it", Found(1, script, ""))] == [70, 99]


def test_only_a_saved_file_that_cannot_be_read_is_told(tmp_path):
    from benchmarks.safety.seen import unreadable

    work = Handed("Ada", (LessonWork("course", "A course", 1, 2),))
    storage.write(tmp_path / "saved1.layerwise", Saved(Project()))
    (tmp_path / "saved2.json").write_bytes(encode(Project()))
    (tmp_path / "saved3.json").write_bytes(handed.encode(work))
    known: dict[Path, int] = {}
    assert list(unreadable(tmp_path, known)) == []
    (tmp_path / "saved4.json").write_bytes(encode(Project())[:-9])
    (tmp_path / "saved5.json").write_bytes(handed.encode(work)[:-9])
    (tmp_path / "saved6.layerwise").write_bytes(b"PK")
    told = [sentence.partition(":")[0] for sentence in unreadable(tmp_path, known)]
    assert told == ["saved4.json", "saved5.json", "saved6.layerwise"]


@pytest.mark.slow
def test_a_walk_of_some_actions_breaks_nothing(tmp_path):
    outcome = walk.run(tmp_path, seed=1, actions=60)
    assert not outcome.broke
    assert len(outcome.script) == 60
