"""The boundary panel: what it asks for, shows, reads out, and selects by a click."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QWidget

from core.look.boundary import Boundary
from core.look.plane import plane_of
from core.look.units import UnitMap
from gui.panels.boundary.labels import Legend
from gui.panels.boundary.panel import BoundaryPanel
from gui.plots.dots import MOST, codes_of, dots_of
from gui.plots.prediction import boundary_lines, prediction_image, range_of, value_at
from gui.style.theme import CAPTION, LIGHT, px, theme
from gui.widgets.card import Card
from tests.gui.hands import draw
from tests.gui.panels.snapshots import (
    answering,
    blobs,
    field_of,
    line,
    project,
    snapshot,
    with_field,
)


@pytest.fixture
def panel(shown_still):
    return shown_still(BoundaryPanel, 460, 291)


def pixel(panel, point):
    return panel.plot.pixels().map(QPointF(*map(float, point)))


def rgb(colour):
    return colour.red(), colour.green(), colour.blue()


def colour_at(panel, across, down):
    square = panel.plot.square()
    at = QPointF(
        square.left() + across * square.width(), square.top() + down * square.height()
    ).toPoint()
    return panel.plot.grab().toImage().pixelColor(at)


def test_it_asks_for_a_finer_picture_at_rest_and_for_the_hovered_unit(panel):
    assert panel.wants() == (Boundary(),)
    panel.training.playing = True
    panel.selection.hover_unit((1, 2))
    assert panel.wants() == (UnitMap(1, 2),)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_picture_has_the_colours_of_the_prediction(panel, mode):
    theme().set_mode(mode)
    shown = snapshot()
    left_low = np.linspace(0.0, 1.0, 50) * np.ones((50, 1))
    panel.show_snapshot(with_field(shown, left_low[np.newaxis]))
    low, high = colour_at(panel, 0.02, 0.02), colour_at(panel, 0.98, 0.02)
    assert low.red() > low.blue()
    assert high.blue() > high.red()


def test_discretized_it_shows_no_confidence(panel):
    shown = with_field(snapshot(), np.full((1, 50, 50), 0.6))
    panel.show_snapshot(shown)
    unsure = colour_at(panel, 0.02, 0.02)
    panel.discretize.setChecked(True)
    assert colour_at(panel, 0.02, 0.02).saturation() > unsure.saturation() + 50


def test_test_data_is_shown_by_the_switch_alone(panel):
    panel.show_snapshot(snapshot())
    without = panel.plot.grab().toImage()
    panel.show_test.setChecked(True)
    assert panel.plot.grab().toImage() != without
    panel.show_test.setChecked(False)
    assert panel.plot.grab().toImage() == without


def test_the_switch_rests_where_there_is_no_test_data(panel):
    panel.show_test.setChecked(True)
    panel.document.replace(project((4, "tanh"), (1, "sigmoid")))
    assert not panel.show_test.isEnabled()
    assert not panel.show_test.isChecked()


def test_the_switches_are_reached_and_turned_by_keyboard(panel, qtbot):
    panel.discretize.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(panel.discretize, Qt.Key.Key_Space)
    assert panel.discretize.isChecked()


def test_the_cursor_reads_place_and_probability(panel, qtbot):
    shown = snapshot()
    panel.show_snapshot(shown)
    at = pixel(panel, (1.0, -2.0)).toPoint()
    qtbot.mouseMove(panel.plot.viewport(), at)
    square = panel.plot.square()
    share = (at.x() - square.left()) / square.width(), (at.y() - square.top()) / square.height()
    p = value_at(field_of(shown).values, *share)[0]
    x1, x2 = panel.plot.pixels().inverted()[0].map(QPointF(at)).toTuple()
    assert panel.readout.text().startswith(f"x = ({x1:+.2f}, {x2:+.2f})")
    assert f"P(y=1) = {p:.3f}" in panel.readout.text()
    panel.plot.hovered.emit(None)
    assert panel.readout.text() == ""


def test_a_click_selects_the_nearest_training_example_and_rings_it(panel, qtbot):
    shown = snapshot()
    panel.show_snapshot(shown)
    points = shown.split.points
    k = int(np.hypot(*points).argmax())  # far out, where no other is near
    panel.plot.hovered.emit(None)
    before = panel.plot.grab().toImage()
    at = pixel(panel, points[:, k]).toPoint() + QPoint(1, 1)
    qtbot.mouseClick(panel.plot.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert panel.selection.example == k
    assert f"example {k + 1}" in panel.readout.text()
    panel.plot.hovered.emit(QPointF(at))
    assert f"example {k + 1}" in panel.readout.text()
    assert panel.plot.grab().toImage() != before
    nowhere = panel.plot.square().topLeft().toPoint() + QPoint(2, 2)
    qtbot.mouseClick(panel.plot.viewport(), Qt.MouseButton.LeftButton, pos=nowhere)
    assert panel.selection.example is None
    panel.plot.hovered.emit(None)
    assert panel.plot.grab().toImage() == before


def test_the_arrow_keys_go_round_the_examples(panel, qtbot):
    panel.show_snapshot(snapshot())
    m = snapshot().split.train.m
    qtbot.keyClick(panel.plot, Qt.Key.Key_Right)
    assert panel.selection.example == 0
    qtbot.keyClick(panel.plot, Qt.Key.Key_Left)
    assert panel.selection.example == m - 1


def test_a_hovered_unit_takes_the_picture_and_gives_it_back(panel):
    panel.show_snapshot(snapshot())
    prediction = panel.plot.grab().toImage()
    panel.selection.hover_unit((1, 2))
    assert panel.training.refreshed == 2  # once when shown
    panel.show_snapshot(snapshot(unit=(1, 2)))
    assert panel.card.title == "a₃[1] over the plane"
    assert panel.plot.grab().toImage() != prediction
    panel.selection.hover_unit(None)
    assert panel.card.title == "Decision boundary"
    assert panel.plot.grab().toImage() == prediction


def test_an_input_is_named_by_its_feature(panel):
    panel.selection.hover_unit((0, 1))
    panel.show_snapshot(snapshot(unit=(0, 1)))
    assert panel.card.title == "x₂ over the plane"


def test_a_snapshot_without_a_picture_leaves_the_last_one(panel):
    shown = snapshot()
    panel.show_snapshot(shown)
    before = panel.plot.grab().toImage()
    panel.show_snapshot(answering(shown, Boundary(), None))
    assert panel.plot.grab().toImage() == before


@pytest.mark.parametrize("classes", [3, 10])
def test_classes_have_a_legend_and_are_named_under_the_cursor(panel, classes):
    of = project((4, "tanh"), (classes, "softmax"))
    panel.show_snapshot(snapshot(of, split=blobs(classes)))
    assert panel.legend.text().count("<span") == classes
    panel.plot.hovered.emit(panel.plot.square().center())
    assert "P(" in panel.readout.text()


@pytest.mark.parametrize("classes", [3, 10])
def test_long_names_do_not_push_the_network_aside(panel, classes):
    names = tuple(f"the {j}th of the class names of a table somebody made" for j in range(classes))
    of = project((4, "tanh"), (classes, "softmax"))
    panel.show_snapshot(snapshot(of, split=replace(blobs(classes), class_names=names)))
    assert "the 0th of" in panel.legend.text()
    assert panel.minimumSizeHint().width() < 440
    assert not panel.plot.grab().isNull()


def test_regression_reads_values_and_has_no_boundary(panel):
    of = project((4, "tanh"), (1, "linear"), loss="squared_error")
    shown = snapshot(of, split=line())
    panel.show_snapshot(shown)
    assert len(boundary_lines(field_of(shown).values, "regression")[0]) == 0
    panel.plot.hovered.emit(panel.plot.square().center())
    assert "ŷ = " in panel.readout.text()
    assert panel.legend.text() == ""
    assert panel.card.title == "Prediction"


def test_in_regression_picture_and_dots_share_one_scale(panel):
    split = line()
    low, high = range_of(split)
    assert (low, high) == (-np.abs(split.train.Y).max(), np.abs(split.train.Y).max())
    right = np.broadcast_to(split.train.Y[0, 0], (1, 20, 20))
    seen = rgb(prediction_image(right, split, LIGHT).pixelColor(0, 0))
    plane = plane_of(split)
    assert plane is not None
    dots = dots_of(split, plane)
    assert dots is not None
    dot = rgb(QColor.fromRgb(int(codes_of(dots, LIGHT)[0])))
    assert max(abs(a - b) for a, b in zip(seen, dot, strict=True)) <= 2


def test_of_many_examples_some_are_drawn_and_the_panel_says_so(panel):
    of = project((4, "tanh"), (1, "sigmoid"), examples=5000)
    shown = snapshot(of)
    panel.show_snapshot(shown)
    assert f"{MOST:,} of 5,000 drawn" in panel.legend.text()
    dots = dots_of(shown.split, field_of(shown).plane)
    assert dots is not None
    dimmed, others = dots.drawn()
    assert (len(dimmed), len(set(others.tolist()))) == (0, MOST)


def test_highlighted_examples_stand_out_and_the_others_are_dimmed(panel, qtbot):
    panel.show_snapshot(snapshot())
    points = snapshot().split.points
    before = panel.plot.grab().toImage()
    k = int(np.hypot(*points).argmax())
    panel.selection.light([k])
    lit = panel.plot.grab().toImage()
    other = int(np.hypot(*(points - points.mean(axis=1, keepdims=True))).argsort()[-20])
    at, there = (pixel(panel, points[:, i]).toPoint() for i in (k, other))
    assert lit.pixelColor(at) == before.pixelColor(at)
    assert lit.pixelColor(there) != before.pixelColor(there)
    panel.plot.hovered.emit(None)
    assert panel.readout.text() == "1 lit"
    nowhere = panel.plot.square().topLeft().toPoint() + QPoint(2, 2)
    qtbot.mouseClick(panel.plot.viewport(), Qt.MouseButton.LeftButton, pos=nowhere)
    assert not len(panel.selection.lit)
    panel.plot.hovered.emit(None)
    assert panel.plot.grab().toImage() == before


def test_highlighted_test_examples_are_shown_even_if_others_are_hidden(panel):
    panel.show_snapshot(snapshot())
    assert [dots.test for dots in panel.plot.dots] == [False]
    split = snapshot().split
    panel.selection.light([0, split.train.m + 3, split.train.m + 5])
    train, test = panel.plot.dots
    assert train.lit.tolist() == [0]
    assert np.array_equal(test.points, split.test_points[:, [3, 5]])
    panel.show_test.setChecked(True)
    assert panel.plot.dots[1].points.shape[1] == split.test.m
    assert panel.plot.dots[1].lit.tolist() == [3, 5]


def test_of_many_examples_all_highlighted_ones_are_drawn():
    of = project((4, "tanh"), (1, "sigmoid"), examples=5000)
    shown = snapshot(of)
    dots = dots_of(shown.split, field_of(shown).plane, lit=np.arange(4000, 5000))
    assert dots is not None
    dimmed, lit = dots.drawn()
    assert set(lit.tolist()) == set(range(4000, 5000))
    assert len(dimmed) == MOST - 1000
    assert not set(dimmed.tolist()) & set(lit.tolist())


def test_it_follows_the_theme(panel):
    panel.show_snapshot(snapshot())
    light = panel.plot.grab().toImage()
    theme().set_mode("dark")
    assert panel.plot.grab().toImage() != light
    theme().set_mode("light")
    assert theme().palette is LIGHT
    assert panel.plot.grab().toImage() == light


@pytest.mark.parametrize("test_data", [False, True])
def test_a_lasso_highlights_the_examples_inside(panel, test_data):
    shown = snapshot()
    panel.show_snapshot(shown)
    panel.show_test.setChecked(test_data)
    split, square = shown.split, panel.plot.square()
    middle = square.center().x()
    corners = [square.topLeft(), QPointF(middle, square.top()), QPointF(middle, square.bottom())]
    draw(panel.plot, [corner.toPoint() for corner in (*corners, square.bottomLeft())])
    limit = panel.plot.pixels().inverted()[0].map(QPointF(corners[1].toPoint())).x()
    inside = [k for k in range(split.train.m) if split.points[0, k] < limit]
    if test_data:
        others = range(split.test.m)
        inside += [split.train.m + k for k in others if split.test_points[0, k] < limit]
    assert panel.selection.lit.tolist() == inside
    assert panel.selection.example is None


def test_highlighted_test_examples_can_be_removed_even_if_others_are_hidden(panel):
    shown = snapshot()
    panel.show_snapshot(shown)
    panel.selection.light([1, 320, 325])
    square = panel.plot.square()
    corners = (square.topLeft(), square.topRight(), square.bottomRight(), square.bottomLeft())
    whole = [corner.toPoint() for corner in corners]
    draw(panel.plot, whole, Qt.KeyboardModifier.ControlModifier)
    assert not len(panel.selection.lit)


def test_a_click_is_no_line(panel, qtbot):
    shown = snapshot()
    panel.show_snapshot(shown)
    panel.selection.light([5, 6])
    at = pixel(panel, shown.split.points[:, 5]).toPoint()
    draw(panel.plot, [at, at + QPoint(1, 1)])
    assert panel.selection.example is not None
    assert panel.selection.lit.tolist() == [5, 6]
    corner = panel.plot.square().topLeft().toPoint() + QPoint(2, 2)
    draw(panel.plot, [corner])
    assert panel.selection.example is None
    assert not len(panel.selection.lit)


@pytest.mark.parametrize(
    ("width", "classes", "below"),
    [(460, 2, False), (390, 2, True), (460, 10, True), (900, 10, False)],
)
def test_the_legend_takes_room_from_the_plot_only_where_the_title_has_none(
    panel, width, classes, below
):
    of = project((4, "tanh"), (classes, "softmax"))
    panel.show_snapshot(snapshot(of, split=blobs(classes)) if classes > 2 else snapshot())
    layout_of(panel)
    panel.resize(width, 400)
    layout_of(panel)
    assert panel.legend.isVisible()
    assert (panel.legend.y() > panel.plot.height()) == below, panel.width()
    assert panel.rect().contains(panel.legend.geometry())
    assert panel.legend.width() >= (0 if below else panel.legend.sizeHint().width())
    panel.plot.hovered.emit(panel.plot.square().center())
    before = panel.plot.height()
    layout_of(panel)
    assert panel.readout.isVisible()
    assert panel.plot.height() == before  # pointing moves nothing


@pytest.mark.parametrize("height", [260, 400, 700])
def test_words_on_a_selection_cover_no_number_of_the_axis(panel, height):
    panel.show_snapshot(snapshot())
    panel.resize(460, height)
    layout_of(panel)
    before = panel.plot.height()
    for select in (lambda s: s.select_example(3), lambda s: s.light([1, 2])):
        select(panel.selection)
        layout_of(panel)
        numbers = panel.plot.axes["bottom"].geometry().toRect()
        words = panel.readout.geometry()  # both in the widget that holds the plots
        assert panel.readout.isVisible()
        assert not words.intersects(numbers)
        panel.selection.select_example(None)
    layout_of(panel)
    assert panel.plot.height() == before


def layout_of(panel):
    """Let Qt lay out what has changed."""
    for _ in range(3):
        QApplication.sendPostedEvents()


def test_the_legend_keeps_the_text_size_where_it_moves(qtbot):
    theme()
    card = Card("Decision boundary")
    host = QWidget()
    card.fill(host)
    legend = Legend(card)
    qtbot.addWidget(host)
    legend.say("one class and another class of it")
    host.resize(700, 300)
    host.show()
    try:
        theme().set_text_size(1.5)
        for width in (300, 900, 300):
            host.resize(width, 300)
            assert legend.font().pixelSize() == px(CAPTION)
    finally:
        theme().set_text_size(1.0)
