"""Reads the block of a step: checks every key, and reports errors with their line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from core.errors import LayerwiseError
from core.lessons import goal as goals
from core.lessons import vocabulary
from core.lessons.faults import UNSEEN, LessonError, shown, unseen
from core.lessons.questions import Asked
from core.limits import clip

_T = TypeVar("_T")

MOST_BLOCK = 2**14  # characters of a step's block
MOST_ITERATION = 10**6
_FILE = re.compile(r"([a-z0-9][a-z0-9-]*/)?[A-Za-z0-9][A-Za-z0-9._-]{0,60}")
_INDEX = r"(\[[^\[\]]{1,30}(\[[^\[\]]{1,9}\])?\])"
_PART = re.compile(rf"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*{_INDEX}{{0,3}}")
_LAYOUTS = ("build", "train", "walk")


@dataclass(frozen=True, slots=True)
class BlockLine:
    """One line of the file."""

    number: int  # in the file, from 1
    text: str


class Keys(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The block of a step as its file has it."""

    scene: str = ""
    weights: str = ""
    data: str = ""
    iteration: int | None = None
    example: int | None = None
    unit: list[int] | None = None
    bounds: list[float] | None = None
    bug: str = ""
    hide: list[str] = []
    layout: str = ""
    show: list[str] = []
    point: str | list[str] = []
    allow: list[str] | None = None
    goal: str = ""
    hint: str = ""
    test: list[str] = []
    pace: str = "full"
    ask: list[Asked] = []


def keys_of(block: list[BlockLine], name: str) -> Keys:
    """The keys of a block, whose first line opens it. Raises LessonError."""
    first = block[0].number
    text = "\n".join(line.text for line in block[1:])
    if len(text) > MOST_BLOCK:
        raise LessonError(name, first, f"a block has at most {MOST_BLOCK:,} characters")
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = first + int(found[1]) if found else block[-1].number
        reason = re.sub(r" \(at (line|end).*", "", str(error))
        raise LessonError(name, line, f"the block cannot be read: {clip(reason, 120)}") from None
    except RecursionError:
        reason = "the block cannot be read: it is nested too deeply"
        raise LessonError(name, first, reason) from None
    except ValueError:  # Python's own limit
        raise LessonError(name, first, "a number in the block has too many digits") from None
    for key, value in table.items():
        if any(map(unseen, _texts(value))):
            raise LessonError(name, line_of(block, key), UNSEEN)
    try:
        return msgspec.convert(table, Keys)
    except (msgspec.ValidationError, RecursionError) as error:
        said = clip(shown(str(error)), 200).replace("`$`", "the block").replace("$.", "")
        named = re.search(r"unknown field `([^`]+)`|at `\$\.([^`\[]+)", str(error))
        key = next((part for part in named.groups() if part), "") if named else ""
        raise LessonError(name, line_of(block, key), said) from None


def _texts(value: object) -> Iterator[str]:
    """The lines of every text in a value: TOML escapes can produce any character."""
    if isinstance(value, str):
        yield from value.split("\n")
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def line_of(block: list[BlockLine], key: str, nth: int = 0) -> int:
    """The line of the block with the n-th occurrence of this key; else its first line."""
    begins = re.compile(rf"\s*(\[+\s*)?{re.escape(key)}\b") if key.isidentifier() else None
    if key.startswith("["):
        begins = re.compile(rf"\s*{re.escape(key)}")
    found = [line.number for line in block if begins is not None and begins.match(line.text)]
    return found[min(nth, len(found) - 1)] if found else block[0].number


class Checker:
    """Checks the values of one block; errors have their line."""

    def __init__(self, name: str, line: int, block: list[BlockLine]) -> None:
        self._name, self._line, self._block = name, line, block

    def fail(self, key: str, reason: str) -> LessonError:
        line = line_of(self._block, key) if self._block else self._line
        return LessonError(self._name, line, reason)

    def try_(self, key: str, make: Callable[[], _T], nth: int = 0) -> _T:
        """The result of `make`; its error gets the position of the key."""
        try:
            return make()
        except LayerwiseError as error:
            line = line_of(self._block, key, nth) if self._block else self._line
            raise LessonError(self._name, line, str(error)) from None

    def limits(self, keys: Keys) -> None:
        for key, value, low in (("iteration", keys.iteration, 0), ("example", keys.example, 1)):
            if value is not None and not low <= value <= MOST_ITERATION:
                raise self.fail(key, f"`{key}` is a whole number from {low} to {MOST_ITERATION:,}")
        for key, values, most in (("test", keys.test, 100), ("ask", keys.ask, 8)):
            if len(values) > most:
                raise self.fail(key, f"`{key}` has at most {most} entries")

    def goal(self, text: str) -> str:
        if text:
            self.try_("goal", lambda: vocabulary.check(goals.parse(text)))
        return text

    def file(self, key: str, name: str) -> str:
        if name and not _FILE.fullmatch(name):
            raise self.fail(key, f"`{key}` is the name of a file beside the lesson, without path")
        return name

    def word(self, key: str, word: str) -> str:
        if word and not re.fullmatch(r"[a-z][a-z0-9_]{0,40}", word):
            raise self.fail(key, f"`{key}` is a name of small letters")
        return word

    def plain(self, key: str, text: str) -> str:
        if len(text) > 400:
            raise self.fail(key, f"`{key}` has at most 400 characters")
        return text

    def unit(self, unit: list[int] | None) -> tuple[int, int] | None:
        if unit is None:
            return None
        if len(unit) != 2 or not (
            0 <= unit[0] <= MOST_ITERATION and 1 <= unit[1] <= MOST_ITERATION
        ):
            raise self.fail("unit", "`unit` is a layer and a unit, as [1, 2]")
        return unit[0], unit[1]

    def bounds(self, bounds: list[float] | None) -> tuple[float, float, float, float] | None:
        if bounds is None:
            return None
        if len(bounds) != 4 or not all(abs(end) <= 1e6 for end in bounds):
            raise self.fail("bounds", "`bounds` is four numbers: from and to of both axes")
        a, b, c, d = bounds
        if not (a < b and c < d):
            raise self.fail("bounds", "`bounds` is from and to of both axes, in this order")
        return a, b, c, d

    def hidden(self, hide: list[str]) -> tuple[str, ...]:
        """What is hidden until the questions are answered: the shapes, and parts."""
        return self.parts("hide", hide)

    def layout(self, layout: str) -> str:
        if layout and layout not in _LAYOUTS:
            raise self.fail("layout", f"`layout` is one of {', '.join(_LAYOUTS)}")
        return layout

    def pace(self, pace: str) -> str:
        if pace not in ("full", "slow"):
            raise self.fail("pace", "`pace` is full or slow")
        return pace

    def parts(self, key: str, parts: list[str]) -> tuple[str, ...]:
        if len(parts) > 40:
            raise self.fail(key, f"`{key}` has at most 40 parts")
        for part in parts:
            if not _PART.fullmatch(part):
                raise self.fail(key, f"{clip(part)!r} is not the key of a part of the window")
        return tuple(parts)
