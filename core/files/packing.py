"""Packs arrays into the bytes of a `.npz` file, as uint8 where that is exact."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from core.progress import Progress, unheard

_AT_ONCE = 2**20  # numbers that are processed together


class _ProgressFile:
    """A file that reports how much has been written, of about `size` bytes."""

    def __init__(self, file: BinaryIO, size: int, progress: Progress) -> None:
        self._file, self._size, self._progress = file, size, progress
        self.tell, self.seek, self.flush = file.tell, file.seek, file.flush
        self.read = file.read  # requested by NumPy, never called

    def write(self, content: Any, /) -> int:
        written = self._file.write(content)
        self._progress(min(self.tell(), self._size), self._size)
        return written


def pack(file: BinaryIO, arrays: Mapping[str, NDArray[Any]], progress: Progress = unheard) -> int:
    """Write the arrays, a piece at a time, the same bytes for the same ones; nothing is pickled or
    compressed. Returns how many bytes these are.
    """
    size = sum(array.nbytes for array in arrays.values())
    told: Any = _ProgressFile(file, size, progress)
    np.savez(told, allow_pickle=False, **arrays)
    return file.seek(0, 2)


def packed(arrays: Mapping[str, NDArray[Any]], progress: Progress = unheard) -> bytes:
    """The same bytes in memory."""
    content = io.BytesIO()
    pack(content, arrays, progress)
    return content.getvalue()


def as_bytes(array: NDArray[np.float64], scale: int) -> NDArray[Any]:
    """The array (rows, columns) as uint8, to be divided by `scale`, if that restores it bit for
    bit; otherwise the array itself.
    """
    small = np.empty(array.shape, np.uint8)
    some = max(1, _AT_ONCE // array.shape[1])
    for start in range(0, len(array), some):
        rows = array[start : start + some]
        with np.errstate(all="ignore"):
            few = small[start : start + some] = np.rint(rows * scale).astype(np.uint8)
        if not np.array_equal((few / scale).view(np.int64), rows.view(np.int64)):
            return array
    return small
