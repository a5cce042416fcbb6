"""Writes examples as the text of a table, readable by spreadsheets and `core/data/table`."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import numpy as np

from core.data.own import OwnData
from core.data.table.mark import marked_names, one_column
from core.progress import Progress, unheard

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes the beginning of a formula for."""


def as_csv(own: OwnData, progress: Progress = unheard) -> bytes:
    """The examples as a table, one row each, the label last; everything is read back bit for bit.

    The label's name gives its kind (`core/data/table/mark.py`). A test set is marked by an extra
    column, `set`. Names that a spreadsheet would read as a formula get the apostrophe that makes
    them text.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    sets = ["set"] if own.test_examples else []
    train = own.m - own.test_examples
    writer.writerow([*map(as_text, own.inputs), *marked_names(own), *sets])
    labels: Sequence[Sequence[object]] = own.Y.T.tolist()
    if own.classes and one_column(own):
        column = own.Y[0].astype(np.intp) if len(own.Y) == 1 else own.Y.argmax(axis=0)
        labels = [[as_text(own.classes[j])] for j in column]
    for done, (example, label) in enumerate(zip(own.X.T, labels, strict=True)):
        if done % 100 == 0:
            progress(done, own.m)
        sets = sets and ["train" if done < train else "test"]
        writer.writerow([*example.tolist(), *label, *sets])
    return text.getvalue().encode()


def as_text(name: str) -> str:
    """A name that no spreadsheet takes for a formula."""
    return f"'{name}" if name.startswith(FORMULA) else name


def as_named(cell: str) -> str:
    """The name that a cell is, without the apostrophe of `as_text`."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell
