"""Work is autosaved during editing and at logout, in a thread."""

import os
import stat
import threading
import time

from PySide6.QtCore import SIGNAL, QThread
from PySide6.QtWidgets import QApplication

from core.files import storage
from core.files.recovery import Recovery, found
from core.nn.activations import Array
from core.training.session import Session
from gui.files.recovery import recovery_folder
from tests.e2e.driver import run_app
from tests.e2e.work import edit, said, saving_to, train
from tests.patience import PATIENCE_MS, at_once, never_stop


def kept():
    return sorted(recovery_folder().rglob("*.layerwise"))


def iteration_of_kept():
    (work,) = found(recovery_folder())
    state = work.saved.state
    work.discard()
    return None if state is None else state.iteration


def test_a_run_is_kept_by_the_minute_while_it_trains(qtbot, monkeypatch):
    monkeypatch.setattr("gui.files.recovery.WHILE_TRAINING_MS", 100)
    monkeypatch.setattr("gui.files.recovery.SHARE", 1)  # on a busy machine a write takes long

    def script(window):
        never_stop(window.document)
        window.training.play()
        qtbot.waitUntil(lambda: len(kept()) >= 3)
        assert window.training.playing

    assert run_app(script) == 0
    assert iteration_of_kept() > 0


def test_edits_that_never_pause_are_kept_all_the_same(qtbot, monkeypatch):
    monkeypatch.setattr("gui.files.recovery.AT_THE_LATEST_MS", 300)
    monkeypatch.setattr("gui.files.recovery.ANSWER_MS", 150)
    ages: list[float] = []

    def script(window):
        times: dict[float, float] = {}
        began = time.monotonic()
        seen = None
        while len(ages) < 3 and time.monotonic() - began < PATIENCE_MS / 1000:  # as a drag's are
            edit(window, 0.1 + len(times) / 1000)
            times[window.document.project.training.learning_rate] = time.monotonic()
            qtbot.wait(10)
            if len(kept()) and kept()[-1] != seen:
                seen = kept()[-1]
                rate = storage.read(seen).project.training.learning_rate
                ages.append(time.monotonic() - times[rate])
        assert not window.training.playing

    assert run_app(script) == 0
    assert len(ages) >= 3
    (work,) = found(recovery_folder())
    work.discard()


def test_edits_that_never_pause_are_kept_of_a_run_that_does_not_answer(qtbot, monkeypatch):
    monkeypatch.setattr("gui.files.recovery.AT_THE_LATEST_MS", 200)
    monkeypatch.setattr("gui.files.recovery.ANSWER_MS", 100)
    go_on = threading.Event()
    advance = Session.advance

    def slow(self):
        go_on.wait(PATIENCE_MS / 1000)
        return advance(self)

    def script(window):
        with monkeypatch.context() as patch:
            patch.setattr(Session, "advance", slow)
            window.training.step(5)
            for i in range(100):
                edit(window, 0.1 + i / 1000)
                qtbot.wait(10)
                if kept():
                    break
            go_on.set()
        assert kept()

    assert run_app(script) == 0
    (work,) = found(recovery_folder())
    work.discard()


def test_autosaved_files_are_private(qtbot):
    def script(window):
        edit(window, 0.5)
        window.autosave.write()
        folder = recovery_folder()
        paths = [folder.parent, folder, *folder.rglob("*")]
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in paths}
        for path in paths:
            assert modes[path.name] == (0o700 if path.is_dir() else 0o600), modes

    before = os.umask(0)
    try:
        assert run_app(script) == 0
    finally:
        os.umask(before)
    (work,) = found(recovery_folder())
    work.discard()


def test_logging_out_saves_the_work_at_once_and_the_window_stays_usable(qtbot):
    def script(window):
        never_stop(window.document)
        window.training.play()
        qtbot.waitUntil(lambda: window.training.latest.iteration > 0)
        app = QApplication.instance()
        assert app is not None
        assert app.receivers(SIGNAL("commitDataRequest(QSessionManager&)")) == 1
        with at_once():
            window.keep_work()  # what it is connected to: no session manager can be made here
        assert kept()
        assert window.training.playing  # a user may have stayed after all

    assert run_app(script) == 0
    assert iteration_of_kept() > 0


def test_the_window_never_waits_for_the_disk(qtbot, monkeypatch):
    monkeypatch.setattr("gui.files.recovery.AFTER_EDIT_MS", 50)
    writing, may_end = threading.Event(), threading.Event()
    write, where = Recovery.write, []

    def slow(self, *what):
        where.append(QThread.isMainThread())
        writing.set()
        may_end.wait(PATIENCE_MS / 1000)
        write(self, *what)

    def script(window):
        with monkeypatch.context() as patch:
            patch.setattr(Recovery, "write", slow)
            edit(window, 0.5)
            qtbot.waitUntil(writing.is_set)
            for rate in (0.4, 0.3, 0.2):  # meanwhile the user works
                edit(window, rate)
                qtbot.wait(100)
            may_end.set()
            qtbot.waitUntil(lambda: len(kept()) == 2)
        assert where == [False, False]  # the edits in between were out of date

    assert run_app(script) == 0
    (work,) = found(recovery_folder())
    assert work.saved.project.training.learning_rate == 0.2
    work.discard()


def test_a_save_while_it_is_being_kept_leaves_nothing_to_recover(qtbot, tmp_path, monkeypatch):
    write = Recovery.write

    def slow(self, *what):
        time.sleep(0.2)
        write(self, *what)

    monkeypatch.setattr("gui.files.recovery.AFTER_EDIT_MS", 10)
    monkeypatch.setattr(Recovery, "write", slow)
    saving_to(monkeypatch, tmp_path / "a.layerwise")

    def script(window):
        edit(window, 0.5)
        qtbot.wait(100)
        assert window.files.save()
        qtbot.wait(400)
        qtbot.waitUntil(lambda: not kept())

    assert run_app(script) == 0


def test_a_failing_autosave_is_reported_once(qtbot, monkeypatch):
    monkeypatch.setattr("gui.files.recovery.AFTER_EDIT_MS", 20)

    def script(window):
        recovery_folder().parent.mkdir(parents=True, exist_ok=True)
        recovery_folder().write_bytes(b"")
        edit(window, 0.5)
        qtbot.waitUntil(lambda: "cannot be kept" in said(window))
        edit(window, 0.4)  # which closes the sentence
        qtbot.wait(200)
        assert said(window) == ""
        recovery_folder().unlink()
        edit(window, 0.3)
        qtbot.waitUntil(lambda: bool(kept()))

    assert run_app(script) == 0


def test_the_work_is_kept_when_the_run_has_died(qtbot, monkeypatch):
    monkeypatch.setattr("gui.files.recovery.AFTER_EDIT_MS", 20)

    def fail(_session):
        raise MemoryError

    def script(window):
        edit(window, 0.5)
        train(qtbot, window, 5)
        qtbot.waitUntil(lambda: bool(kept()))
        before = kept()
        with monkeypatch.context() as patch:
            patch.setattr(Session, "advance", fail)
            window.training.play()
            qtbot.waitUntil(lambda: "MemoryError" in said(window))
        assert not window.training.alive
        qtbot.waitUntil(lambda: kept() > before)
        weights.append(window.training.latest.flat)

    weights: list[Array] = []
    assert run_app(script) == 0
    (work,) = found(recovery_folder())
    assert work.saved.project.training.learning_rate == 0.5
    assert work.saved.start is not None
    assert work.saved.start.tobytes() == weights[0].tobytes()  # all that is known of the run
    work.discard()
