"""The tables of choices: their texts, and that no other code knows a choice by its name."""

import ast
from pathlib import Path

import pytest

from core.nn.activations import ACTIVATIONS
from core.nn.initializers import INITIALIZERS
from core.nn.losses import LOSSES
from core.nn.optimizers import OPTIMIZERS

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("table", [ACTIVATIONS, LOSSES, INITIALIZERS, OPTIMIZERS])
def test_every_entry_has_a_one_line_description(table):
    said = [entry.about for entry in table.values()]
    assert all(15 < len(words) <= 95 and not words.endswith(".") for words in said)
    assert len(set(said)) == len(said)


NAMES = ACTIVATIONS.keys() | LOSSES.keys() | OPTIMIZERS.keys()
# The tables, and what knows a student's functions by the names that the course gives them.
OWN = ("core/nn/", "core/check/")
PLACES = [path for top in ("core", "gui") for path in (ROOT / top).rglob("*.py")]


def choices_in(tree):
    """Where source compares the name of a choice, or lists several of them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            named = [part for part in (node.left, *node.comparators) if _name(part)]
            yield from (part.lineno for part in named)
        elif isinstance(node, ast.MatchValue) and _name(node.value):
            yield node.value.lineno
        elif isinstance(node, ast.List | ast.Tuple | ast.Set | ast.Dict):
            parts = node.keys if isinstance(node, ast.Dict) else node.elts
            if sum(map(_name, parts)) > 1:
                yield node.lineno


def _name(node):
    return isinstance(node, ast.Constant) and node.value in NAMES


def test_no_choice_is_known_by_its_name_outside_its_table():
    """What is asked of one is a property of its row: a new row is all that a choice takes."""
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in PLACES
        if not path.relative_to(ROOT).as_posix().startswith(OWN)
        for line in choices_in(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []


@pytest.mark.parametrize(
    "source", ['g.name == "relu"', 'x in ("tanh", "elu")', '{"adam": 1, "momentum": 2}']
)
def test_a_name_that_is_compared_or_listed_is_found(source):
    assert list(choices_in(ast.parse(source)))
