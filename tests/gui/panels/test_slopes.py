"""The slopes of each layer are drawn and said; a click selects the layer."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from core.look.slopes import BINS, LayerSlopes, Slopes
from gui.panels.slopes import SlopesPanel
from tests.gui.panels.snapshots import answering, snapshot

LAYERS = (
    LayerSlopes(0.0, 1.0, np.eye(BINS, dtype=np.int64)[0] * 400, 0.02, 0.97),
    LayerSlopes(0.0, 0.25, np.ones(BINS, np.int64) * 20, 0.12, 0.1),
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


def test_a_bar_under_the_cursor_is_said(panel, qtbot):
    qtbot.mouseMove(panel.plot, QPoint(5, 10))
    assert panel.readout.text() == "Slopes from 0 to 0.05: 100 %"
    qtbot.mouseMove(panel.plot, QPoint(panel.plot.width() - 5, panel.plot.height() - 10))
    assert panel.readout.text() == "Slopes from 0.238 to 0.25: 5 %"


def test_a_click_selects_the_layer(panel, qtbot):
    at = QPoint(30, panel.plot.height() - 20)
    qtbot.mouseClick(panel.plot, Qt.MouseButton.LeftButton, pos=at)
    assert panel.selection.layer == 2


def test_what_was_not_measured_again_stays(panel):
    panel.show_snapshot(snapshot())
    assert panel.layers == LAYERS
