"""Finds the line of a slip when the numbers differ only in a later line: a count, loop or alias."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator
from typing import Any

import numpy as np

from core.check import vocabulary
from core.check.source import Homework
from core.check.structures import Namer
from core.check.tracing import Call

# Common names for the number of examples; `n` may also be the number of features.
_COUNTS = {
    "m", "mtrain", "msamples", "mexamples", "nsamples", "nexamples", "numsamples", "numexamples",
    "samples", "examples", "batchsize", "count",
}  # fmt: skip


def of_the_count(homework: Homework, line: int, call: Call | None, m: int) -> int:
    """The line that set the number of examples by which `line` divides; else `line` itself.

    A count is known by its name, and in a trace by a value that is neither m nor 1 / m.
    """
    read = {n.id for n in _on(homework, line) if isinstance(n, ast.Name)}
    used = {name for name in read if vocabulary.plain(name) in _COUNTS}
    if call is not None:
        held = {name: call.variables[name].value for name in read & set(call.variables)}
        wrong = {
            name for name, value in held.items()
            if np.ndim(value) == 0 and value not in (m, 1 / m, -m, -1 / m, 0)
            and (name in used or _of_a_whole(float(value)))
            and not loop_around(homework, call.variables[name].line)
        }  # fmt: skip
        used = {name for name in used if name not in held} | wrong
    set_at = [node.lineno for name in used for node in _set_before(homework, line, name)]
    return max(set_at, default=line)


def _of_a_whole(value: float) -> bool:
    """Whether a number is 1 or 1 / n."""
    return 0 < abs(value) <= 1 and abs(1 / value - round(1 / value)) < 1e-12


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


def of_what_stayed(
    homework: Homework, call: Call, line: int, value: Any, is_it: Callable[[str], bool], key: str
) -> int:
    """The last line after `line` that assigned the wrong value and left it as it was; else `line`.

    `J = J` or `J /= 1` has the place of the right line. If the division by m is missing,
    one by another number counts as well: `J /= Y.shape[0]`, which is 1.
    """
    divides = key == "times_m"
    made = set() if key == "not_updated" else {
        path for path, variable in call.variables.items()
        if line in (variable.line, variable.first_with_it())
        or (np.shape(value) == np.shape(variable.value) and np.array_equal(value, variable.value))
    }  # fmt: skip
    if found := _stayed(homework, call, line, made, is_it, divides=divides):
        return found
    read = {
        n.id for n in _on(homework, line)
        if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load) and n.id in call.variables
    }  # fmt: skip
    above = (_stayed(homework, call, line, {name}, lambda _: False, divides=False) for name in read)
    return max((at for at in above if at < line), default=0) or line


def _stayed(
    homework: Homework, call: Call, line: int, paths: Collection[str],
    is_it: Callable[[str], bool], *, divides: bool,
) -> int:  # fmt: skip
    """The last line that ran after these variables were set, and set one again to what it was."""
    set_at = [call.ran_at(call.variables[path].first_with_it()) for path in paths]
    latest = (min(set_at, default=0), 0)
    outer = _function_at(homework, line)
    for node in ast.walk(outer) if outer is not None else ():
        if not isinstance(node, ast.Assign | ast.AugAssign) or not _stays(node, divides=divides):
            continue
        end = node.end_lineno or node.lineno
        changed = any(at in call.changing for at in range(node.lineno, end + 1))
        if not changed and _assigns(node, paths, is_it):
            latest = max(latest, (call.ran_at(node.lineno, end), node.lineno))
    return latest[1]


def _targets(node: ast.Assign | ast.AugAssign) -> list[ast.expr]:
    return node.targets if isinstance(node, ast.Assign) else [node.target]


def _assigns(
    node: ast.Assign | ast.AugAssign, paths: Collection[str], is_it: Callable[[str], bool]
) -> bool:
    """Whether a statement assigns one of these variables, an item of it, or the named array."""
    (target,) = _targets(node)
    path = ast.unparse(target).replace("'", "")
    whole = ast.unparse(target.value) if isinstance(target, ast.Subscript) else path
    if path in paths or whole in paths or is_it(path) or is_it(whole):
        return True
    keys = [
        n.value
        for n in ast.walk(target)
        if isinstance(n, ast.Constant) and isinstance(n.value, str)
    ]  # of grads["dW" + str(l)]
    return bool(keys) and any(is_it(f"{keys[0]}{l}") for l in range(1, 10))


def _stays(node: ast.Assign | ast.AugAssign, *, divides: bool) -> bool:
    """Whether a statement is made of its own target and of numbers alone, or is a division."""
    targets = _targets(node)
    if len(targets) != 1 or isinstance(targets[0], ast.Tuple | ast.List):
        return False
    text = ast.unparse(targets[0])
    own = {n.id for n in ast.walk(targets[0]) if isinstance(n, ast.Name)}
    rest = list(_without(node.value, text))
    if any(isinstance(n, ast.Call) for n in rest):
        return False
    scale = node.op if isinstance(node, ast.AugAssign) else getattr(node.value, "op", None)
    alone = all(n.id in own for n in rest if isinstance(n, ast.Name))
    return alone or (divides and isinstance(scale, ast.Div | ast.Mult))


def _without(node: ast.AST, text: str) -> Iterator[ast.AST]:
    """The nodes of an expression, without the parts that read `text`."""
    if isinstance(node, ast.expr) and ast.unparse(node) == text:
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _without(child, text)


def of_a_returned(homework: Homework, line: int, is_it: Callable[[str], bool]) -> int:
    """The item of a `return` or dictionary in which others of it are divided; 0 if there is none.

    `{"dW": dW / m, "db": db}` divides where it returns, so the missing division belongs there.
    """
    outer = _function_at(homework, line)
    for node in ast.walk(outer) if outer is not None else ():
        items: list[tuple[str, ast.expr]] = []
        if isinstance(node, ast.Dict):
            items = [
                (str(getattr(key, "value", "")), value)
                for key, value in zip(node.keys, node.values, strict=True)
            ]
        elif isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
            items = [(ast.unparse(_scaled(one) or one), one) for one in node.value.elts]
        if any(_scaled(value) is not None for _, value in items):
            for name, value in items:
                if is_it(name) and (_scaled(value) is not None or isinstance(value, ast.Name)):
                    return value.lineno
    return 0


def _scaled(node: ast.expr) -> ast.Name | None:
    """The variable that an expression divides or multiplies: dW in dW / m."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div | ast.Mult):
        return next((one for one in (node.left, node.right) if isinstance(one, ast.Name)), None)
    return None


def start_of_the_sum(homework: Homework, line: int) -> int:
    """The line above a loop that gives a sum its start: `z = 0` for `z += w * x`; else `line`."""
    node = next(iter(_on(homework, line)), None)
    if not isinstance(node, ast.Assign | ast.AugAssign):
        return line
    (target, *_) = _targets(node)
    again = isinstance(node, ast.AugAssign) or any(
        ast.unparse(n) == ast.unparse(target) for n in ast.walk(node.value)
    )
    if not again or not isinstance(target, ast.Name) or not loop_around(homework, line):
        return line
    starts = [one.lineno for one in _set_before(homework, line, target.id)]
    return max(starts, default=line)


def a_loop_of_layers(homework: Homework, function: str) -> int:
    """The line of a function's loop whose items are counted down or up to a layer; 0: none."""
    node = homework.function(function)
    loops = [n for n in ast.walk(node) if isinstance(n, ast.For)] if node is not None else []
    return max((n.lineno for n in loops if "range(" in ast.unparse(n.iter)), default=0)


def in_the_loop(homework: Homework, line: int) -> int:
    """The last statement of the loop that begins on this line; else `line`."""
    loops = [n for n in ast.walk(homework.tree) if isinstance(n, ast.For | ast.While)]
    return max((n.body[-1].lineno for n in loops if n.lineno == line), default=line)


def of_a_helper(homework: Homework, line: int, known: Collection[str]) -> int:
    """The line that computes the one helper of the student's own that `line` calls; else `line`."""
    helpers: dict[str, int] = {}
    for node in homework.tree.body:
        if isinstance(node, ast.FunctionDef) and node.name not in known:
            returns = [n.lineno for n in ast.walk(node) if isinstance(n, ast.Return)]
            if len(returns) == 1 and len(node.args.args) == 1:
                helpers[node.name] = returns[0]
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
            helpers |= {t.id: node.lineno for t in node.targets if isinstance(t, ast.Name)}
    helpers = {name: at for name, at in helpers.items() if name not in known}
    called = {
        ast.unparse(n.func) for n in _on(homework, line) if isinstance(n, ast.Call)
    } & set(helpers)  # fmt: skip
    return helpers[called.pop()] if len(called) == len(helpers) == 1 else line


def of_an_alias(homework: Homework, line: int, argument: str) -> int:
    """The line that gives an array that `line` changes in place its second name; else `line`."""
    node = next(iter(_on(homework, line)), None)
    if not isinstance(node, ast.Assign | ast.AugAssign):
        return line
    names = {n.id for t in _targets(node) for n in ast.walk(t) if isinstance(n, ast.Name)}
    alias = [
        made.lineno for name in names - {argument} for made in _set_before(homework, line, name)
        if isinstance(made.value, ast.Name) and made.value.id == argument
    ]  # fmt: skip
    return max(alias, default=line)


def with_keys(homework: Homework, function: str, namer: Callable[[str], str | None]) -> Namer:
    """The namer, which also knows the names that a function's dictionaries give its variables.

    In `dict(Z1=hidden)` or `{"Z1": hidden}` the variable `hidden` is Z1.
    """
    known: dict[str, str] = {}
    node = homework.function(function)
    for inner in ast.walk(node) if node is not None else ():
        pairs: list[tuple[str, ast.expr]] = []
        if isinstance(inner, ast.Dict):
            keys = [getattr(key, "value", None) for key in inner.keys]
            pairs = [(k, v) for k, v in zip(keys, inner.values, strict=True) if isinstance(k, str)]
        elif isinstance(inner, ast.Call) and ast.unparse(inner.func) == "dict":
            pairs = [(keyword.arg, keyword.value) for keyword in inner.keywords if keyword.arg]
        for key, value in pairs:
            if isinstance(value, ast.Name) and namer(value.id) is None and (name := namer(key)):
                known.setdefault(value.id, name)
    return lambda text: namer(text) or known.get(text)


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
