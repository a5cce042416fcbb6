"""Cancel on a large file ends its reader within two seconds, and frees its memory."""

import sys
import time
from pathlib import Path

import h5py
import numpy as np
import pandas  # noqa: F401  (what it takes is not what a reader takes)
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QProgressDialog, QPushButton

from gui.dialogs.job import wait_for_those_left
from tests.e2e.driver import run_app
from tests.patience import BUSY, PATIENCE_MS

STOPS_S = 2.0 * BUSY  # two seconds for a user with an idle machine
LEFT_BYTES = 60_000_000  # of what is read, at most, when that has ended
M, SIDE = 2_500, 64  # pictures: 246 MB in the end
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asks /proc for memory")


def in_memory():
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4096


def course_file(folder):
    path = folder / "pictures.h5"
    with h5py.File(path, "w") as file:
        for part, m in (("train", M), ("test", 100)):
            shape = (m, SIDE, SIDE, 3)
            file.create_dataset(
                f"{part}_set_x", shape, np.uint8, chunks=(50, SIDE, SIDE, 3), compression="gzip"
            )
            file[f"{part}_set_y"] = np.arange(m) % 2
    return path


def arrays(folder):
    path = folder / "numbers.npz"
    np.savez(path, X=np.zeros((12_000, M)), Y=np.arange(M)[np.newaxis] % 2)
    return path


def table(folder):
    path = folder / "numbers.csv"
    line = ",".join(["0.125"] * 784)
    with path.open("w", encoding="ascii") as file:
        file.write(",".join(["y", *(f"x{i}" for i in range(784))]) + "\n")
        for i in range(30_000):
            file.write(f"{i % 2},{line}\n")
    return path


@pytest.mark.slow
@pytest.mark.parametrize("make", [course_file, arrays, table])
def test_a_reader_ends_soon_after_cancel_and_gives_its_memory_back(qtbot, tmp_path, make):
    path = make(tmp_path)
    told: list[float] = []

    def script(window):
        QTest.qWait(500)
        before = in_memory()

        def cancel():
            dialogs = [d for d in window.findChildren(QProgressDialog) if d.isVisible()]
            if not dialogs or dialogs[-1].value() < 1:
                return
            timer.stop()
            told.append(time.monotonic())
            dialogs[-1].findChild(QPushButton).click()

        timer = QTimer(window, interval=10)
        timer.timeout.connect(cancel)
        timer.start()
        window.imports.import_path(path)
        qtbot.waitUntil(lambda: bool(told))
        assert wait_for_those_left(PATIENCE_MS / 1000)
        qtbot.waitUntil(lambda: window.imports.job is None)
        told.append(time.monotonic())
        if window.imports.dialog is not None:
            window.imports.dialog.reject()
        assert window.document.project.data.own is None
        qtbot.waitUntil(lambda: in_memory() - before < LEFT_BYTES)
        told.append(in_memory() - before)

    assert run_app(script) == 0
    cancelled, ended, kept = told
    print(f"{make.__name__}: ended {ended - cancelled:.2f} s after Cancel, {kept:,} bytes kept")  # noqa: T201
    assert ended - cancelled < STOPS_S
    assert kept < LEFT_BYTES
