"""The frozen plan of a sweep, and the list of runs it needs."""

from __future__ import annotations

import hashlib
import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core import edits
from core.data.numbers import listed
from core.errors import LayerwiseError
from core.limits import clip
from core.nn.network import Network
from core.project import MAX_SEED, OWN, Project, check, encode
from core.sweep.keys import Value, check_key, parse, rank, show, with_value

MAX_RUNS = 10_000
SEEDED = ("seed", "data_seed", "network.seed", "data.seed")


@dataclass(frozen=True, slots=True)
class SweepAxis:
    """A key and the values it takes in turn."""

    key: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A project, the varied settings, and the number of seeds for each combination of values.

    The k-th seed adds k to the weight seed and to the data seed: everything random is drawn again,
    and the first seed is the project's own.
    """

    project: Project
    axes: tuple[SweepAxis, ...]
    seeds: int = 1


@dataclass(frozen=True, slots=True)
class PlannedRun:
    """One run of a plan: the value of each axis, the index of its seed (from 0), and the project.

    Two with the same `digest` are the same run.
    """

    settings: tuple[Value, ...]
    seed: int
    project: Project
    digest: str


def axis(text: str) -> SweepAxis:
    """Parse an axis KEY=v1,v2,…; raises LayerwiseError naming the error."""
    key, equals, values = text.partition("=")
    if not equals:
        raise LayerwiseError(f"{clip(text)!r} varies nothing: write KEY=value,value,…")
    return axis_of(key.strip(), values)


def axis_of(key: str, text: str) -> SweepAxis:
    """The axis of a key and its values, separated by commas, or by semicolons (0,1; 1,5)."""
    check_key(key)
    try:
        words = listed(text)
    except ValueError:
        raise LayerwiseError(
            f"{key}={clip(text)} can be read in two ways: write 0.1, 1.5 with points, or 0,1; 1,5"
            " with semicolons."
        ) from None
    if not all(words):
        raise LayerwiseError(f"{key} needs values, separated by commas: {key}=value,value,…")
    values: dict[tuple[bool, Value], Value] = {}
    for word in words:
        value = parse(word)
        known = (isinstance(value, bool), value)  # Python takes True for 1, and so 1 for 1.0
        if known in values:
            raise LayerwiseError(f"{key} names {clip(word)} twice: leave one out.")
        values[known] = value
    return SweepAxis(key, tuple(values.values()))


def runs_of(plan: Plan) -> tuple[PlannedRun, ...]:
    """Every run of the plan, checked: the last axis varies fastest, within it the seeds.

    Raises LayerwiseError, before any training, for the first one that cannot be trained.
    """
    _check(plan)
    runs = tuple(
        _run(plan, settings, seed)
        for settings in itertools.product(*(axis.values for axis in plan.axes))
        for seed in range(plan.seeds)
    )
    for i, axis in enumerate(plan.axes):
        if len(axis.values) > 1 and not _matters(runs, i):
            raise LayerwiseError(f"{axis.key} changes nothing here: vary something else.")
    return runs


def check_size(plan: Plan) -> int:
    """How many runs it has; raises LayerwiseError if these are too many."""
    total = math.prod(len(axis.values) for axis in plan.axes) * plan.seeds
    if total > MAX_RUNS:
        raise LayerwiseError(
            f"That would be {total:,} runs, and the limit is {MAX_RUNS:,}: vary fewer values."
        )
    return total


def digest_of(project: Project) -> str:
    """The identity of a project's training: 32 hexadecimal digits, equal for equal settings."""
    return hashlib.blake2b(encode(project), digest_size=16).hexdigest()


def settings_of(axes: Sequence[SweepAxis], settings: Iterable[Value]) -> str:
    """The values of a run for a sentence: `learning_rate 0.1, units 4`."""
    pairs = zip(axes, settings, strict=True)
    return ", ".join(f"{axis.key} {show(value)}" for axis, value in pairs)


def _check(plan: Plan) -> None:
    if not plan.axes:
        raise LayerwiseError("Nothing is varied: name at least one key and its values.")
    keys = [axis.key for axis in plan.axes]
    for i, key in enumerate(keys):
        if key in keys[:i]:
            raise LayerwiseError(f"{key} is varied twice: name all its values at once.")
        if plan.seeds > 1 and key in SEEDED:
            raise LayerwiseError(f"{key} is varied, and so are the seeds: leave one of them out.")
    if plan.seeds < 1:
        raise LayerwiseError(f"A sweep needs at least one seed, not {plan.seeds}.")
    check_size(plan)


def _run(plan: Plan, settings: tuple[Value, ...], seed: int) -> PlannedRun:
    base = plan.project  # only what affects training counts: no notes, no view
    project = Project(data=base.data, network=base.network, training=base.training)
    pairs = list(zip(plan.axes, settings, strict=True))
    for axis, value in sorted(pairs, key=lambda pair: rank(pair[0].key)):
        if axis.key in ("examples", "noise") and project.data.source == OWN:
            raise LayerwiseError(f"{axis.key} cannot be varied: data of your own have their own.")
        project = with_value(project, axis.key, value)
    if seed:
        project = edits.with_data(project, seed=_moved(project.data.seed, seed))
        project = edits.with_network(project, seed=_moved(project.network.seed, seed))
    try:
        check(project)
        network = Network(project.sizes(), project.activations, project.training.loss)
        if refusal := network.refusal():
            raise LayerwiseError(refusal)
    except LayerwiseError as error:
        what = settings_of(plan.axes, settings)
        raise LayerwiseError(f"{clip(what, 200)} cannot be trained: {error}") from None
    return PlannedRun(settings, seed, project, digest_of(project))


def _moved(seed: int, by: int) -> int:
    return (seed + by) % (MAX_SEED + 1)


def _matters(runs: tuple[PlannedRun, ...], i: int) -> bool:
    """Whether some other value of axis i makes a different run of the same remaining settings."""
    seen: dict[tuple[object, ...], str] = {}
    for run in runs:
        rest = (*map(repr, run.settings[:i]), *map(repr, run.settings[i + 1 :]), run.seed)
        if seen.setdefault(rest, run.digest) != run.digest:
            return True
    return False
