"""The window and the command line import the same data with the same result."""

import h5py
import numpy as np
import pytest
from openpyxl import Workbook
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtWidgets import QApplication

from core import edits
from core.files.own_data import import_data
from gui.dialogs.table import TableDialog
from tests.e2e.driver import run_app
from tests.e2e.work import at_rest, command, said

rng = np.random.RandomState(0)
IDS = "Id,height,town,class\n" + "".join(
    f"{i + 1},{i * i % 17}.5,{'uvw'[i % 3]},{'ab'[i // 2 % 2]}\n" for i in range(30)
)
GAPS = "a;b;;target\n" + "".join(
    f"{'?' if i % 9 == 4 else f'{i * i % 23},5'};{1000 * (i % 7)};;{float(i % 2)}\n"
    for i in range(30)
)
CZECH = "délka;šířka;druh\n" + "".join(f"{i},5;{i * i % 7};{'kůň' if i % 2 else 'žába'}\n"
                                       for i in range(20))  # fmt: skip


def files(folder):
    """A file of each kind, by name."""
    texts = {"ids.csv": IDS, "gaps.data": GAPS, "points.tsv": IDS.replace(",", "\t")}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "czech.csv").write_bytes(CZECH.encode("cp1250"))
    pixels = rng.randint(0, 256, (20, 64)) * (rng.rand(20, 64) > 0.5)
    rows = [",".join(map(str, (i % 4, *row))) for i, row in enumerate(pixels.tolist())]
    (folder / "pixels.txt").write_text("\n".join(rows), encoding="utf-8")
    book = Workbook()
    for line in IDS.splitlines():
        book.active.append(
            [float(c) if c.replace(".", "").isdigit() else c for c in line.split(",")]
        )
    book.save(folder / "ids.xlsx")
    X, y = rng.randn(2, 40), np.arange(40) % 2 * 2 - 1
    np.savez(folder / "signs.npz", x=X, y=y[np.newaxis])
    np.savez(folder / "keras.npz", x_train=pixels.reshape(20, 8, 8).astype("u1"),
             y_train=np.arange(20) % 4, x_test=pixels[:5].reshape(5, 8, 8).astype("u1"),
             y_test=np.arange(5) % 4)  # fmt: skip
    for i in range(12):
        path = folder / "pets" / ("train" if i < 8 else "test") / "ab"[i % 2] / f"{i}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(rng.randint(0, 256, (6, 5, 3), np.uint8)).save(path)
    (folder / "pets" / "train" / "a" / "broken.png").write_bytes(b"no")
    return [*sorted(folder.glob("*.*")), folder / "pets"]


def test_the_dialogs_suggest_what_the_command_line_takes(qtbot, tmp_path):
    def script(window):
        for path in files(tmp_path):
            expected = import_data([path])
            window.imports.open_dropped([path])
            dialog = window.imports.dialog
            if dialog is not None:
                dialog.import_button.click()
            qtbot.waitUntil(lambda: window.imports.dialog is None)
            qtbot.waitUntil(
                lambda own=expected.own: (
                    at_rest(window)
                    and window.training.own is not None
                    and window.training.own.digest == own.digest
                )
            )
            assert said(window).startswith(f"Learning {path.name}: {expected.own.m} examples")
            count = expected.account.rows_left_out
            assert ("left out" in said(window)) == (count > 0)

    assert run_app(script) == 0


def test_the_dialog_keeps_every_choice_and_says_what_it_does(qtbot, tmp_path):
    path = tmp_path / "czech.csv"
    path.write_bytes(CZECH.encode("cp1250"))

    def script(window):
        window.imports.open_dropped([path])
        dialog = window.findChild(TableDialog)
        assert dialog.encoding.currentData() == "cp1250"
        assert dialog.table.horizontalHeaderItem(1).text() == "šířka"
        assert "délka, šířka → druh, 2 classes: kůň, žába" in dialog.summary.text()
        dialog.roles[1].setCurrentText("not used")
        dialog.normalize_box.click()
        standardized = dialog.normalize
        dialog.encoding.setCurrentIndex(dialog.encoding.findData("utf-8"))
        assert "line 1 is not UTF-8: choose another encoding" in dialog.summary.text()
        assert not dialog.import_button.isEnabled()
        dialog.encoding.setCurrentIndex(dialog.encoding.findData("cp1250"))
        dialog.skip.setValue(1)
        dialog.skip.setValue(0)
        assert [role.currentText() for role in dialog.roles] == ["input", "not used", "label"]
        assert dialog.normalize == standardized
        assert "šířka (it was not chosen)" in dialog.notes.text()
        assert dialog.roles[1].toolTip() == "Not used: it was not chosen"
        for box in (dialog.delimiter, dialog.roles[0], dialog.skip):
            before = box.currentIndex() if hasattr(box, "currentIndex") else box.value()
            wheel = QWheelEvent(
                *(QPointF(5, 5), QPointF(5, 5), QPoint(), QPoint(0, -120)),
                *(Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier),
                *(Qt.ScrollPhase.NoScrollPhase, False),
            )
            QApplication.sendEvent(box, wheel)
            assert before == (box.currentIndex() if hasattr(box, "currentIndex") else box.value())
        dialog.import_button.click()
        qtbot.waitUntil(lambda: at_rest(window) and window.training.own is not None)
        assert window.training.own.inputs == ("délka",)

    assert run_app(script) == 0


def test_gaps_are_counted_and_filled_and_scales_suggest_standardizing(qtbot):
    def script(window):
        QGuiApplication.clipboard().setText(GAPS)
        command(window, "Table from the clipboard")
        dialog = window.findChild(TableDialog)
        assert dialog.gaps_note.text() == "3 of 30 rows lack a value:"
        assert "suggested: one varies at least ten times as much" in dialog.normalize_box.text()
        assert dialog.normalize
        dialog.gaps_box.setCurrentIndex(1)
        dialog.import_button.click()
        qtbot.waitUntil(lambda: at_rest(window) and window.training.own is not None)
        assert window.training.own.m == 30
        assert window.document.project.data.normalize
        assert "filled with the mean of the training examples: a (3)" in said(window)

    assert run_app(script) == 0


@pytest.mark.parametrize("names", [("a_test.csv", "a_train.csv"), ("a_train.csv", "a_test.csv")])
def test_two_tables_are_a_training_and_a_test_set(qtbot, tmp_path, names):
    lines = IDS.splitlines(keepends=True)
    (tmp_path / "a_train.csv").write_text("".join(lines[:21]), encoding="utf-8")
    (tmp_path / "a_test.csv").write_text(lines[0] + "".join(lines[21:]), encoding="utf-8")

    def script(window):
        window.imports.open_dropped([tmp_path / name for name in names])
        window.findChild(TableDialog).import_button.click()
        qtbot.waitUntil(lambda: at_rest(window) and window.training.own is not None)
        own = window.training.own
        assert (own.origin, own.m, own.test_examples) == ("a_train.csv", 30, 10)
        assert "30 examples with 4 inputs, 10 of them for testing" in said(window)

    assert run_app(script) == 0


def test_arrays_whose_scales_differ_are_standardized_which_is_said_and_undone(qtbot, tmp_path):
    labels, X = np.arange(40) % 2, rng.randn(2, 40)
    np.savez(tmp_path / "scales.npz", X=X * [[1.0], [50.0]], Y=labels[np.newaxis])
    np.savez(tmp_path / "alike.npz", X=X, Y=labels[np.newaxis])
    with h5py.File(tmp_path / "scales.h5", "w") as file:
        file["train_x"], file["train_y"] = X * [[1.0], [50.0]], labels[np.newaxis]

    def script(window):
        document = window.document
        for name, differ in (("alike.npz", False), ("scales.npz", True), ("scales.h5", True)):
            window.imports.open_dropped([tmp_path / name])
            qtbot.waitUntil(lambda name=name: said(window).startswith(f"Learning {name}"))
            assert document.project.data.normalize == differ
            assert ("Normalize inputs is on (Data)" in said(window)) == differ
            assert window.panels["data"].normalize.isChecked() == differ
            document.undo_stack.undo()
            assert not document.project.data.normalize
        document.edit("Standardize", edits.with_data(document.project, normalize=True))
        window.imports.open_dropped([tmp_path / "alike.npz"])
        qtbot.waitUntil(lambda: said(window).startswith("Learning alike.npz"))
        assert document.project.data.normalize  # what was chosen stays
        assert "Normalize inputs is on" not in said(window)

    assert run_app(script) == 0
