"""Label names in exported tables that tell how to read the data back unchanged.

`label (class)`: classes in the reader's order. `label (class of ["b", "a"])`: classes in this
order. `label (one-hot class of …)`: two classes in two rows. `label (number)`: a real number, with
`label 1 (number)` and so on for several. `label 1 (0 or 1 of ["no", "yes"])`: several yes-no
labels. `; pictures 8 x 8 x 1` gives the shape of the pictures whose pixels are the inputs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.data.datasets import DataKind, PictureShape
from core.data.own import MAX_CLASSES, OwnData, class_order

_MARK = re.compile(
    r"(?P<name>label(?: [1-9]\d{0,5})?) \((?P<kind>(?:one-hot )?class|number|0 or 1)"
    r"(?: of (?P<classes>\[.*\]))?"
    r"(?:; pictures (?P<picture>\d{1,6} x \d{1,6} x [134]))?\)"
)
_WORDS: dict[str, DataKind] = {
    "class": "classes",
    "one-hot class": "classes",
    "number": "regression",
    "0 or 1": "binary",
}


@dataclass(frozen=True, slots=True)
class TableMark:
    """The columns (from 0) of the label, and their kind; without `classes` these are in the
    reader's order.
    """

    label: tuple[int, ...]
    kind: DataKind  # "classes" is one column of names, also for two classes
    classes: tuple[str, ...]
    picture: PictureShape | None
    one_hot: bool  # two classes too


def marked_names(own: OwnData) -> list[str]:
    """The names of the columns that hold the label of own data."""
    picture = "" if own.picture is None else "; pictures {} x {} x {}".format(*own.picture)
    if own.kind == "regression":
        what = "number"
    elif own.kind == "classes" and len(own.Y) == 2:
        what = f"one-hot class of {_listed(own.classes)}"
    elif one_column(own):
        what = "class" if _usual(own) else f"class of {_listed(own.classes)}"
    else:
        what = f"0 or 1 of {_listed(own.classes)}"
    count = 1 if one_column(own) else len(own.Y)
    return [f"label{f' {j}' if count > 1 else ''} ({what}{picture})" for j in range(1, count + 1)]


def one_column(own: OwnData) -> bool:
    """Whether the label of own data is one column of a table."""
    return own.kind == "classes" or len(own.Y) == 1


def _usual(own: OwnData) -> bool:
    """Whether a reader that has only each example's class name finds these classes."""
    column = own.Y[0] if own.kind == "binary" else own.Y.argmax(axis=0)
    found = len(np.unique(column)) == len(own.classes)
    return found and list(own.classes) == sorted(set(own.classes), key=class_order)


def _listed(classes: Sequence[str]) -> str:
    return json.dumps(list(classes), ensure_ascii=False)


def marked(names: Sequence[str]) -> tuple[TableMark | None, list[str]]:
    """The mark in the names of the columns, and these names without it."""
    found = {i: match for i, name in enumerate(names) if (match := _MARK.fullmatch(name))}
    plain = [found[i]["name"] if i in found else name for i, name in enumerate(names)]
    said = {match.groups()[1:] for match in found.values()}
    if len(said) != 1 or (len(found) > 1 and found[min(found)]["kind"].endswith("class")):
        return None, list(names)
    kind, classes, picture = said.pop()
    height, width, channels = map(int, picture.split(" x ")) if picture else (0, 0, 0)
    return TableMark(
        tuple(found),
        _WORDS[kind],
        _classes(classes),
        (height, width, channels) if picture else None,
        kind.startswith("one-hot"),
    ), plain


def _classes(text: str | None) -> tuple[str, ...]:
    try:
        names = json.loads(text or "[]")
    except (ValueError, RecursionError):
        return ()
    right = isinstance(names, list) and len(names) <= MAX_CLASSES
    return tuple(names) if right and all(isinstance(name, str) for name in names) else ()
