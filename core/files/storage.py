"""`.layerwise` files: a project with its run and data, as a zip that `numpy.load` can read.

`read` and `write` are for files, `decode` and `encode` for the same bytes in memory. To detect that
another program changed a file, keep the `disk.Stamp` taken before reading or returned by `write`.
Parts are read separately: an unreadable run, view or ended run is left out and reported.

Members: `project` (JSON) · for a run W1, b1 … WL, bL and `activations` as in exported weights,
`run` (JSON), `costs`, `grad`, `test_iterations`, `test_costs`, `memory_…` · for own data `own`
(JSON), `X`, `Y` · `start` · `view` (JSON) · for ended runs `kept`, … (core/files/kept_runs.py).
"""

from __future__ import annotations

import io
from collections.abc import Callable, Set
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import numpy as np
from numpy.typing import NDArray

from core.data.own import OwnData
from core.errors import LayerwiseError
from core.files import disk, kept_runs, npz
from core.files.npz import Arrays, fault, reason
from core.files.packing import as_bytes, pack, packed
from core.files.parts import (
    CURVES,
    MEMORY,
    NO_CURVE,
    PLACES,
    OptionalParts,
    OwnHeader,
    RunHeader,
    of_run,
    own_of_file,
    scale_of,
)
from core.nn.activations import Array
from core.nn.parameters import Parameters, count
from core.progress import Progress, part_of, unheard
from core.project import Project, describe
from core.project import decode as decode_project
from core.project import encode as encode_project
from core.runs import EndedRun, within_budget
from core.state import RunState, same_bits
from core.view import View, fitted
from core.view import encode as encode_view

NamedArrays = dict[str, NDArray[Any]]
Known = dict[RunState, bytes]  # ended runs as files within the file

DIFFERS = "The {} would not come back from the file as it is."


@dataclass(frozen=True, slots=True, eq=False)
class Saved:
    """The content of a `.layerwise` file.

    `state` is the state of the run, None before its first iteration; `own` exists exactly if
    `project.data.own` describes it. `start` are the parameters (flat) to which Reset returns, if
    they were not drawn from the seed. `view` holds the view options; `runs` are ended runs.
    `set_aside` are sentences on parts of the file that could not be read.
    """

    project: Project
    state: RunState | None = None
    own: OwnData | None = None
    start: Array | None = None
    view: View = field(default_factory=View)
    runs: tuple[EndedRun, ...] = ()
    set_aside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file that was written and read back; `set_aside` as in Saved: the file opens without it."""

    stamp: disk.Stamp
    set_aside: tuple[str, ...] = ()


def write(path: Path | str, saved: Saved, progress: Progress = unheard) -> WrittenFile:
    """Replace the file by one that has been read back and compared, array by array.

    On any failure (LayerwiseError naming it), the old file is untouched.
    """
    members = _members(saved)
    aside: tuple[str, ...] = ()

    def fill(file: BinaryIO) -> int:
        size = pack(file, members, part_of(progress, 0, 2))
        _check_size(path, size)
        return size

    def check(file: BinaryIO) -> None:
        nonlocal aside
        aside = _read_back(path, file, saved, members, part_of(progress, 1, 2))

    _check_size(path, sum(array.nbytes for array in members.values()))
    stamp = disk.replace_by(path, fill, check)
    return WrittenFile(stamp, aside)


def _check_size(path: Path | str, size: int) -> None:
    if size > npz.MAX_FILE:
        raise LayerwiseError(
            f"{disk.shown(path)} cannot be written: it would have {size:,} bytes, and the"
            f" limit is {npz.MAX_FILE:,}. Save with fewer examples."
        )


def _read_back(
    path: Path | str, file: BinaryIO, saved: Saved, members: NamedArrays, progress: Progress
) -> tuple[str, ...]:
    """Compare a file with the intended content; returns sentences on the differences."""
    with npz.within(path, file, progress) as arrays:
        for name, array in members.items():
            if not arrays.holds(name, array):
                raise LayerwiseError(
                    f"{disk.shown(path)} cannot be written: {name} was read back otherwise than it"
                    " was written. Save to another disk."
                )
    own = saved.own
    bring = None if own is None else lambda _: own
    again = _read(path, npz.within(path, file, apart=True), bring, beside=True)
    return again.set_aside + tuple(
        DIFFERS.format(part) for part in differences(saved, again) if not again.set_aside
    )


def differences(saved: Saved, again: Saved) -> list[str]:
    """Which parts read from a file differ from the intended ones; without own data."""
    kept = within_budget([run for run in saved.runs if _has_data_of(saved, run)])
    same = {
        "project": saved.project == again.project,
        "run": _same_run(saved.state, again.state),
        "start": same_bits(saved.start, again.start),
        "view": fitted(saved.view, saved.project) == again.view,
        "ended runs": len(kept) == len(again.runs)
        and all(one.same_as(other) for one, other in zip(kept, again.runs, strict=False)),
    }
    return [part for part, is_same in same.items() if not is_same]


def _same_run(one: RunState | None, other: RunState | None) -> bool:
    return one is other if one is None or other is None else one.same_as(other)


def read(path: Path | str, progress: Progress = unheard) -> Saved:
    """Read the whole file, checked; raises LayerwiseError naming the file and the error."""
    return _read(path, npz.opened(path, progress, apart=True))


def decode(content: bytes, name: str) -> Saved:
    """The same of the bytes of a file; sentences call it `name`."""
    return _read(name, npz.within(name, io.BytesIO(content), apart=True))


def read_apart(path: Path | str, own_of: Callable[[str], OwnData]) -> Saved:
    """The same of a file encoded without its own data, which `own_of(digest)` then brings."""
    return _read(path, npz.opened(path, apart=True), own_of)


def fits(project: Project, state: RunState) -> bool:
    """Whether the run belongs to this project: its parameters have the same shapes
    and precision.
    """
    same_size = state.flat.size == count(project.sizes())
    return same_size and state.flat.dtype == project.training.dtype


def without_run(saved: Saved, error: LayerwiseError) -> Saved:
    """The same without a run that cannot continue, for this reason; its weights
    become the start.
    """
    if saved.state is None:
        return saved
    said = (*saved.set_aside, NO_CURVE.format(reason(error)))
    return replace(saved, state=None, start=saved.state.flat, set_aside=said)


def encode(
    saved: Saved, *, apart: bool = False, known: Known | None = None, progress: Progress = unheard
) -> bytes:
    """The bytes of the file, the same for the same values; without the own data if `apart`.

    `known` are the bytes of ended runs from an earlier call, to which new ones are added. Raises
    LayerwiseError if the parts do not belong together.
    """
    return packed(_members(saved, apart=apart, known=known), progress)


def _members(saved: Saved, *, apart: bool = False, known: Known | None = None) -> NamedArrays:
    """The arrays of the file."""
    project, own = saved.project, saved.own
    if project.data.own != (None if own is None else describe(own)):
        raise LayerwiseError("The project and its own data do not belong together.")
    arrays: NamedArrays = {"project": np.array(encode_project(project).decode())}
    if saved.state is not None:
        arrays |= _run_arrays(project, saved.state)
    if saved.start is not None:
        arrays["start"] = saved.start
    if own is not None and not apart:
        arrays |= _own_arrays(own)
    if saved.view != View():
        arrays["view"] = np.array(encode_view(saved.view).decode())
    runs = [run for run in saved.runs if _has_data_of(saved, run)]
    return arrays | kept_runs.pack(
        runs, lambda run: _inner(run, own, {} if known is None else known)
    )


def left_out(saved: Saved) -> tuple[EndedRun, ...]:
    """The ended runs that the file does not hold: they learned own data that it does not hold."""
    return tuple(run for run in saved.runs if not _has_data_of(saved, run))


def _has_data_of(saved: Saved, run: EndedRun) -> bool:
    return run.project.data.own in (None, saved.project.data.own)


def _inner(run: EndedRun, own: OwnData | None, known: Known) -> bytes:
    """A file within the file, which has the own data."""
    if run.state not in known:
        learns = own if run.project.data.own is not None else None
        known[run.state] = encode(Saved(run.project, run.state, learns, run.start), apart=True)
    return known[run.state]


def encode_own(own: OwnData, progress: Progress = unheard) -> bytes:
    """Own data alone, as bytes that `read_own` reads."""
    return packed(_own_arrays(own), progress)


def read_own(path: Path | str) -> OwnData:
    """The own data in a file that `encode_own` made; raises LayerwiseError naming the file."""
    with npz.opened(path) as arrays:
        if not {"own", "X", "Y"} <= arrays.headers.keys():
            raise fault(path, "it holds no data of Layerwise")
        return own_of_file(path, arrays)


def _json(value: object) -> NDArray[np.str_]:
    return np.array(msgspec.json.encode(value).decode())


def _run_arrays(project: Project, state: RunState) -> NamedArrays:
    if not fits(project, state):
        raise LayerwiseError("The weights do not fit the network in this project.")
    p = Parameters(project.sizes(), flat=state.flat)
    arrays: NamedArrays = {"activations": np.array(project.activations)}
    for l in p.W:
        arrays[f"W{l}"], arrays[f"b{l}"] = p.W[l], p.b[l]
    arrays["run"] = _json(RunHeader(state.iteration, state.marks))
    arrays |= {name: getattr(state, name) for name in CURVES}
    if state.cost_iterations is not None:
        arrays[PLACES] = state.cost_iterations
    return arrays | {MEMORY + name: array for name, array in state.memory.items()}


def _own_arrays(own: OwnData) -> NamedArrays:
    usual = tuple(f"x{i}" for i in range(1, len(own.X) + 1))
    text = _json(
        OwnHeader(
            own.kind,
            () if own.inputs == usual else own.inputs,
            own.classes,
            own.origin,
            own.picture,
            own.test_examples,
            own.sheet,
        )
    )
    return {"own": text, "X": as_bytes(own.X, scale_of(own.picture)), "Y": as_bytes(own.Y, 1)}


def _read(
    path: Path | str,
    opened: AbstractContextManager[Arrays],
    own_of: Callable[[str], OwnData] | None = None,
    *,
    within: bool = False,
    beside: bool = False,
) -> Saved:
    """Read the whole file; own data that `own_of` provides replace those in it, which
    are not read.
    """
    own: OwnData | None = None
    with opened as arrays:
        project = _project(path, arrays)
        names = arrays.headers.keys() | arrays.faults.keys()
        kept = set() if within else kept_runs.names(names)
        _check_names(path, names, project, kept, apart=own_of is not None, beside=beside)
        if (said := project.data.own) is not None:
            own = own_of_file(path, arrays, said) if own_of is None else own_of(said.digest)
        if project.data.own != (None if own is None else describe(own)):
            raise fault(path, "its own data are not those that the project was made with")
        parts = OptionalParts(path, arrays, project, names)
        start = parts.start()
        state = parts.run()
        decode = lambda content, name: _standing(content, name, own)  # noqa: E731 - no name says more
        runs = parts.runs(decode) if kept else ()
        return Saved(
            project,
            state,
            own,
            parts.instead if parts.instead is not None else start,
            parts.view(),
            runs,
            tuple(parts.set_aside),
        )


def _standing(content: bytes, name: str, own: OwnData | None) -> kept_runs.Standing:
    """The state of a run when it ended, from its inner file, without the own data."""

    def own_of(_digest: str) -> OwnData:
        if own is None:
            raise LayerwiseError("it has data of its own")
        return own

    file = npz.within(name, io.BytesIO(content), apart=True)
    saved = _read(name, file, own_of, within=True)
    if saved.state is None:
        raise LayerwiseError(saved.set_aside[0] if saved.set_aside else "it has not begun")
    return saved.project, saved.state, saved.start


def _project(path: Path | str, arrays: Arrays) -> Project:
    if "project" not in arrays.headers and "project" not in arrays.faults:
        held = ", ".join(list(arrays.headers)[:6]) or "nothing"
        raise fault(path, f"it is not a Layerwise project: it holds {held}")
    try:
        return decode_project(arrays.text("project").encode())
    except LayerwiseError as error:
        raise fault(path, str(error).rstrip(".")) from None


def _check_names(
    path: Path | str,
    names: Set[str],
    project: Project,
    kept: set[str],
    *,
    apart: bool,
    beside: bool,
) -> None:
    """Refuse a file without its own data, or with an array that belongs to none of its parts;
    `kept` are of runs that have ended.
    """
    own = {"own", "X", "Y"} if project.data.own is not None else set()
    if not apart and (missing := sorted(own - names)):
        raise fault(path, f"{', '.join(missing)} is missing")
    allowed = {"project", "start", "view"} | kept | (own if beside or not apart else set())
    extra = sorted(name for name in names - allowed if not of_run(name, project))
    if extra:
        raise fault(path, f"it holds {', '.join(extra[:6])}, which does not belong in a project")
