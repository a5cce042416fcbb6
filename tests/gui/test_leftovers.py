"""The watch over left-overs sees what it must see, and nothing else."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QSettings, QThread, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from tests.leftovers import left

ROOT = Path(__file__).parents[2]
PLANTED = """
import threading, time, warnings
from PySide6.QtCore import Qt, QTimer, qWarning
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from tests.leftovers import nothing_left_behind, own_settings

kept = []

def test_clean(qapp): pass
def test_thread(): threading.Thread(target=time.sleep, args=(0.5,)).start()
def test_timer(qapp): kept.append(QTimer(interval=60_000)); kept[-1].start()
def test_window(qapp): kept.append(QWidget())
def test_held_key(qapp):
    QTest.keyClick(QWidget(), Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.keyboardModifiers() == Qt.KeyboardModifier.ControlModifier
def test_no_key_is_held(qapp):
    assert QApplication.keyboardModifiers() == Qt.KeyboardModifier.NoModifier
def test_qt_warning(qapp): qWarning("planted")
def test_python_warning(): warnings.warn("planted")
"""


def descriptions() -> str:
    return " ".join(what for _, what in left())


def test_a_running_python_thread_is_seen():
    hold = threading.Event()
    thread = threading.Thread(target=hold.wait, name="forgotten")
    thread.start()
    assert "thread forgotten" in descriptions()
    hold.set()
    thread.join()
    assert "forgotten" not in descriptions()


def test_a_running_qthread_is_seen(qapp):
    thread = QThread()
    thread.start()
    assert "QThread" in descriptions()
    thread.quit()
    assert thread.wait(1000)
    assert "QThread" not in descriptions()


def test_a_qthread_that_ran_python_and_ended_is_not_seen(qapp):
    class Worker(QThread):
        def run(self):
            threading.current_thread()  # what makes Python list it

    thread = Worker()
    thread.start()
    assert thread.wait(1000)


@pytest.mark.parametrize("owned", [False, True])
def test_an_active_timer_is_seen(qapp, owned):
    owner = QObject()
    timer = QTimer(owner if owned else None)
    timer.start(60_000)
    assert "timer every 60000 ms" in descriptions()
    timer.stop()
    assert "timer" not in descriptions()


def test_a_hidden_window_is_seen_until_it_is_deleted(qapp):
    window = QWidget()
    assert "window" in descriptions()
    window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert "window" not in descriptions()


def test_a_window_in_a_cycle_is_collected(qapp):
    cycle: list[object] = [QWidget()]
    cycle.append(cycle)


def test_settings_are_those_of_the_test(tmp_path):
    settings = QSettings("Layerwise", "Layerwise")
    assert settings.fileName().startswith(str(tmp_path))
    assert not settings.allKeys()


@pytest.mark.slow
def test_leftovers_and_warnings_fail_a_test(tmp_path):
    (tmp_path / "test_planted.py").write_text(PLANTED, encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", "-c", ROOT / "pyproject.toml", tmp_path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    for name in ("thread", "timer", "window"):
        assert f"::test_{name} - AssertionError: left behind: {name} " in run.stdout
    for name in ("qt_warning", "python_warning"):
        assert f"FAILED test_planted.py::test_{name}" in run.stdout
    assert "2 failed, 6 passed, 3 errors" in run.stdout
