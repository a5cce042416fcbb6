"""The boundary panel with several outputs, and in regression: one against the rest, and errors."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from core.data.examples import make_split, split_of_arrays
from core.look.predictions import Predictions
from core.look.units import UnitMap
from gui.panels.boundary.panel import BoundaryPanel
from gui.plots.contour import crossings
from gui.plots.dots import LARGEST, SMALLEST, dots_of, error_dots
from gui.plots.prediction import prediction_image, value_at
from gui.style.theme import LIGHT, image
from tests.gui.panels.snapshots import (
    blobs,
    field_of,
    line,
    project,
    rows_of,
    snapshot,
    with_answers,
    with_field,
)

BLOBS = project((4, "tanh"), (4, "softmax"))
LINE = project((4, "tanh"), (1, "linear"), loss="squared_error")


@pytest.fixture
def panel(shown_still):
    return shown_still(BoundaryPanel, 440, 380)


def choose(panel, words):
    """Take one of the outputs from the menu, as a click does."""
    menu = panel.choices.output.menu
    panel.choices.output.menu.aboutToShow.emit()
    next(action for action in menu.actions() if action.text() == words).trigger()


# --- one against the rest ---


def test_of_several_classes_each_is_offered_against_the_rest(panel):
    panel.show_snapshot(snapshot(BLOBS, split=blobs(4)))
    assert panel.choices.output.isVisible()
    panel.choices.output.menu.aboutToShow.emit()
    offered = [action.text() for action in panel.choices.output.menu.actions()]
    assert offered == ["all classes", *(f"{j} against the rest" for j in range(4))]
    assert panel.plot.picture.scale is None
    panel.show_snapshot(snapshot())
    assert not panel.choices.isVisible()


def test_one_class_against_the_rest_is_that_outputs_own_map(panel):
    shown = snapshot(BLOBS, split=blobs(4))
    panel.show_snapshot(shown)
    all_classes = panel.plot.picture.image
    choose(panel, "2 against the rest")
    assert panel.selection.view.output == 2
    picture, p = panel.plot.picture, field_of(shown).values[2]
    levels = np.floor(255 * p + 0.5).astype(np.uint8)
    assert picture.image == image(levels, LIGHT) != all_classes
    (line,) = picture.lines
    for drawn, expected in zip(line, crossings(p, 0.5), strict=True):
        np.testing.assert_array_equal(drawn, expected)
    assert picture.scale == ("0", "P(2)", "1")
    (train,) = panel.plot.dots
    assert train.labels.tolist() == (shown.split.train.Y[2] == 1).astype(int).tolist()
    assert train.classes == 2
    assert "the rest" in panel.legend.text()
    panel.plot.hovered.emit(panel.plot.square().center())
    p_here = value_at(field_of(shown).values, *panel.plot.shares(panel.plot.square().center()))[2]
    assert f"P(2) = {p_here:.2f}" in panel.readout.text()
    choose(panel, "all classes")
    assert panel.selection.view.output is None
    assert panel.plot.picture.image == all_classes


def test_discretized_one_against_the_rest_has_two_colours(panel):
    shown = snapshot(BLOBS, split=blobs(4))
    values = np.zeros((4, 20, 20))
    values[1, :, 10:], values[0, :, :10] = 0.9, 0.9
    panel.discretize.setChecked(True)
    panel.selection.set(output=1)
    panel.show_snapshot(with_field(shown, values))
    seen = panel.plot.picture.image
    assert seen.pixelColor(2, 5).rgb() == LIGHT.negative.rgb()
    assert seen.pixelColor(17, 5).rgb() == LIGHT.positive.rgb()


def test_an_output_that_these_data_do_not_have_is_passed_over(panel):
    panel.selection.set(output=3)
    panel.show_snapshot(snapshot())
    assert not panel.choices.isVisible()
    panel.plot.hovered.emit(panel.plot.square().center())
    assert "P(y=1)" in panel.readout.text()


def test_labels_that_exclude_no_other_are_shown_one_by_one(panel):
    X = np.random.RandomState(0).randn(2, 30)
    split = split_of_arrays(X, (X > 0).astype(float), kind="binary")
    shown = snapshot(project((4, "tanh"), (2, "sigmoid")), split=split)
    panel.show_snapshot(shown)
    first = panel.plot.picture.image
    assert panel.plot.picture.scale == ("0", "P(y₁=1)", "1")
    choose(panel, "ŷ₂")
    assert panel.plot.picture.image != first
    assert panel.plot.dots[0].labels.tolist() == (X[1] > 0).astype(int).tolist()


@pytest.mark.parametrize(
    ("output", "loss", "middle"),
    [
        ("sigmoid", "cross_entropy", "P(y=1)"),
        ("sigmoid", "squared_error", "ŷ"),
        ("step", "squared_error", "ŷ"),
        ("linear", "squared_error", "ŷ"),
        ("tanh", "squared_error", "ŷ"),
    ],
)
def test_only_outputs_trained_as_probabilities_are_called_so(panel, output, loss, middle):
    panel.show_snapshot(snapshot(project((4, "tanh"), (1, output), loss=loss)))
    assert panel.plot.picture.scale == ("0", middle, "1")
    panel.plot.hovered.emit(panel.plot.square().center())
    assert f"{middle} = " in panel.readout.text()


def test_softmax_by_squared_error_gives_no_probability_of_a_class(panel):
    of = project((4, "tanh"), (4, "softmax"), loss="squared_error")
    panel.show_snapshot(snapshot(of, split=blobs(4)))
    panel.plot.hovered.emit(panel.plot.square().center())
    assert "ŷ(" in panel.readout.text()
    assert "P(" not in panel.readout.text()


def test_many_inputs_and_many_classes_have_both_choices(panel):
    X = rows_of(5).train.X
    split = split_of_arrays(X, np.eye(3)[np.arange(40) % 3].T)
    panel.show_snapshot(snapshot(project((4, "tanh"), (3, "softmax")), split=split))
    assert panel.choices.cut.isVisible()
    assert panel.choices.output.isVisible()


# --- errors of regression ---


def answers():
    return with_answers(LINE, make_split("bumps", 60, 0.2, 1, test_share=0.3))


def test_errors_are_asked_for_and_offered_in_regression_alone(panel, qtbot):
    panel.show_snapshot(snapshot())
    assert not panel.errors.isVisible()
    assert panel.discretize.isVisible()
    panel.show_snapshot(answers())
    assert panel.errors.isVisible()
    assert not panel.discretize.isVisible()
    assert Predictions() not in panel.wants()
    asked = panel.training.refreshed
    panel.errors.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(panel.errors, Qt.Key.Key_Space)
    assert panel.errors.isChecked()
    assert Predictions() in panel.wants()
    assert panel.training.refreshed == asked + 1
    assert panel.selection.view.errors
    panel.show_snapshot(snapshot())
    assert Predictions() not in panel.wants()


def test_errors_are_the_labels_less_the_predictions(panel):
    panel.errors.setChecked(True)
    shown = answers()
    panel.show_snapshot(shown)
    e = shown.split.train.Y[0] - shown.answer(Predictions()).train.A[0]
    e_test = shown.split.test.Y[0] - shown.answer(Predictions()).test.A[0]
    most = max(np.abs(e).max(), np.abs(e_test).max())
    (train,) = panel.plot.dots
    np.testing.assert_allclose(train.labels, e / most)
    np.testing.assert_allclose(((train.sizes - SMALLEST) / LARGEST) ** 2, np.abs(e) / most)
    assert f"at most {most:.3g}" in panel.legend.text()
    panel.show_test.setChecked(True)
    np.testing.assert_allclose(panel.plot.dots[1].labels, e_test / most)
    panel.plot.hovered.emit(None)
    panel.selection.select_example(4)
    assert f"ŷ = {shown.answer(Predictions()).train.A[0, 4]:.4g}" in panel.readout.text()
    panel.errors.setChecked(False)
    assert panel.plot.dots[0].sizes is None
    assert panel.legend.text() == ""


def test_larger_errors_are_larger_discs_in_the_colour_of_their_side(panel):
    shown = snapshot(LINE, split=line())
    dots = dots_of(shown.split, field_of(shown).plane)
    assert dots is not None
    few = replace(dots, points=np.array([[-1.0, 1.0], [0.0, 0.0]]))
    panel.show_snapshot(shown)
    panel.plot.show_ring(None)
    panel.plot.show_dots((error_dots(few, np.array([0.05, -1.0]), 1.0),))
    seen = panel.plot.grab().toImage()
    way = panel.plot.pixels()
    for x, radius in ((1.0, 5), (-1.0, 0)):
        at = way.map(QPointF(x, 0.0)).toPoint()
        colour = seen.pixelColor(at.x() + radius, at.y())
        if x == 1.0:
            assert colour.rgb() == LIGHT.negative.rgb()
        else:
            edge = seen.pixelColor(at.x() + 5, at.y())
            assert edge.rgb() != colour.rgb()


def test_in_regression_the_surface_is_the_prediction_on_the_scale_of_the_labels():
    split = make_split("bumps", 60, 0.0, 1)
    most = float(np.abs(split.train.Y).max())
    values = np.array([[[-most, 0.0], [most / 2, 2 * most]]])
    seen = prediction_image(values, split, LIGHT)
    expected = image(np.array([[0, 127], [191, 255]], np.uint8), LIGHT)
    assert [seen.pixelColor(x, y).rgb() for y in (0, 1) for x in (0, 1)] == [
        expected.pixelColor(x, y).rgb() for y in (0, 1) for x in (0, 1)
    ]


def test_a_unit_without_limits_labels_its_colours(panel):
    given = project((4, "relu"), (1, "sigmoid"))
    panel.selection.hover_unit((1, 1))
    shown = snapshot(given, unit=(1, 1))
    panel.show_snapshot(shown)
    low, high = shown.answer(UnitMap(1, 1)).ends
    assert panel.plot.picture.scale == (f"{low:.3g}", "0", f"{high:.3g}")
