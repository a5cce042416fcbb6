"""A weight is edited on the canvas: dragged, typed, stepped, and restored."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core import edits
from core.by_hand import BIAS, Place
from gui.canvas.layout import bias_dot
from gui.canvas.overlay import HoverCard
from gui.canvas.weight_card import WeightCard
from gui.widgets.number_field import NumberField
from tests.gui.canvas.conftest import network
from tests.patience import never_stop

ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def card(canvas) -> WeightCard:
    found = canvas.findChild(WeightCard)
    assert isinstance(found, WeightCard)
    return found


@pytest.fixture
def run(trained, canvas, qtbot):
    """The run after 50 iterations; ask it for what the canvas wants as the window does."""
    canvas.look_changed.connect(trained.refresh)
    return trained


@pytest.fixture
def shown(run, qtbot):
    """Wait until a parameter is shown to have a value, and return it."""

    def wait(place, value):
        now = lambda: run.latest.parameters().Wb[place.layer][place.row, place.column]  # noqa: E731
        qtbot.waitUntil(lambda: run.latest.idle and now() == pytest.approx(value, abs=1e-12))
        return now()

    return wait


def value_of(run, place):
    return float(run.latest.parameters().Wb[place.layer][place.row, place.column])


def focused():
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def keys(text):
    QTest.keyClicks(focused(), text)


def key(which, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(focused(), which, modifier)


def test_a_drag_upwards_is_one_step(run, canvas, pointer, card, document, shown):
    place = Place(1, 2, 1)
    before, w = run.latest, value_of(run, place)
    start = pointer.edge(1, 2, 1)
    pointer.drag(start, start - QPoint(0, 60))
    assert card.isVisible()
    field = card.findChild(NumberField)
    assert field.value > w + 0.3
    assert shown(place, field.value) == field.value  # while the button is still down
    assert run.latest.iteration == 50
    assert not canvas.findChild(HoverCard).isVisible()
    pointer.release(start - QPoint(0, 60))
    assert not card.isVisible()
    assert document.undo_stack.count() == 1
    assert document.undo_stack.undoText() == f"Set w₃₂[1] to {field.value:g}"
    document.undo_stack.undo()
    shown(place, w)
    assert np.array_equal(run.latest.flat, before.flat)
    assert run.latest.train == before.train


def test_the_cost_along_it_is_there_before_letting_go(run, pointer, card, qtbot):
    start = pointer.edge(2, 0, 1)
    pointer.drag(start, start + QPoint(0, 40))
    qtbot.waitUntil(lambda: card.curve.line is not None)
    qtbot.waitUntil(lambda: run.latest.idle and run.latest.by_hand.size == 1)
    line, value = card.curve.line, card.findChild(NumberField).value
    assert card.line.place == Place(2, 0, 1)
    assert line.values[0] < value < line.values[-1]
    assert card.curve.cost_at(value) == pytest.approx(run.latest.train.cost, rel=1e-3)
    card.repaint()
    pointer.release(start + QPoint(0, 40))


def test_esc_during_a_drag_leaves_no_step(run, canvas, pointer, card, document, shown):
    place = Place(1, 0, 0)
    w = value_of(run, place)
    start = pointer.edge(1, 0, 0)
    pointer.drag(start, start - QPoint(0, 50))
    assert document.undo_stack.count() == 1
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    shown(place, w)
    assert document.undo_stack.count() == 0
    assert not card.isVisible()
    pointer.release(start)
    assert document.undo_stack.count() == 0


def test_a_drag_sideways_moves_the_sheet(run, canvas, pointer, document):
    start = pointer.edge(1, 0, 0)
    before = canvas.mapToScene(start)
    pointer.drag(start, start + QPoint(60, 10))
    pointer.release(start + QPoint(60, 10))
    assert document.undo_stack.count() == 0
    assert (canvas.mapToScene(start + QPoint(60, 10)) - before).manhattanLength() < 3


def test_the_dot_of_a_bias_is_dragged_like_a_weight(run, canvas, pointer, card, document, shown):
    x, y, _ = bias_dot(pointer.layout.columns[2].boxes[1])
    dot = canvas.mapFromScene(x, y)
    pointer.drag(dot, dot + QPoint(0, 50))
    value = card.findChild(NumberField).value
    pointer.release(dot + QPoint(0, 50))
    shown(Place(2, 1, BIAS), value)
    assert document.undo_stack.undoText() == f"Set b₂[2] to {value:g}"


def test_a_click_opens_the_card_to_type(run, pointer, card, document, shown, canvas):
    pointer.click(pointer.edge(1, 2, 1))
    assert card.isVisible()
    keys("-0.75")
    key(Qt.Key.Key_Return)
    shown(Place(1, 2, 1), -0.75)
    assert not card.isVisible()
    assert canvas.hasFocus()
    assert document.undo_stack.count() == 1


def test_arrows_step_it_and_all_of_one_opening_is_one_step(run, pointer, card, document, shown):
    place = Place(1, 2, 1)
    w = value_of(run, place)
    pointer.click(pointer.edge(1, 2, 1))
    for _ in range(3):
        key(Qt.Key.Key_Up)
    value = card.findChild(NumberField).value
    assert value > w + 0.1
    shown(place, value)
    keys("2")
    key(Qt.Key.Key_Enter)
    shown(place, 2.0)
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    shown(place, w)


def test_esc_in_the_card_restores_the_value(run, pointer, card, document, shown, canvas):
    place = Place(1, 2, 1)
    w = value_of(run, place)
    pointer.click(pointer.edge(1, 2, 1))
    key(Qt.Key.Key_PageUp)
    assert document.undo_stack.count() == 1
    key(Qt.Key.Key_Escape)
    shown(place, w)
    assert document.undo_stack.count() == 0
    assert not card.isVisible()
    assert canvas.hasFocus()


@pytest.mark.parametrize("typed", ["abc", "1e12", "nan"])
def test_invalid_text_is_refused(run, pointer, card, document, typed):
    pointer.click(pointer.edge(1, 2, 1))
    keys(typed)
    key(Qt.Key.Key_Return)
    assert card.isVisible()
    assert "must be a number from" in card.findChild(NumberField).toolTip()
    assert document.undo_stack.count() == 0
    key(Qt.Key.Key_Escape)


def test_by_keyboard_alone_from_weight_to_weight(run, canvas, card, selection, shown, document):
    selection.select_layer(2)
    QTest.keyClick(canvas, Qt.Key.Key_W)
    assert card.place == Place(2, 0, 0)
    key(Qt.Key.Key_Right, ALT)
    assert card.place == Place(2, 0, 1)
    key(Qt.Key.Key_Down, ALT)
    assert card.place == Place(2, 1, 1)
    for _ in range(3):
        key(Qt.Key.Key_Right, ALT)
    assert card.place == Place(2, 1, BIAS)
    keys("1.5")
    key(Qt.Key.Key_Return)
    shown(Place(2, 1, BIAS), 1.5)
    selection.select_layer(0)
    QTest.keyClick(canvas, Qt.Key.Key_W)
    assert not card.isVisible()


def test_while_it_trains_the_number_is_live_and_can_be_set(run, pointer, card, document, qtbot):
    never_stop(document)
    run.play()
    pointer.click(pointer.edge(1, 2, 1))
    field = card.findChild(NumberField)
    first = field.value
    qtbot.waitUntil(lambda: field.value != first)
    keys("3")
    key(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: run.latest.by_hand.size == 1)
    assert run.playing
    run.pause()
    qtbot.waitUntil(lambda: run.latest.idle)


def test_another_edit_closes_the_card(run, pointer, card, document):
    pointer.click(pointer.edge(1, 2, 1))
    document.edit("Units", edits.set_units(document.project, 1, 2))
    assert not card.isVisible()


def test_the_past_is_not_edited(run, canvas, pointer, card, document, qtbot):
    said: list[str] = []
    canvas.refused.connect(said.append)
    run.visit(20)
    qtbot.waitUntil(lambda: run.latest.iteration == 20 and run.latest.idle)
    start = pointer.edge(1, 2, 1)
    pointer.drag(start, start - QPoint(0, 50))
    pointer.release(start - QPoint(0, 50))
    pointer.click(start)
    assert not card.isVisible()
    assert document.undo_stack.count() == 0
    assert all("viewing an earlier iteration" in sentence for sentence in said)
    assert len(said) == 2


@pytest.mark.parametrize("units", [(64, 64, 1), (1,), (1, 1, 1), (4,) * 9 + (1,)])
@pytest.mark.parametrize("size", [(330, 230), (870, 610), (1700, 1000)])
def test_the_card_stays_inside_the_window(
    units, size, canvas, training, document, selection, card, qtbot
):
    canvas.resize(*size)
    document.replace(network(*units))
    qtbot.waitUntil(lambda: canvas.network.picture.parameter(Place(1, 0, 0)) is not None)
    selection.select_layer(1)
    canvas.edit_weight()
    assert card.isVisible()
    assert canvas.rect().contains(card.geometry())
    card.repaint()
