"""A failure behind the window is shown, is in the log, and loses nothing."""

from pathlib import Path

from core.look.activations import Activations
from core.training.session import Session
from gui import errors
from gui.main_window import BROKEN
from tests.e2e.driver import run_app
from tests.e2e.work import said, train


def test_an_error_that_ends_the_run_is_reported_and_the_run_is_kept(qtbot, monkeypatch):
    def script(window):
        training = window.training
        train(qtbot, window, 30)
        with monkeypatch.context() as patch:
            patch.setattr(Session, "advance", lambda _: 1 / 0)
            training.play()
            qtbot.waitUntil(lambda: not training.alive)
        assert said(window) == BROKEN.format("ZeroDivisionError")
        assert not training.playing
        assert "ZeroDivisionError" in Path(errors.log_path()).read_text("utf-8")
        (kept,) = training.runs.kept
        assert kept.state.iteration == 30
        assert kept.project == window.document.project
        window.run_bar.play_button.click()  # and continues from the start
        qtbot.waitUntil(lambda: training.alive and training.latest.iteration > 0)
        training.pause()

    assert run_app(script) == 0


def test_an_error_is_reported_each_time_it_happens(qtbot, monkeypatch):
    def script(window):
        train(qtbot, window, 12)
        monkeypatch.setattr(Session, "advance", lambda _: 1 / 0)
        for _ in range(2):
            window.training.play()
            qtbot.waitUntil(lambda: not window.training.alive)
            qtbot.waitUntil(lambda: said(window) == BROKEN.format("ZeroDivisionError"))
            errors.banner_of(window).close_message()
            assert said(window) == ""

    assert run_app(script) == 0


def test_a_panel_reports_its_failed_ask_and_the_run_continues(qtbot, monkeypatch):
    def script(window):
        training, panel = window.training, window.panels["activations"]
        with monkeypatch.context() as patch:
            patch.setattr(Activations, "measure", lambda *_: 1 / 0)
            window.docks["activations"].bring()
            train(qtbot, window, 20)
            qtbot.waitUntil(panel.trouble.isVisible)
            assert "ZeroDivisionError" in panel.trouble.text()
            assert panel.trouble.geometry().bottom() <= panel.height()
            others = [p for p in window.panels.values() if p is not panel]
            assert not any(p.trouble.isVisible() for p in others)
        assert training.alive
        assert Path(errors.log_path()).read_text("utf-8").count("ZeroDivisionError: ") == 1
        train(qtbot, window, 20)
        qtbot.waitUntil(lambda: not panel.trouble.isVisible())

    assert run_app(script) == 0
