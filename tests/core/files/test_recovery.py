"""The work of a crashed window is found by the next one; live windows are left alone."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from core.edits import with_training
from core.errors import LayerwiseError
from core.files import disk
from core.files.recovery import DAMAGED, MOST, Recovery, found
from core.files.storage import Saved
from core.project import Project
from core.view import View
from tests.core.files import made

ROOT = Path(__file__).parents[3]
WINDOW = """
import sys
sys.path.insert(0, sys.argv[1])
from core.files.recovery import Recovery
from tests.core.files import made
window = Recovery(sys.argv[2])
window.write(made.saved(), "/home/me/lesson.layerwise")
print("written", flush=True)
sys.stdin.read()
"""


def work(rate: float) -> Saved:
    return Saved(with_training(Project(), learning_rate=rate))


@pytest.fixture
def window(tmp_path):
    """A window in a process of its own that has written its work and waits to be killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", WINDOW, str(ROOT), str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"written\n"
    yield process
    process.kill()
    process.communicate()


def die(window: subprocess.Popen) -> None:
    os.kill(window.pid, signal.SIGKILL)
    window.wait()


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_dead_window_leaves_every_bit(window, tmp_path):
    die(window)
    (recovered,) = found(tmp_path)
    assert made.parts(recovered.saved) == made.parts(made.saved())
    assert recovered.path == Path("/home/me/lesson.layerwise")
    assert recovered.when == pytest.approx(max(p.stat().st_mtime for p in tmp_path.rglob("*.la*")))
    recovered.discard()
    assert list(tmp_path.iterdir()) == []
    assert found(tmp_path) == []


def test_nothing_alive_is_claimed(window, tmp_path):
    assert found(tmp_path) == []
    die(window)
    (claimed,) = found(tmp_path)
    assert found(tmp_path) == []  # as a second window would
    claimed.release()
    (again,) = found(tmp_path)
    again.discard()


def test_untitled_work_is_kept_and_a_second_window_in_this_process_is_alive_too(tmp_path):
    one, two = Recovery(tmp_path), Recovery(tmp_path)
    one.write(work(0.1), None)
    two.write(work(0.2), None)
    assert found(tmp_path) == []
    one.leave()
    (recovered,) = found(tmp_path)
    assert recovered.path is None
    assert recovered.saved.project == work(0.1).project
    recovered.discard()
    two.close()
    assert list(tmp_path.iterdir()) == []


def test_the_newest_comes_first(tmp_path):
    for rate, second in ((0.1, 10), (0.2, 30), (0.3, 20)):
        before = set(tmp_path.rglob("*.layerwise"))
        one = Recovery(tmp_path)
        one.write(work(rate), None)
        (path,) = set(tmp_path.rglob("*.layerwise")) - before
        os.utime(path, (second, second))
        one.leave()
    works = found(tmp_path)
    assert [it.saved.project.training.learning_rate for it in works] == [0.2, 0.3, 0.1]
    for it in works:
        it.discard()


def test_one_start_offers_the_newest_and_the_next_one_the_others(tmp_path):
    for i in range(MOST + 3):
        before = set(tmp_path.iterdir())
        window = Recovery(tmp_path)
        window.write(work(0.1 + i), None)
        window.leave()
        (folder,) = set(tmp_path.iterdir()) - before
        os.utime(folder, (i, i))
    first, then = found(tmp_path), found(tmp_path)
    rates = [
        sorted(w.saved.project.training.learning_rate for w in works) for works in (first, then)
    ]
    assert rates[0] == pytest.approx([0.1 + i for i in range(3, MOST + 3)])
    assert rates[1] == pytest.approx([0.1 + i for i in range(3)])
    for it in first + then:
        it.discard()


def test_a_few_generations_are_kept_and_the_same_is_not_written_again(tmp_path):
    window = Recovery(tmp_path, keep=3)
    for rate in (1, 2, 2, 3, 4, 5):
        window.write(work(rate), None)
    names = [f"0000000{i}.layerwise" for i in (3, 4, 5)]
    assert files(tmp_path) == [*names, "about.json", "lock"]
    window.clear()
    assert files(tmp_path) == ["about.json", "lock"]
    window.write(work(5), None)
    assert files(tmp_path) == ["00000006.layerwise", "about.json", "lock"]
    window.close()
    window.close()


def test_own_data_are_written_once_and_go_with_their_last_generation(tmp_path):
    window, both = Recovery(tmp_path, keep=2), made.saved()
    window.write(both, None)
    (own,) = tmp_path.rglob("own-*")
    stamp = disk.stamp(own)
    window.write(replace(both, view=View()), None)
    assert disk.stamp(own) == stamp
    window.write(work(1), None)
    assert own.exists()
    window.write(work(2), None)
    assert not own.exists()
    window.close()


def test_a_damaged_generation_is_replaced_by_an_older_one(tmp_path):
    window = Recovery(tmp_path)
    for rate in (1, 2, 3):
        window.write(work(rate), None)
    two, three = sorted(tmp_path.rglob("*.layerwise"))[1:]
    three.write_bytes(three.read_bytes()[:-1])
    two.unlink()
    os.mkfifo(two)
    window.leave()
    (recovered,) = found(tmp_path)
    assert recovered.saved.project.training.learning_rate == 1
    assert len(list((tmp_path / DAMAGED).iterdir())) == 2
    recovered.discard()


def test_damage_never_blocks_and_is_set_aside(tmp_path):
    window = Recovery(tmp_path)
    window.write(made.saved(), None)
    next(tmp_path.rglob("own-*")).write_bytes(b"no data")
    window.leave()
    (tmp_path / ("0" * 16)).mkdir()  # died before it wrote
    (tmp_path / ("1" * 16) / "lock").mkdir(parents=True)
    (tmp_path / ("2" * 16)).symlink_to(tmp_path)
    (tmp_path / ("3" * 16)).write_bytes(b"a file")
    assert found(tmp_path) == []
    assert len(list((tmp_path / DAMAGED).iterdir())) == 2


@pytest.mark.parametrize(
    "about",
    [b"", b"[1]", b'{"path": 5}', b"[" * 60_000, b'{"path": ' + b"1" * 5000 + b"}", bytes(2**17)],
    ids=range(6),
)
def test_work_whose_file_is_not_known_is_untitled(tmp_path, about):
    window = Recovery(tmp_path)
    window.write(work(1), "lesson.layerwise")
    next(tmp_path.rglob("about.json")).write_bytes(about)
    window.leave()
    (recovered,) = found(tmp_path)
    assert recovered.path is None
    recovered.discard()


@pytest.mark.parametrize("name", ["<b>x</b>", "\u202egpj", "a\udc80", "\U0001f338"])
def test_any_file_name_is_restored(tmp_path, name):
    window = Recovery(tmp_path)
    window.write(work(1), name)
    assert json.loads(next(tmp_path.rglob("about.json")).read_text("ascii")) == {"path": name}
    window.leave()
    (recovered,) = found(tmp_path)
    assert str(recovered.path) == name
    recovered.discard()


def test_a_folder_that_cannot_be_says_so(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    window = Recovery(tmp_path / "file" / "below")
    with pytest.raises(LayerwiseError, match=r"kept for recovery in .*below: not a directory"):
        window.write(work(1), None)
    window.close()
    assert found(tmp_path / "file" / "below") == []
    assert found(tmp_path / "nowhere") == []


def test_without_locks_the_process_id_is_checked(tmp_path, monkeypatch):
    fcntl = pytest.importorskip("fcntl")

    def refuse(*args):
        raise OSError(37, "No locks available")

    window = Recovery(tmp_path)
    window.write(work(1), None)
    monkeypatch.setattr(fcntl, "flock", refuse)
    assert found(tmp_path) == []
    lock = next(tmp_path.rglob("lock"))
    for dead in (f"{os.getpid()} 1", "999999999 5", "-1 0", "", "pid"):
        lock.write_text(dead)
        (recovered,) = found(tmp_path)
        recovered.release()
    recovered.discard()
    window.close()
