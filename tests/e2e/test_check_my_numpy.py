"""Homework is dropped on the window: the line that differs is shown, fixed, and checked again."""

import os
from pathlib import Path

import pytest
from PySide6.QtGui import QAction

from tests.e2e.driver import run_app
from tests.e2e.work import drop

HOMEWORK = Path(__file__).parents[1] / "core" / "check" / "homework"
RIGHT = (HOMEWORK / "shallow.txt").read_text(encoding="utf-8")
WRONG = RIGHT.replace("(1 / m) * np.dot(dZ2, A1.T)", "np.dot(dZ2, A1.T)")


def test_a_slip_is_shown_fixed_and_checked_again(qtbot, tmp_path):
    file = tmp_path / "homework <b>one.py"
    file.write_text(WRONG)

    def script(window):
        drop(window, file)
        qtbot.waitUntil(lambda: window.checks.shown is not None)
        shown = window.checks.shown
        qtbot.waitUntil(lambda: shown.checked is not None)
        assert shown.sentence.text().startswith("Line 50: Your dW2 is exactly 400 times ours")
        assert "np.dot(dZ2, A1.T)" in shown.excerpt.toPlainText()
        assert shown.heading.text() == file.name
        assert shown.theirs.matrix.shape == shown.ours.matrix.shape == (1, 4)
        assert shown.ratio.matrix.values == pytest.approx(400.0)
        assert len(shown.theirs.marks.cells) == 4
        assert "dW2 ✕" in shown.stages.words
        if folder := os.environ.get("LAYERWISE_PICTURES"):
            qtbot.wait(300)
            shown.grab().save(f"{folder}/check.png")
        file.write_text(RIGHT)
        shown.again.click()
        qtbot.waitUntil(lambda: shown.checked is not None and shown.checked.equal)
        assert "agree with ours" in shown.sentence.text()
        assert not shown.found.isVisible()
        if folder := os.environ.get("LAYERWISE_PICTURES"):
            qtbot.wait(300)
            shown.grab().save(f"{folder}/check-right.png")
        shown.close()
        qtbot.waitUntil(lambda: window.checks.shown is None)

    assert run_app(script) == 0


def test_unreadable_homework_gets_a_message_in_its_window(qtbot, tmp_path):
    file = tmp_path / "broken.py"
    file.write_text("x = = 1\n")

    def script(window):
        window.checks.check(file)
        shown = window.checks.shown
        qtbot.waitUntil(lambda: "line 1 is not Python 3" in shown.sentence.text())
        assert shown.again.isEnabled()

    assert run_app(script) == 0


def test_the_window_closes_while_homework_never_ends(qtbot, tmp_path):
    file = tmp_path / "endless.py"
    file.write_text(RIGHT.replace("    Z1 = np.dot", "    while True: pass\n    Z1 = np.dot"))

    def script(window):
        assert any(a.text() == "&Check my NumPy…" for a in window.findChildren(QAction))
        window.checks.check(file)
        qtbot.wait(300)

    assert run_app(script) == 0
