"""Runs are kept, compared, opened again and saved; what merely ended asks nobody anything."""

import numpy as np
from PySide6.QtCore import QItemSelectionModel, Qt

from core.files import storage
from core.files.recovery import found
from core.training.session import Session
from gui.recovery import recovery_folder
from tests.e2e.driver import PATIENCE_MS, run_app
from tests.e2e.work import at_rest, edit, saving_to, train

KEY = Qt.Key
FLAG = QItemSelectionModel.SelectionFlag


def ended(qtbot, window, iterations):
    """Train, then start again: the run is kept."""
    before = len(window.training.runs.kept)
    train(qtbot, window, iterations)
    window.training.reset()
    qtbot.waitUntil(lambda: len(window.training.runs.kept) == before + 1, timeout=PATIENCE_MS)
    return window.training.runs.kept[-1]


def test_what_is_done_to_runs_is_to_be_saved_and_a_run_that_ended_is_not(
    qtbot, tmp_path, monkeypatch
):
    path = tmp_path / "a.layerwise"
    saving_to(monkeypatch, path)

    def script(window):
        runs, files = window.training.runs, window.files
        assert files.save()
        run = ended(qtbot, window, 20)
        assert not window.isWindowModified()
        assert files.worth_keeping  # by the autosave
        runs.rename(run.number, "first")
        assert window.isWindowModified()
        assert files.save()
        assert not window.isWindowModified()
        runs.note(run.number, "see?")
        assert window.isWindowModified()
        assert files.save()
        runs.remove([run.number])
        assert window.isWindowModified()
        runs.bring_back()
        assert files.save()

    assert run_app(script) == 0
    (kept,) = storage.read(path).runs
    assert (kept.title, kept.note, kept.state.iteration) == ("first", "see?", 20)

    def again(window):
        (run,) = window.training.runs.kept
        assert run.title == "first"
        assert not window.isWindowModified()
        edit(window, 0.5)
        assert ended(qtbot, window, 15).number == run.number + 1

    monkeypatch.setattr("gui.files.ask_to_save", lambda *_: "discard")
    assert run_app(again, [str(path)]) == 0


def test_a_crash_loses_no_run(qtbot, monkeypatch):
    monkeypatch.setattr("gui.recovery.AFTER_EDIT_MS", 50)

    flats = []

    def script(window):
        flats.append(ended(qtbot, window, 20).state.flat)
        qtbot.waitUntil(lambda: any(recovery_folder().rglob("*.layerwise")), timeout=PATIENCE_MS)

    assert run_app(script) == 0
    (work,) = found(recovery_folder())
    (run,) = work.saved.runs
    assert np.array_equal(run.state.flat, flats[0])
    work.discard()


def test_the_autosave_holds_the_newest_runs_that_can_be_written_often(qtbot, monkeypatch):
    def script(window):
        ended(qtbot, window, 20)
        newest = ended(qtbot, window, 30)
        monkeypatch.setattr("gui.recovery.MOST_OF_RUNS", newest.bytes)
        window.keep_work()

    assert run_app(script) == 0
    (work,) = found(recovery_folder())
    assert [run.state.iteration for run in work.saved.runs] == [30]
    work.discard()


def test_train_change_the_rate_train_compare_and_open_the_first(qtbot, tmp_path, monkeypatch):
    path = tmp_path / "runs.layerwise"
    saving_to(monkeypatch, path)

    def script(window):
        project = window.document.project
        window.docks["runs"].bring()
        panel = window.panels["runs"]
        train(qtbot, window, 120)
        first = window.training.latest
        edit(window, 0.3)
        window.training.reset()
        qtbot.waitUntil(lambda: at_rest(window) and window.training.latest.iteration == 0)
        train(qtbot, window, 80)
        second = window.training.latest
        qtbot.waitUntil(lambda: panel.sorted.rowCount() == 2, timeout=PATIENCE_MS)
        assert panel.sorted.index(1, 0).data() == "Run 1"

        model = panel.table.selectionModel()
        for row in (0, 1):
            model.select(panel.sorted.index(row, 0), FLAG.Select | FLAG.Rows)
        assert panel.compared.isVisible()
        assert panel.compared.settings.said == ["learning rate: 1.2, 0.3"]
        assert "Same seeds" in panel.compared.seeds.text()

        qtbot.mouseClick(
            panel.table.viewport(),
            Qt.MouseButton.LeftButton,
            pos=panel.table.visualRect(panel.sorted.index(1, 0)).center(),
        )
        qtbot.keyClick(panel.table, KEY.Key_Return)
        qtbot.waitUntil(lambda: at_rest(window) and window.training.latest.iteration == 120)
        assert window.document.project == project
        opened = window.training.latest
        assert opened.flat.tobytes() == first.flat.tobytes()
        assert opened.costs.tobytes() == first.costs.tobytes()
        train(qtbot, window, 50)
        session = Session(project)
        for _ in range(170):
            session.step()
        assert window.training.latest.flat.tobytes() == session.p.flat.tobytes()

        window.document.undo_stack.undo()
        qtbot.waitUntil(lambda: at_rest(window) and window.training.latest.iteration == 80)
        assert window.document.project.training.learning_rate == 0.3
        assert window.training.latest.flat.tobytes() == second.flat.tobytes()
        assert [run.state.iteration for run in window.training.runs.kept] == [120, 80, 170]
        assert window.files.save()

    assert run_app(script) == 0

    def again(window):
        panel = window.panels["runs"]
        window.docks["runs"].bring()
        qtbot.waitUntil(lambda: panel.sorted.rowCount() == 4, timeout=PATIENCE_MS)
        titles = [panel.sorted.index(row, 0).data() for row in range(4)]
        assert titles == ["Now", "Run 3", "Run 2", "Run 1"]
        panel.table.selectRow(3)
        panel.table.setFocus()
        qtbot.keyClick(panel.table, KEY.Key_Return)
        qtbot.waitUntil(lambda: at_rest(window) and window.training.latest.iteration == 120)

    assert run_app(again, [str(path)]) == 0
