"""The cost along one parameter equals scalar loops, and measuring it changes nothing."""

from typing import Any

import numpy as np
import pytest

from core.by_hand import BIAS, Place
from core.look import cost_along
from core.look.cost_along import CostAlong
from core.look.watcher import Watcher
from core.training.session import Session
from tests.core import oracle
from tests.core.training.projects import project, tune, wide
from tests.looking import answer, seen


def run(given, iterations=4, **keywords):
    session = Session(given, **keywords)
    for _ in range(iterations):
        session.step()
    return session


def by_loops(session, place, value):
    """J with this number in that place, one example at a time."""
    p, train, t = session.p, session.split.train, session.project.training
    W = {l: W.tolist() for l, W in p.W.items()}
    b = {l: b.tolist() for l, b in p.b.items()}
    (b if place.column == BIAS else W)[place.layer][place.row][max(place.column, 0)] = value
    names = session.project.activations
    J = oracle.one_pass(W, b, train.X.tolist(), train.Y.tolist(), names, t.loss).J
    weights = [w for l in W for row in W[l] for w in row]
    J += t.l2 / 2 / train.m * sum(w * w for w in weights)
    return J + t.l1 / train.m * sum(abs(w) for w in weights)


@pytest.mark.parametrize("place", [Place(1, 2, 0), Place(1, 0, BIAS), Place(2, 0, 3)])
@pytest.mark.parametrize("training", [{}, {"l2": 0.3}, {"l1": 0.2, "optimizer": "adam"}])
def test_it_is_the_oracle_s(place, training: dict[str, Any]):
    session = run(project(data={"examples": 30, "test_share": 0.2}, **training))
    before = session.p.flat.copy()
    found = answer(session, CostAlong(place, -3.0, 2.0))
    assert found is not None
    assert (found.values[0], found.values[-1]) == (-3.0, 2.0)
    assert np.allclose(np.diff(found.values), np.diff(found.values)[0])
    for value, cost in zip(found.values[::5], found.costs[::5], strict=True):
        assert cost == pytest.approx(by_loops(session, place, float(value)), rel=1e-11)
    assert np.array_equal(session.p.flat, before)
    assert session.iteration == 4


def test_at_the_value_in_force_it_is_the_cost_itself():
    session = run(project(l2=0.1))
    w = float(session.p.W[1][0, 1])
    line = CostAlong(Place(1, 0, 1), w - 1.0, w + 1.0)
    snapshot = seen(session, line)
    found = snapshot.answer(line)
    assert found is not None
    middle = len(found.values) // 2
    assert found.costs[middle] == pytest.approx(snapshot.train.cost, rel=1e-9)


def test_another_loss_is_another_line():
    session = run(project())
    watcher, line = Watcher(session), CostAlong(Place(1, 0, 0), -1.0, 1.0)
    one = answer(watcher, line)
    session.retune(tune(session.project, loss="squared_error"))
    watcher.forget()
    two = answer(watcher, line)
    assert one is not None
    assert two is not None
    assert two.costs[0] == pytest.approx(by_loops(session, Place(1, 0, 0), -1.0), rel=1e-11)
    assert two.costs[0] != one.costs[0]


@pytest.mark.parametrize("place", [Place(3, 0, 0), Place(1, 4, 0), Place(1, 0, 2)])
def test_a_place_that_is_no_more_has_none(place):
    line = CostAlong(place, -1.0, 1.0)
    assert not line.fits(project().sizes())
    assert line not in seen(run(project()), line).answers


def test_where_a_pass_is_slow_there_are_fewer_points(monkeypatch):
    monkeypatch.setattr(cost_along, "SECONDS", 0.0)
    session = run(project((6, "relu"), (1, "sigmoid"), learning_rate=0.05), split=wide())
    measured = answer(session, CostAlong(Place(1, 0, 7), -1.0, 1.0))
    assert len(measured.values) == cost_along.POINTS[0]


def test_during_training_it_takes_little_time(monkeypatch):
    watcher = Watcher(run(project()))
    line = CostAlong(Place(1, 0, 0), -1.0, 1.0)
    assert answer(watcher, line, idle=False) is not None
    watcher.live.step()
    assert answer(watcher, line, idle=False) is None
