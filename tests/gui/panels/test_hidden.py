"""The hidden space panel: what is drawn where, which layer and axes, and its animation."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from core.edits import with_data
from core.look.hidden import Hidden, Projector
from core.look.plane import plane_of
from core.look.space import Viewpoint
from core.nn.network import Network
from gui.model.document import Document
from gui.model.selection import Selection
from gui.panels.hidden.panel import HiddenPanel
from gui.style.theme import theme
from tests.gui.hands import draw
from tests.gui.panels.snapshots import answering, blobs, line, project, rows_of, snapshot
from tests.gui.panels.snapshots import still_training as still
from tests.looking import answer_in

LEFT = Qt.MouseButton.LeftButton
TWO = project((2, "tanh"), (1, "sigmoid"), test_share=0.2)
DEEP = project((4, "tanh"), (3, "relu"), (1, "sigmoid"))


@pytest.fixture
def panel(qtbot):
    theme().set_mode("light")
    panel = HiddenPanel(Document(TWO), still(), Selection())
    qtbot.addWidget(panel)
    panel.resize(460, 340)
    with qtbot.waitExposed(panel):
        panel.show()
    yield panel
    theme().set_mode("system")


def answer(panel, of: Any = None, split: Any = None, most: int = 10_000) -> Any:
    """Give the panel what it asks for, of a run that stands at its start."""
    of = panel.document.project if of is None else of
    shown = snapshot(of, split)
    network = Network(shown.sizes, of.activations, of.training.loss)
    plane = plane_of(shown.split)
    projector = Projector(network, shown.split, plane, lambda: None)
    (ask,) = panel.wants()
    found = projector.space(shown.parameters(), ask.viewpoint, shown.iteration, most)
    shown = answering(shown, ask, found)
    panel.show_snapshot(shown)
    return shown


def extents(plane):
    """How far a plane goes along both axes."""
    return np.ptp([plane.x1, plane.x2], axis=1)


def at(panel, example):
    """The pixel of an example."""
    shown = panel.shown
    k = int(np.flatnonzero(shown.examples == example)[0])
    return panel.plot.pixels().map(QPointF(*shown.points[:, k].tolist())).toPoint()


def test_it_asks_for_the_selected_layer_until_one_is_chosen(panel):
    assert panel.wants() == (Hidden(Viewpoint(1)),)
    panel.selection.select_layer(0)
    assert panel.wants() == (Hidden(Viewpoint(0)),)
    panel.layer.chosen.emit("2")
    panel.linear.click()
    panel.selection.select_layer(1)
    assert panel.wants() == (Hidden(Viewpoint(2, linear=True)),)
    assert panel.layer.value == "2"
    panel.layer.chosen.emit("")
    assert panel.wants() == (Hidden(Viewpoint(1, linear=True)),)


def test_two_units_are_the_axes_and_every_dot_is_where_they_say(panel):
    shown = answer(panel)
    p, split = shown.parameters(), shown.split
    A = np.tanh(p.W[1] @ split.train.X + p.b[1])
    assert panel.plot.dots[0].points == pytest.approx(A)
    assert panel.plot.dots[0].labels.tolist() == split.train.Y[0].tolist()
    assert len(panel.plot.dots) == 1
    assert panel.plot.names == ("a₁", "a₂")
    assert panel.card.title == "Hidden space  A[1]"
    panel.linear.click()
    answer(panel)
    assert panel.plot.dots[0].points == pytest.approx(p.W[1] @ split.train.X + p.b[1])
    assert panel.plot.names == ("z₁", "z₂")
    assert panel.card.title == "Hidden space  Z[1]"


def test_axes_are_chosen_by_menu_and_never_both_the_same(panel):
    panel.document.replace(DEEP)
    answer(panel)
    assert panel.across.value == ""
    assert not panel.up.isVisible()
    assert "of the variance" in panel.legend.text()
    panel.across.chosen.emit("2")
    assert panel.selection.view.hidden_axes == (2, 0)
    assert panel.up.isVisible()
    answer(panel)
    assert panel.plot.names == ("a₃", "a₁")
    panel.up.chosen.emit("2")
    assert panel.selection.view.hidden_axes == (0, 2)
    panel.across.chosen.emit("0")
    panel.up.chosen.emit("3")
    assert panel.wants()[0].viewpoint == Viewpoint(1, (0, 3))
    panel.selection.select_layer(2)  # which has no unit 4
    answer(panel)
    assert panel.shown.units is None
    assert not panel.up.isVisible()
    panel.selection.select_layer(1)
    assert panel.up.value == "3"
    panel.across.chosen.emit("")
    assert panel.wants()[0].viewpoint == Viewpoint(1)


def test_principal_axes_follow_those_of_the_frame_before(panel):
    panel.document.replace(DEEP)
    answer(panel)
    assert panel.wants()[0].viewpoint.like is panel.shown.axes
    panel.selection.select_layer(2)
    assert panel.wants()[0].viewpoint.like is None


def test_a_layer_without_a_plane_says_so(panel):
    panel.document.replace(DEEP)
    answer(panel)
    panel.selection.select_layer(3)
    answer(panel)
    assert panel.body.sentence.startswith("Layer 3 has one unit")
    assert not panel.across.isVisible()
    panel.layer.chosen.emit("1")
    answer(panel)
    assert panel.body.sentence == ""


@pytest.mark.parametrize("inputs", [1, 3])
def test_without_a_plane_of_inputs_there_are_points_alone(panel, inputs):
    answer(panel, split=rows_of(inputs))
    assert panel.shown.lattice is None
    assert f"{inputs} input" in panel.legend.text()
    assert "no lattice" in panel.legend.text()
    assert not panel.grab().isNull()


def test_numbers_too_large_get_a_message(panel):
    shown = answer(panel)
    none = replace(
        answer_in(shown, Hidden), points=np.empty((2, 0)), examples=np.empty(0, int), lattice=None
    )
    panel.show_snapshot(answering(shown, panel.wants()[0], none))
    assert "too large" in panel.body.sentence
    panel.show_snapshot(shown)
    assert panel.body.sentence == ""


def test_when_not_all_examples_are_there_it_says_so(panel):
    answer(panel, most=100)
    assert "100 of 400 drawn" in panel.legend.text()


def test_test_examples_are_seen_as_in_the_boundary(panel):
    answer(panel)
    panel.selection.set(test_data=True)
    assert [dots.test for dots in panel.plot.dots] == [False, True]
    panel.selection.set(test_data=False)
    panel.selection.light([3, 330])
    assert [dots.test for dots in panel.plot.dots] == [False, True]
    assert panel.plot.dots[0].lit.tolist() == [3]
    assert panel.plot.dots[1].points.shape == (2, 1)


def test_a_click_selects_the_nearest_example_and_a_key_the_next(panel, qtbot):
    answer(panel)
    qtbot.mouseClick(panel.plot.viewport(), LEFT, pos=at(panel, 17))
    k = panel.selection.example
    assert np.allclose(panel.shown.points[:, k], panel.shown.points[:, 17], atol=0.05)
    assert panel.plot.ring == pytest.approx(tuple(panel.shown.points[:, k]))
    panel.plot.hovered.emit(None)
    assert panel.readout.text().startswith(f"example {k + 1}, y = ")
    qtbot.keyClick(panel.plot, Qt.Key.Key_Right)
    assert panel.selection.example == k + 1
    panel.selection.light([1, 2])
    square = panel.plot.square()
    qtbot.mouseClick(
        panel.plot.viewport(), LEFT, pos=QPoint(int(square.left()) + 3, int(square.top()) + 3)
    )
    assert panel.selection.example is None
    assert not len(panel.selection.lit)


def test_the_line_leaves_each_side_to_its_class(panel):
    answer(panel)
    square, (u, v, c) = panel.plot.square(), panel.shown.line
    picture = panel.plot.grab().toImage()
    blue: dict[bool, list[int]] = {True: [], False: []}
    way = panel.plot.pixels().inverted()[0]
    for x in range(int(square.left()) + 4, int(square.right()) - 4, 9):
        for y in range(int(square.top()) + 4, int(square.bottom()) - 4, 9):
            point = way.map(QPointF(x, y))
            colour = picture.pixelColor(x, y)
            blue[u * point.x() + v * point.y() > c].append(colour.blue() - colour.red())
    assert np.median(blue[True]) > 5
    assert np.median(blue[False]) < -5


@pytest.mark.parametrize(
    "of",
    [
        with_data(project((4, "relu"), (3, "softmax")), source="blobs", classes=3),
        project((3, "tanh"), (1, "linear"), loss="squared_error"),
    ],
)
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_classes_and_values_are_drawn(panel, of, mode):
    theme().set_mode(mode)
    panel.document.replace(of)
    answer(panel, of, blobs(3) if of.network.layers[-1].units == 3 else line())
    assert not panel.plot.grab().isNull()
    assert len(panel.plot.dots) == 1


def test_it_is_animated_at_rest_and_not_during_training(panel, qtbot, monkeypatch):
    monkeypatch.setenv("LAYERWISE_REDUCED_MOTION", "0")
    split = answer(panel).split
    assert not panel.plot.gliding  # from nothing
    before = panel.plot.dots[0].points
    panel.linear.click()
    answer(panel, split=split)
    assert panel.plot.gliding
    assert panel.plot.dots[0].points == pytest.approx(before)
    qtbot.waitUntil(lambda: not panel.plot.gliding)
    assert panel.plot.dots[0].points.tolist() == panel.shown.points[:, :320].tolist()
    panel.training.playing = True
    answer(panel, split=split)
    assert not panel.plot.gliding
    panel.training.playing = False
    monkeypatch.setenv("LAYERWISE_REDUCED_MOTION", "1")
    panel.linear.click()
    answer(panel, split=split)
    assert not panel.plot.gliding
    assert panel.plot.names == ("a₁", "a₂")
    answer(panel)  # other examples are no way on from these
    assert not panel.plot.gliding


def test_bounds_grow_at_once_and_shrink_slowly_during_training(panel):
    panel.document.replace(DEEP)
    shown = answer(panel)
    panel.training.playing = True
    start = extents(panel.plot.plane)
    found = answer_in(shown, Hidden)
    large = replace(found, points=3 * found.points, lattice=3 * found.lattice)
    panel.show_snapshot(answering(shown, panel.wants()[0], large))
    assert extents(panel.plot.plane) == pytest.approx(3 * start)
    panel.show_snapshot(shown)
    after = extents(panel.plot.plane)
    assert (start < after).all()
    assert (after < 3 * start).all()


def test_other_examples_clear_the_picture(panel):
    answer(panel)
    panel.show_snapshot(snapshot(TWO))
    assert panel.shown is None


def test_its_options_are_of_the_view(panel):
    panel.linear.click()
    assert panel.selection.view.hidden_linear
    panel.selection.set(hidden_linear=False, hidden_layer=1, hidden_axes=(1, 0))
    assert not panel.linear.isChecked()
    assert panel.layer.value == "1"
    assert (panel.across.value, panel.up.value) == ("1", "0")


def test_a_lasso_highlights_the_examples_inside_even_during_an_animation(panel):
    answer(panel)
    panel.selection.set(test_data=True)
    shown, plot = panel.shown, panel.plot
    square = plot.square()
    middle = square.center().x()
    corners = [square.topLeft(), QPointF(middle, square.top()), QPointF(middle, square.bottom())]
    draw(plot, [corner.toPoint() for corner in (*corners, square.bottomLeft())])
    x = shown.points[0] * plot.pixels().m11() + plot.pixels().dx()
    inside = set(panel.selection.lit.tolist())
    assert {int(k) for k in shown.examples[x < middle - 1]} <= inside
    assert inside <= {int(k) for k in shown.examples[x < middle + 1]}  # a pixel is a whole one
    assert any(k >= 320 for k in inside)  # test examples too, as they are seen
    assert f"{len(inside)} lit" in panel.legend.text()
