"""The words of the window and the command line: none of those that plain English has no need of."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BANNED = re.compile(
    r"\b(whoever|somebody|nobody|that of|those of|so many|so much|(?:is|are) to be|"
    r"no longer kept|go(?:es)? on|puts? (?:it|them) (?:out|back)|by itself|at hand|leads? back|"
    r"where the run stands?|what was|flat out)\b",
    re.IGNORECASE,
)
SENTENCE = 3  # words; less is a name


def words(path: Path) -> Iterator[tuple[int, str]]:
    """Every string of a module that may be read by its user, with its line."""
    tree = ast.parse(path.read_text("utf-8"))
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node.lineno, node.value


def faults(text: str) -> list[str]:
    """The words that a sentence should not have."""
    return BANNED.findall(text) if len(text.split()) >= SENTENCE else []


@pytest.mark.parametrize("folder", ["gui", "core"])
def test_no_sentence_has_words_that_plain_english_has_no_need_of(folder):
    found = [
        f"{path.relative_to(ROOT)}:{line}: {faults(text)} in {text!r}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        for line, text in words(path)
        if faults(text)
    ]
    assert not found, "\n".join(found)


def test_the_words_are_found(tmp_path):
    module = tmp_path / "a.py"
    module.write_text('"""Goes on."""\nTIP = f"{3}: Play goes on for more"\nNAME = "goes on"\n')
    assert sorted(map(len, (faults(text) for _, text in words(module)))) == [0, 1]
