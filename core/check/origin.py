"""Finds the line of a slip when the numbers differ only in a later line: a count, loop or alias."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from core.check import vocabulary
from core.check.source import Homework

# Common names for the number of examples; `n` may also be the number of features.
_COUNTS = {
    "m", "mtrain", "msamples", "mexamples", "nsamples", "nexamples", "numsamples", "numexamples",
    "samples", "examples", "batchsize", "count",
}  # fmt: skip


def of_the_count(homework: Homework, line: int) -> int:
    """The line that set the number of examples by which `line` divides; else `line` itself."""
    used = {
        node.id
        for node in _on(homework, line)
        if isinstance(node, ast.Name) and vocabulary.plain(node.id) in _COUNTS
    }
    set_at = [node.lineno for name in used for node in _set_before(homework, line, name)]
    return max(set_at, default=line)


def of_the_loop(homework: Homework, line: int) -> int:
    """The innermost loop around `line`, else the last one above it in its function, or its first.

    A loop with a wrong bound shows up in a line within it, or in the `return` after it.
    """
    outer = _function_at(homework, line)
    if outer is None:
        return line
    loops = [node for node in ast.walk(outer) if isinstance(node, ast.For | ast.While)]
    around = [n.lineno for n in loops if n.lineno <= line <= (n.end_lineno or n.lineno)]
    before = [node.lineno for node in loops if node.lineno <= line]
    behind = min((node.lineno for node in loops), default=line)
    return max(around, default=max(before, default=behind))


def of_the_outer_loop(homework: Homework, line: int) -> int:
    """The outermost loop around `line`, which goes over the examples; else `line`."""
    loops = [n for n in ast.walk(homework.tree) if isinstance(n, ast.For | ast.While)]
    inside = [n.lineno for n in loops if n.lineno <= line <= (n.end_lineno or 0)]
    return min(inside, default=line)


def loop_around(homework: Homework, line: int) -> int:
    """The innermost loop around `line`; 0 if there is none."""
    loops = [n for n in ast.walk(homework.tree) if isinstance(n, ast.For | ast.While)]
    inside = [n.lineno for n in loops if n.lineno <= line <= (n.end_lineno or 0)]
    return max(inside, default=0)


def of_an_item(homework: Homework, function: str, is_it: Callable[[str], bool]) -> int:
    """The line of an item of the dictionary that a function returns; 0 if it has none.

    In a `return {"dW1": …, "db1": …}` over several lines each gradient has its own line.
    """
    node = homework.function(function)
    if node is None:
        return 0
    for inner in ast.walk(node):
        if isinstance(inner, ast.Dict):
            for key, value in zip(inner.keys, inner.values, strict=True):
                text = key.value if isinstance(key, ast.Constant) else None
                computed = not isinstance(value, ast.Name)
                if isinstance(text, str) and computed and is_it(text):
                    return value.lineno
    return 0


def of_an_argument(homework: Homework, line: int, function: str, index: int, name: str) -> int:
    """The line that chose an argument of a call on `line`: `cache = caches[l]` above it, or `line`.

    Only plain aliases are followed; the result of another function is that function's matter.
    """
    for call in _on(homework, line):
        if not isinstance(call, ast.Call) or ast.unparse(call.func).rpartition(".")[2] != function:
            continue
        keywords = {keyword.arg: keyword.value for keyword in call.keywords}
        value = keywords.get(name, call.args[index] if index < len(call.args) else None)
        if isinstance(value, ast.Name):
            made = [
                node for node in _set_before(homework, line, value.id)
                if isinstance(node.value, ast.Name | ast.Subscript)
                and isinstance(node.targets[0], ast.Name)
            ]  # fmt: skip
            latest = max((n.lineno for n in _set_before(homework, line, value.id)), default=0)
            return max((node.lineno for node in made if node.lineno == latest), default=line)
    return line


def _on(homework: Homework, line: int) -> Iterator[ast.AST]:
    """The nodes of the innermost statement on a line."""
    best: ast.stmt | None = None
    for node in ast.walk(homework.tree):
        inside = isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or 0)
        if isinstance(node, ast.stmt) and inside and (not best or node.lineno >= best.lineno):
            best = node
    yield from () if best is None else ast.walk(best)


def _function_at(homework: Homework, line: int) -> ast.FunctionDef | None:
    functions = [
        node
        for node in ast.walk(homework.tree)
        if isinstance(node, ast.FunctionDef) and node.lineno <= line <= (node.end_lineno or 0)
    ]
    return max(functions, key=lambda node: node.lineno, default=None)


def _set_before(homework: Homework, line: int, name: str) -> list[ast.Assign]:
    """The assignments to a name in the function around `line`, above it."""
    outer = _function_at(homework, line)
    return [
        node
        for node in ast.walk(outer) if isinstance(node, ast.Assign) and node.lineno < line
        and any(isinstance(n, ast.Name) and n.id == name for t in node.targets for n in ast.walk(t)
                if isinstance(getattr(n, "ctx", None), ast.Store))
    ] if outer is not None else []  # fmt: skip
