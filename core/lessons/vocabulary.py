"""The facts that goals may use, as samples against which expressions are checked on reading."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

import msgspec

from core.errors import LayerwiseError
from core.layers import LayerSettings
from core.lessons.goal import BUILT_IN, Goal, Unanswered
from core.limits import clip
from core.project import Project

ANY = object()
"""The sample of a value of which nothing can be asked but the value."""
ARRAYS = ("A", "Z", "D", "W", "b", "Y", "dA", "dZ", "dW", "db")


class SettingFacts:
    """The settings of a project, or a part of them, by name; only structs and lists of them."""

    def __init__(self, struct: msgspec.Struct) -> None:
        self._struct = struct

    def fact(self, name: str) -> object:
        if name not in self._struct.__struct_fields__:
            raise KeyError(name)
        return _wrapped(getattr(self._struct, name))


def _wrapped(value: object) -> object:
    if isinstance(value, msgspec.Struct):
        return SettingFacts(value)
    if isinstance(value, tuple):
        return tuple(_wrapped(part) for part in value)
    return value


class NamedFacts:
    """Facts by name; those without a value cannot be evaluated yet."""

    def __init__(self, facts: Mapping[str, object]) -> None:
        self._facts = facts

    def fact(self, name: str) -> object:
        found = self._facts[name]
        if found is None:
            raise Unanswered
        return found


_RUN: Mapping[str, object] = {
    "cost": ANY,
    "accuracy": ANY,
    "test_accuracy": ANY,
    "iteration": ANY,
    "start": ANY,
    "project": SettingFacts(Project()),
    "note": ANY,
    "name": ANY,
}
LABS: Mapping[str, tuple[str, ...]] = {
    "neuron": ("z", "function", "page", "yhat", "labels"),
    "derivative": ("function", "a", "step", "nudged", "answers"),
    "graph": ("right", "nudged", "value"),
    "race": ("done", "agrees", "ratio"),
    "shapes": ("error_seen", "right"),
    "broadcasting": ("reshaped", "seen"),
    "picture": ("seen", "trained"),
    "starts": ("seen",),
}
"""Each lab and what it says of itself."""
_SWEEP = NamedFacts({"done": ANY, "values": ANY})
SAMPLES: Mapping[str, object] = {
    "project": SettingFacts(Project()),
    **dict.fromkeys(
        ("iteration", "cost", "accuracy", "test_accuracy", "epoch", "playing", "speed",
         "chip", "opened", "visited", "example", "unit", "hovered", "muted", "doctor", "flipped"),
        ANY,
    ),
    "layers": [SettingFacts(LayerSettings(units=1, activation="tanh"))],
    "record": NamedFacts({name: [ANY] for name in ARRAYS}),
    "runs": [NamedFacts(_RUN)],
    "lesson_runs": [NamedFacts(_RUN)],
    "halt": NamedFacts(dict.fromkeys(("kind", "layer", "iteration", "words"), ANY)),
    "check": NamedFacts({"passed": ANY, "wrong": ANY}),
    "lab": NamedFacts({lab: NamedFacts(dict.fromkeys(said, ANY)) for lab, said in LABS.items()}),
}  # fmt: skip
FUNCTIONS: Mapping[str, tuple[int, object]] = {
    "w": (3, ANY),
    "b": (2, ANY),
    "starts_apart": (2, ANY),
    "rises": (1, ANY),
    "right": (1, ANY),
    "answer": (1, ANY),
    "panel": (1, ANY),
    "view": (1, ANY),
    "done": (1, ANY),
    "sweep": (1, _SWEEP),
}
NAMING = ("panel", "view", "done", "sweep")
"""The functions whose value is a name of something in the window."""
_BUILT_IN_TAKES = {"abs": (1, 1), "len": (1, 1), "set": (1, 1), "starts": (2, 2)}


def check(goal: Goal) -> None:
    """Raise LayerwiseError, a sentence without its position, for an unknown name."""
    _sample(goal.tree, {})


def _sample(node: ast.expr, made: dict[str, object]) -> object:
    """A sample of the expression's value, which shows its kind."""
    if isinstance(node, ast.Name):
        return _of_name(node.id, made)
    if isinstance(node, ast.Attribute):
        return _of_attribute(node, made)
    if isinstance(node, ast.Subscript):
        return _of_subscript(node, made)
    if isinstance(node, ast.Call):
        return _of_call(node, made)
    if isinstance(node, ast.GeneratorExp):
        return _of_generator(node, made)
    for part in ast.iter_child_nodes(node):
        if isinstance(part, ast.expr):
            _sample(part, made)
    return ANY


def _of_name(name: str, made: Mapping[str, object]) -> object:
    if name in made:
        return made[name]
    if name not in SAMPLES:
        raise LayerwiseError(f"goals know no {clip(name)!r}")
    return SAMPLES[name]


def _of_attribute(node: ast.Attribute, made: dict[str, object]) -> object:
    owner = _sample(node.value, made)
    if not isinstance(owner, SettingFacts | NamedFacts):
        raise LayerwiseError(f"nothing has a part {clip(node.attr)!r} there")
    try:
        return owner.fact(node.attr)
    except KeyError:
        raise LayerwiseError(f"{clip(ast.unparse(node))!r} is nothing that is known") from None
    except Unanswered:
        return ANY


def _of_subscript(node: ast.Subscript, made: dict[str, object]) -> object:
    owner = _sample(node.value, made)
    for part in ast.iter_child_nodes(node.slice):
        if isinstance(part, ast.expr):
            _sample(part, made)
    if not isinstance(node.slice, ast.Slice):
        _sample(node.slice, made)
        return owner[0] if isinstance(owner, list | tuple) and owner else ANY
    return owner


def _of_call(node: ast.Call, made: dict[str, object]) -> object:
    for argument in node.args:
        _sample(argument, made)
    if not isinstance(node.func, ast.Name):
        inside = node.func.value if isinstance(node.func, ast.Subscript) else None
        if isinstance(inside, ast.Attribute) and ast.unparse(inside.value) == "record":
            _sample(node.func, made)
            return ANY
        raise LayerwiseError(f"{clip(ast.unparse(node.func))!r} cannot be asked for a number")
    name, count = node.func.id, len(node.args)
    if name in BUILT_IN:
        low, high = _BUILT_IN_TAKES.get(name, (1, 20))
        if not low <= count <= high:
            raise LayerwiseError(f"{name} does not take {count} values")
        return ANY
    if name not in FUNCTIONS:
        raise LayerwiseError(f"goals know no function {clip(name)!r}")
    takes, gives = FUNCTIONS[name]
    if count != takes:
        raise LayerwiseError(f"{name} takes {takes} and is given {count}")
    return gives


def _of_generator(node: ast.GeneratorExp, made: dict[str, object]) -> object:
    (loop,) = node.generators
    over = _sample(loop.iter, made)
    assert isinstance(loop.target, ast.Name)
    inner = made | {loop.target.id: over[0] if isinstance(over, list | tuple) and over else ANY}
    for part in (*loop.ifs, node.elt):
        _sample(part, inner)
    return ANY


def asked_names(goal: Goal) -> Iterator[tuple[str, str]]:
    """The panels, views, commands and sweeps that it names, with the functions they are given to;
    the window knows which there are.
    """
    for node in ast.walk(goal.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            named = node.func.id in NAMING and len(node.args) == 1
            if named and isinstance(node.args[0], ast.Constant):
                yield node.func.id, str(node.args[0].value)
