"""A lesson as frozen values: the checked content of its file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

QuestionKind = Literal["choice", "number", "shape", "order", "match", "text"]
IMPOSSIBLE = "impossible"
"""The right answer to a question about a shape where there is none."""
SHAPES = "shapes"
"""In `hide` of a step: the shapes of the canvas and the walk."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The reply to one answer: to an option (counted from 1), or to a number near `value`."""

    value: float
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """The question that a step asks first; options are counted from 1.

    `right` depends on the kind: the right options (choice), the number (number), rows and columns
    or nothing for "impossible" (shape), the options in their right order (order), for each option
    the number of its partner (match), nothing (text).
    """

    kind: QuestionKind
    text: str
    right: tuple[float, ...] = ()
    options: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()  # for a match, the partners of the options
    within: float = 0.0  # for a number, the tolerance of an answer
    replies: tuple[Reply, ...] = ()
    said: str = ""  # the reply to a right answer, or to a free text

    @property
    def several(self) -> bool:
        """Whether more than one option has to be chosen."""
        return self.kind == "choice" and len(self.right) > 1


@dataclass(frozen=True, slots=True)
class Command:
    """One line of a step's test: a verb and its words."""

    verb: str
    words: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join((self.verb, *self.words))


@dataclass(frozen=True, slots=True)
class LessonStep:
    """One step; None and empty mean that the file does not say.

    `text` is shown from the start, `explanation` once the goal is reached; both are Markdown in
    which `{{…}}` are live numbers. `line` is its first line in the file. `allow` None: everything.
    """

    title: str
    text: str
    explanation: str = ""
    scene: str = ""
    weights: str = ""
    data: str = ""
    iteration: int | None = None
    example: int | None = None  # from 1
    unit: tuple[int, int] | None = None  # layer and unit, from 1
    bounds: tuple[float, float, float, float] | None = None  # of the surface: x, x, y, y
    bug: str = ""
    hide: tuple[str, ...] = ()
    layout: str = ""
    show: tuple[str, ...] = ()
    point: tuple[str, ...] = ()
    allow: tuple[str, ...] | None = None
    goal: str = ""
    hint: str = ""
    test: tuple[Command, ...] = ()
    pace: str = "full"
    questions: tuple[Question, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Lesson:
    """A whole lesson; `after` names the lessons that it builds on."""

    title: str
    about: str
    minutes: int
    steps: tuple[LessonStep, ...]
    concepts: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
