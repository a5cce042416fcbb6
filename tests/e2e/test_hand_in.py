"""A student saves the answers of a lesson to a file; a teacher makes a table of a class."""

import pytest
from PySide6.QtWidgets import QInputDialog

from core.files import answers
from gui.lessons import hand_in, handout
from tests.e2e.driver import run_app
from tests.e2e.work import said
from tests.lessons.player import carry_out, settle


@pytest.mark.slow
def test_the_hand_out_of_an_open_lesson(qtbot, monkeypatch, tmp_path):
    path = tmp_path / "line.pdf"
    monkeypatch.setattr(handout, "ask_save", lambda *_: path)

    def script(window):
        export = window.parts.find("learn.handout").action
        assert not export.isEnabled()
        window.lessons.start("line")
        settle(qtbot, window)
        export.trigger()
        assert said(window).startswith("Wrote the hand-out to line.pdf")
        window.lessons.leave()
        assert not export.isEnabled()

    assert run_app(script) == 0
    assert path.read_bytes().startswith(b"%PDF")


def test_answers_are_saved_and_gathered(qtbot, monkeypatch, tmp_path):
    path, table = tmp_path / "ann.json", tmp_path / "class.csv"
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("Ann", True))
    saved = iter((path, table))
    monkeypatch.setattr(hand_in, "ask_save", lambda *_: next(saved))
    monkeypatch.setattr(hand_in, "ask_folder", lambda *_: tmp_path)

    def script(window):
        save, gather = (window.parts.find(f"learn.{k}").action for k in ("hand_in", "class"))
        save.trigger()
        assert said(window).startswith("There are no answers yet")
        window.lessons.start("line")
        guide = window.lessons.guide
        settle(qtbot, window)
        guide.advance()
        settle(qtbot, window)
        guide.panel.asking.options[1].click()
        carry_out(qtbot, window, guide.step)
        save.trigger()
        assert said(window) == "Saved 1 answer to ann.json. Hand in this file."
        gather.trigger()
        assert said(window) == "Wrote the answers of 1 student to class.csv."

    assert run_app(script) == 0
    (line,) = answers.read(path).lessons[0].answers
    assert (line.step, line.heading, line.right) == (2, "Turn the line", False)
    assert line.question.startswith("With w₁ = 1")
    assert line.answer == "Along the line x₁ = 1"
    assert "A line that decides" in table.read_text("utf-8-sig")
