"""Slow opening, saving and exporting shows progress, can be cancelled, and loses nothing."""

import threading
import time

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QProgressDialog, QPushButton

from core.files import npz, storage
from core.project import Project
from core.training.session import Session
from gui.dialogs.job import progress_dialog
from gui.files import data_import as imports
from gui.files import open_save as files
from gui.files import run_state
from tests.core.files import made
from tests.e2e.driver import run_app
from tests.e2e.work import at_rest, edit, said, saving_to, train
from tests.patience import PATIENCE_MS


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    """Windows that stand still for a moment only."""
    monkeypatch.setattr("gui.dialogs.job.QUICK_MS", 20)
    monkeypatch.setattr("gui.files.run_state.QUICK_MS", 20)


def shown(window):
    return [dialog for dialog in window.findChildren(QProgressDialog) if dialog.isVisible()]


def slowly(monkeypatch, module, name, seen):
    """Let a function of a module tell its progress until `seen` says that it may continue."""
    done = getattr(module, name)

    def slow(*what):
        progress, end = what[-1], time.monotonic() + PATIENCE_MS / 1000
        while not seen.is_set() and time.monotonic() < end:
            progress(3, 10)
            time.sleep(0.01)
        return done(*what)

    monkeypatch.setattr(module, name, slow)


def when_shown(window, do):
    """Call this once, with the dialog, when it has shown some progress."""
    timer = QTimer(window, interval=10)

    def look():
        dialogs = [dialog for dialog in shown(window) if dialog.value() == 3]
        if dialogs:
            timer.stop()
            do(dialogs[0])

    timer.timeout.connect(look)
    timer.start()


def cancel(dialog):
    dialog.findChild(QPushButton).click()


def test_saving_can_be_cancelled_and_the_old_file_stays(qtbot, tmp_path, monkeypatch):
    path = tmp_path / "lesson.layerwise"
    saving_to(monkeypatch, path)

    def script(window):
        assert window.files.save()
        before = path.read_bytes()
        edit(window, 0.5)
        with monkeypatch.context() as patch:
            slowly(patch, storage, "write", threading.Event())
            when_shown(window, cancel)
            assert not window.files.save()
        assert window.files.modified
        assert path.read_bytes() == before
        assert not list(tmp_path.glob("*.part"))
        assert not shown(window)
        assert window.files.save()
        assert not window.files.modified

    assert run_app(script) == 0
    assert storage.read(path).project.training.learning_rate == 0.5


def test_a_save_has_the_state_at_its_start(qtbot, tmp_path, monkeypatch):
    path = tmp_path / "lesson.layerwise"
    saving_to(monkeypatch, path)

    def script(window):
        edit(window, 0.5)
        go_on = threading.Event()

        def meanwhile(dialog):
            assert dialog.labelText() == "Saving lesson.layerwise …"
            edit(window, 0.25)
            go_on.set()

        with monkeypatch.context() as patch:
            slowly(patch, storage, "write", go_on)
            when_shown(window, meanwhile)
            assert window.files.save()
        assert window.files.modified
        assert not window.document.undo_stack.isClean()
        window.document.undo_stack.undo()
        assert not window.files.modified
        assert storage.read(path).project.training.learning_rate == 0.5

    assert run_app(script) == 0


def test_closing_while_it_saves_waits_for_the_end_of_it(qtbot, tmp_path, monkeypatch):
    path = tmp_path / "lesson.layerwise"
    saving_to(monkeypatch, path)
    go_on = threading.Event()
    later = threading.Timer(0.3, go_on.set)

    def close(window):
        later.start()
        window.close_without_asking()

    def script(window):
        edit(window, 0.5)
        slowly(monkeypatch, storage, "write", go_on)
        when_shown(window, lambda _: close(window))
        assert window.files.save()
        later.join()

    assert run_app(script) == 0
    assert storage.read(path).project.training.learning_rate == 0.5


def test_opening_can_be_cancelled_and_nothing_changes(qtbot, tmp_path, monkeypatch):
    path = tmp_path / "lesson.layerwise"
    saving_to(monkeypatch, path)

    def script(window):
        edit(window, 0.5)
        assert window.files.save()
        assert window.files.new()
        with monkeypatch.context() as patch:
            slowly(patch, files, "read_saved", threading.Event())
            when_shown(window, cancel)
            assert not window.files.open(path)
        assert window.document.project == Project()
        go_on = threading.Event()
        with monkeypatch.context() as patch:
            slowly(patch, files, "read_saved", go_on)
            when_shown(window, lambda _: go_on.set())
            assert window.files.open(path)
        assert window.document.project.training.learning_rate == 0.5

    assert run_app(script) == 0


def test_a_run_that_is_amid_a_long_iteration_is_waited_for(qtbot, tmp_path, monkeypatch):
    path = tmp_path / "lesson.layerwise"
    saving_to(monkeypatch, path)
    advance, asked = Session.advance, list[str]()
    amid, go_on = threading.Event(), threading.Event()

    def slow(session, *what):
        amid.set()
        go_on.wait(PATIENCE_MS / 1000)
        return advance(session, *what)

    def dialog(window, title):
        asked.append(title)
        go_on.set()
        return progress_dialog(window, title)

    def script(window):
        train(qtbot, window, 1)
        with monkeypatch.context() as patch:
            patch.setattr(Session, "advance", slow)
            patch.setattr(run_state, "progress_dialog", dialog)
            window.training.step(2)
            assert amid.wait(PATIENCE_MS / 1000)
            assert window.files.save()
        qtbot.waitUntil(lambda: at_rest(window))
        assert asked == ["Saving lesson.layerwise …"]

    assert run_app(script) == 0
    state = storage.read(path).state
    assert state is not None
    assert state.iteration >= 2


def test_exporting_can_be_cancelled(qtbot, tmp_path, monkeypatch):
    path = tmp_path / "points.csv"
    monkeypatch.setattr(imports, "ask_save", lambda *_: path)

    def script(window):
        with monkeypatch.context() as patch:
            slowly(patch, imports, "write_table", threading.Event())
            when_shown(window, cancel)
            assert not window.imports.export_data()
        assert not path.exists()
        assert window.imports.export_data()

    assert run_app(script) == 0
    assert len(path.read_text().splitlines()) == 401


def test_a_file_too_large_to_be_opened_again_is_not_written(qtbot, tmp_path, monkeypatch):
    path = tmp_path / "lesson.layerwise"
    saving_to(monkeypatch, path)
    monkeypatch.setattr(npz, "MAX_FILE", 1000)
    told: list[str] = []

    def ask(_window, sentence):
        told.append(sentence)
        return False

    monkeypatch.setattr(files, "ask_elsewhere", ask)

    def script(window):
        edit(window, 0.5)
        assert not window.files.save()
        assert "the limit is 1,000" in told[0]
        assert not path.exists()
        assert said(window) == ""

    assert run_app(script) == 0


def test_progress_goes_from_nothing_to_all(tmp_path):
    told: list[tuple[int, int]] = []
    path = tmp_path / "a.layerwise"
    storage.write(path, made.saved(), lambda *progress: told.append(progress))
    shares = np.array([done / all_ for done, all_ in told])
    assert 0 < shares[0] < 0.5
    assert shares[-1] == 1
    told.clear()
    storage.read(path, lambda *progress: told.append(progress))
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert 0.95 < told[-1][0] / told[-1][1] <= 1  # not every text is needed
