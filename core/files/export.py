"""Arrays that travel between Layerwise and a notebook: weights both ways, and own data in."""

from __future__ import annotations

import io
import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.data.datasets import Picture
from core.data.own import MAX_EXAMPLES, MAX_NUMBERS
from core.data.pixels import square_of
from core.files import disk, npz
from core.files.npz import Arrays, fault
from core.files.packing import packed
from core.nn.activations import Array
from core.nn.parameters import Parameters
from core.progress import Progress, unheard
from core.project import Project, encode

Floats = NDArray[np.float64]
_PARAMETER = re.compile(r"[Wb][1-9]\d*")
_BESIDES = ("activations", "project")
PICTURE = "picture"


def write_weights(path: Path | str, project: Project, p: Parameters) -> None:
    """Write W1 (n[1], n[0]), b1 (n[1], 1), … WL, bL, `activations` and `project` as `.npz`.

    A course notebook reads it with `np.load` and nothing else. Raises LayerwiseError naming the
    file, which is then as it was before.
    """
    arrays: dict[str, NDArray[np.generic]] = {}
    for l in p.W:
        arrays[f"W{l}"], arrays[f"b{l}"] = p.W[l], p.b[l]
    arrays["activations"] = np.array(project.activations)
    arrays["project"] = np.array(encode(project).decode())
    disk.replace(path, packed(arrays))


def write_array(path: Path | str, array: Array) -> None:
    """Write a matrix as CSV, a row a line, every digit kept; LayerwiseError as above."""
    content = io.StringIO()
    np.savetxt(content, array, delimiter=",", fmt="%.17g" if array.dtype == np.float64 else "%.9g")
    disk.replace(path, content.getvalue().encode())


def read_weights(path: Path | str, sizes: tuple[int, ...]) -> Array:
    """The weights in a `.npz` file as the flat float64 vector of a network of sizes n[0]..n[L].

    Raises LayerwiseError naming the file and every array that does not fit.
    """
    p = Parameters(sizes)
    needed = {f"W{l}": W.shape for l, W in p.W.items()} | {f"b{l}": b.shape for l, b in p.b.items()}
    with npz.opened(path) as arrays:
        shapes = {name: header.shape for name, header in arrays.headers.items()}
        if mismatches := _mismatches(shapes, needed, len(sizes) - 1):
            reason = f"its weights do not fit the network {'-'.join(map(str, sizes))}"
            raise fault(path, f"{reason}: {', '.join(mismatches)}")
        for l in p.W:
            p.W[l][...] = arrays.numbers(f"W{l}")
            p.b[l][...] = arrays.numbers(f"b{l}")
    return p.flat


def read_data(
    path: Path | str, progress: Progress = unheard
) -> tuple[Floats, Floats, Picture | None]:
    """Own data X (n_x, m), Y (n_y, m) from a `.npz` file with these two arrays, as float64, and the
    height, width and channels of an example that is a picture.

    That is what an array `picture` says, empty for none; without one it follows from X
    (`core.data.pixels.square_of`). Raises LayerwiseError naming the file and what is wrong with it.
    """
    with npz.opened(path, progress) as arrays:
        headers = arrays.headers
        for name in ("X", "Y"):
            if name not in headers:
                held = ", ".join(list(headers)[:10]) or "nothing"
                raise fault(path, f"it holds {held}, and data needs X (n_x, m) and Y (n_y, m)")
            shape = headers[name].shape
            if len(shape) != 2 or 0 in shape:
                raise fault(path, f"{name} is {shape}; make it (rows, examples), a column each")
        if extra := [name for name in headers if name not in ("X", "Y", PICTURE)]:
            raise fault(path, f"it holds {', '.join(extra[:10])} besides X and Y; leave that out")
        (n_x, m), (n_y, m_Y) = headers["X"].shape, headers["Y"].shape
        if m != m_Y:
            raise fault(path, f"X has {m:,} examples and Y has {m_Y:,}; columns are examples")
        if m > MAX_EXAMPLES or (n_x + n_y) * m > MAX_NUMBERS:
            raise fault(
                path,
                f"X is ({n_x:,}, {m:,}), and the limits are {MAX_EXAMPLES:,} examples and"
                f" {MAX_NUMBERS:,} numbers; columns are examples",
            )
        X, Y = arrays.numbers("X"), arrays.numbers("Y")
        return X, Y, _picture(path, arrays, n_x) if PICTURE in headers else square_of(X)


def _picture(path: Path | str, arrays: Arrays, n_x: int) -> Picture | None:
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
    """Everything in which the arrays of a file differ from those a network needs, a phrase each."""
    found = []
    for l in range(1, L + 1):
        for name in (f"W{l}", f"b{l}"):
            if name not in shapes:
                found.append(f"{name} is missing")
            elif shapes[name] != needed[name]:
                found.append(
                    f"{name} is {shapes[name]} in the file, the network needs {needed[name]}"
                )
    for name in sorted(shapes.keys() - needed.keys() - set(_BESIDES)):
        if _PARAMETER.fullmatch(name):
            found.append(f"{name} is in the file, the network has {L} layers")
        else:
            found.append(f"{name} is in the file and not a weight or bias")
    return found[:20]
