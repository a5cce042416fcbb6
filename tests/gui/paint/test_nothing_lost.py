"""Painting on a blank sheet, to the last point, and while it trains: nothing is lost."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QTimer

from core import edits
from core.data.own import own_data
from core.data.painting import LAST_POINT
from core.data.sheet import Sheet
from core.look.plane import plane_of
from core.training.data_source import split_of
from tests.gui.paint.conftest import LEFT, SIXTY, Hand, painted, told
from tests.patience import never_stop

# --- a blank sheet ---


def test_a_blank_sheet_begins_with_the_first_stroke(
    qtbot, hand, window, painter, document, training
):
    qtbot.mouseClick(window.tools.blank, LEFT)
    assert painter.blank
    assert document.undo_stack.count() == 0  # nothing is lost yet
    window.surface.grab()
    qtbot.mouseClick(window.tools.blank, LEFT)
    assert not painter.blank
    qtbot.mouseClick(window.tools.blank, LEFT)
    hand.click(1, 1)
    assert painted(training).m == 1
    assert not painter.blank
    assert not window.tools.blank.isChecked()
    document.undo_stack.undo()
    assert document.project.data.source == "flower"


@pytest.mark.parametrize(("source", "reason"), [("plane", "real numbers"), ("parity", "4 inputs")])
def test_unpaintable_data_begin_a_blank_sheet_and_say_why(
    qtbot, window, painter, document, training, source, reason
):
    document.edit("", edits.choose_source(document.project, source))
    qtbot.waitUntil(lambda: training.latest.project == document.project)
    said = told(painter)
    painter.start()
    assert painter.blank
    assert reason in said[0]
    hand = Hand(window)
    hand.click(1, 1)
    assert painted(training).m == 1
    assert document.project.sizes() == (2, 4, 1)
    assert document.project.activations[-1] == "sigmoid"


def test_data_with_one_input_begin_a_blank_sheet(qtbot, window, painter, document, training):
    own = own_data([[0.0, 1.0, 2.0]], [[0.0, 1.0, 1.0]], "one number")
    training.bring(own)
    document.edit("", edits.choose_own(document.project, own))
    qtbot.waitUntil(lambda: plane_of(training.latest.split).is_line)
    said = told(painter)
    painter.start()
    assert painter.blank
    assert "has 1 input," in said[0]
    hand = Hand(window)
    hand.click(1, 1)
    assert painted(training).m == 1
    assert document.project.sizes()[0] == 2


# --- nothing crashes and nothing is lost ---


def test_the_last_point_stays_with_one_message(qtbot, hand, painter, training):
    said = told(painter)
    painter.choose_tool("eraser")
    painter.choose_radius(0.2)
    lines = [(-4.2, y) if i % 2 else (4.2, y) for i, y in enumerate(np.linspace(-4.2, 4.2, 8))]
    hand.stroke(*[place for line in lines for place in (line, (-line[0], line[1]))], steps=3)
    assert painted(training).m == 1
    assert said == [LAST_POINT]
    qtbot.waitUntil(lambda: training.latest.split.train.m == 1)
    training.step(3)
    qtbot.waitUntil(lambda: training.latest.iteration == 3 and training.latest.idle)
    assert np.isfinite(training.latest.costs).all()


def test_undo_in_the_middle_of_a_stroke_ends_it(hand, document, training, painter):
    hand.press(0, 0)
    hand.move(1, 1)
    document.undo_stack.undo()
    hand.move(2, 2)
    hand.release(3, 3)
    assert document.project.data.own is None
    assert not painter.drawing
    assert not painter.fresh
    hand.click(1, 1)
    assert painted(training).m == 61


def test_another_data_set_is_painted_on_at_once(hand, document, training):
    document.edit("", edits.choose_source(document.project, "moons"))
    hand.click(0, 0)  # before the run has told of its plane
    painting = painted(training)
    assert painting.m == 61
    assert painting.sheet.began == "moons"
    assert np.array_equal(
        painting.table()[:2, :60], split_of(edits.choose_source(SIXTY, "moons")).train.X
    )


def test_fresh_points_are_shown_at_once_and_removed_when_learned(qtbot, hand, painter, window):
    hand.press(1, 1)
    assert len(painter.fresh) == 1
    before = window.surface.grab().toImage()
    qtbot.waitUntil(lambda: not painter.fresh)
    assert window.surface.grab().toImage() != before
    hand.release(1, 1)


# --- while it trains ---


def test_the_run_continues_with_the_new_points(qtbot, hand, training, document):
    never_stop(document)
    training.play()
    qtbot.waitUntil(lambda: training.latest.iteration > 100)
    for i in range(5):
        before = training.latest.iteration
        hand.stroke((-3, i - 2), (3, i - 2))
        assert training.playing
        m = painted(training).m
        qtbot.waitUntil(
            lambda m=m: training.latest.split.train.m == m and training.is_current(training.latest)
        )
        assert training.latest.iteration >= before
        costs = training.latest.costs
        assert len(costs) == training.latest.iteration
        assert np.isfinite(costs).all()
    training.pause()


def test_weights_stay_over_a_stroke_and_its_undo(qtbot, hand, training, document):
    training.step(200)
    qtbot.waitUntil(lambda: training.latest.idle and training.latest.iteration == 200)
    flat = training.latest.flat.copy()
    hand.click(1, 1)
    qtbot.waitUntil(lambda: training.latest.split.train.m == 61 and training.latest.idle)
    assert training.latest.iteration == 200
    assert np.array_equal(training.latest.flat, flat)
    document.undo_stack.undo()
    qtbot.waitUntil(lambda: training.latest.split.train.m == 60 and training.latest.idle)
    assert np.array_equal(training.latest.flat, flat)
    training.reset()
    qtbot.waitUntil(lambda: training.latest.iteration == 0)
    assert not np.array_equal(training.latest.flat, flat)


# --- what a long history takes ---


@pytest.mark.slow
def test_a_long_history_drops_unreachable_data(hand, document, training, painter):
    (flush,) = painter.findChildren(QTimer)
    for i in range(150):
        painter.begin_stroke((i / 50 - 1.5, 1.0))
        for step in range(6):
            painter.draw_to((i / 50 - 1.5, 1.0 - step / 5))
            flush.timeout.emit()
        painter.end_stroke()
    assert document.undo_stack.count() == 150
    assert training.data_cache.count < 2 * 151 + 2 * 64  # and not 150 * 7
    for _ in range(150):
        document.undo_stack.undo()
    assert document.project.data.own is None
    for _ in range(150):
        document.undo_stack.redo()
    assert painted(training).m > 210


def test_sheets_and_pixels_are_two_ways_of_saying_the_same(hand, window, painter):
    for place in ((-4.0, 3.0), (0.0, 0.0), (4.2, -4.2)):
        there = window.surface.to_sheet(window.surface.to_pixels(place))
        assert there == pytest.approx(place)
    way = window.boundary.plot.pixels()
    assert way.map(QPointF(1.0, 2.0)).x() == pytest.approx(window.surface.to_pixels((1, 2)).x())
    assert isinstance(painter.sheet, Sheet)
