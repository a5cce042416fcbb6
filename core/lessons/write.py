"""Writes a lesson as the Markdown that `read` reads."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from core.lessons import script
from core.lessons.lesson import IMPOSSIBLE, Lesson, LessonStep, Question


def write(lesson: Lesson) -> bytes:
    """The file of a lesson, UTF-8, ending in a newline; `read` gives the same lesson again."""
    lines = ["---", f"title: {lesson.title}", f"about: {lesson.about}"]
    lines += [f"minutes: {lesson.minutes}"]
    for key, names in (("concepts", lesson.concepts), ("after", lesson.after)):
        if names:
            lines.append(f"{key}: [{', '.join(names)}]")
    lines.append("---")
    for step in lesson.steps:
        lines += ["", f"## {step.title}"]
        if step.text:
            lines.append(step.text)
        block = list(_block(step))
        if block or step.explanation:
            lines += ["```step", *block, "```"]
        if step.explanation:
            lines.append(step.explanation)
    return ("\n".join(lines) + "\n").encode()


def _block(step: LessonStep) -> Iterator[str]:
    for key in ("scene", "weights", "data", "bug", "layout", "goal", "hint"):
        if value := getattr(step, key):
            yield f"{key} = {_text(value)}"
    yield from _numbers(step)
    for key in ("hide", "show", "point"):
        if parts := getattr(step, key):
            yield f"{key} = {_texts(parts)}"
    if step.allow is not None:
        yield f"allow = {_texts(step.allow)}"
    if step.test:
        yield f"test = {_texts([script.written(command) for command in step.test])}"
    if step.pace != "full":
        yield f"pace = {_text(step.pace)}"
    for question in step.questions:
        yield ""
        yield from _ask(question)


def _numbers(step: LessonStep) -> Iterator[str]:
    for key in ("iteration", "example"):
        if (number := getattr(step, key)) is not None:
            yield f"{key} = {number}"
    for key in ("unit", "bounds"):
        if (numbers := getattr(step, key)) is not None:
            yield f"{key} = [{', '.join(_number(n) for n in numbers)}]"


def _ask(question: Question) -> Iterator[str]:
    yield "[[ask]]"
    yield f"kind = {_text(question.kind)}"
    yield f"text = {_text(question.text)}"
    for key in ("options", "partners"):
        if texts := getattr(question, key):
            yield f"{key} = {_texts(texts)}"
    if question.kind == "shape" and not question.right:
        yield f"right = {_text(IMPOSSIBLE)}"
    elif question.kind == "number":
        yield f"right = {_number(question.right[0])}"
    elif question.right:
        yield f"right = [{', '.join(_number(n) for n in question.right)}]"
    if question.within:
        yield f"within = {_number(question.within)}"
    if question.replies:
        pairs = (f"{_text(_key(r.value))} = {_text(r.text)}" for r in question.replies)
        yield f"replies = {{ {', '.join(pairs)} }}"
    if question.said:
        yield f"said = {_text(question.said)}"


def _key(value: float) -> str:
    return repr(int(value)) if value == int(value) else repr(value)


def _number(value: float) -> str:
    return _key(value) if abs(value) < 1e15 else repr(float(value))


def _text(text: str) -> str:
    """A basic string of TOML, which JSON's escapes are a part of."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def _texts(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(_text, texts))}]"
