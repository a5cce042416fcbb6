"""Difficult places for saving and opening: full disks, protected folders, odd names."""

import os
import resource
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtGui import QAction, Qt

from core.errors import LayerwiseError
from core.files import storage
from core.files.storage import Saved
from core.project import Project
from tests.cases import spread
from tests.e2e.driver import run_app
from tests.e2e.work import answer, command, edit, import_chosen, said, saving_to
from tests.patience import PATIENCE_MS

ROOT = Path(__file__).parents[2]


@contextmanager
def full_disk(size):
    """No file grows beyond so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_keeps_the_old_file_and_the_work(qtbot, tmp_path, monkeypatch):
    path = tmp_path / "lesson.layerwise"
    saving_to(monkeypatch, path)

    def script(window):
        assert window.files.save()
        before = path.read_bytes()
        edit(window, 0.5)
        failed = answer(monkeypatch, "ask_elsewhere", False)
        with full_disk(500):
            assert not window.files.save()
        assert "lesson.layerwise cannot be written: file too large" in failed[0]
        assert path.read_bytes() == before
        assert list(tmp_path.glob("*.part")) == []
        assert window.isWindowModified()
        assert window.files.path == path
        assert window.files.save()
        assert storage.read(path).project == window.document.project

    assert run_app(script) == 0


def closed_folder(tmp_path):
    if os.geteuid() == 0:
        return Path("/sys/kernel")  # where root may create nothing either
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o500)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("case", ["closed folder", "a folder", "too long", "no folder", "a FIFO"])
def test_if_saving_fails_another_place_is_offered(qtbot, tmp_path, monkeypatch, case):
    (tmp_path / "a folder.layerwise").mkdir()
    os.mkfifo(tmp_path / "fifo.layerwise")
    path, reason = {
        "closed folder": (closed_folder(tmp_path) / "a.layerwise", "permission denied"),
        "a folder": (tmp_path / "a folder.layerwise", "it is a folder"),
        "too long": (tmp_path / f"{'x' * 300}.layerwise", "file name too long"),
        "no folder": (tmp_path / "none" / "a.layerwise", "there is no such file or folder"),
        "a FIFO": (tmp_path / "fifo.layerwise", "it is not an ordinary file"),
    }[case]
    before = sorted(tmp_path.iterdir())

    def script(window):
        edit(window, 0.5)
        saving_to(monkeypatch, path)
        failed = answer(monkeypatch, "ask_elsewhere", False)
        assert not window.files.save()
        assert reason in failed[0]
        assert len(failed[0]) < 300
        assert window.isWindowModified()
        assert window.files.path is None
        assert sorted(p for p in tmp_path.iterdir() if p in before) == before

    assert run_app(script) == 0


NAMES = ["<b>bold<img src=x>", "\u202elesson", "a&b[*]", "a\udcff", "x" * 240]


def open_from_recent(window, name):
    menu = next(a for a in window.findChildren(QAction) if "recent" in a.text()).menu()
    menu.aboutToShow.emit()
    recent = menu.actions()[0]
    assert "<b>" not in recent.toolTip()
    assert Qt.mightBeRichText(recent.toolTip()) == ("<" in name)  # escaped, that is
    recent.trigger()


@pytest.mark.parametrize("name", spread(NAMES, 2), ids=range(len(NAMES)))
def test_a_file_of_any_name_is_opened_saved_and_named_as_it_is(qtbot, tmp_path, monkeypatch, name):
    path = tmp_path / f"{name}.layerwise"
    storage.write(path, Saved(Project()))

    def script(window):
        assert window.files.path == path
        edit(window, 0.5)
        assert window.isWindowModified()
        command(window, "Save")
        assert not window.isWindowModified()
        assert all(c.isprintable() for c in said(window) + window.windowTitle())
        assert said(window).startswith("Saved ")
        assert storage.read(path).project == window.document.project
        open_from_recent(window, name)
        assert window.files.path == path
        path.unlink()
        with pytest.raises(LayerwiseError, match="no such file") as caught:
            window.files.open(path)
        assert len(str(caught.value)) < 300

    assert run_app(script, [str(path)]) == 0


def test_a_name_of_100_kb_and_a_fifo_are_a_sentence(qtbot, tmp_path, capsys, monkeypatch):
    fifo = tmp_path / "fifo.layerwise"
    os.mkfifo(fifo)

    def script(window):
        for path in (fifo, tmp_path / ("x" * 100_000 + ".layerwise")):
            import_chosen(monkeypatch, window, path)
            assert "cannot be read" in said(window)
            assert len(said(window)) < 300
        assert window.document.project == Project()

    assert run_app(script) == 0


SECOND = """
import sys
sys.path.insert(0, sys.argv[1])
from tests.e2e.driver import run_app
from tests.e2e.work import edit
from gui.dialogs.recover import RecoverDialog

def script(window):
    print("offered" if window.findChild(RecoverDialog) else "nothing offered")
    edit(window, 0.125)
    assert window.files.save()

sys.exit(run_app(script, [sys.argv[2]], recovers=True))
"""


@pytest.mark.slow
def test_two_windows_on_one_file(qtbot, tmp_path, monkeypatch):
    path = tmp_path / "shared.layerwise"
    storage.write(path, Saved(Project()))

    def script(window):
        edit(window, 0.5)
        window.autosave.write()  # what the other window must not claim
        second = subprocess.run(
            [sys.executable, "-c", SECOND, str(ROOT), str(path)],
            capture_output=True, text=True, check=False, timeout=PATIENCE_MS / 1000,
        )  # fmt: skip
        assert (second.returncode, second.stdout) == (0, "nothing offered\n"), second.stderr
        asked = answer(monkeypatch, "ask_overwrite", "cancel")
        assert not window.files.save()
        assert asked == ["shared.layerwise"]
        assert storage.read(path).project.training.learning_rate == 0.125
        assert window.isWindowModified()
        saving_to(monkeypatch, tmp_path / "mine.layerwise")
        answer(monkeypatch, "ask_overwrite", "elsewhere")
        assert window.files.save()
        assert storage.read(path).project.training.learning_rate == 0.125
        assert storage.read(tmp_path / "mine.layerwise").project.training.learning_rate == 0.5

    assert run_app(script, [str(path)]) == 0
