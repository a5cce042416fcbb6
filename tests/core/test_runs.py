"""Ended runs: what is kept of them, the limits, and their differences."""

import threading
import time
from queue import SimpleQueue

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import edits
from core.by_hand import Place
from core.by_hand import number as by_hand_number
from core.edits import with_data, with_network, with_training
from core.project import Project
from core.runs import (
    BUDGET,
    EndedRun,
    differences,
    drawn_alike,
    is_again,
    same_seeds,
    within_budget,
)
from core.state import RunState
from core.training.ended_run import LEAST, before_change, ended
from core.training.loop import REMEMBERED, Latest, train
from core.training.messages import Branch, Load, Look, Message, Retune, Run, Snapshot, Stop, Visit
from core.training.session import Session

BASE = with_data(Project(), examples=90, test_share=0.2)


def record_of(session, known=None):
    found = ended(session, known)
    assert found is not None
    return found


def run(number, kilobytes=1):
    flat = np.zeros(kilobytes * 64)
    none = np.empty(0)
    state = RunState(10, flat, flat, none, none.astype(np.int64), none)
    return EndedRun(number, Project(), state, 0.5, 0.9, None, None, None)


@given(st.lists(st.integers(1, 60)), st.integers(0, 200))
def test_the_newest_that_fit_are_kept(sizes, kilobytes):
    runs = [run(i, size) for i, size in enumerate(sizes)]
    kept = within_budget(runs, kilobytes * 1024)
    assert list(kept) == runs[len(runs) - len(kept) :]
    assert sum(r.bytes for r in kept) <= kilobytes * 1024
    if len(kept) < len(runs):
        left = runs[len(runs) - len(kept) - 1]
        assert sum(r.bytes for r in kept) + left.bytes > kilobytes * 1024


def test_the_start_that_a_reset_leads_to_goes_with_the_run(driver):
    weights = np.linspace(-1, 1, 17)
    driver.settled(Load(BASE, run=1, weights=weights), Run(40))
    branch = driver.settled(Visit(25), Branch(2), Run(20))
    changed = with_training(BASE, learning_rate=0.5)
    seen = driver.settled(Retune(changed), Load(BASE, run=3))
    assert branch.iteration == 45
    assert [run.start is weights for run in seen.ended] == [True, True]
    driver.settled(Run(20))
    assert driver.settled(Load(BASE, run=4)).ended[-1].start is None


def test_bytes_count_every_array():
    session = Session(with_training(BASE, optimizer="adam"), weights=np.linspace(-1, 1, 17))
    for _ in range(60):
        session.step()
    found = record_of(session)
    assert found.picture is not None
    assert found.start is not None
    state = found.state
    arrays = [state.flat, state.grad, state.costs, state.test_costs, state.test_iterations]
    arrays += [*state.memory.values(), found.picture, found.start]
    expected = sum(a.nbytes for a in arrays)
    assert found.bytes == expected < BUDGET


def test_an_ended_run_keeps_its_results_and_can_continue():
    session = Session(BASE, run=7)
    for _ in range(80):
        session.step()
    found = record_of(session)
    train, test = session.score()
    assert (found.number, found.project, found.state.iteration) == (7, BASE, 80)
    assert (found.cost, found.accuracy) == (train.cost, train.accuracy)
    assert test is not None
    assert (found.test_cost, found.test_accuracy) == (test.cost, test.accuracy)
    again = Session(found.project, state=found.state)
    for _ in range(20):
        session.step()
        again.step()
    assert again.p.flat.tobytes() == session.p.flat.tobytes()
    assert (again.costs == session.costs).all()


def test_its_picture_is_the_prediction_over_the_plane():
    session = Session(edits.choose_source(BASE, "blobs"))
    for _ in range(LEAST):
        session.step()
    picture = record_of(session).picture
    assert picture is not None
    n = session.network.sizes[-1]
    assert picture.shape[0] == n
    assert picture.shape[1] == picture.shape[2]
    assert np.allclose(picture.sum(axis=0), 1, atol=1e-5)
    assert not picture.flags.writeable


def test_a_run_that_has_hardly_begun_is_not_kept():
    session = Session(BASE)
    for _ in range(LEAST - 1):
        session.step()
    assert ended(session, None) is None
    session.step()
    assert ended(session, None) is not None


def test_of_a_run_that_began_elsewhere_its_seed_says_nothing():
    drawn, given = Session(BASE), Session(BASE, weights=Session(with_network(BASE, seed=9)).p.flat)
    kept = Session(edits.set_units(BASE, 1, 5))
    kept.carry_over_from(drawn)
    by_hand = Session(BASE)
    by_hand.adjust(by_hand_number(Place(1, 0, 0), 0.5))
    runs = []
    for session in (drawn, given, kept, by_hand):
        for _ in range(LEAST):
            session.step()
        runs.append(record_of(session))
    assert [run.drawn for run in runs] == [True, False, False, False]
    assert [drawn_alike(runs[0], run) for run in runs] == [True, False, False, False]
    again = [Session(run.project, state=run.state) for run in runs]
    assert [session.by_hand.drawn for session in again] == [True, False, False, False]
    drawn.adjust(by_hand_number(Place(1, 0, 0), 0.5))  # later: it is of the run, not of its start
    assert drawn.by_hand.drawn


def test_known_scores_spare_measuring_a_large_network(monkeypatch):
    monkeypatch.setattr("core.training.ended_run.WORK", 0)
    session = Session(BASE)
    for _ in range(LEAST):
        session.step()
    known = session.score()
    session.step()
    assert record_of(session, known).cost == known[0].cost


def test_differences_name_only_what_differs():
    assert differences([BASE, BASE]) == {}
    other = with_training(edits.set_units(BASE, 1, 7), learning_rate=0.3)
    deeper = edits.insert_layer(BASE, 1)
    assert differences([BASE, other]) == {
        "network.layers[1].units": (4, 7),
        "training.learning_rate": (1.2, 0.3),
    }
    found = differences([BASE, deeper, BASE])
    assert found["network.layers[3].units"] == (None, 1, None)
    assert "network.layers[1].units" not in found  # the new layer is like the first
    assert differences([BASE, edits.choose_source(BASE, "moons")]) == {
        "data.source": ("flower", "moons"),
        "data.noise": (0.2, 0.3),
    }


def test_runs_of_the_same_seeds_are_a_pair():
    assert same_seeds(BASE, with_training(BASE, learning_rate=0.1))
    assert not same_seeds(BASE, with_network(BASE, seed=9))
    assert not same_seeds(BASE, with_data(BASE, seed=9))


def test_settings_changed_after_the_last_iteration_do_not_count():
    session = Session(with_training(BASE, optimizer="momentum"))
    for _ in range(50):
        session.step()
    known = session.score()
    as_it_was = record_of(session)
    before = None
    for changed in ({"learning_rate": 0.3}, {"optimizer": "adam"}, {"loss": "squared_error"}):
        before = before_change(session, before)
        session.retune(with_training(session.project, **changed))
    found = ended(session, known, before)
    assert found is not None
    assert is_again(found, as_it_was)
    assert (found.cost, found.test_cost) == (as_it_was.cost, as_it_was.test_cost)
    assert found.state.marks == ()
    for name, array in as_it_was.state.memory.items():
        assert np.array_equal(array, found.state.memory[name])
    assert np.array_equal(found.state.test_costs, as_it_was.state.test_costs)
    session.step()  # and now it is of the run
    later = ended(session, session.score(), before)
    assert later is not None
    assert later.project == session.project


def test_the_loop_keeps_what_a_load_or_a_branch_ends(driver):
    assert driver.settled(Load(BASE, run=1), Run(30)).ended == ()
    assert [r.number for r in driver.settled(Load(BASE, run=2), Run(5)).ended] == [1]
    # five iterations are not worth keeping
    assert [r.number for r in driver.settled(Load(BASE, run=3), Run(40)).ended] == [1]
    last = driver.settled(Visit(20), Branch(4))
    assert [(r.number, r.state.iteration) for r in last.ended] == [(1, 30), (3, 40)]


def test_a_run_is_kept_however_soon_two_others_follow():
    inbox: SimpleQueue[Message] = SimpleQueue()
    outbox: Latest[Snapshot] = Latest()
    inbox.put(Load(BASE, run=1))
    inbox.put(Run(30))
    thread = threading.Thread(target=train, args=(inbox, outbox))
    loads: list[Load] = []

    def soon_after(session, scores, before):  # while what the first came to is being measured
        if not loads:
            loads.append(Load(BASE, run=3))
            inbox.put(loads[0])
        return ended(session, scores, before)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.training.loop.ended", soon_after)
        thread.start()
        try:
            inbox.put(Look())
            while (first := outbox.take()) is None or first.iteration < 30:
                inbox.put(Look())
                time.sleep(0.001)
            inbox.put(Load(BASE, run=2))
            inbox.put(Look())
            while (last := outbox.take()) is None or last.run < 3:
                inbox.put(Look())
                time.sleep(0.001)
        finally:
            inbox.put(Stop())
            thread.join()
    assert [(r.number, r.state.iteration) for r in last.ended] == [(1, 30)]


def test_it_remembers_the_last_ones(driver):
    for number in range(REMEMBERED + 5):
        last = driver.settled(Load(BASE, run=number), Run(LEAST))
    assert [r.number for r in last.ended] == list(range(4, REMEMBERED + 4))


def test_the_rate_changed_before_a_reset_is_that_of_the_next_run(driver):
    slow = with_training(BASE, learning_rate=0.3)
    driver.settled(Load(BASE, 1), Run(30))
    driver.settled(Retune(slow), Load(slow, 2), Run(20))
    seen = driver.settled(Load(slow, 3))
    assert [run.project.training.learning_rate for run in seen.ended] == [1.2, 0.3]
