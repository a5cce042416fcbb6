"""The cost panel: curves, scales, the value under the cursor, and runs of any length."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from core.by_hand import Place
from core.look.trace import Trace, TraceOf
from gui.panels.cost.panel import NOTHING_YET, CostPanel
from gui.plots.ticks import round_end, ticks
from gui.style import text
from gui.style.theme import theme
from tests.gui.panels.snapshots import answering, snapshot


@pytest.fixture
def panel(shown_still):
    return shown_still(CostPanel, 400, 200)


def curve(panel, name):
    return panel.plot.points(name)


def hover(panel, iteration):
    area = panel.plot.area()
    right = panel.plot.box.viewRange()[0][1]
    panel.plot.hovered.emit(
        QPointF(area.left() + iteration / right * area.width(), area.center().y())
    )


def test_before_the_first_iteration_it_says_what_to_do(panel):
    empty = snapshot()
    panel.show_snapshot(
        replace(empty, costs=empty.costs[:0], test_costs=empty.test_costs[:0], iteration=0)
    )
    assert panel.body.sentence == NOTHING_YET
    panel.plot.hovered.emit(QPointF(100, 50))
    panel.show_snapshot(snapshot())
    assert panel.body.sentence == ""


def test_both_curves_are_drawn_at_their_iterations(panel):
    shown = snapshot()
    panel.show_snapshot(shown)
    x, y = curve(panel, "train")
    assert np.array_equal(x, np.arange(100))
    assert np.array_equal(y, shown.costs)
    x, y = curve(panel, "test")
    assert np.array_equal(x, shown.test_iterations)
    assert np.array_equal(y, shown.test_costs)
    assert "test" in panel.legend.text()


def test_without_test_data_it_is_not_mentioned(panel):
    shown = snapshot()
    panel.show_snapshot(
        replace(shown, test_costs=shown.test_costs[:0], test_iterations=shown.test_iterations[:0])
    )
    assert "test" not in panel.legend.text()
    hover(panel, 10)
    assert "test" not in panel.readout.text()


def test_the_cross_hair_reads_the_exact_values(panel):
    shown = snapshot()
    panel.show_snapshot(shown)
    plain = panel.plot.grab().toImage()
    hover(panel, 42)
    assert panel.plot.grab().toImage() != plain
    assert panel.readout.isVisible()
    assert "iteration 42 " in panel.readout.text()
    assert f"{shown.costs[42]:.4f}"[:6] in panel.readout.text()
    assert f"{shown.test_costs[2]:.4f}"[:6] in panel.readout.text()  # iteration 40 is nearest
    panel.plot.hovered.emit(None)
    assert not panel.readout.isVisible()
    assert panel.plot.grab().toImage() == plain


def test_the_cross_hair_stops_at_the_last_iteration(panel):
    shown = snapshot()
    panel.show_snapshot(replace(shown, costs=shown.costs[:85]))
    hover(panel, 99)
    assert "iteration 84 " in panel.readout.text()


def test_log_draws_exponents_and_leaves_zero_out(panel):
    costs = 10.0 ** -np.arange(10)
    costs[-1] = 0.0
    panel.show_snapshot(replace(snapshot(), costs=costs))
    panel.log.setChecked(True)
    x, y = curve(panel, "train")
    assert np.array_equal(x, np.arange(9))
    np.testing.assert_allclose(y, -np.arange(9))
    assert not panel.plot.grab().isNull()
    panel.log.setChecked(False)
    assert np.array_equal(curve(panel, "train")[1], costs)


def test_smooth_draws_the_mean_and_keeps_single_iterations_behind_it(panel, qtbot):
    shown = replace(snapshot(), costs=np.tile([0.2, 0.4], 500))
    panel.show_snapshot(shown)
    panel.smooth.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(panel.smooth, Qt.Key.Key_Space)
    assert set(curve(panel, "train each")[1]) == {0.2, 0.4}
    _, means = curve(panel, "train")
    assert np.abs(means - 0.3).max() < 0.05
    assert "mean of 21 iterations" in panel.readout.text()


def test_a_spike_in_a_million_iterations_is_drawn_with_few_points(panel):
    costs = np.full(1_000_000, 0.5)
    costs[777_777] = 9.0
    panel.show_snapshot(replace(snapshot(), costs=costs[:-1], run=2))
    panel.show_snapshot(replace(snapshot(), costs=costs, run=2))
    x, y = curve(panel, "train")
    assert len(x) <= 2 * panel.plot.columns + 2
    assert x[y.argmax()] == 777_777
    assert y.max() == 9.0


def test_another_run_starts_a_new_curve(panel):
    panel.show_snapshot(snapshot())
    panel.show_snapshot(replace(snapshot(), run=2, costs=np.array([0.7, 0.6])))
    assert np.array_equal(curve(panel, "train")[1], [0.7, 0.6])


def test_huge_and_equal_costs_have_a_scale(panel):
    for costs in (np.full(50, 0.693), np.array([0.0, 0.0]), np.array([1.0, 1e300, 2.0])):
        for log in (False, True):
            panel.show_snapshot(replace(snapshot(), costs=costs, run=int(costs.size)))
            panel.log.setChecked(log)
            assert not panel.plot.grab().isNull()
            assert np.isfinite(panel.plot.box.viewRange()).all()


def test_it_follows_the_theme(panel):
    panel.show_snapshot(snapshot())
    light = panel.plot.grab().toImage()
    theme().set_mode("dark")
    assert panel.plot.grab().toImage() != light


def test_the_axes_end_and_tick_at_round_numbers():
    assert [round_end(x) for x in (3, 10, 11, 100, 101, 10_000)] == [10, 10, 12, 100, 120, 10_000]
    assert ticks(0, 10_000, 3) == [0, 5000, 10_000]
    assert ticks(0.19, 0.71, 4) == pytest.approx([0.2, 0.4, 0.6])
    assert ticks(1.0, 1.0, 4) == [1.0]


def traced():
    place, shown = Place(1, 2, 1), snapshot()
    x, value = np.array([0, 50, 100]), float(shown.parameters().W[1][2, 1])
    return answering(shown, TraceOf(place), Trace(place, x, np.array([0.5, -1.0, value])))


def test_a_parameter_is_drawn_over_the_run_on_a_scale_of_its_own(panel):
    panel.show_snapshot(snapshot())
    _, wide, _ = panel.plot.scale
    assert panel.wants() == ()
    refreshed = panel.training.refreshed
    panel.selection.trace(Place(1, 2, 1))
    assert panel.wants() == (TraceOf(Place(1, 2, 1)),)
    assert panel.training.refreshed == refreshed + 1
    shown = traced()
    panel.show_snapshot(shown)
    assert panel.plot.scale[1] < wide  # the numbers at the right take room
    value = float(shown.parameters().W[1][2, 1])
    assert panel.traced.isVisible()
    assert panel.traced.name.text() == "w₃₂[1]"
    assert panel.readout.text() == f"w₃₂[1] {text.number(value)}"
    low, high = panel.plot.second.ends
    assert low < -1.0
    assert high > max(0.5, value)
    assert panel.plot.second.x.tolist() == [0, 50, 100]
    assert panel.plot.second.y.tolist() == [0.5, -1.0, value]
    assert not panel.plot.grab().isNull()
    hover(panel, 50)
    assert "w₃₂[1] -1.000" in panel.readout.text()
    hover(panel, 25)
    assert "w₃₂[1] ≈ -0.25" in panel.readout.text()


def test_a_trace_follows_the_visit_and_is_closed_by_its_cross(panel, qtbot):
    panel.selection.trace(Place(1, 2, 1))
    panel.show_snapshot(replace(traced(), iteration=50, newest=100))
    assert panel.traced.isVisible()
    assert panel.plot.second.dot[0] == 50
    _, width, _ = panel.plot.scale
    panel.show_snapshot(replace(snapshot(), iteration=50, newest=100))  # asked for before that
    assert panel.traced.isVisible()
    qtbot.mouseClick(panel.traced.cross, Qt.MouseButton.LeftButton)
    assert panel.selection.traced is None
    assert not panel.traced.isVisible()
    assert panel.plot.second is None
    assert panel.plot.scale[1] > width


def test_another_run_has_another_past(panel):
    panel.selection.trace(Place(1, 2, 1))
    panel.show_snapshot(traced())
    panel.show_snapshot(replace(snapshot(), run=2))  # of a network that has no such parameter
    assert not panel.traced.isVisible()


def test_the_best_is_marked_if_that_can_be_said(panel):
    panel.show_snapshot(replace(snapshot(), best=40))
    assert "lowest cost, at iteration 40" in panel.timeline.toolTip()
    panel.show_snapshot(replace(snapshot(), run=2))
    assert "lowest cost" not in panel.timeline.toolTip()
