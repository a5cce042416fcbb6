"""Going back in a run: drag the timeline, every panel follows; continue from there; play it."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from core.edits import choose_source, set_units, with_training
from core.look.trace import TraceOf
from core.training import loop
from core.training.session import Session
from core.walk.entry import Entry
from gui.files import open_save as files
from gui.style import text
from tests.e2e.driver import run_app
from tests.e2e.work import train
from tests.gui.hands import handle_of
from tests.looking import answer_in

KEY, LEFT = Qt.Key, Qt.MouseButton.LeftButton


def at(cost, iteration):
    """Where an iteration is on the timeline under the plot of the cost."""
    left, width, end = cost.plot.scale
    return QPoint(round(left + iteration / end * width), cost.timeline.height() // 2)


def drag_to(widget, to):
    """Move the mouse, its left button held down; QTest's own move holds none."""
    point = QPointF(to)
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        point,
        QPointF(widget.mapToGlobal(to)),
        Qt.MouseButton.NoButton,
        LEFT,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(widget, event)


def seen(qtbot, window, iteration):
    """Wait until an iteration is seen, and return its snapshot."""
    training = window.training
    qtbot.waitUntil(lambda: training.latest.idle and training.latest.iteration == iteration)
    return training.latest


def after(project, iterations):
    session = Session(project)
    for _ in range(iterations):
        session.step()
    return session


def test_drag_back_every_panel_follows_and_continue_from_there(qtbot):
    def script(window):
        train(qtbot, window, 500)
        now = window.training.latest
        window.docks["cost"].raise_()
        cost = window.panels["cost"]
        bar = cost.timeline
        qtbot.mousePress(bar, LEFT, pos=at(cost, 500))
        for iteration in (400, 250, 120):
            drag_to(bar, at(cost, iteration))
        qtbot.mouseRelease(bar, LEFT, pos=at(cost, 120))
        i = handle_of(bar)
        assert abs(i - 120) < 10
        then = seen(qtbot, window, i)
        assert np.array_equal(then.flat, after(now.project, i).p.flat)
        assert window.run_bar.iteration.text == str(i)
        assert window.panels["cost"].past.isVisible()
        window.start_walk()
        qtbot.waitUntil(
            lambda: window.walk.record is not None and window.walk.record.iteration == i
        )
        qtbot.keyClick(bar, KEY.Key_Right)
        seen(qtbot, window, i + 1)
        window.training.step()  # in the past a step shows the next iteration
        seen(qtbot, window, i + 2)
        qtbot.keyClick(bar, KEY.Key_End)
        back = seen(qtbot, window, 500)
        assert np.array_equal(back.flat, now.flat)
        assert len(back.costs) == 500

        qtbot.keyClick(bar, KEY.Key_Home)
        seen(qtbot, window, 0)
        window.training.visit(200)
        seen(qtbot, window, 200)
        qtbot.mouseClick(window.panels["cost"].past.go_on, LEFT)
        branch = seen(qtbot, window, 200)
        qtbot.waitUntil(lambda: window.training.latest.newest == 200)
        train(qtbot, window, 50)
        branch = window.training.latest
        assert np.array_equal(branch.flat, after(now.project, 250).p.flat)
        assert np.array_equal(branch.costs, now.costs[:250])

    assert run_app(script) == 0


def test_play_and_an_edit_end_the_visit(qtbot):
    def script(window):
        train(qtbot, window, 300)
        window.training.visit(100)
        seen(qtbot, window, 100)
        document = window.document
        document.edit("Rate", with_training(document.project, learning_rate=0.5))
        seen(qtbot, window, 300)
        window.training.visit(100)
        seen(qtbot, window, 100)
        window.training.play()
        qtbot.waitUntil(lambda: window.training.latest.iteration > 300)
        window.training.pause()

    assert run_app(script) == 0


def test_saving_during_a_visit_saves_the_run(qtbot, tmp_path):
    def script(window):
        train(qtbot, window, 300)
        flat = window.training.latest.flat
        window.training.visit(100)
        seen(qtbot, window, 100)
        saved = window.files.gather(60.0)
        assert saved.state.iteration == 300
        assert np.array_equal(saved.state.flat, flat)

    assert run_app(script) == 0


def test_a_visited_iteration_is_drawn_once(qtbot, monkeypatch):
    monkeypatch.setattr(loop, "SOON", 60.0)

    def script(window):
        train(qtbot, window, 300)
        window.docks["stepper"].bring()
        training = window.training
        qtbot.waitUntil(lambda: training.standing is not None and not training.busy)
        drawn = []
        training.arrived.connect(lambda snapshot: drawn.append(snapshot.iteration))
        for iteration in (250, 120, 121, 80):
            training.visit(iteration)
            seen(qtbot, window, iteration)
            qtbot.waitUntil(lambda: not training.busy)
        assert drawn == [250, 120, 121, 80]
        assert window.walk.record.iteration == 80

    assert run_app(script) == 0


def test_the_run_is_played_again(qtbot):
    def script(window):
        train(qtbot, window, 20)
        panel = window.panels["cost"]
        window.docks["cost"].raise_()
        panel.playback.pace = 0  # each iteration, however long it takes: no clock decides
        shown = []
        window.training.arrived.connect(lambda snapshot: shown.append(snapshot.iteration))
        qtbot.mouseClick(panel.again, LEFT)
        assert panel.playback.playing
        qtbot.waitUntil(lambda: not panel.playback.playing)
        assert list(dict.fromkeys(shown)) == list(range(21))
        panel.playback.pace = 2
        qtbot.mouseClick(panel.again, LEFT)
        qtbot.mouseClick(panel.again, LEFT)
        assert not panel.playback.playing

    assert run_app(script) == 0


def test_click_a_weight_its_value_over_the_run(qtbot):
    def script(window):
        train(qtbot, window, 300)
        project, panel, canvas = window.document.project, window.panels["cost"], window.canvas
        window.docks["cost"].raise_()
        path = canvas.network.edges[0].curve(2, 1)
        at = canvas.mapFromScene(path.pointAtPercent(0.4))
        for point in (at + QPoint(1, 0), at):
            qtbot.mouseMove(canvas.viewport(), point)
        qtbot.mouseClick(canvas.viewport(), LEFT, pos=at)
        qtbot.waitUntil(panel.traced.isVisible)
        assert panel.traced.name.text() == "w₃₂[1]"
        trace = answer_in(window.training.latest, TraceOf)
        assert trace.values[40] == after(project, 40).p.W[1][2, 1]
        window.training.visit(120)
        then = seen(qtbot, window, 120)
        assert text.number(then.parameters().W[1][2, 1]) in panel.readout.text()

        window.start_walk()
        qtbot.waitUntil(lambda: window.walk.record is not None)
        window.walk.open_number(Entry("dW", 2, 0, 3))
        qtbot.waitUntil(lambda: panel.traced.name.text() == "w₁₄[2]")
        window.walk.open_number(Entry("b", 1, 1))
        qtbot.waitUntil(lambda: panel.traced.name.text() == "b₂[1]")
        window.walk.open_number(Entry("A", 1, 0, 7))
        assert window.files.gather(60.0).view.traced == (1, 1, -1)
        qtbot.mouseClick(panel.traced.cross, LEFT)
        assert not panel.traced.isVisible()

    assert run_app(script) == 0


@pytest.mark.slow
def test_a_run_that_is_opened_again_can_be_gone_back_in_from_there_on(qtbot, tmp_path, monkeypatch):
    path = tmp_path / "run.layerwise"

    def save(window):
        train(qtbot, window, 120)
        monkeypatch.setattr(files, "ask_save", lambda *_: path)
        assert window.files.save_as()

    def script(window):
        train(qtbot, window, 60)
        cost = window.panels["cost"]
        bar = cost.timeline
        window.docks["cost"].raise_()
        assert bar.isVisible()
        qtbot.keyClick(bar, KEY.Key_Home)
        seen(qtbot, window, 120)
        window.training.visit(150)
        then = seen(qtbot, window, 150)
        assert np.array_equal(then.flat, after(window.document.project, 150).p.flat)

    assert run_app(save) == 0
    assert run_app(script, [str(path)]) == 0


def test_the_strip_of_a_visit_disappears_with_the_run(qtbot):
    """Another network, or other data, while an earlier iteration is seen."""

    def script(window):
        panel, document, training = window.panels["cost"], window.document, window.training
        for edit in (lambda p: set_units(p, 1, 7), lambda p: choose_source(p, "moons")):
            train(qtbot, window, 60)
            training.visit(20)
            seen(qtbot, window, 20)
            assert panel.past.isVisible()
            document.edit("Other", edit(document.project))
            seen(qtbot, window, 0)
            assert not panel.past.isVisible()
            assert panel.log.isVisible()

    assert run_app(script) == 0


def test_no_other_button_comes_under_the_mouse_when_the_past_ends(qtbot, monkeypatch):
    def script(window):
        panel, training = window.panels["cost"], window.training
        train(qtbot, window, 60)
        training.visit(20)
        seen(qtbot, window, 20)
        assert panel.past.go_on.isEnabled()
        monkeypatch.setattr(panel.past, "underMouse", lambda: True)
        panel.past.back.click()
        seen(qtbot, window, 60)
        assert panel.past.isVisible()
        assert not panel.past.back.isEnabled()
        assert not panel.past.go_on.isEnabled()
        assert not panel.smooth.isVisible()
        monkeypatch.undo()
        QApplication.sendEvent(panel.past, QEvent(QEvent.Type.Leave))
        assert not panel.past.isVisible()
        assert panel.smooth.isVisible()
        training.visit(20)
        seen(qtbot, window, 20)
        assert panel.past.back.isEnabled()

    assert run_app(script) == 0
