"""The gradient check: right without a bug, red with one, never in the way, gone when closed."""

from __future__ import annotations

from time import process_time

import numpy as np
import pytest
import shiboken6
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtWidgets import QApplication

from core.nn.activations import ACTIVATIONS
from core.walk.bugs import BUGS
from gui.model.walk import Walk
from gui.stepper.check import GradientChecks
from gui.stepper.check_card import CheckCard
from gui.stepper.check_lamp import GradientLamp
from gui.stepper.check_words import lamp_of, notes_of, sentence_of
from gui.style import text
from gui.style.theme import theme
from tests.gui.hands import written_on
from tests.gui.stepper.records import record
from tests.leftovers import left
from tests.patience import at_once

SMALL = ((4, "tanh"), (1, "sigmoid"))
LARGE = ((64, "tanh"), (64, "tanh"), (1, "sigmoid"))


@pytest.fixture
def walk(qapp):
    theme()
    walk = Walk()
    walk.show(record(SMALL))
    return walk


@pytest.fixture
def checks(walk):
    checks = GradientChecks(walk)
    yield checks
    if shiboken6.isValid(checks):
        checks.close()


@pytest.fixture
def card(checks, qtbot):
    card = CheckCard(checks)
    qtbot.addWidget(card)
    card.show()
    return card


def wait(qtbot, checks):
    qtbot.waitUntil(lambda: not checks.running)


def test_nothing_is_checked_before_it_is_asked_for(checks):
    assert (checks.result, checks.running) == (None, False)
    assert lamp_of(checks) == ("check", "accent")


def test_a_right_gradient_is_green(checks, card, qtbot):
    qtbot.mouseClick(card.start_button, Qt.MouseButton.LeftButton)
    wait(qtbot, checks)
    assert checks.result.passed
    assert checks.result.overall.checked == 17
    assert lamp_of(checks) == (f"✓ {text.magnitude(checks.result.overall.relative)}", "good")
    assert sentence_of(checks) == ("The gradient is right, by 17 parameters compared.", "good")
    words = written_on(card.table)
    assert [word for word in words if word[0] == "d"] == ["dW[1]", "db[1]", "dW[2]", "db[2]"]
    assert sum(word.startswith("✓ ") for word in words) == 4
    assert "layer 2" in words


def test_the_table_of_a_check_is_read_and_copied(checks, card, qtbot):
    checks.start()
    wait(qtbot, checks)
    spoken = card.table.model().index(1, 3).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("db[2] ✓ ")
    card.table.setFocus()
    qtbot.keyClick(card.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QApplication.clipboard().text().splitlines()
    assert [line.split("\t")[:2] for line in lines] == [["layer 1", "dW[1]"], ["layer 2", "dW[2]"]]


@pytest.mark.parametrize("bug", BUGS)
def test_every_bug_is_red_and_names_its_place(bug, checks, card, walk, qtbot):
    before = record(SMALL).grad.flat.copy()
    checks.plant(bug)
    wait(qtbot, checks)
    words, tone = lamp_of(checks)
    assert words.startswith("✗ d")
    assert tone == "error"
    assert sentence_of(checks)[1] == "error"
    assert "the run is not touched" in card.planted.words
    assert card.planted.isVisible()
    assert np.array_equal(walk.record.grad.flat, before)
    qtbot.mouseClick(card.planted.remove, Qt.MouseButton.LeftButton)
    wait(qtbot, checks)
    assert checks.result.passed
    assert not card.planted.isVisible()


@pytest.mark.parametrize("activation", [name for name in ACTIVATIONS if name != "softmax"])
def test_no_activation_is_red_without_a_bug(activation, checks, walk, qtbot):
    walk.show(record(((4, activation), (1, "sigmoid"))))
    checks.start()
    wait(qtbot, checks)
    assert lamp_of(checks)[1] == "good"
    skipped = checks.result.overall.skipped
    assert ("skipped" in notes_of(checks)) == bool(skipped)


def test_the_menu_plants_only_fitting_bugs(checks, card, walk, qtbot):
    walk.show(record(((1, "sigmoid"),)))
    card.bug_menu.aboutToShow.emit()
    enabled = {a.text(): a.isEnabled() for a in card.bug_menu.actions()}
    assert enabled == {bug.label: checks.fits(bug) for bug in BUGS.values()}
    card.bug_menu.actions()[0].trigger()
    wait(qtbot, checks)
    assert checks.bug == next(iter(BUGS))


def test_a_large_network_compares_some_shows_progress_and_can_be_cancelled(
    checks, card, walk, qtbot
):
    walk.show(record(LARGE, 1, 1000))
    assert checks.at_most == 200
    assert card.amount.isVisible()
    card.amount.chosen.emit("all")
    checks.start()
    qtbot.waitUntil(lambda: checks.result is not None and checks.result.done > 3)
    assert card.progress.isVisible()
    assert lamp_of(checks)[0].endswith(" %")
    with at_once():
        qtbot.mouseClick(card.cancel_button, Qt.MouseButton.LeftButton)
    assert not checks.running
    assert lamp_of(checks) == ("cancelled", "muted")
    assert "then cancelled" in sentence_of(checks)[0]
    card.amount.chosen.emit("50")
    checks.start()
    wait(qtbot, checks)
    assert checks.result.total == 50


def test_the_window_stays_usable_during_the_check(checks, walk, qtbot):
    walk.show(record(LARGE, 1, 1000))
    checks.choose(None)
    turns: list[None] = []
    timer = QTimer(interval=5)
    timer.timeout.connect(lambda: turns.append(None))
    timer.start()
    used = process_time()
    checks.start()
    qtbot.waitUntil(lambda: len(turns) > 30 and checks.result is not None)
    used = process_time() - used
    timer.stop()
    assert checks.running
    assert checks.result.done < checks.result.total / 2
    # By the clock it takes longer where other programs run; the check computes all the while.
    assert used / len(turns) < 0.02


def test_a_new_iteration_makes_it_stale_another_network_forgets_it(checks, walk, qtbot):
    checks.start()
    wait(qtbot, checks)
    walk.show(record(SMALL, 21))
    assert checks.stale
    assert lamp_of(checks)[1] == "muted"
    assert "of iteration 20" in sentence_of(checks)[0]
    walk.show(record())
    assert checks.result is None
    checks.start()
    walk.show(None)
    assert not checks.running
    assert lamp_of(checks) == ("–", "faint")
    qtbot.wait(20)  # what the thread had sent before is not shown
    assert checks.result is None


@pytest.mark.filterwarnings("error")
def test_a_diverged_network_fails_the_check_visibly(checks, walk, qtbot):
    with np.errstate(all="ignore"):
        p = record(SMALL).p.flat * np.nan
    broken = record(SMALL)
    walk.show(_with_parameters(broken, p))
    checks.start()
    wait(qtbot, checks)
    assert not checks.result.passed


def _with_parameters(made, flat):
    from dataclasses import replace

    from core.nn.parameters import Parameters

    return replace(made, p=Parameters(made.p.sizes, flat=flat))


def threads_at_work():
    return [what for _, what in left() if what.startswith("QThread")]


def test_closed_in_the_middle_nothing_is_left(walk, qtbot):
    checks = GradientChecks(walk)
    walk.show(record(LARGE, 1, 1000))
    checks.start()
    assert threads_at_work()
    checks.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not threads_at_work()


def test_the_lamp_opens_the_card_and_checks_at_once(checks, qtbot):
    lamp = GradientLamp(checks)
    qtbot.addWidget(lamp)
    lamp.show()
    assert lamp.accessibleName() == "Gradient check: check."
    lamp.setFocus()
    qtbot.keyClick(lamp, Qt.Key.Key_Return)
    wait(qtbot, checks)
    assert lamp.card.isVisible()
    assert lamp.text().startswith("✓")
    qtbot.keyClick(lamp.card, Qt.Key.Key_Escape)
    assert not lamp.card.isVisible()
    checks.plant("double")
    wait(qtbot, checks)
    assert lamp.text() == "✗ dW[2]"
    assert "Planted: dW doubled" in lamp.toolTip()


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_it_paints_in_both_looks(mode, checks, card, qtbot):
    theme().set_mode(mode)
    lamps = [GradientLamp(checks), GradientLamp(checks, compact=True)]
    for lamp in lamps:
        qtbot.addWidget(lamp)
    checks.plant("transpose")
    wait(qtbot, checks)
    assert not any(widget.grab().isNull() for widget in (*lamps, card))
