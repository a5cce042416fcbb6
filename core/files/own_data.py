"""Imports and exports own data: detects the kind of file, and reads or writes each kind.

A table is returned as a `Source` for a dialog (`core.data.table`: read, suggest, examples).
Arrays and pictures (`core.files.pictures`, `core.files.course`) are returned as `Imported` at once.
`source.of_text` makes a source of pasted text. `import_data` accepts all suggestions, without a
dialog.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np

from core.data import arrays as named
from core.data.own import OwnData
from core.data.pixels import square_of
from core.data.table import grid as tables
from core.data.table.examples import Imported, examples
from core.data.table.roles import LabelKind, chosen, suggest
from core.data.table.source import MAX_BYTES, Source, decode
from core.data.table_text import as_csv
from core.errors import LayerwiseError
from core.files import disk, export, npz
from core.files.course import read_h5
from core.files.packing import packed
from core.files.spreadsheet import read_spreadsheet
from core.progress import Progress, part_of, unheard

Sort = Literal["project", "table", "arrays", "weights", "h5", "pictures"]

_SUFFIXES: dict[Sort, tuple[str, ...]] = {
    "project": (".layerwise", ".json"),
    "table": (".csv", ".tsv", ".txt", ".tab", ".dat", ".data", ".xlsx", ".xlsm"),
    "h5": (".h5", ".hdf5"),
}
_SPREADSHEETS = (".xlsx", ".xlsm")
_OTHER_SPREADSHEETS = (".xls", ".ods", ".xlsb", ".numbers")
_WEIGHTS = re.compile(
    r"([Wb]\d+)|(.*[./_])?(weights?|bias(es)?|kernel)(:\d+)?(_\d+)?", re.IGNORECASE
)
_TESTED = re.compile(r"(?<![a-z])(test|testing|valid|validation|val|dev)(?![a-z])", re.IGNORECASE)
_SNIFFED = 2**16  # bytes


def sort_of(path: Path | str) -> Sort:
    """How to open a file or folder: by its name, a `.npz` by its content, and any text as a table.

    Raises LayerwiseError naming it if Layerwise cannot open it.
    """
    suffix = Path(path).suffix.lower()
    for sort, suffixes in _SUFFIXES.items():
        if suffix in suffixes:
            return sort
    if suffix == ".npz":
        with npz.opened(path, foreign=True) as arrays:
            return _sort_of_arrays(list(arrays.headers))
    try:
        if Path(path).is_dir():
            return "pictures"
    except (OSError, ValueError) as error:
        raise LayerwiseError(f"{disk.shown(path)} cannot be read: {disk.reason(error)}.") from None
    if suffix in _OTHER_SPREADSHEETS:
        raise npz.fault(path, "it is a spreadsheet of another kind: save it as .xlsx or .csv")
    if _is_text(path):
        return "table"
    raise npz.fault(
        path,
        "Layerwise opens .layerwise and .json projects, .csv, .tsv, .txt and .xlsx tables, .npz"
        " arrays, .h5 data and folders of pictures",
    )


def _sort_of_arrays(names: Sequence[str]) -> Sort:
    try:
        if named.plan(names) is not None:
            return "arrays"
    except LayerwiseError:  # reading them gives a better message
        return "arrays"
    return "weights" if any(_WEIGHTS.fullmatch(name) for name in names) else "arrays"


def _is_text(path: Path | str) -> bool:
    """Whether a file begins like text."""
    with disk.opened(path, MAX_BYTES) as file:
        head = file.read(_SNIFFED)
    if not head:
        return False
    try:
        decode(head[: head.rfind(b"\n") + 1] or head, "it")
    except LayerwiseError:
        return False
    return True


def read_table(path: Path | str) -> Source:
    """A table, not yet read completely; raises LayerwiseError naming the file."""
    name = disk.shown(Path(path).name)
    if Path(path).suffix.lower() in _SPREADSHEETS:
        return read_spreadsheet(path)
    return decode(disk.read(path, MAX_BYTES), name)


def read_arrays(
    path: Path | str, progress: Progress = unheard, kind: LabelKind | None = None
) -> Imported:
    """Own data from a `.npz` file; raises LayerwiseError naming it."""
    return export.read_data(path, progress, kind)


def training_first(paths: Sequence[Path]) -> list[Path]:
    """Two files in the order training, test, if their names say so."""
    return sorted(paths, key=lambda path: _TESTED.search(path.stem.replace("_", " ")) is not None)


def import_data(
    paths: Sequence[Path],
    *,
    label: str | None = None,
    kind: LabelKind | None = None,
    inputs: str | None = None,
    progress: Progress = unheard,
) -> Imported:
    """The data of a file, or of two that are training and test set, with the window's suggestions.

    `label`, `kind` and `inputs` (columns, separated by commas) replace the suggestions. Raises
    LayerwiseError naming the file and the error.
    """
    if len(paths) > 2:
        raise LayerwiseError(f"{len(paths)} files of data were named: name one, or a training and a"
                             " test set.")  # fmt: skip
    sorts = {sort_of(path) for path in paths}
    first = paths[0]
    if len(sorts) > 1 or (len(paths) == 2 and not sorts <= {"table", "h5"}):
        raise LayerwiseError(
            f"{disk.shown(paths[1])} does not belong to {disk.shown(first)}: two files of data are"
            " two tables with the same columns, or the course's two .h5 files."
        )
    sort = sorts.pop()
    if sort != "table" and (label is not None or inputs is not None):
        raise npz.fault(first, "it has no columns to choose: --label and --inputs are for tables")
    match sort:
        case "table":
            first, *others = training_first(paths)
            source = read_table(first)
            test = read_table(others[0]) if others else None
            return import_table(source, test, label, kind, inputs, progress)
        case "arrays":
            return export.read_data(first, progress, kind, one_class=True)  # without a question
        case "h5":
            return read_h5(*paths, kind=kind)
        case "pictures":
            from core.files.pictures import read_pictures, suggested_size  # late: Pillow

            height, width, colour = suggested_size(first)
            return read_pictures(first, height, width, colour=colour, progress=progress)
        case _:
            raise npz.fault(first, f"it holds {sort}, and no data")


def import_table(
    source: Source,
    test: Source | None = None,
    label: str | None = None,
    kind: LabelKind | None = None,
    inputs: str | None = None,
    progress: Progress = unheard,
) -> Imported:
    """A table, as suggested or with these choices; raises LayerwiseError naming it."""
    grid = tables.read(source, progress=progress, test=test)
    suggestion = suggest(grid)
    names = next(csv.reader([inputs], skipinitialspace=True)) if inputs else []
    known = [column.name for column in grid.columns]
    for name in (*names, *([label] if label is not None else [])):
        if name not in known:
            held = ", ".join(known[:20]) + (", …" if len(known) > 20 else "")
            raise npz.fault(source.name, f"it has no column {disk.shown(name)!r}: it has {held}")
    choice = chosen(grid, suggestion.choice, label=label, kind=kind, inputs=names)
    return examples(grid, suggestion, choice)


def write_table(path: Path | str, own: OwnData, progress: Progress = unheard) -> None:
    """Write the examples as a `.csv` table, one row each; on an error, which names it, it is
    unchanged.
    """
    disk.replace(path, as_csv(own, progress))


def write_arrays(path: Path | str, own: OwnData, progress: Progress = unheard) -> None:
    """Write X (n_x, m), Y (n_y, m) as `.npz`; raises naming the file, which is then as before.

    A test set is X_test, Y_test. The names of `inputs` and `classes`, and what `picture` an
    example is, are written where they would not be taken for these.
    """
    train = own.m - own.test_examples
    arrays = {"X": own.X[:, :train], "Y": own.Y[:, :train]}
    if own.test_examples:
        arrays |= {"X_test": own.X[:, train:], "Y_test": own.Y[:, train:]}
    written: dict[str, np.ndarray] = dict(arrays)
    if own.inputs != tuple(f"x{i}" for i in range(1, len(own.X) + 1)):
        written[export.INPUTS] = np.array(own.inputs)
    if own.kind == "regression" or own.classes != tuple(map(str, range(len(own.classes)))):
        written[export.CLASSES] = np.array(own.classes, np.str_)
    if own.picture != square_of(own.X):
        written[export.PICTURE] = np.array(own.picture or (), np.float64)
    content = packed(written, part_of(progress, 0, 2))
    disk.replace(path, content, part_of(progress, 1, 2))
