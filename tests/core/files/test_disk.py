"""A file is read completely or refused, and replaced completely or not at all."""

import os
import socket
import stat
from pathlib import Path

import pytest

from core.errors import LayerwiseError
from core.files import disk
from core.progress import unheard

AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


@pytest.fixture
def target(tmp_path):
    path = tmp_path / "weights.npz"
    path.write_bytes(b"old")
    return path


def left_over(folder):
    return sorted(path.name for path in folder.glob("*.part"))


def test_a_written_file_is_read_back(target):
    disk.replace(target, b"new")
    assert disk.read(target, 3) == b"new"
    assert left_over(target.parent) == []


def test_a_new_file_has_the_usual_permissions(tmp_path):
    (tmp_path / "usual").touch()
    disk.replace(tmp_path / "new", b"x")
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "usual").stat().st_mode


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o755])
def test_permissions_are_kept(target, mode):
    target.chmod(mode)
    disk.replace(target, b"new")
    assert stat.S_IMODE(target.stat().st_mode) == mode


def test_a_link_is_followed(tmp_path, target):
    (tmp_path / "folder").mkdir()
    link = tmp_path / "folder" / "link.npz"
    link.symlink_to(target)
    disk.replace(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert left_over(tmp_path / "folder") == []


def test_a_dangling_link_is_filled(tmp_path):
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "later")
    disk.replace(link, b"new")
    assert (tmp_path / "later").read_bytes() == b"new"


@pytest.mark.parametrize("failing", ["fsync", "replace", "write"])
def test_the_old_file_survives_a_failure_at_any_point(target, monkeypatch, failing):
    def fail(*args, **kwargs):
        raise OSError(28, "No space left on device")

    heard = fail if failing == "write" else unheard  # as if the disk were full after a piece
    if failing == "fsync":
        monkeypatch.setattr(os, "fsync", fail)
    elif failing == "replace":
        monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(
        LayerwiseError, match=r"weights.npz cannot be written: no space left on device\.$"
    ):
        disk.replace(target, b"new", heard)
    assert target.read_bytes() == b"old"
    assert left_over(target.parent) == []


def test_a_full_disk_leaves_the_old_file(target):
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(LayerwiseError, match="cannot be written: file too large"):
            disk.replace(target, b"new" * 1000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert target.read_bytes() == b"old"
    assert left_over(target.parent) == []


def test_bytes_that_did_not_arrive_are_noticed(target, monkeypatch):
    true_fsync = os.fsync

    def lose_some(handle):
        true_fsync(handle)
        if stat.S_ISREG(os.fstat(handle).st_mode):
            os.truncate(handle, 1)

    monkeypatch.setattr(os, "fsync", lose_some)
    with pytest.raises(LayerwiseError, match="only 1 of 3 bytes arrived on the disk"):
        disk.replace(target, b"new")
    assert target.read_bytes() == b"old"


def test_an_interrupt_leaves_no_temporary_file(target, monkeypatch):
    def interrupt(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        disk.replace(target, b"new")
    assert target.read_bytes() == b"old"
    assert left_over(target.parent) == []


@pytest.mark.skipif(AS_ROOT, reason="root may write everywhere")
def test_a_protected_file_or_folder_stays(target):
    target.chmod(0o400)
    with pytest.raises(LayerwiseError, match="cannot be written: it is write-protected"):
        disk.replace(target, b"new")
    target.chmod(0o600)
    target.parent.chmod(0o500)
    try:
        with pytest.raises(LayerwiseError, match="cannot be written: permission denied"):
            disk.replace(target, b"new")
    finally:
        target.parent.chmod(0o700)
    assert target.read_bytes() == b"old"


@pytest.mark.skipif(AS_ROOT, reason="root may read everything")
def test_a_file_without_permission_says_so(target):
    target.chmod(0)
    with pytest.raises(LayerwiseError, match="cannot be read: permission denied"):
        disk.read(target, 10)


def make_fifo(path):
    os.mkfifo(path)


def make_socket(path):
    with socket.socket(socket.AF_UNIX) as unix:
        unix.bind(str(path))


def make_loop(path):
    path.symlink_to(path)


def make_long(path):
    path.write_bytes(b"x" * 100)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (os.mkdir, "it is a folder"),
        (make_fifo, "it is not an ordinary file"),
        (make_socket, "no such device or address"),
        (make_loop, "too many levels of symbolic links"),
        (make_long, "it has 100 bytes, and the limit is 10"),
        (lambda path: None, "there is no such file or folder"),
    ],
)
def test_an_unreadable_file_says_why(tmp_path, monkeypatch, make, reason):
    monkeypatch.chdir(tmp_path)  # a socket's name must be short
    path = Path("it")
    make(path)
    with pytest.raises(LayerwiseError, match=rf"^it cannot be read: {reason}\.$"):
        disk.read(path, 10)


@pytest.mark.parametrize("make", [os.mkdir, make_fifo])
def test_only_regular_files_are_replaced(tmp_path, make):
    make(tmp_path / "it")
    kind = (tmp_path / "it").stat().st_mode
    with pytest.raises(LayerwiseError, match="cannot be written: it is"):
        disk.replace(tmp_path / "it", b"new")
    assert (tmp_path / "it").stat().st_mode == kind


def test_a_device_is_not_replaced():
    with pytest.raises(LayerwiseError, match="/dev/null cannot be written: it is not an ordinary"):
        disk.replace("/dev/null", b"new")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("a\0b", "its name is not valid text"),
        ("a" * 300, "file name too long"),
        ("\udcff\ud800", "its name is not valid text"),
        ("no/such/folder", "there is no such file or folder"),
    ],
)
def test_impossible_names_are_sentences(tmp_path, name, reason):
    path = f"{tmp_path}/{name}"
    with pytest.raises(LayerwiseError, match=f"cannot be written: {reason}"):
        disk.replace(path, b"new")
    with pytest.raises(LayerwiseError, match=f"cannot be read: {reason}"):
        disk.read(path, 10)


def test_misleading_characters_of_a_name_are_replaced():
    assert disk.shown("a\u202eb\nc\0.npz") == "a�b�c�.npz"
    assert len(disk.shown("x" * 100_000)) == 120
