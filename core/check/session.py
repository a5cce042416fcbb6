"""Runs the student's code in pieces, and finds, calls and traces its functions."""

from __future__ import annotations

import ast
import contextlib
import copy
import inspect
import io
import signal
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType, ModuleType
from typing import Any

import numpy as np

from core.check import vocabulary
from core.check.source import Homework
from core.check.tracing import Call, Tracer
from core.check.unfinished import unfinished

STATEMENT_SECONDS = 4.0  # a training or test cell is given up after that
CALL_SECONDS = 20.0
FILENAME = "homework"


# Possible meanings of a parameter that the course does not have: keep_prob is 1, lambd is 0.
CONSTANTS: dict[str, Any] = {"0": 0, "1": 1, "None": None}
Meanings = dict[str, str]  # "function.parameter" → a name of the course


class Unsure(Exception):  # noqa: N818 - a question, no fault
    """An argument of a student's function that is unknown: it has to be mapped by name."""

    def __init__(self, function: str, parameter: str, choices: Iterable[str]) -> None:
        super().__init__(f"{function}: {parameter}")
        self.function, self.parameter = function, parameter
        self.choices = tuple(choices)  # its possible meanings: names of the course, then CONSTANTS


class TooSlow(BaseException):  # no `except Exception` of the student's may catch it
    """A piece of the student's code took longer than it may."""


class Stopped(Exception):  # noqa: N818 - the student's error, no fault of ours
    """The student's function raised: the error, the line of theirs, its frame's variables, and the
    calls up to then.
    """

    def __init__(
        self, error: BaseException, line: int, values: dict[str, Any], calls: list[Call]
    ) -> None:
        super().__init__(str(error))
        self.error, self.line, self.values, self.calls = error, line, values, calls


@dataclass(slots=True)
class CallResult:
    """The result of a call: its value, the traced calls (the outermost first), and
    changed inputs.
    """

    value: Any
    calls: list[Call]
    name: str = ""
    changed: list[str] = field(default_factory=list)

    @property
    def call(self) -> Call | None:
        """The call itself, as traced, without its wrappers."""
        own = (call for call in self.calls if call.name == self.name)
        return next(own, self.calls[0] if self.calls else None)

    def line_of(self, value: Any) -> int:
        """The line that made a returned value, or its `return`; 0 if not traced."""
        if self.call is None:
            return 0
        made = [
            variable
            for variable in self.call.variables.values()
            if np.array_equal(np.asarray(variable.value), np.asarray(value))
        ]
        if made:
            return max(made, key=lambda variable: variable.moment).first_with_it()
        return self.call.return_line


@dataclass(slots=True)
class Recorded:
    """One call made by the student's code: its arguments by parameter."""

    name: str
    arguments: dict[str, Any]
    value: Any
    line: int


class Student:
    """The namespace of the homework, and its functions under the course's names."""

    def __init__(
        self, homework: Homework, mapped: Mapping[str, str],
        answers: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        self.homework = homework
        self.module = ModuleType(FILENAME)
        self.notes: list[str] = []
        self.failed: dict[int, str] = {}  # line of a top-level statement → why it failed
        self.printed = io.StringIO()
        self.instance: Any = None
        self._mapped = dict(mapped)
        self._answers = dict(answers or {})  # "function.parameter" → a name of the course
        self.functions: dict[str, Callable[..., Any]] = {}
        self.own_names: dict[str, str] = {}

    def run(self) -> None:
        """Execute the file statement by statement: one that fails does not stop the others."""
        names = vars(self.module)
        names["__name__"] = FILENAME
        if self.homework.python_2:
            names |= {"xrange": range, "raw_input": input, "unicode": str, "long": int}
        for node in self.homework.tree.body:
            if _only_trains(node):
                continue
            piece = ast.Module([node], [])
            code = compile(piece, FILENAME, "exec", dont_inherit=True)
            try:
                with self._quiet(), limited(STATEMENT_SECONDS):
                    exec(code, names)
            except BaseException as error:
                if isinstance(error, KeyboardInterrupt):
                    raise
                self.failed[node.lineno] = f"{type(error).__name__}: {error}"
        self._find()

    def _quiet(self) -> contextlib.AbstractContextManager[Any]:
        stack = contextlib.ExitStack()
        stack.enter_context(contextlib.redirect_stdout(self.printed))
        stack.enter_context(contextlib.redirect_stderr(self.printed))
        stack.enter_context(np.errstate(all="ignore"))
        return stack

    def _find(self) -> None:
        names = {k: v for k, v in vars(self.module).items() if callable(v)}
        for known, theirs in list(self._mapped.items()):
            if known not in vocabulary.FUNCTIONS:
                continue
            classes = (kind for kind in names.values() if inspect.isclass(kind))
            if theirs in names:
                self._take(known, theirs, names[theirs])
            elif not any(theirs in vars(kind) for kind in classes):
                del self._mapped[known]
                self.notes.append(f"{known} was said to be {theirs}, which is not in this file.")
        for name, value in names.items():
            course = vocabulary.function(name)
            if course is None or inspect.isclass(value) or not _of_the_student(value):
                continue
            exact = vocabulary.plain(name) == vocabulary.plain(course)
            if course not in self.functions or exact:
                self._take(course, name, value)
        if len(self.functions) < 2:
            self._find_class([v for v in names.values() if inspect.isclass(v)])
        self._leave_unfinished_out()

    def _take(self, known: str, name: str, value: Callable[..., Any]) -> None:
        if known not in self._mapped or self._mapped[known] == name:
            self.functions[known], self.own_names[known] = value, name

    def _find_class(self, classes: Sequence[type]) -> None:
        best: tuple[int, type | None] = (0, None)
        for kind in classes:
            if kind.__module__ == FILENAME:
                count = sum(self._course_of(n) is not None for n in vars(kind))
                best = max(best, (count, kind), key=lambda pair: pair[0])
        found = best[1]
        if found is None or best[0] < 2:
            return
        self.instance = found
        for name in vars(found):
            known = self._course_of(name)
            if known and known not in self.functions:
                self._take(known, name, getattr(found, name))

    def _course_of(self, name: str) -> str | None:
        """The course's function for a method of this name, from an answer or by its name."""
        said = {theirs: known for known, theirs in self._mapped.items()}
        known = said.get(name)
        return known if known in vocabulary.FUNCTIONS else vocabulary.function(name)

    @property
    def unknown(self) -> list[str]:
        """The student's own functions without a known counterpart in the course."""
        body = self.homework.tree.body
        nodes = [node for node in body if isinstance(node, ast.FunctionDef)]
        for node in body:
            if isinstance(node, ast.ClassDef) and (self.instance is not None or not self.functions):
                nodes += [inner for inner in node.body if isinstance(inner, ast.FunctionDef)]
        taken = {*self.own_names.values(), *_decorators(self.homework.tree)}
        names = dict.fromkeys(node.name for node in nodes if not node.name.startswith("_"))
        return [n for n in names if n not in taken and vocabulary.function(n) is None]

    def answer(self, function: str, parameter: str) -> str | None:
        """The user's answer about a parameter of a student's function."""
        mapped = {theirs: name for name, theirs in self._mapped.items()}
        return self._answers.get(f"{function}.{parameter}", mapped.get(parameter))

    def _leave_unfinished_out(self) -> None:
        for known, own in list(self.own_names.items()):
            if known in self.functions and unfinished(self.homework.function(own)):
                del self.functions[known]
                self.notes.append(f"{own} is not finished, so it was not checked.")

    def named(self, known: str) -> str:
        """The student's name of this function."""
        return self.own_names.get(known, known)

    def call(self, known: str, given: Mapping[str, Any], *, instance: Any = None) -> CallResult:
        """Call a function with the values that its parameters ask for; watch it run.

        Raises Stopped for an error in the student's code, Unsure for an unknown parameter, TooSlow.
        """
        function = self.functions[known]
        if instance is not None:
            function = getattr(instance, self.own_names[known])
        arguments, keywords, used = self._arguments(known, function, given)
        before = copy.deepcopy((arguments, keywords))
        tracer = Tracer(FILENAME)
        try:
            with self._quiet(), limited(CALL_SECONDS), tracer:
                value = function(*arguments, **keywords)
        except TooSlow:
            raise
        except (Exception, SystemExit) as error:  # noqa: BLE001 - homework may raise anything
            line, values = _where(error)
            raise Stopped(error, line, values, tracer.calls) from None
        after = [*arguments, *keywords.values()]
        was = [*before[0], *before[1].values()]
        changed = [
            name for name, a, b in zip(used, was, after, strict=True) if not _equal(a, b)
        ]  # fmt: skip
        return CallResult(value, tracer.calls, self.named(known), changed)

    def _arguments(
        self, known: str, function: Callable[..., Any], given: Mapping[str, Any]
    ) -> tuple[list[Any], dict[str, Any], list[str]]:
        row = vocabulary.FUNCTIONS[known]
        held = ("parameters", "grads", "cache", "caches") if self.instance is not None else ()
        wanted = [name for name in row.arguments if name in given and name not in held]
        given = {**CONSTANTS, **given}
        own = self.named(known)
        try:
            parameters = list(inspect.signature(function).parameters.values())
        except (TypeError, ValueError):
            return [given[name] for name in wanted], {}, wanted
        if any(p.kind is p.VAR_POSITIONAL for p in parameters):
            return [given[name] for name in wanted], {}, wanted
        positional: list[Any] = []
        keywords: dict[str, Any] = {}
        used: list[str] = []
        for parameter in parameters:
            if parameter.kind is parameter.VAR_KEYWORD:
                continue
            left = [name for name in wanted if name not in used]
            name = self.answer(own, parameter.name) or vocabulary.argument(
                parameter.name, left, given
            )
            twice = name in used and name not in CONSTANTS
            if name is None or name not in given or twice:
                if parameter.default is not parameter.empty:
                    continue
                if not left:
                    raise Unsure(own, parameter.name, choices(row.arguments, given, used))
                name = left[0]
                self.notes.append(f"{own}: `{parameter.name}` was taken for {name}.")
            used.append(name)
            value = copy.deepcopy(given[name])
            if parameter.kind is parameter.POSITIONAL_ONLY:
                positional.append(value)
            else:
                keywords[parameter.name] = value
        return positional, keywords, used

    @contextlib.contextmanager
    def recorded(self, names: Sequence[str]) -> Iterator[list[Recorded]]:
        """Note how the student's own code calls these functions, while the block lasts."""
        calls: list[Recorded] = []
        namespace = vars(self.module)
        replaced: dict[str, Any] = {}
        for known in names:
            own = self.own_names.get(known)
            if own is None or own not in namespace:
                continue
            original = replaced[own] = namespace[own]

            def wrapper(
                *args: Any, _known: str = known, _original: Any = original, **kwargs: Any
            ) -> Any:
                line = sys._getframe(1).f_lineno
                bound = _bound(_original, copy.deepcopy(args), copy.deepcopy(kwargs))
                call = Recorded(_known, bound, None, line)
                calls.append(call)  # now: it may raise
                value = _original(*args, **kwargs)
                call.value = copy.deepcopy(value)
                return value

            namespace[own] = wrapper
        try:
            yield calls
        finally:
            namespace.update(replaced)


def choices(first: Iterable[str], given: Iterable[str], used: Iterable[str]) -> list[str]:
    """The possible meanings of a parameter: the function's own arguments first, then others, then
    numbers.
    """
    names = dict.fromkeys((*first, *given))
    out = {*used, *CONSTANTS, "A0", "print_cost"}
    left = [name for name in names if name in set(given) and name not in out]
    return [*(name for name in left if not name.endswith("_new")), *CONSTANTS]


def _only_trains(node: ast.stmt) -> bool:
    """Whether a statement of a cell only trains a network, which may take minutes."""
    if not isinstance(node, ast.Expr | ast.Assign):
        return False
    called = {ast.unparse(n.func) for n in ast.walk(node) if isinstance(n, ast.Call)}
    known = {vocabulary.function(name) for name in called}
    return any(name and vocabulary.FUNCTIONS[name].stage == "train" for name in known)


def _bound(
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> dict[str, Any]:
    try:
        return dict(inspect.signature(function).bind(*args, **kwargs).arguments)
    except (TypeError, ValueError):
        return {**{str(i): value for i, value in enumerate(args)}, **kwargs}


def _decorators(tree: ast.Module) -> set[str]:
    """The names of functions that are put over others."""
    every = (d for node in ast.walk(tree) for d in getattr(node, "decorator_list", ()))
    called = (d.func if isinstance(d, ast.Call) else d for d in every)
    return {d.id for d in called if isinstance(d, ast.Name)}


def _of_the_student(value: Any) -> bool:
    """Defined in the homework (or a file next to it), not imported from NumPy or a stand-in."""
    module = getattr(value, "__module__", None) or ""
    return not module.startswith(("numpy", "core.check", "builtins"))


def _equal(a: Any, b: Any) -> bool:
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        return (
            isinstance(a, np.ndarray) and isinstance(b, np.ndarray) and a.shape == b.shape
            and a.tobytes() == b.tobytes()
        )  # fmt: skip
    if isinstance(a, dict) and isinstance(b, dict):
        return all(_equal(a[key], b[key]) for key in a.keys() & b.keys())
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(map(_equal, a, b))
    return True


def _where(error: BaseException) -> tuple[int, dict[str, Any]]:
    """The innermost line of the student's code in the traceback, and its frame's variables."""
    line, values = 0, {}
    for frame, number in traceback.walk_tb(error.__traceback__):
        if frame.f_code.co_filename == FILENAME:
            line, values = number, {**frame.f_globals, **frame.f_locals}
    return line, values


@contextlib.contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise TooSlow in the block when it takes too long, if the system has such an alarm."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def ring(number: int, frame: FrameType | None) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
