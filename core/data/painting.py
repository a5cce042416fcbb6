"""Points painted by hand, as a value that shares unchanged parts with earlier ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.data.datasets import DataKind
from core.data.own import OwnData, own_data
from core.data.sheet import Floats, Sheet
from core.data.strokes import Point, distances
from core.errors import LayerwiseError

MOST = 20_000  # points that can be painted
MOST_CLASSES = 10
CHUNK = 128  # points that are copied when one of them changes
LAST_POINT = (
    "The last point stays, for the network needs something to learn: paint another one first, or"
    " begin with a blank sheet."
)
FULL = f"The sheet is full: a painting has at most {MOST:,} points. Erase some first."
Chunk = Floats  # (3, k), read-only: x1, x2 and the class of up to CHUNK points
Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Painting:
    """Points on a sheet with a class each; every edit makes a new one, in the order as painted.

    `classes` names the classes, at least two; a class that is painted for the first time gets its
    number. A class keeps its name, and its output unit, when its last point is erased.
    """

    sheet: Sheet
    classes: tuple[str, ...]
    chunks: tuple[Chunk, ...] = ()

    @property
    def m(self) -> int:
        """Number of points."""
        return sum(chunk.shape[1] for chunk in self.chunks)

    def table(self) -> Floats:
        """All points, (3, m): x1, x2 and the class."""
        return np.hstack([np.empty((3, 0)), *self.chunks])

    def painted(self, points: ArrayLike, label: int) -> Painting:
        """With more points (2, k) of a class; points outside the sheet are moved to its edge.

        Raises LayerwiseError if there would be too many, or no class has this number.
        """
        at = self.sheet.clip(np.asarray(points, np.float64).reshape(2, -1))
        if self.m + at.shape[1] > MOST:
            raise LayerwiseError(FULL)
        more = np.vstack([at, np.full(at.shape[1], float(label))])
        last = self.chunks[-1:] if self.chunks and self.chunks[-1].shape[1] < CHUNK else ()
        kept = self.chunks[: len(self.chunks) - len(last)]
        return self._with(kept + _chunks(np.hstack([*last, more])), label)

    def near(self, path: Sequence[Point], radius: float) -> Indices:
        """The indices of the points within a radius of a line or of a point; nearest first."""
        away = distances(self.table()[:2], path)
        found = np.flatnonzero(away <= radius)
        order: Indices = found[np.argsort(away[found], kind="stable")]
        return order

    def without(self, places: ArrayLike) -> Painting:
        """Without these points; if they are all the points, the last one stays, with a message.

        Raises LayerwiseError if only one is left already.
        """
        gone = np.unique(np.asarray(places, np.intp))
        if len(gone) == self.m:
            if self.m == 1:
                raise LayerwiseError(LAST_POINT)
            gone = gone[:-1]

        def take(chunk: Chunk, inside: Indices) -> Chunk:
            return np.delete(chunk, inside, axis=1)

        return replace(self, chunks=self._changed(gone, take))

    def moved(self, place: int, to: Sequence[float]) -> Painting:
        """With one point at another place of the sheet."""

        def move(chunk: Chunk, inside: Indices) -> Chunk:
            chunk[:2, inside] = self.sheet.clip(np.array(to, np.float64).reshape(2, 1))
            return chunk

        return replace(self, chunks=self._changed(np.array([place]), move))

    def labelled(self, places: ArrayLike, label: int) -> Painting:
        """With these points in another class."""

        def label_(chunk: Chunk, inside: Indices) -> Chunk:
            chunk[2, inside] = label
            return chunk

        return self._with(self._changed(np.unique(np.asarray(places, np.intp)), label_), label)

    def label_of(self, place: int) -> int:
        """The class of one point."""
        return int(self.table()[2, place])

    def own(self) -> OwnData:
        """The same as own data: 0/1 for two classes, one-hot for more."""
        table, count = self.table(), len(self.classes)
        kind: DataKind = "binary" if count == 2 else "classes"
        one_hot = np.arange(count)[:, np.newaxis] == table[2]
        Y = table[2:] if count == 2 else one_hot.astype(np.float64)
        return own_data(
            table[:2], Y, "painted points", kind=kind, classes=self.classes, sheet=self.sheet
        )

    def _with(self, chunks: tuple[Chunk, ...], label: int) -> Painting:
        if not 0 <= label < MOST_CLASSES:
            raise LayerwiseError(f"Class {label} cannot be painted: choose one from 0 to 9.")
        new = tuple(str(j) for j in range(len(self.classes), label + 1))
        return replace(self, chunks=chunks, classes=self.classes + new)

    def _changed(
        self, places: Indices, change: Callable[[Chunk, Indices], Chunk]
    ) -> tuple[Chunk, ...]:
        """The chunks, those that hold one of these places (ascending) changed."""
        ends = np.cumsum([0, *(chunk.shape[1] for chunk in self.chunks)])
        if len(places) and not 0 <= places[0] <= places[-1] < ends[-1]:
            raise LayerwiseError(f"There is no point {int(places[-1])} on the sheet.")
        chunks = []
        for chunk, start, end in zip(self.chunks, ends, ends[1:], strict=False):
            inside = places[(start <= places) & (places < end)] - start
            changed = _frozen(change(chunk.copy(), inside)) if len(inside) else chunk
            if changed.shape[1]:
                chunks.append(changed)
        return tuple(chunks)


def painting_of(own: OwnData) -> Painting:
    """Painted data to be painted on. Raises LayerwiseError if they were not painted."""
    if own.sheet is None:
        raise LayerwiseError("These data were not painted.")
    return copied(own, own.sheet)


def copied(own: OwnData, sheet: Sheet) -> Painting:
    """The points of any data of the plane, copied onto a sheet.

    Raises LayerwiseError saying why these cannot be painted on.
    """
    if len(own.X) != 2:
        raise LayerwiseError(
            f"An example of these data has {len(own.X):,} input{'s' if len(own.X) > 1 else ''}, and"
            " what is painted are points of the plane: begin with a blank sheet."
        )
    if own.kind == "regression":
        raise LayerwiseError(
            "The labels of these data are real numbers, and what is painted are classes: begin with"
            " a blank sheet."
        )
    count = 2 if own.kind == "binary" else len(own.Y)
    if own.m > MOST or count > MOST_CLASSES:
        raise LayerwiseError(
            f"These are {own.m:,} points of {count} classes, and a painting has at most {MOST:,}"
            f" points of {MOST_CLASSES} classes: use fewer, or begin with a blank sheet."
        )
    labels = own.Y[0] if len(own.Y) == 1 else own.Y.argmax(axis=0)
    table = np.vstack([sheet.clip(own.X), labels])
    names = own.classes if len(own.classes) == count else tuple(map(str, range(count)))
    return Painting(sheet, names, _chunks(table))


def _chunks(table: Floats) -> tuple[Chunk, ...]:
    pieces = range(0, table.shape[1], CHUNK)
    return tuple(_frozen(table[:, start : start + CHUNK].copy()) for start in pieces)


def _frozen(array: Floats) -> Floats:
    array.setflags(write=False)
    return array
