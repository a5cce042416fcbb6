"""Every way to import and export data: course files, TSV, long imports, hostile files."""

import os
import threading

import numpy as np
import pytest
from PySide6.QtWidgets import QProgressDialog, QPushButton

from core import edits
from core.errors import LayerwiseError
from core.files import pictures
from core.files.own_data import read_arrays
from core.project import Project
from gui.dialogs.job import Cancelled
from gui.dialogs.table import TableDialog
from gui.files import data_import as imports
from tests.e2e.driver import run_app
from tests.e2e.work import at_rest, command, import_chosen, said, train

rng = np.random.RandomState(0)


def learned(qtbot, window):
    qtbot.waitUntil(lambda: at_rest(window) and window.training.own is not None)
    return window.training.own


def asked_for(monkeypatch, path):
    monkeypatch.setattr(imports, "ask_open_several", lambda *_: [path])
    monkeypatch.setattr(imports, "ask_save", lambda *_: path)


def test_a_course_file_with_its_test_set_is_learned_and_shown_as_pictures(
    qtbot, tmp_path, monkeypatch
):
    h5py = pytest.importorskip("h5py")
    path = tmp_path / "catvnoncat.h5"
    with h5py.File(path, "w") as h5:
        h5["train_set_x"] = rng.randint(0, 256, (20, 4, 4, 3), np.uint8)
        h5["train_set_y"] = np.arange(20) % 2
        h5["test_set_x"] = rng.randint(0, 256, (6, 4, 4, 3), np.uint8)
        h5["test_set_y"] = np.arange(6) % 2
        h5["list_classes"] = np.array([b"non-cat", b"cat"])
    asked_for(monkeypatch, path)

    def script(window):
        command(window, "Data…")
        own = learned(qtbot, window)
        assert (own.picture, own.classes, own.test_examples) == ((4, 4, 3), ("non-cat", "cat"), 6)
        assert window.document.project.sizes()[0] == 48
        assert window.training.latest.split.test.m == 6
        train(qtbot, window, 3)
        assert window.training.latest.test is not None

    assert run_app(script) == 0


def test_the_two_files_of_the_course_are_dropped_together(qtbot, tmp_path):
    h5py = pytest.importorskip("h5py")
    paths = [tmp_path / f"{part}_signs.h5" for part in ("test", "train")]
    for part, m, path in zip(("test", "train"), (6, 20), paths, strict=True):
        with h5py.File(path, "w") as h5:
            h5[f"{part}_set_x"] = rng.randint(0, 256, (m, 2, 2, 3), np.uint8)
            h5[f"{part}_set_y"] = np.arange(m) % 3

    def script(window):
        with pytest.raises(LayerwiseError, match="2 files were chosen: choose one at a time"):
            window.imports.open_dropped([paths[0], tmp_path / "a.csv"])
        window.imports.open_dropped(paths)
        own = learned(qtbot, window)
        assert (own.origin, own.m, own.test_examples) == ("train_signs.h5", 26, 6)
        assert window.document.project.sizes()[0] == 12

    assert run_app(script) == 0


def test_tabs_separate_columns_too(qtbot, tmp_path):
    path = tmp_path / "points.tsv"
    rows = [f"{i}\t{i * i}\t{'ab'[i % 2]}" for i in range(12)]
    path.write_text("\n".join(["x1\tx2\tlabel", *rows]), encoding="utf-8")

    def script(window):
        window.imports.open_dropped([path])
        dialog = window.imports.dialog
        assert dialog.delimiter.currentData() == "\t"
        dialog.normalize_box.setChecked(True)
        dialog.import_button.click()
        assert learned(qtbot, window).inputs == ("x1", "x2")
        assert window.document.project.data.normalize
        split = window.training.latest.split
        assert np.allclose(split.train.X.mean(axis=1), 0)

    assert run_app(script) == 0


def test_an_import_is_reported_even_after_a_diverged_run(qtbot, tmp_path):
    path = tmp_path / "points.npz"
    np.savez(path, X=rng.randn(2, 30), Y=np.arange(30)[np.newaxis] % 2)

    def script(window):
        document = window.document
        steep = edits.choose_source(document.project, "plane")
        document.edit("Steep", edits.with_training(steep, learning_rate=1e6))
        qtbot.waitUntil(lambda: at_rest(window))
        window.training.play()
        qtbot.waitUntil(lambda: "Training stopped" in said(window))
        window.imports.import_path(path)
        learned(qtbot, window)
        qtbot.waitUntil(lambda: window.training.latest.halt is None)
        assert said(window).startswith("Learning points.npz: 30 examples with 2 inputs.")

    assert run_app(script) == 0


@pytest.mark.parametrize("suffix", ["csv", "npz"])
def test_pictures_that_go_out_come_back_as_pictures(qtbot, tmp_path, monkeypatch, suffix):
    path = tmp_path / f"digits.{suffix}"
    asked_for(monkeypatch, path)

    def script(window):
        document = window.document
        document.edit("Digits", edits.choose_source(document.project, "digits"))
        qtbot.waitUntil(lambda: at_rest(window))
        assert window.imports.export_data()
        command(window, "Data…")
        if suffix == "csv":
            window.findChild(TableDialog).import_button.click()
        assert learned(qtbot, window).picture == (8, 8, 1)
        assert "a picture of 8 × 8 pixels, row by row from the top left" in said(window)
        assert "64 numbers from 0 to 1 fit a square" in said(window)

    assert run_app(script) == 0


def test_exports_as_csv_or_npz_are_imported_bit_for_bit(qtbot, tmp_path, monkeypatch):
    source = tmp_path / "own.csv"
    rows = [f"{rng.randn()!r},{rng.randn()!r},{'=1+1' if i % 2 else 'b'}" for i in range(12)]
    source.write_text("\n".join(["+a,b,label", *rows]), encoding="utf-8")

    def script(window):
        window.imports.open_dropped([source])
        window.imports.dialog.import_button.click()
        own = learned(qtbot, window)
        asked_for(monkeypatch, tmp_path / "out.csv")
        command(window, "Export data…")
        assert "Wrote 12 examples to out.csv" in said(window)
        text = (tmp_path / "out.csv").read_text(encoding="utf-8-sig")
        assert not [cell for line in text.splitlines() for cell in line.split(",") if cell[:1] in
                    ("=", "+", "@")]  # fmt: skip
        asked_for(monkeypatch, tmp_path / "out.npz")
        command(window, "Export data…")
        back = read_arrays(tmp_path / "out.npz").own
        assert back.X.tobytes() == own.X.tobytes()
        assert back.Y.tobytes() == own.Y.tobytes()
        window.imports.open_dropped([tmp_path / "out.csv"])
        window.imports.dialog.import_button.click()
        qtbot.waitUntil(lambda: at_rest(window) and window.training.own.origin == "out.csv")
        assert window.training.own.X.tobytes() == own.X.tobytes()

    assert run_app(script) == 0


class Slow:
    """A reader that tells of its progress until it may continue or is cancelled."""

    def __init__(self):
        self.told, self.cancelled, self.go_on = threading.Event(), False, threading.Event()

    def __call__(self, folder, height, width, *, colour, progress):
        try:
            for done in range(10_000):
                progress(done, 10_000)
                self.told.set()
                if self.go_on.wait(0.002):
                    raise LayerwiseError("the end of it")
        except Cancelled:
            self.cancelled = True
            raise


def test_a_long_import_shows_how_far_it_is_and_is_given_up_at_once(qtbot, tmp_path, monkeypatch):
    folder = tmp_path / "<b>pets"
    folder.mkdir()
    slow = Slow()
    monkeypatch.setattr(pictures, "read_pictures", slow)
    monkeypatch.setattr("gui.dialogs.job.SHOWN_AFTER_MS", 50)

    def script(window):
        window.imports.open_dropped([folder])
        window.imports.dialog.import_button.click()
        dialog = window.findChild(QProgressDialog)
        qtbot.waitUntil(lambda: dialog.isVisible() and dialog.value() > 3)
        assert dialog.maximum() == 10_000
        assert dialog.labelText() == "Reading <b>pets …"
        dialog.findChild(QPushButton).click()
        qtbot.waitUntil(lambda: slow.cancelled)
        qtbot.waitUntil(lambda: window.findChild(QProgressDialog) is None)
        assert window.document.project == Project()
        assert said(window) == ""

    assert run_app(script) == 0


def test_closing_the_window_gives_a_long_import_up(qtbot, tmp_path, monkeypatch):
    (tmp_path / "pets").mkdir()
    slow = Slow()
    monkeypatch.setattr(pictures, "read_pictures", slow)

    def script(window):
        window.imports.open_dropped([tmp_path / "pets"])
        window.imports.dialog.import_button.click()
        qtbot.waitUntil(slow.told.is_set)

    assert run_app(script) == 0
    assert slow.cancelled


HOSTILE = {
    "fifo.csv": "it is not an ordinary file",
    "empty.csv": "it is empty",
    "binary.csv": "no text",
    "<img src=x>.npz": "not a whole .npz file",
    "\u202egnp.h5": "not an .h5 file",
    "a\udcff.npz": "not a whole .npz file",
    "x" * 100_000 + ".csv": "file name too long",
    "nul\0.csv": "not valid text",
    "picture.svg": "Layerwise opens",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_any_invalid_drop_gets_a_sentence_and_changes_nothing(qtbot, tmp_path, monkeypatch, name):
    if name == "fifo.csv":
        os.mkfifo(tmp_path / name)
    elif len(name) < 1000 and "\0" not in name:
        (tmp_path / name).write_bytes(b"" if name == "empty.csv" else b"\0\1\2 <html>")

    def script(window):
        import_chosen(monkeypatch, window, tmp_path / name)
        qtbot.waitUntil(lambda: bool(said(window)))
        assert HOSTILE[name] in said(window)
        assert len(said(window)) < 400
        assert all(c.isprintable() for c in said(window))
        assert window.document.project == Project()
        assert window.document.undo_stack.count() == 0
        assert not window.isWindowModified()

    assert run_app(script) == 0
