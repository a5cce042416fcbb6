"""One parameter over a run: exact at the kept moments, despite changes in between."""

import numpy as np
import pytest

from core.by_hand import BIAS, Place, number
from core.edits import with_data, with_training
from core.look.trace import TraceOf, trace
from core.nn.parameters import Parameters
from core.project import Project
from core.training import timeline as module
from core.training.messages import Load, Run, Visit
from core.training.session import Session
from core.training.timeline import Timeline

BASE = with_data(Project(), examples=60)
PLACES = (Place(1, 2, 1), Place(1, 3), Place(2, 0, 3), Place(2, 0))


def traced(session, place):
    return trace(place, session.past, session.iteration, session.p)


def test_a_trace_has_the_runs_values(monkeypatch):
    monkeypatch.setattr(module, "MOST", 20)
    monkeypatch.setattr(module, "DENSE", 5)
    session = Session(BASE, past=Timeline())
    seen: dict[int, dict[Place, float]] = {}

    def go(n):
        for _ in range(n):
            seen[session.iteration] = {
                place: float(session.p.Wb[place.layer][place.row, place.column]) for place in PLACES
            }
            session.step()

    go(40)
    session.adjust(number(PLACES[0], -3.0))
    go(30)
    session.retune(with_training(BASE, learning_rate=0.1, optimizer="adam"))
    go(60)
    for place in PLACES:
        found = traced(session, place)
        assert len(found.iterations) > 10
        assert (np.diff(found.iterations) > 0).all()
        assert found.iterations[-1] == 130
        assert found.values[-1] == session.p.Wb[place.layer][place.row, place.column]
        past = dict(zip(found.iterations[:-1].tolist(), found.values.tolist(), strict=False))
        assert past == {i: seen[i][place] for i in past}


def test_before_the_first_iteration_it_is_one_number():
    found = traced(Session(BASE, past=Timeline()), Place(1, 0, 0))
    assert found.iterations.tolist() == [0]
    assert traced(Session(BASE), Place(1, 0, 0)).values.shape == (1,)


@pytest.mark.parametrize(
    "place", [Place(0, 0, 0), Place(3, 0, 0), Place(1, 4, 0), Place(1, 0, 2), Place(1, -1, 0),
              Place(1, 0, -2)],
)  # fmt: skip
def test_a_missing_parameter_has_no_trace(place):
    assert traced(Session(BASE), place) is None


def test_an_index_gives_its_parameter():
    p = Parameters((3, 4, 2))
    for index in range(p.flat.size):
        letter, l, row, column = p.place(index)
        assert p.index(l, row, BIAS if letter == "b" else column) == index


def test_the_loop_gives_the_whole_runs_trace_also_during_a_visit(driver):
    driver.settled(Load(BASE, run=1), Run(200))
    of = TraceOf(PLACES[0])
    now = driver.ask(of)
    assert not driver.look().answer(of)
    driver.post(Visit(50))
    while (then := driver.look(of)).iteration != 50:
        pass
    assert then.answer(of).iterations.tolist() == now.iterations.tolist()
    assert then.answer(of).values.tolist() == now.values.tolist()
    assert then.answer(of).values[50] == then.parameters().W[1][2, 1]
    assert then.answer(of).iterations[-1] == 200
    assert driver.ask(TraceOf(Place(1, 9, 9))) is None
