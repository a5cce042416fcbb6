"""Writes exported code to disk: the requested file, and the arrays it loads."""

from __future__ import annotations

from pathlib import Path

from core.errors import LayerwiseError
from core.export.notebook import notebook
from core.export.script import Exported
from core.files import disk
from core.files.packing import packed

SUFFIXES = (".py", ".ipynb")
MODEL = ".onnx"  # which holds no code


def write(exported: Exported, file: Path) -> list[Path]:
    """Write the code, and its arrays if it has any; returns the written files."""
    suffix = file.suffix.lower()
    if suffix not in SUFFIXES:
        raise LayerwiseError(
            f"{disk.shown(file)} cannot be written: its name ends in none of"
            f" {', '.join((*SUFFIXES, MODEL))}."
        )
    text = exported.script() if suffix == ".py" else notebook(exported, file.stem)
    disk.check_replaceable(file)
    written = [file]
    if exported.arrays:
        data = file.with_name(f"{file.stem}.data.npz")
        disk.replace(data, packed(exported.arrays))
        written.append(data)
    disk.replace(file, text.encode())
    return written
