"""An exception that was not caught becomes one sentence, once, and a line in a log."""

import os
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QMainWindow,
    QPlainTextEdit,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from core.errors import LayerwiseError
from gui.errors import Reporter, install, log_path, report_of, show_message
from gui.widgets.banner import Banner


@pytest.fixture
def window(qtbot):
    made = QWidget()
    made.resize(900, 500)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def reporter(window):
    return Reporter(lambda: window, window)


def raised(kind=ValueError, text="boom"):
    try:
        raise kind(text)
    except kind as error:
        return error


def banner(window):
    return window.findChild(Banner)


def test_an_error_is_shown_once_and_logged_every_time(reporter, window):
    error = raised()
    reporter.report(error)
    assert "ValueError: boom" in banner(window).sentence
    banner(window).close_message()
    reporter.report(error)
    assert banner(window).sentence == ""
    assert Path(log_path()).read_text(encoding="utf-8").count("Traceback") == 2


def test_the_details_can_be_copied(reporter, window):
    reporter.report(raised(text="<b>no markup</b>"))
    assert "<b>no markup</b>" in banner(window).text_label.text()
    banner(window).action_button.click()
    assert "Traceback" in QGuiApplication.clipboard().text()
    assert "<b>no markup</b>" in QGuiApplication.clipboard().text()


def test_a_domain_error_is_its_own_sentence_as_often_as_it_comes(reporter, window):
    error = raised(LayerwiseError, "The file ends too early.")
    for _ in range(2):
        reporter.report(error)
        assert banner(window).sentence == "The file ends too early."
        assert not banner(window).action_button.isVisible()
        banner(window).close_message()


def test_an_error_while_showing_ends_there(capsys, qapp):
    def no_window():
        raise RuntimeError("no window")

    reporter = Reporter(no_window, None)
    reporter.report(raised())
    assert "no window" in capsys.readouterr().err


def test_an_error_while_logging_ends_there(reporter, window, capsys, monkeypatch):
    monkeypatch.setattr("gui.errors.log_path", lambda: "/dev/null/logs/layerwise.log")
    reporter.report(raised())
    assert "boom" in banner(window).sentence


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes among its files")
def test_a_pipe_in_place_of_the_log_is_not_waited_for(reporter, window):
    path = Path(log_path())
    path.parent.mkdir(parents=True)
    os.mkfifo(path)
    reporter.report(raised())
    assert "boom" in window.findChild(Banner).sentence


def test_without_a_window_the_sentence_goes_to_stderr(capsys, qapp):
    Reporter(lambda: None, None).report(raised())
    assert "boom" in capsys.readouterr().err


def test_an_error_in_a_thread_reaches_the_window(reporter, window, qtbot):
    thread = threading.Thread(target=lambda: reporter.report(raised(text="elsewhere")))
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: banner(window) is not None)
    assert "elsewhere" in banner(window).sentence


def test_the_three_hooks_are_taken_called_through_and_given_back(window, monkeypatch):
    seen = []
    monkeypatch.setattr(sys, "excepthook", lambda *args: seen.append("main"))
    monkeypatch.setattr(sys, "unraisablehook", lambda found: seen.append("unraisable"))
    monkeypatch.setattr(threading, "excepthook", lambda found: seen.append("thread"))
    before = (sys.excepthook, sys.unraisablehook, threading.excepthook)
    reporter = install(lambda: window)
    error = raised(text="main")
    sys.excepthook(ValueError, error, error.__traceback__)
    assert banner(window) is None  # not while the call that failed may be a layout under way
    QApplication.processEvents()
    assert "main" in banner(window).sentence
    error = raised(KeyError, "thread")
    details = (KeyError, error, error.__traceback__, None)
    threading.excepthook(threading.ExceptHookArgs(details))
    QApplication.processEvents()
    assert "thread" in banner(window).sentence

    class Bad:
        def __del__(self):
            raise OSError("unraisable")

    Bad()
    QApplication.processEvents()
    assert "unraisable" in banner(window).sentence
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    QApplication.processEvents()
    assert "unraisable" in banner(window).sentence
    reporter.unhook()
    assert (sys.excepthook, sys.unraisablehook, threading.excepthook) == before
    assert seen == ["main", "thread", "unraisable", "main"]


def test_an_error_without_a_traceback_has_a_report():
    assert "ValueError" in report_of(ValueError()).sentence
    assert report_of(ValueError()).place == ("ValueError", "", 0)


def test_a_message_floats_over_the_window_and_stays_inside(window, qtbot):
    show_message(QWidget(window), "Layer 2 is dead. " * 20, "error")
    first = banner(window)
    assert window.rect().contains(first.geometry())
    high = first.height()
    window.resize(420, 500)
    qtbot.waitUntil(lambda: first.width() < 420)
    assert first.height() > high
    show_message(window, "Saved.")
    assert window.findChildren(Banner) == [first]
    assert first.sentence == "Saved."


def test_a_message_leaves_the_controls_of_a_main_window_free(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    bar, middle, sheet = QToolBar(), QWidget(), QPlainTextEdit()
    bar.addAction("Play")
    QVBoxLayout(middle).addWidget(sheet)
    window.addToolBar(bar)
    window.setCentralWidget(middle)
    window.resize(900, 500)
    window.show()
    show_message(bar, "Layer 2 is dead.", "error")
    shown = banner(window)
    assert shown.parentWidget() is middle
    qtbot.waitUntil(lambda: not shown.geometry().intersects(sheet.geometry()))
    assert middle.rect().contains(shown.geometry())
    assert sheet.height() > 300
