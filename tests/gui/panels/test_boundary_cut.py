"""The boundary panel on data with more than two inputs: any two are chosen and said to be."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from core.data.examples import split_of_arrays
from core.look.boundary import Boundary
from core.look.plane import plane_of, points_on
from gui.panels.boundary.panel import BoundaryPanel
from gui.plots.dots import dots_of
from tests.gui.panels.snapshots import field_of, rows_of, snapshot


@pytest.fixture
def panel(shown_still):
    return shown_still(BoundaryPanel, 420, 340)


def shown(n=4, cut=None):
    return snapshot(split=rows_of(n), cut=cut)


def test_two_inputs_need_no_choosers(panel):
    panel.show_snapshot(snapshot())
    assert not panel.choices.cut.isVisible()
    assert panel.wants() == (Boundary(),)


def test_more_inputs_are_offered_by_name_and_the_rest_is_described(panel):
    panel.show_snapshot(shown())
    assert panel.choices.cut.isVisible()
    assert [panel.choices.cut.up.itemText(i) for i in range(4)] == ["x₁", "x₂", "x₃", "x₄"]
    assert (panel.choices.cut.across.currentIndex(), panel.choices.cut.up.currentIndex()) == (0, 1)
    assert panel.choices.cut.rest.text() == "2 others at the mean"
    assert "at their training mean" in panel.choices.cut.rest.toolTip()
    assert panel.plot.picture.axes == ("x₁", "x₂")
    panel.show_snapshot(shown(3))
    assert panel.choices.cut.rest.text() == "1 other at the mean"


def test_choosing_by_keyboard_asks_for_that_plane(panel, qtbot):
    panel.show_snapshot(shown())
    asked = panel.training.refreshed
    panel.choices.cut.up.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(panel.choices.cut.up, Qt.Key.Key_Down)
    assert panel.selection.cut == (0, 2)
    assert panel.training.refreshed == asked + 1
    assert panel.wants() == (Boundary((0, 2)),)
    panel.show_snapshot(shown(cut=(0, 2)))
    assert panel.plot.picture.axes == ("x₁", "x₃")


def test_choosing_the_other_axis_input_exchanges_them(panel, qtbot):
    panel.show_snapshot(shown())
    panel.choices.cut.across.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(panel.choices.cut.across, Qt.Key.Key_Down)
    assert panel.selection.cut == (1, 0)
    assert (panel.choices.cut.across.currentIndex(), panel.choices.cut.up.currentIndex()) == (1, 0)


def test_dots_and_clicks_are_at_the_two_coordinates(panel, qtbot):
    seen = shown(cut=(3, 1))
    panel.selection.look_along((3, 1))
    panel.show_snapshot(seen)
    X = seen.split.train.X
    dots = dots_of(seen.split, field_of(seen, (3, 1)).plane)
    assert dots is not None
    np.testing.assert_array_equal(dots.points, X[[3, 1]])
    k = int(np.hypot(X[3], X[1]).argmax())
    at = panel.plot.pixels().map(QPointF(float(X[3, k]), float(X[1, k]))).toPoint()
    qtbot.mouseClick(panel.plot.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert panel.selection.example == k
    panel.plot.hovered.emit(None)
    assert f"x₄ = {X[3, k]:+.2f}" in panel.readout.text()


def test_the_cursor_names_its_inputs(panel):
    panel.selection.look_along((2, 3))
    panel.show_snapshot(shown(cut=(2, 3)))
    panel.plot.hovered.emit(panel.plot.square().center())
    assert panel.readout.text().startswith("x₃ = ")
    assert "P(y=1) = " in panel.readout.text()


def test_normalized_inputs_are_shown_in_the_datas_own_units():
    X = np.random.RandomState(1).rand(3, 40) * 1000
    split = split_of_arrays(X, (X[:1] > 500).astype(float), normalize=True)
    plane = plane_of(split, (1, 2))
    points = points_on(split, plane)
    assert points is not None
    np.testing.assert_allclose(points, X[[1, 2]])
    assert plane.x1[0] < X[1].min() < X[1].max() < plane.x1[1]


def test_long_names_of_own_columns_fit(panel):
    seen = shown()
    names = ("sepal length in centimetres", "b", "petal & <b>width</b>", "d")
    split = replace(seen.split, features=names)
    panel.show_snapshot(replace(seen, split=split))
    assert panel.choices.cut.across.itemText(2) == names[2]
    assert panel.plot.picture.axes == names[:2]
    assert not panel.plot.grab().isNull()


def test_the_cursor_stays_while_the_inputs_become_more(panel):
    """Of the new data there is no picture yet: the place is named by them, not by the old ones."""
    panel.show_snapshot(shown(1))
    panel.plot.hovered.emit(panel.plot.square().center())
    panel.selection.look_along((4, 3))
    panel.show_snapshot(replace(shown(5, cut=(4, 3)), answers={}))
    assert panel.readout.text().startswith("x₅ = ")
    assert "P(y=1)" not in panel.readout.text()
    panel.show_snapshot(replace(shown(1), answers={}))
    assert panel.readout.text().startswith("x₁ = ")
