"""A Jupyter notebook (nbformat 4.5) of exported cells, written as JSON."""

from __future__ import annotations

import hashlib
import json

from core.export.script import Exported


def notebook(exported: Exported, name: str) -> str:
    """The notebook: a heading and a code cell for each part. Format: nbformat 4.5."""
    cells: list[dict[str, object]] = [_markdown(f"# {name}")]
    for cell in exported.cells:
        cells.append(_markdown(f"## {cell.title}\n\n{cell.text}".strip()))
        cells.append(
            {
                "cell_type": "code", "id": _id(cell.code), "metadata": {}, "outputs": [],
                "execution_count": None, "source": cell.code.strip().splitlines(keepends=True),
            }
        )  # fmt: skip
    content = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _markdown(text: str) -> dict[str, object]:
    return {
        "cell_type": "markdown", "id": _id(text), "metadata": {},
        "source": text.splitlines(keepends=True),
    }  # fmt: skip


def _id(text: str) -> str:
    """The same id for the same cell in every export, so that two exports can be compared."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
