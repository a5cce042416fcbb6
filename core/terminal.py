"""Parser, signal handling and progress bar shared by the command-line tools."""

from __future__ import annotations

import argparse
import math
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from time import perf_counter
from types import FrameType
from typing import NoReturn

from core.errors import LayerwiseError
from core.files import disk

DONE, BAD_INPUT, INCOMPLETE, SIGNALLED = 0, 2, 3, 128  # exit statuses
_BAR = 30  # characters
ON_A_TERMINAL, IN_A_LOG = 0.1, 10.0  # seconds between two states of the progress bar
FIRST = 1.0  # seconds until the first at the latest


class Parser(argparse.ArgumentParser):
    """The parser of `python main.py COMMAND`; errors are LayerwiseError."""

    def __init__(self, command: str, description: str, epilog: str) -> None:
        super().__init__(
            prog=f"python main.py {command}",
            description=description,
            epilog=epilog,
            allow_abbrev=False,
        )

    def error(self, message: str) -> NoReturn:
        raise LayerwiseError(f"{message}; see {self.prog} --help")


def whole(text: str) -> int:
    """An argument that is a whole number from 0 on."""
    if not (text.isascii() and text.isdecimal() and len(text) < 20):
        raise argparse.ArgumentTypeError(
            f"{disk.shown(text)[:40]!r} is not a whole number from 0 on"
        )
    return int(text)


def endings() -> list[signal.Signals]:
    """The signals that ask a program to end: Ctrl-C, SIGTERM, and SIGHUP (the terminal was closed),
    unless the parent process set that one to be ignored (nohup).
    """
    asked = [signal.SIGINT, signal.SIGTERM]
    hang_up = getattr(signal, "SIGHUP", None)
    if hang_up is not None and signal.getsignal(hang_up) != signal.SIG_IGN:
        asked.append(hang_up)
    return asked


@contextmanager
def signals(then: Callable[[], object] = lambda: None) -> Iterator[list[int]]:
    """Collect Ctrl-C and termination, so that current work is finished first; each calls `then`."""
    caught: list[int] = []

    def catch(number: int, frame: FrameType | None) -> None:
        caught.append(number)
        then()

    before = {}
    with suppress(ValueError):  # signals reach the main thread only; elsewhere nothing changes
        before = {number: signal.signal(number, catch) for number in endings()}
    try:
        yield caught
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def say(text: str, end: str = "\n") -> None:
    """Write to stderr; ignore a closed terminal."""
    with suppress(OSError):
        print(text, end=end, file=sys.stderr, flush=True)


class ProgressBar:
    """A progress bar on stderr: redrawn in place on a terminal, an occasional line in a log.

    `total` may be infinite, for a run that ends on its own condition.
    """

    def __init__(self, total: float) -> None:
        self._total = total
        self._in_place = sys.stderr.isatty()
        self._interval = ON_A_TERMINAL if self._in_place else IN_A_LOG
        self._next = perf_counter() + min(FIRST, self._interval)

    def due(self) -> bool:
        """Whether another state should be shown now; then False for a while."""
        now = perf_counter()
        if now < self._next:
            return False
        self._next = now + self._interval
        return True

    def show(self, done: int, text: str, *, stays: bool = False) -> None:
        """Show how much is done, and a text: on a terminal until the next, or it stays."""
        start = "\r\033[K" if self._in_place else ""
        end = "\n" if stays or not self._in_place else ""
        say(f"{start}{self._place(done)} {text}", end)

    def _place(self, done: int) -> str:
        if math.isinf(self._total):
            return f"iteration {done:,}"
        filled = int(_BAR * done / self._total) if self._total else _BAR
        return f"[{'#' * filled}{'-' * (_BAR - filled)}] {done:,}/{self._total:,}"
