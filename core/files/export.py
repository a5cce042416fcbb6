"""Exchanges arrays with notebooks: exports and imports weights, and imports data."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.data import arrays as named
from core.data.datasets import PictureShape
from core.data.examples import Split
from core.data.table.examples import Imported
from core.data.table.roles import LabelKind
from core.errors import LayerwiseError
from core.files import disk, npz
from core.files.npz import Arrays, fault
from core.files.packing import packed
from core.nn.activations import Array
from core.nn.parameters import Parameters
from core.progress import Progress, unheard
from core.project import Project, decode, encode

_BY_LAYER = re.compile(r"layer([1-9]\d*)/(\w+)")
_OF_A_LAYER = re.compile(r"(muted_W|W|b)([1-9]\d*)")
_PARAMETER = re.compile(r"[Wb][1-9]\d*")
_INPUTS = ("mean", "deviation", "features")
_MUTED = "muted_W"
_BESIDES = ("activations", "project", *_INPUTS)
PICTURE, CLASSES, INPUTS = "picture", "classes", "inputs"
MOST_NAMED = 8


class TransposedError(LayerwiseError):
    """The weights of a file fit the network only if all of them are transposed."""


def write_weights(
    path: Path | str, project: Project, p: Parameters, split: Split, *, by_layer: bool = False
) -> None:
    """Write W1 (n[1], n[0]), b1 (n[1], 1), … WL, bL, `activations` and `project` as `.npz`.

    If the network's inputs differ from the raw data, the file also says how to compute them:
    `features` (names, of x1 and x2), and their `mean` and `deviation` (n[0], 1). Outgoing weights
    of a muted unit are 0 there; the original ones are in `muted_W2` (n[2], k) and so on, one column
    per unit. A course notebook needs only `np.load` to read it. Names `by_layer` are `layer1/W`,
    which network viewers group. Raises LayerwiseError naming the file, which is then unchanged.
    """
    arrays: dict[str, NDArray[np.generic]] = {}
    for l in p.W:
        arrays[f"W{l}"], arrays[f"b{l}"] = p.W[l], p.b[l]
    for l, units in project.muted.items():
        heard = p.W[l + 1].copy()
        heard[:, units] = 0
        arrays |= {f"W{l + 1}": heard, f"{_MUTED}{l + 1}": p.W[l + 1][:, units]}
    arrays["activations"] = np.array(project.activations)
    arrays["project"] = np.array(encode(project).decode())
    if made_of_points(project):
        arrays["features"] = np.array(project.data.features)
    if split.mean is not None and split.std is not None:
        arrays["mean"], arrays["deviation"] = split.mean, split.std
    if by_layer:
        arrays = {_OF_A_LAYER.sub(r"layer\2/\1", name): a for name, a in arrays.items()}
    disk.replace(path, packed(arrays))


def made_of_points(project: Project) -> bool:
    """Whether the inputs are features other than x1 and x2 themselves."""
    return project.data.on_plane and project.data.features != ("x1", "x2")


def how_to_feed(project: Project) -> str:
    """How to prepare inputs for the exported weights, and which are 0 for muted units; empty if
    nothing is needed.
    """
    said = ""
    if made_of_points(project):
        said = f"Their inputs are {', '.join(project.data.features)} of x1 and x2."
    if project.data.normalize:
        said += " Standardize inputs first: X = (X - mean) / deviation."
    muted = project.muted.items()
    names = [f"unit {i + 1} of layer {l}" for l, units in muted for i in units]
    if names:
        listed = ", ".join(names[:6]) + (" …" if len(names) > 6 else "")
        what = "is muted: its" if len(names) == 1 else "are muted: their"
        said += f" {listed[:1].upper()}{listed[1:]} {what} outgoing weights are 0 in the file."
    return said.strip()


def write_array(path: Path | str, array: Array) -> None:
    """Write a matrix as CSV, one row per line, with all digits; LayerwiseError as above."""
    content = io.StringIO()
    np.savetxt(content, array, delimiter=",", fmt="%.17g" if array.dtype == np.float64 else "%.9g")
    disk.replace(path, content.getvalue().encode())


def read_weights(path: Path | str, sizes: tuple[int, ...], *, transposed: bool = False) -> Array:
    """The weights in a `.npz` file as the flat float64 vector of a network of sizes n[0]..n[L].

    Names by layer (`layer1/W`) and biases of shape (n[l],) are taken, too; with `transposed` each W
    and b is turned. Raises LayerwiseError naming the file and every array that does not fit,
    TransposedError if that would make them fit.
    """
    with npz.opened(path, foreign=True) as arrays:
        return weights_of(path, arrays, sizes, transposed=transposed)


def weights_of(
    path: Path | str, arrays: Arrays, sizes: tuple[int, ...], *, transposed: bool = False
) -> Array:
    """The same for an open file; `path` is its name in sentences."""
    p = Parameters(sizes)
    needed: dict[str, tuple[int, ...]] = {}
    for l in p.W:
        needed |= {f"W{l}": p.W[l].shape, f"b{l}": p.b[l].shape}
    theirs = {_BY_LAYER.sub(r"\2\1", name): name for name in arrays.headers}
    shapes = {
        name: arrays.headers[held].shape[::-1] if transposed else arrays.headers[held].shape
        for name, held in theirs.items()
    }
    if mismatches := _mismatches(shapes, needed, len(sizes) - 1):
        raise _misfit(path, shapes, needed, sizes, mismatches)
    for l in p.W:
        W, b = arrays.numbers(theirs[f"W{l}"]), arrays.numbers(theirs[f"b{l}"])
        p.W[l][...] = W.T if transposed else W
        p.b[l][...] = b.reshape(-1, 1)
    _restore_muted(arrays, theirs, p)
    return p.flat


def _restore_muted(arrays: Arrays, theirs: Mapping[str, str], p: Parameters) -> None:
    """Restore the outgoing weights of muted units from a file that has them."""
    kept = [name for name in theirs if name.startswith(_MUTED)]
    if not kept or "project" not in arrays.headers:
        return
    try:
        muted = decode(arrays.text("project").encode()).muted
    except LayerwiseError:
        return  # another's: the weights are those that it has
    for l, units in muted.items():
        name, W = f"{_MUTED}{l + 1}", p.W.get(l + 1)
        shape = None if W is None else (len(W), len(units))
        if W is not None and name in kept and arrays.header(theirs[name]).shape == shape:
            W[:, units] = arrays.numbers(theirs[name])


def _misfit(
    path: Path | str,
    shapes: dict[str, tuple[int, ...]],
    needed: dict[str, tuple[int, ...]],
    sizes: tuple[int, ...],
    mismatches: list[str],
) -> LayerwiseError:
    """Why the weights do not fit, with the shapes to save instead."""
    network = f"the network {'-'.join(map(str, sizes))}"
    needs = _listed(needed)
    if not shapes.keys() & needed.keys():
        held = _listed(shapes) or "nothing"
        return fault(path, f"it holds {held}, and {network} needs {needs}")
    turned = {name: shape[::-1] for name, shape in shapes.items()}
    if not _mismatches(turned, needed, len(sizes) - 1):
        text = fault(
            path, f"its arrays are transposed: save W1.T, … so that {network} gets {needs}"
        )
        return TransposedError(str(text))
    return fault(path, f"its weights do not fit {network}: {', '.join(mismatches)}")


def _listed(shapes: dict[str, tuple[int, ...]]) -> str:
    said = [f"{name} {shape}" for name, shape in list(shapes.items())[:MOST_NAMED]]
    return ", ".join([*said, "…"] if len(shapes) > MOST_NAMED else said)


def read_data(
    path: Path | str,
    progress: Progress = unheard,
    kind: LabelKind | None = None,
    *,
    one_class: bool = False,
) -> Imported:
    """Own data from a `.npz` file with inputs and labels, and perhaps a test set; with `one_class`
    all labels may be the same.

    X (n_x, m) and Y (n_y, m) have one column per example; `core.data.arrays` lists the other names
    and shapes that are accepted. `picture` is (height, width, channels), empty for none; `classes`
    names the classes, empty for real numbers, and `inputs` the rows of X. Raises LayerwiseError
    naming the file and the error.
    """
    with npz.opened(path, progress, foreign=True) as arrays:
        return data_of(path, arrays, progress, kind, one_class=one_class)


def data_of(
    path: Path | str,
    arrays: Arrays,
    progress: Progress = unheard,
    kind: LabelKind | None = None,
    *,
    one_class: bool = False,
) -> Imported:
    """The same for an open file; `path` is its name in sentences."""
    try:
        return _data(path, arrays, kind, one_class, progress)
    except LayerwiseError as error:
        if str(error).startswith(disk.shown(path)):
            raise
        raise fault(path, str(error).rstrip(".")) from None


def _data(
    path: Path | str,
    arrays: Arrays,
    kind: LabelKind | None,
    one_class: bool,
    progress: Progress,
) -> Imported:
    headers = arrays.headers
    plan = named.plan(list(headers))
    if plan is None:
        held = ", ".join(list(headers)[:10]) or "nothing"
        raise LayerwiseError(f"it holds {held}, and data needs X (n_x, m) and Y (n_y, m)")
    used = [name for pair in plan.pairs for name in pair]
    named.check_shapes(plan, {name: headers[name].shape for name in used}, "columns")
    classes = _words(arrays, named.CLASS_NAMES)
    if classes == () and kind is None:  # that is how real numbers are marked
        kind = "regression"
    inputs = _words(arrays, named.INPUT_NAMES)
    loaded = {name: _values(arrays, name, text=name in (plan.y, plan.y_test)) for name in used}
    n_x = headers[plan.x].shape[0]
    return named.imported(
        *(plan, loaded, disk.shown(Path(path).name)),
        kind=kind,
        inputs=inputs or (),
        classes=classes or (),
        picture=_picture(path, arrays, n_x) if PICTURE in headers else "by shape",
        one_class=one_class,
        progress=progress,
    )


def _values(arrays: Arrays, name: str, *, text: bool) -> NDArray[Any]:
    """An array with the type it was stored in; labels may be text."""
    header = arrays.headers[name]
    if text and header.is_text:
        return np.array(arrays.words(name)).reshape(header.shape)
    return arrays.exact(name)


def _words(arrays: Arrays, names: tuple[str, ...]) -> tuple[str, ...] | None:
    """The strings of the first of these arrays that is there; None without one."""
    for name in names:
        if name in arrays.headers and arrays.headers[name].is_text:
            return arrays.words(name)
    return None


def _picture(path: Path | str, arrays: Arrays, n_x: int) -> PictureShape | None:
    header = arrays.headers[PICTURE]
    if header.shape not in ((0,), (3,)) or header.dtype.kind not in "iuf":
        raise fault(path, f"{PICTURE} is not three numbers: height, width and channels")
    said = [int(number) for number in arrays.numbers(PICTURE)]
    if not said:
        return None
    height, width, channels = said
    if height < 1 or width < 1 or channels not in (1, 3) or height * width * channels != n_x:
        raise fault(
            path,
            f"{PICTURE} says that an example has {height} × {width} pixels of {channels} channels,"
            f" and X has {n_x:,} rows",
        )
    return height, width, channels


def _mismatches(
    shapes: dict[str, tuple[int, ...]], needed: dict[str, tuple[int, ...]], L: int
) -> list[str]:
    """All differences between the arrays of a file and those a network needs, one phrase each."""
    found = []
    for l in range(1, L + 1):
        for name in (f"W{l}", f"b{l}"):
            if name not in shapes:
                found.append(f"{name} is missing")
            elif shapes[name] != needed[name] and not _is_bias(name, shapes[name], needed[name]):
                found.append(
                    f"{name} is {shapes[name]} in the file, the network needs {needed[name]}"
                )
    for name in sorted(shapes.keys() - needed.keys() - set(_BESIDES)):
        if name.startswith(_MUTED):
            continue
        if _PARAMETER.fullmatch(name):
            found.append(f"{name} is in the file, the network has {L} layers")
        else:
            found.append(f"{name} is in the file and not a weight or bias")
    return found[:20]


def _is_bias(name: str, shape: tuple[int, ...], needed: tuple[int, ...]) -> bool:
    """Whether these are the biases needed, as a vector instead of a column."""
    return name.startswith("b") and shape == needed[:1]
