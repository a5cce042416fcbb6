"""A step as the text of its file, with every possible key."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QWidget

from core.errors import LayerwiseError
from core.lessons.faults import LessonError
from core.lessons.lesson import Lesson, LessonStep
from core.lessons.read import read
from core.lessons.write import write
from gui.lessons.author.book import Book
from gui.lessons.author.fields import Text
from gui.style.theme import CAPTION
from gui.widgets import labels
from gui.widgets.rows import in_column

ABOUT = (
    "Everything that a step can say: layout, show, allow, example, unit, iteration, bounds, bug,"
    " hide, pace, and the lines of test that Show me carries out. What it begins with is chosen"
    " under Step."
)
NAME = "step"


class SourceForm(QWidget):
    """Edits the current step as text; on an error it shows a message and keeps the step."""

    def __init__(self, book: Book) -> None:
        super().__init__()
        self._book = book
        self.text = Text(self.tr("Source of the step"), ABOUT, 200, self._take)
        self.fault = labels.label("", CAPTION, tone="warning", wrap=True)
        about = labels.caption(ABOUT, wrap=True)
        in_column(about, (self.text, 1), self.fault, on=self, margins=(2, 8, 2, 2))
        book.changed.connect(self.show_step)
        self.show_step()

    def show_step(self) -> None:
        """Show the current step, unless the typed text means the same."""
        step = self._book.step
        self.setEnabled(step is not None)
        if step is None:
            self.text.show_text("")
        elif _read(self.text.toPlainText()) != _bare(step):
            self.text.show_text(_source(step))
        self.fault.setText("")

    def _take(self, text: str) -> None:
        step = self._book.step
        if step is None:
            return
        try:
            found = _parsed(text)
        except LayerwiseError as error:
            self.fault.setText(_placed(error))
            return
        self.fault.setText("")
        if found != _bare(step):
            kept = replace(found, scene=step.scene, weights=step.weights, data=step.data)
            draft = self._book.draft.with_step(self._book.at, kept)
            self._book.edit("Source", draft, f"source {self._book.at}")


def _bare(step: LessonStep) -> LessonStep:
    return replace(step, scene="", weights="", data="", line=0)


def _front(lesson: Lesson) -> bytes:
    return write(replace(lesson, steps=()))


_LESSON = Lesson(NAME, NAME, 1, ())


def _source(step: LessonStep) -> str:
    whole = write(replace(_LESSON, steps=(_bare(step),)))
    return whole[len(_front(_LESSON)) :].decode().strip("\n")


def _parsed(text: str) -> LessonStep:
    """The step that is typed. Raises LayerwiseError with the line of the text."""
    lesson = read(_front(_LESSON) + text.encode(), NAME)
    if len(lesson.steps) != 1:
        raise LayerwiseError("This is the text of one step: use Add step for another.")
    return _bare(lesson.steps[0])


def _placed(error: LayerwiseError) -> str:
    """The error, with its line in the typed text."""
    if not isinstance(error, LessonError):
        return str(error)
    before = _front(_LESSON).count(b"\n")
    said = str(error).partition(": ")[2]
    return f"Line {max(1, error.line - before)}: {said}"


def _read(text: str) -> LessonStep | None:
    try:
        return _parsed(text)
    except LayerwiseError:
        return None
