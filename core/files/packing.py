"""Arrays as the bytes of a `.npz` file, as few as hold them exactly."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.progress import Progress, unheard

_AT_ONCE = 2**20  # numbers that are looked at together


class _Told(io.BytesIO):
    """Says how much has been written, of about `size` bytes."""

    def __init__(self, size: int, progress: Progress) -> None:
        super().__init__()
        self._size, self._progress = size, progress

    def write(self, content: Any, /) -> int:
        written = super().write(content)
        self._progress(min(self.tell(), self._size), self._size)
        return written


def packed(arrays: Mapping[str, NDArray[Any]], progress: Progress = unheard) -> bytes:
    """The file, the same for the same arrays; nothing in it is pickled or compressed."""
    content = _Told(sum(array.nbytes for array in arrays.values()), progress)
    np.savez(content, allow_pickle=False, **arrays)
    return content.getvalue()


def as_bytes(array: NDArray[np.float64], scale: int) -> NDArray[Any]:
    """The array (rows, columns) as bytes, to be divided by `scale`, if that gives it back bit for
    bit; else itself.
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
