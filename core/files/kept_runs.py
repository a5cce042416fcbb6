"""Ended runs inside a `.layerwise` file, in the members `kept`, `kept_runs` and `kept_pictures`.

All runs share these three members, because a file may have no more than a hundred.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from core.errors import LayerwiseError
from core.files.npz import reason
from core.nn.activations import Array
from core.project import MAX_UNITS, Project
from core.runs import MOST_PICTURE, EndedRun, tidy_name, tidy_note, within_budget
from core.state import RunState

NAME, RUNS, PICTURES = "kept", "kept_runs", "kept_pictures"
MOST_SIDE = 1024
UNREADABLE = "Ended run {} cannot be read ({}). It is left out."
MISSING = "Ended run {} of {} and those after it are missing."
BYTES, FLOATS = np.dtype(np.uint8), np.dtype(np.float32)

Member = Callable[[str], NDArray[Any] | None]
Encode = Callable[[EndedRun], bytes]
Standing = tuple[Project, RunState, Array | None]  # with the initial parameters for Reset
Decode = Callable[[bytes, str], Standing]  # raises LayerwiseError


_Number = float | Literal["inf", "-inf", "nan"] | None  # JSON has no others but the finite ones


class _Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    number: int
    cost: _Number  # None: not a finite number, of an earlier version
    accuracy: _Number
    test_cost: _Number
    test_accuracy: _Number
    name: str
    note: str
    size: int  # bytes in `kept_runs`: a separate file, without own data
    picture: tuple[int, int] | None = None  # outputs and side, in `kept_pictures`
    drawn: bool = True
    r2: _Number | msgspec.UnsetType = msgspec.UNSET  # left out if empty, so that
    test_r2: _Number | msgspec.UnsetType = msgspec.UNSET  # ... older files keep their bytes


def names(found: Iterable[str]) -> set[str]:
    """The names in a file that belong to ended runs; none without the member that lists them."""
    kept = {NAME, RUNS, PICTURES} & set(found)
    return kept if NAME in kept else set()


def pack(runs: Sequence[EndedRun], encode: Encode) -> dict[str, NDArray[Any]]:
    """The members for these runs, the newest that fit the budget."""
    runs = within_budget(runs)
    if not runs:
        return {}
    files = [encode(run) for run in runs]
    pictures = [run.picture.ravel() for run in runs if run.picture is not None]
    said = [_said(run, len(file)) for run, file in zip(runs, files, strict=True)]
    return {
        NAME: np.frombuffer(msgspec.json.encode(said), BYTES),
        RUNS: np.frombuffer(b"".join(files), BYTES),
        PICTURES: np.concatenate([np.empty(0, FLOATS), *pictures]),
    }


def _said(run: EndedRun, size: int) -> _Kept:
    return _Kept(
        run.number,
        _written(run.cost),
        _written(run.accuracy),
        _written(run.test_cost),
        _written(run.test_accuracy),
        run.name,
        run.note,
        size,
        None if run.picture is None else run.picture.shape[:2],
        run.drawn,
        msgspec.UNSET if run.r2 is None else _written(run.r2),
        msgspec.UNSET if run.test_r2 is None else _written(run.test_r2),
    )


def _written(number: float | None) -> _Number:
    if number is None or math.isfinite(number):
        return None if number is None else float(number)
    return "nan" if math.isnan(number) else "inf" if number > 0 else "-inf"


def _read(number: _Number | msgspec.UnsetType) -> float | None:
    return None if number is None or number is msgspec.UNSET else float(number)


def unpack(member: Member, decode: Decode) -> tuple[tuple[EndedRun, ...], tuple[str, ...]]:
    """The runs that `pack` stored, and a sentence on each that cannot be read; raises
    LayerwiseError if none can be found.
    """
    try:
        said = msgspec.json.decode(_array(member, NAME, BYTES).tobytes(), type=list[_Kept])
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise LayerwiseError(str(error)) from None
    files = _array(member, RUNS, BYTES).tobytes()
    pictures = _array(member, PICTURES, FLOATS)
    runs, aside, at, seen = [], [], 0, 0
    for i, kept in enumerate(said, start=1):
        if not 0 < kept.size <= len(files) - at:
            aside.append(MISSING.format(i, len(said)))
            break
        content, at = files[at : at + kept.size], at + kept.size
        outputs, side = kept.picture or (0, 0)
        has_picture = 0 < outputs <= MAX_UNITS and 0 < side <= MOST_SIDE
        size = outputs * side**2 if has_picture else 0
        found, seen = pictures[seen : seen + size], seen + size
        try:
            standing = decode(content, f"run {i}")
        except LayerwiseError as error:
            aside.append(UNREADABLE.format(i, reason(error)))
            continue
        picture = _picture(found, (outputs, side, side), standing[0]) if has_picture else None
        runs.append(_run(kept, standing, picture))
    return tuple(runs), tuple(aside)


def _run(kept: _Kept, standing: Standing, picture: NDArray[np.float32] | None) -> EndedRun:
    project, state, start = standing
    return EndedRun(
        kept.number,
        project,
        state,
        np.inf if kept.cost is None else float(kept.cost),
        _read(kept.accuracy),
        _read(kept.test_cost),
        _read(kept.test_accuracy),
        picture,
        tidy_name(kept.name),
        tidy_note(kept.note),
        kept.drawn,
        start,
        _read(kept.r2),
        _read(kept.test_r2),
    )


def _array(member: Member, name: str, dtype: np.dtype[Any]) -> NDArray[Any]:
    found = member(name)
    if found is None or found.dtype != dtype or found.ndim != 1:
        raise LayerwiseError(f"{name} is missing.")
    return found


def _picture(
    found: NDArray[np.float32], shape: tuple[int, int, int], project: Project
) -> NDArray[np.float32] | None:
    """The picture if it fits this project, else None: it is only for display."""
    whole = found.size == math.prod(shape) and found.nbytes <= MOST_PICTURE
    if shape[0] != project.network.layers[-1].units or not whole or not np.isfinite(found).all():
        return None
    picture: NDArray[np.float32] = found.reshape(shape).copy()
    picture.setflags(write=False)
    return picture
