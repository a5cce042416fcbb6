"""A surface as a map and from the side: dragging its point, zooming, turning, what is drawn."""

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.panels.surface.plot import SurfacePlot
from gui.panels.surface.relief import Surface
from gui.plots.contour import between
from gui.style.theme import theme

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


def bowl(side=11):
    x = np.linspace(-2, 2, side)
    return x, x[:, np.newaxis] ** 2 + x**2


@pytest.fixture
def made(qtbot):
    theme().set_mode("light")

    def make(*, from_side):
        view = SurfacePlot("Test")
        qtbot.addWidget(view)
        view.resize(300, 300)
        with qtbot.waitExposed(view):
            view.show()
        x, heights = bowl()
        way = np.array([[1.5, 1.0], [1.0, 0.5]])
        view.show_surface(Surface(x, x, heights, way, (0.5, -0.5), ("a", "b")))
        view.look(from_side=from_side)
        return view

    yield make
    theme().set_mode("system")


@pytest.fixture
def relief(made):
    return made(from_side=True)


@pytest.fixture
def plan(made):
    view = made(from_side=False)
    view.movable = True
    return view


def move(widget, at):
    event = QMouseEvent(
        QEvent.Type.MouseMove, QPointF(at), QPointF(widget.mapToGlobal(at)), LEFT, LEFT, NONE
    )
    QApplication.sendEvent(widget, event)


def test_the_point_is_dragged_and_let_go(plan, qtbot):
    told = []
    plan.dragged.connect(lambda *args: told.append(args))
    start = plan.point_at(0.5, -0.5).toPoint()
    end = plan.point_at(-1.0, 1.0).toPoint()
    qtbot.mousePress(plan.viewport(), LEFT, pos=start)
    move(plan.viewport(), end)
    qtbot.mouseRelease(plan.viewport(), LEFT, pos=end)
    assert [last for _, _, last in told] == [False, True]
    assert told[0][:2] == pytest.approx((-1.0, 1.0), abs=0.03)


def test_the_point_is_moved_by_the_arrows(plan):
    told = []
    plan.dragged.connect(lambda *args: told.append(args))
    fortieth = 4 / 40  # of the visible range
    QTest.keyClick(plan, Qt.Key.Key_Right)
    QTest.keyClick(plan, Qt.Key.Key_Right)  # from where the first one led, though not drawn yet
    QTest.keyClick(plan, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert np.allclose(told[0][:2], (0.5 + fortieth, -0.5))
    assert np.allclose(told[1][:2], (0.5 + 2 * fortieth, -0.5))
    assert np.allclose(told[2][:2], (0.5 + 2 * fortieth, -0.5 + fortieth / 5))
    assert all(last for _, _, last in told)
    for _ in range(50):
        QTest.keyClick(plan, Qt.Key.Key_Down)
    assert told[-1][1] == plan.seen().top()  # and no further than the map
    plan.movable = False
    QTest.keyClick(plan, Qt.Key.Key_Left)
    assert len(told) == 53


def test_a_drag_away_from_the_point_or_of_a_fixed_point_does_nothing(plan, qtbot):
    told = []
    plan.dragged.connect(lambda *args: told.append(args))
    qtbot.mousePress(plan.viewport(), LEFT, pos=plan.point_at(-1.5, 1.5).toPoint())
    move(plan.viewport(), QPoint(100, 100))
    qtbot.mouseRelease(plan.viewport(), LEFT, pos=QPoint(100, 100))
    plan.movable = False
    qtbot.mousePress(plan.viewport(), LEFT, pos=plan.point_at(0.5, -0.5).toPoint())
    move(plan.viewport(), QPoint(100, 100))
    assert told == []


def turn(widget, at, by):
    event = QWheelEvent(
        QPointF(at), QPointF(widget.mapToGlobal(at)), QPoint(), QPoint(0, by),
        Qt.MouseButton.NoButton, NONE, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


def test_the_map_zooms_at_the_cursor_and_asks_for_the_visible_part(plan, qtbot):
    told: list[Any] = []
    plan.wanted.connect(told.append)
    at = plan.point_at(1.0, 1.0)
    turn(plan.viewport(), at.toPoint(), 120)
    (low, high), (bottom, top) = told[-1]
    assert -2 < low < high < 2
    assert (plan.point_at(1.0, 1.0) - at).manhattanLength() < 2  # it zooms at the cursor
    x = np.linspace(low, high, 11)
    y = np.linspace(bottom, top, 11)
    plan.show_surface(Surface(x, y, np.ones((11, 11)), np.zeros((1, 2)), (1.0, 1.0), ("a", "b")))
    assert not plan.box.zoomed  # it is what was asked for
    qtbot.keyClick(plan, Qt.Key.Key_Minus)
    (wider, _), _ = told[-1]
    assert wider < low
    qtbot.keyClick(plan, Qt.Key.Key_0)
    assert told[-1] is None


def test_from_the_side_the_wheel_and_keys_ask_for_other_ranges(relief, qtbot):
    told: list[Any] = []
    relief.wanted.connect(told.append)
    for nearer, farther in (
        (lambda: turn(relief.viewport(), QPoint(50, 50), 120),
         lambda: turn(relief.viewport(), QPoint(50, 50), -120)),
        (lambda: qtbot.keyClick(relief, Qt.Key.Key_Plus),
         lambda: qtbot.keyClick(relief, Qt.Key.Key_Minus)),
    ):  # fmt: skip
        nearer()
        x, y = told[-1]
        assert x == pytest.approx((-1.5, 1.7))  # around the point
        assert y == pytest.approx((-1.7, 1.5))
        farther()
        farther()
        x, y = told[-1]
        assert x == pytest.approx((0.5 - 2.5 / 0.8, 0.5 + 1.5 / 0.8))
        qtbot.keyClick(relief, Qt.Key.Key_0)
        assert told[-1] is None


def test_the_map_is_darkest_at_its_rim_and_shows_the_way(plan):
    picture = plan.grab().toImage()
    rim = picture.pixelColor(plan.point_at(-1.9, 1.9).toPoint())
    middle = picture.pixelColor(plan.point_at(-0.15, 0.1).toPoint())
    assert rim.lightness() < middle.lightness()
    negative = theme().palette.negative
    at = plan.point_at(1.25, 0.75).toPoint()
    near = [picture.pixelColor(at + QPoint(i, j)) for i in range(-2, 3) for j in range(-2, 3)]
    assert min(abs(colour.hue() - negative.hue()) for colour in near) < 20  # a line of 2 px
    assert picture.pixelColor(plan.point_at(0.5, -0.5).toPoint()) == theme().palette.accent


def test_from_the_side_it_is_turned_by_hand_and_by_keys(relief, qtbot):
    pictures = [relief.grab().toImage()]
    qtbot.mousePress(relief.viewport(), LEFT, pos=QPoint(100, 100))
    move(relief.viewport(), QPoint(160, 100))
    qtbot.mouseRelease(relief.viewport(), LEFT, pos=QPoint(160, 100))
    pictures.append(relief.grab().toImage())
    qtbot.keyClick(relief, Qt.Key.Key_Left)
    pictures.append(relief.grab().toImage())
    assert pictures[0] != pictures[1] != pictures[2]


@pytest.mark.parametrize("from_side", [False, True])
def test_a_flat_surface_and_a_way_outside_are_drawn(made, from_side):
    view = made(from_side=from_side)
    x, _ = bowl()
    for far in (50.0, 1e150):
        way = np.full((3, 2), far)
        view.show_surface(Surface(x, x, np.zeros((11, 11)), way, (9.0, 9.0), ("a", "b")))
        assert not view.grab().isNull()
    view.show_surface(None)
    assert not view.grab().isNull()


def test_heights_between_the_points_of_the_grid():
    x = np.linspace(0, 1, 6)
    plane = 3 * x[:, np.newaxis] + 2 * x  # a plane is met exactly
    columns, rows = np.random.RandomState(0).rand(2, 50)
    assert between(plane, 5 * columns, 5 * rows) == pytest.approx(2 * columns + 3 * rows)
    assert between(plane, np.array([5.0]), np.array([5.0])) == pytest.approx([5.0])
