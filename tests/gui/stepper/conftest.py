"""Recorded iterations, a walk of one, and the panel with a run behind it."""

import pytest

from gui.model.selection import Selection
from gui.model.walk import Walk
from gui.panels.stepper import StepperPanel
from gui.style.theme import theme
from tests.core.nn.networks import Case
from tests.core.walk.records import record_of


@pytest.fixture
def record():
    return record_of(Case((2, 4, 3, 1), ("tanh", "relu", "sigmoid"), "cross_entropy", m=40))


@pytest.fixture
def walk(qapp) -> Walk:
    theme().set_mode("light")
    return Walk()


@pytest.fixture
def panel(qtbot, monkeypatch, document, training, walk) -> StepperPanel:
    monkeypatch.setenv("LAYERWISE_REDUCED_MOTION", "1")
    panel = StepperPanel(document, training, Selection(document), walk)
    qtbot.addWidget(panel)
    panel.resize(1580, 300)
    with qtbot.waitExposed(panel):
        panel.show()
    panel.activateWindow()
    panel.setFocus()
    qtbot.waitUntil(lambda: walk.record is not None)
    return panel
