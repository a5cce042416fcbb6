"""Parses the Markdown of a lesson, strictly and within limits; never executes anything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.errors import LayerwiseError
from core.lessons import goal as goals
from core.lessons import script, vocabulary
from core.lessons.block import BlockLine, Checker, Keys, keys_of
from core.lessons.faults import UNSEEN, LessonError, unseen
from core.lessons.lesson import Command, Lesson, LessonStep, Question
from core.lessons.questions import Asked, question
from core.limits import clip

MOST_BYTES = 2**18
MOST_LINES = 4000
LONGEST_LINE = 4000  # characters
MOST_LIVE = 20  # numbers in one line
CONCEPTS = frozenset(f"S{number}" for number in range(1, 65))  # the ideas of the course
MOST_STEPS = 40
LONGEST_TITLE = 120
_STEP = "step"  # the kind of block that is the step itself
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})\s*(\S*)\s*$")
_HTML = re.compile(r"<(?:[A-Za-z/!?])")
_LINK = re.compile(r"\]\s*[(\[:]")
_CODE = re.compile(r"(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)")
_PICTURE = re.compile(r"!\[[^\]\[]*\]\((?P<name>[a-z0-9][a-z0-9_-]*\.(?:png|jpg|jpeg))\)")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")


@dataclass(frozen=True, slots=True)
class _Section:
    """A step as lines: its heading, the text before its block, the block, the text after."""

    heading: BlockLine
    before: list[BlockLine]
    block: list[BlockLine]
    after: list[BlockLine]


def read(content: bytes, name: str) -> Lesson:
    """Parse the file of a lesson. Raises LessonError naming the file, the line and the error; the
    caller checks whether scenes and parts exist.
    """
    lines = _lines(content, name)
    said, rest = _front_matter(lines, name)
    sections = list(_sections(rest, name))
    if not sections:
        raise LessonError(name, len(lines), "a lesson needs a step: a heading that begins with ##")
    if len(sections) > MOST_STEPS:
        line = sections[MOST_STEPS].heading.number
        raise LessonError(name, line, f"a lesson has at most {MOST_STEPS} steps")
    steps = tuple(_step(section, name) for section in sections)
    return Lesson(
        said["title"],
        said["about"],
        int(said["minutes"]),
        steps,
        tuple(said["concepts"]),
        tuple(said["after"]),
    )


def _lines(content: bytes, name: str) -> list[BlockLine]:
    if len(content) > MOST_BYTES:
        raise LessonError(
            name, 1, f"it has {len(content):,} bytes, and the limit is {MOST_BYTES:,}"
        )
    try:
        text = content.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise LessonError(name, line, "it is not UTF-8 text") from None
    raw = text.replace("\r\n", "\n").split("\n")
    if len(raw) > MOST_LINES:
        raise LessonError(name, MOST_LINES, f"it has more than {MOST_LINES:,} lines")
    lines = [BlockLine(number, line.rstrip()) for number, line in enumerate(raw, start=1)]
    for each in lines:
        if len(each.text) > LONGEST_LINE:
            raise LessonError(name, each.number, f"a line has at most {LONGEST_LINE:,} characters")
        if unseen(each.text):
            raise LessonError(name, each.number, UNSEEN)
    return lines


# --- front matter --------------------------------------------------------------------------------

_NEEDED = ("title", "about", "minutes")


def _front_matter(lines: list[BlockLine], name: str) -> tuple[dict[str, Any], list[BlockLine]]:
    if lines[0].text != "---":
        raise LessonError(name, 1, "a lesson begins with a line ---, its title and its minutes")
    said: dict[str, Any] = {"concepts": [], "after": []}
    seen: set[str] = set()
    for at, line in enumerate(lines[1:], start=1):
        if line.text == "---":
            for key in _NEEDED:
                if key not in seen:
                    raise LessonError(name, line.number, f"`{key}:` is missing before this line")
            return said, lines[at + 1 :]
        key, value = _pair(line, name)
        if key in seen:
            raise LessonError(name, line.number, f"it says {key!r} twice")
        seen.add(key)
        said[key] = value
    raise LessonError(name, lines[-1].number, "the line --- that ends its first part is missing")


def _pair(line: BlockLine, name: str) -> tuple[str, object]:
    key, colon, value = (part.strip() for part in line.text.partition(":"))
    if not colon or key not in (*_NEEDED, "concepts", "after"):
        raise LessonError(
            name,
            line.number,
            f"{clip(line.text)!r} is not title, about, minutes, concepts or after",
        )
    if key in ("concepts", "after"):
        if not (value.startswith("[") and value.endswith("]")):
            raise LessonError(name, line.number, f"`{key}` is a list in brackets")
        parts = [part.strip() for part in value[1:-1].split(",") if part.strip()]
        if key == "concepts" and not CONCEPTS.issuperset(parts):
            raise LessonError(name, line.number, "`concepts` are ideas of the course, S1 to S64")
        if len(parts) > 40 or (key == "after" and not all(map(_NAME.fullmatch, parts))):
            raise LessonError(name, line.number, f"`{key}` has an entry that is not a name")
        return key, parts
    if key == "minutes":
        if not re.fullmatch(r"[1-9]\d{0,2}", value, re.ASCII):
            raise LessonError(name, line.number, "`minutes` is a whole number from 1 to 999")
        return key, int(value)
    if not value or len(value) > (LONGEST_TITLE if key == "title" else 300):
        raise LessonError(name, line.number, f"`{key}` is empty or too long")
    return key, value


# --- steps ---------------------------------------------------------------------------------------


def _sections(lines: list[BlockLine], name: str) -> Iterator[_Section]:
    found: _Section | None = None
    rest = iter(lines)
    for line in rest:
        fence = _FENCE.match(line.text)
        if line.text.startswith("## ") or line.text == "##":
            if found is not None:
                yield found
            found = _Section(line, [], [], [])
        elif found is None:
            if line.text:
                raise LessonError(name, line.number, "text before the first step (a heading ##)")
        elif fence is not None and fence[2] == _STEP:
            _fill_block(found, line, fence[1], rest, name)
        elif fence is not None:
            raise LessonError(name, line.number, "the only block in a step is ```step")
        else:
            (found.after if found.block else found.before).append(line)
    if found is not None:
        yield found


def _fill_block(
    section: _Section, first: BlockLine, fence: str, rest: Iterator[BlockLine], name: str
) -> None:
    if section.block:
        raise LessonError(name, first.number, "a step has one block ```step, and this is another")
    section.block.append(BlockLine(first.number, ""))
    for line in rest:
        if line.text.strip() == fence:
            return
        section.block.append(line)
    raise LessonError(name, first.number, "the block ```step that begins here does not end")


def _step(section: _Section, name: str) -> LessonStep:
    at, title = section.heading.number, section.heading.text[3:].strip()
    if not title or len(title) > LONGEST_TITLE:
        raise LessonError(name, at, "the heading of a step is empty or too long")
    _check_text([section.heading], name)
    keys = keys_of(section.block, name) if section.block else Keys()
    block_line = section.block[0].number if section.block else at
    checked = Checker(name, block_line, section.block)
    text, explanation = _text(section.before, name), _text(section.after, name)
    checked.limits(keys)
    questions = tuple(_question(checked, asked, nth) for nth, asked in enumerate(keys.ask))
    goal = checked.goal(keys.goal)
    return LessonStep(
        title,
        text,
        explanation,
        checked.file("scene", keys.scene),
        checked.file("weights", keys.weights),
        checked.file("data", keys.data),
        keys.iteration,
        keys.example,
        checked.unit(keys.unit),
        checked.bounds(keys.bounds),
        checked.word("bug", keys.bug),
        checked.hidden(keys.hide),
        checked.layout(keys.layout),
        checked.parts("show", keys.show),
        checked.parts("point", [keys.point] if isinstance(keys.point, str) else keys.point),
        None if keys.allow is None else checked.parts("allow", keys.allow),
        goal,
        checked.plain("hint", keys.hint),
        tuple(_command(checked, line) for line in keys.test),
        checked.pace(keys.pace),
        questions,
        at,
    )


def _question(checked: Checker, asked: Asked, nth: int) -> Question:
    return checked.try_("[[ask]]", lambda: question(asked), nth)


def _command(checked: Checker, line: str) -> Command:
    return checked.try_("test", lambda: script.parse(line))


def _text(lines: list[BlockLine], name: str) -> str:
    _check_text(lines, name)
    return "\n".join(line.text for line in lines).strip("\n")


def _check_text(lines: list[BlockLine], name: str) -> None:
    """Text has no HTML and no links, and its live numbers can be read."""
    for line in lines:
        if line.text.count("{{") > MOST_LIVE:
            raise LessonError(name, line.number, f"a line has at most {MOST_LIVE} live numbers")
        bare = _CODE.sub("", re.sub(r"\{\{.*?\}\}", "", line.text))
        if "`" in bare or "\\`" in line.text:
            raise LessonError(name, line.number, "a ` has no partner in its line")
        if _HTML.search(bare):
            raise LessonError(name, line.number, "a lesson has no HTML")
        if _LINK.search(_PICTURE.sub("", bare)):
            raise LessonError(name, line.number, "a lesson has no links, and pictures of its own")
        if line.text.startswith("# "):
            raise LessonError(name, line.number, "the title is in the first part; steps have ##")
        try:
            for part in goals.live_parts(line.text):
                if isinstance(part, goals.Live):
                    vocabulary.check(part.goal)
        except LayerwiseError as error:
            raise LessonError(name, line.number, str(error)) from None


def pictures(lesson: Lesson) -> set[str]:
    """The names of the pictures that its texts show."""
    return {name for step in lesson.steps for name in pictures_of(step)}


def pictures_of(step: LessonStep) -> Iterator[str]:
    """The names of the pictures that a step shows."""
    for text in (step.text, step.explanation):
        yield from (found["name"] for found in _PICTURE.finditer(text))
