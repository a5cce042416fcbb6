"""The lesson being written: its draft, the current step, and undo."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from core.errors import LayerwiseError
from core.files import lesson_draft
from core.files.lesson_draft import Draft
from core.files.storage import Saved
from core.lessons.lesson import LessonStep
from core.lessons.offers import Stand
from core.project import Project

KEEP_MS = 800  # after the last edit


class Book(QObject):
    """Holds one draft; every edit is an undo step and is written to disk a moment later."""

    changed = Signal()  # the draft, or the choice of the current step
    failed = Signal(str)

    def __init__(self, folder: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._folder, self._told = folder, False
        self.draft: Draft = lesson_draft.kept(folder) or lesson_draft.empty()
        self.at = 0  # the current step, from 0
        self.undo_stack = QUndoStack(self)
        self._stands: dict[int, tuple[Saved, Stand, int]] = {}  # of scenes that were taken here
        self._later = QTimer(self, interval=KEEP_MS, singleShot=True)
        self._later.timeout.connect(self.keep)

    @property
    def step(self) -> LessonStep | None:
        """The current step; None in an empty lesson."""
        steps = self.draft.lesson.steps
        return steps[self.at] if self.at < len(steps) else None

    @property
    def scene(self) -> Saved | None:
        """The scene of the current step, if it does not continue from the one before."""
        return None if self.step is None else self.draft.scenes[self.at]

    @property
    def fault(self) -> str:
        """The error of the lesson in its current state; empty if it can be opened."""
        if not self.draft.lesson.steps:
            return "A lesson needs a step: arrange the window as it is to begin, then Add step."
        try:
            lesson_draft.text_of(self.draft)
        except LayerwiseError as error:
            return str(error)
        return ""

    def choose(self, at: int) -> None:
        """Take another step in hand."""
        if at != self.at:
            self.at = at
            self.changed.emit()

    def edit(self, words: str, after: Draft, key: str = "", at: int | None = None) -> None:
        """Change the draft; edits of the same `key` in a row are one step of undo."""
        if after is not self.draft:
            to = self.at if at is None else at
            self.undo_stack.push(_Edit(self, words, (self.draft, self.at), (after, to), key))

    def edit_step(self, words: str, key: str, **changes: Any) -> None:
        """Change the current step."""
        step = self.step
        if step is None or all(getattr(step, name) == value for name, value in changes.items()):
            return
        after = self.draft.with_step(self.at, replace(step, **changes))
        self.edit(words, after, f"{key} {self.at}" if key else "")

    def show(self, draft: Draft, at: int) -> None:
        """Have this draft, at this step."""
        self.draft, self.at = draft, max(0, min(at, len(draft.lesson.steps) - 1))
        self._later.start()
        self.changed.emit()

    def remember(self, scene: Saved, stand: Stand, run: int) -> None:
        """Record the window's state when this scene was taken, and its run."""
        self._stands[id(scene)] = (scene, stand, run)

    def stand(self) -> tuple[Stand, int]:
        """The state of the window when the current step begins, and its run (0: none)."""
        scenes = [scene for scene in self.draft.scenes[: self.at + 1] if scene is not None]
        if not scenes:
            return Stand(Project()), 0
        found = self._stands.get(id(scenes[-1]))
        return (Stand(scenes[-1].project), 0) if found is None else found[1:]

    def keep(self) -> None:
        """Store the draft for the next time, as far as it is valid."""
        self._later.stop()
        if not self.draft.lesson.steps:
            return
        try:
            lesson_draft.keep(self._folder, self.draft)
        except LayerwiseError as error:
            if not self.fault and not self._told:
                self._told = True
                self.failed.emit(str(error))


class _Edit(QUndoCommand):
    def __init__(
        self, book: Book, words: str, before: tuple[Draft, int], after: tuple[Draft, int], key: str
    ) -> None:
        super().__init__(words)
        self.book, self.before, self.after, self.key = book, before, after, key

    def id(self) -> int:
        return 1 if self.key else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Edit) or other.key != self.key:
            return False
        self.after = other.after
        return True

    def undo(self) -> None:
        self.book.show(*self.before)

    def redo(self) -> None:
        self.book.show(*self.after)
