"""Reads the parts of a `.layerwise` file separately, so that one bad part costs no other."""

from __future__ import annotations

from collections.abc import Set
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from core.data.datasets import DataKind, PictureShape
from core.data.own import OwnData, own_data
from core.data.sheet import Sheet
from core.errors import LayerwiseError
from core.files import kept_runs
from core.files.npz import Arrays, fault, reason
from core.nn.activations import Array
from core.nn.parameters import Parameters, count
from core.project import OwnSettings, Project, refuse_duplicates
from core.runs import EndedRun
from core.state import Mark, RunState
from core.view import View, fitted
from core.view import decode as decode_view

_T = TypeVar("_T")

MEMORY = "memory_"
PLACES = "cost_iterations"  # the iterations of the costs, if not all are kept
CURVES = ("costs", "grad", "test_iterations", "test_costs")
_PIXEL = 255  # a picture's numbers are bytes divided by this
NO_RUN = "The run cannot be read ({}). The network starts from its seed."
NO_CURVE = "The run cannot be read ({}). Its weights are kept: the network starts from them."
NO_TESTS = "The test cost curve cannot be read ({}). The run continues without it."
NO_START = "The weights for Reset cannot be read ({}). Reset draws them from the seed instead."
NO_VIEW = "The view settings cannot be read ({}). They are the usual ones."
NO_RUNS = "The ended runs cannot be read ({}). They are left out."


def scale_of(picture: PictureShape | None) -> int:
    """The divisor for the bytes of X."""
    return 1 if picture is None else _PIXEL


class RunHeader(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The description of a run besides its arrays."""

    iteration: int
    marks: tuple[Mark, ...] = ()


class OwnHeader(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The description of own data besides X and Y."""

    kind: DataKind
    inputs: tuple[str, ...]  # empty: x1 … xn
    classes: tuple[str, ...]
    origin: str
    picture: PictureShape | None
    test_examples: int
    sheet: Sheet | None = None


def of_run(name: str, project: Project) -> bool:
    """Whether an array of this name belongs to a run."""
    layers = range(1, len(project.network.layers) + 1)
    fixed = {"run", "activations", PLACES, *CURVES, *(f"{a}{l}" for a in "Wb" for l in layers)}
    return name in fixed or name.startswith(MEMORY)


class OptionalParts:
    """Reads the optional parts of a file; `set_aside` says what could not be read.

    `instead` are the weights of a run whose rest cannot be read: it can start from these.
    """

    def __init__(self, path: Path | str, arrays: Arrays, project: Project, names: Set[str]) -> None:
        self._path, self._arrays, self._project = path, arrays, project
        self._names = names
        self.set_aside: list[str] = []
        self.instead: Array | None = None

    def start(self) -> Array | None:
        if "start" not in self._names:
            return None
        try:
            return _start(self._path, self._arrays, self._project)
        except LayerwiseError as error:
            self.set_aside.append(NO_START.format(reason(error)))
            return None

    def run(self) -> RunState | None:
        path, arrays, project = self._path, self._arrays, self._project
        if not any(of_run(name, project) for name in self._names):
            return None
        try:
            state, lost = _state(path, arrays, project)
        except LayerwiseError as error:
            said = NO_RUN
            with suppress(LayerwiseError):
                self.instead, said = _frozen(_weights(path, arrays, project).flat), NO_CURVE
            self.set_aside.append(said.format(reason(error)))
            return None
        if lost:
            self.set_aside.append(NO_TESTS.format(lost))
        return state

    def view(self) -> View:
        if "view" in self._names:
            try:
                text = self._arrays.text("view").encode()
                return fitted(decode_view(text), self._project)
            except (LayerwiseError, ValueError) as error:
                why = reason(error) if isinstance(error, LayerwiseError) else "it is no text"
                self.set_aside.append(NO_VIEW.format(why))
        return View()

    def runs(self, decode: kept_runs.Decode) -> tuple[EndedRun, ...]:
        """The ended runs; each is a file inside the file, which `decode` reads."""

        def member(name: str) -> NDArray[Any] | None:
            return self._arrays.exact(name) if name in self._names else None

        try:
            runs, aside = kept_runs.unpack(member, decode)
        except LayerwiseError as error:
            self.set_aside.append(NO_RUNS.format(reason(error)))
            return ()
        self.set_aside += aside
        return runs


def _state(path: Path | str, arrays: Arrays, project: Project) -> tuple[RunState, str]:
    """The state of the run, and why its test curve cannot be read, if so."""
    run = _parse(path, arrays, "run", RunHeader)
    if not 0 <= run.iteration < 2**53:
        raise fault(path, f"its run says that it made {run.iteration} iterations")
    if any(not 0 <= mark.iteration <= run.iteration for mark in run.marks):
        raise fault(path, "its run says that something was changed in it at no iteration of it")
    places = _places(path, arrays, run.iteration)
    _check_shape(path, arrays, "costs", (run.iteration if places is None else len(places),))
    _check_shape(path, arrays, "grad", (count(project.sizes()),))
    p = _weights(path, arrays, project)
    memory = {
        name.removeprefix(MEMORY): _frozen(arrays.exact(name))
        for name in (*arrays.headers, *arrays.faults)
        if name.startswith(MEMORY)
    }
    grad, costs = _cast(arrays.exact("grad"), p.flat.dtype), arrays.numbers("costs")
    lost, tests = "", (np.empty(0, np.int64), np.empty(0))
    try:
        tests = _tests(path, arrays, run.iteration)
    except LayerwiseError as error:
        lost = reason(error)
    return RunState(
        run.iteration,
        _frozen(p.flat),
        _frozen(grad),
        _frozen(costs),
        _frozen(tests[0]),
        _frozen(tests[1]),
        memory,
        run.marks,
        places,
    ), lost


def _tests(
    path: Path | str, arrays: Arrays, iteration: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The iterations at which the test cost was taken, and those costs."""
    _check_shape(path, arrays, "test_costs", arrays.header("test_costs").shape[:1])
    _check_shape(path, arrays, "test_iterations", arrays.header("test_costs").shape)
    at = arrays.exact("test_iterations")
    whole = at.dtype.kind in "iu" or not at.size
    if not whole or (np.diff(at.astype(np.float64)) <= 0).any():
        raise fault(path, "test_iterations are not ascending iterations")
    if at.size and not 0 <= at[0] <= at[-1] <= iteration:
        raise fault(path, f"test_iterations go beyond the {iteration} iterations that were made")
    costs = arrays.exact("test_costs")
    return _cast(at, np.dtype(np.int64)), _cast(costs, np.dtype(np.float64))


def _weights(path: Path | str, arrays: Arrays, project: Project) -> Parameters:
    """The weights of the run, checked before they are read."""
    sizes = project.sizes()
    shapes: dict[str, tuple[int, ...]] = {}
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
    return p


def _places(path: Path | str, arrays: Arrays, iterations: int) -> NDArray[np.int64] | None:
    """The iterations of the costs, if the run is so long that not all are kept."""
    if PLACES not in arrays.headers and PLACES not in arrays.faults:
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


def own_of_file(path: Path | str, arrays: Arrays, said: OwnSettings | None = None) -> OwnData:
    """The own data of a file, which must match the description `said`."""
    text = _parse(path, arrays, "own", OwnHeader)
    if said is not None:
        _check_shape(path, arrays, "X", (said.inputs, said.examples))
        _check_shape(path, arrays, "Y", (said.outputs, said.examples))
    X, Y = arrays.numbers("X"), arrays.numbers("Y")
    if arrays.header("X").dtype == np.uint8:
        X /= scale_of(text.picture)
    _frozen(X), _frozen(Y)  # or they would be copied
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
    if (found := arrays.header(name).shape) != shape:
        raise fault(path, f"{name} is {found} in the file, and the project needs {shape}")


def _cast(array: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    with np.errstate(all="ignore"):
        return array.astype(dtype)


def _frozen(array: NDArray[Any]) -> NDArray[Any]:
    array.setflags(write=False)
    return array
