"""The example lens: the chosen example's numbers, other examples, and pulls on a weight."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from core.data.examples import make_split
from core.data.pixels import example_picture
from core.look.boundary import Boundary
from core.walk.entry import Entry
from core.walk.lens import own_gradient, pulls, worst
from gui.model.walk import Walk
from gui.panels.lens.panel import NOTHING, LensPanel
from gui.stepper.lens_rows import MOST_UNITS, rows_of_layers
from gui.style import text
from gui.style.theme import theme
from tests.gui.hands import labels_of, numbers_of
from tests.gui.panels.snapshots import project, snapshot, still_training
from tests.gui.stepper.records import record

DW = Entry("dW", 2, 1, 2)


@pytest.fixture
def panel(document, selection, qtbot):
    walk = Walk()
    made = LensPanel(document, still_training(), selection, walk)
    qtbot.addWidget(made)
    made.resize(450, 430)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def lens_of_flower(panel):
    panel.walk.show(record())
    panel.selection.select_example(7)
    return panel


def shown(panel):
    return {row.label: row for row in panel.values.rows}


def test_without_a_record_it_says_how_to_get_one(panel):
    assert NOTHING in labels_of(panel)
    assert not panel.next.isEnabled()


def test_the_first_example_is_shown_until_one_is_chosen(panel):
    panel.walk.show(record())
    assert panel.card.title == "Example 1 of 400, iteration 20"
    assert panel.selection.example is None


def test_it_is_greyed_during_training(lens_of_flower):
    made = lens_of_flower
    seen = snapshot(project((4, "tanh"), (1, "sigmoid")))
    for iteration, idle, past in ((20, False, False), (31, False, True), (31, True, False)):
        made.show_snapshot(replace(seen, iteration=iteration, idle=idle))
        assert made.veil.isVisible() == past
    assert made.card.title.endswith("iteration 20")


def test_it_shows_the_chosen_example(lens_of_flower):
    rows, made = shown(lens_of_flower), record()
    assert lens_of_flower.card.title == "Example 8 of 400, iteration 20"
    assert list(rows) == ["x", "y", "ŷ", "loss", "dZ[3]"]
    assert [p.text for p in rows["x"].pieces] == [text.number(x) for x in made.A[0][:, 7]]
    assert rows["ŷ"].pieces[0].text == text.number(made.A[3][0, 7])
    assert rows["loss"].pieces[0].text == text.number(made.losses[7])


def test_previous_next_and_worst(lens_of_flower, qtbot):
    for link, wanted in (("next", 8), ("previous", 7), ("worst", worst(record()))):
        qtbot.mouseClick(getattr(lens_of_flower, link), Qt.MouseButton.LeftButton)
        assert lens_of_flower.selection.example == wanted
    lens_of_flower.selection.select_example(399)
    lens_of_flower.next.click()
    assert lens_of_flower.selection.example == 0


def test_every_number_can_be_opened(lens_of_flower, qtbot):
    opened: list[Entry] = []
    lens_of_flower.walk.opened.connect(opened.append)
    for at in numbers_of(lens_of_flower.values):
        qtbot.mouseClick(lens_of_flower.values.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert [entry.target for entry in opened] == ["A", "A", "Y", "A", "loss", "dZ"]
    assert {entry.column for entry in opened} == {7}


def test_an_opened_number_of_an_example_chooses_it(lens_of_flower):
    lens_of_flower.walk.open_number(Entry("dZ", 2, 0, 41))
    assert lens_of_flower.selection.example == 41


def test_an_opened_gradient_shows_its_own_part_and_the_pulls(lens_of_flower):
    lens_of_flower.walk.open_number(DW)
    rows, made = shown(lens_of_flower), record()
    own = own_gradient(made, DW, 7)
    assert rows["its dw₂₃[2]"].value == text.number(own)
    assert rows["mean over 400"].pieces[0].text == text.number(made.value(DW))
    found = pulls(made, DW)
    assert lens_of_flower.down.text() == f"{found.down} examples pull down"
    assert lens_of_flower.up.text() == f"{found.up} pull up"
    assert found.up + found.down <= 400
    lens_of_flower.walk.close_number()
    assert not lens_of_flower.chart.isVisible()
    assert lens_of_flower.hint.isVisible()


def test_a_weight_opened_shows_the_pulls_at_its_gradient(lens_of_flower):
    lens_of_flower.walk.open_number(Entry("W", 2, 1, 2))
    assert "dw₂₃[2]" in lens_of_flower.question.text()


def test_a_bar_leads_to_its_example(lens_of_flower, qtbot):
    lens_of_flower.walk.open_number(DW)
    chart, found = lens_of_flower.chart, pulls(record(), DW)
    left = round(chart.area().left()) + 1
    qtbot.mouseClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(left, 10))
    assert lens_of_flower.selection.example == found.columns[chart.bar_at(left)]
    chart.setFocus()
    qtbot.keyClick(chart, Qt.Key.Key_End)
    assert lens_of_flower.selection.example == found.columns[-1]
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    assert lens_of_flower.selection.example == found.columns[-2]
    assert "example" in chart.accessibleName()


def test_the_bar_under_the_mouse_is_named(lens_of_flower):
    lens_of_flower.walk.open_number(DW)
    chart, found = lens_of_flower.chart, pulls(record(), DW)
    at = chart.area().center()
    chart.hovered.emit(at)
    bar = chart.bar_at(at.x())
    assert chart.toolTip().endswith(text.number(float(found.values[bar])))
    assert text.count(int(found.columns[bar]) + 1) in chart.toolTip()
    chart.hovered.emit(None)
    assert chart.toolTip() == ""


def test_bars_are_on_their_side_of_zero(lens_of_flower):
    lens_of_flower.walk.open_number(DW)
    chart, values = lens_of_flower.chart, pulls(record(), DW).values
    zero = chart.pixels().map(QPointF(0, 0)).y()
    assert chart.rect_of(0).top() >= zero - 1e-9  # px: the two are added up otherwise
    assert zero > chart.rect_of(399).top()
    heights = np.array([chart.rect_of(bar).height() for bar in range(400)])
    assert heights.max() <= chart.height()
    assert heights.argmax() in (0, 399)
    assert len(values) == 400


def test_every_layer_can_be_unfolded(lens_of_flower, qtbot):
    qtbot.mouseClick(lens_of_flower.show_layers, Qt.MouseButton.LeftButton)
    assert lens_of_flower.layers.isVisible()
    rows = lens_of_flower.layers.rows
    assert len(rows) == 8
    assert rows[0].label == "z₁[1] → a₁[1]"
    assert rows[0].pieces[2].entry == Entry("A", 1, 0, 7)
    lens_of_flower.selection.select_example(3)
    assert lens_of_flower.layers.rows[0].pieces[2].entry == Entry("A", 1, 0, 3)
    lens_of_flower.show_layers.click()
    assert not lens_of_flower.layers.isVisible()


def test_a_wide_layer_lists_its_first_units():
    made = record(((64, "tanh"), (1, "sigmoid")), 1)
    rows = rows_of_layers(made, 0)
    assert len(rows) == MOST_UNITS + 2
    assert rows[MOST_UNITS].label.startswith("32 more units of layer 1")


def test_a_batch_names_the_column_and_missing_examples(panel):
    made = record(batch_size=32)
    panel.walk.show(made)
    panel.selection.select_example(int(made.examples[5]))
    assert panel.card.title == f"Example {made.examples[5] + 1} of 400, iteration 20"
    assert panel.missing.text() == "Column 6 of 32 in this batch."
    missing = next(k for k in range(400) if k not in made.examples)
    panel.selection.select_example(missing)
    assert panel.missing.text() == f"Example {missing + 1} is not in this batch of 32."
    panel.next.click()
    assert panel.selection.example == made.examples[1]


def test_the_ring_is_where_the_example_is(lens_of_flower):
    seen = snapshot()
    lens_of_flower.show_snapshot(seen)
    assert lens_of_flower.plane.isVisible()
    lens_of_flower.selection.select_example(3)
    assert lens_of_flower.plane.ring == pytest.approx(tuple(seen.split.points[:, 3]))


def test_it_asks_for_the_picture_at_rest_only(panel):
    assert Boundary() in panel.wants()
    panel.training.playing = True
    assert panel.wants() == ()


def test_several_outputs_and_many_inputs_fit(panel):
    panel.walk.show(record(((4, "tanh"), (4, "softmax")), source="blobs"))
    rows = shown(panel)
    assert rows["ŷ"].pieces[-1].text == "… of 4"


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_it_paints_in_both_looks(lens_of_flower, mode):
    lens_of_flower.show_snapshot(snapshot())
    lens_of_flower.walk.open_number(DW)
    theme().set_mode(mode)
    assert not lens_of_flower.grab().isNull()


def test_an_example_that_is_a_picture_is_shown_as_one(lens_of_flower):
    of = project((4, "tanh"), (10, "softmax"), source="digits")
    seen = snapshot(of, split=make_split("digits", 400, 0.0, 1))
    lens_of_flower.show_snapshot(seen)
    assert lens_of_flower.picture.isVisible()
    assert not lens_of_flower.plane.isVisible()
    grey = example_picture(seen.split, 7)[..., 0]
    image = lens_of_flower.picture.image
    drawn = [[image.pixelColor(x, y).red() for x in range(8)] for y in range(8)]
    assert drawn == grey.tolist()
    lens_of_flower.show_snapshot(snapshot())
    assert not lens_of_flower.picture.isVisible()
    assert lens_of_flower.plane.isVisible()
