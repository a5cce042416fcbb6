"""The ended runs of a project: settings, results, and the state to continue from."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.nn.activations import Array
from core.project import Project
from core.state import RunState, same_bits

BUDGET = 64 * 2**20  # bytes that all runs of a project may take, in memory and in its file
MOST = 1000  # runs: a file with this many opens in a few seconds
MOST_PICTURE = 4 * 2**20  # bytes of a run's picture
SCORES = ("cost", "accuracy", "r2", "test_cost", "test_accuracy", "test_r2")
LONGEST_NAME, LONGEST_NOTE = 80, 1000  # characters


@dataclass(frozen=True, slots=True, eq=False)
class EndedRun:
    """A run that was replaced by another one; every array is read-only.

    `number` identifies it among the runs of one session of the window. The costs, accuracies and R²
    (None if the labels are of another kind, or without test examples) are those of its last
    parameters. `picture` holds the outputs over the plane, (n[L], side, side) from x2's top to its
    bottom, None without a plane. With `state` it can continue exactly. `name` and `note` are the
    user's. It was `drawn` if it began with the parameters drawn from its seed; `start` are the
    parameters (flat) to which its Reset returns, None if they are drawn from the seed.
    """

    number: int
    project: Project
    state: RunState
    cost: float
    accuracy: float | None
    test_cost: float | None
    test_accuracy: float | None
    picture: NDArray[np.float32] | None
    name: str = ""
    note: str = ""
    drawn: bool = True
    start: Array | None = None
    r2: float | None = None
    test_r2: float | None = None

    @property
    def title(self) -> str:
        """The name to show for it."""
        return self.name or f"Run {self.number}"

    def same_as(self, other: EndedRun) -> bool:
        """Whether the two are equal in everything, to the last bit."""
        said = [(run.number, run.project, run.name, run.note, run.drawn) for run in (self, other)]
        scores = [
            np.array([getattr(run, name) for name in SCORES], np.float64) for run in (self, other)
        ]
        return (
            said[0] == said[1]
            and np.array_equal(scores[0], scores[1], equal_nan=True)
            and self.state.same_as(other.state)
            and same_bits(self.picture, other.picture)
            and same_bits(self.start, other.start)
        )

    @property
    def bytes(self) -> int:
        """The total size of its arrays."""
        state = self.state
        arrays = [state.flat, state.grad, state.costs, state.test_costs, state.test_iterations]
        arrays += state.memory.values()
        if state.cost_iterations is not None:
            arrays.append(state.cost_iterations)
        arrays += [array for array in (self.picture, self.start) if array is not None]
        return sum(array.nbytes for array in arrays)


def tidy_name(name: str) -> str:
    """A run's name in its stored form: one line of at most LONGEST_NAME characters."""
    return " ".join(_shown(name).split())[:LONGEST_NAME].rstrip()


def tidy_note(note: str) -> str:
    """A run's note in its stored form: at most LONGEST_NOTE characters, without
    surrounding blanks.
    """
    return _shown(note).strip()[:LONGEST_NOTE].rstrip()


def _shown(text: str) -> str:
    """The text without characters that cannot be displayed: control characters, direction marks,
    lone surrogates.
    """
    return "".join(c if c in "\n\t" or _is_shown(c) else "\N{REPLACEMENT CHARACTER}" for c in text)


def _is_shown(c: str) -> bool:
    turns = "\u202a" <= c <= "\u202e" or "\u2066" <= c <= "\u2069" or c in "\u200e\u200f\u061c"
    return not turns and unicodedata.category(c) not in ("Cc", "Cs")


def within_budget(runs: Sequence[EndedRun], budget: int = BUDGET) -> tuple[EndedRun, ...]:
    """The newest of the runs (ordered by time) that fit the budget together, at most MOST."""
    kept: list[EndedRun] = []
    for run in reversed(runs[-MOST:]):
        budget -= run.bytes
        if budget < 0:
            break
        kept.append(run)
    return tuple(reversed(kept))


def is_again(one: EndedRun, other: EndedRun) -> bool:
    """Whether two are the same run at the same iteration: reopened and not changed."""
    a, b = one.state, other.state
    if (one.project, a.iteration) != (other.project, b.iteration):
        return False
    return np.array_equal(a.flat, b.flat) and np.array_equal(a.costs, b.costs)


def differences(projects: Sequence[Project]) -> dict[str, tuple[object, ...]]:
    """The settings in which projects differ: path -> the value of each, None if it has none.

    A path is written as in the project's JSON, layers counted from 1: `network.layers[2].units`.
    """
    tables = [settings_of(project) for project in projects]
    paths = dict.fromkeys(path for table in tables for path in table)
    found = {path: tuple(table.get(path) for table in tables) for path in paths}
    return {path: values for path, values in found.items() if len(set(values)) > 1}


def settings_of(project: Project) -> dict[str, object]:
    """Every setting of a project by its path, as in `differences`."""
    return dict(_leaves(project, ""))


def same_seeds(one: Project, other: Project) -> bool:
    """Whether two runs drew their examples and their initial weights from the same seeds."""
    seeds = [(p.data.source, p.data.seed, p.network.seed) for p in (one, other)]
    return seeds[0] == seeds[1]


def drawn_alike(one: EndedRun, other: EndedRun) -> bool:
    """Whether two runs began with the same random draws, so that their difference is not luck."""
    return one.drawn and other.drawn and same_seeds(one.project, other.project)


def _leaves(value: object, path: str) -> list[tuple[str, object]]:
    """The plain values in settings, each with its path."""
    names = getattr(value, "__struct_fields__", None)
    if names is not None:
        parts = [(f"{path}.{name}".lstrip("."), getattr(value, name)) for name in names]
    elif isinstance(value, tuple) and value and hasattr(value[0], "__struct_fields__"):
        parts = [(f"{path}[{l}]", part) for l, part in enumerate(value, start=1)]
    else:
        return [(path, value)]
    return [leaf for name, part in parts for leaf in _leaves(part, name)]
