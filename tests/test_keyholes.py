"""Tests use what a user or another part can see: few access private attributes of others."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
CEILING = 1  # accesses that are left; it only falls
BY_NAME = {"getattr", "setattr", "delattr", "hasattr", "object"}  # of an attribute, as text


def private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def keyholes(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every private attribute of something that is not `self` or `cls`, with its line: read,
    written, imported, or named in a string, as `monkeypatch.setattr` has it.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and private(node.attr):
            if not (isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")):
                yield node.lineno, node.attr
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, name.name) for name in node.names if private(name.name))
        elif isinstance(node, ast.Call):
            called = node.func
            if (
                called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            ) in BY_NAME:
                for given in node.args[:2]:
                    if isinstance(given, ast.Constant) and isinstance(given.value, str):
                        name = given.value.rpartition(".")[2]
                        if private(name):
                            yield node.lineno, name


def test_what_counts_as_a_keyhole():
    text = """
from core.files.disk import _fill, atomic
self._mine, cls._mine, panel.__dict__, panel.shown
panel._timer.stop()
window.panels["cost"]._shown = 1
monkeypatch.setattr(disk, "_fill", None)
monkeypatch.setattr("gui.widgets.banner._READ", 1)
getattr(panel, "_timer")
print("_timer")
"""
    found = [name for _, name in keyholes(ast.parse(text))]
    assert sorted(found) == sorted(["_fill", "_timer", "_shown", "_fill", "_READ", "_timer"])


def test_tests_look_into_few_private_attributes():
    found = [
        f"{path.relative_to(ROOT)}:{line} {name}"
        for path in sorted((ROOT / "tests").rglob("*.py"))
        for line, name in keyholes(ast.parse(path.read_text("utf-8")))
    ]
    assert len(found) <= CEILING, "\n".join(found)
