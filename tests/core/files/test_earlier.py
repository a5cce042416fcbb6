"""Files that earlier versions wrote open, and are saved to the same bytes where nothing changed.

Those in `earlier/` were written by the version of 919d53e, before its asks, its registry of parts
and its table of settings: settings alone, own data, runs under each optimizer with dropout, muted
and frozen units, decay, ends, float32, imported weights, and three runs that had ended. They are
not to be written anew: a version that no longer reads them breaks the files of its users.
"""

from pathlib import Path

import pytest

from core.files import storage
from core.files.project import read_project, write_project
from core.training.session import Session

FOLDER = Path(__file__).with_name("earlier")
FILES = sorted(FOLDER.glob("*.layerwise"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_is_saved_to_the_bytes_that_it_was_opened_from(tmp_path, path):
    saved = storage.read(path)
    assert saved.set_aside == ()
    written = storage.write(tmp_path / path.name, saved)
    assert written.set_aside == ()
    assert (tmp_path / path.name).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.json")), ids=lambda path: path.stem)
def test_so_are_settings_alone(tmp_path, path):
    write_project(tmp_path / path.name, read_project(path))
    assert (tmp_path / path.name).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("name", ["adam", "muted", "values"])
def test_a_run_from_an_earlier_file_continues(name):
    saved = storage.read(FOLDER / f"{name}.layerwise")
    state = saved.state
    assert state is not None
    session = Session(saved.project, own=saved.own, state=state)
    assert session.iteration == state.iteration > 0
    assert session.p.flat.tobytes() == state.flat.tobytes()
    session.step()
    assert session.iteration == state.iteration + 1


def test_all_kinds_are_there():
    assert {path.stem for path in FILES} == {
        "adam", "imported", "muted", "own", "runs", "settings", "values",
    }  # fmt: skip
    assert len(storage.read(FOLDER / "runs.layerwise").runs) == 3
