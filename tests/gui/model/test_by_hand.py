"""Parameters set by hand: in the run at once, without a reset, and undone like any edit."""

import numpy as np
import pytest

from core import edits
from core.by_hand import Place, RunPosition, number
from core.project import Project
from tests.gui.model.test_training import Recording, at_rest, weights_after
from tests.patience import never_stop

W = Place(1, 2, 0)


@pytest.fixture
def training(document, qtbot):
    training = Recording(document)
    qtbot.waitUntil(lambda: training.latest is not None)
    yield training
    training.close()


def has_start(training):
    return training.start is not None


def test_a_number_set_by_hand_reaches_the_running_run(training, document, qtbot):
    training.step(100)
    qtbot.waitUntil(lambda: at_rest(training) and training.latest.iteration == 100)
    before, costs = training.latest, training.latest.costs
    was = float(before.parameters().W[1][2, 0])
    document.set_by_hand("Set w", number(W, was), number(W, 3.0))
    qtbot.waitUntil(lambda: at_rest(training) and training.latest.adjusted == 1)
    now = training.latest
    assert now.parameters().W[1][2, 0] == 3.0
    assert (now.run, now.iteration, now.by_hand.tolist()) == (before.run, 100, [100])
    assert now.train.cost != before.train.cost
    assert np.array_equal(now.costs, costs)
    document.undo_stack.undo()
    qtbot.waitUntil(lambda: at_rest(training) and training.latest.adjusted == 2)
    assert np.array_equal(training.latest.flat, before.flat)
    assert training.latest.train == before.train
    assert training.latest.by_hand.size == 0


def test_setting_a_number_and_undo_keep_playing(training, document, qtbot):
    never_stop(document)
    training.play()
    for adjusted in range(1, 4):
        document.set_by_hand("Set w", number(W, 0.0), number(W, adjusted))
        qtbot.waitUntil(lambda adjusted=adjusted: training.latest.adjusted >= adjusted)
    document.undo_stack.undo()
    qtbot.waitUntil(lambda: training.latest.adjusted == 4)
    assert training.playing
    training.pause()
    qtbot.waitUntil(lambda: at_rest(training))
    assert len(training.latest.by_hand) in (3, 4)
    assert training.latest.iteration > 0


def test_another_start_and_undo_to_the_earlier_state(training, document, qtbot):
    training.step(30)
    qtbot.waitUntil(lambda: at_rest(training) and training.latest.iteration == 30)
    before, flat = training.latest, np.linspace(-1, 1, 17)
    stand = training.stand()
    document.set_by_hand("Import", RunPosition(None, stand.state), RunPosition(flat))
    qtbot.waitUntil(lambda: at_rest(training) and training.latest.iteration == 0)
    assert np.array_equal(training.latest.flat, flat)
    bigger = edits.set_units(document.project, 1, 5)
    document.edit("Units", bigger)
    qtbot.waitUntil(lambda: at_rest(training) and training.latest.project == bigger)
    assert not has_start(training)
    kept = training.latest.parameters().Wb[1][:4]
    assert np.array_equal(kept, flat[:12].reshape(4, 3))
    document.undo_stack.undo()
    assert training.start is flat
    training.step(5)
    qtbot.waitUntil(lambda: at_rest(training) and training.latest.iteration == 5)
    training.reset()
    qtbot.waitUntil(lambda: at_rest(training) and training.latest.iteration == 0)
    assert np.array_equal(training.latest.flat, flat)
    document.undo_stack.undo()
    qtbot.waitUntil(lambda: at_rest(training) and training.latest.iteration == 30)
    assert not has_start(training)
    assert np.array_equal(training.latest.costs, before.costs)
    training.step(70)
    qtbot.waitUntil(lambda: at_rest(training) and training.latest.iteration == 100)
    assert np.array_equal(training.latest.flat, weights_after(Project(), 100))
