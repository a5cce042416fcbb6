"""Stores sweep results next to the report, one JSON line per run, so that none is run twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from core.errors import LayerwiseError
from core.files import disk, journal
from core.sweep.keys import Value
from core.sweep.plan import PlannedRun, SweepAxis
from core.sweep.run import Result

SUFFIX = ".runs.jsonl"


class _Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`project` is the digest of the trained project; `vary` and `seed` repeat it for people."""

    project: str
    vary: dict[str, Value]
    seed: int
    result: Result


_NAMES = set(_Line.__struct_fields__)


class Records:
    """Results on disk: `known` by digest, including those that `add` has added; `unreadable` counts
    the lines that cannot be read, whose runs are trained again.
    """

    def __init__(self, lines: journal.Journal, known: dict[str, Result], unreadable: int) -> None:
        self._journal, self.known, self.unreadable = lines, known, unreadable

    def add(self, axes: Sequence[SweepAxis], run: PlannedRun, result: Result) -> None:
        """Write the result of a run to disk, if it is not there."""
        if run.digest in self.known:
            return
        self.known[run.digest] = result
        vary = {axis.key: value for axis, value in zip(axes, run.settings, strict=True)}
        self._journal.append(msgspec.json.encode(_Line(run.digest, vary, run.seed, result)))


def path_for(report: str) -> Path:
    """The file of the runs of this report: R.csv.runs.jsonl."""
    return Path(report + SUFFIX)


@contextmanager
def opened(path: Path, *, private: bool = False) -> Iterator[Records]:
    """Read the known results, to add to them; raises LayerwiseError if the file is something else.

    An unreadable line costs only its own run, if others can be read. Only the owner can read a
    `private` file.
    """
    with journal.opened(path, private=private) as lines:
        known, unreadable = _known(lines.lines)
        if unreadable and not any(map(_is_run, lines.lines)):
            raise LayerwiseError(
                f"{disk.shown(path)} cannot be used: line {unreadable[0]} is no run of a sweep."
                " Name another report, or remove this file."
            )
        yield Records(lines, known, len(unreadable))


def _known(lines: Iterable[bytes]) -> tuple[dict[str, Result], list[int]]:
    """The results by digest, and the numbers of the unreadable lines, from 1."""
    known, unreadable = {}, []
    for number, text in enumerate(lines, start=1):
        try:
            line = msgspec.json.decode(text, type=_Line)
        except (msgspec.DecodeError, RecursionError):
            unreadable.append(number)
        else:
            known[line.project] = line.result
    return known, unreadable


def _is_run(line: bytes) -> bool:
    """Whether a sweep wrote this line, even if its numbers are unreadable."""
    with suppress(msgspec.DecodeError, RecursionError):
        return set(msgspec.json.decode(line, type=dict[str, msgspec.Raw])) == _NAMES
    return False
