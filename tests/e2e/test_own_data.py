"""Own data are imported by file, drop and paste, learned, undone, saved, and exported."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from core.files import storage
from core.files.own_data import read_arrays
from core.project import Project
from gui.dialogs.pictures import PicturesDialog
from gui.dialogs.table import TableDialog
from gui.files import data_import as imports
from gui.files import open_save as files
from tests.e2e.driver import run_app
from tests.e2e.work import at_rest, command, said, train

TABLE = "sepal;petal;species\n" + "".join(
    f"{i / 10:.1f};{(i * 7 % 10) / 3:.2f};{'abc'[i % 3]}\n".replace(".", ",") for i in range(30)
)


def learned(qtbot, window, inputs):
    qtbot.waitUntil(lambda: window.document.project.sizes()[0] == inputs and at_rest(window))


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "iris.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def test_a_table_is_looked_at_chosen_learned_undone_and_saved(qtbot, table, tmp_path, monkeypatch):
    saved = tmp_path / "iris.layerwise"
    monkeypatch.setattr(imports, "ask_open_several", lambda *_: [table])
    monkeypatch.setattr(files, "ask_save", lambda *_: saved)

    def script(window):
        command(window, "Data…")
        dialog = window.findChild(TableDialog)
        assert dialog.format.decimal == ","
        assert "2 inputs: sepal, petal → species, 3 classes" in dialog.summary.text()
        dialog.import_button.click()
        qtbot.waitUntil(lambda: at_rest(window) and window.training.own is not None)
        assert window.document.project.sizes() == (2, 4, 3)
        assert "softmax" in said(window).lower()
        train(qtbot, window, 20)
        stack = window.document.undo_stack
        stack.undo()
        qtbot.waitUntil(lambda: at_rest(window))
        assert window.document.project == Project()
        stack.redo()
        qtbot.waitUntil(lambda: at_rest(window))
        train(qtbot, window, 20)
        assert window.files.save()
        own = storage.read(saved).own
        assert own is not None
        assert own.digest == window.training.own.digest

    def again(window):
        qtbot.waitUntil(lambda: at_rest(window))
        assert window.training.latest.iteration == 40  # redo brought the first 20 back
        assert window.training.own.classes == ("a", "b", "c")
        train(qtbot, window, 5)

    assert run_app(script) == 0
    assert run_app(again, [str(saved)]) == 0


def test_columns_change_their_part(qtbot, table):
    def script(window):
        window.imports.import_path(table)
        dialog = window.findChild(TableDialog)
        dialog.roles[0].setCurrentText("label")
        dialog.kind.setCurrentIndex(1)
        assert [role.currentText() for role in dialog.roles] == ["label", "input", "not used"]
        dialog.roles[1].setCurrentText("not used")
        assert not dialog.import_button.isEnabled()
        dialog.roles[1].setCurrentText("input")
        dialog.import_button.click()
        learned(qtbot, window, 1)
        assert window.training.own.kind == "regression"
        assert window.training.own.inputs == ("petal",)

    assert run_app(script) == 0


@pytest.mark.slow
def test_every_column_of_a_wide_table_is_reached(qtbot, tmp_path):
    names = [f"c{i}" for i in range(100)]
    rows = [",".join(str((i * j) % 7 + j / 10) for i in range(100)) for j in range(20)]
    path = tmp_path / "wide.csv"
    path.write_text("\n".join([",".join(names), *rows]), encoding="utf-8")

    def script(window):
        window.imports.import_path(path)
        dialog = window.findChild(TableDialog)
        assert dialog.page.text() == "columns 81 to 100 of 100"  # among them the label
        assert not dialog.later.isEnabled()
        qtbot.waitExposed(dialog)
        dialog.activateWindow()
        qtbot.waitUntil(dialog.isActiveWindow)
        for page in ("columns 41 to 80 of 100", "columns 1 to 40 of 100"):
            qtbot.keyClick(dialog, Qt.Key.Key_PageUp)
            qtbot.waitUntil(lambda page=page: dialog.page.text() == page)
        assert not dialog.earlier.isEnabled()
        for page in ("columns 41 to 80 of 100", "columns 81 to 100 of 100"):
            qtbot.keyClick(dialog, Qt.Key.Key_PageDown)
            qtbot.waitUntil(lambda page=page: dialog.page.text() == page)
        assert not dialog.later.isEnabled()
        assert len(dialog.roles) == 20
        assert dialog.table.item(1, 3).text() == f"{0 % 7 + 0 / 10}"
        dialog.roles[3].setCurrentText("label")
        dialog.kind.setCurrentIndex(1)
        dialog.no_inputs.click()
        assert not dialog.import_button.isEnabled()
        dialog.roles[19].setCurrentText("input")
        dialog.earlier.click()
        dialog.roles[0].setCurrentText("input")
        dialog.later.click()
        assert [role.currentText() for role in dialog.roles][3:5] == ["label", "not used"]
        assert "2 inputs: c40, c99 → c83" in dialog.summary.text()
        dialog.import_button.click()
        qtbot.waitUntil(lambda: at_rest(window) and window.training.own is not None)
        own = window.training.own
        assert own.inputs == ("c40", "c99")
        assert own.X[1, 1] == (99 * 1) % 7 + 0.1

    assert run_app(script) == 0


def test_cells_are_pasted_and_other_text_is_refused(qtbot):
    def script(window):
        QGuiApplication.clipboard().setText("")
        command(window, "Table from the clipboard")
        assert "no table in the clipboard" in said(window)
        QGuiApplication.clipboard().setText(TABLE.replace(";", "\t"))
        command(window, "Table from the clipboard")
        window.findChild(TableDialog).import_button.click()
        qtbot.waitUntil(lambda: at_rest(window) and window.training.own is not None)
        assert window.training.own.origin == "Pasted table"

    assert run_app(script) == 0


def test_arrays_go_out_and_come_in(qtbot, tmp_path, monkeypatch):
    path = tmp_path / "flower.npz"
    monkeypatch.setattr(imports, "ask_save", lambda *_: path)

    def script(window):
        command(window, "Export data…")
        own = read_arrays(path).own
        split = window.training.latest.split
        assert np.array_equal(own.X, split.train.X)
        window.imports.open_dropped([path])
        qtbot.waitUntil(lambda: at_rest(window) and window.training.own is not None)
        assert window.training.own.digest == own.digest

    assert run_app(script) == 0


def test_pictures_of_two_folders_are_learned(qtbot, tmp_path):
    for i, name in enumerate(("cat", "dog")):
        (tmp_path / "pets" / name).mkdir(parents=True)
        for j in range(3):
            colour = (255 * i, 40 * j, 0)
            Image.new("RGB", (9, 5), colour).save(tmp_path / "pets" / name / f"{j}.png")

    def script(window):
        window.imports.open_dropped([tmp_path / "pets"])
        dialog = window.findChild(PicturesDialog)
        assert "9 × 5 × 3 = 135 numbers" in dialog.note.text()  # as large as the files
        dialog.width_box.setValue(4)
        dialog.height_box.setValue(3)
        dialog.import_button.click()
        learned(qtbot, window, 36)
        assert window.training.own.picture == (3, 4, 3)
        train(qtbot, window, 5)

    assert run_app(script) == 0


def test_bad_data_are_a_sentence_in_the_dialog_and_change_nothing(qtbot, tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text("a,b,label\n1,2,x\n3,4,\n5,1e200,y\n7,8,x\n", encoding="utf-8")

    def script(window):
        window.imports.import_path(path)
        dialog = window.findChild(TableDialog)
        dialog.import_button.click()
        qtbot.waitUntil(lambda: "line 4, column b: 1e+200" in dialog.summary.text())
        assert dialog.isVisible()
        assert window.document.project == Project()
        assert window.document.undo_stack.count() == 0
        dialog.roles[1].setCurrentText("not used")
        dialog.import_button.click()
        learned(qtbot, window, 1)
        assert "1 was left out: label is blank" in said(window)

    assert run_app(script) == 0
