"""Undo of an edit that starts another run restores the earlier run exactly."""

import pytest

from core import edits
from core.project import Project
from core.training import parking
from gui.model.training import Training
from tests.gui.hands import collected


@pytest.fixture
def training(document, qtbot):
    training = Training(document)
    qtbot.waitUntil(lambda: training.latest is not None)
    yield training
    training.close()


def at_rest(training):
    return training.latest.idle and not training.busy


def trained(training, qtbot, iterations):
    training.step(iterations)
    return stands(training, qtbot, training.latest.iteration + iterations)


def stands(training, qtbot, iteration):
    qtbot.waitUntil(lambda: at_rest(training) and training.latest.iteration == iteration)
    return training.latest


UNDONE = {
    "a structural edit": lambda p: edits.set_units(p, 1, 7),
    "a layer more": lambda p: edits.insert_layer(p, 1),
    "other data": lambda p: edits.choose_source(p, "moons"),
    "another seed": lambda p: edits.with_network(p, seed=9),
    "another feature": lambda p: edits.switch_feature(p, "x1_squared"),
}


@pytest.mark.parametrize("what", UNDONE)
def test_undo_restores_the_run_exactly(training, document, qtbot, what):
    at_start(training, qtbot)
    left = trained(training, qtbot, 120)
    document.edit("Edit", UNDONE[what](document.project))
    edited = stands(training, qtbot, 0)
    assert edited.project == document.project
    later = trained(training, qtbot, 15)
    assert [run.state.iteration for run in training.runs.kept] == [120]
    document.undo_stack.undo()
    back = stands(training, qtbot, 120)
    assert back.flat.tobytes() == left.flat.tobytes()
    assert back.costs.tolist() == left.costs.tolist()
    assert back.earliest == 0
    assert [run.state.iteration for run in training.runs.kept] == [15]  # it has not ended after all
    training.visit(60)
    stands(training, qtbot, 60)
    training.visit(120)
    document.undo_stack.redo()
    again = stands(training, qtbot, 15)
    assert again.flat.tobytes() == later.flat.tobytes()
    document.undo_stack.undo()
    stands(training, qtbot, 120)
    training.step(5)
    stands(training, qtbot, 125)


def at_start(training, qtbot):
    qtbot.waitUntil(lambda: training.latest is not None and at_rest(training))


def test_undo_of_a_structural_edit_restores_the_tuned_run(training, document, qtbot):
    at_start(training, qtbot)
    trained(training, qtbot, 50)
    document.edit("Rate", edits.with_training(document.project, learning_rate=0.5))
    trained(training, qtbot, 50)
    document.edit("Units", edits.set_units(document.project, 1, 7))
    stands(training, qtbot, 0)
    document.undo_stack.undo()
    stands(training, qtbot, 100)
    assert training.latest.project.training.learning_rate == 0.5
    document.undo_stack.undo()
    qtbot.waitUntil(lambda: training.latest.project.training.learning_rate == 1.2)
    assert training.latest.iteration == 100
    document.undo_stack.redo()
    document.undo_stack.redo()
    stands(training, qtbot, 0)


def test_the_same_edit_by_hand_is_a_new_run(training, document, qtbot):
    at_start(training, qtbot)
    trained(training, qtbot, 50)
    document.edit("Units", edits.set_units(document.project, 1, 7))
    stands(training, qtbot, 0)
    document.edit("Units back", edits.set_units(document.project, 1, 4))
    qtbot.waitUntil(lambda: training.latest.sizes == (2, 4, 1))
    stands(training, qtbot, 0)


def test_undo_to_a_restarted_run_returns_to_the_new_one(training, document, qtbot):
    at_start(training, qtbot)
    trained(training, qtbot, 50)
    training.reset()
    stands(training, qtbot, 0)
    trained(training, qtbot, 20)
    document.edit("Units", edits.set_units(document.project, 1, 7))
    stands(training, qtbot, 0)
    document.undo_stack.undo()
    stands(training, qtbot, 20)


@pytest.mark.parametrize(
    ("budget", "says"), [(0, "training starts from iteration 0."), (4000, "were too large to keep")]
)
def test_a_run_that_could_not_be_kept_is_reported(document, qtbot, monkeypatch, budget, says):
    monkeypatch.setattr(parking.Parking.__init__, "__defaults__", (budget,))
    document.replace(edits.with_data(Project(), examples=30))
    training = Training(document)
    said = collected(training.noted)
    qtbot.waitUntil(lambda: training.latest is not None)
    trained(training, qtbot, 120)
    document.edit("Units", edits.set_units(document.project, 1, 7))
    stands(training, qtbot, 0)
    document.undo_stack.undo()
    stands(training, qtbot, 120 if budget else 0)
    assert len(said) == 1
    assert says in said[0]
    training.close()
