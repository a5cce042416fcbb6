"""Thumbnails for data of pictures: the weights of a unit, and the position of an input."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.data.datasets import PictureShape
from core.data.pixels import tiles
from core.look.pictures import levels
from core.nn.activations import Array

SMALLEST = 48  # cells along a thumbnail: fewer are repeated, so that pixels keep their edges
LARGEST = 128  # more are averaged in squares


def weights_map(row: Array, picture: PictureShape) -> NDArray[np.uint8]:
    """A row of W[1] (n_x,) as square levels of the colour scale, -max|w| … max|w|.

    A picture that is not square is centred; for colour the four tiles are red, green, below them
    blue and the mean.
    """
    found = list(tiles(row, picture).values())
    whole = found[0] if len(found) == 1 else np.block([found[:2], found[2:]])
    return _frozen(levels(_sized(_squared(whole)), None))


def input_map(i: int, picture: PictureShape) -> NDArray[np.uint8]:
    """The position of input i in the picture: its pixel is 1, all others are 0."""
    one = np.zeros(picture)
    one.flat[i] = 1.0
    return _frozen(levels(_sized(_squared(one.max(axis=2))), None))


def _squared(whole: Array) -> Array:
    height, width = whole.shape
    side = max(height, width)
    square = np.zeros((side, side), whole.dtype)
    top, left = (side - height) // 2, (side - width) // 2
    square[top : top + height, left : left + width] = whole
    return square


def _sized(square: Array) -> Array:
    side = len(square)
    if side < SMALLEST:
        times = -(-SMALLEST // side)
        return square.repeat(times, axis=0).repeat(times, axis=1)
    if side <= LARGEST:
        return square
    each = -(-side // LARGEST)
    padded = np.zeros((side + -side % each,) * 2, square.dtype)
    padded[:side, :side] = square
    small: Array = padded.reshape(len(padded) // each, each, -1, each).mean(axis=(1, 3))
    return small


def _frozen(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    picture.setflags(write=False)
    return picture
