"""A run stops exactly where its project says, and Play continues."""

import dataclasses
import math
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from core.errors import LayerwiseError
from core.hyperparameters import StopSettings
from core.project import Project, check, decode, encode
from core.training import stopping
from core.training.replay import Replay
from core.training.session import Session
from core.training.stopping import Stopping
from core.training.timeline import Timeline
from tests.core.training.projects import project, tune

MINI: dict[str, Any] = {
    "batch_size": 96,
    "learning_rate": 0.3,
}
# Of 400 examples MINI makes four batches and one of 16.
# Overfits: 40 noisy examples to learn from, 40 to test on.
OVERFITTING = project(
    (16, "tanh"),
    (1, "sigmoid"),
    data={"examples": 80, "noise": 0.9, "test_share": 0.5},
    learning_rate=1.0,
    iterations=0,
)


def stopping_at(given, **ends):
    return tune(given, stop=StopSettings(**ends))


def play(session, most=100_000):
    """Play until a rule stops it; returns the sentence."""
    session.allow(math.inf)
    while session.iteration < most and session.advance():
        pass
    return said(session)


def said(session):
    assert session.halt is None or not session.halt.diverged
    return "" if session.halt is None else session.halt.sentence


def cost_on_test(session):
    score = session.score()[1]
    assert score is not None
    return score.cost


def steps(given, count):
    session = Session(given)
    for _ in range(count):
        session.step()
    return session


def test_epochs_end_with_their_last_batch_and_play_continues_for_as_many():
    session = Session(stopping_at(project(**MINI), epochs=3))
    for epochs in (3, 6):
        sentence = play(session)
        assert (session.epoch, session.iteration) == (epochs, 5 * epochs)
        assert f"at iteration {5 * epochs}: {epochs} epochs are done" in sentence
    assert np.array_equal(session.p.flat, steps(project(**MINI), 30).p.flat)


def test_a_play_that_begins_within_an_epoch_ends_with_a_multiple_too():
    session = Session(stopping_at(project(**MINI), epochs=3))
    for _ in range(17):
        session.step()
    play(session)
    assert session.epoch == 6


@pytest.mark.parametrize("optimizer", ["gradient_descent", "momentum", "rmsprop", "adam"])
def test_the_cost_stops_the_run_when_it_is_reached(optimizer):
    given = project(optimizer=optimizer, learning_rate=0.01, l2=0.5)
    free = steps(given, 600)
    target = float(free.costs[-100:].mean())
    first = int(np.argmax(free.costs <= target))
    session = Session(stopping_at(given, cost=target))
    sentence = play(session)
    assert session.iteration == first + 1  # the update after the cost that was low enough
    assert f"{free.costs[first]:.6g}" in sentence
    assert np.array_equal(session.costs, free.costs[: first + 1])


def test_a_cost_that_was_reached_stops_again_only_after_it_has_risen():
    session = Session(stopping_at(Project(), cost=0.5))
    play(session)
    reached = session.iteration
    assert play(session, reached + 500) == ""
    assert session.iteration == reached + 500
    session.retune(stopping_at(Project(), cost=float(session.costs[-1]) - 0.001))
    assert "reached the limit of" in play(session)


def test_mini_batches_are_not_believed_but_the_cost_of_all_at_the_end_of_an_epoch():
    free = Session(project(**MINI))
    by_epoch = []
    for _ in range(60):
        for _ in range(5):
            free.step()
        by_epoch.append(free.score()[0].cost)
    target = by_epoch[30]
    assert (free.costs[:100] < target).any()  # some batch is far below it long before
    session = Session(stopping_at(project(**MINI), cost=target))
    play(session)
    first = int(np.argmax(np.array(by_epoch) <= target))
    assert session.epoch == first + 1


def test_time_is_counted_from_play_and_an_edit_does_not_restart_it(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(stopping, "perf_counter", lambda: now[0])
    given = stopping_at(Project(), seconds=5.0)
    session = Session(given)
    for start in (0, 10):
        session.allow(math.inf)
        for _ in range(10):
            assert session.advance()
        now[0] += 4.9
        session.retune(tune(given, learning_rate=0.5 + start))
        session.allow(math.inf, goes_on=True)
        assert session.advance()
        now[0] += 0.2
        assert not session.advance()
        assert "5 s have passed" in said(session)
        now[0] += 1000


def lowest(free):
    """Where its test cost was lowest, from the curve alone."""
    at, costs = free.test_curve
    return int(at[np.argmin(costs)]), float(costs.min())


def test_when_the_test_cost_rises_the_best_parameters_come_back():
    free = steps(OVERFITTING, 3000)
    best_at, best = lowest(free)
    assert 0 < best_at < 2000
    assert cost_on_test(free) > best + 0.05
    session = Session(stopping_at(OVERFITTING, patience=400))
    sentence = play(session)
    assert session.iteration == best_at + 400
    assert f"{best_at:,}, with the lowest test cost ({best:.4g})" in sentence
    assert np.array_equal(session.p.flat, steps(OVERFITTING, best_at).p.flat)
    assert cost_on_test(session) == best
    assert np.array_equal(session.costs, free.costs[: best_at + 400])


def test_play_continues_from_the_best_parameters_with_new_patience():
    session = Session(stopping_at(OVERFITTING, patience=400))
    play(session)
    stopped, best = session.iteration, session.p.flat.copy()
    session.allow(1)
    assert session.step()  # a single step heeds no end
    moved = session.p.flat.copy()
    assert not np.array_equal(moved, best)
    play(session)
    assert session.iteration >= stopped + 400
    assert (np.diff(session.test_curve[0]) > 0).all()


def test_patience_without_test_data_never_ends():
    session = Session(stopping_at(project(), patience=10))
    assert play(session, 300) == ""
    assert session.iteration == 300


def test_another_loss_forgets_which_test_cost_was_best():
    given = stopping_at(OVERFITTING, patience=400)
    session = Session(given)
    session.allow(math.inf)
    for _ in range(300):
        session.advance()
    session.retune(tune(given, loss="squared_error"))
    play(session)
    at, costs = session.test_curve
    after = at >= 300
    assert f"lowest test cost ({costs[after].min():.4g})" in said(session)


def test_nothing_is_asked_of_a_run_without_ends(monkeypatch):
    monkeypatch.setattr(Stopping, "reached", lambda *_: pytest.fail("asked"))
    assert play(Session(Project()), 50) == ""
    session = Session(stopping_at(Project(), cost=10.0))
    for _ in range(10):  # Step after Step
        session.allow(1)
        assert session.advance()


@pytest.mark.parametrize("at", [100, 500, 900])
def test_a_saved_run_stops_where_it_would_have(at):
    given = stopping_at(OVERFITTING, patience=400)
    whole = Session(given)
    play(whole)
    half = Session(given)
    half.allow(math.inf)
    for _ in range(min(at, whole.iteration - 1)):
        half.advance()
    resumed = Session(given, state=half.state())
    assert play(resumed) == said(whole)
    assert np.array_equal(resumed.p.flat, whole.p.flat)


def test_damaged_memory_is_refused():
    session = Session(stopping_at(OVERFITTING, patience=400))
    session.allow(math.inf)
    for _ in range(30):
        session.advance()
    state = session.state()
    wrongs: dict[str, Any] = {"stop_best": np.zeros(3), "stop_lowest": np.full(4, np.nan)}
    for name, wrong in wrongs.items():
        broken = dataclasses.replace(state, memory={**state.memory, name: wrong})
        with pytest.raises(LayerwiseError, match="test cost was best"):
            Session(session.project, state=broken)


def test_the_past_of_a_run_that_went_back_to_its_best_is_remade_bit_for_bit():
    session = Session(stopping_at(OVERFITTING, patience=400), past=Timeline())
    play(session)
    stopped = session.iteration
    seen = {}
    session.allow(math.inf)
    for _ in range(150):
        session.advance()
        seen[session.iteration] = session.p.flat.copy()
    for iteration in (stopped + 1, stopped + 77, stopped + 150 - 1):
        visit = Replay(session, iteration)
        while not visit.there:
            visit.advance()
        assert np.array_equal(visit.session.p.flat, seen[iteration])


# --- the project ---------------------------------------------------------------------------------


def test_stopping_conditions_are_saved_only_if_set():
    assert b"stop" not in encode(Project())
    ended = stopping_at(Project(), cost=0.25, patience=500)
    assert b'"stop": {\n      "cost": 0.25,\n      "patience": 500\n    }' in encode(ended)
    assert decode(encode(ended)) == ended


@pytest.mark.parametrize(
    ("ends", "sentence"),
    [
        ({"epochs": -1}, "training.stop.epochs is -1: use a whole number from 0"),
        ({"cost": -0.1}, "training.stop.cost is -0.1: use a finite number 0 or more"),
        ({"seconds": math.inf}, "training.stop.seconds is inf: use a finite number"),
        ({"patience": 10**10}, "training.stop.patience is 10000000000: use a whole number"),
    ],
)
def test_ends_that_cannot_be_are_refused(ends, sentence):
    with pytest.raises(LayerwiseError) as refused:
        check(stopping_at(Project(), **ends))
    assert sentence in str(refused.value)


def test_how_many_iterations_a_run_without_a_window_makes_at_most():
    training = Project().training
    assert training.most_iterations == 10_000
    assert replace(training, iterations=0).most_iterations == 0
    for ends, most in (({"cost": 0.1}, math.inf), ({"patience": 5}, 0)):
        given = replace(training, iterations=0, stop=StopSettings(**ends))
        assert given.most_iterations == most
