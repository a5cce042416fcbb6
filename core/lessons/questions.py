"""The questions of a step: parses them, and checks answers."""

from __future__ import annotations

import math
from dataclasses import dataclass

import msgspec

from core.errors import LayerwiseError
from core.lessons.lesson import IMPOSSIBLE, Question, QuestionKind, Reply
from core.limits import clip

Answer = tuple[float, ...] | str
"""Options (from 1), a number, rows and columns (empty: impossible), or a free text."""
MOST_OPTIONS = 9
LONGEST = 400  # characters of a question or a reply
LONGEST_ANSWER = 2000


class Asked(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A question as a block has it."""

    text: str
    kind: QuestionKind = "choice"
    options: list[str] = []
    partners: list[str] = []
    right: float | str | list[float] = []
    within: float = 0.0
    replies: dict[str, str] = {}
    said: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """The judgement of an answer: whether it is right (None if no answer is), and the reply."""

    right: bool | None
    reply: str


def question(asked: Asked) -> Question:
    """The question, checked. Raises LayerwiseError, a sentence without its place."""
    for text in (asked.text, asked.said, *asked.replies.values()):
        if len(text) > LONGEST:
            raise LayerwiseError(f"a text of [[ask]] has at most {LONGEST} characters")
    if not asked.text.strip():
        raise LayerwiseError("[[ask]] needs a `text`")
    _check_options(asked)
    right = _right(asked)
    replies = tuple(Reply(_value(value), text) for value, text in asked.replies.items())
    if not (math.isfinite(asked.within) and asked.within >= 0):
        raise LayerwiseError("`within` is a number from 0 on")
    return Question(
        asked.kind,
        asked.text,
        right,
        tuple(asked.options),
        tuple(asked.partners),
        asked.within,
        replies,
        asked.said,
    )


def _value(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise LayerwiseError(f"`replies` names an option or a number, not {clip(text)!r}")
    return value


def _check_options(asked: Asked) -> None:
    listed = asked.kind in ("choice", "order", "match")
    if listed and not 2 <= len(asked.options) <= MOST_OPTIONS:
        raise LayerwiseError(f"`options` of a {asked.kind} are 2 to {MOST_OPTIONS} texts")
    if not listed and asked.options:
        raise LayerwiseError(f"a {asked.kind} has no `options`")
    if (asked.kind == "match") != bool(asked.partners):
        raise LayerwiseError("`partners` are what a match, and only that, is matched with")
    if len(asked.partners) > MOST_OPTIONS:
        raise LayerwiseError(f"`partners` are at most {MOST_OPTIONS} texts")
    if any(not text.strip() or len(text) > 200 for text in (*asked.options, *asked.partners)):
        raise LayerwiseError("an option is empty or too long")


def _right(asked: Asked) -> tuple[float, ...]:
    """The right answer as numbers."""
    kind, right = asked.kind, asked.right
    if kind == "text":
        if right != []:
            raise LayerwiseError("a free text has no right answer: use `said`")
        return ()
    if kind == "shape" and right == IMPOSSIBLE:
        return ()
    if isinstance(right, str):
        raise LayerwiseError(f"`right` of a {kind} is not a text")
    numbers = tuple(right) if isinstance(right, list) else (right,)
    if not numbers or not all(math.isfinite(number) for number in numbers):
        raise LayerwiseError(f"`right` of a {kind} is missing, or no number")
    _check_right(asked, numbers)
    return numbers


def _check_right(asked: Asked, numbers: tuple[float, ...]) -> None:
    count, places = len(asked.options), range(1, len(asked.options) + 1)
    partners = range(1, len(asked.partners) + 1)
    whole = all(number == int(number) for number in numbers)
    fits = {
        "choice": len(set(numbers)) == len(numbers) and all(n in places for n in numbers),
        "number": len(numbers) == 1,
        "shape": len(numbers) == 2 and whole and min(numbers) >= 1,
        "order": sorted(numbers) == list(places),
        "match": len(numbers) == count and all(n in partners for n in numbers),
    }
    if not fits[asked.kind]:
        raise LayerwiseError(f"`right` does not fit a {asked.kind} of {count} options")


def judge(asked: Question, answer: Answer) -> Judged:
    """Judge an answer. A wrong one gets the reply to its misconception, if there is one."""
    if asked.kind == "text" or isinstance(answer, str):
        return Judged(None, asked.said)
    if asked.kind == "choice":
        right = set(answer) == set(asked.right)
    elif asked.kind == "number":
        right = len(answer) == 1 and abs(answer[0] - asked.right[0]) <= asked.within + 1e-12
    else:
        right = answer == asked.right
    if right:
        return Judged(True, asked.said)
    return Judged(False, _reply(asked, answer))


def _reply(asked: Question, answer: tuple[float, ...]) -> str:
    slack = max(asked.within, 1e-9) if asked.kind == "number" else 1e-9
    near = [
        (abs(reply.value - value), reply.text)
        for reply in asked.replies
        for value in answer
        if abs(reply.value - value) <= slack
    ]
    return min(near, default=(0.0, ""))[1]


def written(asked: Question, answer: Answer) -> str:
    """An answer as text, for display next to the result."""
    if isinstance(answer, str):
        return answer
    if asked.kind in ("choice", "order"):
        return (" · " if asked.kind == "choice" else ", ").join(
            asked.options[int(option) - 1] for option in answer
        )
    if asked.kind == "match":
        pairs = zip(asked.options, answer, strict=True)
        return "; ".join(f"{option} – {asked.partners[int(n) - 1]}" for option, n in pairs)
    if asked.kind == "shape":
        return f"({answer[0]:g}, {answer[1]:g})" if answer else IMPOSSIBLE
    return f"{answer[0]:g}".replace("-", "\N{MINUS SIGN}")


def right_answer(asked: Question) -> str:
    """The right answer as text; empty if there is none."""
    return "" if asked.kind == "text" else written(asked, asked.right)


def read_answer(asked: Question, words: tuple[str, ...]) -> Answer:
    """Parse an answer of a test line: options, a number, a shape or a text."""
    if asked.kind == "text":
        return " ".join(words)[:LONGEST_ANSWER]
    if words == (IMPOSSIBLE,):
        return ()
    return tuple(float(word) for word in words)
