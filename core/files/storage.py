"""`.layerwise` files: a project with its run and its own data, in a zip that `numpy.load` reads.

`read` and `write` are for files, `decode` and `encode` for the same bytes in memory. To see that a
file was changed outside since, keep the `disk.Stamp` taken before reading or returned by `write`.
In the file: `project` (JSON) · of a run W1, b1 … WL, bL and `activations` as in exported weights,
`run` (JSON), `costs`, `grad`, `test_iterations`, `test_costs`, `memory_…` · of own data `own`
(JSON), `X`, `Y` · `start` · `view` (JSON) · of runs that ended `kept`, … (core/files/kept_runs.py).
"""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from core.data.datasets import Kind, Picture
from core.data.own import OwnData, own_data
from core.data.sheet import Sheet
from core.errors import LayerwiseError
from core.files import disk, kept_runs, npz
from core.files.npz import Arrays, fault
from core.files.packing import as_bytes, packed
from core.nn.activations import Array
from core.nn.parameters import Parameters, count
from core.progress import Progress, part_of, unheard
from core.project import OwnSettings, Project, describe, refuse_duplicates
from core.project import decode as decode_project
from core.project import encode as encode_project
from core.runs import EndedRun
from core.state import Mark, RunState
from core.view import View, fitted
from core.view import decode as decode_view
from core.view import encode as encode_view

Named = dict[str, NDArray[Any]]
Known = dict[RunState, bytes]  # ended runs as files within the file
_T = TypeVar("_T")

MEMORY = "memory_"
PLACES = "cost_iterations"  # of the costs, where not all are kept
_RUN = ("costs", "grad", "test_iterations", "test_costs")
_PIXEL = 255  # a picture's numbers are bytes divided by this


@dataclass(frozen=True, slots=True, eq=False)
class Saved:
    """All that a `.layerwise` file holds.

    `state` is where the run stands, None before its first iteration; `own` is there exactly where
    `project.data.own` describes it. `start` are the parameters (flat) that Reset leads back to if
    they were not drawn from the seed. `view` is how one looked at it; `runs` have ended before.
    """

    project: Project
    state: RunState | None = None
    own: OwnData | None = None
    start: Array | None = None
    view: View = field(default_factory=View)
    runs: tuple[EndedRun, ...] = ()


class _Run(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    iteration: int
    marks: tuple[Mark, ...] = ()


class _Own(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kind: Kind
    inputs: tuple[str, ...]  # empty: x1 … xn
    classes: tuple[str, ...]
    origin: str
    picture: Picture | None
    test_examples: int
    sheet: Sheet | None = None


def write(path: Path | str, saved: Saved, progress: Progress = unheard) -> disk.Stamp:
    """Replace the file; whatever fails (LayerwiseError naming it), the old one is untouched."""
    content = encode(saved, progress=part_of(progress, 0, 2))
    if len(content) > npz.MAX_FILE:
        raise LayerwiseError(
            f"{disk.shown(path)} cannot be written: it would have {len(content):,} bytes, and the"
            f" limit is {npz.MAX_FILE:,}. Save with fewer examples."
        )
    return disk.replace(path, content, part_of(progress, 1, 2))


def read(path: Path | str, progress: Progress = unheard) -> Saved:
    """All of the file, checked; raises LayerwiseError naming the file and what is wrong with it."""
    return _read(path, npz.opened(path, progress))


def decode(content: bytes, name: str) -> Saved:
    """The same of the bytes of a file; sentences call it `name`."""
    return _read(name, npz.within(name, io.BytesIO(content)))


def read_apart(path: Path | str, own_of: Callable[[str], OwnData]) -> Saved:
    """The same of a file encoded without its own data, which `own_of(digest)` then brings."""
    return _read(path, npz.opened(path), own_of)


def fits(project: Project, state: RunState) -> bool:
    """Whether the run is one of this project: its parameters have the same shapes and precision."""
    same_size = state.flat.size == count(project.sizes())
    return same_size and state.flat.dtype == project.training.dtype


def encode(
    saved: Saved, *, apart: bool = False, known: Known | None = None, progress: Progress = unheard
) -> bytes:
    """The bytes of the file, the same for the same values; without the own data if `apart`.

    `known` are the bytes of ended runs from an earlier call, to which new ones are added. Raises
    LayerwiseError if the parts do not belong together.
    """
    project, own = saved.project, saved.own
    if project.data.own != (None if own is None else describe(own)):
        raise LayerwiseError("The project and its own data do not belong together.")
    arrays: Named = {"project": np.array(encode_project(project).decode())}
    if saved.state is not None:
        arrays |= _run_arrays(project, saved.state)
    if saved.start is not None:
        arrays["start"] = saved.start
    if own is not None and not apart:
        arrays |= _own_arrays(own)
    if saved.view != View():
        arrays["view"] = np.array(encode_view(saved.view).decode())
    runs = [run for run in saved.runs if _has_data_of(saved, run)]
    arrays |= kept_runs.pack(runs, lambda run: _inner(run, own, {} if known is None else known))
    return packed(arrays, progress)


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
        return _own(path, arrays)


def _json(value: object) -> NDArray[np.str_]:
    return np.array(msgspec.json.encode(value).decode())


def _run_arrays(project: Project, state: RunState) -> Named:
    if not fits(project, state):
        raise LayerwiseError("The weights do not fit the network that they are to be saved with.")
    p = Parameters(project.sizes(), flat=state.flat)
    arrays: Named = {"activations": np.array(project.activations)}
    for l in p.W:
        arrays[f"W{l}"], arrays[f"b{l}"] = p.W[l], p.b[l]
    arrays["run"] = _json(_Run(state.iteration, state.marks))
    arrays |= {name: getattr(state, name) for name in _RUN}
    if state.cost_iterations is not None:
        arrays[PLACES] = state.cost_iterations
    return arrays | {MEMORY + name: array for name, array in state.memory.items()}


def _own_arrays(own: OwnData) -> Named:
    usual = tuple(f"x{i}" for i in range(1, len(own.X) + 1))
    text = _json(
        _Own(
            own.kind,
            () if own.inputs == usual else own.inputs,
            own.classes,
            own.origin,
            own.picture,
            own.test_examples,
            own.sheet,
        )
    )
    return {"own": text, "X": as_bytes(own.X, _scale(own.picture)), "Y": as_bytes(own.Y, 1)}


def _scale(picture: Picture | None) -> int:
    return 1 if picture is None else _PIXEL


def _read(
    path: Path | str,
    opened: AbstractContextManager[Arrays],
    own_of: Callable[[str], OwnData] | None = None,
    *,
    within: bool = False,
) -> Saved:
    own: OwnData | None = None
    with opened as arrays:
        project = _project(path, arrays)
        kept = set() if within else kept_runs.names(arrays.headers)
        _check_names(path, arrays, project, kept, apart=own_of is not None)
        state = _state(path, arrays, project) if "run" in arrays.headers else None
        start = _start(path, arrays, project) if "start" in arrays.headers else None
        view = View()
        if "view" in arrays.headers:
            view = fitted(decode_view(arrays.text("view").encode()), project)
        if (said := project.data.own) is not None:
            own = _own(path, arrays, said) if own_of is None else own_of(said.digest)
        runs = _runs(path, arrays, own) if kept else ()
    if project.data.own != (None if own is None else describe(own)):
        raise fault(path, "its own data are not those that the project was made with")
    return Saved(project, state, own, start, view, runs)


def _runs(path: Path | str, arrays: Arrays, own: OwnData | None) -> tuple[EndedRun, ...]:
    """The runs that have ended; each is in a file of its own, without own data, within the file."""

    def run_of(content: bytes, name: str) -> kept_runs.Standing:
        def own_of(_digest: str) -> OwnData:
            if own is None:
                raise LayerwiseError(f"{name} has data of its own")
            return own

        saved = _read(name, npz.within(name, io.BytesIO(content)), own_of, within=True)
        if saved.state is None:
            raise LayerwiseError(f"{name} has not begun")
        return saved.project, saved.state, saved.start

    def member(name: str) -> NDArray[Any] | None:
        return arrays.exact(name) if name in arrays.headers else None

    try:
        return kept_runs.unpack(member, run_of)
    except LayerwiseError as error:
        raise fault(path, f"its ended runs cannot be read: {str(error).rstrip('.')}") from None


def _project(path: Path | str, arrays: Arrays) -> Project:
    if "project" not in arrays.headers:
        held = ", ".join(list(arrays.headers)[:6]) or "nothing"
        raise fault(path, f"it is not a Layerwise project: it holds {held}")
    try:
        return decode_project(arrays.text("project").encode())
    except LayerwiseError as error:
        raise fault(path, str(error).rstrip(".")) from None


def _check_names(
    path: Path | str, arrays: Arrays, project: Project, kept: set[str], *, apart: bool
) -> None:
    """Refuse a file with an array too few or too many; `kept` are of runs that have ended."""
    needed, allowed = {"project"}, {"start", "view"} | kept
    names = set(arrays.headers)
    if "run" in names:
        layers = range(1, len(project.network.layers) + 1)
        needed |= {"run", "activations", *_RUN, *(f"{a}{l}" for a in "Wb" for l in layers)}
        allowed |= {name for name in names if name.startswith(MEMORY)} | {PLACES}
    if project.data.own is not None and not apart:
        needed |= {"own", "X", "Y"}
    if missing := sorted(needed - names):
        raise fault(path, f"{', '.join(missing[:6])} is missing")
    if extra := sorted(names - needed - allowed):
        raise fault(path, f"it holds {', '.join(extra[:6])}, which does not belong in a project")


def _state(path: Path | str, arrays: Arrays, project: Project) -> RunState:
    run = _parse(path, arrays, "run", _Run)
    if not 0 <= run.iteration < 2**53:
        raise fault(path, f"its run says that it made {run.iteration} iterations")
    if any(not 0 <= mark.iteration <= run.iteration for mark in run.marks):
        raise fault(path, "its run says that something was changed in it at no iteration of it")
    sizes = project.sizes()
    tests = arrays.headers["test_costs"].shape
    places = _places(path, arrays, run.iteration)
    kept = run.iteration if places is None else len(places)
    shapes: dict[str, tuple[int, ...]] = {"costs": (kept,), "grad": (count(sizes),)}
    shapes |= {"test_costs": tests[:1], "test_iterations": tests[:1]}
    for l, (n_prev, n) in enumerate(pairwise(sizes), start=1):
        shapes |= {f"W{l}": (n, n_prev), f"b{l}": (n, 1)}
    for name, shape in shapes.items():
        _check_shape(path, arrays, name, shape)
    p = Parameters(sizes, project.training.dtype)
    for l in p.W:
        p.W[l][...] = _cast(arrays.numbers(f"W{l}"), p.flat.dtype)
        p.b[l][...] = _cast(arrays.numbers(f"b{l}"), p.flat.dtype)
    if not np.isfinite(p.flat).all():
        raise fault(path, f"a weight is too large for {project.training.dtype}")
    memory = {
        name.removeprefix(MEMORY): _frozen(arrays.exact(name))
        for name in arrays.headers
        if name.startswith(MEMORY)
    }
    return RunState(
        run.iteration,
        _frozen(p.flat),
        _frozen(_cast(arrays.exact("grad"), p.flat.dtype)),
        _frozen(arrays.numbers("costs")),
        _frozen(_cast(arrays.exact("test_iterations"), np.dtype(np.int64))),
        _frozen(_cast(arrays.exact("test_costs"), np.dtype(np.float64))),
        memory,
        run.marks,
        places,
    )


def _places(path: Path | str, arrays: Arrays, iterations: int) -> NDArray[np.int64] | None:
    """The iterations of the costs, where the run is so long that not all are kept."""
    if PLACES not in arrays.headers:
        return None
    places = arrays.exact(PLACES)
    whole = places.ndim == 1 and places.dtype.kind in "iu" and 0 < len(places) <= iterations
    if not (whole and places[0] == 0 and (np.diff(places.astype(np.float64)) > 0).all()):
        raise fault(path, f"{PLACES} are not ascending iterations from 0 on")
    if places[-1] >= iterations:
        raise fault(path, f"{PLACES} go beyond the {iterations} iterations that were made")
    return _frozen(_cast(places, np.dtype(np.int64)))


def _start(path: Path | str, arrays: Arrays, project: Project) -> Array:
    _check_shape(path, arrays, "start", (count(project.sizes()),))
    return _frozen(_cast(arrays.numbers("start"), np.dtype(project.training.dtype)))


def _own(path: Path | str, arrays: Arrays, said: OwnSettings | None = None) -> OwnData:
    text = _parse(path, arrays, "own", _Own)
    if said is not None:
        _check_shape(path, arrays, "X", (said.inputs, said.examples))
        _check_shape(path, arrays, "Y", (said.outputs, said.examples))
    X, Y = arrays.numbers("X"), arrays.numbers("Y")
    if arrays.headers["X"].dtype == np.uint8:
        X /= _scale(text.picture)
    try:
        return own_data(
            X,
            Y,
            text.origin,
            kind=text.kind,
            inputs=text.inputs,
            classes=text.classes,
            picture=text.picture,
            test_examples=text.test_examples,
            sheet=text.sheet,
        )
    except LayerwiseError as error:
        raise fault(path, str(error).rstrip(".")) from None


def _parse(path: Path | str, arrays: Arrays, name: str, type_: type[_T]) -> _T:
    text = arrays.text(name).encode()
    try:
        value = msgspec.json.decode(text, type=type_)
        refuse_duplicates(text)
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise fault(path, f"{name} is not what Layerwise writes there") from None
    return value


def _check_shape(path: Path | str, arrays: Arrays, name: str, shape: tuple[int, ...]) -> None:
    if (found := arrays.headers[name].shape) != shape:
        raise fault(path, f"{name} is {found} in the file, and the project needs {shape}")


def _cast(array: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    with np.errstate(all="ignore"):
        return array.astype(dtype)


def _frozen(array: NDArray[Any]) -> NDArray[Any]:
    array.setflags(write=False)
    return array
