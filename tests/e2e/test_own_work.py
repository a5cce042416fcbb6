"""An evening's work: saved, reopened bit for bit, and never lost."""

import json
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QAction

from core import edits
from core.files import storage
from core.project import Project
from core.training.session import Session
from core.view import View
from gui.files import open_save as files
from gui.files.recent import recent_files
from gui.widgets.banner import Banner
from tests.cases import spread
from tests.e2e.driver import run_app
from tests.e2e.work import answer, at_rest, command, drop, edit, said, saving_to, train
from tests.patience import never_stop

ADAM = edits.with_training(Project(), optimizer="adam", learning_rate=0.01, batch_size=32)


def test_a_saved_and_reopened_run_continues_exactly(qtbot, tmp_path, monkeypatch):
    path = tmp_path / "lesson.layerwise"
    saving_to(monkeypatch, path)
    kept = []

    def first(window):
        window.document.edit("Adam", ADAM)
        qtbot.waitUntil(lambda: at_rest(window))
        train(qtbot, window, 137)
        assert window.isWindowModified()
        command(window, "Save")
        assert not window.isWindowModified()
        assert window.windowTitle() == "lesson[*]"
        kept.append(window.training.latest)

    def second(window):
        qtbot.waitUntil(lambda: at_rest(window))
        latest = window.training.latest
        assert latest.iteration == 137
        for name in ("flat", "costs"):
            assert getattr(latest, name).tobytes() == getattr(kept[0], name).tobytes()
        assert not window.isWindowModified()
        train(qtbot, window, 63)
        assert window.isWindowModified()  # the run stands elsewhere than in the file
        session = Session(ADAM)
        for _ in range(200):
            session.step()
        assert window.training.latest.flat.tobytes() == session.p.flat.tobytes()
        assert np.array_equal(window.training.latest.costs, session.costs)

    assert run_app(first) == 0
    assert run_app(second, [str(path)]) == 0


@pytest.mark.slow
def test_how_one_looked_at_it_is_saved_and_is_no_change_of_it(qtbot, tmp_path, monkeypatch):
    path = tmp_path / "lesson.layerwise"
    saving_to(monkeypatch, path)

    def first(window):
        edit(window, 0.5)
        command(window, "Save")
        window.panels["boundary"].discretize.click()
        window.panels["cost"].log.click()
        window.selection.select_layer(2)
        window.selection.select_example(7)
        assert not window.isWindowModified()
        assert window.document.undo_stack.count() == 1
        command(window, "Save")
        window.panels["cost"].log.click()  # not saved

    def second(window):
        seen = View(layer=2, example=7, discretize=True, log_cost=True)
        assert window.selection.view == seen
        assert window.panels["boundary"].discretize.isChecked()
        assert window.panels["cost"].log.isChecked()
        assert not window.isWindowModified()
        command(window, "New")
        assert window.selection.view == View()
        assert not window.panels["cost"].log.isChecked()
        window.files.open(path)
        assert window.selection.view == seen
        assert window.panels["cost"].log.isChecked()

    assert run_app(first) == 0
    assert run_app(second, [str(path)]) == 0


def test_saving_while_it_trains_takes_one_moment(qtbot, tmp_path, monkeypatch):
    path = tmp_path / "moving.layerwise"
    saving_to(monkeypatch, path)

    def script(window):
        never_stop(window.document)
        window.training.play()
        qtbot.waitUntil(lambda: window.training.latest.iteration > 50)
        for _ in range(5):
            command(window, "Save as…")
            assert window.training.playing
            state = storage.read(path).state
            assert state is not None
            session = Session(window.document.project)
            for _ in range(state.iteration):
                session.step()
            assert state.flat.tobytes() == session.p.flat.tobytes()
            assert len(state.costs) == state.iteration
        qtbot.waitUntil(window.isWindowModified)

    assert run_app(script) == 0


def test_clean_is_right_around_a_save(qtbot, tmp_path, monkeypatch):
    saving_to(monkeypatch, tmp_path / "a.layerwise")

    def script(window):
        stack = window.document.undo_stack
        edit(window, 0.5)
        window.files.save()
        assert not window.files.modified
        stack.undo()
        assert window.files.modified
        stack.redo()
        assert not window.files.modified
        edit(window, 0.25)
        edit(window, 0.5)  # by another way back to what was saved
        assert not window.files.modified

    assert run_app(script) == 0


def test_closing_asks_and_continues_only_after_a_real_save(qtbot, tmp_path, monkeypatch):
    folder = tmp_path / "a folder.layerwise"
    folder.mkdir()

    def script(window):
        edit(window, 0.5)
        project = window.document.project
        answer(monkeypatch, "ask_to_save", "cancel")
        assert not window.files.new()
        answer(monkeypatch, "ask_to_save", "save")
        saving_to(monkeypatch, None)
        assert not window.files.new()
        saving_to(monkeypatch, folder)
        failed = answer(monkeypatch, "ask_elsewhere", False)
        assert not window.files.new()
        assert "it is a folder" in failed[0]
        window.close()
        assert window.isVisible()
        assert window.document.project == project
        assert window.isWindowModified()
        saving_to(monkeypatch, tmp_path / "b.layerwise")
        assert window.files.new()
        assert window.document.project == Project()
        assert not window.isWindowModified()
        assert storage.read(tmp_path / "b.layerwise").project == project

    assert run_app(script) == 0


def test_a_failed_save_offers_another_name(qtbot, tmp_path, monkeypatch):
    names = [tmp_path / "missing" / "a.layerwise", tmp_path / "b.layerwise"]
    monkeypatch.setattr(files, "ask_save", lambda *_: names.pop(0))
    failed = answer(monkeypatch, "ask_elsewhere", True)

    def script(window):
        edit(window, 0.5)
        assert window.files.save()
        assert len(failed) == 1
        assert window.files.path == tmp_path / "b.layerwise"
        assert not window.isWindowModified()

    assert run_app(script) == 0


def test_a_file_changed_meanwhile_is_not_overwritten_unasked(qtbot, tmp_path, monkeypatch):
    path = tmp_path / "shared.layerwise"
    saving_to(monkeypatch, path)

    def script(window):
        asked = answer(monkeypatch, "ask_overwrite", "cancel")
        edit(window, 0.5)
        assert window.files.save()
        edit(window, 0.25)
        assert window.files.save()
        assert not asked
        path.write_bytes(b"somebody else's")
        edit(window, 0.125)
        assert not window.files.save()
        assert asked == ["shared.layerwise"]
        assert path.read_bytes() == b"somebody else's"
        answer(monkeypatch, "ask_overwrite", "overwrite")
        assert window.files.save()
        assert storage.read(path).project == window.document.project

    assert run_app(script) == 0


HOSTILE = {
    "cut.layerwise": b"PK\x03\x04",
    "old.json": b'{"format": "layerwise", "version": 99}',
    "deep.json": b"[" * 100_000,
    "empty.layerwise": b"",
}


@pytest.mark.parametrize("name", spread(HOSTILE, 2))
def test_a_hostile_file_changes_nothing(qtbot, tmp_path, name):
    path = tmp_path / name
    path.write_bytes(HOSTILE[name])

    def script(window):
        edit(window, 0.5)
        before = window.document.project, window.document.undo_stack.count(), window.windowTitle()
        drop(window, path)
        qtbot.waitUntil(lambda: bool(window.findChild(Banner)))
        assert name in said(window)
        stack = window.document.undo_stack
        assert before == (window.document.project, stack.count(), window.windowTitle())

    assert run_app(script) == 0


def test_a_run_that_does_not_fit_its_project_is_set_aside(qtbot, tmp_path):
    path = tmp_path / "liar.layerwise"
    session = Session(ADAM)
    session.step()
    storage.write(path, storage.Saved(ADAM, replace(session.state(), memory={})))

    def script(window):
        window.files.open(path)
        assert window.document.project == ADAM
        qtbot.waitUntil(lambda: at_rest(window))
        assert window.training.latest.iteration == 0

    assert run_app(script) == 0


def test_recent_files_are_listed_and_a_missing_one_is_grey(qtbot, tmp_path, monkeypatch):
    here, gone = tmp_path / "here.layerwise", tmp_path / "gone.layerwise"

    def script(window):
        for path in (gone, here):
            saving_to(monkeypatch, path)
            window.files.save_as()
        gone.unlink()
        assert recent_files() == [here, gone]
        menu = next(a for a in window.findChildren(QAction) if "recent" in a.text()).menu()
        menu.aboutToShow.emit()
        assert {a.text(): a.isEnabled() for a in menu.actions()[:2]} == {
            "here.layerwise": True,
            "gone.layerwise": False,
        }
        menu.actions()[0].trigger()
        assert window.files.path == here

    assert run_app(script) == 0


def test_a_json_file_holds_the_settings_alone_and_says_so(qtbot, tmp_path, monkeypatch):
    path = tmp_path / "net.json"
    saving_to(monkeypatch, path)

    def script(window):
        edit(window, 0.5)
        window.files.save()
        assert "without weights" in said(window)
        assert json.loads(path.read_text())["training"]["learning_rate"] == 0.5
        assert not window.isWindowModified()

    assert run_app(script) == 0
