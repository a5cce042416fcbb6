"""Ended runs inside a `.layerwise` file: `kept` (JSON), and `kept_1` …, a file for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from core.errors import LayerwiseError
from core.project import Project
from core.runs import EndedRun, within_budget
from core.state import RunState

NAME = "kept"
PICTURE = "kept_picture_"
MOST_PICTURE = 4 * 2**20  # bytes of a run's picture

Encode = Callable[[Project, RunState], bytes]
Decode = Callable[[bytes, str], tuple[Project, RunState]]  # raises LayerwiseError


class _Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    number: int
    cost: float | None  # None: not a finite number
    accuracy: float | None
    test_cost: float | None
    test_accuracy: float | None
    name: str
    note: str
    drawn: bool = True


def names(found: Iterable[str]) -> set[str]:
    """Those of the names in a file that are of kept runs; none without the one that lists them."""
    kept = {name for name in found if name == NAME or name.startswith(f"{NAME}_")}
    return kept if NAME in kept else set()


def pack(runs: Sequence[EndedRun], encode: Encode) -> dict[str, NDArray[Any]]:
    """The members for these runs, the newest that fit the budget."""
    runs = within_budget(runs)
    if not runs:
        return {}
    said = [
        _Kept(
            run.number,
            run.cost if np.isfinite(run.cost) else None,
            run.accuracy,
            run.test_cost,
            run.test_accuracy,
            run.name,
            run.note,
            run.drawn,
        )
        for run in runs
    ]
    found: dict[str, NDArray[Any]] = {NAME: np.array(msgspec.json.encode(said).decode())}
    for i, run in enumerate(runs, start=1):
        found[f"{NAME}_{i}"] = np.frombuffer(encode(run.project, run.state), np.uint8)
        if run.picture is not None:
            found[f"{PICTURE}{i}"] = run.picture
    return found


def unpack(
    text: bytes, member: Callable[[str], NDArray[Any] | None], decode: Decode
) -> tuple[EndedRun, ...]:
    """The runs that `pack` made members of; raises LayerwiseError or ValueError if it did not."""
    try:
        said = msgspec.json.decode(text, type=list[_Kept])
    except msgspec.DecodeError as error:
        raise LayerwiseError(str(error)) from None
    runs = []
    for i, kept in enumerate(said, start=1):
        content = member(f"{NAME}_{i}")
        if content is None or content.dtype != np.uint8 or content.ndim != 1:
            raise LayerwiseError(f"run {i} is missing.")
        project, state = decode(content.tobytes(), f"run {i}")
        runs.append(
            EndedRun(
                kept.number,
                project,
                state,
                np.inf if kept.cost is None else kept.cost,
                kept.accuracy,
                kept.test_cost,
                kept.test_accuracy,
                _picture(member(f"{PICTURE}{i}"), project),
                kept.name,
                kept.note,
                kept.drawn,
            )
        )
    return tuple(runs)


def _picture(found: NDArray[Any] | None, project: Project) -> NDArray[np.float32] | None:
    """The picture if it can be one of this project; it is only looked at, so else there is none."""
    outputs = project.network.layers[-1].units
    if found is None or found.dtype != np.float32 or found.ndim != 3:
        return None
    square = found.shape[1] == found.shape[2] and 0 < found.nbytes <= MOST_PICTURE
    if found.shape[0] != outputs or not square or not np.isfinite(found).all():
        return None
    picture: NDArray[np.float32] = found.copy()
    picture.setflags(write=False)
    return picture
