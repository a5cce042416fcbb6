"""Training as a beginner and a teacher do it: slowly at first, then at full speed."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from core import edits
from core.nn.parameters import Parameters
from core.project import Project
from core.training.session import Session
from main import main
from tests.e2e.driver import run_app
from tests.e2e.work import at_rest, said, saving_to
from tests.patience import never_stop

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


def test_the_first_play_is_seen_learning_and_full_speed_is_one_click_away(qtbot):
    def first(window):
        bar, training = window.run_bar, window.training
        qtbot.mouseClick(bar.play_button, LEFT)
        qtbot.waitUntil(lambda: training.latest.iteration > 100)
        assert training.latest.iteration < 2000
        click_speed(qtbot, bar, at_end=True)
        assert bar.speed_control.speed.label == "Full speed"
        qtbot.waitUntil(lambda: not training.playing)
        latest = training.latest
        assert latest.iteration == 10_000
        assert np.array_equal(latest.flat, weights_after(latest.project, 10_000))
        assert window.document.undo_stack.isClean()  # how one looks at it is no edit

    def second(window):  # the next start remembers
        assert window.run_bar.speed_control.speed.label == "Full speed"
        qtbot.keyClick(window, KEY.Key_F6)
        assert window.run_bar.speed_control.speed.label == "1,000 it/s"

    assert run_app(first) == 0
    assert run_app(second) == 0


@pytest.mark.slow
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
        qtbot.waitUntil(lambda: walk.index > 2)
        qtbot.waitUntil(lambda: training.latest.iteration >= 2)
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
        qtbot.waitUntil(lambda: training.latest.iteration == 0)

    assert run_app(script) == 0


def type_into(qtbot, field, text):
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, KEY.Key_Return)


def test_early_stopping_says_why_it_stopped_and_play_continues(qtbot, tmp_path, monkeypatch):
    """Set patience, watch the run stop at its best, save it; `train` comes to the same weights."""
    target, weights = tmp_path / "best.layerwise", tmp_path / "w.npz"
    saving_to(monkeypatch, target)
    best = []

    def script(window):
        document, bar, training = window.document, window.run_bar, window.training
        data = edits.with_data(document.project, examples=80, noise=0.9, test_share=0.5)
        document.edit("Data", edits.set_units(data, 1, 16))
        click_speed(qtbot, bar, at_end=True)
        bar.settings.stopping.open_menu()
        popup = bar.settings.stopping.popup
        type_into(qtbot, popup.patience, "400")
        type_into(qtbot, popup.iterations, "0")
        type_into(qtbot, popup.seconds, "3600")
        popup.hide()
        qtbot.waitUntil(lambda: at_rest(window))
        qtbot.mouseClick(bar.play_button, LEFT)
        qtbot.waitUntil(lambda: training.latest.halt is not None)
        qtbot.waitUntil(lambda: not training.playing)
        halted = training.latest
        assert "the test cost has not fallen for 400 iterations" in said(window)
        assert halted.test.cost == halted.test_costs.min()
        best_at = int(halted.test_iterations[np.argmin(halted.test_costs)])
        assert np.array_equal(halted.flat, weights_after(halted.project, best_at))
        best.append(halted.flat)
        assert window.files.save()
        qtbot.mouseClick(bar.play_button, LEFT)
        qtbot.waitUntil(lambda: training.latest.iteration > halted.iteration)

    assert run_app(script) == 0
    assert main(["train", str(target), "--export", str(weights)]) == 0
    with np.load(weights) as file:
        own = [file[name].ravel() for name in ("W1", "b1", "W2", "b2")]
    p = Parameters((2, 16, 1), flat=best[0])
    assert all(
        np.array_equal(a, b.ravel())
        for a, b in zip(own, (p.W[1], p.b[1], p.W[2], p.b[2]), strict=True)
    )


def test_dropout_is_switched_on_midway_walked_and_trained_again(qtbot, tmp_path, monkeypatch):
    target, weights = tmp_path / "drop.layerwise", tmp_path / "w.npz"
    saving_to(monkeypatch, target)
    home = []

    def script(window):
        document, training, walk = window.document, window.training, window.walk
        training.step(50)
        qtbot.waitUntil(lambda: training.latest.iteration == 50)
        document.edit("Drop", edits.set_dropout(document.project, 1, 0.5))
        qtbot.waitUntil(lambda: at_rest(window))
        assert training.latest.iteration == 50  # no reset
        window.start_walk()
        qtbot.waitUntil(lambda: walk.record is not None and walk.record.keep == {1: 0.5})
        assert "D[1]" in [step.chip for step in walk.steps]
        expected = walk.record.after.flat
        training.step()
        qtbot.waitUntil(lambda: training.latest.iteration == 51)
        assert np.array_equal(training.latest.flat, expected)
        training.reset()
        training.step(200)
        qtbot.waitUntil(lambda: training.latest.iteration == 200)
        home.append(training.latest.parameters().W[1].copy())
        assert window.files.save()

    assert run_app(script) == 0
    arguments = ["train", str(target), "--iterations", "200", "--export", str(weights)]
    assert main(arguments) == 0
    with np.load(weights) as file:
        assert np.array_equal(file["W1"], home[0])


@pytest.mark.slow
def test_changes_during_training_are_marked_saved_and_shown_again(qtbot, tmp_path, monkeypatch):
    target = tmp_path / "marked.layerwise"
    saving_to(monkeypatch, target)
    marked = []

    def first(window):
        bar, training = window.run_bar, window.training
        window.show()
        never_stop(window.document)
        qtbot.mouseClick(bar.play_button, LEFT)
        qtbot.waitUntil(lambda: training.latest.iteration > 50)
        type_into(qtbot, bar.settings.rate, "0.3")
        qtbot.waitUntil(lambda: len(training.latest.marks) == 1)
        assert training.playing
        far = 2 * training.latest.marks[0].iteration  # nearer marks share their words
        qtbot.waitUntil(lambda: training.latest.iteration > far)
        bar.settings.optimizer.popup.optimizers["adam"].click()
        qtbot.waitUntil(lambda: len(training.latest.marks) == 2)
        qtbot.mouseClick(bar.play_button, LEFT)
        qtbot.waitUntil(lambda: at_rest(window))
        marks = training.latest.marks
        assert [mark.what for mark in marks] == ["learning_rate", "optimizer"]
        assert "α 1.2 → 0.3" in [mark.words for mark in window.panels["cost"].plot.marks.shown]
        marked.append(marks)
        assert window.files.save()

    def second(window):
        qtbot.waitUntil(lambda: at_rest(window))
        assert window.training.latest.marks == marked[0]

    assert run_app(first) == 0
    assert run_app(second, [str(target)]) == 0
