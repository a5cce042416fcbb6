"""Work on a thread of its own: what was given up is never taken for what is wanted now."""

import time
from threading import Event

import pytest
from PySide6.QtCore import QObject

from core.errors import LayerwiseError
from gui.labs.work import Work


def ended_unheard(work, do):
    """Let a piece of work end while its result still waits to be heard."""
    done = Event()

    def first(tell):
        done.set()
        return do()

    work.start(first)
    assert done.wait(5)
    time.sleep(0.1)  # its thread has reported; no slot has run


@pytest.mark.parametrize("fails", [False, True])
def test_a_result_on_its_way_is_dropped_with_its_work(qtbot, fails):
    parent = QObject()
    work, go_on = Work(parent), Event()
    heard: list[object] = []
    work.made.connect(heard.append)
    work.failed.connect(heard.append)

    def old():
        if fails:
            raise LayerwiseError("old")
        return "old"

    ended_unheard(work, old)
    work.start(lambda _tell: go_on.wait(5) and "new")
    qtbot.wait(100)
    assert heard == []
    assert work.running
    go_on.set()
    qtbot.waitUntil(lambda: heard == ["new"])
    ended_unheard(work, old)
    work.cancel()
    qtbot.wait(100)
    assert heard == ["new"]
    work.close()
