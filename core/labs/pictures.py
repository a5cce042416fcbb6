"""A picture and its column: the order of its numbers, and the effect of a wrong reshape."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from core import edits
from core.data import tables
from core.data.datasets import PictureShape
from core.data.examples import Split
from core.data.own import OwnData, own_data
from core.errors import LayerwiseError
from core.labs.training import Between, Told, Trained, train
from core.layers import LayerSettings, NetworkSettings
from core.project import DataSettings, Project
from core.training.session import Session

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
PixelPlace = tuple[int, int, int]  # row, column, channel, from 0
AxisOrder = tuple[int, int, int]  # the order of the axes, slowest first

AXES = ("row", "column", "channel")
IN_MEMORY: AxisOrder = (0, 1, 2)
ORDERS: tuple[AxisOrder, ...] = tuple((i, j, k) for i, j, k in permutations(IN_MEMORY))
TOY: PictureShape = (3, 3, 2)
TOYS = 4
DIGITS_NAME = "Digits, 8 × 8"
MOST_NUMBERS = 2**24  # of all pictures of a lab together


@dataclass(frozen=True, slots=True, eq=False)
class Album:
    """Pictures in one or two sets, for training and, if available, for testing: arrays (m, height,
    width, channels), read-only. `project` is the one that learns them, None if there is nothing to
    learn; `labels` (n_y, m) belong to all.
    """

    name: str
    sets: tuple[Floats, ...]
    labels: Floats | None = None
    project: Project | None = None

    @property
    def picture(self) -> PictureShape:
        """Height, width and channels."""
        height, width, channels = self.sets[0].shape[1:]
        return height, width, channels

    @property
    def m(self) -> int:
        """How many pictures the first set has."""
        return len(self.sets[0])


def toys() -> Album:
    """Four pictures of 3 × 3 pixels and two channels that hold the numbers 0 … 71 in order."""
    count = TOYS * TOY[0] * TOY[1] * TOY[2]
    return Album("Toy, 3 × 3 × 2", (_locked(np.arange(float(count)).reshape(TOYS, *TOY)),))


def digits() -> Album:
    """The handwritten digits in mixed order, a quarter for testing, learned by ten softmax units
    that start at 0.
    """
    inks, labels = tables.digits()
    mixed = np.random.RandomState(1).permutation(len(inks))
    A = (inks[mixed] / tables.INK).reshape(-1, 8, 8, 1)
    network = NetworkSettings(
        layers=(LayerSettings(units=10, activation="softmax"),), initializer="zeros", seed=2
    )
    project = Project(data=DataSettings(seed=1, test_share=0.25), network=network)
    project = edits.with_training(project, learning_rate=0.5, iterations=500)
    return Album(DIGITS_NAME, (_locked(A),), np.eye(10)[:, labels[mixed]], project)


def pictures_of(split: Split, project: Project) -> Album:
    """The pictures that a project learns, before normalization.

    Raises LayerwiseError if its examples are not pictures, or too many.
    """
    if split.picture is None:
        raise LayerwiseError(
            "The examples of the open project are no pictures: import some, or choose Digits."
        )
    sets = [split.train, *([split.test] if split.test is not None else [])]
    if sum(each.X.size for each in sets) > MOST_NUMBERS:
        raise LayerwiseError(
            f"The pictures of the open project have more than {MOST_NUMBERS:,} numbers, which is"
            " too much for this lab: choose Digits."
        )
    arrays = tuple(
        _locked(split.own_units(each.X).T.astype(np.float64).reshape(-1, *split.picture))
        for each in sets
    )
    labels = np.hstack([each.Y for each in sets]).astype(np.float64)
    return Album("Pictures of the open project", arrays, labels, project)


# --- one picture ---------------------------------------------------------------------------------


def column_of(picture: Floats, order: AxisOrder) -> Floats:
    """The picture (height, width, channels) as a column (n, 1), in that order."""
    return picture.transpose(order).reshape(-1, 1)


def code_of(order: AxisOrder) -> str:
    """The line of NumPy that makes the column of a picture A."""
    if order == IN_MEMORY:
        return "A.reshape(-1, 1)"
    return f"A.transpose({', '.join(map(str, order))}).reshape(-1, 1)"


def row_of(place: PixelPlace, picture: PictureShape, order: AxisOrder) -> int:
    """The row of the column, from 0, of the number at this position."""
    row = 0
    for axis in order:
        row = row * picture[axis] + place[axis]
    return row


def place_of(row: int, picture: PictureShape, order: AxisOrder) -> PixelPlace:
    """The position in the picture of the number in this row of the column, from 0."""
    found = [0, 0, 0]
    for axis in reversed(order):
        row, found[axis] = divmod(row, picture[axis])
    return found[0], found[1], found[2]


def full_colour(picture: Floats) -> float:
    """The number shown in full colour: 1 if all numbers are from 0 to 1, else the largest."""
    return max(1.0, float(picture.max(initial=0.0)))


def whole_bytes(picture: Floats) -> bool:
    """Whether these numbers are bytes divided by 255, as in photographs."""
    bytes_ = 255.0 * picture
    return bool(picture.max(initial=0.0) <= 1 and np.abs(bytes_ - np.rint(bytes_)).max() < 1e-6)


def as_bytes(picture: Floats, most: float) -> NDArray[np.uint8]:
    """The picture as (height, width, 3) bytes of red, green and blue, 0 black and `most` full; of
    one channel it is grey, of two it has no blue.
    """
    levels = np.rint(255.0 * np.clip(picture / most, 0.0, 1.0)).astype(np.uint8)
    channels = picture.shape[2]
    if channels == 1:
        return np.repeat(levels, 3, axis=2)
    found = np.zeros((*picture.shape[:2], 3), np.uint8)
    found[..., :channels] = levels[..., :3]
    return found


# --- many pictures -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Reshape:
    """A way to make X from an array of pictures (m, height, width, channels), one example per
    column.
    """

    name: str
    code: str
    do: Callable[[Floats], Floats]
    places: Callable[[int, int, int], Indices]  # of m pictures of n numbers: column k, in A flat
    about: str


RESHAPES: dict[str, Reshape] = {
    reshape.name: reshape
    for reshape in (
        Reshape(
            name="right",
            code="A.reshape(m, -1).T",
            do=lambda A: A.reshape(len(A), -1).T,
            places=lambda _m, n, k: k * n + np.arange(n),
            about="A row for each picture, then transposed: every column is one picture.",
        ),
        Reshape(
            name="wrong",
            code="A.reshape(-1, m)",
            do=lambda A: A.reshape(-1, len(A)),
            places=lambda m, n, k: k + m * np.arange(n),
            about="The right shape, but every column takes numbers from many pictures.",
        ),
    )
}


def column_as_picture(album: Album, reshape: str, k: int) -> Floats:
    """Column k of X read as a picture again, (height, width, channels): a look before training."""
    return album.sets[0].reshape(-1)[_places(album, reshape, k)].reshape(album.picture)


def sources(album: Album, reshape: str, k: int) -> int:
    """The number of pictures that contribute to column k."""
    return len(np.unique(_places(album, reshape, k) // album.sets[0][0].size))


def _places(album: Album, reshape: str, k: int) -> Indices:
    A = album.sets[0]
    return RESHAPES[reshape].places(len(A), A[0].size, k)


def learned(
    album: Album, reshape: str, between: Between, told: Told, iterations: int | None = None
) -> Trained:
    """Train the album's network on X made by this reshape, each set separately.

    Raises LayerwiseError for an album without a project.
    """
    session = session_of(album, reshape, between)
    return train(session, iterations or session.project.training.iterations, between, told)


def session_of(album: Album, reshape: str, between: Between) -> Session:
    """A run at its start, of the album's network on X made by this reshape."""
    if album.project is None or album.labels is None:
        raise LayerwiseError(f"{album.name} has no labels to learn: choose Digits.")
    own = _own(album, reshape)
    project, data = album.project, album.project.data
    learner = edits.choose_own(project, own)
    learner = edits.with_data(
        learner, seed=data.seed, test_share=data.test_share, normalize=data.normalize
    )
    learner = edits.with_network(learner, layers=project.network.layers)
    learner = edits.with_training(learner, loss=project.training.loss)
    return Session(learner, own=own, between=between)


def _own(album: Album, reshape: str) -> OwnData:
    X = np.hstack([RESHAPES[reshape].do(each) for each in album.sets])
    tested = len(album.sets[1]) if len(album.sets) > 1 else 0
    code = RESHAPES[reshape].code
    assert album.labels is not None
    return own_data(X, album.labels, f"{album.name}, {code}", test_examples=tested)


def _locked(A: Floats) -> Floats:
    A.setflags(write=False)
    return A
