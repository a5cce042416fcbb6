"""Examples as the text of a table that spreadsheets and `core/data/delimited.py` read."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import numpy as np

from core.data.delimited import FORMULA
from core.data.own import OwnData
from core.progress import Progress, unheard


def as_csv(own: OwnData, progress: Progress = unheard) -> bytes:
    """The examples as a table, a row each, the label last; numbers come back bit for bit.

    Names that a spreadsheet would take for a formula get the apostrophe that makes them text.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    outputs = ["label"] if own.classes else [f"y{j}" for j in range(1, len(own.Y) + 1)]
    writer.writerow([*map(_as_text, own.inputs), *outputs])
    labels: Sequence[Sequence[object]] = own.Y.T.tolist()
    if own.classes:
        column = own.Y[0].astype(np.intp) if len(own.Y) == 1 else own.Y.argmax(axis=0)
        labels = [[_as_text(own.classes[j])] for j in column]
    for done, (example, label) in enumerate(zip(own.X.T, labels, strict=True)):
        if done % 100 == 0:
            progress(done, own.m)
        writer.writerow([*example.tolist(), *label])
    return text.getvalue().encode()


def _as_text(name: str) -> str:
    return f"'{name}" if name.startswith(FORMULA) else name
