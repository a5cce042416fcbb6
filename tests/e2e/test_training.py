"""Training as a newcomer and a teacher do it: slowly at first, then as fast as it goes."""

import numpy as np
from PySide6.QtCore import QPoint, Qt

from core.project import Project
from core.training.session import Session
from tests.e2e.driver import PATIENCE_MS, run_app

LEFT, KEY = Qt.MouseButton.LeftButton, Qt.Key


def weights_after(project, iterations):
    session = Session(project)
    for _ in range(iterations):
        session.step()
    return session.p.flat


def click_speed(qtbot, bar, at_end):
    """Click the slider at its fast or slow end."""
    slider = bar.speed_control.slider
    x = slider.width() - 3 if at_end else 3
    qtbot.mouseClick(slider, LEFT, pos=QPoint(x, slider.height() // 2))


def test_the_first_play_is_seen_learning_and_flat_out_is_one_click_away(qtbot):
    def first(window):
        bar, training = window.run_bar, window.training
        qtbot.mouseClick(bar.play_button, LEFT)
        qtbot.waitUntil(lambda: training.latest.iteration > 100, timeout=PATIENCE_MS)
        assert training.latest.iteration < 2000
        click_speed(qtbot, bar, at_end=True)
        assert bar.speed_control.speed.label == "flat out"
        qtbot.waitUntil(lambda: not training.playing, timeout=PATIENCE_MS)
        latest = training.latest
        assert latest.iteration == 10_000
        assert np.array_equal(latest.flat, weights_after(latest.project, 10_000))
        assert window.document.undo_stack.isClean()  # how one looks at it is no edit

    def second(window):  # the next start remembers
        assert window.run_bar.speed_control.speed.label == "flat out"
        qtbot.keyClick(window, KEY.Key_F6)
        assert window.run_bar.speed_control.speed.label == "1,000 it/s"

    assert run_app(first) == 0
    assert run_app(second) == 0


def test_the_slowest_pace_walks_op_by_op_from_iteration_to_iteration(qtbot):
    def script(window):
        bar, walk, training = window.run_bar, window.walk, window.training
        click_speed(qtbot, bar, at_end=False)
        assert bar.speed_control.speed.label == "1 op/s"
        qtbot.mouseClick(bar.play_button, LEFT)
        assert bar.play_button.accessibleName() == "Pause"
        stepper = window.panels["stepper"]
        assert window.docks["stepper"].isVisible()
        assert stepper.slow_motion.timer.interval() == 1000
        stepper.slow_motion.timer.setInterval(20)
        qtbot.waitUntil(lambda: walk.index > 2, timeout=PATIENCE_MS)
        qtbot.waitUntil(lambda: training.latest.iteration == 2, timeout=PATIENCE_MS)
        qtbot.mouseClick(bar.play_button, LEFT)
        assert bar.play_button.accessibleName() == "Play"
        qtbot.waitUntil(lambda: walk.record.iteration == training.latest.iteration)
        held = walk.index
        qtbot.wait(100)
        assert walk.index == held
        assert not training.playing
        assert np.array_equal(
            training.latest.flat, weights_after(Project(), training.latest.iteration)
        )
        qtbot.keyClick(window, KEY.Key_F5)  # on, and then faster midway
        qtbot.keyClick(window, KEY.Key_F7)
        assert not stepper.slow_motion.playing
        assert training.playing
        qtbot.keyClick(window, KEY.Key_F6)
        assert stepper.slow_motion.playing
        assert not training.playing
        bar.actions_by_name["reset"].trigger()
        assert not stepper.slow_motion.playing
        qtbot.waitUntil(lambda: training.latest.iteration == 0, timeout=PATIENCE_MS)

    assert run_app(script) == 0
