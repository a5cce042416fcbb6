"""What the texts of this repository say about its files and commands is so."""

import re
import tomllib
from pathlib import Path

import pytest

import main

ROOT = Path(__file__).parents[1]
TEXTS = [
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    *ROOT.glob("docs/**/*.md"),
]
COMMANDS = (
    "python3 -m venv .venv && . .venv/bin/activate && python -m pip install -e . && python main.py",
    'python -m pip install -e ".[test]" && python -m pytest',
)
# A path in backquotes, or the target of a link: `core/nn/network.py`, [ADRs](docs/adr).
PATH = re.compile(
    r"`((?:core|gui|tests|docs|benchmarks|resources|\.ci)/[\w./-]*)`|\]\(([\w./-]+)\)"
)


def text(name: str | Path) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", TEXTS, ids=str)
def test_every_path_in_a_text_exists(name):
    folder = (ROOT / name).parent
    for code, link in PATH.findall(text(name)):
        assert (ROOT / code).exists() if code else (folder / link).exists(), code or link


@pytest.mark.parametrize("command", COMMANDS)
def test_the_readme_has_the_two_commands(command):
    assert f"\n{command}\n" in text("README.md")


def test_ci_runs_the_readmes_commands():
    install, run = COMMANDS[1].split(" && ")
    assert install in text(".ci/run")
    assert run in text(".ci/run")


@pytest.mark.parametrize("name", ["README.md", ".ci/run"])
def test_the_qt_libraries_are_the_same_everywhere(name):
    listed = re.search(r"libgl1\s[\w\s.-]*fonts-dejavu-core", text(name))
    assert listed
    assert listed[0].split() == main.QT_LIBRARIES.split()


def test_every_layer_of_the_code_says_what_it_is():
    packages = tomllib.loads(text("pyproject.toml"))["tool"]["setuptools"]["packages"]["find"]
    for top in ("core", "gui"):
        assert {top, f"{top}.*"} <= set(packages["include"])
        for folder in {path.parent for path in (ROOT / top).rglob("*.py")}:
            assert (folder / "__init__.py").exists(), folder
