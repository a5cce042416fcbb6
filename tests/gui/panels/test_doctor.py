"""The doctor panel: one entry per finding, the empty state, and "Show me"."""

import pytest
from PySide6.QtCore import Qt

from core.look.findings import Findings
from core.training.finding import Finding
from gui.panels.doctor import DoctorPanel
from tests.gui.hands import collected
from tests.gui.panels.snapshots import answering, snapshot

DEAD = Finding("dead", "Unit 3 of layer 1 is dead.", "Try leaky ReLU.", layer=1, units=(2,))
RATE = Finding("rate-too-high", "The cost jumps.", "Lower the learning rate.")


@pytest.fixture
def panel(shown_still):
    return shown_still(DoctorPanel, 420, 260)


def show(panel, *findings):
    panel.show_snapshot(answering(snapshot(), Findings(), findings))


def said(panel):
    return [remark.what.text() for remark in panel.remarks]


def test_it_asks_for_findings(panel):
    assert panel.wants() == (Findings(),)


def test_nothing_to_remark(panel):
    show(panel)
    assert panel.well.isVisible()
    assert said(panel) == []


def test_a_remark_a_finding_kept_until_it_is_looked_at_again(panel):
    show(panel, DEAD, RATE)
    assert said(panel) == [DEAD.what, RATE.what]
    assert not panel.well.isVisible()
    assert [not remark.show_me.isHidden() for remark in panel.remarks] == [True, True]
    panel.show_snapshot(snapshot())  # of a moment that was not looked at
    assert said(panel) == [DEAD.what, RATE.what]
    show(panel, RATE)
    assert said(panel) == [RATE.what]
    show(panel)
    assert panel.well.isVisible()


def test_show_me_selects_the_layer_and_shows_the_unit(panel, qtbot):
    panel.selection.select_layer(2)
    show(panel, DEAD)
    qtbot.mouseClick(panel.remarks[0].show_me, Qt.MouseButton.LeftButton)
    assert panel.selection.layer == 1
    assert panel.selection.unit == (1, 2)
    assert panel.selection.chosen == (1, 2)


@pytest.mark.parametrize(
    ("name", "layer", "brings"),
    [("unscaled", 0, ["data"]), ("unbalanced", 0, ["data"]), ("overfitting", None, ["cost"]),
     ("rate-too-high", None, ["runbar.learning_rate"]), ("vanishing", 1, [])],
)  # fmt: skip
def test_show_me_shows_the_panel_or_part(panel, qtbot, name, layer, brings):
    wanted, pointed = collected(panel.wanted), collected(panel.selection.pointed_out)
    show(panel, Finding(name, "Something.", "Try this.", layer=layer))
    qtbot.mouseClick(panel.remarks[0].show_me, Qt.MouseButton.LeftButton)
    assert wanted == brings
    assert pointed == ([] if brings else [(1, ())])
