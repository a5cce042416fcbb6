"""Changes of hyperparameters are marked on the cost curve, and described at the cursor."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from core.state import Mark
from gui.panels.cost.panel import CostPanel
from gui.plots.marks import say, sayings
from gui.style.theme import theme
from tests.gui.panels.snapshots import snapshot

NONE = np.empty(0, np.int64)


@pytest.fixture(params=["light", "dark"])
def panel(shown_still, request):
    theme().set_mode(request.param)
    return shown_still(CostPanel, 400, 200)


def hover(panel, iteration):
    area, right = panel.plot.area(), panel.plot.box.viewRange()[0][1]
    across = area.left() + iteration / right * area.width()
    panel.plot.hovered.emit(QPointF(across, area.center().y()))


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        (Mark(1, "learning_rate", 1.2, 0.3), "α 1.2 → 0.3"),
        (Mark(1, "batch_size", None, 64), "batch all → 64"),
        (Mark(1, "optimizer", "gradient_descent", "adam"), "Gradient descent → Adam"),
        (Mark(1, "loss", "cross_entropy", "squared_error"), "Cross-entropy → Squared error"),
        (Mark(1, "dropout[2]", 0.0, 0.2), "dropout[2] 0 % → 20 %"),
        (Mark(1, "decay", "none", "inverse"), "decay none → 1 / (1 + k · epoch)"),
        (Mark(1, "l2", 0.0, 0.7), "L2 0 → 0.7"),
        (Mark(1, "beta1", None, 0.5), "β₁ usual → 0.5"),
        (Mark(1, "clip_norm", 0.0, 0.1), "clip at off → 0.1"),
        (Mark(1, "muted[1]", None, "2, 3"), "muted[1] none → 2, 3"),
        (Mark(1, "of a newer version", "x" * 99, 3), f"of a newer version {'x' * 29}… → 3"),
    ],
)
def test_a_mark_names_the_change(mark, words):
    assert say(mark) == words


def test_changes_at_one_iteration_share_a_mark():
    marks = (Mark(9, "l1", 0.0, 0.1), Mark(3, "l2", 0.0, 0.1), Mark(9, "l2", 0.1, 0.0))
    assert sayings(marks, np.array([5, 9])) == (
        (3, "L2 0 → 0.1"),
        (5, "set by hand"),
        (9, "L1 0 → 0.1, L2 0.1 → 0, set by hand"),
    )


def test_marks_are_labelled_where_there_is_room_and_all_can_be_pointed_at(panel):
    marks = tuple(Mark(i, "learning_rate", 1.2, 0.3) for i in (20, 24, 70))
    panel.show_snapshot(replace(snapshot(), marks=marks))
    assert (
        tuple(mark.words for mark in panel.plot.marks.shown if mark.labelled)
        == ("α 1.2 → 0.3",) * 2
    )  # 20 has no room before 24
    for at, said in ((20, True), (24, True), (70, True), (50, False)):
        hover(panel, at)
        assert panel.readout.text().startswith("α 1.2 → 0.3") is said, at
        assert f"iteration {at}" in panel.readout.text()
    panel.grab()  # it paints


def test_a_run_without_changes_has_no_marks(panel):
    panel.show_snapshot(replace(snapshot(), marks=(Mark(20, "l1", 0.0, 0.1),)))
    panel.show_snapshot(replace(snapshot(), run=2))
    assert tuple(mark.words for mark in panel.plot.marks.shown if mark.labelled) == ()
    hover(panel, 20)
    assert "L1" not in panel.readout.text()
