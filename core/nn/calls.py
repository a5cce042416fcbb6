"""NumPy calls as data: the equations list them, and callers run the list on their arrays.

A call is a function and its arguments; the last argument is the array that it fills. The list is
made once for a cache and run in every iteration, which then costs little more than NumPy's work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]
Calls = Iterator[tuple[Any, ...]]  # (function, argument, …, array that is filled)
WrittenCalls = tuple[tuple[Callable[..., object], tuple[Any, ...]], ...]


def written(calls: Iterable[tuple[Any, ...]]) -> WrittenCalls:
    """The calls, to be run any number of times: `for function, arguments in …`."""
    return tuple((function, tuple(arguments)) for function, *arguments in calls)


def run(calls: Iterable[tuple[Any, ...]]) -> None:
    """Make the calls, once."""
    for function, *arguments in calls:
        function(*arguments)


def maximum(x: Array, y: Array, out: Array) -> None:
    """np.maximum, whose third argument by position is deprecated."""
    np.maximum(x, y, out=out)


def minimum(x: Array, y: Array, out: Array) -> None:
    """np.minimum, likewise."""
    np.minimum(x, y, out=out)
