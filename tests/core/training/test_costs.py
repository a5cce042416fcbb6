"""The costs in a range of iterations equal those of a run that keeps them all."""

import numpy as np
import pytest

from core.edits import with_training
from core.look import costs as module
from core.look.costs import CostWindow
from core.training import history
from core.training.session import Session
from core.training.timeline import Timeline
from tests.core.training.projects import project
from tests.looking import answer, seen

GIVEN = project(batch_size=64, optimizer="adam", learning_rate=0.01)


@pytest.fixture
def long(monkeypatch):
    """A run that keeps 50 costs, then some of each stretch, and is retuned; and all its costs."""
    monkeypatch.setattr(history, "EXACT", 50)
    one, other = Session(GIVEN, past=Timeline()), Session(GIVEN)
    for i in range(600):
        if i == 300:
            for session in (one, other):
                session.retune(with_training(GIVEN, learning_rate=0.003))
        one.step()
        other.step()
    assert len(one.costs) < 400
    return one, other.costs


@pytest.mark.parametrize(("first", "last"), [(0, 30), (40, 90), (123, 187), (290, 310), (580, 600)])
def test_every_cost_is_there_bit_for_bit(long, first, last):
    one, whole = long
    found = answer(one, CostWindow(first, last))
    assert found.every
    assert found.iterations.tolist() == [*range(first, last)]
    assert found.values.tobytes() == whole[first:last].tobytes()


def test_costs_end_at_the_current_iteration(long):
    one, whole = long
    found = answer(one, CostWindow(590, 10**6))
    assert found.iterations.tolist() == [*range(590, 600)]
    assert found.values.tobytes() == whole[590:].tobytes()
    assert found.every


def test_a_run_that_keeps_all_is_only_cut():
    session = Session(project())
    for _ in range(40):
        session.step()
    found = answer(session, CostWindow(10, 20))
    assert found.values.tobytes() == session.costs[10:20].tobytes()
    assert found.iterations.tolist() == [*range(10, 20)]


def test_without_time_the_kept_costs_are_returned_and_the_next_look_continues(long, monkeypatch):
    one, whole = long
    monkeypatch.setattr(module, "AT_REST", 0.0)
    part = answer(one, CostWindow(123, 187))
    assert not part.every
    assert (np.diff(part.iterations) > 0).all()
    assert part.values.tobytes() == whole[part.iterations].tobytes()


def test_without_a_past_the_kept_costs_are_returned(long):
    one, whole = long
    one.take_past(Timeline())
    found = answer(one, CostWindow(123, 187))
    assert not found.every
    assert found.values.tobytes() == whole[found.iterations].tobytes()


def test_it_leaves_the_run_as_it_is(long):
    one, _ = long
    before = one.p.flat.tobytes(), len(one.costs), one.iteration
    seen(one, CostWindow(123, 187))
    assert (one.p.flat.tobytes(), len(one.costs), one.iteration) == before


@pytest.mark.parametrize(("first", "last"), [(5, 5), (-1, 4), (9, 3)])
def test_an_invalid_range_is_not_requested(first, last):
    assert not CostWindow(first, last).fits((2, 1))
