"""An append-only file of lines, synced after each one, so that it survives a kill."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import LayerwiseError
from core.files import disk
from core.files.lock import Lock

MAX_BYTES = 2**28


class Journal:
    """An open journal; `lines` are those that were in it."""

    def __init__(self, path: Path, handle: int, lines: tuple[bytes, ...]) -> None:
        self._path, self._handle = path, handle
        self.lines = lines

    def append(self, line: bytes) -> None:
        """Write one line more (without its end) to the disk; raises LayerwiseError if it cannot."""
        try:
            rest = memoryview(line + b"\n")
            while rest:
                rest = rest[os.write(self._handle, rest) :]
            os.fsync(self._handle)
        except OSError as error:
            raise LayerwiseError(
                f"{disk.shown(self._path)} cannot be written: {disk.reason(error)}."
            ) from None


@contextmanager
def opened(path: Path | str, *, private: bool = False) -> Iterator[Journal]:
    """Open the journal of this name, or create it; an incomplete last line, from a kill, is
    dropped. Creates its folder if necessary. Only the owner can read a `private` journal.

    Raises LayerwiseError if it cannot be used, or another process has it open.
    """
    path = Path(path)
    lock = _lock(path, private=private)
    try:
        lines = _lines(path)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
        try:
            handle = os.open(path, flags, disk.PRIVATE if private else 0o666)
        except OSError as error:
            raise LayerwiseError(
                f"{disk.shown(path)} cannot be written: {disk.reason(error)}."
            ) from None
        try:
            if private and hasattr(os, "fchmod"):
                os.fchmod(handle, disk.PRIVATE)  # created readable by an earlier version
            yield Journal(path, handle, lines)
        finally:
            os.close(handle)
    finally:
        lock.release(remove=True)


def _lock(path: Path, *, private: bool) -> Lock:
    try:
        if private:
            disk.make_private(path.parent)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
        disk.check_replaceable(path)
        lock = Lock.take(path.with_name(f"{path.name}.lock"))
    except (OSError, ValueError) as error:
        raise LayerwiseError(
            f"{disk.shown(path)} cannot be written: {disk.reason(error)}."
        ) from None
    if lock is None:
        raise LayerwiseError(
            f"{disk.shown(path)} is being written by another Layerwise: wait for it to end."
        )
    return lock


def _lines(path: Path) -> tuple[bytes, ...]:
    """The complete lines in the file; anything else is removed."""
    if disk.stamp(path) is None:
        return ()
    content = disk.read(path, MAX_BYTES)
    whole = content[: content.rfind(b"\n") + 1]
    if whole != content:
        disk.replace(path, whole)
    return tuple(whole.splitlines())
