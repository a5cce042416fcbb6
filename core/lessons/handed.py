"""A student's answers as a small file to hand in, and a class's answers as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from msgspec import DecodeError, Struct, ValidationError, json

from core.cells import cell
from core.errors import LayerwiseError
from core.lessons.progress import DRAFT, Course, CourseProgress, Kept
from core.limits import clip

FORMAT = "layerwise-answers"
MOST_BYTES = 2**19
MOST_LESSONS, MOST_LINES, LONGEST = 100, 400, 2400
LONGEST_NAME = 100
COLUMNS = (
    "file", "student", "lesson", "steps done", "steps", "step", "question", "answer", "right",
)  # fmt: skip


class HandedAnswer(Struct, frozen=True, forbid_unknown_fields=True):
    """One answer: the step from 1 with its heading, the question and the answer."""

    step: int
    heading: str
    question: str
    answer: str
    right: bool | None = None


class LessonWork(Struct, frozen=True, forbid_unknown_fields=True):
    """One lesson: the number of completed steps, and the answers."""

    lesson: str
    title: str
    done: int
    steps: int
    answers: tuple[HandedAnswer, ...] = ()

    @property
    def judged(self) -> tuple[int, int]:
        """The number of right answers, and of answers that can be judged."""
        right = [line.right for line in self.answers if line.right is not None]
        return sum(right), len(right)


class Handed(Struct, frozen=True, forbid_unknown_fields=True):
    """One student's work to hand in."""

    student: str
    lessons: tuple[LessonWork, ...]
    format: str = FORMAT
    version: int = 1


def handed(student: str, progress: CourseProgress) -> Handed:
    """The answers of a student in all lessons. Raises LayerwiseError if there is none yet."""
    name = " ".join(student.split())[:LONGEST_NAME]
    if not name:
        raise LayerwiseError("Your answers need your name, so that they can be told apart.")
    works = tuple(_work(lesson, course) for lesson, course in progress.lessons.items()
                  if lesson != DRAFT)  # fmt: skip
    works = tuple(work for work in works if work.answers or work.done)
    if not works:
        raise LayerwiseError("There are no answers yet: play a lesson first (Learn menu).")
    return Handed(name, works[-MOST_LESSONS:])


def _work(lesson: str, course: Course) -> LessonWork:
    answers = tuple(map(_line, sorted(course.answers, key=lambda a: (a.step, a.question))))
    return LessonWork(lesson, course.title or lesson, len(course.done), course.steps, answers)


def _line(kept: Kept) -> HandedAnswer:
    answer = kept.written
    if not answer:
        said = kept.answer
        answer = said if isinstance(said, str) else ", ".join(f"{number:g}" for number in said)
    asked = kept.asked or f"Question {kept.question + 1}"
    return HandedAnswer(kept.step + 1, kept.heading, asked, answer, kept.right)


def encode(work: Handed) -> bytes:
    """Its JSON, in UTF-8."""
    return json.format(json.encode(work), indent=1) + b"\n"


def decode(content: bytes) -> Handed:
    """Decode JSON. Raises LayerwiseError, a sentence without the name of the file."""
    if len(content) > MOST_BYTES:
        raise LayerwiseError(f"it has {len(content):,} bytes, and the limit is {MOST_BYTES:,}")
    try:
        found = json.decode(content, type=Handed)
    except (ValidationError, RecursionError) as error:
        raise LayerwiseError(f"it is no file of answers: {clip(_plain(str(error)))}") from None
    except (DecodeError, ValueError):
        raise LayerwiseError("it is no file of answers: it is not JSON") from None
    if (found.format, found.version) != (FORMAT, 1):
        raise LayerwiseError("it is no file of answers, or one of a newer Layerwise")
    _check(found)
    return found


def _check(found: Handed) -> None:
    lines = [line for work in found.lessons for line in work.answers]
    if len(found.lessons) > MOST_LESSONS or len(lines) > MOST_LESSONS * MOST_LINES:
        raise LayerwiseError("it holds more lessons or answers than there can be")
    texts = [found.student, *(t for work in found.lessons for t in (work.lesson, work.title))]
    texts += [text for line in lines for text in (line.heading, line.question, line.answer)]
    if not found.student.strip() or any(len(text) > LONGEST for text in texts):
        raise LayerwiseError("a name or a text in it is missing or too long")
    counts = [n for work in found.lessons for n in (work.done, work.steps)]
    if any(not 0 <= n <= 10**4 for n in (*counts, *(line.step for line in lines))):
        raise LayerwiseError("a count in it is not possible")


def _plain(text: str) -> str:
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def rows(file: str, work: Handed) -> list[tuple[str, ...]]:
    """A row for each answer, in the order of COLUMNS; one for a lesson without any."""
    made: list[tuple[str, ...]] = []
    for each in work.lessons:
        head = (file, work.student, each.title, str(each.done), str(each.steps))
        for line in each.answers or (HandedAnswer(0, "", "", ""),):
            right = {True: "yes", False: "no", None: ""}[line.right]
            step = f"{line.step} {line.heading}".strip() if line.step else ""
            made.append((*head, step, line.question, line.answer, right))
    return made


def table(lines: Iterable[Iterable[str]]) -> bytes:
    """The CSV of these rows, with the names of the columns; no cell is read as a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([cell(_plain(value)) for value in line] for line in lines)
    return ("\ufeff" + text.getvalue()).encode()


def summary(work: Handed) -> list[str]:
    """A sentence for each lesson of a student."""
    said = []
    for each in work.lessons:
        right, judged = each.judged
        answers = "1 answer" if judged == 1 else f"{judged} answers"
        said.append(
            f"{_plain(work.student)}, {_plain(each.title)}: {each.done} of {each.steps} steps,"
            f" {right} of {answers} right"
        )
    return said
