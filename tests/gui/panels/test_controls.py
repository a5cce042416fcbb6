"""The run bar starts, stops and tunes the run, and shows its progress."""

import dataclasses
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from core.edits import choose_source, set_activation, with_data, with_network, with_training
from core.nn.optimizers import OPTIMIZERS
from core.project import LayerSettings, Project
from core.training.outcomes import Score
from core.training.results import fit
from core.training.session import Session
from gui.panels.controls import NOTHING, RunBar
from gui.style.text import plain
from gui.style.theme import theme

LEFT = Qt.MouseButton.LeftButton
Key = Qt.Key


@pytest.fixture
def bar(qtbot, document, training, selection):
    """The run bar in a window with a text field beside it."""
    window = QWidget()
    layout = QVBoxLayout(window)
    bar = RunBar(document, training, selection)
    layout.addWidget(bar)
    layout.addWidget(QLineEdit())
    qtbot.addWidget(window)
    window.resize(1600, 120)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    window.setFocus()
    qtbot.waitUntil(lambda: training.latest is not None and bar.iteration.text == "0")
    yield bar  # while it is in use, the window must stay
    del window


def type_into(qtbot, field, text):
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Key.Key_Return)


def test_step_reset_and_step_again_give_the_same_numbers(bar, qtbot, training):
    qtbot.mouseClick(bar.step_button, LEFT)
    qtbot.waitUntil(lambda: bar.iteration.text == "1")
    first = training.latest.flat
    qtbot.mouseClick(bar.reset_button, LEFT)
    qtbot.waitUntil(lambda: bar.iteration.text == "0")
    bar.actions_by_name["step"].trigger()
    qtbot.waitUntil(lambda: bar.iteration.text == "1")
    assert (training.latest.flat == first).all()
    assert "same initial weights (Ctrl+R)" in bar.reset_button.toolTip()


def test_play_becomes_pause_and_numbers_run(bar, qtbot, training):
    assert bar.play_button.text() == bar.actions_by_name["play"].text() == "Play"
    width = bar.play_button.width()
    qtbot.mouseClick(bar.play_button, LEFT)
    assert bar.play_button.text() == bar.actions_by_name["play"].text() == "Pause"
    assert bar.play_button.width() == width
    qtbot.waitUntil(lambda: training.latest.iteration > 100)
    qtbot.mouseClick(bar.play_button, LEFT)
    assert bar.play_button.text() == "Play"
    qtbot.waitUntil(lambda: training.latest.idle)
    assert bar.iteration.text == f"{training.latest.iteration:,}"
    assert float(bar.cost.text) <= 0.6932
    assert bar.accuracy.text.endswith("%")


def test_it_stops_after_the_set_iterations(bar, qtbot, training, document):
    popup = bar.settings.stopping.popup
    bar.settings.stopping.open_menu()
    type_into(qtbot, popup.iterations, "300")
    popup.hide()
    assert document.undo_stack.undoText() == "Stop after 300 iterations"
    bar.actions_by_name["play"].trigger()
    qtbot.waitUntil(lambda: bar.iteration.text == "300")
    qtbot.waitUntil(lambda: not training.playing)
    assert bar.play_button.text() == "Play"
    assert bar.speed.text.endswith("it/s")
    bar.settings.stopping.open_menu()
    type_into(qtbot, popup.iterations, "0")
    popup.hide()
    assert popup.iterations.text() == "never"
    assert bar.settings.stopping.accessibleName() == "Stop after: never"
    assert document.undo_stack.undoText() == "Never stop at an iteration"


def test_every_end_is_an_edit_with_a_name_and_is_seen_in_the_bar(bar, qtbot, document):
    popup, button = bar.settings.stopping.popup, bar.settings.stopping
    button.open_menu()
    for field, typed, name, words in (
        (popup.epochs, "50", "Stop after 50 epochs", "≤ 10,000"),
        (popup.cost, "0.25", "Stop at cost 0.25", "≤ 10,000"),
        (popup.seconds, "90", "Stop after 1 min 30 s", None),
        (popup.iterations, "0", "Never stop at an iteration", None),
        (popup.epochs, "0", "Never stop at an epoch", "cost 0.25 …"),
    ):
        type_into(qtbot, field, typed)
        assert document.undo_stack.undoText() == name
        assert words is None or button.accessibleName() == f"Stop after: {words}"
    assert button.toolTip().startswith("Training pauses at: cost 0.25; 1 min 30 s.")
    assert not popup.patience.isEnabled()
    document.edit("Set test share", with_data(document.project, test_share=0.2))
    assert popup.patience.isEnabled()
    type_into(qtbot, popup.patience, "500")
    assert document.undo_stack.undoText() == "Stop early, with a patience of 500"
    with qtbot.waitSignal(bar.noted) as noted:
        type_into(qtbot, popup.cost, "low")
    assert "Cost to stop at must be a number from 0" in noted.args[0]
    type_into(qtbot, popup.cost, "never")
    assert document.project.training.stop.cost == 0
    popup.hide()
    for _ in range(8):
        document.undo_stack.undo()
    assert document.project == Project()


def test_space_plays_unless_the_focused_widget_uses_it(bar, qtbot, training):
    field = bar.window().findChildren(QLineEdit)[-1]
    field.setFocus()
    qtbot.keyClick(field, Key.Key_Space)
    assert field.text() == " "
    assert not training.playing
    bar.window().setFocus()
    qtbot.keyClick(bar.window(), Key.Key_Space)
    assert training.playing
    bar.reset_button.setFocus()
    qtbot.keyClick(bar.reset_button, Key.Key_Space)  # a button's own key
    assert not training.playing


def test_the_shortcuts_are_named(bar):
    assert bar.actions_by_name["step"].shortcut().toString() == "F10"
    assert "F5" in bar.play_button.toolTip()
    assert "Space" in bar.play_button.toolTip()
    assert set(bar.actions_by_name) == {"reset", "step", "play", "slower", "faster"}


def test_the_learning_rate_changes_the_current_run(bar, qtbot, training, document):
    bar.actions_by_name["step"].trigger()
    qtbot.waitUntil(lambda: bar.iteration.text == "1")
    type_into(qtbot, bar.settings.rate, "0.5")
    assert document.project.training.learning_rate == 0.5
    assert document.undo_stack.undoText() == "Set learning rate α to 0.5"
    qtbot.waitUntil(lambda: training.latest.project.training.learning_rate == 0.5)
    assert training.latest.iteration == 1
    qtbot.keyClick(bar.settings.rate, Key.Key_Up)
    qtbot.keyClick(bar.settings.rate, Key.Key_Up)
    assert document.project.training.learning_rate == 2
    document.undo_stack.undo()
    assert document.project.training.learning_rate == 1.2  # steps in quick succession are one
    assert bar.settings.rate.text() == "1.2"


def test_a_bad_learning_rate_is_refused_in_a_sentence(bar, qtbot, document):
    with qtbot.waitSignal(bar.noted) as noted:
        type_into(qtbot, bar.settings.rate, "-1")
    assert "Learning rate α must be a number" in noted.args[0]
    assert document.project == Project()


def test_a_loss_that_changes_the_output_says_so_but_not_on_the_way_back(bar, qtbot, document):
    said: list[str] = []
    bar.noted.connect(said.append)
    document.edit("Set activation", set_activation(document.project, 2, "linear"))
    assert said.pop() == (
        "The loss became squared error, because linear does not give a probability."
    )
    bar.settings.loss.chosen.emit("cross_entropy")
    assert said.pop() == (
        "The output is now sigmoid with cross-entropy, which needs the probability that sigmoid"
        " gives."
    )
    assert document.undo_stack.undoText() == "Set loss to cross-entropy"
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert said == []
    document.replace(set_activation(Project(), 2, "relu"))
    assert said == []
    bar.settings.loss.chosen.emit("cross_entropy")
    assert len(said) == 1


def test_the_initialization_popup(bar, qtbot, document):
    popup = bar.settings.initialization.popup
    bar.settings.initialization.open_menu()
    qtbot.mouseClick(popup.seed.new_button, LEFT)
    assert document.project.network.seed == 4
    assert document.undo_stack.undoText() == "Set weight seed to 4"
    type_into(qtbot, popup.scale, "1")
    assert document.project.network.scale == 1
    assert bar.settings.initialization.accessibleName() == "Initialization: Random × 1"
    popup.rules["he"].click()
    assert document.project.network.initializer == "he"
    assert not popup.scale.isEnabled()
    popup.rules["zeros"].click()
    assert not popup.seed.isEnabled()
    popup.hide()
    document.undo_stack.undo()
    assert popup.rules["he"].isChecked()


def test_a_seed_may_be_as_large_as_numpy_takes(bar, qtbot, document):
    field = bar.settings.initialization.popup.seed.field
    bar.settings.initialization.open_menu()
    type_into(qtbot, field, "4294967295")
    assert document.project.network.seed == 2**32 - 1
    bar.settings.initialization.popup.seed.new_button.click()
    assert document.project.network.seed == 0
    bar.settings.initialization.popup.hide()


def test_the_test_accuracy_is_there_when_there_is_test_data(bar, qtbot, document, training):
    assert not bar.test_accuracy.isVisible()
    document.edit("Set test share", with_data(document.project, test_share=0.2))
    assert bar.test_accuracy.isVisible()
    qtbot.waitUntil(lambda: training.latest.test is not None)
    qtbot.waitUntil(lambda: bar.test_accuracy.text.endswith("%"))


def test_values_are_judged_by_r2_and_classes_by_accuracy(bar, qtbot, document, training):
    own = with_data(choose_source(document.project, "plane"), test_share=0.3)
    document.edit("Data", with_training(own, learning_rate=0.05))
    qtbot.waitUntil(lambda: bar.accuracy.accessibleName().startswith("R²"))
    training.step(300)
    qtbot.waitUntil(lambda: training.latest.idle and training.latest.iteration == 300)
    session = Session(document.project)
    for _ in range(300):
        session.step()
    answers, split = session.answers(), session.split
    assert answers.test is not None
    assert split.test is not None
    found = fit(answers.train.A[0], split.train.Y[0]).r2
    assert 0 < found < 1
    assert bar.accuracy.accessibleName() == f"R²: {plain(found, 3)}"
    tested = fit(answers.test.A[0], split.test.Y[0]).r2
    assert bar.test_accuracy.accessibleName() == f"Test R²: {plain(tested, 3)}"
    document.undo_stack.undo()
    qtbot.waitUntil(lambda: bar.accuracy.accessibleName().startswith("Accuracy"))
    assert bar.accuracy.text.endswith("%")


def test_missing_numbers_are_not_shown(bar, training):
    broken = dataclasses.replace(
        training.latest, train=Score(cost=float("nan"), accuracy=None), iterations_per_second=0.0
    )
    bar.show_snapshot(broken)
    assert bar.cost.text == bar.accuracy.text == bar.speed.text == NOTHING


@pytest.mark.parametrize("test_share", [0.0, 0.2])
def test_everything_fits_at_1280(bar, qtbot, document, test_share):
    document.edit("data", with_data(document.project, test_share=test_share))
    assert bar.reset_button.text() == "Reset"
    bar.window().resize(1280, 120)
    qtbot.waitUntil(lambda: bar.width() <= 1280)
    right = bar.test_accuracy if test_share else bar.speed
    qtbot.waitUntil(lambda: right.geometry().right() <= bar.width())
    bar.iteration.set_text("100,000,000")
    qtbot.waitUntil(lambda: in_order(bar))


@pytest.mark.parametrize("width", [990, 1060, 1280, 1366, 1600, 1920])
def test_nothing_is_clipped_and_all_is_level_at_any_width(bar, qtbot, document, width):
    settings = {"learning_rate": 0.000123456, "optimizer": "rmsprop", "batch_size": 64}
    document.edit("long", with_training(with_data(document.project, test_share=0.2), **settings))
    bar.window().resize(width, 120)
    qtbot.waitUntil(lambda: bar.width() <= width)
    bar.iteration.set_text("1,000,000")
    parts = lambda: [bar.play_button, *captioned(bar)]  # noqa: E731
    qtbot.waitUntil(lambda: all(part.width() >= part.minimumSizeHint().width() for part in parts()))
    qtbot.waitUntil(lambda: in_order(bar))
    assert all(part.geometry().right() <= bar.width() for part in parts())
    tops = [part.mapTo(bar, QPoint(0, first_ink(part))).y() for part in captioned(bar)]
    assert max(tops) - min(tops) <= 1, tops


@pytest.mark.parametrize(("width", "size"), [(700, 1.0), (990, 1.5), (1600, 2.0)])
def test_a_control_without_room_is_in_the_menu_at_the_end(bar, qtbot, document, width, size):
    bar.window().resize(width, 160)
    theme().set_text_size(size)
    qtbot.waitUntil(lambda: in_order(bar) and bar.width() <= width)
    controls = [bar.speed_control, *bar.settings.widgets, bar.accuracy, bar.cost, bar.iteration]
    hidden = [control for control in controls if not control.isVisible()]
    assert hidden
    assert all(bar.overflow.holds(control) for control in hidden)
    qtbot.mouseClick(bar.overflow.button, LEFT)
    assert all(control.isVisible() for control in controls)
    popup = hidden[0].window()
    assert popup is not bar.window()
    bar.speed_control.change(-1)  # it works there as it does in the bar
    popup.close()
    bar.window().resize(2600, 160)
    theme().set_text_size(1.0)
    qtbot.waitUntil(lambda: all(control.isVisible() for control in controls) and in_order(bar))
    assert all(control.window() is bar.window() for control in controls)
    assert not bar.overflow.button.isVisible()


def captioned(bar):
    right = bar.iteration, bar.cost, bar.accuracy, bar.test_accuracy
    return [part for part in (bar.speed_control, *bar.settings.widgets, *right) if part.isVisible()]


def first_ink(part):
    """The first row of pixels in which something is written."""
    image = part.grab().toImage()
    paper = image.pixelColor(image.width() - 1, 0)
    across = range(image.width() - 1)
    return next(
        y
        for y in range(image.height())
        if any(abs(image.pixelColor(x, y).lightness() - paper.lightness()) > 60 for x in across)
    )


def in_order(bar):
    """Whether no two controls overlap."""
    seen = [part for part in bar.children() if isinstance(part, QWidget) and part.isVisible()]
    seen.sort(key=QWidget.x)
    return all(left.geometry().right() < right.x() for left, right in pairwise(seen))


def test_optimizer_batch_and_regularization_are_edits_with_names(bar, document, qtbot):
    popup = bar.settings.optimizer.popup
    bar.settings.optimizer.open_menu()
    popup.optimizers["adam"].click()
    assert document.project.training.optimizer == "adam"
    assert document.undo_stack.undoText() == "Set optimizer to Adam"
    popup.batch.setFocus()
    popup.batch.selectAll()
    qtbot.keyClicks(popup.batch, "64")
    qtbot.keyClick(popup.batch, Qt.Key.Key_Return)
    assert document.project.training.batch_size == 64
    assert document.undo_stack.undoText() == "Set mini-batch size to 64"
    popup.l2.selectAll()
    qtbot.keyClicks(popup.l2, "0.7")
    qtbot.keyClick(popup.l2, Qt.Key.Key_Return)
    assert document.project.training.l2 == 0.7
    popup.single.click()
    assert document.project.training.dtype == "float32"
    for _ in range(4):
        document.undo_stack.undo()
    assert document.undo_stack.isClean()
    assert popup.optimizers["gradient_descent"].isChecked()
    assert popup.batch.value == 0
    popup.close()


def test_the_settings_of_the_optimizer_are_seen_and_set_where_it_has_them(bar, document, qtbot):
    popup = bar.settings.optimizer.popup
    bar.settings.optimizer.open_menu()
    for name, kind in OPTIMIZERS.items():
        popup.optimizers[name].click()
        seen = {each: field for each, field in popup.of_optimizer.items() if field.isVisible()}
        assert {each: field.value for each, field in seen.items()} == dict(kind.usual), name
    assert "Usually 0.999." in popup.of_optimizer["beta2"].toolTip()
    beta, before = popup.of_optimizer["beta1"], document.project
    type_into(qtbot, beta, "1")
    assert beta.toolTip().startswith("β₁ must be a number from 0 and below 1")
    assert document.project == before
    for key, value in ((Qt.Key.Key_Escape, 0.9), (Qt.Key.Key_Up, 0.95), (Qt.Key.Key_Up, 0.98)):
        qtbot.keyClick(beta, key)
        assert beta.value == value
    assert document.project.training.beta1 == 0.98
    assert document.undo_stack.undoText() == "Set β₁ to 0.98"
    type_into(qtbot, popup.of_optimizer["epsilon"], "1e-4")
    assert document.project.training.epsilon == 1e-4
    type_into(qtbot, beta, "0.9")
    assert document.project.training.beta1 is None  # its file does not name what is usual
    assert document.undo_stack.undoText() == "Set β₁ to its usual value"
    type_into(qtbot, popup.clip_norm, "0.05")
    assert document.project.training.clip_norm == 0.05
    assert document.undo_stack.undoText() == "Set gradient clipping norm to 0.05"
    type_into(qtbot, popup.clip_norm, "off")
    assert document.project.training.clip_norm == 0.0
    popup.close()


def test_learning_rate_decay_is_an_edit_and_the_decayed_rate_is_shown(
    bar, qtbot, document, training
):
    popup, caption = bar.settings.optimizer.popup, bar.settings.widgets[0]
    bar.settings.optimizer.open_menu()
    assert not popup.decay_rate.isVisible()
    popup.decay.chosen.emit("interval")
    assert document.undo_stack.undoText() == (
        "Let the learning rate decay by 1 / (1 + k · ⌊epoch / n⌋)"
    )
    assert popup.decay_rate.isVisible()
    assert popup.formula.text() == "α = 1.2 / (1 + 1 · ⌊epoch / 1000⌋)"
    type_into(qtbot, popup.interval, "2")
    assert document.undo_stack.undoText() == "Set decay interval n to 2"
    type_into(qtbot, popup.decay_rate, "0.5")
    assert document.undo_stack.undoText() == "Set decay rate k to 0.5"
    popup.hide()
    training.step(4)
    qtbot.waitUntil(lambda: bar.iteration.text == "4")
    assert caption.caption == "α₀, now 0.6"
    assert bar.settings.rate.value == 1.2
    popup.decay.chosen.emit("exponential")
    assert document.project.training.decay.rate == 0.999
    assert not popup.interval.isVisible()
    for _ in range(4):
        document.undo_stack.undo()
    assert document.project == Project()
    qtbot.waitUntil(lambda: caption.caption == "Learning rate α")


def test_a_batch_larger_than_the_data_says_that_it_is_all_of_them(bar, qtbot, document, training):
    popup = bar.settings.optimizer.popup
    bar.settings.optimizer.open_menu()
    type_into(qtbot, popup.batch, "64")
    assert not popup.whole_batch.isVisible()
    type_into(qtbot, popup.batch, "1000")
    assert popup.whole_batch.isVisible()
    assert popup.whole_batch.text() == "There are 400; every iteration uses all of them."
    popup.hide()
    training.step(3)
    qtbot.waitUntil(lambda: training.latest.iteration == 3)
    assert training.latest.epoch == 3


@pytest.mark.parametrize(
    ("hidden", "says"),
    [
        ((), "A single layer can still learn from zeros."),
        (("tanh",), "Only b[2] can learn: a hidden layer of zeros outputs 0."),
        (("sigmoid", "relu"), "Only b[3] can learn: a hidden layer of zeros outputs 0."),
        (("tanh", "sigmoid"), "The units of a hidden layer stay identical."),
    ],
)
def test_the_stated_result_of_zeros_is_true(bar, document, hidden, says):
    layers = [LayerSettings(units=3, activation=name) for name in hidden]
    layers.append(LayerSettings(units=1, activation="sigmoid"))
    project = with_network(Project(), layers=tuple(layers), initializer="zeros")
    document.replace(with_data(project, balance=(0.3, 0.7)))
    popup = bar.settings.initialization.popup
    assert popup.result.text() == f"W = 0 and b = 0 in every layer.\n{says}"
    session = Session(document.project)
    for _ in range(40):
        session.step()
    p, L = session.p, session.network.L
    if says.startswith("Only"):
        assert p.b[L].any()
        p.b[L][...] = 0.0
        assert not p.flat.any()
    else:
        assert p.W[L].any()
        assert all(np.allclose(Wb, Wb[0], rtol=1e-9) for Wb in p.Wb.values())
