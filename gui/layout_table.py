"""The table of layouts: which panels each shows, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

Groups = tuple[tuple[str, ...], ...]


class Height(StrEnum):
    """How much fits into a window, one above the other."""

    HIGH = "high"
    LOW = "low"
    FLAT = "flat"  # too low for a panel as wide as the window below the network
    SCANT = "scant"  # too low for any panel below the network


@dataclass(frozen=True, slots=True)
class Layout:
    """The visible panels and their positions; the panels of one group share a place, the first in
    front. In a flat window the panels at the right and those below change places; in a scant one
    they share the place at the right.
    """

    title: str
    keys: str
    tip: str
    left: Groups
    right: Groups
    right_low: Groups  # in a window too low for one above the other
    below: Groups = ()

    def plots(self, height: Height) -> Groups:
        """The groups at the right, in a window of that height."""
        return self.right if height is Height.HIGH else self.right_low

    def groups(self, height: Height) -> Groups:
        """All groups, in a window of that height."""
        if height is Height.SCANT:
            return (*self.left, sum((*self.below, *self.plots(height)), ()))
        return (*self.left, *self.plots(height), *self.below)

    def taught(self, beside: Sequence[str], below: Sequence[str], *, data: bool) -> Layout:
        """The same next to a lesson, with these panels at the right and below."""
        low = (tuple(beside[:1]), tuple(beside[1:])) if beside else self.right_low
        if below and not beside:
            low = low[:1]  # two would be too low above it
        return replace(
            self,
            left=((LESSON,), ("data",)) if data else ((LESSON,),),
            right=tuple((name,) for name in beside[:3]) or self.right,
            right_low=tuple(group for group in low if group),
            below=tuple((name,) for name in below) or self.below,
        )


_PLANE: Groups = (("boundary",),)
LAYOUTS = {
    "build": Layout(
        "Build", "Alt+1", "The data, the network and what it answers",
        left=(("data",),), right=_PLANE, right_low=_PLANE,
    ),
    "train": Layout(
        "Train", "Alt+2", "The network beside large plots of how it learns",
        left=(("data",),),
        right=(("boundary",), ("cost",), ("activations",)),
        right_low=(("boundary",), ("cost", "activations")),
    ),
    "walk": Layout(
        "Walk", "Alt+3", "The stepper with room for every number, the network above",
        left=(),
        right=(("boundary", "cost", "activations", "lens"),),
        right_low=(("boundary", "cost", "activations", "lens"),),
        below=(("stepper",),),
    ),
}  # fmt: skip
FIRST = "train"
LESSON = "lesson"
# The panel in whose place a panel outside of the layout opens.
BESIDE = {
    "lens": "activations", "results": "activations", "distributions": "activations",
    "doctor": "activations",
    "slopes": "activations",
    "pinned": "boundary", "hidden": "boundary", "surface": "boundary",
    "layers": "stepper", "examples": "stepper", "runs": "stepper",
}  # fmt: skip
BESIDE_LOW = {"cost": "boundary", "activations": "boundary"}  # the same in a low window
