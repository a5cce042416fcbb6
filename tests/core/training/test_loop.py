"""The loop in a thread: pause and play change no number, and closing never waits."""

import math
import time
from typing import Any

import numpy as np
import pytest

from core.look.activations import Activations
from core.look.boundary import Boundary
from core.look.next_iteration import NextIteration
from core.look.state import Gradient, State
from core.look.units import Thumbnails
from core.look.watcher import Watcher
from core.project import Project
from core.training.loop import SHARE
from core.training.messages import Grant, Hold, Load, Look, Retune, Run, Snapshot
from core.training.session import Session
from tests.core.training.projects import project, tune
from tests.patience import PATIENCE_MS, at_once

MINI: dict[str, Any] = {"batch_size": 64, "optimizer": "adam", "learning_rate": 0.01}


def steps(given, count):
    session = Session(given)
    for _ in range(count):
        session.step()
    return session


@pytest.mark.parametrize("given", [project(), project(**MINI), project(optimizer="momentum")])
def test_pauses_steps_and_looks_change_no_number(driver, given):
    driver.post(Load(given, 1))
    for count in (1, 7, 300, 1):
        driver.post(Run(count))
        driver.look(Boundary(), Thumbnails(((1, 0),)), Activations(1), NextIteration())
        driver.post(Run(0))
        driver.look(Activations(2))
    last = driver.look()
    assert last.idle
    driver.post(Run(500 - last.iteration))
    snapshot = driver.wait(500)
    assert snapshot.iteration == 500
    expected = steps(given, 500)
    assert np.array_equal(snapshot.flat, expected.p.flat)
    assert np.array_equal(snapshot.costs, expected.costs)
    assert snapshot.epoch == expected.epoch


def test_play_and_pause_change_no_number(driver):
    driver.post(Load(project(iterations=10**6, **MINI), 1))
    for _ in range(5):
        driver.post(Run(math.inf))
        time.sleep(0.01)
        driver.post(Run(0))
    snapshot = driver.look()
    assert snapshot.iteration > 5
    expected = steps(project(iterations=10**6, **MINI), snapshot.iteration)
    assert np.array_equal(snapshot.flat, expected.p.flat)


def test_play_stops_at_the_set_number_and_continues_for_as_many(driver):
    driver.post(Load(project(iterations=50), 1), Run(math.inf))
    assert driver.wait(50).iteration == 50
    assert driver.look().idle
    driver.post(Run(math.inf))
    assert driver.wait(100).iteration == 100


def test_nothing_is_trained_while_the_window_draws(driver, monkeypatch):
    advances: list[Session] = []
    advance = Session.advance

    def noted(session: Session) -> bool:
        advances.append(session)
        return advance(session)

    monkeypatch.setattr(Session, "advance", noted)
    driver.post(Load(project(iterations=10**8), 1), Run(math.inf))
    driver.wait(5)
    driver.post(Hold())
    time.sleep(0.05)
    held = len(advances)
    time.sleep(0.05)
    assert len(advances) == held
    driver.wait(driver.look().iteration + 1)  # and then it continues


def test_slow_snapshots_are_made_less_often_during_training(driver, monkeypatch):
    made = Watcher.snapshot

    def slow(watcher: Watcher, look: Look, **rests: bool) -> Snapshot:
        time.sleep(0.03)
        return made(watcher, look, **rests)

    monkeypatch.setattr(Watcher, "snapshot", slow)
    driver.post(Load(project(iterations=10**8), 1))
    with at_once():
        for _ in range(3):
            assert driver.look().idle  # at rest no view waits
    driver.post(Run(math.inf))
    start = time.perf_counter()
    seen = [driver.look().iteration for _ in range(5)]
    assert time.perf_counter() - start > 3 * 0.03 / SHARE
    assert seen == sorted(set(seen))  # and meanwhile it trains
    with at_once():
        assert driver.look(State()).state is not None  # a view waits


def test_the_gradient_is_there_at_rest_and_if_asked_for(driver):
    driver.post(Load(project(iterations=10**8), 1), Run(math.inf))
    while (flying := driver.look()).iteration == 0:
        pass
    assert flying.gradient() is None
    asked = driver.look(Gradient())
    assert np.abs(asked.gradient().flat).max() > 0
    driver.post(Run(0))
    rests = driver.look()
    assert np.array_equal(rests.gradient().flat, steps(project(), rests.iteration).grad.flat)


def test_scores_follow_the_parameters_during_training(driver):
    driver.post(Load(project(iterations=10**8), 1))
    driver.look()
    driver.post(Run(math.inf))
    first = driver.wait(1).scored_iteration
    end = time.perf_counter() + PATIENCE_MS / 1000
    while driver.look().scored_iteration <= first + 1:
        assert time.perf_counter() < end
        time.sleep(0.01)


def test_a_retune_applies_during_training(driver):
    given = project(iterations=10**8)
    driver.post(Load(given, 1), Run(math.inf))
    driver.wait(10)
    driver.post(Retune(tune(given, optimizer="adam", learning_rate=0.001, batch_size=32)))
    snapshot = driver.look(NextIteration())
    record = snapshot.answer(NextIteration())
    assert not snapshot.idle
    assert (record.optimizer, record.rate) == ("adam", 0.001)
    assert len(record.examples) == 32
    assert driver.wait(snapshot.iteration + 10).halt is None


def test_a_run_with_a_step_activation_is_refused_in_words(driver):
    driver.post(Load(project((4, "step"), (1, "sigmoid")), 1), Run(math.inf))
    snapshot = driver.look()
    assert snapshot.idle
    assert snapshot.iteration == 0
    assert "cannot be trained" in snapshot.halt.sentence


def test_a_diverged_run_rests_on_its_last_finite_parameters(driver):
    given = project((9, "relu"), (1, "linear"), loss="squared_error", learning_rate=1e200)
    driver.post(Load(given, 1), Run(math.inf))
    snapshot = driver.wait(10**6)
    assert snapshot.halt.diverged
    assert snapshot.idle
    assert np.isfinite(snapshot.flat).all()


def test_a_load_keeps_what_did_not_change(driver):
    driver.post(Load(Project(), 1), Run(20))
    old = driver.wait(20).parameters()
    driver.post(Load(project((5, "tanh"), (1, "sigmoid")), 2, keep=True))
    snapshot = driver.look()
    assert (snapshot.run, snapshot.iteration) == (2, 0)
    assert np.array_equal(snapshot.parameters().W[1][:4], old.W[1])


LONG = {
    "ten layers of 64, 100,000 examples": project(
        *(10 * ((64, "tanh"),)), (1, "sigmoid"), data={"examples": 100_000}, learning_rate=0.01
    ),
    "a thousand units, thrice": project(
        *(3 * ((1000, "relu"),)), (1, "sigmoid"), data={"examples": 5_000}, learning_rate=0.01
    ),
}


@pytest.mark.parametrize("name", LONG)
class TestLongIteration:
    def test_is_left_at_once(self, driver, name):
        driver.post(Load(LONG[name], 1), Look())
        while driver.outbox.take() is None:
            time.sleep(0.01)
        driver.post(Run(math.inf))
        time.sleep(0.3)  # in the midst of an iteration that takes seconds
        with at_once():
            driver.stop()
        assert driver.error is None

    def test_measuring_is_left_at_once(self, driver, name):
        driver.post(Load(LONG[name], 1), Look((Boundary(), Activations(1), Thumbnails(((1, 0),)))))
        while not driver.inbox.empty():
            time.sleep(0.01)
        time.sleep(0.1)  # in the midst of the first scores
        with at_once():
            driver.stop()
        assert driver.error is None

    def test_another_load_does_not_wait_for_the_measuring(self, driver, name):
        driver.post(Load(LONG[name], 1), Look((Boundary(), Activations(1), Thumbnails(((1, 0),)))))
        while not driver.inbox.empty():
            time.sleep(0.01)
        time.sleep(0.1)  # in the midst of the first scores
        with at_once():
            driver.post(Load(project(), 2))
            snapshot = driver.answer()  # to the Look that was given up
        assert (snapshot.run, snapshot.answer(Boundary()).values.shape) == (2, (1, 200, 200))

    def test_a_measurement_does_not_change_the_run(self, driver, name):
        driver.post(Load(LONG[name], 1))
        driver.look()
        driver.post(Run(1))
        with at_once():
            assert not driver.look().idle
            driver.post(Run(0))
            assert driver.look().idle  # scores are those of before


def test_a_load_keeps_nothing_of_a_run_that_diverged(driver):
    given = project((9, "relu"), (1, "linear"), loss="squared_error", learning_rate=1e200)
    driver.post(Load(given, 1), Run(math.inf))
    assert driver.wait(10**6).halt.diverged
    driver.post(Load(given, 2, keep=True))
    assert np.array_equal(driver.look().flat, Session(given).p.flat)


def test_pictures_follow_the_two_inputs_that_are_looked_at(driver):
    driver.post(Load(project(data={"source": "parity", "noise": 0.1}), 1))
    units = (0, 0), (0, 3), (1, 0)
    usual, other = (Boundary(), Thumbnails(units)), (Boundary((3, 2)), Thumbnails(units, (3, 2)))
    snapshot = driver.look(*usual, *other)  # two viewers, each with a cut of its own
    (field, maps), (along, maps_along) = (map(snapshot.answer, asks) for asks in (usual, other))
    assert field.plane.cut == maps.plane.cut == (0, 1)
    assert set(maps.levels) == {(0, 0), (1, 0)}
    assert along.plane.cut == maps_along.plane.cut == (3, 2)
    assert set(maps_along.levels) == {(0, 3), (1, 0)}
    assert not np.array_equal(along.values, field.values)
    assert driver.ask(Boundary((3, 9))).plane.cut == (0, 1)  # there are four inputs
    assert np.array_equal(driver.ask(Boundary()).values, field.values)


@pytest.mark.parametrize("given", [project(iterations=300), project(iterations=300, **MINI)])
def test_a_slow_run_makes_the_granted_iterations_and_the_same_numbers(driver, given):
    driver.post(Load(given, 1), Run(math.inf, at_once=1))
    snapshot = driver.wait(1)
    assert (snapshot.iteration, snapshot.idle, snapshot.waiting) == (1, False, True)
    for iterations in (1, 16, 100):
        driver.post(Grant(iterations))
        made = snapshot.iteration + iterations
        snapshot = driver.wait(made)
        assert (snapshot.iteration, snapshot.idle, snapshot.waiting) == (made, False, True)
    driver.post(Retune(given))  # an edit meanwhile grants nothing
    assert driver.look().iteration == 118
    driver.post(Grant())
    snapshot = driver.wait(300)
    assert (snapshot.iteration, snapshot.idle, snapshot.waiting) == (300, True, False)
    expected = steps(given, 300)
    assert np.array_equal(snapshot.flat, expected.p.flat)
    assert np.array_equal(snapshot.costs, expected.costs)


def test_grants_end_at_the_set_number_and_step_needs_none(driver):
    driver.post(Load(project(iterations=10), 1), Run(math.inf, at_once=4))
    driver.wait(4)
    driver.post(Grant(100))
    assert driver.wait(10).idle
    driver.post(Grant(100))
    assert driver.look().iteration == 10
    driver.post(Run(1))
    assert driver.wait(11).idle


def test_the_speed_of_a_slow_run_is_measured_over_whole_iterations(driver):
    driver.post(Load(project(), 1), Run(math.inf, at_once=1))
    driver.wait(1)
    time.sleep(0.7)
    first = driver.look().iterations_per_second
    assert 1 < first < 1.5  # one iteration in 0.7 s
    time.sleep(0.7)
    assert driver.look().iterations_per_second == first  # nothing was made: nothing is new


def test_the_speed_at_rest_is_that_of_the_run_not_of_its_last_iteration(driver):
    driver.post(Load(project(), 1), Run(math.inf, at_once=1000))
    driver.wait(1000)
    time.sleep(0.6)
    speed = driver.look().iterations_per_second
    assert speed > 100
    driver.post(Grant(1))
    while driver.look().iteration < 1001:
        time.sleep(0.01)
    time.sleep(0.3)
    driver.post(Run(0))
    rests = driver.look()
    assert rests.idle
    assert rests.iterations_per_second == speed


def test_the_speed_of_a_paced_run_is_not_that_of_the_first_iterations_of_a_grant(driver):
    driver.post(Load(project(), 1), Run(math.inf, at_once=1000))
    driver.wait(1000)
    time.sleep(0.6)
    assert driver.look().iterations_per_second > 100
    driver.post(Grant(1))  # as if the look came before the others of it
    while driver.look().iteration < 1001:
        time.sleep(0.01)
    time.sleep(0.6)
    assert driver.look().iterations_per_second > 100


def test_the_speed_of_a_short_run_is_measured_at_its_end(driver):
    driver.post(Load(project(), 1), Run(50))
    assert driver.wait(50).iterations_per_second > 0
