"""A learner's progress in the lessons, with the answers, as a value and as JSON."""

from __future__ import annotations

from msgspec import DecodeError, Struct, ValidationError, json
from msgspec.structs import replace

from core.lessons.questions import LONGEST_ANSWER

MOST_BYTES = 2**20
MOST_LESSONS, MOST_ANSWERS = 500, 400
DRAFT = "draft"  # the name of a lesson that is tried while it is written


class Kept(Struct, frozen=True, forbid_unknown_fields=True):
    """One answer: the step and the question (from 0), the answer, and both in words."""

    step: int
    question: int
    answer: tuple[float, ...] | str
    right: bool | None = None
    heading: str = ""  # of the step
    asked: str = ""
    written: str = ""


class Course(Struct, frozen=True, forbid_unknown_fields=True):
    """One lesson: the step to continue at, the completed steps, the answers."""

    at: int = 0
    done: tuple[int, ...] = ()
    steps: int = 0  # how many it had
    answers: tuple[Kept, ...] = ()
    title: str = ""

    @property
    def finished(self) -> bool:
        return self.steps > 0 and len(self.done) >= self.steps


class CourseProgress(Struct, frozen=True, forbid_unknown_fields=True):
    """All lessons by name."""

    format: str = "layerwise-progress"
    version: int = 1
    lessons: dict[str, Course] = {}

    def of(self, name: str) -> Course:
        """The progress in this lesson."""
        return self.lessons.get(name, Course())

    def with_(self, name: str, course: Course) -> CourseProgress:
        """The same with this lesson's progress; the oldest lesson is dropped if there
        are too many.
        """
        others = {key: value for key, value in self.lessons.items() if key != name}
        names = list(others)[-(MOST_LESSONS - 1) :]
        return replace(self, lessons={**{key: others[key] for key in names}, name: course})


def reached(course: Course, step: int, steps: int, title: str = "") -> Course:
    """The learner has reached this step."""
    return replace(course, at=step, steps=steps, title=title or course.title)


def finished(course: Course, step: int) -> Course:
    """The goal of this step was reached."""
    return replace(course, done=tuple(sorted({*course.done, step})))


def answered(course: Course, kept: Kept) -> Course:
    """Add an answer; it replaces an earlier answer to the same question."""
    if isinstance(kept.answer, str):
        kept = replace(kept, answer=kept.answer[:LONGEST_ANSWER])
    place = kept.step, kept.question
    others = [each for each in course.answers if (each.step, each.question) != place]
    return replace(course, answers=(*others, kept)[-MOST_ANSWERS:])


def encode(progress: CourseProgress) -> bytes:
    """Its JSON, in UTF-8."""
    return json.format(json.encode(progress), indent=1) + b"\n"


def decode(content: bytes) -> CourseProgress:
    """The progress in JSON; empty if the JSON is invalid."""
    try:
        found = json.decode(content, type=CourseProgress)
    except (DecodeError, ValidationError, RecursionError, ValueError):
        return CourseProgress()
    return found if (found.format, found.version) == ("layerwise-progress", 1) else CourseProgress()
