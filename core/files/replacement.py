"""Temporary files that replace the original, and the cleanup of abandoned ones."""

from __future__ import annotations

import os
import re
import secrets
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from core.files import lock

_NAME = re.compile(r"layerwise-[0-9a-f]{16}\.part")
_OLD = 60.0  # seconds


def create(folder: Path, mode: int | None = None) -> BinaryIO:
    """Open a new file in the folder; while it is open, `sweep` of no process removes it.

    It has these permissions from its first byte; None: the user's default for new files.
    """
    while True:
        # Short, for any length of the name; visible in listings, so that a full folder is noticed.
        path = folder / f"layerwise-{secrets.token_hex(8)}.part"
        file = open(path, "x+b", opener=lambda name, flags: _opened(name, flags, mode))  # noqa: SIM115
        if _claimed(path, file.fileno()):
            return file
        file.close()  # swept between those two lines


def sweep(folder: Path) -> None:
    """Remove what processes that died while writing left in the folder; never raises OSError."""
    with suppress(OSError):
        with os.scandir(folder) as entries:
            found = [entry for entry in entries if _NAME.fullmatch(entry.name)]
        for entry in found:
            with suppress(OSError):
                if entry.is_file(follow_symlinks=False):
                    _remove_if_left(Path(entry.path))


def _opened(name: str, flags: int, mode: int | None) -> int:
    handle = os.open(name, flags, 0o666 if mode is None else mode)
    if mode is not None and hasattr(os, "fchmod"):
        os.fchmod(handle, mode)  # bits removed by the umask
    return handle


def _claimed(path: Path, handle: int) -> bool:
    with suppress(OSError):  # a folder without locks is never swept
        return sys.platform == "win32" or (lock.locked(handle) and lock.is_same_file(path, handle))
    return True


def _remove_if_left(path: Path) -> None:
    """Remove the file if no live process writes it."""
    if sys.platform == "win32":  # Windows does not remove an open file
        if time.time() - path.stat().st_mtime > _OLD:
            path.unlink()
        return
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    try:
        if lock.locked(handle) and lock.is_same_file(path, handle):
            path.unlink()  # before the lock is given back: who made it just now must not claim it
    finally:
        os.close(handle)
