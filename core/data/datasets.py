"""The data sets to choose from, each a formula drawn from a seeded generator, class by class."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Drawn = tuple[Floats, Floats]
Kind = Literal["binary", "classes", "regression"]

HALF = 4.0
"""The two-dimensional data sets fill about [-HALF, HALF] on both axes."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """One entry of the gallery.

    `make(m, noise, rng)` draws m examples and returns X (n_x, m) and Y (n_y, m), the examples of
    class 0 first; the same state of `rng` gives the same numbers. `note` says in one sentence what
    the set is and what its noise does; `source` says where it comes from.
    """

    name: str
    label: str
    kind: Kind
    make: Callable[[int, float, np.random.RandomState], Drawn]
    default_noise: float
    noise_limits: tuple[float, float]
    note: str
    source: str


def shares(m: int, classes: int) -> list[int]:
    """Split m examples evenly over the classes; of two classes, class 0 gets m // 2."""
    return [m * (j + 1) // classes - m * j // classes for j in range(classes)]


def _two_classes(m: int, draw: Callable[[int, int], Floats]) -> Drawn:
    """Join `draw(j, count)` (2, count) of class 0 and class 1, with the labels 0 and 1."""
    counts = shares(m, 2)
    X = np.hstack([draw(j, count) for j, count in enumerate(counts)])  # (2, m)
    Y = np.repeat([[0.0, 1.0]], counts, axis=1)  # (1, m)
    return X, Y


def _jitter(count: int, noise: float, rng: np.random.RandomState) -> Floats:
    return noise * rng.randn(2, count)


def flower(m: int, noise: float, rng: np.random.RandomState) -> Drawn:
    """The course's planar data: r = 4 sin 4θ, noise on θ and on r; θ is drawn before r."""
    a = 4

    def petals(j: int, count: int) -> Floats:
        theta = np.linspace(j * 3.12, (j + 1) * 3.12, count) + rng.randn(count) * noise
        r = a * np.sin(4 * theta) + rng.randn(count) * noise
        return np.stack([r * np.sin(theta), r * np.cos(theta)])

    return _two_classes(m, petals)


def moons(m: int, noise: float, rng: np.random.RandomState) -> Drawn:
    """Two half circles of radius 2.4, the second turned over and pushed into the first."""
    radius = 2.4

    def moon(j: int, count: int) -> Floats:
        t = np.linspace(0, np.pi, count)
        side = 1 - 2 * j
        curve = np.stack([np.cos(t) - 0.5, np.sin(t) - 0.25])
        return radius * side * curve + _jitter(count, noise, rng)

    return _two_classes(m, moon)


def circles(m: int, noise: float, rng: np.random.RandomState) -> Drawn:
    """An outer ring of radius 3.4 (class 0) around an inner ring of radius 1.6 (class 1)."""

    def ring(j: int, count: int) -> Floats:
        t = np.linspace(0, 2 * np.pi, count, endpoint=False)
        curve = (3.4, 1.6)[j] * np.stack([np.cos(t), np.sin(t)])
        return curve + _jitter(count, noise, rng)

    return _two_classes(m, ring)


def spirals(m: int, noise: float, rng: np.random.RandomState) -> Drawn:
    """Two arms of one and a half turns, half a turn apart, from radius 0.4 to 4."""

    def arm(j: int, count: int) -> Floats:
        t = np.linspace(0, 1, count)
        radius = 0.4 + (HALF - 0.4) * t
        angle = 3 * np.pi * t + j * np.pi
        curve: Floats = radius * np.stack([np.sin(angle), np.cos(angle)])
        return curve + _jitter(count, noise, rng)

    return _two_classes(m, arm)


def xor(m: int, noise: float, rng: np.random.RandomState) -> Drawn:
    """Four squares, one a quadrant; class 1 where exactly one of x1 and x2 is positive."""

    def quadrants(j: int, count: int) -> Floats:
        size = rng.uniform(0.4, HALF, (2, count))
        x1_sign = np.where(np.arange(count) % 2, -1.0, 1.0)
        x2_sign = x1_sign * (1 - 2 * j)
        squares: Floats = size * np.stack([x1_sign, x2_sign])
        return squares + _jitter(count, noise, rng)

    return _two_classes(m, quadrants)


def gaussians(m: int, noise: float, rng: np.random.RandomState) -> Drawn:
    """Two round clouds around (-1.8, -1.8) and (1.8, 1.8), `noise` their standard deviation."""

    def cloud(j: int, count: int) -> Floats:
        return (-1.8, 1.8)[j] + _jitter(count, noise, rng)

    return _two_classes(m, cloud)


_JITTER = "Noise is the standard deviation of the normal step added to x₁ and x₂."
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
        ),
    )
}
"""Name → data set, in the order of the gallery. Adding an entry here adds a data set everywhere."""
