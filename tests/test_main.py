"""main.py: one BLAS thread, no Qt for `train`, and a plain sentence when something is missing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import main

ROOT = Path(__file__).parents[1]


def python(program: str, *path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program in a process of its own, in which `path` comes before everything installed."""
    inherited = {key: value for key, value in os.environ.items() if not key.endswith("_THREADS")}
    return subprocess.run(
        [sys.executable, "-c", program],
        env={**inherited, "PYTHONPATH": os.pathsep.join(map(str, (*path, ROOT))), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


THREADS = "import main, os; print(*(os.environ[n] for n in sorted(os.environ) if '_THREADS' in n))"


def test_one_thread_is_asked_for_before_numpy_is_there():
    run = python(THREADS + "; import sys; print('numpy' in sys.modules)")
    assert run.stdout.split() == ["1", "1", "1", "False"]


def test_the_users_own_number_of_threads_wins():
    assert python(THREADS, OPENBLAS_NUM_THREADS="2").stdout.split() == ["1", "1", "2"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["train", "flower", "--iterations", "1"],
        ["sweep", "flower", "--vary", "iterations=1", "--report", "r.csv"],
    ],
)
def test_train_and_sweep_know_no_qt(arguments, tmp_path):
    program = (
        f"import main, sys, os; os.chdir({str(tmp_path)!r}); status = main.main({arguments});"
        "print(status, 'PySide6' in sys.modules, 'gui' in sys.modules)"
    )
    run = python(program)
    assert run.stdout.split() == ["0", "False", "False"], run.stderr


WINDOW = """
import gc, linecache, sys
import main
main.import_window()
late = "PIL core.files.lessons gui.check.window h5py openpyxl pandas pyqtgraph".split()
print([name for name in late if name in sys.modules])
sources = [name for name in linecache.cache if "gui" in name]
print(gc.isenabled(), gc.get_freeze_count() > 10_000, sources)
"""


def test_the_window_is_imported_without_what_its_first_picture_does_not_need():
    run = python(WINDOW)
    assert run.stdout.splitlines() == ["[]", "True True []"], run.stderr


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (
            "raise ImportError('libEGL.so.1: cannot open shared object file: No such file')",
            ["libEGL.so.1", "apt-get install", "libegl1"],
        ),
        (
            "raise ModuleNotFoundError(\"No module named 'PySide6'\", name='PySide6')",
            ["No module named 'PySide6'", "-m pip install -e ."],
        ),
    ],
)
def test_missing_qt_is_one_sentence(tmp_path, fault, words):
    (tmp_path / "PySide6").mkdir()
    (tmp_path / "PySide6" / "__init__.py").write_text(fault, encoding="utf-8")
    run = python("import main; raise SystemExit(main.main([]))", tmp_path)
    assert run.returncode == 2
    assert run.stdout == ""
    assert run.stderr.count("\n") == 1
    assert all(word in run.stderr for word in words), run.stderr


def test_a_fault_of_ours_is_not_hidden(monkeypatch):
    monkeypatch.setitem(sys.modules, "core.cli", None)  # importing it raises ImportError
    with pytest.raises(ImportError, match=r"core\.cli"):
        main.main(["train"])
