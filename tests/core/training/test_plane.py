"""The plane of the pictures, and cuts through more inputs, against plain computations."""

from __future__ import annotations

import numpy as np
import pytest

from core.data.examples import make_split, split_of_arrays
from core.look.pictures import Pictures, levels
from core.look.plane import MARGIN, Plane, grid, plane_of, points_on
from core.look.units import Pins
from core.look.watcher import Watcher
from core.nn.cache import Cache
from core.nn.network import Network
from core.nn.parameters import Parameters
from core.training.session import Session
from tests.core.training.projects import project
from tests.looking import answer

SIDE = 7  # points of a picture, which is in single precision


def table(n, m=30, normalize=False, test_share=0.0, dtype="float64"):
    """Own data of n inputs, each with a mean and a spread of its own."""
    rng = np.random.RandomState(5)
    X = rng.randn(n, m) * np.arange(1, n + 1)[:, np.newaxis] + 10 * np.arange(n)[:, np.newaxis]
    Y = (rng.rand(1, m) > 0.5).astype(float)
    return X, split_of_arrays(X, Y, normalize=normalize, test_share=test_share, dtype=dtype)


def plane(split, cut=None) -> Plane:
    found = plane_of(split, cut)
    assert found is not None
    return found


def network(n, dtype="float64"):
    net = Network((n, 3, 2, 1), ("tanh", "relu", "sigmoid"), "cross_entropy")
    p = Parameters(net.sizes, dtype)
    p.flat[...] = np.random.RandomState(8).randn(p.flat.size)
    return net, p


def by_hand(net, p, columns):
    """A[l] for whole columns, fed as they are, one pass over all of them."""
    cache = Cache(net.sizes, columns.shape[1], p.flat.dtype)
    net.forward(p, columns, cache)
    return cache.A


@pytest.mark.parametrize("normalize", [False, True])
@pytest.mark.parametrize("cut", [(0, 1), (4, 2), (3, 0)])
def test_over_a_cut_every_unit_equals_a_computation_by_columns(cut, normalize):
    X, split = table(5, normalize=normalize)
    net, p = network(5)
    seen = plane(split, cut)
    assert seen.cut == cut

    whole = np.repeat(X.mean(axis=1, keepdims=True), SIDE * SIDE, axis=1)  # in the data's own units
    whole[list(cut)] = grid(seen, SIDE)
    fed = whole
    if normalize:
        fed = (whole - X.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True)
    A = by_hand(net, p, fed)

    pictures = Pictures(net, split, seen, lambda: None)
    units = [(l, i) for l in range(4) for i in range(net.sizes[l])]
    values = pictures.values(p, SIDE, units)
    assert set(values) == {(l, i) for l, i in units if l or i in cut}
    for (l, i), drawn in values.items():
        assert drawn.shape == (SIDE, SIDE)
        np.testing.assert_allclose(drawn.ravel(), A[l][i], rtol=2e-4, atol=2e-5)


def test_the_top_left_of_a_picture_is_small_across_and_large_up():
    _, split = table(3)
    seen = plane(split, (2, 1))
    net, p = network(3)
    values = Pictures(net, split, seen, lambda: None).values(p, SIDE, [(0, 2), (0, 1)])
    step = (seen.x1[1] - seen.x1[0]) / SIDE
    assert values[0, 2][0, 0] == pytest.approx(seen.x1[0] + step / 2)
    assert values[0, 1][0, 0] == pytest.approx(seen.x2[1] - (seen.x2[1] - seen.x2[0]) / SIDE / 2)
    assert (np.diff(values[0, 2], axis=1) > 0).all()
    assert (np.diff(values[0, 1], axis=0) < 0).all()


def test_held_inputs_have_no_picture_and_are_passed_over():
    _, split = table(4)
    net, p = network(4)
    pictures = Pictures(net, split, plane(split, (1, 3)), lambda: None)
    assert [pictures.shows((0, i)) for i in range(4)] == [False, True, False, True]
    assert pictures.shows((2, 1))
    assert pictures.values(p, SIDE, [(0, 0)]) == {}


@pytest.mark.parametrize("normalize", [False, True])
def test_points_are_at_their_two_coordinates_in_the_datas_units(normalize):
    X, split = table(4, normalize=normalize, test_share=0.3)
    seen = plane(split, (3, 1))
    for test, columns in ((False, split.columns), (True, split.test_columns)):
        points = points_on(split, seen, test=test)
        assert points is not None
        np.testing.assert_allclose(points, X[np.ix_([3, 1], columns)], rtol=1e-12)
    for row, ends in zip((3, 1), (seen.x1, seen.x2), strict=True):
        assert ends[0] < X[row].min() < X[row].max() < ends[1]


def test_points_of_the_plane_ignore_the_cut():
    split = make_split("flower", 60, 0.2, 1, test_share=0.2, normalize=True)
    seen = plane(split, (0, 1))
    assert seen.cut is None
    assert points_on(split, seen) is split.points
    assert points_on(split, seen, test=True) is split.test_points


def test_axes_share_a_scale_unless_their_ranges_differ_much():
    X = np.array([[0.0, 1.0, 2.0], [0.0, 3.0, 4.0], [0.0, 500.0, 1000.0], [7.0, 7.0, 7.0]])
    split = split_of_arrays(X, np.array([[0.0, 1.0, 0.0]]))
    wide = 1 + 2 * MARGIN
    alike = plane(split, (0, 1))
    assert alike.x1 == pytest.approx((1 - 2 * wide, 1 + 2 * wide))
    assert alike.x2 == pytest.approx((2 - 2 * wide, 2 + 2 * wide))
    apart = plane(split, (0, 2))
    assert apart.x1 == pytest.approx((1 - wide, 1 + wide))
    assert apart.x2 == pytest.approx((500 - 500 * wide, 500 + 500 * wide))
    constant = plane(split, (0, 3))  # has no extent of its own
    assert constant.x2 == pytest.approx((7 - wide, 7 + wide))


@pytest.mark.parametrize("cut", [(0, 0), (-1, 2), (1, 4)])
def test_a_cut_that_the_data_do_not_have_is_the_usual_one(cut):
    assert plane(table(4)[1], cut).cut == (0, 1)


@pytest.mark.parametrize("normalize", [False, True])
def test_over_one_input_every_unit_equals_a_computation_by_columns(normalize):
    _, split = table(1, normalize=normalize, test_share=0.3)
    seen = plane(split, (0, 1))
    assert seen.cut == (0,)
    assert seen.is_line
    net, p = network(1)
    x1 = grid(seen, SIDE)[:1, :SIDE]
    fed = (x1 - split.mean) / split.std if normalize else x1
    A = by_hand(net, p, fed)
    values = Pictures(net, split, seen, lambda: None).values(p, SIDE, [(0, 0), (1, 2), (3, 0)])
    for (l, i), drawn in values.items():
        assert drawn.shape == (SIDE, SIDE)
        for row in drawn:
            np.testing.assert_allclose(row, A[l][i], rtol=2e-4, atol=2e-5)


@pytest.mark.parametrize(
    ("Y", "output", "expected", "ends"),
    [
        ([[0.0, 1.0, 0.0, 1.0]], None, [0.0, 1.0, 0.0, 1.0], (0.0, 1.0)),
        ([[2.5, -1.0, 3.0, 0.0]], None, [2.5, -1.0, 3.0, 0.0], (-1.0, 3.0)),
        ([[2.5, -1.0, 3.0, 0.0], [0.1] * 4], 1, [0.1] * 4, (-1.0, 3.0)),
        ([[7.0] * 4], None, [7.0] * 4, (6.0, 8.0)),
        ([[1.0, 0, 0, 1], [0, 1, 0, 0], [0, 0, 1, 0]], None, [1.0] * 4, (0.0, 1.0)),
        ([[1.0, 0, 0, 1], [0, 1, 0, 0], [0, 0, 1, 0]], 2, [0.0, 0.0, 1.0, 0.0], (0.0, 1.0)),
    ],
)
def test_over_one_input_examples_are_at_their_labels(Y, output, expected, ends):
    X = np.array([[10.0, 20.0, 30.0, 50.0]])
    split = split_of_arrays(X, np.array(Y), normalize=True)
    seen = plane(split)
    points = points_on(split, seen, output=output)
    assert points is not None
    np.testing.assert_allclose(points, [X[0], expected])
    air = MARGIN * (ends[1] - ends[0])
    assert seen.x2 == pytest.approx((ends[0] - air, ends[1] + air))
    assert seen.x1 == pytest.approx((10 - 40 * MARGIN, 50 + 40 * MARGIN))


def test_it_works_in_float32():
    _, split = table(5, normalize=True, dtype="float32")
    net, p = network(5, "float32")
    values = Pictures(net, split, plane(split, (2, 0)), lambda: None).values(p, 5, [(3, 0)])
    assert values[3, 0].dtype == np.float32


def test_levels_go_from_one_end_of_the_range_to_the_other():
    net, _ = network(2)
    tanh = net.activations[1]
    assert levels(np.array([-1.0, 0.0, 1.0]), tanh).tolist() == [0, 128, 255]
    assert levels(np.array([-2.0, 0.0, 4.0]), None).tolist() == [64, 128, 255]


def test_pinned_units_are_there_as_they_are_and_on_request_before_their_activation():
    session = Session(project((3, "relu"), (2, "tanh"), (1, "sigmoid")))
    watcher = Watcher(session)
    pins = ((1, 2), (2, 0), (0, 1), (7, 0), (1, 9))
    shown, linear = answer(watcher, Pins(pins)), answer(watcher, Pins(pins, z=True))
    assert set(shown.values) == set(linear.values) == {(1, 2), (2, 0), (0, 1)}
    points = session.split.inputs_of(grid(shown.plane, 100))
    cache = Cache(session.network.sizes, points.shape[1])
    session.network.forward(session.p, points, cache)
    for (l, i), values in shown.values.items():
        assert np.allclose(values.ravel(), cache.A[l][i], rtol=1e-5, atol=1e-6)
        assert not values.flags.writeable
        if l:
            assert np.allclose(linear.values[l, i].ravel(), cache.Z[l][i], rtol=1e-5, atol=1e-6)
        else:
            assert np.array_equal(linear.values[l, i], values)


def test_the_plane_around_a_single_example_is_as_wide_as_one_can_read():
    split = split_of_arrays(np.array([[1.5], [-0.5]]), np.array([[1.0]]), kind="regression")
    found = plane(split)
    half = 1 + 2 * MARGIN
    assert found.x1 == (1.5 - half, 1.5 + half)
    assert found.x2 == (-0.5 - half, -0.5 + half)
