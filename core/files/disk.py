"""Reads a file within a size limit, and replaces one atomically."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from core.errors import LayerwiseError
from core.files import replacement as beside
from core.progress import Progress, unheard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ORDINARY = "it is not an ordinary file"
PIECE = 2**23  # bytes that are written or read between two progress reports
PRIVATE, PRIVATE_FOLDER = 0o600, 0o700  # permissions of private files: only the owner


@dataclass(frozen=True, slots=True)
class Stamp:
    """Identifies one state of a file: if two stamps differ, the file was written in between."""

    modified: int  # nanoseconds
    size: int
    inode: int


def stamp(path: Path | str) -> Stamp | None:
    """The stamp of the file now, None if it does not exist or cannot be read."""
    try:
        return _stamp_of(os.stat(path))  # noqa: PTH116 - a str need not be a valid Path
    except (OSError, ValueError):
        return None


def shown(path: Path | str) -> str:
    """The path for a sentence: unprintable characters are replaced, long paths shortened."""
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(path))
    return text if len(text) <= 120 else f"…{text[-119:]}"


@contextmanager
def opened(path: Path | str, most: int) -> Iterator[BinaryIO]:
    """Open an ordinary file of at most `most` bytes for reading; otherwise a sentence says why not.

    Errors of reading inside the block become sentences too. Never blocks on a FIFO or a device.
    """
    try:
        # O_NONBLOCK: opening a FIFO without a writer would block for ever.
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(path, flags), "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise LayerwiseError(f"{shown(path)} cannot be read: {_kind(status.st_mode)}.")
            if status.st_size > most:
                raise LayerwiseError(
                    f"{shown(path)} cannot be read: it has {status.st_size:,} bytes, and the limit"
                    f" is {most:,}."
                )
            yield file
    except (OSError, ValueError) as error:  # ValueError: a NUL or a lone surrogate in the name
        raise LayerwiseError(f"{shown(path)} cannot be read: {reason(error)}.") from None


def read(path: Path | str, most: int) -> bytes:
    """All bytes of an ordinary file of at most `most` bytes; raises LayerwiseError naming it."""
    with opened(path, most) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise LayerwiseError(f"{shown(path)} cannot be read: it is growing beyond {most:,} bytes.")
    return content


def replace(
    path: Path | str, content: bytes, progress: Progress = unheard, *, private: bool = False
) -> Stamp:
    """Replace the content of the file: like `replace_by`."""
    return replace_by(path, lambda file: _fill(file, content, progress), private=private)


def replace_by(
    path: Path | str,
    fill: Callable[[BinaryIO], int],
    check: Callable[[BinaryIO], object] = lambda _: None,
    *,
    private: bool = False,
) -> Stamp:
    """Let `fill` write a temporary file next to `path`, check that it is complete, and rename it.

    `fill` returns how many bytes it wrote; `check` may read them and raise. On any failure the old
    file is untouched. The new file has the old permissions from its first byte or, if `private`,
    only its owner can read it. Links are followed. Returns the stamp of the new file. Raises
    LayerwiseError naming the file and the reason, and anything that `fill` and `check` raise.
    """
    try:
        target = Path(os.path.realpath(path))
        mode = _mode_of(target)
        beside.sweep(target.parent)
        written = _swap_in(target, fill, check, PRIVATE if private else mode)
        _remember_name(target.parent)
        return written
    except (OSError, ValueError) as error:
        raise LayerwiseError(f"{shown(path)} cannot be written: {reason(error)}.") from None


def check_replaceable(path: Path | str) -> None:
    """Raise LayerwiseError if `replace` could not write there, before an hour of
    training is lost.
    """
    try:
        target = Path(os.path.realpath(path))
        _mode_of(target)
        if not target.parent.is_dir():
            raise FileNotFoundError
        if not os.access(target.parent, os.W_OK):
            raise ValueError("its folder is write-protected")
    except (OSError, ValueError) as error:
        raise LayerwiseError(f"{shown(path)} cannot be written: {reason(error)}.") from None


def make_private(folder: Path) -> None:
    """Create the folder if necessary, and make it private to its owner; raises OSError."""
    folder.mkdir(PRIVATE_FOLDER, parents=True, exist_ok=True)
    with suppress(PermissionError):  # another user's
        if stat.S_IMODE(folder.stat().st_mode) != PRIVATE_FOLDER:
            folder.chmod(PRIVATE_FOLDER)


def _mode_of(target: Path) -> int | None:
    """The permissions to keep, None for a new file; raises if replacing would do harm."""
    try:
        status = target.stat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(status.st_mode):
        raise ValueError(_kind(status.st_mode))
    if not os.access(target, os.W_OK):
        raise ValueError("it is write-protected")
    return stat.S_IMODE(status.st_mode)


def _stamp_of(status: os.stat_result) -> Stamp:
    return Stamp(status.st_mtime_ns, status.st_size, status.st_ino)


def _swap_in(
    target: Path,
    fill: Callable[[BinaryIO], int],
    check: Callable[[BinaryIO], object],
    mode: int | None,
) -> Stamp:
    with beside.create(target.parent, mode) as file:
        path = Path(file.name)
        try:
            written = _arrived(file, fill(file))
            file.seek(0)
            check(file)
            if sys.platform == "win32":  # an open file cannot be renamed there
                file.close()
            path.replace(target)
        except BaseException:
            with suppress(OSError):
                file.close()
            with suppress(OSError):
                path.unlink()
            raise
    return written


def _fill(file: BinaryIO, content: bytes, progress: Progress) -> int:
    whole = memoryview(content)
    for start in range(0, len(content), PIECE):
        file.write(whole[start : start + PIECE])
        progress(min(start + PIECE, len(content)), len(content))
    return len(content)


def _arrived(file: BinaryIO, size: int) -> Stamp:
    """Check that this many bytes are on the disk."""
    file.flush()
    os.fsync(file.fileno())
    written = _stamp_of(os.fstat(file.fileno()))
    if written.size != size:
        raise ValueError(f"only {written.size:,} of {size:,} bytes arrived on the disk")
    return written


def _remember_name(folder: Path) -> None:
    """Make the rename survive a power cut, if the system can open folders."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _kind(mode: int) -> str:
    return "it is a folder" if stat.S_ISDIR(mode) else ORDINARY


def reason(error: OSError | ValueError) -> str:
    """Why a file could not be used, as the end of a sentence after a colon."""
    if isinstance(error, FileNotFoundError):
        return "there is no such file or folder"
    if isinstance(error, IsADirectoryError):
        return "it is a folder"
    if isinstance(error, UnicodeError) or "embedded null" in str(error):
        return "its name is not valid text"
    text = error.strerror if isinstance(error, OSError) else str(error)
    text = (text or type(error).__name__).rstrip(".")
    return text[:1].lower() + text[1:]
