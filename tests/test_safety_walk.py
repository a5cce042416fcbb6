"""The walk does what a script says, notices what breaks, and finds the least script for it."""

import json

import pytest

from benchmarks.safety import walk
from benchmarks.safety.walk import Found, Outcome

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


@pytest.mark.slow
def test_a_walk_of_some_actions_breaks_nothing(tmp_path):
    outcome = walk.run(tmp_path, seed=1, actions=60)
    assert not outcome.broke
    assert len(outcome.script) == 60
