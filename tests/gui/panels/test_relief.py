"""A surface over a square: dragging its point, zooming, turning, and where things are drawn."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from gui.panels.surface.relief import Relief, Surface, _between
from gui.style.theme import theme

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


def bowl(side=11):
    x = np.linspace(-2, 2, side)
    return x, x[:, np.newaxis] ** 2 + x**2


@pytest.fixture
def relief(qtbot):
    theme().set_mode("light")
    made = Relief("Test")
    qtbot.addWidget(made)
    made.resize(300, 300)
    with qtbot.waitExposed(made):
        made.show()
    x, heights = bowl()
    way = np.array([[1.5, 1.0], [1.0, 0.5]])
    made.movable = True
    made.show_surface(Surface(x, x, heights, way, (0.5, -0.5), ("a", "b")))
    yield made
    theme().set_mode("system")


def move(widget, at):
    event = QMouseEvent(
        QEvent.Type.MouseMove, QPointF(at), QPointF(widget.mapToGlobal(at)), LEFT, LEFT, NONE
    )
    QApplication.sendEvent(widget, event)


def test_the_point_is_dragged_and_let_go(relief, qtbot):
    told = []
    relief.dragged.connect(lambda *args: told.append(args))
    start = relief.point_at(0.5, -0.5).toPoint()
    end = relief.point_at(-1.0, 1.0).toPoint()
    qtbot.mousePress(relief, LEFT, pos=start)
    move(relief, end)
    qtbot.mouseRelease(relief, LEFT, pos=end)
    assert [last for _, _, last in told] == [False, True]
    assert told[0][:2] == pytest.approx((-1.0, 1.0), abs=0.03)


def test_what_is_beside_the_point_or_may_not_be_moved_is_not_dragged(relief, qtbot):
    told = []
    relief.dragged.connect(lambda *args: told.append(args))
    qtbot.mousePress(relief, LEFT, pos=relief.point_at(-1.5, 1.5).toPoint())
    move(relief, QPoint(100, 100))
    qtbot.mouseRelease(relief, LEFT, pos=QPoint(100, 100))
    relief.movable = False
    qtbot.mousePress(relief, LEFT, pos=relief.point_at(0.5, -0.5).toPoint())
    move(relief, QPoint(100, 100))
    assert told == []


def test_the_wheel_and_keys_ask_for_other_bounds(relief, qtbot):
    told: list[object] = []
    relief.zoomed.connect(told.append)
    for turn in (120, -120):
        event = QWheelEvent(
            QPointF(50, 50), QPointF(50, 50), QPoint(), QPoint(0, turn), Qt.MouseButton.NoButton,
            NONE, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(relief, event)
    qtbot.keyClick(relief, Qt.Key.Key_Plus)
    qtbot.keyClick(relief, Qt.Key.Key_Minus)
    assert told == [0.8, 1.25, 0.8, 1.25]


def test_the_map_is_darkest_at_its_rim_and_shows_the_way(relief):
    picture = relief.grab().toImage()
    rim = picture.pixelColor(relief.point_at(-1.9, 1.9).toPoint())
    middle = picture.pixelColor(relief.point_at(-0.15, 0.1).toPoint())
    assert rim.lightness() < middle.lightness()
    negative = theme().palette.negative
    way = picture.pixelColor(relief.point_at(1.25, 0.75).toPoint())
    assert abs(way.hue() - negative.hue()) < 20
    assert picture.pixelColor(relief.point_at(0.5, -0.5).toPoint()) == theme().palette.accent


def test_from_the_side_it_is_turned_by_hand_and_by_keys(relief, qtbot):
    relief.look(from_side=True)
    pictures = [relief.grab().toImage()]
    qtbot.mousePress(relief, LEFT, pos=QPoint(100, 100))
    move(relief, QPoint(160, 100))
    qtbot.mouseRelease(relief, LEFT, pos=QPoint(160, 100))
    pictures.append(relief.grab().toImage())
    qtbot.keyClick(relief, Qt.Key.Key_Left)
    pictures.append(relief.grab().toImage())
    assert pictures[0] != pictures[1] != pictures[2]


@pytest.mark.parametrize("from_side", [False, True])
def test_a_flat_surface_and_a_way_outside_are_drawn(relief, from_side):
    x, _ = bowl()
    relief.look(from_side=from_side)
    relief.show_surface(
        Surface(x, x, np.zeros((11, 11)), np.full((3, 2), 50.0), (9.0, 9.0), ("a", "b"))
    )
    assert not relief.grab().isNull()
    relief.show_surface(None)
    assert not relief.grab().isNull()


def test_heights_between_the_points_of_the_grid():
    x = np.linspace(0, 1, 6)
    plane = 3 * x[:, np.newaxis] + 2 * x  # a plane is met exactly
    shares = np.random.RandomState(0).rand(50, 2)
    assert _between(plane, shares) == pytest.approx(2 * shares[:, 0] + 3 * shares[:, 1])
    assert _between(plane, np.array([[1.0, 1.0]])) == pytest.approx([5.0])
