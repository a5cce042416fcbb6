"""A process killed during saving leaves the old file or the new one, never another."""

import os
import random
import resource

import pytest

from core.errors import LayerwiseError
from core.files import disk, storage
from tests.core.files import kills, made

TWO = """
import sys
sys.path.insert(0, sys.argv[1])
from core.files import disk
for _ in range(60):
    disk.replace(sys.argv[2], sys.argv[3].encode() * 100_000)
"""
FULL = """
import resource, sys
sys.path.insert(0, sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
from core.errors import LayerwiseError
from core.files import storage
from tests.core.files import made
try:
    storage.write(sys.argv[2], made.saved())
except LayerwiseError as error:
    print(error)
"""


@pytest.mark.slow
def test_killed_while_saving(tmp_path):
    path = tmp_path / "lesson.layerwise"
    storage.write(path, made.saved())
    counts = kills.kill_while_saving(path, 30, random.Random(0))
    assert counts["old or new"] == 30
    assert counts["lost"] == 0
    assert counts["left beside by the next save"] == 0


def test_two_processes_on_one_file(tmp_path):
    path = tmp_path / "a"
    processes = [kills.start(TWO, path, letter) for letter in "xy"]
    seen = set()
    while any(process.poll() is None for process in processes):
        if path.exists():
            content = disk.read(path, 2**20)
            assert content in (b"x" * 100_000, b"y" * 100_000)
            seen.add(content[:1])
    for process in processes:
        process.communicate()
    assert [process.returncode for process in processes] == [0, 0]
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


def test_a_full_disk_leaves_the_old_file(tmp_path):
    path = tmp_path / "a.layerwise"
    path.write_bytes(b"old")
    said, _ = kills.start(FULL, path).communicate()
    assert said == f"{path} cannot be written: file too large.\n".encode()
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.layerwise"]
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 4096


def test_a_change_by_another_program_is_detected(tmp_path):
    path = tmp_path / "a"
    assert disk.stamp(path) is None
    stamp = disk.replace(path, b"one")
    assert disk.stamp(path) == stamp
    assert disk.replace(path, b"two") != stamp
    before = disk.stamp(path)
    path.write_bytes(b"six")
    os.utime(path, ns=(1, 1))
    assert disk.stamp(path) != before
    assert disk.stamp("\0") is None


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: path.mkdir(), "it is a folder"),
        (lambda path: path.symlink_to(path), "too many levels of symbolic links"),
    ],
)
def test_an_invalid_file_is_not_changed(tmp_path, make, reason):
    path = tmp_path / "a.layerwise"
    make(path)
    with pytest.raises(LayerwiseError, match=reason):
        storage.write(path, made.saved())
    assert [p.name for p in tmp_path.iterdir()] == ["a.layerwise"]
