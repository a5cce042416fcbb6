"""Source as trees: several rules in turn may ask for the same module, which is read once."""

import ast
from functools import lru_cache


@lru_cache(maxsize=1)
def tree_of(source: str) -> ast.Module:
    """A module's syntax tree."""
    return ast.parse(source)


@lru_cache(maxsize=1)
def nodes_of(tree: ast.AST) -> tuple[ast.AST, ...]:
    """A tree's nodes, as `ast.walk` finds them."""
    return tuple(ast.walk(tree))
