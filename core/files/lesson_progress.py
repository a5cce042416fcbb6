"""The file of a learner's progress: private, replaced atomically, and never fatal."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from core.errors import LayerwiseError
from core.files import disk
from core.lessons import progress
from core.lessons.progress import CourseProgress

NAME = "lessons.json"
DAMAGED = "lessons.damaged.json"


def read(folder: Path) -> CourseProgress:
    """The progress stored in a folder; empty if there is none. An unreadable file is set aside."""
    path = folder / NAME
    if not path.exists():
        return CourseProgress()
    try:
        content = disk.read(path, progress.MOST_BYTES)
        found = progress.decode(content)
    except LayerwiseError:
        content, found = b"", CourseProgress()
    if not found.lessons and content != progress.encode(CourseProgress()):
        with suppress(OSError):
            path.replace(folder / DAMAGED)
    return found


def write(folder: Path, kept: CourseProgress) -> None:
    """Store the progress. Raises LayerwiseError naming the file, which is then unchanged."""
    try:
        disk.make_private(folder)
    except (OSError, ValueError) as error:
        raise LayerwiseError(
            f"Your progress cannot be kept in {disk.shown(folder)}: {disk.reason(error)}."
        ) from None
    disk.replace(folder / NAME, progress.encode(kept), private=True)
