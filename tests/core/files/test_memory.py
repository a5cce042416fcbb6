"""What a file makes of memory: decided by shapes, read in pieces, given back."""

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


def run(program, *arguments):
    command = [sys.executable, "-c", PEAK + program, str(ROOT), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_project_is_opened_and_saved_in_little_more_than_its_arrays(tmp_path):
    path = tmp_path / "large.layerwise"
    run(MAKE, path, 5_000)
    assert float(run(OPEN, path)) < 2  # 40 MB, and what is read at once


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_project_of_300_MB_is_opened_and_saved_in_three_times_its_arrays(tmp_path):  # noqa: N802
    path = tmp_path / "large.layerwise"
    run(MAKE, path, 37_500)
    assert float(run(OPEN, path)) < 1.5
    assert float(run(WINDOW, path)) <= 3
