"""Weights are exported and imported; projects are saved and opened; nothing is lost."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from core import edits
from core.project import Project
from core.training.session import Session
from gui.files import open_save as files
from gui.widgets.banner import Banner
from tests.e2e.driver import run_app
from tests.e2e.work import command


def said(window):
    banner = window.findChild(Banner)
    return "" if banner is None else banner.sentence


def at_rest(window):
    latest = window.training.latest
    return latest.idle and latest.project == window.document.project


@pytest.fixture
def chosen(monkeypatch):
    """The path that every file dialog comes back with."""
    path: dict[str, Path] = {}
    for name in ("ask_open", "ask_save"):
        monkeypatch.setattr(files, name, lambda *_: path["is"])

    def choose(to):
        path["is"] = to

    return choose


@pytest.mark.slow
def test_initialization_says_where_imported_weights_are_from(qtbot, tmp_path, chosen):
    target, project = tmp_path / "mine.npz", tmp_path / "mine.layerwise"
    chosen(target)

    def script(window):
        button, undo = window.run_bar.settings.initialization, window.document.undo_stack

        def says(words, result):
            said = f"Initialization: {words}"
            qtbot.waitUntil(lambda: button.accessibleName() == said)
            assert result in button.popup.result.text()

        command(window, "Export weights…")
        command(window, "Import weights…")
        says("from mine.npz", "W and b are from mine.npz.")
        window.training.step(3)
        qtbot.waitUntil(lambda: window.training.latest.iteration == 3)
        says("from mine.npz", "from mine.npz")
        undo.undo()
        says("Random × 0.01", "N(0, 1)")
        undo.redo()
        says("from mine.npz", "from mine.npz")
        button.popup.rule_chosen.emit("he")
        says("He", "N(0, 1)")
        undo.undo()
        says("from mine.npz", "from mine.npz")
        chosen(project)
        command(window, "Save as…")

    def again(window):
        button = window.run_bar.settings.initialization
        qtbot.waitUntil(lambda: button.accessibleName() == "Initialization: imported")

    assert run_app(script) == 0
    assert run_app(again, [str(project)]) == 0


def test_weights_go_home_and_come_back(qtbot, tmp_path, chosen):
    target = tmp_path / "weights.npz"
    chosen(target)

    def script(window):
        window.training.step(200)
        qtbot.waitUntil(lambda: window.training.latest.iteration == 200)
        trained = np.array(window.training.latest.flat)
        command(window, "Export weights…")
        assert "after iteration 200" in said(window)
        assert np.load(target)["W1"].shape == (4, 2)
        window.training.reset()
        qtbot.waitUntil(lambda: window.training.latest.iteration == 0)
        command(window, "Import weights…")
        qtbot.waitUntil(lambda: np.array_equal(window.training.latest.flat, trained))
        window.training.step(5)
        qtbot.waitUntil(lambda: window.training.latest.iteration == 5)
        window.training.reset()  # restores what was imported
        qtbot.waitUntil(lambda: np.array_equal(window.training.latest.flat, trained))
        assert window.document.undo_stack.undoText() == "Import weights from weights.npz"
        window.document.undo_stack.undo()
        start = np.array(Session(Project()).p.flat)
        qtbot.waitUntil(lambda: np.array_equal(window.training.latest.flat, start))
        assert not window.isWindowModified()
        window.document.undo_stack.redo()
        qtbot.waitUntil(lambda: np.array_equal(window.training.latest.flat, trained))
        assert window.isWindowModified()

    assert run_app(script) == 0


def test_exported_weights_say_which_units_are_muted(qtbot, tmp_path, chosen):
    target = tmp_path / "weights.npz"
    chosen(target)

    def script(window):
        document = window.document
        document.edit("Mute", edits.mute_unit(document.project, 1, 2))
        qtbot.waitUntil(lambda: at_rest(window))
        command(window, "Export weights…")
        assert "Unit 3 of layer 1 is muted: its outgoing weights are 0 in the file" in said(window)
        project = json.loads(str(np.load(target)["project"]))
        assert project["network"]["layers"][0]["muted"] == [2]

    assert run_app(script) == 0


def test_weights_that_do_not_fit_are_refused_with_the_reason(qtbot, tmp_path, chosen):
    def script(window):
        before = np.array(window.training.latest.flat)
        W1, W2 = np.ones((5, 2)), np.ones((1, 5))
        cases: dict[str, dict[str, Any]] = {
            "five.npz": {"W1": W1, "b1": np.ones((5, 1)), "W2": W2, "b2": np.ones((1, 1))},
            "large.npz": {
                "W1": np.full((4, 2), 1e300), "b1": np.ones((4, 1)),
                "W2": np.ones((1, 4)), "b2": np.ones((1, 1)),
            },
            "one.npz": {"W1": np.ones((4, 2)), "b1": np.ones((4, 1))},
            "nan.npz": {
                "W1": np.full((4, 2), np.nan), "b1": np.ones((4, 1)),
                "W2": np.ones((1, 4)), "b2": np.ones((1, 1)),
            },
        }  # fmt: skip
        for name, arrays in cases.items():
            np.savez(tmp_path / name, **arrays)
        (tmp_path / "text.npz").write_text("no zip")
        document = window.document
        document.edit("Digits", edits.with_training(document.project, dtype="float32"))
        qtbot.waitUntil(lambda: window.training.latest.flat.dtype == np.float32)
        before = np.array(window.training.latest.flat)
        for name, reason in {
            "large.npz": "too large for float32",
            "five.npz": "W1 is (5, 2)",
            "one.npz": "W2",
            "nan.npz": "W1",
            "text.npz": "not a whole .npz file",
            "none.npz": "no such file",
        }.items():
            chosen(tmp_path / name)
            command(window, "Import weights…")
            assert f"{name} cannot be" in said(window), said(window)
            assert reason in said(window), said(window)
        assert np.array_equal(window.training.latest.flat, before)

    assert run_app(script) == 0


def test_a_project_is_saved_and_opened_again(qtbot, tmp_path, chosen):
    path = tmp_path / "mine.json"

    def save(window):
        window.document.edit("Units", edits.set_units(window.document.project, 1, 7))
        assert window.isWindowModified()
        chosen(path)
        command(window, "Save as…")
        assert not window.isWindowModified()
        assert window.windowTitle() == "mine[*]"
        assert json.loads(path.read_text())["network"]["layers"][0]["units"] == 7

    def find(window):
        assert window.document.project.sizes() == (2, 7, 1)
        assert window.windowTitle() == "mine[*]"
        path.write_text('{"format": "layerwise"')
        before = window.document.project
        chosen(path)
        command(window, "Open…")
        assert "mine.json" in said(window)
        assert window.document.project == before

    assert run_app(save) == 0
    assert run_app(find, [str(path)]) == 0


def test_unsaved_changes_are_asked_about_before_they_are_lost(qtbot, tmp_path, chosen):
    path = tmp_path / "mine.json"
    asked = []

    def answer(button):
        """Click this button of the question that is about to be asked."""

        def click():
            box = QApplication.activeModalWidget()
            assert isinstance(box, QMessageBox)
            asked.append(box.text())
            found = box.button(button)
            assert found is not None
            found.click()

        QTimer.singleShot(50, click)

    def script(window):
        window.document.edit("Units", edits.set_units(window.document.project, 1, 7))
        answer(QMessageBox.StandardButton.Cancel)
        assert not window.close()
        assert window.isVisible()
        answer(QMessageBox.StandardButton.Cancel)
        command(window, "New")
        assert window.document.project.sizes() == (2, 7, 1)
        chosen(path)
        answer(QMessageBox.StandardButton.Save)
        command(window, "New")
        assert path.exists()
        assert window.document.project.sizes() == (2, 4, 1)
        window.document.edit("Units", edits.set_units(window.document.project, 1, 3))
        answer(QMessageBox.StandardButton.Discard)
        assert window.close()
        assert all("Save the changes to" in text for text in asked)
        assert len(asked) == 4

    assert run_app(script) == 0
