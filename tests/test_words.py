"""Plain English: words that texts of the window, docstrings and comments should not have."""

import ast
import io
import re
import tokenize
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


def untranslated(source: str) -> Iterator[tuple[int, str]]:
    """Words that are given to a user without `tr`, with their line."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in SHOWN:
            for given in (*node.args, *(word.value for word in node.keywords)):
                for text in arms(given):
                    if re.search("[A-Za-z]{3}", NO_WORDS.sub("", text)):
                        yield given.lineno, text


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
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield getattr(node, "lineno", 1), ast.get_docstring(node) or ""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


@pytest.mark.parametrize("folder", ["gui", "core"])
def test_texts_of_the_window_use_no_banned_words(folder):
    found = [
        f"{path.relative_to(ROOT)}:{line}: {faults(text)} in {text!r}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        for line, text in words(path)
        if faults(text)
    ]
    assert not found, "\n".join(found)


def test_words_of_the_window_are_translated():
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text!r} is without tr"
        for path in sorted((ROOT / "gui").rglob("*.py"))
        for line, text in untranslated(path.read_text("utf-8"))
    ]
    assert not found, "\n".join(found)


def defined(source: str) -> Iterator[tuple[int, str]]:
    """The name of every function and class of a module as words, with its line."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.lineno, node.name.replace("_", " ")


FOLDERS = ["gui", "core", "tests", "benchmarks"]


@pytest.mark.parametrize("folder", FOLDERS)
def test_names_of_functions_use_no_banned_words(folder):
    found = [
        f"{path.relative_to(ROOT)}:{line}: {BANNED_IN_CODE.findall(name)} in {name!r}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        for line, name in defined(path.read_text("utf-8"))
        if BANNED_IN_CODE.search(name)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("folder", FOLDERS)
def test_docstrings_and_comments_use_no_banned_words(folder):
    found = [
        f"{path.relative_to(ROOT)}:{line}: {BANNED_IN_CODE.findall(text)} in {text!r}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        for line, text in notes(path.read_text("utf-8"))
        if BANNED_IN_CODE.search(text)
    ]
    assert not found, "\n".join(found)


def test_docstrings_and_comments_are_found():
    source = '"""One."""\n# two\ndef f():\n    """Three."""\n    return "four"  # five\n'
    assert sorted(text.strip("# .") for _, text in notes(source)) == ["One", "Three", "five", "two"]


def test_names_are_read_as_words():
    assert list(defined("class A:\n    def it_goes_on(self):\n        pass\n")) == [
        (1, "A"), (2, "it goes on"),
    ]  # fmt: skip


def test_banned_words_are_found(tmp_path):
    module = tmp_path / "a.py"
    module.write_text('"""Goes on."""\nTIP = f"{3}: Play goes on for more"\nNAME = "goes on"\n')
    assert sorted(map(len, (faults(text) for _, text in words(module)))) == [0, 1]


def test_words_without_tr_are_found():
    source = """
take = button("Next", "primary", tip=self.tr("The next step"))
label.setText(f"{minutes} min" if minutes else self.tr("none"))
label.setToolTip(tip or "")
label.setText(f"<b>{name}</b> = {value:.2f}")
add("edit.undo", Named(field, "training.l1"))
"""
    assert list(untranslated(source)) == [(2, "Next"), (3, " min")]
