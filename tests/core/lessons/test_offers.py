"""What is offered as a goal was false before and is true now, and is in the language of goals."""

from dataclasses import replace

import numpy as np
import pytest

from core import Project, Session, edits, train
from core.lessons import goal as goals
from core.lessons import vocabulary
from core.lessons.goal import Counted
from core.lessons.offers import Stand, offers
from core.lessons.vocabulary import NamedFacts, SettingFacts
from core.nn.parameters import Parameters


def facts(stand):
    p = Parameters(stand.project.sizes(), float, stand.flat)
    return {
        "project": SettingFacts(stand.project),
        "layers": Counted(map(SettingFacts, stand.project.network.layers)),
        "iteration": stand.iteration,
        "cost": stand.cost,
        "accuracy": stand.accuracy,
        "test_accuracy": stand.test_accuracy,
        "chip": stand.chip or None,
        "example": stand.example,
        "halt": NamedFacts({"kind": stand.halt or None}),
        "panel": lambda name: name in stand.panels,
        "w": lambda l, i, j: p.W[l][i - 1, j - 1],
        "b": lambda l, i: p.b[l][i - 1, 0],
    }


def stand(session):
    score, _ = session.score()
    return Stand(
        session.project, session.iteration, session.p.flat.copy(), score.cost, score.accuracy
    )


def held(before, now):
    found = offers(before, now)
    for offer in found:
        goal = goals.parse(offer.goal)
        vocabulary.check(goal)
        assert goal.met(facts(now)), offer
        assert not goal.met(facts(before)), offer
    return {offer.goal: offer.words for offer in found}


def test_nothing_was_done():
    assert offers(Stand(Project()), Stand(Project())) == ()


def test_goals_from_training():
    session = Session(Project())
    before = stand(session)
    train(session, 1437)
    found = held(before, stand(session))
    assert found["iteration >= 1000"] == "1,000 iterations are made"
    assert any(goal.startswith("accuracy > 0.8") for goal in found)
    assert any(goal.startswith("cost < 0.2") for goal in found)


def test_goals_from_edits():
    project = Project()
    other = edits.with_training(edits.insert_layer(project, 2), learning_rate=0.3)
    found = held(Stand(project), Stand(other))
    assert found["len(layers) == 3"] == "The network has 3 layers"
    assert found["project.training.learning_rate == 0.3"] == "Learning rate α is 0.3"
    found = held(Stand(project), Stand(edits.choose_source(project, "moons")))
    assert found['project.data.source == "moons"'].endswith("is moons")
    changed = edits.with_data(project, normalize=True)
    assert held(Stand(project), Stand(changed)) == {
        "project.data.normalize == True": "Normalized is on"
    }


@pytest.mark.parametrize("value", [-2.0, 0.0, 1.0, 1e-3])
def test_weights_that_were_set_by_hand(value):
    session = Session(Project())
    before = stand(session)
    p = Parameters(session.project.sizes(), float, before.flat.copy())
    p.W[1][1, 0] = value
    found = held(before, replace(before, flat=p.flat))
    assert next(iter(found)).startswith("abs(w(1,2,1)")


def test_goals_from_looking():
    before = Stand(Project())
    now = replace(before, chip="dZ[1]", example=262, panels=frozenset({"doctor"}))
    assert set(held(before, now)) == {'chip == "dZ[1]"', "example == 262", 'panel("doctor")'}
    halted = replace(before, halt="untrainable")
    assert set(held(before, halted)) == {'halt.kind == "untrainable"'}


@pytest.mark.parametrize("seed", range(30))
def test_any_two_stands(seed):
    rng = np.random.RandomState(seed)
    numbers = lambda: (*rng.rand(2).round(rng.randint(1, 6)),)  # noqa: E731
    one, other = (
        Stand(Project(), int(rng.randint(0, 10 ** rng.randint(1, 7))), None, *numbers())
        for _ in range(2)
    )
    held(one, other)
