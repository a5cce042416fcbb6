"""The connections that gui/main_window.py makes, found in its source, and the source without one.

A loop over a tuple of signals, or of parts, is written out: each round of it is a connection.
"""

from __future__ import annotations

import ast
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import gui.main_window

SOURCE = Path(gui.main_window.__file__)


class _Replaced(ast.NodeTransformer):
    """Puts an expression in the place of a loop's variable."""

    def __init__(self, name: str, value: ast.expr) -> None:
        self._name, self._value = name, value

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return deepcopy(self._value) if node.id == self._name else node


class _WrittenOut(ast.NodeTransformer):
    """Writes loops over a tuple out where they connect."""

    def visit_For(self, node: ast.For) -> ast.AST | list[ast.stmt]:
        if not (isinstance(node.iter, ast.Tuple) and isinstance(node.target, ast.Name)):
            return node
        if not any(_signal(each) for each in ast.walk(node)):
            return node
        name = node.target.id
        return [
            _Replaced(name, element).visit(deepcopy(line))
            for element in node.iter.elts
            for line in node.body
        ]


class _Cut(ast.NodeTransformer):
    """Leaves one connection out."""

    def __init__(self, name: str) -> None:
        self._name, self.cuts = name, 0

    def visit_Expr(self, node: ast.Expr) -> ast.stmt:
        if _signal(node.value) and _name(node.value) == self._name:
            self.cuts += 1
            return ast.copy_location(ast.Pass(), node)
        return node


@dataclass(frozen=True)
class Wiring:
    """What is connected in a module, by names like `self.files.changed -> self._show_title`."""

    tree: ast.Module

    @property
    def names(self) -> list[str]:
        return [_name(each) for each in ast.walk(self.tree) if _signal(each)]

    def without(self, name: str) -> ast.Module:
        """The module with this connection cut."""
        cut = _Cut(name)
        tree: ast.Module = ast.fix_missing_locations(cut.visit(deepcopy(self.tree)))
        assert cut.cuts == 1, f"{name} is there {cut.cuts} times"
        return tree


def wiring(source: Path = SOURCE) -> Wiring:
    """The connections of a module."""
    tree = _WrittenOut().visit(ast.parse(source.read_text("utf-8")))
    return Wiring(ast.fix_missing_locations(tree))


def _signal(node: ast.AST) -> ast.expr | None:
    """The signal that a call connects; None for what is no such call."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.value if node.func.attr == "connect" else None
    return None


def _name(node: ast.AST) -> str:
    assert isinstance(node, ast.Call)
    signal, slot = _signal(node), node.args[0]
    assert signal is not None
    return f"{ast.unparse(signal)} -> {ast.unparse(slot)}"
