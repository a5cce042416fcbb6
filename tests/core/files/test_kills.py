"""A process that is killed while it saves leaves the old file or the new one, never another."""

import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.errors import LayerwiseError
from core.files import disk, storage
from tests.core.files import made

ROOT = Path(__file__).parents[3]
SAVING = """
import sys
sys.path.insert(0, sys.argv[1])
from dataclasses import replace
from core.files import storage
from tests.core.files import made
saved = made.saved()
contents = [replace(saved, layout={"turn": turn, "size": "x" * 200_000}) for turn in (0.0, 1.0)]
print("saving", flush=True)
while True:
    for content in contents:
        storage.write(sys.argv[2], content)
"""
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


def start(program: str, *arguments: str | Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", program, str(ROOT), *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE)


def kill_while_saving(path: Path, kills: int, rng: random.Random) -> dict[str, int]:
    """Kill a process that saves without a pause, again and again; counts what was left."""
    counts = {"old or new": 0, "lost": 0, "unfinished beside": 0}
    for _ in range(kills):
        process = start(SAVING, path)
        with process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(rng.uniform(0, 0.03))
            os.kill(process.pid, signal.SIGKILL)
        try:
            whole = set(storage.read(path).layout) in (set(), {"turn", "size"})
        except LayerwiseError:
            whole = False
        counts["old or new" if whole else "lost"] += 1
        for part in path.parent.glob("*.part"):
            counts["unfinished beside"] += 1
            part.unlink()
    return counts


def test_killed_while_saving(tmp_path):
    path = tmp_path / "lesson.layerwise"
    storage.write(path, made.saved())
    counts = kill_while_saving(path, 30, random.Random(0))
    assert counts["old or new"] == 30
    assert counts["lost"] == 0


def test_two_processes_on_one_file(tmp_path):
    path = tmp_path / "a"
    processes = [start(TWO, path, letter) for letter in "xy"]
    seen = set()
    while any(process.poll() is None for process in processes):
        if path.exists():
            content = disk.read(path, 2**20)
            assert content in (b"x" * 100_000, b"y" * 100_000)
            seen.add(content[:1])
    for process in processes:
        process.communicate()
        assert process.returncode == 0
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


def test_a_full_disk_leaves_the_old_file(tmp_path):
    path = tmp_path / "a.layerwise"
    path.write_bytes(b"old")
    said, _ = start(FULL, path).communicate()
    assert said == f"{path} cannot be written: file too large.\n".encode()
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.layerwise"]
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 4096


def test_a_change_from_outside_is_seen(tmp_path):
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
def test_what_cannot_be_a_project_stays_what_it_is(tmp_path, make, reason):
    path = tmp_path / "a.layerwise"
    make(path)
    with pytest.raises(LayerwiseError, match=reason):
        storage.write(path, made.saved())
    assert [p.name for p in tmp_path.iterdir()] == ["a.layerwise"]
