"""The learner's progress, stored in the data folder of the application."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal

from core.errors import LayerwiseError
from core.files import lesson_progress
from core.lessons import progress
from core.lessons.lesson import Lesson
from core.lessons.progress import Course, CourseProgress, Kept


def progress_folder() -> Path:
    """The folder of the progress: the data folder of the application."""
    location = QStandardPaths.StandardLocation.AppDataLocation
    return Path(QStandardPaths.writableLocation(location))


class Learner(QObject):
    """The progress in all lessons; a write error is reported once."""

    failed = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.progress: CourseProgress = lesson_progress.read(progress_folder())
        self._told = False

    def course(self, name: str) -> Course:
        """The progress in a lesson."""
        return self.progress.of(name)

    def stands(self, name: str, step: int, lesson: Lesson) -> None:
        """The learner has reached this step of a lesson."""
        steps, title = len(lesson.steps), lesson.title
        self._keep(name, progress.reached(self.course(name), step, steps, title))

    def reached(self, name: str, step: int) -> None:
        """The goal of a step was reached."""
        self._keep(name, progress.finished(self.course(name), step))

    def answered(self, name: str, kept: Kept) -> None:
        """A question was answered."""
        self._keep(name, progress.answered(self.course(name), kept))

    def _keep(self, name: str, course: Course) -> None:
        if course == self.course(name):
            return
        self.progress = self.progress.with_(name, course)
        try:
            lesson_progress.write(progress_folder(), self.progress)
        except LayerwiseError as error:
            if not self._told:
                self._told = True
                self.failed.emit(str(error))
