"""The lasso: what is inside of a line, and what hand and keys do with it."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QPolygonF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from core.look.plane import Plane
from gui.model.selection import Selection
from gui.plots.lasso import Lasso, around
from gui.plots.square_plot import SquarePlot
from gui.style.theme import theme
from tests.gui.hands import draw, mouse, written_on

LEFT = Qt.MouseButton.LeftButton
NONE, KEY = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier
POINTS = np.array([[-0.5, 0.5, -0.5, 0.5], [-0.5, -0.5, 0.5, 0.5]])
NUMBERS = np.array([0, 1, 7, 9])
COORDINATE = st.integers(-4, 4).map(float)


def pixel(plot, x, y):
    return plot.pixels().map(QPointF(x, y)).toPoint()


def circle(plot, x, y, radius=0.3):
    turns = [2 * math.pi * k / 12 for k in range(13)]
    return [pixel(plot, x + radius * math.cos(t), y + radius * math.sin(t)) for t in turns]


@pytest.fixture
def plot(qtbot):
    theme()
    plot = SquarePlot("Points")
    qtbot.addWidget(plot)
    plot.resize(300, 260)
    with qtbot.waitExposed(plot):
        plot.show()
    return plot


@pytest.fixture
def selection(plot):
    return Selection(plot)


@pytest.fixture
def lasso(plot, selection):
    assert plot.plane == Plane((-1.0, 1.0), (-1.0, 1.0))
    return Lasso(plot, selection, lambda: (POINTS, NUMBERS))


# --- what is inside ---


def turned_by_loops(x, y, corners):
    """How often the closed line turns about a point, by adding up the angles of its sides."""
    turned = 0.0
    for (x1, y1), (x2, y2) in zip(corners, corners[1:] + corners[:1], strict=True):
        angle = math.atan2(y2 - y, x2 - x) - math.atan2(y1 - y, x1 - x)
        turned += (angle + math.pi) % (2 * math.pi) - math.pi
    return round(turned / (2 * math.pi))


@settings(max_examples=60, deadline=None)
@given(arrays(float, (2, 8), elements=COORDINATE), st.integers(0, 2**16))
def test_inside_is_where_the_winding_number_is_not_0(line, seed):
    points = np.random.RandomState(seed).uniform(-5, 5, (2, 40))
    corners = [(float(x), float(y)) for x, y in line.T]
    expected = [turned_by_loops(x, y, corners) != 0 for x, y in points.T.tolist()]
    assert around(points, line).tolist() == expected


def test_inside_is_the_area_qt_fills():
    rng = np.random.RandomState(2)
    points, line = rng.uniform(0, 100, (2, 500)), rng.uniform(0, 100, (2, 30))
    polygon = QPolygonF([QPointF(*corner) for corner in line.T.tolist()])
    filled = [
        polygon.containsPoint(QPointF(*point), Qt.FillRule.WindingFill)
        for point in points.T.tolist()
    ]
    assert around(points, line).tolist() == filled


def test_nothing_is_inside_of_nothing():
    assert not around(POINTS, np.zeros((2, 1))).any()
    assert around(np.empty((2, 0)), np.eye(2)).shape == (0,)


# --- the hand ---


def test_a_line_around_points_highlights_them(plot, lasso, selection):
    draw(plot, circle(plot, -0.5, 0.5))
    assert selection.lit.tolist() == [7]
    draw(plot, circle(plot, 0, 0, 0.95))
    assert selection.lit.tolist() == [0, 1, 7, 9]
    draw(plot, circle(plot, 0, 0, 0.2))
    assert selection.lit.tolist() == []
    assert not lasso.drawing


def test_shift_adds_and_control_or_alt_takes_away(plot, lasso, selection):
    draw(plot, circle(plot, -0.5, 0.5))
    draw(plot, circle(plot, 0.5, 0.5), KEY.ShiftModifier)
    draw(plot, circle(plot, 0.5, -0.5), KEY.ShiftModifier)
    assert selection.lit.tolist() == [1, 7, 9]
    draw(plot, circle(plot, 0.5, 0.5), KEY.ControlModifier)
    assert selection.lit.tolist() == [1, 7]
    draw(plot, circle(plot, -0.5, 0.5), KEY.AltModifier)
    assert selection.lit.tolist() == [1]


def test_with_the_same_keys_a_click_takes_a_single_point(plot, lasso, selection):
    clicked: list[QPointF] = []
    plot.clicked.connect(clicked.append)
    for x, y in ((-0.5, 0.5), (0.5, 0.5), (0.0, 0.0)):
        QTest.mouseClick(plot.viewport(), LEFT, KEY.ShiftModifier, pixel(plot, x, y))
    assert selection.lit.tolist() == [7, 9]
    QTest.mouseClick(plot.viewport(), LEFT, KEY.ControlModifier, pixel(plot, -0.5, 0.5))
    assert selection.lit.tolist() == [9]
    assert clicked == []


def test_a_click_is_the_plots(plot, lasso, selection):
    clicked: list[QPointF] = []
    plot.clicked.connect(clicked.append)
    at = pixel(plot, 0.5, 0.5)
    mouse(plot, QEvent.Type.MouseButtonPress, at)
    assert clicked == []
    mouse(plot, QEvent.Type.MouseMove, at + QPoint(2, 1))  # a hand is never quite still
    mouse(plot, QEvent.Type.MouseButtonRelease, at + QPoint(2, 1))
    assert clicked == [QPointF(at)]
    mouse(plot, QEvent.Type.MouseButtonDblClick, at)
    mouse(plot, QEvent.Type.MouseButtonRelease, at)
    assert clicked == 2 * [QPointF(at)]
    assert selection.lit.tolist() == []


def test_hovering_is_the_plots_unless_a_line_is_drawn(plot, lasso):
    hovered: list[QPointF | None] = []
    plot.hovered.connect(hovered.append)
    mouse(plot, QEvent.Type.MouseMove, pixel(plot, 0, 0), held=False)
    assert len(hovered) == 1
    draw(plot, circle(plot, -0.5, 0.5), let_go=False)
    assert hovered[1:] == [None]


def test_escape_cancels_the_line_and_keeps_the_highlight(plot, lasso, selection):
    selection.light([1])
    draw(plot, circle(plot, -0.5, 0.5), let_go=False)
    assert lasso.drawing
    other = QWidget(plot)
    QTest.keyClick(other, Qt.Key.Key_A)
    assert lasso.drawing
    QTest.keyClick(other, Qt.Key.Key_Escape)  # wherever the focus is
    assert not lasso.drawing
    clicked: list[QPointF] = []
    plot.clicked.connect(clicked.append)
    mouse(plot, QEvent.Type.MouseButtonRelease, pixel(plot, 0, 0))
    assert selection.lit.tolist() == [1]
    assert clicked == []


def test_a_button_let_go_elsewhere_ends_it(plot, lasso, selection):
    draw(plot, circle(plot, -0.5, 0.5), let_go=False)
    mouse(plot, QEvent.Type.MouseMove, pixel(plot, 0, 0), held=False)
    assert not lasso.drawing
    assert selection.lit.tolist() == []
    draw(plot, circle(plot, -0.5, 0.5), let_go=False)
    plot.hide()
    assert not lasso.drawing


def test_other_buttons_pass(plot, lasso):
    QTest.mouseClick(plot.viewport(), Qt.MouseButton.RightButton, NONE, pixel(plot, 0.5, 0.5))
    mouse(plot, QEvent.Type.MouseMove, pixel(plot, -0.5, 0.5))  # pressed elsewhere
    assert not lasso.drawing


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_line_and_how_many_it_holds_are_seen(plot, lasso, mode):
    theme().set_mode(mode)
    before = written_on(plot.scene())
    draw(plot, circle(plot, -0.5, 0.5), let_go=False)
    assert Counter(written_on(plot.scene())) - Counter(before) == {"1": 1}
    seen = plot.grab().toImage()
    lasso.give_up()
    assert plot.grab().toImage() != seen
    theme().set_mode("system")


def test_where_nothing_is_seen_nothing_happens(plot, selection):
    Lasso(plot, selection, lambda: None)
    draw(plot, circle(plot, 0, 0))
    draw(plot, circle(plot, 0, 0)[:1], KEY.ShiftModifier)
    assert selection.lit.tolist() == []


def test_many_points_are_fast():
    points = np.random.RandomState(0).uniform(0, 300, (2, 200_000))
    turns = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    line = 150 + 100 * np.stack([np.cos(turns), np.sin(turns)])
    expected = np.hypot(*(points - 150)) < 100
    assert np.mean(around(points, line) == expected) > 0.999
