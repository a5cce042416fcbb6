"""A lock is held as long as its process lives, by the means of either kind of system."""

import errno
import os
import sys

import pytest

from core.files import disk
from core.files.lock import Lock
from core.files.recovery import Recovery, found
from core.files.storage import Saved
from core.project import Project


class Msvcrt:
    """What Windows offers: a byte of a file is locked through one handle, until that is closed."""

    LK_NBLCK = 2

    def __init__(self):
        self.held = {}
        self.error = errno.EACCES

    def locking(self, handle, mode, size):
        assert (mode, size) == (self.LK_NBLCK, 1)
        status = os.fstat(handle)
        byte = status.st_dev, status.st_ino, os.lseek(handle, 0, os.SEEK_CUR)
        holder = self.held.get(byte, handle)  # its own number: that of a handle closed since
        if holder != handle and is_open(holder, status):
            raise OSError(self.error, "Permission denied")
        self.held[byte] = handle


def is_open(handle, status):
    try:
        return os.path.samestat(os.fstat(handle), status)
    except OSError:
        return False


@pytest.fixture(params=["here", "windows"])
def system(request, monkeypatch):
    if request.param == "windows":
        made = Msvcrt()
        monkeypatch.setitem(sys.modules, "msvcrt", made)
        monkeypatch.setattr(sys, "platform", "win32")
        return made
    return None


def test_one_at_a_time_has_it(system, tmp_path):
    path = tmp_path / "lock"
    first = Lock.take(path)
    assert first is not None
    assert path.read_text().split()[0] == str(os.getpid())  # others may read it
    assert Lock.take(path) is None
    first.release()
    first.release()
    second = Lock.take(path)
    assert second is not None
    second.release(remove=True)
    assert not path.exists()


def test_an_unexpected_locking_error_is_raised(system, tmp_path):
    if system is None:
        pytest.skip("the error of Windows")
    first = Lock.take(tmp_path / "lock")
    assert first is not None
    system.error = errno.EBADF
    with pytest.raises(OSError, match="Permission"):
        Lock.take(tmp_path / "lock")
    first.release()


def test_a_window_keeps_its_work_and_another_finds_it(system, tmp_path):
    window = Recovery(tmp_path)
    window.write(Saved(Project()), None)
    assert found(tmp_path) == []
    window.leave()
    (work,) = found(tmp_path)
    assert found(tmp_path) == []
    work.discard()
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_replaced(system, tmp_path):
    for content in (b"one", b"two"):
        disk.replace(tmp_path / "a", content)
        assert (tmp_path / "a").read_bytes() == content
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
