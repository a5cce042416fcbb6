"""The gallery: the course's numbers, and the properties of every data set."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data import tables
from core.data.datasets import DATASETS, shares
from core.edits import choose_source, with_data
from core.project import Project
from core.training.session import Session

PLANAR = ("flower", "moons", "circles", "spirals", "xor", "gaussians")


def draw(name, m=400, noise=None, seed=1, **option):
    dataset = DATASETS[name]
    noise = dataset.default_noise if noise is None else noise
    return dataset.make(m, noise, np.random.RandomState(seed), **option)


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
def test_noise_0_separates_the_classes(name):
    X, Y = draw(name, 100, 0.0)
    zeros, ones = X[:, Y[0] == 0], X[:, Y[0] == 1]
    gap = np.linalg.norm(zeros[:, :, None] - ones[:, None, :], axis=0)
    nearest_rival = np.median(gap.min(axis=1))
    assert nearest_rival > 0.25


def test_xor_is_the_exclusive_or_of_the_signs():
    X, Y = draw("xor", 101, 0.0)
    assert np.array_equal(Y[0] == 1, (X[0] > 0) ^ (X[1] > 0))


@pytest.mark.parametrize("name", DATASETS)
@pytest.mark.parametrize("m", [1, 2, 7])
@pytest.mark.parametrize("noise", [0.0, 0.4])
def test_every_set_draws_few_examples_of_the_sizes_it_names(name, m, noise):
    X, Y = draw(name, m, noise)
    n_x, n_y = DATASETS[name].sizes()
    assert X.shape == (n_x, m)
    assert Y.shape == (n_y, m)
    assert X.dtype == Y.dtype == np.float64
    assert np.isfinite(X).all()
    assert np.isfinite(Y).all()


@pytest.mark.parametrize("name", [name for name, entry in DATASETS.items() if entry.option])
def test_an_option_sets_the_rows_it_names_and_has_the_default_of_make(name):
    dataset = DATASETS[name]
    option = dataset.option
    assert option is not None
    for value in option.limits:
        X, Y = draw(name, 30, **{option.name: value})
        assert (len(X), len(Y)) == dataset.sizes(value)
        assert value in dataset.sizes(value)
    assert np.array_equal(draw(name)[0], draw(name, **{option.name: option.default})[0])
    assert dataset.sizes(option.default) == dataset.sizes()


@given(m=st.integers(1, 80), classes=st.integers(2, 10), seed=st.integers(0, 99))
def test_blobs_are_one_hot_and_balanced_class_by_class(m, classes, seed):
    X, Y = draw("blobs", m, 0.5, seed, classes=classes)
    labels = Y.argmax(axis=0)
    assert (Y.sum(axis=0) == 1).all()
    assert set(np.unique(Y)) == {0.0, 1.0}
    assert labels.tolist() == np.repeat(range(classes), shares(m, classes)).tolist()
    assert np.isfinite(X).all()


@pytest.mark.parametrize("classes", range(2, 11))
def test_blobs_without_noise_are_their_centres(classes):
    X, _ = draw("blobs", 4 * classes, 0.0, classes=classes)
    centres = {tuple(np.round(point, 9)) for point in X.T}
    assert len(centres) == classes
    assert np.hypot(*X) == pytest.approx(3)


def test_the_plane_is_a_slope():
    X, Y = draw("plane", 50, 0.0)
    assert Y[0] == pytest.approx((X[0] + X[1]) / 8)
    assert np.abs(Y).max() <= 1


def test_the_bumps_rise_and_fall():
    X, Y = draw("bumps", 2000, 0.0)
    near = [np.hypot(X[0] - x, X[1] - y) < 0.3 for x, y in ((-2, 2), (2, -2), (2, 2), (-2, -2))]
    hills_and_hollows = [Y[0, where].mean() for where in near]
    assert hills_and_hollows == pytest.approx([1, 1, -1, -1], abs=0.1)
    assert np.abs(Y).max() <= 1.01


@given(bits=st.integers(2, 10), times=st.integers(1, 3), seed=st.integers(0, 99))
def test_parity_has_every_pattern_as_often_and_the_right_label(bits, times, seed):
    X, Y = draw("parity", times * 2**bits, 0.0, seed, bits=bits)
    patterns, counts = np.unique(X.T, axis=0, return_counts=True)
    assert len(patterns) == 2**bits
    assert (counts == times).all()
    assert np.array_equal(Y[0], X.sum(axis=0) % 2)
    assert Y[0].tolist() == sorted(Y[0])


def test_parity_of_two_bits_is_xor():
    X, Y = draw("parity", 4, bits=2)
    assert {(a, b): y for a, b, y in zip(*X, Y[0], strict=True)} == {
        (0, 0): 0,
        (0, 1): 1,
        (1, 0): 1,
        (1, 1): 0,
    }


def test_digits_are_the_pictures_of_the_file_each_once():
    pictures, labels = tables.digits()
    X, Y = draw("digits", 1797)
    assert DATASETS["digits"].most == len(labels)
    drawn = np.vstack([X * 16, Y.argmax(axis=0)])
    stored = np.vstack([pictures.T, labels])
    assert sorted(map(tuple, drawn.T)) == sorted(map(tuple, stored.T.astype(float)))
    assert (np.diff(Y.argmax(axis=0)) >= 0).all()
    assert X.min() == 0
    assert X.max() == 1


def test_few_digits_are_balanced():
    counts = draw("digits", 400)[1].sum(axis=1)
    assert counts.sum() == 400
    assert counts.min() >= 25


@given(m=st.integers(0, 500), classes=st.integers(1, 12))
def test_shares_are_even_and_add_up(m, classes):
    counts = shares(m, classes)
    assert sum(counts) == m
    assert max(counts) - min(counts) <= 1


def test_two_scales_show_why_inputs_are_normalized():
    """The same network on the same examples, trained at the default settings."""
    project = choose_source(Project(), "two_scales")
    right: dict[bool, float] = {}
    for normalize in (False, True):
        session = Session(with_data(project, normalize=normalize))
        for _ in range(3000):
            assert session.step()
        right[normalize] = session.score()[0].accuracy or 0.0
    assert right[False] < 0.75
    assert right[True] > 0.95
    assert session.split.std is not None
    deviations = session.split.std.ravel()
    assert deviations[1] / deviations[0] == pytest.approx(50, rel=0.05)
    circles, _ = draw("circles")
    scaled, _ = draw("two_scales")
    np.testing.assert_allclose(scaled, circles * [[1], [50]] + [[0], [150]])
