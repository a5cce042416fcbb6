"""Own data from files and to files: what a dropped file is, and the way in and out for each kind.

Tables come as a `Source` for a dialog (`core.data.delimited`: preview, choose, `examples`), arrays
and pictures (`core.files.pictures`, `core.files.course`) as `OwnData` at once. Pasted text becomes
a source by `delimited.of_text`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np

from core.data import delimited
from core.data.own import OwnData, own_data
from core.data.pixels import square_of
from core.data.table_text import as_csv
from core.errors import LayerwiseError
from core.files import disk, export, npz
from core.files.packing import packed
from core.progress import Progress, part_of, unheard

Sort = Literal["project", "table", "arrays", "weights", "h5", "pictures"]

_SUFFIXES: dict[Sort, tuple[str, ...]] = {
    "project": (".layerwise", ".json"),
    "table": (".csv", ".tsv", ".txt", ".tab", ".dat"),
    "h5": (".h5", ".hdf5"),
}


def sort_of(path: Path | str) -> Sort:
    """What a file or folder is to be opened as, by its name; of a `.npz` by what it holds.

    Raises LayerwiseError naming it for what Layerwise does not open.
    """
    suffix = Path(path).suffix.lower()
    for sort, suffixes in _SUFFIXES.items():
        if suffix in suffixes:
            return sort
    if suffix == ".npz":
        with npz.opened(path) as arrays:
            return "arrays" if "X" in arrays.headers else "weights"
    try:
        if Path(path).is_dir():
            return "pictures"
    except (OSError, ValueError) as error:
        raise LayerwiseError(f"{disk.shown(path)} cannot be read: {disk.reason(error)}.") from None
    raise npz.fault(
        path,
        "Layerwise opens .layerwise and .json projects, .csv, .tsv and .txt tables, .npz arrays,"
        " .h5 data and folders of pictures",
    )


def read_table(path: Path | str) -> delimited.Source:
    """The text of a table, to be previewed; raises LayerwiseError naming the file."""
    content = disk.read(path, delimited.MAX_BYTES)
    return delimited.decode(content, disk.shown(Path(path).name))


def read_arrays(path: Path | str, progress: Progress = unheard) -> OwnData:
    """Own data from a `.npz` file with X (n_x, m), Y (n_y, m) and perhaps `picture`; raises naming
    the file.
    """
    X, Y, picture = export.read_data(path, progress)
    try:
        return own_data(X, Y, disk.shown(Path(path).name), picture=picture)
    except LayerwiseError as error:
        raise npz.fault(path, str(error).rstrip(".")) from None


def write_table(path: Path | str, own: OwnData, progress: Progress = unheard) -> None:
    """Write the examples as a `.csv` table, a row each; raises naming the file, then as before."""
    disk.replace(path, as_csv(own, progress))


def write_arrays(path: Path | str, own: OwnData, progress: Progress = unheard) -> None:
    """Write X (n_x, m), Y (n_y, m) as `.npz`; raises naming the file, which is then as before.

    What `picture` an example is, is written where it would not be taken for that one.
    """
    arrays = {"X": own.X, "Y": own.Y}
    if own.picture != square_of(own.X):
        arrays[export.PICTURE] = np.array(own.picture or (), np.float64)
    content = packed(arrays, part_of(progress, 0, 2))
    disk.replace(path, content, part_of(progress, 1, 2))
