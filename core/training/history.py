"""The numbers a run leaves behind, in buffers that only grow at their end."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray


class Growing:
    """An append-only array: `view` costs nothing, and what it shows never changes."""

    def __init__(self, dtype: DTypeLike = np.float64) -> None:
        self._buffer: NDArray[Any] = np.empty(1024, dtype)
        self._size = 0

    def append(self, value: float) -> None:
        if self._size == len(self._buffer):
            longer = np.empty(2 * self._size, self._buffer.dtype)
            longer[: self._size] = self._buffer  # earlier views keep the old buffer alive
            self._buffer = longer
        self._buffer[self._size] = value
        self._size += 1

    def extend(self, values: NDArray[Any]) -> None:
        for value in values.tolist():
            self.append(value)

    def __len__(self) -> int:
        return self._size

    def view(self) -> NDArray[Any]:
        """All values so far, as a read-only view."""
        values = self._buffer[: self._size]
        values.setflags(write=False)
        return values
