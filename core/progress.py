"""Reports the progress of long work to its caller."""

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Called with (done, all) by work that goes on, 0 of 0 where that is not known; may raise to stop
it.
"""


def unheard(_done: int, _all: int) -> None:
    """Ignores progress."""


def part_of(progress: Progress, part: int, parts: int) -> Progress:
    """The progress of one of several equally long parts, counted from 0."""
    return lambda done, all_: progress(part * all_ + done, parts * all_)
