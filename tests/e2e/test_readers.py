"""A reader stops soon after Cancel, frees its memory, and never keeps the window open."""

import threading
import time
import weakref

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QProgressDialog, QPushButton

from core.errors import LayerwiseError
from core.files import pictures
from gui.dialogs import job
from gui.dialogs.job import Cancelled, Job, wait_for_those_left, waited_for
from gui.files import data_import
from tests.e2e.driver import run_app
from tests.patience import PATIENCE_MS, at_once


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(job, "QUICK_MS", 20)


def stuck(go_on, done):
    """Work that hears of nothing until it may continue."""

    def work(_progress):
        go_on.wait(PATIENCE_MS / 1000)
        done.set()
        return 5

    return work


def test_closing_the_window_does_not_wait_for_a_reader(qtbot, tmp_path, monkeypatch):
    go_on, done = threading.Event(), threading.Event()
    monkeypatch.setattr(data_import, "read_arrays", lambda *_: stuck(go_on, done)(None))
    np.savez(tmp_path / "own.npz", X=np.zeros((2, 4)), Y=np.zeros((1, 4)))

    def script(window):
        window.imports.import_path(tmp_path / "own.npz")
        assert window.imports.job is not None
        with at_once():
            window.close_without_asking()
        assert not done.is_set()
        go_on.set()

    assert run_app(script) == 0
    assert wait_for_those_left(PATIENCE_MS / 1000)
    assert done.is_set()


@pytest.mark.parametrize("how", ["cancel", "close"])
def test_cancelled_reading_is_left_to_end(qtbot, how):
    go_on, done = threading.Event(), threading.Event()

    def script(window):
        def stop():
            if how == "close":
                window.close_without_asking()
            else:
                window.findChild(QProgressDialog).findChild(QPushButton).click()

        QTimer.singleShot(100, window, stop)
        with pytest.raises(Cancelled):
            waited_for(window, "Opening …", stuck(go_on, done), reads=True)
        assert not done.is_set()
        go_on.set()

    assert run_app(script) == 0
    assert wait_for_those_left(PATIENCE_MS / 1000)


def test_cancel_in_the_dialog_also_ends_the_reading_that_it_began(qtbot, tmp_path, monkeypatch):
    go_on, done = threading.Event(), threading.Event()
    work = stuck(go_on, done)
    monkeypatch.setattr(pictures, "read_pictures", lambda *_, **__: work(None))
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        Image.new("RGB", (8, 8)).save(tmp_path / name / "1.png")

    def script(window):
        before = window.document.project
        window.imports.import_path(tmp_path)
        dialog = window.imports.dialog
        dialog.import_button.click()
        dialog.reject()
        QTest.qWait(20)  # the dialog is deleted
        go_on.set()
        qtbot.waitUntil(done.is_set)
        QTest.qWait(100)
        assert window.document.project is before

    assert run_app(script) == 0
    assert wait_for_those_left(PATIENCE_MS / 1000)


def test_a_readers_memory_is_freed_after_cancel(qtbot):
    kept: list[weakref.ref] = []

    def work(progress):
        array = np.ones(1000)
        kept.append(weakref.ref(array))
        while True:
            progress(1, 2)
            time.sleep(0.005)

    def script(window):
        reading = Job(window, "Reading …", work)
        reading.start()
        qtbot.waitUntil(lambda: bool(kept))
        reading.cancel()
        qtbot.waitUntil(lambda: kept[0]() is None)

    assert run_app(script) == 0


@pytest.mark.parametrize("fails", [False, True])
def test_with_its_answer_a_job_has_ended(qtbot, fails):
    """Who shows the answer can start the next job at once: nothing of this one is left to come."""
    seen: list[str] = []

    def work(progress):
        if fails:
            raise LayerwiseError("no data")
        return 1

    def script(window):
        job = Job(window, "Reading …", work)
        job.ended.connect(lambda: seen.append("ended"))
        job.made.connect(lambda result: seen.append(f"made {result}"))
        job.failed.connect(lambda error: seen.append(f"failed: {error}"))
        job.start()
        qtbot.waitUntil(lambda: len(seen) > 0)
        assert seen == ["ended", "failed: no data" if fails else "made 1"]

    assert run_app(script) == 0
