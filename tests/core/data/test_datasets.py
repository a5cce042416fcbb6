"""The gallery: the course's numbers, and what every data set must keep."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.datasets import DATASETS, shares

PLANAR = ("flower", "moons", "circles", "spirals", "xor", "gaussians")


def draw(name, m=400, noise=None, seed=1):
    dataset = DATASETS[name]
    noise = dataset.default_noise if noise is None else noise
    return dataset.make(m, noise, np.random.RandomState(seed))


def course_flower(m, seed):
    """The published `load_planar_dataset`, its loop kept, with examples as columns at the end."""
    rng = np.random.RandomState(seed)
    per_class = m // 2
    X, Y, a = np.zeros((m, 2)), np.zeros((m, 1)), 4
    for j in range(2):
        ix = range(per_class * j, per_class * (j + 1))
        t = np.linspace(j * 3.12, (j + 1) * 3.12, per_class) + rng.randn(per_class) * 0.2
        r = a * np.sin(4 * t) + rng.randn(per_class) * 0.2
        X[ix] = np.c_[r * np.sin(t), r * np.cos(t)]
        Y[ix] = j
    return X.T, Y.T


@pytest.mark.parametrize("seed", [0, 1, 3])
def test_flower_is_the_course_data_set_number_by_number(seed):
    X, Y = draw("flower", 400, 0.2, seed)
    course_X, course_Y = course_flower(400, seed)
    assert np.array_equal(X, course_X)
    assert np.array_equal(Y, course_Y)


def test_flower_begins_with_the_published_numbers():
    X, Y = draw("flower", 400, 0.2, seed=1)
    assert X[:, 0] == pytest.approx([1.20444229, 3.57611414], abs=1e-8)
    assert (Y == 0).sum() == 200
    assert (Y == 1).sum() == 200


@pytest.mark.parametrize("name", DATASETS)
def test_entry_is_complete(name):
    dataset = DATASETS[name]
    low, high = dataset.noise_limits
    assert dataset.name == name
    assert 0 <= low <= dataset.default_noise <= high
    assert dataset.label
    assert dataset.note.endswith(".")
    assert dataset.source


@pytest.mark.parametrize("name", DATASETS)
def test_the_same_seed_draws_the_same_numbers(name):
    first, again, other = draw(name, seed=7), draw(name, seed=7), draw(name, seed=8)
    assert np.array_equal(first[0], again[0])
    assert np.array_equal(first[1], again[1])
    assert not np.array_equal(first[0], other[0])


@pytest.mark.parametrize("name", PLANAR)
def test_a_planar_set_fills_the_plane_around_the_origin(name):
    X, _ = draw(name, noise=0.0 if name != "gaussians" else None)
    assert 1.5 < np.abs(X).max() < 6
    assert np.abs(X.mean(axis=1)).max() < 0.5


@pytest.mark.parametrize("name", PLANAR)
@given(m=st.integers(1, 60), noise=st.floats(0, 3), seed=st.integers(0, 2**32 - 1))
def test_a_planar_set_is_finite_and_balanced_and_begins_with_class_0(name, m, noise, seed):
    X, Y = draw(name, m, noise, seed)
    assert X.shape == (2, m)
    assert Y.shape == (1, m)
    assert X.dtype == Y.dtype == np.float64
    assert np.isfinite(X).all()
    assert Y.tolist() == [[0.0] * (m // 2) + [1.0] * (m - m // 2)]


@pytest.mark.parametrize("name", PLANAR)
def test_noise_0_still_parts_the_classes(name):
    X, Y = draw(name, 100, 0.0)
    zeros, ones = X[:, Y[0] == 0], X[:, Y[0] == 1]
    gap = np.linalg.norm(zeros[:, :, None] - ones[:, None, :], axis=0)
    nearest_rival = np.median(gap.min(axis=1))
    assert nearest_rival > 0.25


def test_xor_is_the_exclusive_or_of_the_signs():
    X, Y = draw("xor", 101, 0.0)
    assert np.array_equal(Y[0] == 1, (X[0] > 0) ^ (X[1] > 0))


@given(m=st.integers(0, 500), classes=st.integers(1, 12))
def test_shares_are_even_and_add_up(m, classes):
    counts = shares(m, classes)
    assert sum(counts) == m
    assert max(counts) - min(counts) <= 1
