"""Examples that are read from files shipped in resources/data instead of drawn by a formula."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from tokenize import TokenError

import numpy as np
from numpy.typing import NDArray

from core.errors import LayerwiseError

Bytes = NDArray[np.uint8]

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "data"
INK = 16
"""The darkest value of a pixel of `digits`."""

UNREADABLE = (
    *(OSError, EOFError, KeyError, ValueError, SyntaxError, RuntimeError),
    *(zipfile.BadZipFile, zlib.error, TokenError),
)
"""What NumPy raises for a missing, cut or altered .npz file, found by flipping its bits."""


def digits(folder: Path = FOLDER) -> tuple[Bytes, Bytes]:
    """Read the handwritten digits: pictures (1797, 64), 0 … INK, and labels (1797,), 0 … 9.

    A row of `pictures` is one 8×8 picture, its pixels row by row. Source and licence are in
    resources/data/README.md. Raises LayerwiseError where the file is missing or damaged.
    """
    path = folder / "digits.npz"
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return arrays["pictures"], arrays["labels"]
    except UNREADABLE as error:
        raise LayerwiseError(
            f"The file of the handwritten digits, {path}, is missing or damaged: "
            "install Layerwise again."
        ) from error
