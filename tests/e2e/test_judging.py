"""Judging a trained network: which examples are wrong, and where they lie."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from core import edits
from tests.e2e.driver import run_app
from tests.e2e.work import at_rest, train


def ask_for(qtbot, window, name):
    """Open a panel that is hidden at first, by its command."""
    assert window.docks[name].isHidden()
    window.docks[name].toggleViewAction().trigger()
    panel = window.panels[name]
    qtbot.waitUntil(lambda: panel.isVisible() and not panel.visibleRegion().isEmpty())
    return panel


def answers_of(window):
    """The answers of the network as it is, computed from the snapshot's parameters alone."""
    snapshot = window.training.latest
    p = snapshot.parameters()
    A = np.tanh(p.W[1] @ snapshot.split.train.X + p.b[1])
    return 1 / (1 + np.exp(-(p.W[2] @ A + p.b[2])))[0], snapshot.split.train.Y[0]


def test_a_cell_of_the_confusion_matrix_lights_its_points(qtbot):
    def script(window):
        panel = ask_for(qtbot, window, "results")
        train(qtbot, window, 500)
        a, y = answers_of(window)
        wrong = np.flatnonzero((y == 0) & (a > 0.5))
        assert len(wrong)
        at = panel.grid.cell_rect(0, 1).center().toPoint()
        qtbot.mouseClick(panel.grid, Qt.MouseButton.LeftButton, pos=at)
        assert window.selection.lit.tolist() == wrong.tolist()
        boundary = window.panels["boundary"]
        assert boundary.plot._dots[0].lit.tolist() == wrong.tolist()
        window.selection.select_example(int(wrong[0]))
        qtbot.wait(20)
        assert not panel.visibleRegion().isEmpty()  # the lens does not take its place
        document = window.document
        document.edit("Rate", edits.with_training(document.project, learning_rate=0.5))
        assert len(window.selection.lit)
        document.edit("Noise", edits.with_data(document.project, noise=0.3))
        assert not len(window.selection.lit)

    assert run_app(script) == 0


@pytest.mark.parametrize("source", ["blobs", "plane"])
def test_the_results_follow_the_data_while_it_trains(qtbot, source):
    def script(window):
        panel = ask_for(qtbot, window, "results")
        window.training.play()
        document = window.document
        document.edit("Data", edits.choose_source(document.project, source))
        document.edit("Test share", edits.with_data(document.project, test_share=0.25))
        qtbot.waitUntil(lambda: "300 training" in panel.card.title)
        panel.of_test.click()
        assert "100 test" in panel.card.title
        window.training.pause()
        qtbot.waitUntil(lambda: at_rest(window))
        assert panel.plot.isVisible() == (source == "plane")

    assert run_app(script) == 0
