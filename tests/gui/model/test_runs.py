"""The runs of a document: taken once, numbered for good, bounded; the user names and drops them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import edits
from core.edits import with_data, with_training
from core.files.storage import Saved
from core.project import Project
from core.runs import EndedRun, within_budget
from core.state import RunState
from gui.model.document import Document
from gui.model.runs import Runs
from gui.model.training import Training
from tests.gui.hands import collected
from tests.gui.panels.snapshots import snapshot

STILL = snapshot()


def run(number, cost=0.5, floats=8, **more):
    flat = np.full(floats, cost)
    none = np.empty(0)
    state = RunState(10, flat, flat, none, none.astype(np.int64), none)
    return EndedRun(number, Project(), state, cost, 0.9, None, None, None, **more)


def ended(*runs):
    return replace(STILL, ended=runs)


@pytest.fixture
def runs(qapp):
    made = Runs()
    made.show((), before=1)
    return made


def numbers(runs):
    return [run.number for run in runs.kept]


def test_ended_runs_are_added_once_and_numbered_in_order(runs):
    changes: list[int] = []
    runs.changed.connect(lambda: changes.append(len(runs.kept)))
    one, two = run(3, 0.1), run(7, 0.2)
    runs.take(ended(one))
    runs.take(ended(one))
    runs.take(ended(one, two))
    assert [(r.number, r.title, r.cost) for r in runs.kept] == [
        (1, "Run 1", 0.1),
        (2, "Run 2", 0.2),
    ]
    assert changes == [1, 2]
    assert runs.edits == 0


def test_of_an_earlier_document_nothing_is_taken(runs):
    runs.show((), before=5)
    runs.take(ended(run(4, 0.1), run(5, 0.2)))
    assert [r.cost for r in runs.kept] == [0.2]


def test_a_reopened_unchanged_run_is_kept_once(runs):
    first = run(1, 0.1)
    runs.take(ended(first))
    runs.take(ended(replace(first, number=2), run(3, 0.2)))
    assert numbers(runs) == [1, 2]
    changed = replace(first, number=4, project=with_training(Project(), learning_rate=0.1))
    runs.take(ended(changed))
    assert numbers(runs) == [1, 2, 3]


def test_numbers_of_a_file_stay_and_the_next_follows_them(runs):
    runs.show((run(2, name="best"), run(9)), before=1)
    runs.take(ended(run(1, 0.7)))
    assert numbers(runs) == [2, 9, 10]
    runs.show((run(4, 0.1), run(4, 0.2)), before=2)  # no file of ours
    assert numbers(runs) == [1, 2]


def test_names_and_notes_are_edits_and_an_empty_name_is_the_number(runs):
    runs.take(ended(run(1), run(2, 0.1)))
    runs.rename(2, "  slow \n rate ")
    runs.note(2, " too slow\nafter all ")
    assert (runs.kept[1].title, runs.kept[1].note) == ("slow rate", "too slow\nafter all")
    assert runs.edits == 2
    runs.rename(2, "slow rate")
    runs.note(2, "too slow\nafter all")
    runs.rename(5, "nobody")
    assert runs.edits == 2
    runs.rename(2, "")
    assert (runs.kept[1].title, runs.kept[1].name) == ("Run 2", "")
    runs.rename(2, "Run 2")
    assert runs.edits == 3


def test_removed_runs_are_restored_in_place(runs):
    runs.take(ended(*(run(i, i / 10) for i in range(1, 6))))
    before = runs.kept
    runs.remove({2, 4})
    assert numbers(runs) == [1, 3, 5]
    runs.bring_back()
    assert runs.kept == before
    runs.bring_back()
    runs.remove([99])
    assert runs.edits == 2
    runs.clear()
    assert runs.kept == ()
    runs.take(ended(run(6, 0.9)))
    assert numbers(runs) == [6]  # numbers are not given twice
    runs.bring_back()
    assert numbers(runs) == [1, 2, 3, 4, 5, 6]


def test_the_oldest_runs_are_dropped_with_one_message(runs, monkeypatch):
    size = run(1).bytes
    monkeypatch.setattr("gui.model.runs.BUDGET", 2 * size)
    monkeypatch.setattr("gui.model.runs.within_budget", lambda of: within_budget(of, 2 * size))
    said = collected(runs.noted)
    for i in range(1, 6):
        runs.take(ended(run(i, i / 10)))
    assert numbers(runs) == [4, 5]
    assert len(said) == 1
    assert "the oldest was removed" in said[0]
    runs.take(ended(run(6, 0.6, floats=100)))  # too large for all the room: the others stay
    assert numbers(runs) == [4, 5]
    assert "not kept" in said[1]


@given(st.lists(st.sampled_from(["take", "remove", "back", "clear", "rename"]), max_size=30))
def test_run_numbers_always_ascend_and_are_unique(acts):
    runs, given_, count = Runs(), set(), 0
    runs.show((), before=1)
    for act in acts:
        before = set(numbers(runs))
        if act == "take":
            count += 1
            runs.take(ended(run(count, count / 100)))
            (new,) = set(numbers(runs)) - before
            assert new not in given_
            given_.add(new)
        elif act == "remove":
            runs.remove(numbers(runs)[::2])
        elif act == "rename" and runs.kept:
            runs.rename(runs.kept[0].number, f"n{count}")
        elif act == "back":
            runs.bring_back()
        elif act == "clear":
            runs.clear()
        assert numbers(runs) == sorted(set(numbers(runs)))


# --- of a real training ---------------------------------------------------------------------------


@pytest.fixture
def document(qapp):
    return Document(with_data(Project(), examples=60))


@pytest.fixture
def training(document, qtbot):
    made = Training(document)
    qtbot.waitUntil(lambda: made.latest is not None)
    yield made
    made.close()


def trained(qtbot, training, iterations):
    goal = training.latest.iteration + iterations
    training.step(iterations)
    qtbot.waitUntil(lambda: training.latest.idle and training.latest.iteration == goal)
    return training.latest


def test_resets_and_edits_leave_their_runs_behind(training, document, qtbot):
    flat = trained(qtbot, training, 30).flat
    training.reset()
    qtbot.waitUntil(lambda: len(training.runs.kept) == 1)
    assert np.array_equal(training.runs.kept[0].state.flat, flat)
    trained(qtbot, training, 20)
    document.edit("Units", edits.set_units(document.project, 1, 6))
    qtbot.waitUntil(lambda: len(training.runs.kept) == 2)
    assert [r.state.iteration for r in training.runs.kept] == [30, 20]


def test_another_document_has_its_own_runs(training, document, qtbot):
    trained(qtbot, training, 30)
    kept = run(3, name="of the file")
    training.open(Saved(Project(), runs=(kept,)))
    qtbot.waitUntil(lambda: training.is_current(training.latest))
    trained(qtbot, training, 15)
    training.reset()
    qtbot.waitUntil(lambda: len(training.runs.kept) == 2)
    assert [r.title for r in training.runs.kept] == ["of the file", "Run 4"]
    assert training.runs.kept[1].state.iteration == 15


def test_a_run_that_just_ended_is_included_in_a_save(training, qtbot):
    trained(qtbot, training, 30)
    training.reset()
    assert training.stand(10) is not None
    assert len(training.runs.kept) == 1
