"""The built-in data sets, each drawn by a formula from a seeded generator, class by class."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.data import tables

Floats = NDArray[np.float64]
Sample = tuple[Floats, Floats]
Balance = Sequence[float]
DataKind = Literal["binary", "classes", "regression"]
PictureShape = tuple[int, int, int]  # height, width, channels (1 or 3)

HALF = 4.0
"""The two-dimensional data sets fill about [-HALF, HALF] on both axes, but for `two_scales`."""


@dataclass(frozen=True, slots=True)
class DatasetOption:
    """An integer parameter of a data set besides m and noise, passed as the keyword `name` of
    `make`.

    It is also the number of rows of X (`rows` "n_x") or of Y ("n_y").
    """

    name: str
    label: str
    default: int
    limits: tuple[int, int]
    rows: Literal["n_x", "n_y"]


@dataclass(frozen=True, slots=True)
class Dataset:
    """One entry of the gallery.

    `make(m, noise, rng)` draws m examples and returns X (n_x, m) and Y (n_y, m), with classes in
    order, class 0 first; the same state of `rng` gives the same numbers. `note` describes the set
    and the effect of its noise in plain words; `source` says where it comes from. `n_x` and `n_y`
    are those of the default option; `most` is the number of examples that exist, None without a
    limit. If `balances`, `make` also takes the shares of the classes as `balance`. `picture` is the
    shape of an example that is a picture, flattened as in the course: row by row, in each row pixel
    by pixel, for each pixel red, green, blue.
    """

    name: str
    label: str
    kind: DataKind
    make: Callable[..., Sample]
    default_noise: float
    noise_limits: tuple[float, float]
    note: str
    source: str
    n_x: int = 2
    n_y: int = 1
    option: DatasetOption | None = None
    most: int | None = None
    balances: bool = False
    picture: PictureShape | None = None

    def sizes(self, value: int | None = None) -> tuple[int, int]:
        """Return (n_x, n_y) for a value of the option, or for its default if None."""
        if self.option is None or value is None:
            return self.n_x, self.n_y
        return (value, self.n_y) if self.option.rows == "n_x" else (self.n_x, value)

    def classes(self, value: int | None = None) -> int:
        """How many classes the labels are of for a value of the option; 0 in regression."""
        return {"binary": 2, "regression": 0, "classes": self.sizes(value)[1]}[self.kind]


def shares(m: int, classes: int, balance: Sequence[float] = ()) -> list[int]:
    """Split m examples over the classes; of two classes, class 0 gets m // 2.

    `balance` gives the share of each class (adding up to 1) if they are not equal: class j then
    ends at the sum of the shares up to its own, times m, rounded down. This draws nothing, so each
    class is drawn from the seed as usual, only with more or fewer examples.
    """
    if not balance:
        return [m * (j + 1) // classes - m * j // classes for j in range(classes)]
    sums = np.cumsum(balance)
    ends = np.floor(m * sums / sums[-1] + 1e-9).astype(int)
    counts: list[int] = np.diff(ends, prepend=0).tolist()
    return counts


def _two_classes(m: int, balance: Balance, draw: Callable[[int, int], Floats]) -> Sample:
    """Join `draw(j, count)` (2, count) of class 0 and class 1, with the labels 0 and 1."""
    counts = shares(m, 2, balance)
    X = np.hstack([draw(j, count) for j, count in enumerate(counts)])  # (2, m)
    Y = np.repeat([[0.0, 1.0]], counts, axis=1)  # (1, m)
    return X, Y


def _jitter(count: int, noise: float, rng: np.random.RandomState) -> Floats:
    return noise * rng.randn(2, count)


def flower(m: int, noise: float, rng: np.random.RandomState, balance: Balance = ()) -> Sample:
    """The course's planar data: r = 4 sin 4θ, noise on θ and on r; θ is drawn before r."""
    a = 4

    def petals(j: int, count: int) -> Floats:
        theta = np.linspace(j * 3.12, (j + 1) * 3.12, count) + rng.randn(count) * noise
        r = a * np.sin(4 * theta) + rng.randn(count) * noise
        return np.stack([r * np.sin(theta), r * np.cos(theta)])

    return _two_classes(m, balance, petals)


def moons(m: int, noise: float, rng: np.random.RandomState, balance: Balance = ()) -> Sample:
    """Two half circles of radius 2.4, the second turned over and pushed into the first."""
    radius = 2.4

    def moon(j: int, count: int) -> Floats:
        t = np.linspace(0, np.pi, count)
        side = 1 - 2 * j
        curve = np.stack([np.cos(t) - 0.5, np.sin(t) - 0.25])
        return radius * side * curve + _jitter(count, noise, rng)

    return _two_classes(m, balance, moon)


def circles(m: int, noise: float, rng: np.random.RandomState, balance: Balance = ()) -> Sample:
    """An outer ring of radius 3.4 (class 0) around an inner ring of radius 1.6 (class 1)."""

    def ring(j: int, count: int) -> Floats:
        t = np.linspace(0, 2 * np.pi, count, endpoint=False)
        curve = (3.4, 1.6)[j] * np.stack([np.cos(t), np.sin(t)])
        return curve + _jitter(count, noise, rng)

    return _two_classes(m, balance, ring)


def two_scales(m: int, noise: float, rng: np.random.RandomState, balance: Balance = ()) -> Sample:
    """The rings of `circles` with x2 times 50, plus 150: two inputs on scales far apart."""
    X, Y = circles(m, noise, rng, balance)
    return X * [[1.0], [50.0]] + [[0.0], [150.0]], Y


def spirals(m: int, noise: float, rng: np.random.RandomState, balance: Balance = ()) -> Sample:
    """Two arms of one and a half turns, half a turn apart, from radius 0.4 to 4."""

    def arm(j: int, count: int) -> Floats:
        t = np.linspace(0, 1, count)
        radius = 0.4 + (HALF - 0.4) * t
        angle = 3 * np.pi * t + j * np.pi
        curve: Floats = radius * np.stack([np.sin(angle), np.cos(angle)])
        return curve + _jitter(count, noise, rng)

    return _two_classes(m, balance, arm)


def xor(m: int, noise: float, rng: np.random.RandomState, balance: Balance = ()) -> Sample:
    """Four squares, one per quadrant; class 1 where exactly one of x1 and x2 is positive."""

    def quadrants(j: int, count: int) -> Floats:
        size = rng.uniform(0.4, HALF, (2, count))
        x1_sign = np.where(np.arange(count) % 2, -1.0, 1.0)
        x2_sign = x1_sign * (1 - 2 * j)
        squares: Floats = size * np.stack([x1_sign, x2_sign])
        return squares + _jitter(count, noise, rng)

    return _two_classes(m, balance, quadrants)


def gaussians(m: int, noise: float, rng: np.random.RandomState, balance: Balance = ()) -> Sample:
    """Two round clouds around (-1.8, -1.8) and (1.8, 1.8), `noise` their standard deviation."""

    def cloud(j: int, count: int) -> Floats:
        return (-1.8, 1.8)[j] + _jitter(count, noise, rng)

    return _two_classes(m, balance, cloud)


def blobs(
    m: int, noise: float, rng: np.random.RandomState, classes: int = 4, balance: Balance = ()
) -> Sample:
    """Round clouds with their centres on a circle of radius 3, one a class; Y is one-hot."""
    counts = shares(m, classes, balance)
    angle = np.repeat(2 * np.pi * np.arange(classes) / classes, counts)
    centres: Floats = 3 * np.stack([np.sin(angle), np.cos(angle)])
    return centres + _jitter(m, noise, rng), np.repeat(np.eye(classes), counts, axis=1)


def plane(m: int, noise: float, rng: np.random.RandomState) -> Sample:
    """A slope: y = (x1 + x2) / 8 over the square, so -1 … 1, plus noise on y."""
    X: Floats = rng.uniform(-HALF, HALF, (2, m))
    return X, (X[:1] + X[1:]) / 8 + noise * rng.randn(1, m)


def bumps(m: int, noise: float, rng: np.random.RandomState) -> Sample:
    """Two hills of height 1 and two hollows of depth 1, all bell-shaped, plus noise on y."""
    X: Floats = rng.uniform(-HALF, HALF, (2, m))
    y: Floats = noise * rng.randn(1, m)
    for x1, x2, height in ((-2, 2, 1), (2, 2, -1), (-2, -2, -1), (2, -2, 1)):
        y += height * np.exp(-((X[0] - x1) ** 2 + (X[1] - x2) ** 2) / 2)
    return X, y


def parity(
    m: int, noise: float, rng: np.random.RandomState, bits: int = 4, balance: Balance = ()
) -> Sample:
    """Patterns of 0 and 1, equally often; class 1 if the number of ones is odd.

    With a balance, the patterns of each class are equally often.
    """
    patterns = rng.permutation(2**bits)
    if balance:
        is_odd = (patterns[:, np.newaxis] >> np.arange(bits) & 1).sum(axis=1) % 2
        counts = shares(m, 2, balance)
        parts = [np.resize(patterns[is_odd == j], count) for j, count in enumerate(counts)]
        patterns = np.concatenate(parts)
    patterns = np.resize(patterns, m)
    ones = (patterns >> np.arange(bits)[:, np.newaxis]) & 1  # (bits, m)
    odd = ones.sum(axis=0) % 2
    order = np.argsort(odd, kind="stable")
    X: Floats = ones[:, order] + noise * rng.randn(bits, m)
    return X, odd[np.newaxis, order].astype(np.float64)


def digits(m: int, noise: float, rng: np.random.RandomState) -> Sample:
    """Handwritten digits as columns of 64 pixels, 0 (paper) … 1 (ink), row by row; Y is one-hot."""
    pictures, labels = tables.digits()
    drawn = rng.permutation(len(labels))[:m]
    drawn = drawn[np.argsort(labels[drawn], kind="stable")]
    X: Floats = pictures[drawn].T / tables.INK + noise * rng.randn(64, m)
    return X, np.eye(10)[:, labels[drawn]]


_JITTER = "Noise is the standard deviation of the normal step added to x₁ and x₂."
_ON_Y = "Noise is the standard deviation of the normal step added to y."
_OWN = "Layerwise"

DATASETS: dict[str, Dataset] = {
    dataset.name: dataset
    for dataset in (
        Dataset(
            "flower",
            "Flower",
            "binary",
            flower,
            default_noise=0.2,
            noise_limits=(0.0, 1.0),
            note="Eight petals of two classes, which no straight line parts. Noise is the standard "
            "deviation of the normal step added to the angle θ and to the radius r.",
            source="The planar data set of the deep-learning course (r = 4 sin 4θ)",
            balances=True,
        ),
        Dataset(
            "moons",
            "Moons",
            "binary",
            moons,
            default_noise=0.3,
            noise_limits=(0.0, 2.0),
            note=f"Two half moons, one inside the bend of the other. {_JITTER}",
            source=_OWN,
            balances=True,
        ),
        Dataset(
            "circles",
            "Circles",
            "binary",
            circles,
            default_noise=0.3,
            noise_limits=(0.0, 2.0),
            note=f"A ring inside a ring: a closed boundary is needed. {_JITTER}",
            source=_OWN,
            balances=True,
        ),
        Dataset(
            "spirals",
            "Spirals",
            "binary",
            spirals,
            default_noise=0.1,
            noise_limits=(0.0, 1.0),
            note=f"Two arms wound into each other: hard for a small network. {_JITTER}",
            source=_OWN,
            balances=True,
        ),
        Dataset(
            "xor",
            "XOR",
            "binary",
            xor,
            default_noise=0.1,
            noise_limits=(0.0, 2.0),
            note=f"Class 1 where exactly one of x₁ and x₂ is positive. {_JITTER}",
            source=_OWN,
            balances=True,
        ),
        Dataset(
            "gaussians",
            "Gaussians",
            "binary",
            gaussians,
            default_noise=0.9,
            noise_limits=(0.0, 3.0),
            note="Two round clouds, which a line parts well. Noise is their standard deviation.",
            source=_OWN,
            balances=True,
        ),
        Dataset(
            "blobs",
            "Blobs",
            "classes",
            blobs,
            default_noise=0.6,
            noise_limits=(0.0, 2.0),
            note="Round clouds on a circle, one a class. Noise is their standard deviation.",
            source=_OWN,
            n_y=4,
            option=DatasetOption("classes", "Classes", default=4, limits=(2, 10), rows="n_y"),
            balances=True,
        ),
        Dataset(
            "plane",
            "Plane",
            "regression",
            plane,
            default_noise=0.1,
            noise_limits=(0.0, 1.0),
            note=f"A slope that one linear unit can learn. {_ON_Y}",
            source=_OWN,
        ),
        Dataset(
            "bumps",
            "Bumps",
            "regression",
            bumps,
            default_noise=0.1,
            noise_limits=(0.0, 1.0),
            note=f"Two hills and two hollows, which need a hidden layer. {_ON_Y}",
            source=_OWN,
        ),
        Dataset(
            "two_scales",
            "Two scales",
            "binary",
            two_scales,
            default_noise=0.3,
            noise_limits=(0.0, 2.0),
            note="A ring around a ring, with x₂ on a scale 50 times as large: hardly anything is"
            " learned until you switch on Normalize. Noise is the standard deviation of the normal"
            " step, before the scaling.",
            source=_OWN,
            balances=True,
        ),
        Dataset(
            "parity",
            "Parity",
            "binary",
            parity,
            default_noise=0.0,
            noise_limits=(0.0, 0.5),
            note="Class 1 where an odd number of the bits is 1. Noise is the standard deviation of "
            "the normal step added to each bit.",
            source=_OWN,
            n_x=4,
            option=DatasetOption("bits", "Bits", default=4, limits=(2, 10), rows="n_x"),
            balances=True,
        ),
        Dataset(
            "digits",
            "Digits",
            "classes",
            digits,
            default_noise=0.0,
            noise_limits=(0.0, 1.0),
            note="Handwritten digits, 8×8 pixels from 0 (paper) to 1 (ink). Noise is the standard "
            "deviation of the normal step added to each pixel.",
            source="Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak, "
            "UCI Machine Learning Repository, CC BY 4.0",
            n_x=64,
            n_y=10,
            most=1797,
            picture=(8, 8, 1),
        ),
    )
}
"""Name → data set, in the order of the gallery. Adding an entry here adds a data set everywhere."""
