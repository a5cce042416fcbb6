"""Parameters are views of one vector, start with the course's numbers, and survive edits."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.nn.initializers import INITIALIZERS, initialize
from core.nn.parameters import Parameters, carry_over, count

SIZES = st.lists(st.integers(1, 5), min_size=2, max_size=7)


def numbered(sizes, start=1):
    """Parameters that are all different and none 0."""
    return Parameters(sizes, flat=np.arange(start, start + count(sizes), dtype=float))


@given(SIZES)
def test_views_cover_the_vector_once(sizes):
    p = numbered(sizes)
    views = [*p.W.values(), *p.b.values()]
    assert all(np.shares_memory(view, p.flat) for view in views)
    held = sorted(value for view in views for value in view.ravel().tolist())
    assert held == p.flat.tolist()
    for l, (n_prev, n) in enumerate(pairwise(sizes), start=1):
        assert p.W[l].shape == (n, n_prev)
        assert p.b[l].shape == (n, 1)
        assert p.Wb[l].shape == (n, n_prev + 1)


def test_a_change_of_the_vector_is_seen_in_the_views_and_back():
    p = Parameters((2, 3, 1))
    p.flat += 1
    assert (p.W[1] == 1).all()
    p.b[2][...] = 7
    assert p.flat[-1] == 7


@given(SIZES)
def test_every_number_knows_its_place(sizes):
    p = numbered(sizes)
    for index, value in enumerate(p.flat):
        array, l, row, column = p.place(index)
        assert {"W": p.W, "b": p.b}[array][l][row, column] == value
    with pytest.raises(IndexError):
        p.place(p.flat.size)


@pytest.mark.parametrize(
    ("name", "deviation"),
    [
        ("normal", lambda n: 0.01),
        ("xavier", lambda n: np.sqrt(1 / n)),
        ("he", lambda n: np.sqrt(2 / n)),
    ],
)
def test_initializers_draw_the_course_s_numbers(name, deviation):
    p = Parameters((3, 5, 2))
    p.flat[:] = 9
    initialize(p, name, 0.01, np.random.RandomState(3))
    np.random.seed(3)  # as in a notebook
    for l, (n_prev, n) in enumerate([(3, 5), (5, 2)], start=1):
        np.testing.assert_allclose(p.W[l], np.random.randn(n, n_prev) * deviation(n_prev))
        assert (p.b[l] == 0).all()


def test_zeros_are_zeros_and_draw_nothing():
    p = numbered((2, 3, 1))
    rng = np.random.RandomState(0)
    initialize(p, "zeros", 1.0, rng)
    assert not p.flat.any()
    assert rng.randn() == np.random.RandomState(0).randn()


def test_only_normal_has_a_scale():
    assert [name for name, rule in INITIALIZERS.items() if rule.scaled] == ["normal"]


@pytest.mark.parametrize("name", INITIALIZERS)
def test_float32_is_the_same_draw_rounded(name):
    exact, rounded = Parameters((4, 6, 2)), Parameters((4, 6, 2), np.float32)
    for p in (exact, rounded):
        initialize(p, name, 0.5, np.random.RandomState(8))
    assert np.array_equal(exact.flat.astype(np.float32), rounded.flat)


def carried(old_sizes, new_sizes):
    old, new = numbered(old_sizes), Parameters(new_sizes)
    carry_over(old, new)
    return old, new


@given(SIZES)
def test_carry_over_to_the_same_structure_is_a_copy(sizes):
    old, new = carried(sizes, sizes)
    assert np.array_equal(old.flat, new.flat)


@given(SIZES, SIZES)
def test_carry_over_never_fails_and_copies_only_old_values(old_sizes, new_sizes):
    old, new = carried(old_sizes, new_sizes)
    taken = new.flat[new.flat != 0]
    assert set(taken) <= set(old.flat)
    assert len(set(taken)) == len(taken)
    assert not np.shares_memory(old.flat, new.flat)


def test_another_unit_keeps_the_others():
    old, new = carried((2, 3, 1), (2, 4, 1))
    assert np.array_equal(new.W[1][:3], old.W[1])
    assert np.array_equal(new.b[1][:3], old.b[1])
    assert np.array_equal(new.W[2][:, :3], old.W[2])
    assert new.b[2] == old.b[2]
    assert not new.W[1][3:].any()
    assert not new.W[2][:, 3:].any()


def test_a_unit_less_keeps_the_others():
    old, new = carried((2, 3, 1), (2, 2, 1))
    assert np.array_equal(new.W[1], old.W[1][:2])
    assert np.array_equal(new.W[2], old.W[2][:, :2])


def test_a_layer_in_between_takes_nothing_from_its_neighbours():
    old, new = carried((2, 4, 1), (2, 4, 3, 1))
    assert np.array_equal(new.Wb[1], old.Wb[1])
    assert not new.Wb[2].any()


def test_a_layer_less_keeps_those_around_it():
    old, new = carried((2, 4, 3, 1), (2, 4, 1))
    assert np.array_equal(new.Wb[1], old.Wb[1])
    assert new.b[2] == old.b[3]


def test_another_input_keeps_the_weights_of_the_others():
    old, new = carried((2, 4, 1), (3, 4, 1))
    assert np.array_equal(new.W[1][:, :2], old.W[1])
    assert np.array_equal(new.b[1], old.b[1])
    assert np.array_equal(new.Wb[2], old.Wb[2])
