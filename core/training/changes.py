"""Lists the hyperparameters that differ between two settings, for a run's history."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.project import Project
from core.settings import MARKS
from core.state import Mark, Value

_OF_TRAINING = tuple(mark for mark, row in MARKS.items() if row.path == f"training.{mark}")


def marked(
    marks: Sequence[Mark], iteration: int, before: Project, after: Project
) -> tuple[Mark, ...]:
    """The marks, with the changes after this many updates.

    Several changes of one setting at the same iteration count as one; a change reverted before the
    next iteration does not count.
    """
    found = list(marks)
    for what, old, new in _differences(before, after):
        same = [mark for mark in found if (mark.iteration, mark.what) == (iteration, what)]
        first = same[0].before if same else old
        found = [mark for mark in found if mark not in same]
        if first != new:
            found.append(Mark(iteration, what, first, new))
    return tuple(found)


def _differences(before: Project, after: Project) -> Iterator[tuple[str, Value, Value]]:
    old, new = before.training, after.training
    for name in _OF_TRAINING:
        if getattr(old, name) != getattr(new, name):
            yield name, getattr(old, name), getattr(new, name)
    if old.decay.form != new.decay.form:
        yield "decay", old.decay.form, new.decay.form
    elif new.schedule is not None:
        for name in ("rate", "interval"):
            if getattr(old.decay, name) != getattr(new.decay, name):
                yield f"decay_{name}", getattr(old.decay, name), getattr(new.decay, name)
    yield from _of_layers(before, after)


def _of_layers(before: Project, after: Project) -> Iterator[tuple[str, Value, Value]]:
    layers = zip(before.network.layers, after.network.layers, strict=True)
    for l, (one, other) in enumerate(layers, start=1):
        if one.dropout != other.dropout:
            yield f"dropout[{l}]", one.dropout, other.dropout
        for name in ("muted", "frozen"):
            units, others = getattr(one, name), getattr(other, name)
            if units != others:
                yield f"{name}[{l}]", _listed(units), _listed(others)


def _listed(units: tuple[int, ...]) -> Value:
    """Units as people count them, from 1."""
    return ", ".join(str(unit + 1) for unit in units) or None
