"""The user's project is set aside for a scene, and restored to the last bit."""

import numpy as np
import pytest

from core import edits
from core.errors import LayerwiseError
from core.files import storage
from core.files.recovery import found
from core.files.storage import Saved
from core.project import Project
from gui.files import recovery
from gui.files.recovery import recovery_folder
from tests.e2e.driver import run_app
from tests.e2e.work import at_rest, edit, saving_to, train

SCENE = edits.choose_source(Project(), "moons")


def rests(qtbot, window):
    qtbot.waitUntil(lambda: at_rest(window))
    return window.training.latest


@pytest.mark.slow
def test_a_parked_document_returns_with_its_run_undo_and_past(qtbot):
    def script(window):
        train(qtbot, window, 30)
        edit(window, 0.7)
        train(qtbot, window, 30)
        window.selection.select_example(7)
        before, view = rests(qtbot, window), window.selection.view
        title, modified = window.windowTitle(), window.files.modified
        undone = window.document.undo_stack.undoText()
        window.autosave.hold()
        window.files.park(Saved(SCENE), "A scene")
        assert window.document.project == SCENE
        assert not window.files.modified
        assert window.windowTitle().startswith("A scene")
        assert not window.document.undo_stack.canUndo()
        assert rests(qtbot, window).iteration == 0
        edit(window, 0.3)
        train(qtbot, window, 25)
        window.files.show_scene(Saved(Project()))
        rests(qtbot, window)
        train(qtbot, window, 5)
        window.files.unpark()
        window.autosave.resume()
        after = rests(qtbot, window)
        assert after.run == before.run
        assert np.array_equal(after.flat, before.flat)
        assert np.array_equal(after.costs, before.costs)
        assert (after.iteration, after.marks) == (60, before.marks)
        assert window.selection.view == view
        assert (window.windowTitle(), window.files.modified) == (title, modified)
        assert window.document.undo_stack.undoText() == undone
        window.training.visit(12)  # its past is there too
        qtbot.waitUntil(lambda: window.training.latest.iteration == 12)
        window.document.undo_stack.undo()
        assert window.document.project.training.learning_rate == 1.2
        train(qtbot, window, 3)
        assert rests(qtbot, window).newest >= 15

    assert run_app(script) == 0


def test_a_parked_documents_autosave_is_untouched(qtbot, monkeypatch):
    monkeypatch.setattr(recovery, "AFTER_EDIT_MS", 1)

    def script(window):
        edit(window, 0.7)
        train(qtbot, window, 30)
        own = window.document.project
        window.autosave.hold()
        files = lambda: sorted(recovery_folder().rglob("*.layerwise"))  # noqa: E731
        kept = [path.read_bytes() for path in files()]
        assert kept
        window.files.park(Saved(SCENE), "A scene")
        edit(window, 0.3)
        rests(qtbot, window)
        train(qtbot, window, 25)
        window.keep_work()
        qtbot.wait(60)
        assert [path.read_bytes() for path in files()] == kept
        window.files.unpark()
        window.autosave.resume()
        assert window.document.project == own

    assert run_app(script) == 0
    works = found(recovery_folder())
    assert [work.saved.project.training.learning_rate for work in works] == [0.7]
    state = works[0].saved.state
    assert state is not None
    assert state.iteration == 30
    works[0].release()


def test_a_scene_that_cannot_be_run_leaves_all_as_it_is(qtbot):
    def script(window):
        own = window.document.project
        bad = edits.with_network(
            SCENE, layers=(*SCENE.network.layers[:-1], *SCENE.network.layers[:1])
        )
        with pytest.raises(LayerwiseError):
            window.files.park(Saved(bad), "A scene")
        assert window.document.project == own
        assert not window.files.parked
        train(qtbot, window, 3)

    assert run_app(script) == 0


def test_while_it_is_aside_nothing_is_opened_over_it_and_saving_keeps_a_copy(
    qtbot, tmp_path, monkeypatch
):
    path = tmp_path / "scene.layerwise"
    saving_to(monkeypatch, path)

    def script(window):
        edit(window, 0.7)
        rests(qtbot, window)
        own = window.document.project
        window.autosave.hold()
        window.files.park(Saved(SCENE), "A scene")
        rests(qtbot, window)
        for opening in (window.files.new, lambda: window.files.open(path)):
            with pytest.raises(LayerwiseError, match="Leave the lesson first"):
                opening()
        assert window.files.save()
        assert storage.read(path).project == SCENE
        assert window.files.path is None
        window.files.unpark()
        window.autosave.resume()
        assert window.document.project == own
        assert window.files.modified

    assert run_app(script) == 0
