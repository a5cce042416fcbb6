"""Loads lessons: the bundled ones, a folder's `lesson.md`, and untrusted `.lesson` files.

A `.lesson` file is a zip of one folder. It is read as strictly as `.layerwise`: its directory is
checked first, nothing is unpacked to disk, and every part has its own size limit.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Protocol

import numpy as np

from core import edits
from core.errors import LayerwiseError
from core.files import disk, npz
from core.files.export import data_of, weights_of
from core.files.storage import Saved
from core.lessons.faults import LessonError
from core.lessons.lesson import Lesson, LessonStep
from core.lessons.read import MOST_BYTES, pictures_of, read
from core.project import check, decode

LESSONS = Path(__file__).resolve().parents[2] / "resources" / "lessons"
TEXT = "lesson.md"
SUFFIX = ".lesson"
MOST_FILE = 2**25  # bytes of a `.lesson` file
MOST_UNPACKED = 2**26  # bytes of all that is in it
MOST_MEMBERS = 300
MOST_SCENE = 2**20  # bytes of a scene's project
MOST_ARRAYS = 2**24  # bytes of its weights, or its data
MOST_PICTURE = 2**21
MOST_DIRECTORY = 2**17
_MEMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}")
_FOLDER = re.compile(r"(\d\d)-([a-z0-9][a-z0-9-]*)")
_END = struct.Struct("<4s4H2LH")


class LessonFiles(Protocol):
    """The files next to a lesson's text."""

    def read(self, name: str, most: int) -> bytes | None:
        """The bytes of a file; None if there is none. Raises LayerwiseError naming it."""


@dataclass(frozen=True, slots=True, eq=False)
class Package:
    """A lesson with its scenes and pictures, all checked.

    `name` is its key in the learner's progress; `scenes` are by step, from 0, for steps that have
    one.
    """

    name: str
    lesson: Lesson
    scenes: Mapping[int, Saved]
    pictures: Mapping[str, bytes] = field(default_factory=dict)


def bundled() -> dict[str, Path]:
    """The bundled lessons, in order: name → the path of its text."""
    folders = sorted(path for path in LESSONS.glob("*") if _FOLDER.fullmatch(path.name))
    found = {path.name[3:]: path / TEXT for path in folders}
    return {name: path for name, path in found.items() if path.is_file()}


@dataclass(frozen=True, slots=True)
class Head:
    """The entry of a lesson in a list."""

    name: str
    title: str
    minutes: int


def heads() -> list[Head]:
    """The heads of the bundled lessons, in order, read without the rest."""
    found = []
    for name, path in bundled().items():
        with disk.opened(path, MOST_BYTES) as file:
            text = file.read(4096).decode(errors="replace")
        said = dict(line.partition(": ")[::2] for line in text.split("---", 2)[1].splitlines())
        found.append(Head(name, said["title"].strip(), int(said["minutes"])))
    return found


def read_text(path: Path) -> Lesson:
    """A lesson's text alone, for a list. Raises LayerwiseError naming it."""
    return read(disk.read(path, MOST_BYTES), disk.shown(path.name))


def find(argument: str) -> Package:
    """The lesson that FILE on the command line means: a bundled one's name, a `.lesson` file, a
    `lesson.md` or its folder. Raises LayerwiseError.
    """
    path = bundled().get(argument)
    if path is not None:
        return open_text(path, argument)
    given = Path(argument)
    if given.suffix.lower() == SUFFIX:
        return open_packed(given)
    if given.suffix.lower() == ".md":
        return open_text(given)
    if not given.suffix and (given / TEXT).is_file():
        return open_text(given / TEXT)
    names = ", ".join(bundled())
    raise LayerwiseError(
        f"{disk.shown(argument)} is not a lesson: name a .lesson file, a lesson.md, or one of"
        f" {names}."
    )


def open_text(path: Path, name: str = "") -> Package:
    """A lesson in a folder, with its files. Raises LayerwiseError naming the fault."""
    lesson = read_text(path)
    own = name or _own_name(path.parent.name or path.stem)
    return _package(own, lesson, _Folder(path.parent))


def _own_name(stem: str) -> str:
    """The name of a lesson that is not a bundled one: its progress is not theirs."""
    name = disk.shown(stem)
    return f"{name}{SUFFIX}" if name in bundled() else name


def open_packed(path: Path) -> Package:
    """A `.lesson` file. Raises LayerwiseError naming it and the error."""
    with disk.opened(path, MOST_FILE) as file:
        content = file.read(MOST_FILE + 1)
    return unpacked(content, path)


def unpacked(content: bytes, path: Path) -> Package:
    """The same from the bytes of such a file; `path` is its name in sentences."""
    packed = _Packed(path, content)
    text = packed.read(TEXT, MOST_BYTES)
    if text is None:
        raise npz.fault(path, f"it holds no {TEXT}")
    return _package(_own_name(path.stem), read(text, disk.shown(path.name)), packed)


def _package(name: str, lesson: Lesson, files: LessonFiles) -> Package:
    if name in lesson.after:
        raise LessonError(name, 1, "`after` names the lesson itself")
    scenes = {at: _scene(name, step, files) for at, step in enumerate(lesson.steps) if step.scene}
    shown: dict[str, bytes] = {}
    for step in lesson.steps:
        for picture in sorted(set(pictures_of(step)) - set(shown)):
            try:
                shown[picture] = _picture(picture, files)
            except LayerwiseError as error:
                raise LessonError(name, step.line, str(error)) from None
    return Package(name, lesson, scenes, shown)


def _picture(picture: str, files: LessonFiles) -> bytes:
    content = files.read(picture, MOST_PICTURE)
    if content is None:
        raise LayerwiseError(f"the picture {picture} is not beside the lesson")
    from core.files.pictures import check_shown  # late: few lessons have pictures

    check_shown(content, picture)
    return content


def _scene(name: str, step: LessonStep, files: LessonFiles) -> Saved:
    """The initial state of a step. Raises LessonError naming the step's line."""
    other, _, scene = step.scene.rpartition("/")
    if other:
        if other not in bundled():
            raise LessonError(name, step.line, f"there is no lesson {other!r} to take a scene from")
        files = _Folder(bundled()[other].parent)
    try:
        return _saved(scene, step, files)
    except LayerwiseError as error:
        raise LessonError(name, step.line, str(error)) from None


def _saved(scene: str, step: LessonStep, files: LessonFiles) -> Saved:
    content = files.read(f"{scene}.json", MOST_SCENE)
    if content is None:
        raise LayerwiseError(f"the scene {scene}.json is not beside the lesson")
    project = decode(content)
    own = None
    data = step.data or f"{scene}.data.npz"
    if (packed := files.read(data, MOST_ARRAYS)) is not None:
        with npz.within(data, io.BytesIO(packed), foreign=True) as arrays:
            own = data_of(data, arrays).own
        project = edits.choose_own(project, own)
        check(project)
    elif step.data or project.data.source == "own":
        raise LayerwiseError(f"{data} is not beside the lesson")
    weights, start = step.weights or f"{scene}.weights.npz", None
    if (packed := files.read(weights, MOST_ARRAYS)) is not None:
        with npz.within(weights, io.BytesIO(packed), foreign=True) as arrays:
            start = weights_of(weights, arrays, project.sizes())
        start = start.astype(np.dtype(project.training.dtype))
        start.setflags(write=False)
    elif step.weights:
        raise LayerwiseError(f"{weights} is not beside the lesson")
    return Saved(project, None, own, start)


class _Folder:
    """A folder on the disk; only plain names in it are read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, name: str, most: int) -> bytes | None:
        path = self._folder / name
        if not _MEMBER.fullmatch(name) or not path.is_file():
            return None
        return disk.read(path, most)


class _Packed:
    """A `.lesson` file in memory; its directory is checked before anything is unpacked."""

    def __init__(self, path: Path, content: bytes) -> None:
        self._path = path
        self._check_end(content)
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
            infos = self._archive.infolist()
        except (zipfile.BadZipFile, ValueError, struct.error, OSError, NotImplementedError):
            raise npz.fault(path, "it is damaged, or not a .lesson file at all") from None
        self._members = self._judged(infos, len(content))

    def _check_end(self, content: bytes) -> None:
        """Refuse a directory too large for a lesson before `zipfile` reads all of it."""
        end = content[-_END.size :]
        if len(end) < _END.size or not end.startswith(b"PK\5\6"):
            raise npz.fault(self._path, "it is not a whole .lesson file")
        _, _, _, here, members, size, _, _ = _END.unpack(end)
        if max(here, members) > MOST_MEMBERS or size > MOST_DIRECTORY:
            raise npz.fault(self._path, f"it holds more than {MOST_MEMBERS} files")

    def _judged(self, infos: list[zipfile.ZipInfo], room: int) -> dict[str, zipfile.ZipInfo]:
        files = [info for info in infos if not info.is_dir()]
        tops = {PurePosixPath(info.filename).parts[:1] for info in files}
        nested = len(tops) == 1 and all(info.filename.count("/") == 1 for info in files)
        found: dict[str, zipfile.ZipInfo] = {}
        for info in files:
            name = info.filename.partition("/")[2] if nested else info.filename
            reason = self._wrong(name, info, found)
            room -= info.compress_size
            if reason or room < 0:
                raise npz.fault(self._path, reason or "its files lie over each other")
            found[name] = info
        if sum(info.file_size for info in files) > MOST_UNPACKED:
            raise npz.fault(self._path, f"it would unpack to more than {MOST_UNPACKED:,} bytes")
        return found

    def _wrong(self, name: str, info: zipfile.ZipInfo, found: Mapping[str, object]) -> str:
        if not _MEMBER.fullmatch(name):
            return f"it holds {disk.shown(info.filename)[-60:]!r}, which is not a plain file name"
        if name.lower() in {other.lower() for other in found}:
            return f"it holds {name} twice"
        if stat.S_ISLNK(info.external_attr >> 16):
            return f"{name} is a link"
        if info.flag_bits & 1:
            return f"{name} is encrypted"
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            return f"{name} is compressed in a way that .lesson files are not"
        return ""

    def read(self, name: str, most: int) -> bytes | None:
        info = self._members.get(name)
        if info is None:
            return None
        if info.file_size > most:
            raise npz.fault(
                self._path, f"{name} has {info.file_size:,} bytes, and the limit is {most:,}"
            )
        try:
            with self._archive.open(info) as member:
                content = member.read(most + 1)
        except (
            zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError,
            RuntimeError, ValueError, OSError, OverflowError,
        ):  # fmt: skip
            raise npz.fault(self._path, f"{name} in it is damaged") from None
        if len(content) != info.file_size:
            raise npz.fault(self._path, f"{name} in it is damaged")
        return content
