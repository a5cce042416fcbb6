"""Finds functions of the course's notebooks that a student has not written yet."""

from __future__ import annotations

import ast
from collections import defaultdict


def unfinished(node: ast.AST | None) -> bool:
    """Whether a function still has the notebook's placeholders: no body yet, or `dW = None`.

    A variable that is None first and set later is not a placeholder.
    """
    if not isinstance(node, ast.FunctionDef):
        return False
    body = [statement for statement in node.body if not _says_nothing(statement)]
    if not body or any(_not_implemented(statement) for statement in body):
        return True
    given: dict[str, list[bool]] = defaultdict(list)
    for inner in ast.walk(node):
        if isinstance(inner, ast.Expr) and _is_none(inner.value):
            return True
        if isinstance(inner, ast.Assign):
            for target in inner.targets:
                for name, none in _set_to_none(target, inner.value):
                    given[name].append(none)
        elif isinstance(inner, ast.AugAssign | ast.For):
            given[ast.unparse(inner.target)].append(False)
    return any(all(values) for values in given.values())


def _set_to_none(target: ast.expr, value: ast.expr) -> list[tuple[str, bool]]:
    if not isinstance(target, ast.Tuple | ast.List):
        return [(ast.unparse(target), _is_none(value))]
    pairs: list[tuple[str, bool]] = []
    values = value.elts if isinstance(value, ast.Tuple | ast.List) else []
    for number, one in enumerate(target.elts):
        none = number < len(values) and _is_none(values[number])
        pairs.append((ast.unparse(one), none))
    return pairs


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _says_nothing(node: ast.stmt) -> bool:
    """`pass`, `...`, a docstring, `return`, `return None`."""
    if isinstance(node, ast.Return):
        return node.value is None or _is_none(node.value)
    return isinstance(node, ast.Pass) or (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and node.value.value is not None
    )


def _not_implemented(node: ast.stmt) -> bool:
    return isinstance(node, ast.Raise) and "NotImplementedError" in ast.unparse(node)
