"""The timeline's handle: it follows the mouse and the keys at once, the run follows it."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from gui.panels.cost.timeline_bar import TimelineBar
from gui.style.theme import theme
from tests.gui.hands import collected, handle_of

KEY, LEFT = Qt.Key, Qt.MouseButton.LeftButton
LEFT_END, WIDTH, END = 40, 500, 1000  # of the scale: px, px, iterations


def pixel(iteration):
    return LEFT_END + iteration / END * WIDTH


@pytest.fixture
def bar(qtbot):
    theme()
    bar = TimelineBar()
    qtbot.addWidget(bar)
    bar.resize(540, 20)
    bar.show_scale(LEFT_END, WIDTH, END)
    bar.show_run(0, 1000, 1000)
    bar.show()
    return bar


def press(qtbot, bar, iteration):
    qtbot.mouseClick(bar, LEFT, pos=QPoint(round(pixel(iteration)), 10))


def test_the_handle_stays_where_it_was_put_until_that_is_seen(bar, qtbot):
    moved = collected(bar.moved)
    press(qtbot, bar, 400)
    bar.show_run(0, 1000, 1000)  # asked for before that
    assert handle_of(bar) == 400
    press(qtbot, bar, 200)
    bar.show_run(0, 1000, 400)
    assert handle_of(bar) == 200
    bar.show_run(0, 1000, 200)
    bar.show_run(0, 1000, 300)  # of itself: it is played
    assert handle_of(bar) == 300
    assert moved == [400, 200]


def test_no_key_press_is_lost_while_the_run_follows(bar, qtbot):
    bar.show_run(0, 1000, 500)
    for _ in range(3):
        qtbot.keyClick(bar, KEY.Key_Left)
        bar.show_run(0, 1000, 500)
    assert handle_of(bar) == 497
    qtbot.keyClick(bar, KEY.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert handle_of(bar) == 517
    qtbot.keyClick(bar, KEY.Key_Home)
    assert handle_of(bar) == 0


@pytest.mark.parametrize("then", [(0, 1000, 1000), (0, 1001, 1001), (0, 300, 300)])
def test_the_end_of_a_visit_moves_the_handle(bar, qtbot, then):
    press(qtbot, bar, 400)
    bar.show_run(0, 1000, 380)
    bar.show_run(*then)
    assert handle_of(bar) == then[2]


def move(bar, iteration):
    at = QPointF(pixel(iteration), 10)
    none, key = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(bar, QMouseEvent(QEvent.Type.MouseMove, at, at, none, LEFT, key))


def test_passed_iterations_are_distinct_from_where_the_mouse_rests(bar, qtbot):
    passed, moved = collected(bar.passed), collected(bar.moved)
    qtbot.mousePress(bar, LEFT, pos=QPoint(round(pixel(600)), 10))
    for iteration in (500, 400, 300):
        move(bar, iteration)
    assert (passed, moved) == ([600, 500, 400, 300], [])
    qtbot.waitUntil(lambda: moved == [300])  # held still
    move(bar, 200)
    qtbot.mouseRelease(bar, LEFT)
    assert moved == [300, 200]
    qtbot.keyClick(bar, KEY.Key_Left)
    assert moved == [300, 200, 199]
    assert passed == [600, 500, 400, 300, 200]


def test_b_goes_to_the_best_if_that_can_be_said(bar, qtbot):
    moved, plain = collected(bar.moved), bar.grab().toImage()
    qtbot.keyClick(bar, KEY.Key_B)
    bar.show_best(640)
    assert bar.grab().toImage() != plain
    qtbot.keyClick(bar, KEY.Key_B)
    assert moved == [640]
    assert "iteration 640" in bar.toolTip()
    bar.show_best(None)
    assert "B " not in bar.toolTip()


def test_a_click_on_the_mark_of_the_best_goes_right_there(bar, qtbot):
    passed = collected(bar.passed)
    bar.show_best(643)
    place = QPoint(round(pixel(643)) + 2, bar.height() // 2)
    qtbot.mousePress(bar, LEFT, pos=place)
    assert passed == [643]
    move(bar, 500)
    assert passed[-1] == 500
