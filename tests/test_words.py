"""Plain English: words that texts of the window, docstrings and comments should not have."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.trees import nodes_of, tree_of

ROOT = Path(__file__).parents[1]
BANNED = re.compile(
    r"\b(whoever|somebody|nobody|that of|those of|so many|so much|(?:is|are) to be|"
    r"no longer kept|go(?:es)? on|puts? (?:it|them) (?:out|back)|by itself|at hand|leads? back|"
    r"where the run stands?|what was|flat out)\b",
    re.IGNORECASE,
)
BANNED_IN_CODE = re.compile(
    r"\b(whoever|somebody|nobody|anybody|no longer kept|go(?:es)? on|by itself|at hand|"
    r"puts? (?:it|them) (?:out|back)|leads? back|where the run stands?|flat out)\b",
    re.IGNORECASE,
)
SENTENCE = 3  # words; less is a name
SHOWN = {  # what shows its words to users, of Qt and our own
    *("setText", "setToolTip", "setAccessibleName", "setAccessibleDescription", "setStatusTip"),
    *("setWindowTitle", "setTitle", "setPlaceholderText", "setInformativeText", "setPrefix"),
    *("setSuffix", "setSpecialValueText", "addMenu", "addButton", "setLabelText"),
    *("QAction", "QLabel", "QPushButton", "QCheckBox", "QRadioButton", "QToolButton"),
    *("button", "caption", "heading", "paragraph", "Card", "MenuButton", "Segments", "Caption"),
    *("Named", "name_part", "name_command", "set_title", "show_words", "add_setting", "tip"),
    *("ask_open", "ask_save", "ask_folder", "waited_for", "_question", "_edit", "set_by_hand"),
}
# Keys of the keyboard, keys of parts, names of files, HTML.
NO_WORDS = re.compile(r"(Ctrl|Shift|Alt)\+\w*|^[a-z_.0-9]+$|[-*.\w]*\.\w+\b|<[^>]*>|&\w+;")


def words(source: str) -> Iterator[tuple[int, str]]:
    """Every string of a module that may be read by its user, with its line."""
    nodes = nodes_of(tree_of(source))
    alone = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node.lineno, node.value


def faults(text: str) -> list[str]:
    """The words that a sentence should not have."""
    return BANNED.findall(text) if len(text.split()) >= SENTENCE else []


def untranslated(source: str) -> Iterator[tuple[int, str]]:
    """Words that are given to a user without `tr`, with their line."""
    for node in nodes_of(tree_of(source)):
        if isinstance(node, ast.Call) and called(node) in SHOWN:
            for given in (*node.args, *(word.value for word in node.keywords)):
                for text in arms(given):
                    if re.search("[A-Za-z]{3}", NO_WORDS.sub("", text)):
                        yield given.lineno, text


def called(call: ast.Call) -> str:
    """The name of a function or method that is called; empty for what a call returned."""
    match call.func:
        case ast.Name(name) | ast.Attribute(attr=name):
            return name
    return ""


def arms(node: ast.expr) -> Iterator[str]:
    """The letters of a literal or of each arm of a choice; values in it do not count."""
    if isinstance(node, ast.IfExp):
        yield from (text for arm in (node.body, node.orelse) for text in arms(arm))
    elif isinstance(node, ast.BoolOp):
        yield from (text for arm in node.values for text in arms(arm))
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def notes(source: str) -> Iterator[tuple[int, str]]:
    """Every docstring and comment of a module, with its line."""
    for node in nodes_of(tree_of(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield getattr(node, "lineno", 1), ast.get_docstring(node) or ""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def defined(source: str) -> Iterator[tuple[int, str]]:
    """The name of every function and class of a module as words, with its line."""
    for node in nodes_of(tree_of(source)):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.lineno, node.name.replace("_", " ")


RULES = {  # what is wrong with a module: in which line, and what it is of it
    "texts of the window": lambda source: (
        (line, f"{faults(text)} in {text!r}") for line, text in words(source) if faults(text)
    ),
    "words that are not translated": lambda source: (
        (line, f"{text!r} is without tr") for line, text in untranslated(source)
    ),
    "names of functions and classes": lambda source: unplain(defined(source)),
    "docstrings and comments": lambda source: unplain(notes(source)),
}
TEXTS, _, *OF_THE_CODE = RULES
FOLDERS = {"gui": [*RULES], "core": [TEXTS, *OF_THE_CODE]}
FOLDERS |= {"tests": OF_THE_CODE, "benchmarks": OF_THE_CODE}


def unplain(texts: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Those that have a banned word, with it."""
    for line, text in texts:
        if banned := BANNED_IN_CODE.findall(text):
            yield line, f"{banned} in {text!r}"


@pytest.mark.parametrize("folder", FOLDERS)
def test_words_are_plain(folder):
    found = [
        f"{path.relative_to(ROOT)}:{line}: {rule}: {fault}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        for source in [path.read_text("utf-8")]
        for rule in FOLDERS[folder]
        for line, fault in RULES[rule](source)
    ]
    assert not found, "\n".join(found)


def test_docstrings_and_comments_are_found():
    source = '"""One."""\n# two\ndef f():\n    """Three."""\n    return "four"  # five\n'
    assert sorted(text.strip("# .") for _, text in notes(source)) == ["One", "Three", "five", "two"]


def test_names_are_read_as_words():
    assert list(defined("class A:\n    def it_goes_on(self):\n        pass\n")) == [
        (1, "A"), (2, "it goes on"),
    ]  # fmt: skip


def test_banned_words_are_found():
    source = '"""Goes on."""\nTIP = f"{3}: Play goes on for more"\nNAME = "goes on"\n'
    assert [line for line, _ in RULES[TEXTS](source)] == [2]
    assert [line for line, _ in RULES["docstrings and comments"](source)] == [1]


def test_words_without_tr_are_found():
    source = """
take = button("Next", "primary", tip=self.tr("The next step"))
label.setText(f"{minutes} min" if minutes else self.tr("none"))
label.setToolTip(tip or "")
label.setText(f"<b>{name}</b> = {value:.2f}")
add("edit.undo", Named(field, "training.l1"))
"""
    assert list(untranslated(source)) == [(2, "Next"), (3, " min")]
