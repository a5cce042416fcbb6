"""Runs are kept, compared, reopened and saved; an ended run alone asks no question."""

import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, Qt

from core.files import storage
from core.files.recovery import found
from core.training.session import Session
from gui.files.recovery import recovery_folder
from tests.e2e.driver import run_app
from tests.e2e.work import at_rest, edit, saving_to, train

KEY = Qt.Key
FLAG = QItemSelectionModel.SelectionFlag


def ended(qtbot, window, iterations):
    """Train, then start again: the run is kept."""
    before = len(window.training.runs.kept)
    train(qtbot, window, iterations)
    window.training.reset()
    qtbot.waitUntil(lambda: len(window.training.runs.kept) == before + 1)
    return window.training.runs.kept[-1]


@pytest.mark.slow
def test_changes_to_runs_modify_the_document_and_an_ended_run_does_not(
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

    monkeypatch.setattr("gui.files.open_save.ask_to_save", lambda *_: "discard")
    assert run_app(again, [str(path)]) == 0


def test_a_crash_loses_no_run(qtbot, monkeypatch):
    monkeypatch.setattr("gui.files.recovery.AFTER_EDIT_MS", 50)

    flats = []

    def script(window):
        flats.append(ended(qtbot, window, 20).state.flat)
        qtbot.waitUntil(lambda: any(recovery_folder().rglob("*.layerwise")))

    assert run_app(script) == 0
    (work,) = found(recovery_folder())
    (run,) = work.saved.runs
    assert np.array_equal(run.state.flat, flats[0])
    work.discard()


def test_the_autosave_holds_the_newest_runs_that_can_be_written_often(qtbot, monkeypatch):
    def script(window):
        ended(qtbot, window, 20)
        newest = ended(qtbot, window, 30)
        monkeypatch.setattr("gui.files.recovery.MOST_OF_RUNS", newest.bytes)
        window.keep_work()

    assert run_app(script) == 0
    (work,) = found(recovery_folder())
    assert [run.state.iteration for run in work.saved.runs] == [30]
    work.discard()


def open_row(qtbot, window, row):
    """Choose a run and press Enter."""
    window.resize(1600, 1000)
    window.docks["runs"].bring()
    qtbot.wait(50)
    table = window.panels["runs"].table
    table.scrollTo(table.model().index(row, 0))
    table.setFocus()
    table.setCurrentIndex(table.model().index(row, 0))
    qtbot.keyClick(table, KEY.Key_Return)
    qtbot.waitUntil(lambda: at_rest(window) and window.training.latest.iteration > 0)
    return window.training.latest


def after(project, iterations):
    session = Session(project)
    for _ in range(iterations):
        session.step()
    return session.p.flat.tobytes()


def compare(panel, *rows):
    for row in rows:
        panel.table.selectionModel().select(panel.sorted.index(row, 0), FLAG.Select | FLAG.Rows)


def titles(panel):
    return [panel.sorted.index(row, 0).data() for row in range(panel.sorted.rowCount())]


def test_train_change_the_rate_train_compare_and_open_the_first(qtbot, tmp_path, monkeypatch):
    path = tmp_path / "runs.layerwise"
    saving_to(monkeypatch, path)

    def script(window):
        project, training = window.document.project, window.training
        window.docks["runs"].bring()
        panel = window.panels["runs"]
        train(qtbot, window, 120)
        first = training.latest
        edit(window, 0.3)
        training.reset()
        qtbot.waitUntil(lambda: at_rest(window) and training.latest.iteration == 0)
        train(qtbot, window, 80)
        second = training.latest
        qtbot.waitUntil(lambda: titles(panel) == ["Now", "Run 1"])
        compare(panel, 0, 1)
        assert panel.compared.settings.said == ["learning rate α: 1.2, 0.3"]
        assert "Same seeds" in panel.compared.seeds.text()

        opened = open_row(qtbot, window, 1)
        assert window.document.project == project
        assert opened.flat.tobytes() == first.flat.tobytes()
        assert opened.costs.tobytes() == first.costs.tobytes()
        train(qtbot, window, 50)
        assert training.latest.flat.tobytes() == after(project, 170)

        window.document.undo_stack.undo()
        qtbot.waitUntil(lambda: at_rest(window) and training.latest.iteration == 80)
        assert window.document.project.training.learning_rate == 0.3
        assert training.latest.flat.tobytes() == second.flat.tobytes()
        assert window.files.save()

    assert run_app(script) == 0

    def again(window):
        window.docks["runs"].bring()
        panel = window.panels["runs"]
        qtbot.waitUntil(lambda: len(titles(panel)) == 3)
        assert titles(panel) == ["Now", "Run 3", "Run 1"]
        assert [run.state.iteration for run in window.training.runs.kept] == [120, 170]
        assert open_row(qtbot, window, 2).iteration == 120

    assert run_app(again, [str(path)]) == 0


def opened(qtbot, window):
    """Open the run that began with imported weights."""
    window.docks["runs"].bring()
    table = window.panels["runs"].sorted

    def rows():
        runs = enumerate(table.run_at(row) for row in range(table.rowCount()))
        return [row for row, run in runs if run.start is not None]

    qtbot.waitUntil(lambda: len(rows()) > 0)
    return open_row(qtbot, window, rows()[-1])


@pytest.mark.slow
def test_a_run_from_imported_weights_is_reset_to_them_after_it_was_opened_again(
    qtbot, tmp_path, monkeypatch
):
    path, weights = tmp_path / "a.layerwise", tmp_path / "w.npz"
    saving_to(monkeypatch, path)

    def reset(window):
        window.training.reset()
        qtbot.waitUntil(lambda: at_rest(window) and window.training.latest.iteration == 0)
        return window.training.latest.flat.tobytes()

    def script(window):
        drawn = reset(window)
        train(qtbot, window, 30)
        p = window.training.latest.parameters()
        np.savez(weights, W1=p.W[1], b1=p.b[1], W2=p.W[2], b2=p.b[2])
        flat = p.flat.tobytes()
        window.files.import_weights(weights)
        assert reset(window) == flat
        train(qtbot, window, 20)
        assert reset(window) == flat
        while window.document.undo_stack.canUndo():
            window.document.undo_stack.undo()
        assert reset(window) == drawn
        assert opened(qtbot, window).iteration == 20
        assert reset(window) == flat
        window.document.undo_stack.undo()
        assert reset(window) == drawn
        assert window.files.save()

    def again(window):
        drawn = reset(window)
        assert opened(qtbot, window).iteration == 20
        assert reset(window) != drawn

    assert run_app(script) == 0
    assert run_app(again, [str(path)]) == 0


def test_all_runs_are_cleared_after_a_question(qtbot, monkeypatch):
    asked = []

    def ask(_window, count):
        asked.append(count)
        return len(asked) > 1

    monkeypatch.setattr("gui.main_window.ask_clear", ask)

    def script(window):
        for iterations in (15, 25):
            ended(qtbot, window, iterations)
        clear = window.panels["runs"].clear_action
        clear.trigger()
        assert len(window.training.runs.kept) == 2
        clear.trigger()
        assert window.training.runs.kept == ()
        assert asked == [2, 2]

    assert run_app(script) == 0
