"""Traces the student's code: the last value of each local variable, and the lines that set it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from types import CodeType, FrameType
from typing import Any

import numpy as np

LARGEST = 500_000  # size of an array up to which changes in place are detected
MOST_STATES = 64  # values kept of one variable, of those that a loop sets again
MOST_EVENTS = 400_000  # lines after which only returns are watched


# Names that a loop over the layers reuses: the shape tells the layer.
PASSED_ON = {"z": "Z", "a": "A", "dz": "dZ", "da": "dA", "delta": "dZ", "error": "dZ"}


@dataclass(slots=True)
class Variable:
    """A local variable, a value of a local dictionary (`grads[dW2]`), or an attribute."""

    path: str
    value: Any  # a copy
    line: int  # that set it last
    moment: int  # when that was
    before: Variable | None = None  # its earlier values; only the last few are kept

    def first_with_it(self) -> int:
        """The line from which on it had these numbers: `cost = float(cost)` changes none."""
        found, value = self, self.value
        while (before := found.before) is not None:
            if not _same_numbers(before.value, value):
                break
            found = before
        return found.line

    def line_before_scaling(self) -> int:
        """The line that made it, before lines that only multiplied or divided it; else 0."""
        if self.before is None:
            return 0
        old, new = np.asarray(self.before.value), np.asarray(self.value)
        if old.shape != new.shape or old.dtype.kind != "f" or not np.any(old):
            return 0
        k = np.flatnonzero(old)[0]
        factor = new.reshape(-1)[k] / old.reshape(-1)[k]
        same = np.isfinite(factor) and factor != 1 and np.allclose(new, factor * old, 1e-12, 0)
        return self.before.line if same else 0


@dataclass(slots=True)
class Call:
    """One call of a function of the student's."""

    name: str
    variables: dict[str, Variable] = field(default_factory=dict)
    states: dict[str, list[Variable]] = field(default_factory=dict)  # of PASSED_ON, in order
    returned: Any = None
    return_line: int = 0
    locals: dict[str, Any] = field(default_factory=dict)  # at its end, not copied
    ran: dict[int, int] = field(default_factory=dict)  # line → when it last ran, counted in lines
    changing: set[int] = field(default_factory=set)  # lines that set a number to another one

    def ran_at(self, first: int, last: int | None = None) -> int:
        """When a statement last ran, by its lines; 0: never."""
        lines = range(first, (last or first) + 1)
        return max((self.ran.get(line, 0) for line in lines), default=0)


class Tracer:
    """While entered, records what the functions of one file do with their variables."""

    def __init__(self, filename: str) -> None:
        self._filename = filename
        self._open: dict[int, tuple[Call, int, dict[str, Any]]] = {}
        self._moment = 0
        self._lines = 0  # run so far
        self.calls: list[Call] = []
        self._before: Any = None

    def __enter__(self) -> Tracer:
        self._before = sys.gettrace()
        sys.settrace(self._on_call)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(self._before)

    def _on_call(self, frame: FrameType, event: str, arg: Any) -> Callable[..., Any] | None:
        code: CodeType = frame.f_code
        inner = code.co_name.startswith("<") and code.co_name != "<lambda>"
        if code.co_filename != self._filename or inner:
            return None
        call = Call(code.co_name)
        self.calls.append(call)
        self._open[id(frame)] = (call, frame.f_lineno, {})
        return self._on_line

    def _on_line(self, frame: FrameType, event: str, arg: Any) -> Callable[..., Any] | None:
        entry = self._open.get(id(frame))
        if entry is None:
            return None
        call, line, seen = entry
        if event in ("line", "return") and self._moment < MOST_EVENTS:
            self._lines += 1
            call.ran[line] = self._lines
            self._note(call, line, frame.f_locals, seen, first=not seen)
        if event == "return":
            call.returned, call.return_line = arg, frame.f_lineno
            call.locals = dict(frame.f_locals)
            del self._open[id(frame)]
        else:
            self._open[id(frame)] = (call, frame.f_lineno, seen)
        return self._on_line

    def _note(
        self, call: Call, line: int, values: dict[str, Any], seen: dict[str, Any], *, first: bool
    ) -> None:
        for path, value in _paths(values):
            if path in seen and _same(seen[path], value):
                continue
            another = path not in seen or not _same_numbers(seen[path], value)
            copied = seen[path] = _copied(value)
            if first:  # an argument, not made here
                continue
            if another:
                call.changing.add(line)
            self._moment += 1
            known = call.variables.pop(path, None)
            if known is not None and known.before is not None and known.before.before is not None:
                known.before.before.before = None
            call.variables[path] = Variable(path, copied, line, self._moment, known)
            if path.lower() in PASSED_ON and np.ndim(copied) == 2:
                states = call.states.setdefault(path, [])
                if len(states) < MOST_STATES:
                    states.append(Variable(path, copied, line, self._moment))


def _paths(values: dict[str, Any]) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for name, value in values.items():
        if isinstance(value, dict):
            found += [
                (f"{name}[{key}]", one) for key, one in list(value.items())[:200] if _number(one)
            ]
        elif name == "self" and hasattr(value, "__dict__"):
            for key, one in list(vars(value).items())[:200]:
                if isinstance(one, dict):
                    inner = list(one.items())[:200]
                    found += [(f"self.{key}[{k}]", v) for k, v in inner if _number(v)]
                elif _number(one):
                    found.append((f"self.{key}", one))
        elif _number(value):
            found.append((name, value))
    return found


def _number(value: Any) -> bool:
    return isinstance(value, np.ndarray | np.number | float | int) and not isinstance(value, bool)


def _same_numbers(old: Any, new: Any) -> bool:
    """Whether only the type or shape is another: `cost = float(cost)` changes no number."""
    before, after = np.asarray(old), np.asarray(new)
    return before.size == after.size and np.array_equal(before.reshape(-1), after.reshape(-1))


def _copied(value: Any) -> Any:
    if isinstance(value, np.ndarray) and value.size <= LARGEST:
        return value.copy()
    return value


def _same(old: Any, new: Any) -> bool:
    if isinstance(new, np.ndarray):
        if not isinstance(old, np.ndarray) or old.shape != new.shape or old.dtype != new.dtype:
            return False
        if new.size > LARGEST:
            return old is new
        return old.tobytes() == new.tobytes()
    return type(old) is type(new) and (old == new or (old != old and new != new))
