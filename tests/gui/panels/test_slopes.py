"""The slopes of each layer are drawn and said; a click selects the layer."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from core.look.slopes import BINS, LayerSlopes, Slopes
from gui.panels.slopes import SlopesPanel
from tests.gui.panels.snapshots import answering, snapshot

LAYERS = (
    LayerSlopes(0.0, 1.0, np.eye(BINS, dtype=np.int64)[0] * 400, 0.02, 0.97),
    LayerSlopes(0.0, 1.0, np.ones(BINS, np.int64) * 20, 0.12, 0.1),
)


@pytest.fixture
def panel(shown_still):
    panel = shown_still(SlopesPanel, 400, 240)
    panel.show_snapshot(answering(snapshot(), Slopes(), LAYERS))
    return panel


def test_it_asks_for_the_slopes_and_says_them(panel):
    assert panel.wants() == (Slopes(),)
    assert panel.says(1) == "Layer 1, tanh: mean slope 0.02, 97 % nearly flat"
    assert panel.says(2) == "Layer 2, sigmoid: mean slope 0.12, 10 % nearly flat"
    assert not panel.grab().isNull()


def cell(panel, l):
    return panel.plot.shown.cells(panel.plot.area())[l - 1]


def test_without_a_cursor_the_selected_layer_is_described(panel):
    assert panel.readout.text() == panel.says(1)
    panel.selection.select_layer(2)
    assert panel.readout.text() == panel.says(2)


def test_a_bar_under_the_cursor_is_described(panel):
    first, last = cell(panel, 1), cell(panel, 2)
    panel.plot.hovered.emit(QPointF(first.left() + 1, first.center().y()))
    assert panel.readout.text() == "Layer 1, slopes from 0 to 0.05: 100 %"
    panel.plot.hovered.emit(QPointF(last.right() - 1, last.center().y()))
    assert panel.readout.text() == "Layer 2, slopes from 0.95 to 1: 5 %"
    panel.plot.hovered.emit(None)
    assert panel.readout.text() == panel.says(1)


def test_a_click_selects_the_layer(panel, qtbot):
    at = cell(panel, 2).center().toPoint()
    qtbot.mouseClick(panel.plot.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert panel.selection.layer == 2


def test_the_saved_numbers_are_those_counted(panel):
    numbers = panel.plot.numbers()
    assert numbers["from"][0] == 0.0
    assert numbers["to"][-1] == 1.0
    assert (numbers["layer 1"] == LAYERS[0].counts).all()
    assert (numbers["layer 2"] == LAYERS[1].counts).all()


def test_slopes_not_measured_again_stay(panel):
    panel.show_snapshot(snapshot())
    assert panel.layers == LAYERS
