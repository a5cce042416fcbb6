"""Homework on disk: finds the files to check, and makes an empty folder to run one in."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.errors import LayerwiseError
from core.files import disk

MOST = 20 * 2**20  # bytes of one file; a notebook with pictures in its outputs may be large
SIBLING = 2**20  # largest module next to the homework that is copied, in bytes
SUFFIXES = (".py", ".ipynb")


def read_homework(path: Path | str) -> bytes:
    """The bytes of a `.py` or `.ipynb` file; raises LayerwiseError naming it."""
    if Path(path).suffix.lower() not in SUFFIXES:
        raise LayerwiseError(
            f"{disk.shown(path)} cannot be checked: give a .py file, a .ipynb notebook, or a folder"
            " of them."
        )
    return disk.read(path, MOST)


def homework_in(path: Path | str) -> list[Path] | None:
    """The files to check in a folder, sorted by name; None if the path is not a folder."""
    folder = Path(path)
    if not folder.is_dir():
        return None
    files = sorted(
        one for one in folder.iterdir() if one.suffix.lower() in SUFFIXES and one.is_file()
    )
    if not files:
        raise LayerwiseError(
            f"{disk.shown(path)} cannot be checked: it has no .py and no .ipynb file."
        )
    return files


@contextmanager
def sandbox(path: Path | str, content: bytes, X: NDArray[np.float64], Y: NDArray[np.float64]
            ) -> Iterator[tuple[Path, Path, Path]]:  # fmt: skip
    """An empty folder to run in, with the modules next to the homework; removed at the end.

    Yields the folder, the homework's copy and the data's file, the last two outside of the folder.
    """
    with tempfile.TemporaryDirectory(prefix="layerwise-check-", ignore_cleanup_errors=True) as top:
        outer = Path(top)
        folder = outer / "work"
        folder.mkdir()
        copy, data = outer / f"homework{Path(path).suffix.lower()}", outer / "data.npz"
        copy.write_bytes(content)
        with data.open("wb") as file:
            np.savez(file, X=X, Y=Y)
        _bring_along(Path(path), folder)
        yield folder, copy, data


def _bring_along(homework: Path, folder: Path) -> None:
    """Copy the student's own modules, which the homework may import."""
    for sibling in sorted(homework.parent.glob("*.py"))[:50]:
        other = sibling.name != homework.name and sibling.is_file()
        if other and sibling.stat().st_size <= SIBLING:
            shutil.copyfile(sibling, folder / sibling.name)
