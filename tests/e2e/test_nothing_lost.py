"""Nothing is lost in crashes, on signals, and after unexpected errors."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QWidget

from core.errors import LayerwiseError
from core.files.recovery import found
from core.nn.activations import Array
from core.training.session import Session
from gui.app import application
from gui.dialogs.recover import RecoverDialog
from gui.files.recovery import recovery_folder
from gui.widgets.painting import smooth
from tests.e2e.driver import run_app
from tests.e2e.work import answer, at_rest, edit, said, saving_to, train
from tests.patience import at_once

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_work_is_kept_two_seconds_after_the_last_edit_and_offered_again(qtbot, monkeypatch):
    monkeypatch.setattr("gui.files.recovery.AFTER_EDIT_MS", 200)

    def first(window):
        edit(window, 0.5)
        qtbot.waitUntil(lambda: any(recovery_folder().rglob("*.layerwise")))
        train(qtbot, window, 40)

    def second(window):
        assert not window.isWindowModified()
        dialog = window.findChild(RecoverDialog)
        assert dialog.list.count() == 1
        assert "iteration 40" in dialog.list.item(0).text()
        dialog.recover_button.click()
        qtbot.waitUntil(lambda: at_rest(window) and window.training.latest.iteration == 40)
        assert window.document.project.training.learning_rate == 0.5
        assert window.isWindowModified()

    def third(window):  # never saved: it is still there
        dialog = window.findChild(RecoverDialog)
        assert dialog.list.count() == 1
        dialog.discard_button.click()

    def fourth(window):
        assert window.findChild(RecoverDialog) is None

    for script in (first, second, third, fourth):
        assert run_app(script, recovers=True) == 0


@pytest.mark.slow
def test_a_real_save_ends_the_recovery(qtbot, tmp_path, monkeypatch):
    def first(window):
        edit(window, 0.5)

    def second(window):
        window.findChild(RecoverDialog).recover_button.click()
        saving_to(monkeypatch, tmp_path / "saved.layerwise")
        assert window.files.save()
        assert found(recovery_folder()) == []

    def third(window):
        assert window.findChild(RecoverDialog) is None

    for script in (first, second, third):
        assert run_app(script, recovers=True) == 0


def test_closing_without_saving_when_asked_leaves_nothing(qtbot, monkeypatch):
    answer(monkeypatch, "ask_to_save", "discard")

    def script(window):
        edit(window, 0.5)
        window.autosave.write()
        window.close()

    assert run_app(script, recovers=True) == 0
    assert found(recovery_folder()) == []


def test_quitting_a_trained_example_that_has_no_file_asks_nothing_and_keeps_the_run(
    qtbot, monkeypatch
):
    asked = answer(monkeypatch, "ask_to_save", "discard")

    def first(window):
        train(qtbot, window, 30)
        weights.append(window.training.latest.flat)
        window.close()

    def second(window):
        window.findChild(RecoverDialog).recover_button.click()
        qtbot.waitUntil(lambda: at_rest(window) and window.training.latest.iteration == 30)
        weights.append(window.training.latest.flat)

    weights: list[Array] = []
    assert run_app(first) == 0
    assert asked == []
    assert run_app(second, recovers=True) == 0
    np.testing.assert_array_equal(weights[0], weights[1])


def test_damaged_recovery_data_do_not_block_the_start(qtbot):
    def first(window):
        edit(window, 0.5)

    assert run_app(first) == 0
    for path in recovery_folder().rglob("*.layerwise"):
        path.write_bytes(path.read_bytes()[:100])

    def second(window):
        assert window.findChild(RecoverDialog) is None

    assert run_app(second, recovers=True) == 0


APP = """
import sys
sys.path.insert(0, sys.argv[1])
import main
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from core import edits
QApplication([])
def work():
    window = next((w for w in QApplication.topLevelWidgets() if hasattr(w, "autosave")), None)
    if window is None or not window.complete:
        QTimer.singleShot(10, work)
        return
    project = window.document.project
    window.document.edit("Rate", edits.with_training(project, learning_rate=0.5))
    window.training.play()
    if sys.argv[2] == "kill":
        window.autosave.write()
    if sys.argv[2] == "ask":
        QTimer.singleShot(0, window.close)  # a question is open when the signal comes
    QTimer.singleShot(200, lambda: print("working", flush=True))
QTimer.singleShot(0, work)
sys.exit(main.main([]))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
@pytest.mark.parametrize("how", ["end", "ask"])
@pytest.mark.parametrize(
    "number",
    [signal.SIGTERM, signal.SIGINT, getattr(signal, "SIGHUP", signal.SIGINT), signal.SIGKILL],
)
def test_ending_the_process_loses_nothing(number, how):
    application()  # its name is that of the folder
    how = "kill" if number == signal.SIGKILL else how
    process = subprocess.Popen(
        [sys.executable, "-c", APP, str(ROOT), how],
        stdout=subprocess.PIPE,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == b"working\n"
        with at_once():
            process.send_signal(number)
            process.wait(20)
    finally:
        process.kill()
        process.communicate()
    (work,) = found(recovery_folder())
    assert work.saved.project.training.learning_rate == 0.5
    assert work.saved.state is not None
    if number != signal.SIGKILL:
        assert work.saved.state.iteration > 0
    work.discard()


# --- unexpected errors --------------------------------------------------------------------------


class Torn(QWidget):
    """A part of a panel that cannot be drawn."""

    def paintEvent(self, _event):
        raise KeyError("painting")


@pytest.mark.qt_no_exception_capture
def test_exceptions_in_a_slot_a_paint_event_and_the_thread_are_reported(qtbot, monkeypatch, capfd):
    from gui.errors import log_path

    def script(window):
        window.run_bar.actions_by_name["play"].triggered.connect(lambda: 1 / 0)
        window.run_bar.actions_by_name["play"].trigger()
        qtbot.waitUntil(lambda: "ZeroDivisionError" in said(window))

        torn = Torn(window.panels["data"])
        torn.show()
        qtbot.waitUntil(lambda: "painting" in said(window))
        torn.close()
        with monkeypatch.context() as patch:
            patch.setattr(Session, "advance", lambda self: dict[str, bool]()["training"])
            window.training.play()
            qtbot.waitUntil(lambda: "An error ended the run (KeyError)" in said(window))
        assert not window.training.playing
        window.training.reset()
        qtbot.waitUntil(lambda: at_rest(window))
        train(qtbot, window, 3)
        text = Path(log_path()).read_text(encoding="utf-8")
        assert text.count("Traceback") >= 3

    assert run_app(script, recovers=True) == 0


class HalfPainted(QWidget):
    """A part of a panel that fails while it draws."""

    def paintEvent(self, _event):
        with smooth(self) as painter:
            painter.drawLine(0, 0, 9, 9)
            raise KeyError("half painted")


@pytest.mark.slow
@pytest.mark.qt_no_exception_capture
@pytest.mark.parametrize("how", ["show", "repaint", "grab"])
def test_painting_that_fails_half_way_ends_nothing(qtbot, how):
    def script(window):
        half = HalfPainted(window.panels["data"])
        half.resize(50, 50)
        half.show()
        for _ in range(3):
            with suppress(KeyError):  # a request for it at once is answered at once
                getattr(half, how)()
        qtbot.waitUntil(lambda: "half painted" in said(window))
        train(qtbot, window, 3)

    assert run_app(script, recovers=True) == 0


def test_a_refusal_is_a_sentence_and_no_log(qtbot, tmp_path):
    def script(window):
        with pytest.raises(LayerwiseError, match="no such file"):
            window.files.open(tmp_path / "none.layerwise")

    assert run_app(script, recovers=True) == 0


@pytest.mark.slow
@pytest.mark.parametrize("newer", [False, True])
def test_of_a_newer_file_it_is_asked_before_it_is_overwritten(qtbot, monkeypatch, tmp_path, newer):
    path = tmp_path / "a.layerwise"
    monkeypatch.setattr("gui.files.recovery.AFTER_EDIT_MS", 100)
    saving_to(monkeypatch, path)
    asked: list[str] = []

    def refuse(_window, name):
        asked.append(name)
        return "cancel"

    monkeypatch.setattr("gui.files.open_save.ask_overwrite", refuse)

    def first(window):
        assert window.files.save_as()
        edit(window, 0.5)
        qtbot.waitUntil(lambda: any(recovery_folder().rglob("*.layerwise")))

    def second(window):
        window.findChild(RecoverDialog).recover_button.click()
        qtbot.waitUntil(lambda: window.document.project.training.learning_rate == 0.5)
        assert window.files.path == path
        assert window.files.save() != newer

    assert run_app(first) == 0
    written = path.read_bytes()
    if newer:
        later = time.time() + 60
        os.utime(path, (later, later))
    assert run_app(second, recovers=True) == 0
    assert asked == [path.name] * newer
    assert (path.read_bytes() == written) == newer
