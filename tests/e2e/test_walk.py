"""Walking an iteration by keyboard alone: every step, a number down to its input, and back."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from core.training.session import Session
from core.walk.entry import Entry
from gui.matrix.view import MatrixView
from gui.stepper.origin_table import OriginTable
from tests.e2e.driver import run_app

KEY = Qt.Key


def press(qtbot, key, times=1):
    """Press a key where the keyboard is."""
    for _ in range(times):
        qtbot.keyClick(QApplication.focusWidget(), key)


def tab_to(qtbot, panel, kind):
    """Press Tab until the focus is on a widget of this kind in the panel."""
    for _ in range(60):
        focus = QApplication.focusWidget()
        if isinstance(focus, kind) and panel.isAncestorOf(focus):
            return
        press(qtbot, KEY.Key_Tab)
    raise AssertionError(f"Tab never came to a {kind.__name__}")


def start(window, qtbot, iterations=300):
    window.training.step(iterations)
    qtbot.waitUntil(lambda: window.training.latest.iteration == iterations)
    window.activateWindow()
    qtbot.keyClick(window, KEY.Key_F8)
    qtbot.waitUntil(
        lambda: window.walk.record is not None and window.walk.record.iteration == iterations
    )


def test_a_whole_iteration_with_space_then_a_number_down_to_its_input(qtbot):
    def script(window):
        start(window, qtbot)
        walk, stepper = window.walk, window.panels["stepper"]
        chips = [step.chip for step in walk.steps]
        assert chips[:3] == ["A[0]", "Z[1]", "A[1]"]
        for index in range(1, len(chips)):
            press(qtbot, KEY.Key_Space)
            assert walk.index == index
        press(qtbot, KEY.Key_Space)  # and on: the update is made, the next iteration recorded
        qtbot.waitUntil(lambda: walk.record.iteration == 301)
        assert walk.index == 0
        session = Session(window.document.project)
        for _ in range(301):
            session.step()
        assert np.array_equal(walk.record.p.flat, session.p.flat)

        press(qtbot, KEY.Key_Space, chips.index("dW[1]"))
        assert walk.step.chip == "dW[1]"
        tab_to(qtbot, stepper, MatrixView)
        press(qtbot, KEY.Key_Down)
        press(qtbot, KEY.Key_Return)
        assert walk.entry == Entry("dW", 1, 1, 0)
        tab_to(qtbot, stepper, OriginTable)
        for _ in range(8):  # along the row to what it is multiplied with: the example's input
            press(qtbot, KEY.Key_Return)
            if (walk.entry.target, walk.entry.layer) == ("A", 0):
                break
            if len(walk.trail) > 1:
                qtbot.keyClick(QApplication.focusWidget(), KEY.Key_Backspace)
            tab_to(qtbot, stepper, OriginTable)
            press(qtbot, KEY.Key_Right)
        value = walk.record.value(walk.entry)
        split = window.training.latest.split
        assert value == split.train.X[walk.entry.row, walk.entry.column]
        assert len(walk.trail) > 1
        press(qtbot, KEY.Key_Backspace, len(walk.trail) - 1)
        assert walk.entry == Entry("dW", 1, 1, 0)

    assert run_app(script) == 0


def test_walking_does_not_disturb_training(qtbot):
    def script(window):
        start(window, qtbot, 50)
        walk = window.walk
        press(qtbot, KEY.Key_End)
        press(qtbot, KEY.Key_Home)
        record = walk.record
        window.training.play()
        qtbot.waitUntil(lambda: window.training.latest.iteration > 500)
        walk.go(1)  # the layout for walking is left while it trains
        assert walk.record is record  # what is being walked stays
        assert walk.index == 1
        window.training.pause()
        qtbot.keyClick(window, KEY.Key_F8)
        qtbot.waitUntil(lambda: walk.record is not record)
        latest = window.training.latest
        session = Session(latest.project)
        for _ in range(latest.iteration):
            session.step()
        assert np.array_equal(session.p.flat, latest.flat)

    assert run_app(script) == 0


def test_the_network_lights_up_and_opens_its_numbers(qtbot):
    def script(window):
        start(window, qtbot)

        def lit():
            return window.canvas.network.picture.emphasis

        assert lit() is None  # no walk was shown yet
        press(qtbot, KEY.Key_End)
        assert lit() is not None
        window.canvas.edge_activated.emit(2, 0, 3)
        assert window.walk.entry == Entry("dW", 2, 0, 3)
        assert lit().edge == (0, 3)
        window.training.play()
        qtbot.waitUntil(lambda: lit() is None)
        window.training.pause()

    assert run_app(script) == 0
