"""Files of students' answers to hand in: writes them, and reads untrusted ones."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.errors import LayerwiseError
from core.files import disk
from core.files.npz import fault
from core.lessons import handed
from core.lessons.handed import Handed

SUFFIX = ".json"
MOST_FILES = 2000


@dataclass(frozen=True, slots=True)
class Class:
    """The answers of a class by file, and a sentence for each file that could not be read."""

    works: dict[str, Handed]
    unread: dict[str, str]

    def table(self) -> bytes:
        """All of them as CSV; an unreadable file has a row with the reason."""
        lines = [row for name, work in self.works.items() for row in handed.rows(name, work)]
        empty = ("",) * (len(handed.COLUMNS) - 3)
        lines += [(name, "cannot be read", said, *empty) for name, said in self.unread.items()]
        return handed.table(sorted(lines))


def write(path: Path, work: Handed) -> None:
    """Replace a file of answers. Raises LayerwiseError; the old one is then untouched."""
    disk.replace(path, handed.encode(work))


def read(path: Path) -> Handed:
    """The answers in a file. Raises LayerwiseError naming the file and the error."""
    content = disk.read(path, handed.MOST_BYTES)
    try:
        return handed.decode(content)
    except LayerwiseError as error:
        raise fault(path, str(error)) from None


def read_class(folder: Path) -> Class:
    """All files of answers in a folder, by name. Raises LayerwiseError if there is none."""
    try:
        paths = sorted(p for p in folder.iterdir() if p.suffix.lower() == SUFFIX and p.is_file())
    except OSError as error:
        raise LayerwiseError(
            f"{disk.shown(folder)} cannot be read: {disk.reason(error)}."
        ) from None
    if not paths or len(paths) > MOST_FILES:
        held = (
            f"{len(paths):,} files, and the limit is {MOST_FILES:,}" if paths else "no .json file"
        )
        raise LayerwiseError(f"{disk.shown(folder)} holds {held}: name the folder of the answers.")
    works: dict[str, Handed] = {}
    unread: dict[str, str] = {}
    for path in paths:
        try:
            works[disk.shown(path.name)] = read(path)
        except LayerwiseError as error:
            unread[disk.shown(path.name)] = str(error)
    return Class(works, unread)
