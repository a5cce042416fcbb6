"""The code that generates a data set, taken from core/data/datasets.py, for a script."""

from __future__ import annotations

import ast
import inspect

from core.data import datasets
from core.data.datasets import DATASETS


def lines_of(source: str) -> str | None:
    """The functions that draw this data set, with everything they use; None if it is read from a
    file.
    """
    tree = ast.parse(inspect.getsource(datasets))
    defined = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    constants = {
        target.id: node
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and isinstance(node.value, ast.Constant)
    }
    name = getattr(DATASETS[source].make, "__name__", "")
    wanted, seen = [name], set[str]()
    while wanted:
        one = wanted.pop()
        seen.add(one)
        node = defined.get(one) or constants.get(one)
        if node is None:
            return None
        used = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
        if "tables" in used:
            return None
        wanted += [each for each in used & (defined.keys() | constants.keys()) if each not in seen]
    kept = [
        node
        for node in tree.body
        if (isinstance(node, ast.FunctionDef) and node.name in seen)
        or (node in constants.values() and {t for t, n in constants.items() if n is node} & seen)
    ]
    return "\n\n\n".join(ast.unparse(_plain(node)) for node in kept)


def function_of(source: str) -> str:
    """The name of the function that draws a data set."""
    return str(getattr(DATASETS[source].make, "__name__", source))


class _Plain(ast.NodeTransformer):
    """Without annotations, which name types that a script has not."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        node.returns = None
        every = node.args.posonlyargs + node.args.args + node.args.kwonlyargs
        for argument in every:
            argument.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        self.generic_visit(node)
        if node.value is None:
            return ast.Pass()
        return ast.copy_location(ast.Assign([node.target], node.value), node)


def _plain(node: ast.AST) -> ast.AST:
    made: ast.AST = ast.fix_missing_locations(_Plain().visit(node))
    return made
