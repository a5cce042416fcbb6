"""The activations panel: histograms and heat map of the selected layer, large and small."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt

from core.look.activations import Activations
from core.nn.activations import ACTIVATIONS
from gui.panels.activations.activity import BINS, MOST_VALUES, activity_of, by_class, histograms
from gui.panels.activations.panel import ActivationsPanel
from gui.panels.activations.plot import MOST_ROWS
from gui.plots.export import uncached
from gui.style.theme import theme
from tests.gui.hands import drawing_of, inked_words
from tests.gui.panels.snapshots import (
    FLOWER,
    answering,
    blobs,
    line,
    project,
    rows_of,
    snapshot,
)


@pytest.fixture
def panel(shown_still):
    return shown_still(ActivationsPanel, 400, 170)


def choose(panel, view):
    panel.view.set_value(view)
    panel.view.chosen.emit(view)


def test_it_asks_for_the_selected_layer_and_again_when_that_changes(panel):
    assert panel.wants() == (Activations(1),)
    before = panel.training.refreshed
    panel.selection.select_layer(2)
    assert panel.wants() == (Activations(2),)
    assert panel.training.refreshed == before + 1


def test_histograms_are_captioned_with_the_share_of_saturated_values(panel):
    shown = snapshot()
    panel.show_snapshot(shown)
    assert panel.card.title == "Layer 1 activations  A[1]"
    share = float((np.abs(shown.answer(Activations(1))[0]) > 0.98).mean())
    assert panel.shown.captions[0].startswith("a₁  sat. ")
    assert f"{100 * share:.0f} %" in panel.shown.captions[0]
    assert (panel.shown.counts.sum(axis=1) == shown.split.train.m).all()
    assert not panel.plot.grab().isNull()


def test_the_inputs_are_layer_0(panel):
    panel.selection.select_layer(0)
    panel.show_snapshot(snapshot(layer=0))
    assert panel.card.title == "Inputs  A[0]"
    assert panel.shown.captions == ("x₁", "x₂")
    panel.show_snapshot(snapshot(FLOWER, rows_of(5), layer=0))
    assert panel.shown.captions[0] == "x₁"


def test_a_snapshot_of_another_layer_is_not_shown_as_this_one(panel):
    panel.show_snapshot(snapshot())
    before = panel.shown
    panel.selection.select_layer(2)
    panel.show_snapshot(snapshot())
    assert panel.shown is before


def test_a_missing_layer_gets_a_message(panel):
    panel.selection.select_layer(7)
    panel.show_snapshot(snapshot())
    assert "Layer 7 was removed" in panel.body.sentence
    panel.selection.select_layer(1)
    panel.show_snapshot(snapshot())
    assert panel.body.sentence == ""


def test_dead_units_are_counted_and_named(panel):
    shown = snapshot(project((8, "relu"), (1, "sigmoid")))
    A = shown.answer(Activations(1))
    A[[2, 5]] = 0.0
    panel.show_snapshot(shown)
    assert panel.readout.text().startswith("2 dead: a₃, a₆")
    assert panel.shown.captions[2] == "a₃  dead"
    assert panel.shown.captions[0].startswith("a₁  zero ")
    assert panel.shown.counts[0].sum() == np.count_nonzero(A[0])


@pytest.mark.parametrize("view", ["histogram", "heat_map"])
@pytest.mark.parametrize("units", [1, 64, 1000])
def test_layers_of_any_size_fit_and_report_units_left_out(panel, view, units):
    choose(panel, view)
    panel.show_snapshot(snapshot(project((units, "relu"), (1, "sigmoid"))))
    assert not panel.plot.grab().isNull()
    left_out = "first" in panel.readout.text()
    room = 3 if view == "histogram" else MOST_ROWS
    assert left_out == (units > room)
    if left_out:
        assert f"of {units:,} units" in panel.readout.text()


def test_the_cursor_reads_a_bin(panel):
    panel.resize(460, 170)  # all four units fit
    shown = snapshot()
    panel.show_snapshot(shown)
    cell = panel.shown.cells(panel.plot.area())[1]
    panel.plot.hovered.emit(QPointF(cell.right() - 0.5, cell.center().y()))
    last = int(((shown.answer(Activations(1))[1] + 1) / 2 * BINS >= BINS - 1).sum())
    m = shown.split.train.m
    assert panel.readout.text() == f"a₂ from 0.92 to 1.00: {last} of {m} examples"
    panel.plot.hovered.emit(None)
    assert panel.readout.text() == "-1 … 1, 320 examples"


def test_the_heat_map_orders_by_class_and_selects_by_a_click(panel, qtbot):
    choose(panel, "heat_map")
    shown = snapshot()
    panel.show_snapshot(shown)
    assert "by class, then index" in panel.readout.text()
    order = panel.shown.ordering.order
    labels = shown.split.train.Y[0, order]
    assert (np.diff(labels) >= 0).all()
    square = panel.plot.area()
    at = QPointF(square.left() + 3, square.top() + 2)
    panel.plot.hovered.emit(at)
    column = int(3 / square.width() * len(order))
    value = shown.answer(Activations(1))[0, order[column]]
    assert panel.readout.text().startswith(f"a₁ = {value:+.4f}"[:9])
    qtbot.mouseClick(panel.plot.viewport(), Qt.MouseButton.LeftButton, pos=at.toPoint())
    assert panel.selection.example == order[column]


def test_classes_and_regression_have_an_order_too():
    split = blobs(3)
    ordering = by_class(split, 1)
    assert [name for name, _, _ in ordering.stretches] == ["0", "1", "2"]
    assert ordering.stretches[-1][2] == split.train.m
    split = line()
    ordering = by_class(split, 2)
    assert (np.diff(split.train.Y[0, ::2][ordering.order]) >= 0).all()


@pytest.mark.parametrize("name", list(ACTIVATIONS))
def test_every_value_is_in_a_bin_for_any_activation(name):
    A = np.random.RandomState(0).randn(3, 200)
    if (limits := ACTIVATIONS[name].limits) is not None:
        A = np.clip(A, *limits)
    activity = activity_of(A, ACTIVATIONS[name])
    assert (histograms(activity, 3).sum(axis=1) == 200).all()
    assert (histograms(activity, 3, zeros=False).sum(axis=1) == (A != 0).sum(axis=1)).all()


def test_a_layer_of_zeros_has_a_range():
    assert histograms(activity_of(np.zeros((2, 5)), None), 2)[:, 0].tolist() == [5, 5]


@pytest.mark.parametrize("name", [None, "linear", "relu", "tanh"])
def test_values_that_are_no_numbers_have_a_bin_too(name):
    A = np.array([[np.nan, np.inf, -np.inf, 1e308, -1e308, 5e-324, 1.0]])
    activity = activity_of(A, None if name is None else ACTIVATIONS[name])
    assert np.isfinite([activity.low, activity.high]).all()
    assert histograms(activity, 1).sum() == 7


def test_rows_that_leave_no_height_for_bars_are_drawn(panel):
    panel.show_snapshot(snapshot())
    for height in range(40, 90):
        panel.plot.resize(200, height)
        panel.plot.restyle()


def test_of_very_many_values_every_kth_example_is_read():
    activity = activity_of(np.zeros((1000, 5000)), ACTIVATIONS["relu"])
    assert activity.values.size <= MOST_VALUES
    assert activity.stride == 10


def test_while_it_trains_fewer_values_are_read_and_it_says_so(panel):
    many = np.random.RandomState(0).rand(4, 100_000)
    shown = answering(snapshot(), Activations(1), many)
    panel.show_snapshot(replace(shown, idle=False))
    assert (panel.shown.counts.sum(axis=1) == 25_000).all()
    assert "1 of every 4 of" in panel.readout.text()
    for resting in (shown, replace(shown, idle=False, waiting=True)):
        panel.show_snapshot(resting)
        assert (panel.shown.counts.sum(axis=1) == 100_000).all()
        assert "1 of every" not in panel.readout.text()


@pytest.mark.parametrize("shape", [(1, 40_000), (3, 7_000), (50, 1_000), (70, 9)])
def test_counts_are_those_of_numpy(shape):
    A = np.tanh(np.random.RandomState(1).randn(*shape))
    found = histograms(activity_of(A, ACTIVATIONS["tanh"]), len(A))
    wanted = [np.histogram(row, BINS, (-1, 1))[0].tolist() for row in A]
    assert found.tolist() == wanted


def words_of(plot):
    """The words that a plot draws, and where their ink is."""
    seen = plot.rect()
    with uncached(plot.scene()):
        return inked_words(drawing_of(lambda to: plot.render(to, QRectF(seen), seen)))


@pytest.mark.parametrize("size", [1.0, 1.5, 2.0])
def test_captions_and_numbers_touch_nothing_at_any_width(panel, size):
    theme().set_text_size(size)
    panel.show_snapshot(snapshot())
    try:
        for width in range(round(260 * size), round(480 * size), 13):
            panel.resize(width, round(170 * size))
            panel.plot.grab()
            words = words_of(panel.plot)
            assert len(words) >= 4
            for (one, place), (other, at) in itertools.combinations(words, 2):
                assert not place.adjusted(-0.5, -0.5, 0.5, 0.5).intersects(at), (one, other, width)
    finally:
        theme().set_text_size(1.0)


def test_it_follows_the_theme(panel):
    panel.show_snapshot(snapshot())
    light = panel.plot.grab().toImage()
    theme().set_mode("dark")
    assert panel.plot.grab().toImage() != light
