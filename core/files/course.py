"""Reads data sets from `.h5` files, in the course's layout and in others."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from core.data import arrays as named
from core.data.own import MAX_NUMBERS
from core.data.table.examples import Imported
from core.data.table.roles import LabelKind
from core.errors import LayerwiseError
from core.files import disk
from core.files.npz import MAX_FILE, MAX_UNPACKED, fault
from core.progress import Progress, unheard

if TYPE_CHECKING:
    import h5py

# What h5py raises for damaged files.
UNREADABLE = (OSError, KeyError, ValueError, TypeError, RuntimeError, AttributeError, MemoryError)


def read_h5(
    path: Path | str,
    *others: Path | str,
    kind: LabelKind | None = None,
    progress: Progress = unheard,
) -> Imported:
    """Own data from `train_set_x` (m, h, w, 3) or (m, n), `train_set_y` (m,), and a test set,
    possibly in a second file; `core.data.arrays` lists the other names and shapes that are
    accepted.

    Pictures are divided by 255 and flattened by `reshape(m, -1).T`, as in the course;
    `list_classes` names the classes if it exists. Raises LayerwiseError naming the file and the
    error.
    """
    arrays: dict[str, NDArray[Any]] = {}
    names: tuple[str, ...] = ()
    for part in (path, *others):
        with disk.opened(part, MAX_FILE) as file:
            found, found_names = _arrays(part, file, progress)
        if twice := sorted(arrays.keys() & found.keys()):
            raise fault(part, f"it holds {twice[0]}, as the other file does")
        if any(_is_training(name) for name in found):
            path = part  # the name of the data
        arrays |= found
        names = names or found_names
    try:
        plan = named.plan(list(arrays))
        if plan is None:
            raise LayerwiseError(
                "it holds no train_set_x and train_set_y, as the course's files do; where those are"
                " in another file, choose both together, or drop both on the window"
            )
        return named.imported(
            *(plan, arrays, disk.shown(Path(path).name)),
            layout="rows",
            kind=kind,
            classes=names,
            progress=progress,
        )
    except LayerwiseError as error:
        raise fault(path, str(error).rstrip(".")) from None


def _is_training(name: str) -> bool:
    return named.part_of_name(name) == ("train", "x")


def _arrays(
    path: Path | str, file: BinaryIO, progress: Progress
) -> tuple[dict[str, NDArray[Any]], tuple[str, ...]]:
    import h5py

    try:
        with h5py.File(file, "r") as h5:
            known = [name for name in h5 if named.part_of_name(name)[0] in ("train", "test")]
            if sum(_dataset(path, h5, name).size for name in known) > MAX_NUMBERS:
                raise fault(path, f"it holds more than {MAX_NUMBERS:,} numbers")
            found = {name: _read(path, h5, name, progress) for name in known}
            return found, _names(path, h5)
    except UNREADABLE:
        raise fault(path, "it is damaged, or not an .h5 file at all") from None


def _dataset(path: Path | str, h5: h5py.File, name: str) -> Any:
    """A dataset stored in this file itself, of the size it claims; checked, not yet read."""
    import h5py

    if not isinstance(h5.get(name, getlink=True), h5py.HardLink):
        raise fault(path, f"{name} is a link to elsewhere, which is not followed")
    dataset = h5[name]
    if not isinstance(dataset, h5py.Dataset):
        raise fault(path, f"{name} is a group and not an array")
    if dataset.external is not None or dataset.is_virtual:
        raise fault(path, f"{name} lies in another file, which is not opened")
    size = dataset.dtype.itemsize * dataset.size
    packed = dataset.id.get_storage_size() < size
    if dataset.size > MAX_NUMBERS or (packed and size > MAX_UNPACKED):
        raise fault(path, f"{name} says that it has the shape {dataset.shape}, which is too large")
    return dataset


def _read(path: Path | str, h5: h5py.File, name: str, progress: Progress) -> NDArray[Any]:
    dataset = _dataset(path, h5, name)
    is_label = named.part_of_name(name)[1] == "y"
    if dataset.dtype.kind not in ("fiubSO" if is_label else "fiub"):
        raise fault(path, f"{name} holds no real numbers")
    array = _in_pieces(dataset, progress)
    if array.dtype.kind == "O":
        array = np.array([_text(each) for each in array.ravel()]).reshape(array.shape)
    return array


def _in_pieces(dataset: Any, progress: Progress) -> NDArray[Any]:
    """All of a dataset; packed ones are read by whole rows of their chunks, each unpacked once."""
    if dataset.ndim == 0 or not dataset.size:
        return np.asarray(dataset[()])
    rows = len(dataset)
    some = max(1, disk.PIECE // max(1, dataset.dtype.itemsize * dataset.size // rows))
    if dataset.chunks is not None:
        chunk = dataset.chunks[0]
        some = max(some // chunk, 1) * chunk
    array = np.empty(dataset.shape, dataset.dtype)
    for start in range(0, rows, some):
        progress(start, rows)
        array[start : start + some] = dataset[start : start + some]
    return array


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _names(path: Path | str, h5: h5py.File) -> tuple[str, ...]:
    if "list_classes" not in h5:
        return ()
    dataset = _dataset(path, h5, "list_classes")
    if dataset.dtype.kind not in "SOU" or dataset.ndim != 1 or dataset.size > 1000:
        return ()
    return tuple(_text(name) for name in dataset[()])
