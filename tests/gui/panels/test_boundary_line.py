"""The boundary panel on data with one input: curves, with the labels as points."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from core.data.examples import split_of_arrays
from core.look.predictions import Predictions
from core.look.units import UnitMap
from gui.panels.boundary.panel import BoundaryPanel
from gui.panels.boundary.pictures import prediction_of
from gui.style.theme import theme
from tests.gui.hands import draw
from tests.gui.panels.snapshots import field_of, project, snapshot, with_answers, with_field

X = np.linspace(-3.0, 5.0, 40)[np.newaxis]
NUMBERS = project((4, "tanh"), (1, "linear"), loss="squared_error")
TWO = project((4, "tanh"), (1, "sigmoid"))
THREE = project((4, "tanh"), (3, "softmax"))


def waves(**options):
    return split_of_arrays(X, np.sin(X) * 3, kind="regression", **options)


def halves(**options):
    return split_of_arrays(X, (X > 1).astype(float), **options)


def thirds():
    return split_of_arrays(X, np.eye(3)[np.digitize(X[0], [0.0, 2.0])].T)


@pytest.fixture
def panel(shown_still):
    return shown_still(BoundaryPanel, 440, 380)


def pixel(panel, x, y):
    return panel.plot.pixels().map(QPointF(float(x), float(y)))


def test_a_regression_is_a_curve_of_the_predictions(panel):
    shown = snapshot(NUMBERS, split=waves())
    panel.show_snapshot(shown)
    (curve,) = panel.plot.picture.curves
    np.testing.assert_array_equal(curve.values, field_of(shown).values[0, 0])
    assert curve.ends == field_of(shown).plane.x2
    assert panel.plot.picture.axes == ("x₁", "y")
    (dots,) = panel.plot.dots
    np.testing.assert_allclose(dots.points, [X[0], 3 * np.sin(X[0])])
    assert not panel.discretize.isVisible()
    assert not panel.choices.cut.isVisible()


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_curve_is_drawn_where_the_prediction_is(panel, mode):
    theme().set_mode(mode)
    shown = snapshot(NUMBERS, split=waves())
    shown = with_field(shown, np.full((1, 50, 50), 1.3))
    panel.show_snapshot(shown)
    seen = panel.plot.grab().toImage()
    places = (pixel(panel, 4.9, y) for y in (1.3, 2.2))
    on, off = (seen.pixelColor(int(at.x()), int(at.y())) for at in places)
    assert on.lightness() == pytest.approx(theme().palette.text.lightness(), abs=25)
    assert off == theme().palette.surface


def test_errors_are_lines_from_label_to_prediction(panel):
    shown = with_answers(NUMBERS, waves(test_share=0.25))
    panel.show_snapshot(shown)
    assert panel.plot.stems == []
    panel.errors.setChecked(True)
    (stems,) = panel.plot.stems
    order = np.argsort(stems.x1)
    np.testing.assert_allclose(stems.x1[order], shown.split.own_units(shown.split.train.X)[0])
    np.testing.assert_allclose(stems.labels[order], shown.split.train.Y[0])
    np.testing.assert_allclose(stems.predictions[order], shown.answer(Predictions()).train.A[0])
    panel.show_test.setEnabled(True)
    panel.show_test.setChecked(True)
    assert len(panel.plot.stems) == 2
    panel.errors.setChecked(False)
    assert panel.plot.stems == []


def test_a_binary_output_has_its_threshold_and_where_it_is_crossed(panel):
    shown = snapshot(TWO, split=halves())
    p = 1 / (1 + np.exp(-(np.arange(50) - 20.25)))
    shown = with_field(shown, np.broadcast_to(p, (1, 50, 50)))
    panel.show_snapshot(shown)
    picture = panel.plot.picture
    assert picture.level == 0.5
    x1, x1_end = panel.plot.plane.x1
    assert picture.changes == pytest.approx([x1 + (20.25 + 0.5) * (x1_end - x1) / 50], abs=0.01)
    assert panel.plot.picture.axes[1] == "P(y=1)"
    assert panel.plot.dots[0].points[1].tolist() == (X[0] > 1).tolist()
    panel.discretize.setChecked(True)
    (curve,) = panel.plot.picture.curves
    assert curve.values.tolist() == (p > 0.5).tolist()


def test_several_classes_are_a_curve_each_and_one_is_shown_against_the_rest(panel):
    shown = snapshot(THREE, split=thirds())
    panel.show_snapshot(shown)
    drawn = panel.plot.picture
    assert len(drawn.curves) == 3
    assert len({curve.colour.name() for curve in drawn.curves}) == 3
    for j, curve in enumerate(drawn.curves):
        np.testing.assert_array_equal(curve.values, field_of(shown).values[j, 0])
    best = field_of(shown).values[:, 0].argmax(axis=0)
    assert len(drawn.changes) == (best[1:] != best[:-1]).sum()
    assert set(panel.plot.dots[0].points[1].tolist()) == {1.0}
    panel.selection.set(output=2)
    (curve,) = panel.plot.picture.curves
    np.testing.assert_array_equal(curve.values, field_of(shown).values[2, 0])
    assert panel.plot.picture.axes[1] == "P(2)"
    assert panel.plot.dots[0].points[1].tolist() == shown.split.train.Y[2].tolist()


def test_the_cursor_reads_the_input_and_the_prediction(panel):
    panel.show_snapshot(snapshot(NUMBERS, split=waves()))
    panel.plot.hovered.emit(pixel(panel, 2.0, 0.5))
    said = panel.readout.text()
    assert said.startswith(("x₁ = +2.", "x₁ = +1.9"))
    assert "ŷ = " in said
    assert "y = " not in said.partition("ŷ")[0]


def test_points_are_chosen_lassoed_and_walked(panel, qtbot):
    panel.show_snapshot(snapshot(NUMBERS, split=waves()))
    at = pixel(panel, X[0, 7], 3 * np.sin(X[0, 7])).toPoint()
    qtbot.mouseClick(panel.plot.viewport(), Qt.MouseButton.LeftButton, pos=at + QPoint(1, 0))
    assert panel.selection.example == 7
    panel.plot.hovered.emit(None)
    assert panel.readout.text().startswith("example 8:  x₁ = ")
    qtbot.keyClick(panel.plot, Qt.Key.Key_Right)
    assert panel.selection.example == 8
    square = panel.plot.square()
    left = pixel(panel, 0.0, 0.0).x()
    corners = [square.topLeft(), QPointF(left, square.top()), QPointF(left, square.bottom())]
    draw(panel.plot, [corner.toPoint() for corner in (*corners, square.bottomLeft())])
    assert panel.selection.lit.tolist() == np.flatnonzero(X[0] < 0).tolist()


def test_a_hovered_unit_is_a_curve_with_the_bar_as_its_scale(panel):
    panel.show_snapshot(snapshot(TWO, split=halves()))
    panel.selection.hover_unit((1, 2))
    shown = snapshot(TWO, halves(), unit=(1, 2))
    panel.show_snapshot(shown)
    assert panel.card.title == "a₃[1] over the input"
    (curve,) = panel.plot.picture.curves
    assert curve.ends == (-1.0, 1.0)
    np.testing.assert_allclose(
        curve.values, shown.answer(UnitMap(1, 2)).levels[0] / 127.5 - 1, atol=1e-12
    )
    assert panel.plot.picture.scale is not None
    panel.selection.hover_unit(None)
    assert panel.card.title == "Decision boundary"


def test_it_goes_from_line_to_plane_and_back(panel):
    for of, split in ((NUMBERS, waves()), (project((4, "tanh"), (1, "sigmoid")), None)) * 2:
        shown = snapshot(of, split=split)
        panel.show_snapshot(shown)
        wide = panel.plot.square().width() > panel.plot.square().height() + 1
        assert wide == field_of(shown).plane.is_line
        assert bool(panel.plot.picture.curves) == field_of(shown).plane.is_line
        assert prediction_of(shown, field_of(shown), None).axes == panel.plot.picture.axes
