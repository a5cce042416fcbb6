"""A failed measurement costs only its own answer; a run ended by an error is kept."""

from __future__ import annotations

import math
from dataclasses import dataclass
from queue import SimpleQueue

import numpy as np
import pytest

from core.errors import LayerwiseError
from core.look.activations import Activations
from core.look.ask import Allowance, Ask, Failure
from core.look.boundary import Boundary
from core.look.recorder import Recorder
from core.look.watcher import Watcher
from core.runs import EndedRun
from core.training import ended_run
from core.training.best import Best
from core.training.loop import Latest, train
from core.training.messages import Load, Message, Run, Snapshot
from core.training.session import Session
from tests.core.training.projects import project
from tests.looking import seen


@dataclass(frozen=True, slots=True)
class Broken(Ask[int]):
    """An instrument that fails so."""

    error: type[Exception]

    def measure(self, session: Session, allowance: Allowance) -> int:
        raise self.error("no such thing")


@pytest.mark.parametrize("error", [ZeroDivisionError, KeyError, MemoryError, np.linalg.LinAlgError])
def test_an_ask_that_fails_costs_its_answer_alone(driver, error):
    driver.post(Load(project(iterations=200), 1), Run(math.inf))
    snapshot = driver.look(Broken(error), Boundary(), Activations(1))
    failure = snapshot.failure(Broken(error))
    assert error.__name__ in failure.sentence
    assert "no such thing" in failure.details
    assert "test_failures.py" in failure.details
    assert snapshot.answer(Broken(error)) is None
    assert snapshot.answer(Boundary()) is not None
    assert snapshot.answer(Activations(1)) is not None
    assert driver.wait(200).iteration == 200
    assert driver.error is None


def test_a_refusal_has_no_traceback():
    failure = seen(Session(project()), Broken(LayerwiseError)).failure(Broken(LayerwiseError))
    assert failure == Failure("no such thing")


@pytest.mark.parametrize(
    ("of", "name"),
    [(Session, "score"), (Recorder, "keep"), (Recorder, "look"), (Best, "keep")],
)
def test_a_failing_background_measurement_ends_no_run(driver, monkeypatch, of, name):
    monkeypatch.setattr(of, name, lambda *_, **__: 1 / 0)
    driver.post(Load(project(iterations=60, data={"test_share": 0.2}), 1), Run(math.inf))
    snapshot = driver.settled()
    assert snapshot.iteration == 60
    snapshot = driver.look(Boundary())
    assert [said.details.count("ZeroDivisionError") > 0 for said in snapshot.failures] == [True]
    assert snapshot.answer(Boundary()) is not None
    assert math.isnan(snapshot.train.cost) == (name == "score")


def fallen(monkeypatch, after: int, *, measures: bool = True):
    """What is kept of a run that an error ends, and the error."""
    advance, outbox = Session.advance, Latest[Snapshot]()
    kept: list[EndedRun] = []

    def fail(session: Session) -> bool:
        if session.iteration >= after:
            if not measures:
                monkeypatch.setattr(Session, "score", lambda _: 1 / 0)
            raise ZeroDivisionError("in the midst of it")
        return advance(session)

    monkeypatch.setattr(Session, "advance", fail)
    inbox: SimpleQueue[Message] = SimpleQueue()
    for message in (Load(project(), 1), Run(math.inf)):
        inbox.put(message)
    with pytest.raises(ZeroDivisionError, match="in the midst"):
        train(inbox, outbox, kept.extend)
    return kept


def test_a_run_that_an_error_ends_is_kept_as_any_other(monkeypatch):
    (run,) = fallen(monkeypatch, 70)
    monkeypatch.undo()
    whole = Session(project())
    for _ in range(70):
        whole.step()
    assert (run.number, run.state.iteration, len(run.state.costs)) == (1, 70, 70)
    assert run.state.flat.tobytes() == whole.p.flat.tobytes()
    assert run.cost == pytest.approx(whole.score()[0].cost)
    again = Session(run.project, state=run.state)
    again.step()
    whole.step()
    assert again.p.flat.tobytes() == whole.p.flat.tobytes()


def test_one_that_cannot_be_measured_any_more_is_kept_as_far_as_it_is_known(monkeypatch):
    (run,) = fallen(monkeypatch, 70, measures=False)
    assert 60 <= run.state.iteration <= 70
    assert len(run.state.costs) == run.state.iteration
    assert run.cost == run.state.costs[-1]


def test_of_one_that_has_hardly_begun_nothing_is_kept(monkeypatch):
    assert fallen(monkeypatch, ended_run.LEAST - 1) == []
    assert fallen(monkeypatch, ended_run.LEAST - 1, measures=False) == []


def test_an_ask_that_does_not_fit_is_not_measured(driver):
    driver.post(Load(project(), 1))
    snapshot = driver.look(Activations(7), Boundary())
    assert list(snapshot.answers)[:1] == [Boundary()]
    assert snapshot.failure(Activations(7)) is None


def test_answers_of_one_moment_are_measured_once_and_forgotten_when_it_is_another():
    session = Session(project())
    watcher = Watcher(session)
    one = seen(watcher, Boundary()).answer(Boundary())
    assert seen(watcher, Boundary()).answer(Boundary()) is one
    session.p.flat[0] += 1
    watcher.forget()
    assert seen(watcher, Boundary()).answer(Boundary()) is not one
