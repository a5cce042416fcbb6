"""A lesson being written, with the scene of each step, and its `.lesson` file."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.data.own import OwnData
from core.errors import LayerwiseError
from core.files import disk, lessons
from core.files.export import CLASSES, INPUTS, PICTURE
from core.files.lessons import SUFFIX, TEXT, Package
from core.files.packing import packed
from core.files.storage import Saved
from core.lessons.lesson import Lesson, LessonStep
from core.lessons.read import read
from core.lessons.write import write
from core.nn.parameters import Parameters
from core.project import Project, encode

DRAFT = "lesson-draft.lesson"
_WHEN = (1980, 1, 1, 0, 0, 0)  # the same lesson gives the same bytes


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """A lesson and its scenes, one for each step; None if a step continues from the one before."""

    lesson: Lesson
    scenes: tuple[Saved | None, ...]
    pictures: Mapping[str, bytes] = field(default_factory=dict)

    def with_lesson(self, **changes: Any) -> Draft:
        """The same with another title, `about` or minutes."""
        return replace(self, lesson=replace(self.lesson, **changes))

    def with_step(self, at: int, step: LessonStep) -> Draft:
        """The same with another step there, from 0, that begins with the same scene."""
        steps = list(self.lesson.steps)
        steps[at] = step
        return self.with_lesson(steps=tuple(steps))

    def with_scene(self, at: int, scene: Saved | None) -> Draft:
        """The same with another scene for a step."""
        scenes = list(self.scenes)
        scenes[at] = scene
        return replace(self, scenes=tuple(scenes))

    def insert(self, at: int, step: LessonStep, scene: Saved | None) -> Draft:
        """The same with one more step, which becomes step `at`."""
        steps, scenes = list(self.lesson.steps), list(self.scenes)
        steps.insert(at, step)
        scenes.insert(at, scene)
        return replace(self.with_lesson(steps=tuple(steps)), scenes=tuple(scenes))

    def without(self, at: int) -> Draft:
        """The same without a step."""
        steps, scenes = list(self.lesson.steps), list(self.scenes)
        del steps[at], scenes[at]
        return replace(self.with_lesson(steps=tuple(steps)), scenes=tuple(scenes))


def empty() -> Draft:
    """A lesson without a step."""
    return Draft(Lesson("A new lesson", "What is learned in it, in one sentence.", 5, ()), ())


def of_package(package: Package) -> Draft:
    """A lesson that was opened, to be changed; scenes of other lessons become its own."""
    steps = package.lesson.steps
    scenes = tuple(package.scenes.get(at) for at in range(len(steps)))
    return Draft(package.lesson, scenes, package.pictures)


def text_of(draft: Draft) -> bytes:
    """Its Markdown. Raises LessonError for anything a file may not contain."""
    steps = []
    for at, step in enumerate(draft.lesson.steps):
        name = f"scene-{at + 1}" if draft.scenes[at] is not None else ""
        steps.append(replace(step, scene=name, weights="", data=""))
    content = write(replace(draft.lesson, steps=tuple(steps)))
    read(content, TEXT)
    return content


def file_of(draft: Draft) -> bytes:
    """The bytes of its `.lesson` file, as it would be read. Raises LayerwiseError for anything not
    allowed.
    """
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in _members(draft).items():
            info = zipfile.ZipInfo(name, _WHEN)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, part)
    return content.getvalue()


def package_of(draft: Draft, name: str) -> Package:
    """The package that its file opens as. Raises LayerwiseError for a lesson that could not be
    opened.
    """
    return lessons.unpacked(file_of(draft), Path(f"{name}{SUFFIX}"))


def save(path: Path, draft: Draft) -> None:
    """Replace a `.lesson` file. Raises LayerwiseError; the old one is then untouched."""
    content = file_of(draft)
    lessons.unpacked(content, path)  # nothing is handed on that cannot be opened
    disk.replace(path, content)


def keep(folder: Path, draft: Draft) -> None:
    """Store the draft for the next time. Raises LayerwiseError."""
    disk.make_private(folder)
    disk.replace(folder / DRAFT, file_of(draft), private=True)


def kept(folder: Path) -> Draft | None:
    """The stored draft, if there is a readable one."""
    path = folder / DRAFT
    if not path.is_file():
        return None
    try:
        return of_package(lessons.open_packed(path))
    except LayerwiseError:
        return None


def _members(draft: Draft) -> dict[str, bytes]:
    found: dict[str, bytes] = {TEXT: text_of(draft), **draft.pictures}
    for at, scene in enumerate(draft.scenes, start=1):
        if scene is None:
            continue
        found[f"scene-{at}.json"] = encode(scene.project)
        if scene.start is not None:
            found[f"scene-{at}.weights.npz"] = packed(_weights(scene.project, scene.start))
        if scene.own is not None:
            found[f"scene-{at}.data.npz"] = packed(_data(scene.own))
    return found


def _weights(project: Project, flat: NDArray[Any]) -> dict[str, NDArray[Any]]:
    p = Parameters(project.sizes(), flat.dtype, flat)
    return {f"{name}{l}": array for l in p.W for name, array in (("W", p.W[l]), ("b", p.b[l]))}


def _data(own: OwnData) -> dict[str, NDArray[Any]]:
    """X and Y in the form of data files, with an imported test set in separate arrays."""
    m = own.X.shape[1] - own.test_examples
    arrays: dict[str, NDArray[Any]] = {"X": own.X[:, :m], "Y": own.Y[:, :m]}
    if own.test_examples:
        arrays |= {"X_test": own.X[:, m:], "Y_test": own.Y[:, m:]}
    arrays |= {CLASSES: np.array(own.classes, str), INPUTS: np.array(own.inputs, str)}
    return arrays | {PICTURE: np.array(own.picture or (), np.int64)}
