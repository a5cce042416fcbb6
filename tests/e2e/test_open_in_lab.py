"""Things of the window opened in their labs, and the labs used by the lines of a lesson's test."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core import edits
from tests.e2e.driver import run_app
from tests.e2e.work import said
from tests.lessons.player import begin, carry_out, settle

LEFT = Qt.MouseButton.LeftButton
STEPS = {
    "'surprise' in lab.broadcasting.seen": [
        "lab broadcasting set a '(5, 1)'",
        "lab broadcasting set b '(1, 5)'",
    ],
    "lab.broadcasting.reshaped": [
        "lab broadcasting click view[rank1]",
        "lab broadcasting click reshape",
    ],
    "lab.shapes.error_seen": [
        "lab shapes choose operation 'A · B'",
        "lab shapes set a W[1]",
        "lab shapes set b X.T",
    ],
    "lab.race.done and lab.race.agrees and lab.race.ratio > 1": [
        "lab race set size 5000",
        "lab race click start",
    ],
    "lab.starts.seen >= 1": ["lab starts choose network '8 layers of 16, ReLU'"],
    "lab.picture.trained and 'reshapes' in lab.picture.seen": [
        "lab picture choose album 'Digits, 8 × 8'",
        "lab picture click view[many]",
        "lab picture click train",
    ],
}


def lesson_in(folder):
    steps = "".join(
        f'## Step {i}\n```step\ngoal = "{goal}"\nhint = "Do it."\ntest = {lines!r}\n```\n'
        for i, (goal, lines) in enumerate(STEPS.items(), start=1)
    )
    head = "---\ntitle: Labs\nabout: All.\nminutes: 5\nconcepts: [S24]\nafter: []\n---\n"
    path = folder / "lesson.md"
    path.write_text(head + steps, encoding="utf-8")
    return str(path)


@pytest.mark.slow
def test_lessons_use_each_lab_by_its_own_controls(qtbot, tmp_path):
    def script(window):
        window.lessons.open_file(Path(lesson_in(tmp_path)))
        guide = window.lessons.guide
        for _ in STEPS:
            settle(qtbot, window)
            begin(qtbot, window, guide.step)
            carry_out(qtbot, window, guide.step)
            guide.panel.next.click()

    assert run_app(script) == 0


def brought(qtbot, window, name):
    """The lab of that name, once it is seen."""
    qtbot.waitUntil(lambda: name in window.docks and not window.docks[name].is_behind)
    lab = window.docking.lab(name)
    qtbot.waitUntil(lab.isVisible)
    return lab


def test_an_equation_a_picture_and_the_initialization_open_their_labs(qtbot):
    def script(window):
        window.start_walk()
        stepper, walk = window.panels["stepper"], window.walk
        qtbot.waitUntil(lambda: walk.record is not None)
        chips = [step.chip for step in walk.steps]
        walk.go(chips.index("dW[2]"))
        QTest.mouseClick(stepper.operation.equation, LEFT)
        lab = brought(qtbot, window, "labs.shapes")
        assert [operand.name for operand in lab.state.operands] == ["dZ[2]", "A[1].T"]
        assert lab.outcome.shape == (1, 4)
        walk.go(chips.index("Z[1]"))
        stepper.setFocus()
        QTest.keyClick(stepper, Qt.Key.Key_L)
        assert lab.state.operands[0].name == "W[1]"
        walk.go(chips.index("A[1]"))
        stepper.setFocus()
        QTest.keyClick(stepper, Qt.Key.Key_L)
        assert "nothing to X-ray" in said(window)
        window.canvas.setFocus()
        window.selection.select_layer(2)
        QTest.keyClick(window.canvas, Qt.Key.Key_L, Qt.KeyboardModifier.ShiftModifier)
        assert lab.code.text() == "np.dot(W[2], A[1]) + b[2]   →   (1, 400)"
        window.document.edit("Digits", edits.choose_source(window.document.project, "digits"))
        window.docks["data"].bring()
        data = window.panels["data"]
        qtbot.waitUntil(data.pictures.isVisible)
        window.selection.select_example(7)
        QTest.mouseClick(data.pictures.lab, LEFT)
        picture = brought(qtbot, window, "labs.picture")
        assert picture.one.number.value == 8
        assert picture.album.value == "open"
        popup = window.run_bar.settings.initialization.popup
        window.run_bar.settings.initialization.open_menu()
        QTest.mouseClick(popup.lab, LEFT)
        assert not popup.isVisible()
        starts = brought(qtbot, window, "labs.starts")
        qtbot.waitUntil(lambda: len(starts.begun) == 7)

    assert run_app(script) == 0


def test_the_window_closes_while_a_lab_computes(qtbot):
    def script(window):
        window.docking.lab_actions["labs.race"].trigger()
        lab = brought(qtbot, window, "labs.race")
        lab.size_.edit.setFocus()
        lab.size_.edit.selectAll()
        QTest.keyClicks(lab.size_.edit, "10000000")
        QTest.keyClick(lab.size_.edit, Qt.Key.Key_Return)
        lab.bar.start.click()
        QTest.qWait(60)

    assert run_app(script) == 0
