"""The memory used for a file: limited by shapes, read in pieces, freed."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asks /proc for the peak")

PEAK = """
import sys
sys.path.insert(0, sys.argv[1])
import main
import numpy as np

def peak():
    with open("/proc/self/status") as status:
        return int(next(line for line in status if line.startswith("VmHWM")).split()[1]) * 1024

def project(m):
    from core import edits
    from core.data.own import own_data
    from core.files.storage import Saved
    from core.project import Project
    X = np.random.RandomState(0).randn(1000, m)
    X.setflags(write=False)
    own = own_data(X, np.arange(m)[np.newaxis] % 2, "large.csv")
    return Saved(edits.choose_own(Project(), own), own=own)
"""
MAKE = """
from core.files import storage
storage.write(sys.argv[2], project(int(sys.argv[3])))
"""
OPEN = """
from core.files import storage
before = peak()
saved = storage.read(sys.argv[2])
storage.write(sys.argv[2] + "2", saved)
arrays = saved.own.X.nbytes + saved.own.Y.nbytes
print((peak() - before) / arrays)
"""
WINDOW = """
from pathlib import Path
from PySide6.QtTest import QTest
from gui.files import open_save
from tests.e2e.driver import run_app

def script(window):
    assert window.files.open(Path(sys.argv[2]))
    QTest.qWait(2000)
    open_save.ask_save = lambda *_: Path(sys.argv[2] + "3.layerwise")
    assert window.files.save_as()
    print(peak() / (window.training.own.X.nbytes + window.training.own.Y.nbytes))

run_app(script)
"""


BOMB = """
import h5py
with h5py.File(sys.argv[2], "w") as h5:
    for part, m in (("train", 600), ("test", 20)):
        # of nothing but what it says: a few kilobytes on the disk
        shape = (m, 64, 64, 3)
        h5.create_dataset(f"{part}_set_x", shape, "u1", chunks=(20, 64, 64, 3), compression="gzip")
        h5[f"{part}_set_y"] = np.arange(m) % 2
"""
COURSE = """
from core.files.course import read_h5
before, told = peak(), []
own = read_h5(sys.argv[2], progress=lambda done, total: told.append(done)).own
assert len(told) > 5
print(peak() - before, own.X.nbytes + own.Y.nbytes)
"""
CANCELLED = """
import time
from core.files.course import read_h5

class Enough(Exception):
    pass

for after in range(0, 8, 2):
    asked, calls = 0.0, 0
    def progress(done, total):
        global asked, calls
        calls += 1
        if calls > after:
            raise Enough
    try:
        read_h5(sys.argv[2], progress=progress)
    except Enough:
        pass
now = int(next(l for l in open("/proc/self/status") if l.startswith("VmRSS")).split()[1]) * 1024
print(now)
"""


def run(program, *arguments):
    command = [sys.executable, "-c", PEAK + program, str(ROOT), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_project_is_opened_and_saved_in_little_more_than_its_arrays(tmp_path):
    path = tmp_path / "large.layerwise"
    run(MAKE, path, 5_000)
    assert float(run(OPEN, path)) < 2  # 40 MB, and what is read at once


def test_a_small_files_memory_is_limited_reported_and_freed(tmp_path):
    path = tmp_path / "a.h5"
    run(BOMB, path)
    assert path.stat().st_size < 200_000
    took, final = map(int, run(COURSE, path).split())
    assert took <= 4 * final
    assert int(run(CANCELLED, path)) < 150 * 2**20


@pytest.mark.slow
def test_a_project_of_300_MB_is_opened_and_saved_in_three_times_its_arrays(tmp_path):  # noqa: N802
    path = tmp_path / "large.layerwise"
    run(MAKE, path, 37_500)
    assert float(run(OPEN, path)) < 1.5
    assert float(run(WINDOW, path)) <= 3
