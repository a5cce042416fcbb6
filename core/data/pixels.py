"""Examples that are pictures: how a column is flattened from pixels, as in the course."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from core.data.datasets import PictureShape
from core.data.examples import Floats, Indices, Split

CHANNELS = ("red", "green", "blue")
MEAN = "mean of the three"
LEAST_SIDE = 8  # pixels


def square_of(X: Floats) -> PictureShape | None:
    """The picture shape (height, width, channels) assumed for the columns of X (n, m) if none is
    given: a square of at least 8 × 8 pixels, grey or in colour, all numbers from 0 to 1.
    """
    square = square_with(len(X))
    return square if square and float(X.min()) >= 0 and float(X.max()) <= 1 else None


def square_with(n: int) -> PictureShape | None:
    """The square picture of at least 8 × 8 pixels, grey or in colour, that has n numbers."""
    for channels in (1, 3):
        side = math.isqrt(n // channels)
        if side >= LEAST_SIDE and side * side * channels == n:
            return side, side, channels
    return None


def example_picture(split: Split, k: int, *, test: bool = False) -> NDArray[np.uint8]:
    """Example k as (height, width, 3) bytes: of the data's own units 0 is black and 1 full colour.

    Values outside are cut off there; a picture of one channel is grey.
    """
    assert split.picture is not None
    examples = split.test if test and split.test is not None else split.train
    values = split.own_units(examples.X[:, k : k + 1]).reshape(split.picture)
    bytes_ = np.rint(255.0 * np.clip(values, 0.0, 1.0)).astype(np.uint8)
    return np.repeat(bytes_, 3 // split.picture[2], axis=2)


def tiles(values: Floats, picture: PictureShape) -> dict[str, Floats]:
    """One number per input as tables (height, width) by name: one, without a name, for grey
    pictures; for colour one per channel, and their mean, which a grey picture would get.
    """
    whole = values.reshape(picture)
    if picture[2] == 1:
        return {"": whole[..., 0]}
    found = {name: whole[..., c] for c, name in enumerate(CHANNELS)}
    return {**found, MEAN: whole.mean(axis=2)}


def pixel_of(row: int, picture: PictureShape) -> str:
    """Which pixel a row of X is: `row 3, column 5`, of colour pictures with the channel."""
    place, channel = divmod(row, picture[2])
    y, x = divmod(place, picture[1])
    where = f"row {y + 1}, column {x + 1}"
    return where if picture[2] == 1 else f"{where}, {CHANNELS[channel]}"


def order_of(picture: PictureShape) -> str:
    """In which order the pixels of these pictures are the rows of X."""
    height, width, channels = picture
    size = f"{height} × {width} pixels"
    each = "" if channels == 1 else ", each red, green, blue"
    return f"{size}, row by row from the top left{each}"


def mixed_order(split: Split) -> Indices:
    """The training examples in an order that mixes the classes: the first of each, then the second
    of each, and so on; for regression unchanged.
    """
    Y = split.train.Y
    if split.kind == "regression":
        return np.arange(Y.shape[1])
    labels = Y[0].astype(np.intp) if len(Y) == 1 else Y.argmax(axis=0)
    by_class = np.argsort(labels, kind="stable")
    first = np.searchsorted(labels[by_class], labels[by_class])
    rank = np.empty(len(labels), np.intp)
    rank[by_class] = np.arange(len(labels)) - first
    return np.lexsort((labels, rank))
