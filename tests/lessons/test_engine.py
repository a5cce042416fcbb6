"""What leads through a lesson: locks, straying, keys, leaving; nothing of the user is lost."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

import main
from core import edits
from core.files import lesson_progress
from core.files.recovery import found
from gui.app import application
from gui.canvas.weight_card import WeightCard
from gui.files import open_save as files
from gui.files.recovery import recovery_folder
from gui.lessons.invitation import Invitation
from gui.lessons.learner import progress_folder
from gui.lessons.spotlight import Spotlight
from tests.e2e.driver import run_app
from tests.e2e.test_hard_places import full_disk
from tests.e2e.work import at_rest, edit, said, train
from tests.lessons.player import carry_out, settle

ROOT = Path(__file__).parents[2]
LEFT = Qt.MouseButton.LeftButton


def opened(qtbot, window, step=0, name="line"):
    """A lesson, at one of its steps; what comes before is skipped."""
    window.lessons.start(name)
    guide = window.lessons.guide
    settle(qtbot, window)
    while guide.at < step:
        guide.panel.skip_wanted.emit() if guide.panel.skip.isVisible() else guide.advance()
        settle(qtbot, window)
    return guide


def focused():
    """What has the keyboard."""
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def in_card(window, widget):
    """Whether a widget is of the card over a weight."""
    return widget is not None and window.canvas.findChild(WeightCard).isAncestorOf(widget)


def press(window, key):
    part = window.parts.find(key)
    QTest.mouseClick(part.widget, LEFT, pos=part.widget.mapFromGlobal(part.point))


def test_forbidden_parts_are_locked_and_questions_come_first(qtbot):
    def script(window):
        guide = opened(qtbot, window, 1)
        start = window.training.latest.flat
        edge = window.parts.find("canvas.edge[1][1,2]")
        at = edge.widget.mapFromGlobal(edge.point)
        QTest.mouseClick(edge.widget, LEFT, pos=at)
        assert not in_card(window, QApplication.focusWidget())  # it asks first
        assert not guide.panel.next.isEnabled()
        guide.panel.skip.click()
        press(window, "runbar.play")
        QTest.keySequence(window, "F5")
        QTest.keySequence(window, "F10")
        window.canvas.setFocus()
        QTest.keyClick(window.canvas, Qt.Key.Key_Space)
        QTest.keyClick(window.canvas, Qt.Key.Key_Plus)
        press(window, "canvas.edge[1][1,1]")
        press(window, "canvas.add[1]")
        qtbot.wait(80)
        assert not window.training.playing
        assert window.training.latest.iteration == 0
        assert np.array_equal(window.training.latest.flat, start)
        assert len(window.document.project.network.layers) == 1
        assert "locked" in guide.panel.stray.text()
        QTest.mouseClick(edge.widget, LEFT, pos=at)
        qtbot.waitUntil(lambda: in_card(window, QApplication.focusWidget()))
        QTest.keyClicks(focused(), "1")
        QTest.keyClick(focused(), Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: guide.reached)
        assert guide.panel.next.isEnabled()

    assert run_app(script) == 0


def test_a_wrong_answer_gets_its_reply_and_is_shown_next_to_the_result(qtbot):
    def script(window):
        guide = opened(qtbot, window, 1)
        guide.panel.asking.options[1].click()
        words = [label.text() for label in guide.panel.findChildren(QLabel)]
        assert "You said: Along the line x₁ = 1" in words
        assert "That line needs w₂ = 0 and b = −1." in words
        assert not any(text.startswith("It is:") for text in words)
        carry_out(qtbot, window, guide.step)
        words = [label.text() for label in guide.panel.findChildren(QLabel)]
        assert "It is: Along the line x₁ + x₂ = 0" in words
        kept = lesson_progress.read(progress_folder()).of("line")
        assert [(each.answer, each.right) for each in kept.answers] == [((2.0,), False)]
        assert 1 in kept.done

    assert run_app(script) == 0


@pytest.mark.slow
def test_unwanted_changes_get_a_message_and_can_be_undone(qtbot):
    def script(window):
        guide = opened(qtbot, window, 1)
        guide.skip()
        other = edits.with_training(window.document.project, learning_rate=10.0)
        window.document.edit("Rate", other)  # as an undo or the palette may
        qtbot.waitUntil(lambda: not guide.panel.stray.isHidden())
        assert guide.panel.stray.text().startswith("Learning rate α was 1.2 and is 10.")
        guide.panel.restore.click()
        assert window.document.project.training.learning_rate == 1.2
        qtbot.waitUntil(guide.panel.stray.isHidden)
        guide.panel.reset.click()
        settle(qtbot, window)
        assert guide.at == 1
        assert window.training.latest.parameters().W[1].tolist() == [[1.0, 0.0]]

    assert run_app(script) == 0


def test_by_the_keyboard_alone(qtbot):
    def key(name, count=1):
        for _ in range(count):
            QTest.keySequence(focused(), name)
            qtbot.wait(20)

    def script(window):
        guide = opened(qtbot, window)
        key("PgDown")
        settle(qtbot, window)
        assert guide.at == 1
        assert QApplication.focusWidget() is guide.panel.asking.options[0]
        key("Tab")
        key("Space")
        assert guide.panel.asking is None
        window.canvas.setFocus()
        key("W")
        card = QApplication.focusWidget()
        assert in_card(window, card)
        key("Alt+Right")
        key("Ctrl+A")
        QTest.keyClicks(focused(), "1")
        key("Return")
        qtbot.waitUntil(lambda: guide.reached)
        key("PgDown")
        settle(qtbot, window)
        assert guide.at == 2
        key("PgUp")
        settle(qtbot, window)
        assert guide.at == 1
        key("Ctrl+Esc")
        assert not guide.active

    assert run_app(script) == 0


def test_on_a_projector(qtbot):
    def script(window):
        window.presentation.start()
        guide = opened(qtbot, window)
        assert guide.panel.isVisible()
        QTest.keySequence(window, "PgDown")
        settle(qtbot, window)
        assert guide.at == 1
        window.presentation.stop()
        assert guide.panel.isVisible()

    assert run_app(script) == 0


@pytest.mark.slow
def test_the_data_are_shown_to_an_audience_in_the_steps_about_them_only(qtbot):
    def script(window):
        data = window.docks["data"]
        window.presentation.start()
        assert not data.isVisible()
        opened(qtbot, window, name="one-neuron")
        assert not data.isVisible()
        opened(qtbot, window, 4, "one-neuron")  # choose the flower
        assert data.isVisible()
        window.lessons.leave()
        assert not data.isVisible()
        window.presentation.stop()
        assert data.isVisible()

    assert run_app(script) == 0


@pytest.mark.slow
def test_a_control_without_room_is_lit_and_used_and_those_beside_it_are_locked(qtbot):
    def script(window):
        window.presentation.start()
        guide = opened(qtbot, window, name="begin")
        bar, spotlight = window.run_bar, window.findChild(Spotlight)
        initialization, stop = bar.settings.initialization, bar.settings.stopping
        assert not initialization.isVisible()
        more = bar.overflow.button
        where = more.mapTo(window, more.rect().center())
        assert any(place.contains(where) for place in spotlight.pointed)
        guide.skip()
        QTest.mouseClick(more, LEFT)
        assert initialization.isVisible()
        QTest.mouseClick(stop, LEFT)
        assert not stop.popup.isVisible()
        QTest.keyClick(stop, Qt.Key.Key_Space)
        assert not stop.popup.isVisible()
        QTest.mouseClick(initialization, LEFT)
        assert initialization.popup.isVisible()
        QTest.mouseClick(initialization.popup.rules["zeros"], LEFT)
        assert window.document.project.network.initializer == "zeros"
        initialization.popup.close()
        for popup in QApplication.topLevelWidgets():
            if popup.isVisible() and popup is not window:
                popup.close()

    assert run_app(script) == 0


def test_arrows_lead_past_what_is_locked(qtbot):
    def script(window):
        guide = opened(qtbot, window, 4, "one-neuron")  # choose the flower
        guide.skip()
        window.parts.find("data.gaussians").widget.setFocus()
        for _ in range(20):
            if focused() is window.parts.find("data.flower").widget:
                break
            QTest.keyClick(focused(), Qt.Key.Key_Left)
        QTest.keyClick(focused(), Qt.Key.Key_Space)
        assert window.document.project.data.source == "flower"
        window.canvas.setFocus()
        QTest.keyClick(window.canvas, Qt.Key.Key_Right)
        QTest.keyClick(window.canvas, Qt.Key.Key_Down)
        assert window.selection.unit == (1, 0)
        QTest.keyClick(window.canvas, Qt.Key.Key_5)  # units are locked
        QTest.keyClick(focused(), Qt.Key.Key_Return)
        assert window.document.project.network.layers[0].units == 1

    assert run_app(script) == 0


HIDING = """---
title: Hidden
about: A lesson for tests.
minutes: 1
---
## One
```step
show = ["boundary"]
hide = ["boundary", "runbar.cost"]

[[ask]]
text = "What does it cost?"
options = ["Much", "Little"]
right = [1]
```
"""


def test_parts_are_covered_until_the_questions_are_answered(qtbot, tmp_path):
    path = tmp_path / "lesson.md"
    path.write_text(HIDING, encoding="utf-8")

    def script(window):
        window.lessons.open_file(path)
        guide = window.lessons.guide
        settle(qtbot, window)
        spotlight = window.findChild(Spotlight)
        for widget in (window.docks["boundary"], window.run_bar.cost):
            where = widget.mapTo(window, widget.rect().center())
            assert any(place.contains(where) for place in spotlight.covered)
        covered = window.grab().toImage()
        guide.panel.asking.options[0].click()
        qtbot.waitUntil(lambda: not spotlight.covered)
        assert not spotlight.isVisible()
        assert window.grab().toImage() != covered

    assert run_app(script) == 0


def test_the_users_own_work_is_restored_and_scenes_ask_nothing(qtbot, monkeypatch):
    monkeypatch.setattr(files, "ask_to_save", lambda *_: pytest.fail("asked"))

    def script(window):
        window.layouts.choose("build")
        window.docks["boundary"].close()
        edit(window, 0.7)
        qtbot.waitUntil(lambda: at_rest(window))
        train(qtbot, window, 20)
        before, own = window.training.latest, window.document.project
        guide = opened(qtbot, window, 1)
        carry_out(qtbot, window, guide.step)
        assert not window.files.modified
        guide.panel.leave.click()
        qtbot.waitUntil(lambda: at_rest(window))
        assert window.document.project == own
        assert np.array_equal(window.training.latest.flat, before.flat)
        assert window.training.latest.run == before.run
        assert window.layouts.current == "build"
        assert window.docking.lesson.isHidden()
        assert window.files.modified
        opened(qtbot, window, name="line")
        assert window.lessons.guide.at == 1  # where it was left

    assert run_app(script) == 0  # the window closes in the lesson
    (work,) = found(recovery_folder())
    assert work.saved.project.training.learning_rate == 0.7
    work.discard()


APP = """
import sys
sys.path.insert(0, sys.argv[1])
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel
import main
from core import edits
QApplication([])
def work():
    window = next((w for w in QApplication.topLevelWidgets() if hasattr(w, "lessons")), None)
    if window is None or not window.complete:
        QTimer.singleShot(10, work)
        return
    project = window.document.project
    window.document.edit("Rate", edits.with_training(project, learning_rate=0.5))
    window.lessons.start("line")
    window.lessons.guide.advance()
    window.document.edit("Rate", edits.with_training(window.document.project, learning_rate=9.0))
    QTimer.singleShot(2600, lambda: print("working", flush=True))
QTimer.singleShot(0, work)
sys.exit(main.main([]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
def test_killed_in_a_lesson_the_users_own_work_is_found(qtbot):
    application()  # whose name the folder has
    process = subprocess.Popen(
        [sys.executable, "-c", APP, str(ROOT)],
        stdout=subprocess.PIPE,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == b"working\n"
        process.send_signal(signal.SIGKILL)
        process.wait(20)
    finally:
        process.kill()
        process.communicate()
    (work,) = found(recovery_folder())
    assert work.saved.project.training.learning_rate == 0.5
    assert work.saved.project.data.source == "flower"
    assert lesson_progress.read(progress_folder()).of("line").at == 1
    work.discard()


@pytest.mark.slow
def test_on_a_full_disk_the_lesson_continues_with_a_message(qtbot):
    def script(window):
        edit(window, 0.7)
        qtbot.waitUntil(lambda: at_rest(window))
        own = window.document.project
        with full_disk(100):
            guide = opened(qtbot, window, 1)
            assert "cannot be written: file too large" in said(window)
            carry_out(qtbot, window, guide.step)
            assert guide.reached
            guide.leave()
        assert window.document.project == own
        assert window.files.modified

    assert run_app(script) == 0


def test_show_me_carries_a_step_out(qtbot):
    def script(window):
        guide = opened(qtbot, window, 1)
        guide.panel.show_me.click()
        qtbot.waitUntil(lambda: guide.reached)
        assert abs(window.training.latest.parameters().W[1][0, 1] - 1) < 1e-9

    assert run_app(script) == 0


def test_a_lesson_of_a_stranger_is_opened_from_the_command_line_and_refused_where_it_is_wrong(
    qtbot, tmp_path, capsys, monkeypatch
):
    text = "---\ntitle: Mine\nabout: One.\nminutes: 1\n---\n## Look\nHere.\n```step\n{}\n```\n"
    path = tmp_path / "lesson.md"
    path.write_text(text.format('point = "cost"'))
    monkeypatch.setattr(files, "ask_open", lambda *_: path)

    def script(window):
        qtbot.waitUntil(lambda: window.lessons.active)
        assert window.lessons.guide.package.lesson.title == "Mine"
        path.write_text(text.format('point = "kitchen"'))
        window.parts.find("learn.open").action.trigger()
        assert "line 6: the window has no part called 'kitchen'" in said(window)
        assert window.lessons.guide.package.lesson.title == "Mine"

    assert run_app(script, ["lesson", str(path)]) == 0
    path.write_text("no lesson")
    assert main.main(["lesson", str(path)]) == 2
    assert "lesson.md, line 1: a lesson begins with" in capsys.readouterr().err


@pytest.mark.slow
def test_the_first_start_offers_the_first_lesson_once(qtbot):
    def first(window):
        (line,) = window.findChildren(Invitation)
        assert line.isVisible()
        assert "A line that decides" in line.take.text()
        assert not line.geometry().isEmpty()
        assert not line.geometry().intersects(window.canvas.geometry())
        line.take.click()
        assert window.lessons.active
        assert line.isHidden()

    def again(window):
        assert not window.findChildren(Invitation)

    assert run_app(first) == 0
    assert run_app(again) == 0


def test_the_menu_says_how_far_one_is(qtbot):
    def script(window):
        guide = opened(qtbot, window, 1)
        action = window.parts.find("learn.lesson[line]").action
        guide.leave()
        action.associatedObjects()[0].aboutToShow.emit()
        assert action.text().endswith("1 of 8 · 7 min")
        assert window.parts.find("learn.next").action.isEnabled() is False

    assert run_app(script) == 0


def test_a_press_outside_the_highlighted_part_does_nothing(qtbot):
    def script(window):
        opened(qtbot, window, 1).skip()
        canvas = window.canvas.viewport()
        before = window.document.project
        for x in range(20, canvas.width() - 20, 90):
            for y in range(20, canvas.height() - 20, 90):
                QTest.mouseClick(canvas, LEFT, pos=QPoint(x, y))
        assert window.document.project == before

    assert run_app(script) == 0


def test_everything_else_is_dimmed_including_later_panels(qtbot):
    def script(window):
        opened(qtbot, window, 4, "one-neuron")
        data, spotlight = window.docks["data"], window.findChild(Spotlight)
        qtbot.waitUntil(lambda: data.isVisible() and spotlight.isVisible())
        data.bring()
        qtbot.wait(150)
        above = [child for child in window.children() if child in (data, spotlight)]
        assert above == [data, spotlight]
        assert spotlight.geometry() == window.rect()
        lit = window.parts.rectangle("data.flower")
        assert any(
            window.mapToGlobal(place.center()) == lit.center() for place in spotlight.pointed
        )

    assert run_app(script) == 0


def test_a_command_is_where_its_menu_is(qtbot):
    """Also after the bar was too narrow for its menus, which it then keeps in one of its own."""

    def script(window):
        window.resize(700, 600)
        qtbot.wait(50)
        window.resize(1600, 1000)
        qtbot.wait(50)
        bar = window.menuBar()
        (train,) = [a for a in bar.actions() if a.text() == "&Train"]
        place = window.parts.rectangle("train.sweep")
        assert place.size() == bar.actionGeometry(train).size()

    assert run_app(script) == 0
