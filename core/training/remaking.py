"""Restores the past of a reopened run by training it again from its start."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from msgspec.structs import replace

from core import edits
from core.by_hand import Numbers, has_place
from core.errors import LayerwiseError
from core.project import Project, decode, encode
from core.settings import MARKS
from core.state import Mark
from core.training.session import Session
from core.training.timeline import Timeline

ALIKE = 1e-9  # between a cost and the same cost on another machine
OTHER_COST = (
    "The earlier iterations of this run cannot be shown: trained again from its start, the cost at"
    " iteration {:,} is {:.6g} instead of {:.6g}. The saved curve stays."
)
BY_HAND = (
    "The earlier iterations of this run cannot be shown: its file does not hold the weights that"
    " were set by hand at iteration {:,}. The saved curve stays."
)
ENDED = (
    "The earlier iterations of this run cannot be shown: trained again from its start, it ends at"
    " iteration {:,}. The saved curve stays."
)
_OF_LAYER = re.compile(r"(dropout|muted|frozen)\[(\d+)\]")


def lacks(live: Session) -> int:
    """The number of iterations missing at the start of a run's past; 0 if it is complete, or too
    large to be kept.
    """
    past = live.past
    if past is None or not past.holds(2 * live.p.flat.nbytes):
        return 0
    return live.iteration if past.first is None else past.first


class Remaking:
    """Trains a run from its start to where its past begins, under the settings it had then.

    `session` shows the progress. The run itself is not touched and may continue meanwhile. The
    result is the same bit for bit on the same machine and version; a cost that differs by more than
    ALIKE from the one that was kept ends it. Raises LayerwiseError, then or at once, if the past
    cannot be restored.
    """

    def __init__(self, live: Session) -> None:
        self.target = lacks(live)
        by_hand = _set_by_hand(live, self.target)
        project, changes = history(live.project, live.curves.marks)
        began = live.start if live.began is None else live.began
        self.session = Session(
            project,
            live.split,
            weights=began,
            run=live.run,
            between=live.between,
            past=Timeline(),
        )
        self.session.by_hand.given = live.by_hand.given
        self._costs = live.curves.train_before(self.target)
        self._checked = 0
        self._changes: list[tuple[int, Project | Numbers]] = [*changes, *by_hand]
        self._changes.sort(key=lambda change: change[0])  # of one iteration, settings come first

    @property
    def share(self) -> float:
        """The progress, 0 to 1."""
        return self.session.iteration / self.target

    @property
    def there(self) -> bool:
        """Whether the past is complete."""
        return self.session.iteration == self.target

    def advance(self) -> None:
        """One iteration, or a part of a long one, or one change of the settings or by hand."""
        if self._changes and self._changes[0][0] == self.session.iteration:
            self.session.repeat(self._changes.pop(0)[1])
        elif not self.session.advance():
            raise LayerwiseError(ENDED.format(self.session.iteration))
        else:
            self._check()

    def _check(self) -> None:
        """Compare the last cost, once, with the one that was kept, if any."""
        at = self.session.iteration - 1
        values, iterations = self._costs
        if at < 0 or self._checked == len(values):
            return
        if at != (self._checked if iterations is None else iterations[self._checked]):
            return
        kept, made = float(values[self._checked]), float(self.session.curves.train.recent[-1])
        if abs(made - kept) > ALIKE * max(1.0, abs(kept)):
            raise LayerwiseError(OTHER_COST.format(at, made, kept))
        self._checked += 1

    def hand_over(self, live: Session) -> None:
        """Give the run its past, once it is complete."""
        past, later = self.session.past, live.past
        assert past is not None
        live.take_past(past if later is None else past.followed_by(later))


def _set_by_hand(live: Session, before: int) -> list[tuple[int, Numbers]]:
    """The changes by hand in a run before an iteration; LayerwiseError if they are unknown."""
    found = [(at, numbers) for at, numbers in live.by_hand.values if at < before]
    fits = {
        at
        for at, numbers in found
        if all(has_place(live.network.sizes, place) for place in numbers.values)
    }
    for at in live.by_hand.iterations.tolist():
        if at < before and at not in fits:
            raise LayerwiseError(BY_HAND.format(at))
    return found


def history(project: Project, marks: Sequence[Mark]) -> tuple[Project, list[tuple[int, Project]]]:
    """The settings at the start of a run that has this project now, and those from each iteration
    on at which they were changed, ascending. Raises LayerwiseError if the marks are inconsistent.
    """
    changes: list[tuple[int, Project]] = []
    by_iteration = groupby(reversed(marks), key=lambda mark: mark.iteration)
    for iteration, changed in by_iteration:
        changes.insert(0, (iteration, project))
        for mark in changed:
            if mark.what not in MARKS and not _OF_LAYER.fullmatch(mark.what):
                raise LayerwiseError(f"The history of the run names {mark.what!r}.")
            project = _before(project, mark)
        project = decode(encode(project))  # read from a file: check it
    return project, changes


def _before(project: Project, mark: Mark) -> Project:
    """The settings before this one was changed."""
    value = mark.before
    if (found := _OF_LAYER.fullmatch(mark.what)) is not None:
        return _layer_before(project, found[1], int(found[2]) - 1, value)
    if mark.what == "decay":
        return edits.with_decay(project, form=value)
    if mark.what.startswith("decay_"):
        return edits.with_decay(project, **{mark.what.removeprefix("decay_"): value})
    return edits.with_training(project, **{mark.what: value})


def _layer_before(project: Project, name: str, l: int, value: object) -> Project:
    layers = list(project.network.layers)
    if name != "dropout":
        value = tuple(int(unit) - 1 for unit in re.findall(r"\d+", str(value or "")))
    if not 0 <= l < len(layers):
        raise LayerwiseError(f"The history of the run names layer {l + 1}.")
    layers[l] = replace(layers[l], **{name: value})
    return edits.with_network(project, layers=tuple(layers))
