"""The next writer removes a killed writer's file; live and foreign files stay."""

import os
import sys
from pathlib import Path

import pytest

from core.files import disk, lock
from core.files import replacement as beside

NAME = "layerwise-0123456789abcdef.part"


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_dead_writers_file_is_removed_by_the_next_save(tmp_path):
    (tmp_path / NAME).write_bytes(b"half")
    disk.replace(tmp_path / "a", b"new")
    assert names(tmp_path) == ["a"]


def test_a_file_being_written_stays(tmp_path):
    with beside.create(tmp_path) as file:
        file.write(b"half")
        file.flush()
        disk.replace(tmp_path / "a", b"new")
        assert len(names(tmp_path)) == 2
    beside.sweep(tmp_path)
    assert names(tmp_path) == ["a"]


def test_a_foreign_file_stays(tmp_path):
    others = ["layerwise-0123.part", "lesson.part", f"{NAME}.part", f"my {NAME}", NAME.upper()]
    for name in others:
        (tmp_path / name).write_bytes(b"")
    (tmp_path / NAME).symlink_to(tmp_path / "lesson.part")
    (tmp_path / NAME.replace("0", "1")).mkdir()
    os.mkfifo(tmp_path / NAME.replace("0", "2"))
    before = names(tmp_path)
    beside.sweep(tmp_path)
    assert names(tmp_path) == before


def test_a_folder_that_cannot_be_listed_is_left_alone(tmp_path):
    beside.sweep(tmp_path / "none")
    (tmp_path / "file").write_bytes(b"")
    beside.sweep(tmp_path / "file")


def test_one_that_was_swept_too_soon_is_made_again(tmp_path, monkeypatch):
    answers = iter([False, True])
    monkeypatch.setattr(lock, "is_same_file", lambda *_: next(answers))
    with beside.create(tmp_path) as file:
        assert Path(file.name).exists()
    assert next(answers, None) is None


def test_one_that_is_claimed_just_now_is_not_swept(tmp_path, monkeypatch):
    """Its writer made it and has no lock yet: it must not get one before the file is gone."""
    unlink = Path.unlink
    claims = []

    def claim_first(path):
        with path.open("rb") as file:
            claims.append(lock.locked(file.fileno()))
        unlink(path)

    (tmp_path / NAME).write_bytes(b"")
    monkeypatch.setattr(Path, "unlink", claim_first)
    beside.sweep(tmp_path)
    assert claims == [False]
    assert not names(tmp_path)


def test_without_locks_files_are_written_and_none_swept(tmp_path, monkeypatch):
    def refuse(_handle):
        raise OSError(37, "No locks available")

    (tmp_path / NAME).write_bytes(b"somebody's")
    monkeypatch.setattr(lock, "locked", refuse)
    disk.replace(tmp_path / "a", b"new")
    assert names(tmp_path) == ["a", NAME]


@pytest.mark.parametrize(("age", "left"), [(0, True), (120, False)])
def test_on_windows_old_closed_files_are_removed(tmp_path, monkeypatch, age, left):
    path = tmp_path / NAME
    path.write_bytes(b"half")
    then = path.stat().st_mtime - age
    os.utime(path, (then, then))
    monkeypatch.setattr(sys, "platform", "win32")
    beside.sweep(tmp_path)
    assert path.exists() == left
