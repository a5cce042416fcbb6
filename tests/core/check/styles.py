"""The homework of this folder as a student's file holds it: a notebook, tabs, another encoding."""

import json
import re
from pathlib import Path

FOLDER = Path(__file__).parent / "homework"
NAMES = sorted(path.stem for path in FOLDER.glob("*.txt"))


def text_of(name):
    """The text of one homework, with the cells of a notebook behind `# %%`."""
    return (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


def in_style(name, text):
    """The name and the bytes of the file, for what `text_of` gives, perhaps with a slip in it."""
    if name.startswith("cells"):
        return "homework.ipynb", notebook(text)
    if name == "latin1":
        return "homework.py", text.encode("latin-1")
    if name == "crlf":
        return "homework.py", text.replace("\n", "\r\n").encode()
    if name == "tabs":
        return "homework.py", re.sub("(?m)^( {4})+", _tabs, text).encode()
    return "homework.py", text.encode()


def _tabs(indent):
    return "\t" * (len(indent[0]) // 4)


def notebook(text):
    """A notebook of the cells in a text."""
    cells: list[dict[str, object]] = []
    for part in re.split(r"(?m)^# %%", text)[1:]:
        kind, source = part.split("\n", 1)
        source = source.rstrip("\n").splitlines(keepends=True)
        if "markdown" in kind:
            cells.append({"cell_type": "markdown", "metadata": {}, "source": source})
        else:
            cell: dict[str, object] = {"cell_type": "code", "metadata": {}, "source": source}
            cells.append({**cell, "execution_count": None, "outputs": []})
    whole = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    return json.dumps(whole).encode()
