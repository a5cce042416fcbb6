"""A first session: build 2-4-3-1 by mouse and keyboard, train it, take the weights home."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from core import edits
from core.by_hand import Numbers, Place
from core.errors import LayerwiseError
from core.training.session import Session
from gui import errors
from gui.files import open_save as files
from gui.main_window import STILL_DIVERGED
from tests.e2e.driver import run_app
from tests.e2e.work import command
from tests.patience import at_once, never_stop


def at_rest(window):
    latest = window.training.latest
    return latest is not None and latest.idle and latest.project == window.document.project


def click(qtbot, canvas, box):
    """Click in the middle of a box of the canvas's layout."""
    at = canvas.mapFromScene(QPointF(*box.centre))
    qtbot.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=at)


def predictions(path, X):
    w = np.load(path)
    A = X
    for l, name in enumerate(w["activations"], start=1):
        Z = w[f"W{l}"] @ A + w[f"b{l}"]
        A = np.tanh(Z) if name == "tanh" else 1 / (1 + np.exp(-Z))
    return A


def test_build_train_and_export(qtbot, tmp_path, monkeypatch):
    target = tmp_path / "weights.npz"
    monkeypatch.setattr(files, "ask_save", lambda *_: target)

    def script(window):
        canvas = window.canvas
        click(qtbot, canvas, canvas.network.picture.layout.inserts()[1])  # the + before the output
        assert window.document.project.sizes() == (2, 4, 4, 1)
        qtbot.keyClick(canvas, Qt.Key.Key_Minus)
        assert window.document.project.sizes() == (2, 4, 3, 1)
        assert window.document.undo_stack.undoText() == "Set units of layer 2 to 3"
        qtbot.waitUntil(lambda: at_rest(window))
        before = window.training.latest.train.accuracy
        window.run_bar.actions_by_name["play"].trigger()
        qtbot.waitUntil(lambda: (window.training.latest.train.accuracy or 0) > 0.8)
        window.run_bar.actions_by_name["play"].trigger()
        qtbot.waitUntil(lambda: at_rest(window))
        assert window.training.latest.train.accuracy > before
        command(window, "Export weights…")
        split, snapshot = window.training.latest.split, window.training.latest
        A = predictions(target, split.train.X)
        cost = -np.mean(split.train.Y * np.log(A) + (1 - split.train.Y) * np.log(1 - A))
        assert abs(cost - snapshot.train.cost) < 1e-12
        own = Session(snapshot.project, weights=np.array(snapshot.flat)).activations(3, fresh=True)
        assert np.abs(A - own).max() < 1e-12

    assert run_app(script) == 0


def test_data_activation_and_rate_change_while_it_trains(qtbot):
    def script(window):
        document = window.document
        never_stop(document)
        window.training.play()
        for name, after in (
            ("Moons", lambda p: edits.with_data(p, source="moons")),
            ("ReLU", lambda p: edits.set_activation(p, 1, "relu")),
            ("Rate", lambda p: edits.with_training(p, learning_rate=0.1)),
        ):
            document.edit(name, after(document.project))
            qtbot.waitUntil(
                lambda: (
                    window.training.latest.project == document.project
                    and window.training.latest.iteration > 20
                )
            )
            assert window.training.playing

    assert run_app(script) == 0


@pytest.mark.slow
def test_two_hundred_clicks_of_play_and_pause(qtbot):
    def script(window):
        play = window.run_bar.actions_by_name["play"]
        for _ in range(200):
            play.trigger()
            qtbot.wait(1)
        qtbot.waitUntil(lambda: at_rest(window))
        assert not window.training.playing
        latest = window.training.latest
        session = Session(latest.project)
        for _ in range(latest.iteration):
            session.step()
        assert np.array_equal(session.p.flat, latest.flat)

    assert run_app(script) == 0


def test_closing_while_it_trains_takes_no_time(qtbot):
    def script(window):
        window.training.play()
        qtbot.wait(100)
        with at_once():
            window.close()

    assert run_app(script) == 0


def test_divergence_is_explained_and_reset_heals_it(qtbot):
    def script(window):
        document = window.document
        document.edit("Absurd", edits.with_training(document.project, learning_rate=1e6))
        window.training.play()
        qtbot.waitUntil(lambda: window.training.latest.halt is not None)
        halt = window.training.latest.halt
        assert halt.diverged
        assert "learning rate" in halt.sentence
        assert np.isfinite(window.training.latest.flat).all()
        document.undo_stack.undo()
        window.training.reset()
        window.training.step(10)
        qtbot.waitUntil(lambda: window.training.latest.iteration == 10)

    assert run_app(script) == 0


def diverged_on_a_plane(qtbot, window):
    """New, Data ▸ Plane, Play: the default learning rate is too high for it."""
    document = window.document
    document.edit("Plane", edits.choose_source(document.project, "plane"))
    document.edit("One unit", edits.remove_layer(document.project, 1))
    document.edit("High", edits.with_training(document.project, learning_rate=5.0))
    window.run_bar.play_button.click()
    qtbot.waitUntil(lambda: window.training.diverged)
    return errors.banner_of(window)


@pytest.mark.slow
@pytest.mark.parametrize("way", ["play_button", "step_button", "space"])
def test_after_a_divergence_every_button_leads_on(qtbot, way):
    def script(window):
        document, training = window.document, window.training
        banner = diverged_on_a_plane(qtbot, window)
        assert banner.sentence.endswith("start again. Play then starts again from iteration 0.")
        document.edit("Lower", edits.with_training(document.project, learning_rate=0.05))
        qtbot.waitUntil(lambda: banner.sentence == STILL_DIVERGED)
        stopped = training.latest.iteration
        if way == "space":
            qtbot.keyClick(window, Qt.Key.Key_Space)
        else:
            getattr(window.run_bar, way).click()
        qtbot.waitUntil(lambda: training.latest.halt is None and training.latest.iteration > 0)
        if way == "step_button":
            assert training.latest.iteration == 1
        else:
            qtbot.waitUntil(lambda: training.latest.iteration > stopped + 100)
        assert banner.sentence == ""
        assert training.latest.halt is None

    assert run_app(script) == 0


def test_the_message_of_a_divergence_starts_again_itself(qtbot):
    def script(window):
        document, training = window.document, window.training
        banner = diverged_on_a_plane(qtbot, window)
        first = training.latest.run
        banner.action_button.click()  # unchanged, it diverges again and says so again
        qtbot.waitUntil(lambda: training.diverged and training.latest.run > first)
        assert "Training stopped at iteration" in banner.sentence
        document.edit("Lower", edits.with_training(document.project, learning_rate=0.05))
        qtbot.waitUntil(lambda: banner.sentence == STILL_DIVERGED)
        assert banner.action_button.text() == "Reset and train"
        banner.action_button.click()
        qtbot.waitUntil(lambda: training.latest.halt is None and training.latest.iteration > 200)
        training.pause()
        document.undo_stack.undo()
        assert banner.sentence == ""

    assert run_app(script) == 0


def test_numbers_set_by_hand_lift_the_halt(qtbot):
    def script(window):
        document, training = window.document, window.training
        diverged_on_a_plane(qtbot, window)
        at = training.latest.iteration
        document.edit("Lower", edits.with_training(document.project, learning_rate=0.05))
        p = training.latest.parameters()
        here = {Place(1, 0, j): float(p.W[1][0, j]) for j in range(2)}
        document.set_by_hand("Zero", Numbers(here), Numbers(dict.fromkeys(here, 0.0)))
        qtbot.waitUntil(lambda: training.latest.halt is None)
        training.step(3)
        qtbot.waitUntil(lambda: training.latest.iteration == at + 3)  # and continues from there

    assert run_app(script) == 0


@pytest.mark.parametrize("example", ["flower"])
def test_the_window_and_the_train_command_give_the_same_weights(qtbot, tmp_path, example):
    import main

    path = tmp_path / "w.npz"
    assert main.main(["train", example, "--iterations", "500", "--export", str(path)]) == 0
    with np.load(path) as file:
        W1, b2 = file["W1"], file["b2"]

    def script(window):
        window.training.step(500)
        qtbot.waitUntil(lambda: window.training.latest.iteration == 500)
        p = window.training.latest.parameters()
        assert np.array_equal(p.W[1], W1)
        assert np.array_equal(p.b[2], b2)

    assert run_app(script, [example]) == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("choose", "rate"),
    [
        (lambda p: edits.with_training(p, optimizer="adam"), 0.01),
        (lambda p: edits.with_training(p, optimizer="rmsprop"), 0.01),
        (lambda p: edits.choose_source(p, "plane"), 0.1),
    ],
)
def test_a_learning_rate_known_to_fail_gets_a_message_with_the_usual_one(qtbot, choose, rate):
    def script(window):
        document, banner = window.document, errors.banner_of(window)
        document.edit("Choose", choose(document.project))
        qtbot.waitUntil(lambda: banner.sentence != "")
        assert document.project.training.learning_rate == 1.2  # never without being asked
        assert "α = 1.2 is" in banner.sentence
        assert banner.action_button.text() == f"Set α to {rate:g}"
        banner.action_button.click()
        assert document.project.training.learning_rate == rate
        assert banner.sentence == ""
        document.undo_stack.undo()
        document.undo_stack.undo()
        document.edit("Low", edits.with_training(document.project, learning_rate=rate))
        document.edit("Choose", choose(document.project))
        qtbot.wait(50)
        assert not banner.action_button.isVisible()

    assert run_app(script) == 0


def test_messages_of_the_run_and_its_thread_appear_in_the_window(qtbot):
    def script(window):
        banner = errors.banner_of(window)
        for signal in (window.training.noted, window.training.runs.noted, window.run_bar.noted):
            signal.emit("One thing to know.")
            assert banner.sentence == "One thing to know."
            banner.close_message()
        window.training.failed.emit(LayerwiseError("The run has ended."))
        qtbot.waitUntil(lambda: banner.sentence == "The run has ended.")

    assert run_app(script) == 0
