"""Runs are kept, compared, opened again and saved; what merely ended asks nobody anything."""

import numpy as np

from core.files import storage
from core.files.recovery import found
from gui.recovery import recovery_folder
from tests.e2e.driver import PATIENCE_MS, run_app
from tests.e2e.work import edit, saving_to, train


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
