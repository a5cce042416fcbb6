"""A finding of the doctor: the problem, and what to try."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: `what` is wrong, `advice` to try; `layer` and `units` say where.

    `name` is the rule's, the same for every finding of one kind.
    """

    name: str
    what: str
    advice: str
    layer: int | None = None
    units: tuple[int, ...] = ()
