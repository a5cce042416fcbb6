"""The language of goals: Python expressions, parsed by `ast` and evaluated over a white list.

Nothing is ever executed: there is no `eval`, no attribute of a Python object is looked up, and only
the functions that the facts bring are called. What cannot be answered yet makes a goal false.
"""

from __future__ import annotations

import ast
import operator
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from core.errors import LayerwiseError
from core.limits import clip

LONGEST = 600  # characters of an expression
MOST_NODES = 300  # of its tree
MOST_WORK = 20_000  # nodes evaluated for one answer
_FORMAT = re.compile(r"[+,]?(\.\d{1,2})?[defg%]?")
_LIVE = re.compile(r"\{\{(.{1,700}?)\}\}")
YET = "…"
"""What stands in a text for a number that is not known yet."""

_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], object]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
}
_COMPUTE: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
BUILT_IN: dict[str, Callable[..., Any]] = {
    "abs": abs,
    "all": all,
    "any": any,
    "len": len,
    "max": max,
    "min": min,
    "set": frozenset,
    "starts": lambda text, begin: text.startswith(begin),
}
_ALLOWED = (
    ast.Expression, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.UAdd,
    ast.BinOp, *_COMPUTE, ast.Compare, *_COMPARE, ast.Call, ast.Constant, ast.Attribute,
    ast.Subscript, ast.Slice, ast.Name, ast.Load, ast.Store, ast.List, ast.Set, ast.Tuple,
    ast.GeneratorExp, ast.comprehension,
)  # fmt: skip


class Unanswered(Exception):  # noqa: N818 - not an error
    """The facts have no value for this yet."""


@runtime_checkable
class Facts(Protocol):
    """Something with named facts, which can precede a dot."""

    def fact(self, name: str) -> object:
        """The fact of that name. Raises Unanswered for one that is not known yet, KeyError for one
        that there never is.
        """


@runtime_checkable
class IndexedNumbers(Protocol):
    """Something with numbers by position: record.Z[1](i, k)."""

    def at(self, *place: int) -> float:
        """The number there, counted from 1. Raises Unanswered if there is none."""


class Counted(tuple[Any, ...]):
    """A list that goals count from 1, as the course counts layers; -1 is its last."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Goal:
    """A checked expression; `text` is as it was written."""

    text: str
    tree: ast.expr

    def met(self, facts: Mapping[str, Any]) -> bool:
        """Whether the goal is met; False also while a value is missing."""
        try:
            return bool(value(self, facts))
        except Unanswered:
            return False


def parse(text: str) -> Goal:
    """Read an expression. Raises LayerwiseError, a sentence without its place, for what is not in
    the language.
    """
    if len(text) > LONGEST:
        raise LayerwiseError(f"an expression has {len(text):,} characters, at most {LONGEST:,} fit")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's warnings, about code that is never run
            tree = ast.parse(text.strip(), mode="eval")
        nodes = list(ast.walk(tree))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise LayerwiseError(f"{clip(text)!r} is not an expression") from None
    if len(nodes) > MOST_NODES:
        raise LayerwiseError(f"{clip(text)!r} is too long")
    for node in nodes:
        _check_node(node)
    return Goal(text, tree.body)


def _check_node(node: ast.AST) -> None:
    if not isinstance(node, _ALLOWED):
        raise LayerwiseError(f"goals have no {_said(node)}")
    if isinstance(node, ast.Constant) and not isinstance(node.value, bool | int | float | str):
        raise LayerwiseError(f"goals have no {clip(repr(node.value))}")
    if isinstance(node, ast.Attribute) and node.attr.startswith("_"):
        raise LayerwiseError(f"there is no {clip(node.attr)!r} to ask for")
    if isinstance(node, ast.Call) and node.keywords:
        raise LayerwiseError("functions in goals take no named values")
    if isinstance(node, ast.comprehension):
        simple = isinstance(node.target, ast.Name) and not node.is_async
        if not simple:
            raise LayerwiseError("`for` in a goal takes one name")
    if isinstance(node, ast.GeneratorExp) and len(node.generators) > 1:
        raise LayerwiseError("a goal has one `for` at a time")


def _said(node: ast.AST) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(node).__name__).lower()


def names(goal: Goal) -> Iterator[str]:
    """The names it uses, except those bound by a `for` in it."""
    made = {
        node.target.id
        for node in ast.walk(goal.tree)
        if isinstance(node, ast.comprehension) and isinstance(node.target, ast.Name)
    }
    for node in ast.walk(goal.tree):
        if isinstance(node, ast.Name) and node.id not in made and node.id not in BUILT_IN:
            yield node.id


def asks_for_record(goal: Goal) -> bool:
    """Whether it needs the recorded iteration."""
    return "record" in names(goal)


def value(goal: Goal, facts: Mapping[str, Any]) -> Any:
    """The value of the expression. Raises Unanswered while a part of it is unknown."""
    try:
        return _Walker(facts).of(goal.tree)
    except (TypeError, IndexError, ZeroDivisionError, OverflowError, ValueError, KeyError):
        raise Unanswered from None
    except (RecursionError, AttributeError):
        raise Unanswered from None


class _Walker:
    """Evaluates one expression."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self._facts = facts
        self._made: dict[str, Any] = {}
        self._work = 0

    def of(self, node: ast.expr) -> Any:
        self._work += 1
        if self._work > MOST_WORK:
            raise Unanswered
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        assert method is not None, f"{type(node).__name__} was let pass by parse"
        return method(node)

    def _constant(self, node: ast.Constant) -> Any:
        return node.value

    def _name(self, node: ast.Name) -> Any:
        if node.id in self._made:
            return self._made[node.id]
        return _known(self._facts[node.id])

    def _attribute(self, node: ast.Attribute) -> Any:
        owner = self.of(node.value)
        if not isinstance(owner, Facts):
            raise Unanswered
        return _known(owner.fact(node.attr))

    def _boolop(self, node: ast.BoolOp) -> bool:
        decide = isinstance(node.op, ast.Or)
        return decide if any(bool(self.of(part)) is decide for part in node.values) else not decide

    def _unaryop(self, node: ast.UnaryOp) -> Any:
        operand = self.of(node.operand)
        if isinstance(node.op, ast.Not):
            return not operand
        return -_number(operand) if isinstance(node.op, ast.USub) else _number(operand)

    def _binop(self, node: ast.BinOp) -> Any:
        left, right = _number(self.of(node.left)), _number(self.of(node.right))
        return _COMPUTE[type(node.op)](left, right)

    def _compare(self, node: ast.Compare) -> bool:
        left = self.of(node.left)
        for op, right_node in zip(node.ops, node.comparators, strict=True):
            right = self.of(right_node)
            if not _COMPARE[type(op)](left, right):
                return False
            left = right
        return True

    def _subscript(self, node: ast.Subscript) -> Any:
        owner = self.of(node.value)
        if isinstance(node.slice, ast.Slice):
            ends = (node.slice.lower, node.slice.upper, node.slice.step)
            part = slice(*(None if end is None else self.of(end) for end in ends))
            if not isinstance(owner, list | tuple):
                raise Unanswered
            return owner[part]
        if not isinstance(owner, list | tuple | Mapping):
            raise Unanswered
        place = self.of(node.slice)
        if isinstance(owner, Counted) and place >= 0:
            place = place - 1 if place else len(owner)
        return _known(owner[place])

    def _list(self, node: ast.List | ast.Tuple) -> tuple[Any, ...]:
        return tuple(self.of(part) for part in node.elts)

    _tuple = _list

    def _set(self, node: ast.Set) -> frozenset[Any]:
        return frozenset(self.of(part) for part in node.elts)

    def _generatorexp(self, node: ast.GeneratorExp) -> Iterator[Any]:
        (made,) = node.generators
        over = self.of(made.iter)
        if not isinstance(over, list | tuple | frozenset):
            raise Unanswered
        assert isinstance(made.target, ast.Name)
        found, name = [], made.target.id
        before = self._made.get(name)
        for each in over:
            self._made[name] = each
            if all(self.of(test) for test in made.ifs):
                found.append(self.of(node.elt))
        self._made.pop(name, None)
        if before is not None:
            self._made[name] = before
        return iter(found)

    def _call(self, node: ast.Call) -> Any:
        arguments = [self.of(argument) for argument in node.args]
        if isinstance(node.func, ast.Name) and node.func.id in BUILT_IN:
            return BUILT_IN[node.func.id](*arguments)
        called = self.of(node.func)
        if isinstance(called, IndexedNumbers):
            return _known(called.at(*arguments))
        if isinstance(node.func, ast.Name) and callable(called):
            return _known(called(*arguments))
        raise Unanswered


def _known(found: Any) -> Any:
    if found is None:
        raise Unanswered
    return found


def _number(found: Any) -> Any:
    if not isinstance(found, int | float):
        raise Unanswered
    return found


# --- live numbers in texts --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Live:
    """A live number in a text, with its format."""

    goal: Goal
    format: str

    def render(self, facts: Mapping[str, Any]) -> str:
        """Its current text."""
        try:
            found = value(self.goal, facts)
            written = format(found, self.format) if self.format else str(found)
            return written.replace("%", "\N{NO-BREAK SPACE}%")
        except (Unanswered, ValueError, TypeError, OverflowError):
            return YET


def live_parts(text: str) -> Iterator[str | Live]:
    """A text as its plain pieces and its live numbers. Raises LayerwiseError as `parse` does."""
    at = 0
    for found in _LIVE.finditer(text):
        yield text[at : found.start()]
        yield _live(found[1])
        at = found.end()
    yield text[at:]


def _live(inside: str) -> Live:
    expression, colon, how = inside.rpartition(":")
    if colon and how and _FORMAT.fullmatch(how.strip()):
        return Live(parse(expression), how.strip())
    return Live(parse(inside), "")


def render(text: str, facts: Mapping[str, Any], quote: Callable[[str], str] = str) -> str:
    """A text with its live numbers at their current values, each formatted by `quote`."""
    return "".join(
        part if isinstance(part, str) else quote(part.render(facts)) for part in live_parts(text)
    )
