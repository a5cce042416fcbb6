"""The results of a sweep beside its report, a line of JSON a run: so that none is made twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from core.errors import LayerwiseError
from core.files import disk, journal
from core.sweep.keys import Value
from core.sweep.plan import Axis, Run
from core.sweep.run import Result

SUFFIX = ".runs.jsonl"


class _Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`project` is the digest of what was trained; `vary` and `seed` say it for people."""

    project: str
    vary: dict[str, Value]
    seed: int
    result: Result


class Records:
    """Results as they are on the disk: `known` by digest, and what `add` has added."""

    def __init__(self, lines: journal.Journal, known: dict[str, Result]) -> None:
        self._journal, self.known = lines, known

    def add(self, axes: Sequence[Axis], run: Run, result: Result) -> None:
        """Put the result of a run on the disk, if it is not there."""
        if run.digest in self.known:
            return
        self.known[run.digest] = result
        vary = {axis.key: value for axis, value in zip(axes, run.settings, strict=True)}
        self._journal.append(msgspec.json.encode(_Line(run.digest, vary, run.seed, result)))


def beside(report: str) -> Path:
    """The file of the runs of this report: R.csv.runs.jsonl."""
    return Path(report + SUFFIX)


@contextmanager
def opened(path: Path) -> Iterator[Records]:
    """Read what is known, to add to it; raises LayerwiseError if the file is something else."""
    with journal.opened(path) as lines:
        yield Records(lines, _known(path, lines.lines))


def _known(path: Path, lines: Iterable[bytes]) -> dict[str, Result]:
    known = {}
    for number, text in enumerate(lines, start=1):
        try:
            line = msgspec.json.decode(text, type=_Line)
        except (msgspec.DecodeError, RecursionError):
            raise LayerwiseError(
                f"{disk.shown(path)} cannot be used: line {number} is no run of a sweep. Name"
                " another report, or remove this file."
            ) from None
        known[line.project] = line.result
    return known
