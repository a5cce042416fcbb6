"""A lock file that is released when the process that took it exits or dies."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

NO_LOCKS_HERE = {errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL}  # some network folders


class Lock:
    """Held from `take` to `release`, or to the end of the process, whatever the cause."""

    def __init__(self, path: Path, handle: int) -> None:
        self._path, self._handle = path, handle

    @classmethod
    def take(cls, path: Path) -> Lock | None:
        """Take the lock, or return None if a live process holds it; raises OSError if locking
        fails.
        """
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if _free(handle) and is_same_file(path, handle):
                os.ftruncate(handle, 0)
                os.lseek(handle, 0, os.SEEK_SET)
                os.write(handle, _me())
                return cls(path, handle)
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)
        return None

    def release(self, *, remove: bool = False) -> None:
        """Release the lock, and remove the file if it will not be taken again. A second call does
        nothing.
        """
        if self._handle < 0:
            return
        handle, self._handle = self._handle, -1
        if sys.platform == "win32":  # an open file cannot be removed there
            os.close(handle)
            handle = -1
        if remove:
            self._path.unlink(missing_ok=True)
        if handle >= 0:
            os.close(handle)


def _free(handle: int) -> bool:
    """Lock the open file or, in a folder without locks, check for the process named in it."""
    try:
        return locked(handle)
    except OSError as error:
        if error.errno in NO_LOCKS_HERE:
            return not _lives(os.read(handle, 100))
        raise


def locked(handle: int) -> bool:
    """Lock the open file until it is closed; False if a live process has locked it.

    Raises OSError if the file system has no locks.
    """
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(handle, 2**16, os.SEEK_SET)  # after the text, which others may read
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
            return False
        raise
    return True


def is_same_file(path: Path, handle: int) -> bool:
    """Whether the locked file still has that name, and was not removed meanwhile."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _me() -> bytes:
    return f"{os.getpid()} {_start_of(os.getpid())}".encode()


def _start_of(pid: int) -> str:
    """When a process started, in the system's own units; empty if unknown."""
    try:
        return (
            Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()[19]
        )
    except (OSError, IndexError):
        return ""


def _lives(text: bytes) -> bool:
    """Whether the process that wrote `text` still runs; for folders without locks."""
    pid, _, start = text.partition(b" ")
    if not pid.isdigit() or not 0 < int(pid) < 2**31:
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # it runs, under another name
    return _start_of(int(pid)) == start.decode("ascii", "replace")
