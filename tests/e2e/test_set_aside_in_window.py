"""Unreadable parts of a file are set aside with a message; the rest opens."""

import io

import numpy as np

from core import edits
from core.files import storage
from core.files.storage import Saved
from core.project import Project
from core.training.ended_run import ended
from core.training.session import Session
from gui.files.open_save import UNTOUCHED
from tests.e2e.driver import run_app
from tests.e2e.work import at_rest, said

BASE = edits.with_data(Project(), examples=40)


def damaged(path):
    """A project with two runs that ended, the second of which cannot be read."""
    session = Session(BASE, run=1)
    for _ in range(20):
        session.step()
    run = ended(session, None)
    assert run is not None
    arrays = dict(np.load(io.BytesIO(storage.encode(Saved(BASE, runs=(run,))))))
    arrays["kept_runs"] = np.zeros_like(arrays["kept_runs"])
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
    return path


def test_opening_a_file_names_the_parts_that_could_not_be_read(qtbot, tmp_path):
    path = damaged(tmp_path / "a.layerwise")
    before = path.read_bytes()

    def script(window):
        assert window.files.open(path)
        sentence = said(window)
        assert sentence.startswith("Ended run 1 cannot be read")
        assert sentence.endswith(UNTOUCHED)
        qtbot.waitUntil(lambda: at_rest(window))
        assert window.document.project == BASE
        assert window.training.runs.kept == ()
        assert path.read_bytes() == before

    assert run_app(script) == 0


def test_it_says_so_too_of_the_file_that_it_is_started_with(qtbot, tmp_path):
    path = damaged(tmp_path / "a.layerwise")

    def script(window):
        assert said(window).startswith("Ended run 1 cannot be read")
        assert window.document.project == BASE

    assert run_app(script, [str(path)]) == 0
