"""A weight is dragged on the canvas: every number follows, Ctrl+Z restores it, a file keeps it."""

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from core.files import storage
from gui.canvas.layout import bias_dot
from gui.canvas.weight_card import WeightCard
from gui.widgets.number_field import NumberField
from tests.e2e.driver import run_app
from tests.e2e.work import at_rest, saving_to, train
from tests.patience import never_stop

NONE, CONTROL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier


def edge(window, layer, row, column):
    """A place on an edge where no other one is nearer, in whatever layout the window has."""
    path = window.canvas.network.edges[layer - 1].curve(row, column)
    layout = window.canvas.network.picture.layout
    for share in (0.4, 0.45, 0.35, 0.5, 0.3, 0.6, 0.25, 0.7):
        at = window.canvas.mapFromScene(path.pointAtPercent(share))
        spot = window.canvas.mapToScene(at)
        found = layout.edge_at(spot.x(), spot.y())
        if found is not None and (found.layer, found.unit, found.source) == (layer, row, column):
            return at
    raise AssertionError("no place on this edge is its own")


def dot(window, layer, unit):
    x, y, _ = bias_dot(window.canvas.network.picture.layout.columns[layer].boxes[unit])
    return window.canvas.mapFromScene(QPointF(x, y))


def press_and_move(window, start, by):
    viewport = window.canvas.viewport()
    QTest.mouseMove(viewport, start)
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, NONE, start)
    for i in range(1, 7):
        QTest.mouseMove(viewport, start + QPoint(0, round(by * i / 6)))
    return start + QPoint(0, by)


def let_go(window, at):
    QTest.mouseRelease(window.canvas.viewport(), Qt.MouseButton.LeftButton, NONE, at)


def settle(qtbot, window, adjusted, value):
    """Wait until the run rests, adjusted so often at least, with this value of w₂₁[1]."""

    def there():
        latest = window.training.latest
        done = latest.adjusted >= adjusted and parameter(latest, 1, 1, 0) == value
        return at_rest(window) and done

    qtbot.waitUntil(there)
    return window.training.latest


def parameter(snapshot, layer, row, column):
    return float(snapshot.parameters().Wb[layer][row, column])


def test_a_weight_is_dragged_and_every_number_follows(qtbot, tmp_path, monkeypatch):
    path = tmp_path / "mine.layerwise"
    saving_to(monkeypatch, path)

    def script(window):
        window.resize(1600, 1000)  # every unit is drawn, beside the stepper too
        window.start_walk()
        train(qtbot, window, 300)
        qtbot.waitUntil(lambda: window.walk.record is not None)
        before = window.training.latest
        costs = window.training.latest.costs
        card = window.canvas.findChild(WeightCard)
        at = press_and_move(window, edge(window, 1, 1, 0), -70)
        assert card.isVisible()
        qtbot.waitUntil(lambda: card.curve.line is not None)
        value = card.findChild(NumberField).value
        let_go(window, at)
        after = settle(qtbot, window, 1, value)
        assert parameter(after, 1, 1, 0) > parameter(before, 1, 1, 0)
        assert after.train.cost != before.train.cost
        assert np.array_equal(after.costs, costs)  # no point more on the curve
        walked = lambda: window.walk.record.array("W", 1)[1, 0]  # noqa: E731
        qtbot.waitUntil(lambda: walked() == value)
        assert window.isWindowModified()
        assert window.files.save()
        assert not window.isWindowModified()
        QTest.keyClick(window.canvas, Qt.Key.Key_Z, CONTROL)
        undone = settle(qtbot, window, after.adjusted + 1, parameter(before, 1, 1, 0))
        assert np.array_equal(undone.flat, before.flat)
        assert undone.train == before.train
        assert window.isWindowModified()
        window.document.undo_stack.redo()
        redone = settle(qtbot, window, after.adjusted + 2, value)
        assert np.array_equal(redone.flat, after.flat)
        assert not window.isWindowModified()

    assert run_app(script) == 0
    opened_again(path)


def opened_again(path):
    saved = storage.read(path)
    assert saved.state is not None
    found = saved.state.flat[3]  # [W b][1] is (4, 3): the second row begins here

    def again(window):
        latest = window.training.latest
        assert parameter(latest, 1, 1, 0) == found
        assert (latest.iteration, latest.by_hand.tolist()) == (300, [300])
        assert not window.isWindowModified()

    assert run_app(again, [str(path)]) == 0


def test_a_bias_is_typed_during_training_and_the_run_continues(qtbot):
    def script(window):
        never_stop(window.document)
        window.training.play()
        qtbot.waitUntil(lambda: window.training.latest.iteration > 20)
        at = dot(window, 1, 2)
        QTest.mouseMove(window.canvas.viewport(), at)
        QTest.mouseClick(window.canvas.viewport(), Qt.MouseButton.LeftButton, NONE, at)
        field = window.focusWidget()
        QTest.keyClicks(field, "-4")
        QTest.keyClick(field, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: len(window.training.latest.by_hand) == 1)
        assert window.training.playing
        window.training.pause()
        qtbot.waitUntil(lambda: at_rest(window))
        latest = window.training.latest
        assert latest.iteration > latest.by_hand[0]
        assert window.document.undo_stack.undoText() == "Set b₃[1] to -4"
        assert window.isWindowModified()
        window.document.undo_stack.undo()
        qtbot.waitUntil(lambda: len(window.training.latest.by_hand) == 2)
        assert window.isWindowModified()  # Play alone would not lead there again

    assert run_app(script) == 0


def test_in_the_stepper_a_click_still_opens_the_number(qtbot):
    def script(window):
        window.resize(1600, 1000)  # every unit is drawn, beside the stepper too
        window.start_walk()
        train(qtbot, window, 20)
        qtbot.waitUntil(lambda: window.walk.record is not None)
        window.walk.go(1)
        at = edge(window, 1, 1, 0)
        QTest.mouseMove(window.canvas.viewport(), at)
        QTest.mouseClick(window.canvas.viewport(), Qt.MouseButton.LeftButton, NONE, at)
        assert window.walk.entry is not None
        assert (window.walk.entry.target, window.walk.entry.row) == ("W", 1)
        assert not window.canvas.findChild(WeightCard).isVisible()
        value = window.walk.record.value(window.walk.entry)
        let_go(window, press_and_move(window, at, 60))
        qtbot.waitUntil(lambda: at_rest(window) and window.training.latest.by_hand.size == 1)
        qtbot.waitUntil(lambda: window.walk.record.value(window.walk.entry) != value)
        now = parameter(window.training.latest, 1, 1, 0)
        assert window.walk.record.value(window.walk.entry) == now

    assert run_app(script) == 0
