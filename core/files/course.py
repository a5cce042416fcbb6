"""Data sets in the layout of the course's `.h5` files; needs h5py, which is imported when used."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from core.data.datasets import Picture
from core.data.own import MAX_NUMBERS, OwnData, labels_of, own_data
from core.errors import LayerwiseError
from core.files import disk
from core.files.npz import MAX_FILE, MAX_UNPACKED, fault

if TYPE_CHECKING:
    import h5py

PARTS = ("train_set_x", "train_set_y", "test_set_x", "test_set_y")

# What h5py raises for damaged files.
UNREADABLE = (OSError, KeyError, ValueError, TypeError, RuntimeError, AttributeError, MemoryError)


def read_h5(path: Path | str, *others: Path | str) -> OwnData:
    """Own data from `train_set_x` (m, h, w, 3) or (m, n), `train_set_y` (m,), and test likewise,
    which may lie in another file.

    Pictures are divided by 255 and flattened by `reshape(m, -1).T`, as in the course;
    `list_classes` names the classes if it is there. Raises LayerwiseError naming the file and
    what is wrong with it.
    """
    if find_spec("h5py") is None:
        raise fault(path, 'reading .h5 files needs h5py: pip install "layerwise[h5]"')
    arrays: dict[str, NDArray[Any]] = {}
    names: tuple[str, ...] = ()
    for part in (path, *others):
        with disk.opened(part, MAX_FILE) as file:
            found, found_names = _arrays(part, file)
        if twice := sorted(arrays.keys() & found.keys()):
            raise fault(part, f"it holds {twice[0]}, as the other file does")
        if "train_set_x" in found:
            path = part  # what the data are called
        arrays |= found
        names = names or found_names
    return _data(path, arrays, names)


def _arrays(path: Path | str, file: BinaryIO) -> tuple[dict[str, NDArray[Any]], tuple[str, ...]]:
    import h5py

    try:
        with h5py.File(file, "r") as h5:
            arrays = {name: _read(path, h5, name) for name in PARTS if name in h5}
            return arrays, _names(path, h5)
    except UNREADABLE:
        raise fault(path, "it is damaged, or not an .h5 file at all") from None


def _dataset(path: Path | str, h5: h5py.File, name: str) -> Any:
    """A dataset that lies in this file itself and is as large as it says; judged, not yet read."""
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


def _read(path: Path | str, h5: h5py.File, name: str) -> NDArray[Any]:
    dataset = _dataset(path, h5, name)
    if dataset.dtype.kind not in "fiub":
        raise fault(path, f"{name} holds no real numbers")
    array: NDArray[Any] = dataset[()]
    return np.asarray(array)


def _names(path: Path | str, h5: h5py.File) -> tuple[str, ...]:
    if "list_classes" not in h5:
        return ()
    dataset = _dataset(path, h5, "list_classes")
    if dataset.dtype.kind not in "SOU" or dataset.ndim != 1 or dataset.size > 1000:
        return ()
    names = [name.decode("utf-8", "replace") for name in dataset[()] if isinstance(name, bytes)]
    return tuple(names)


def _data(path: Path | str, arrays: dict[str, NDArray[Any]], names: tuple[str, ...]) -> OwnData:
    if not {"train_set_x", "train_set_y"} <= arrays.keys():
        raise fault(
            path,
            "it holds no train_set_x and train_set_y, as the course's files do; where those are in"
            " another file, drop both on the window together",
        )
    parts = [part for part in ("train", "test") if f"{part}_set_x" in arrays]
    X = [arrays[f"{part}_set_x"] for part in parts]
    if any(f"{part}_set_y" not in arrays for part in parts):
        raise fault(path, "test_set_y is missing")
    Y = [arrays[f"{part}_set_y"].reshape(-1) for part in parts]
    shape = X[0].shape
    if len(shape) not in (2, 4) or any(x.shape[1:] != shape[1:] for x in X):
        raise fault(path, "the examples of train_set_x and test_set_x are not of one shape")
    if any(len(x) != len(y) or not len(x) for x, y in zip(X, Y, strict=True)):
        raise fault(path, "there are not as many labels as examples")
    picture = _picture(X)
    together = np.concatenate([x.reshape(len(x), -1) for x in X]).T
    labels = np.concatenate(Y)
    try:
        if not np.isfinite(labels).all() or (labels != np.rint(labels)).any():
            raise LayerwiseError("its labels are not whole numbers")
        one_hot, classes, kind = labels_of([f"{label:.0f}" for label in labels.tolist()])
        if all(0 <= int(j) < len(names) for j in classes):
            classes = tuple(names[int(j)] for j in classes)
        return own_data(
            together / (1 if picture is None else 255),
            one_hot,
            disk.shown(Path(path).name),
            kind=kind,
            classes=classes,
            picture=picture,
            test_examples=len(X[1]) if len(X) == 2 else 0,
        )
    except LayerwiseError as error:
        raise fault(path, str(error).rstrip(".")) from None


def _picture(X: list[NDArray[Any]]) -> Picture | None:
    """(h, w, channels) where the examples are pictures of bytes."""
    shape = X[0].shape[1:]
    if len(shape) != 3 or shape[2] not in (1, 3) or any(x.dtype != np.uint8 for x in X):
        return None
    return int(shape[0]), int(shape[1]), int(shape[2])
