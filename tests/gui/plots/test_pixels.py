"""Pixels are finite and near the plot, whatever numbers they are of."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gui.plots.pixels import FAR, drawable, near, shares
from gui.widgets.painting import path_of

LARGEST = 1.7976931348623157e308
anything = st.floats() | st.sampled_from([0.0, 5e-324, -5e-324, LARGEST, -LARGEST])
several = st.lists(anything, min_size=1, max_size=20)


@given(several, anything, anything)
def test_shares_are_finite_and_never_far(values, a, b):
    found = shares(values, (a, b))
    assert np.isfinite(found).all()
    assert (np.abs(found) <= FAR).all()
    known = np.sort([v for v in values if not np.isnan(v)])
    assert (np.diff(shares(known, (a, b))) >= 0).all()


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.floats(0, 1))
def test_a_share_is_where_a_number_is_in_its_range(low, wide, share):
    found = shares(low + share * wide, (low, low + wide))
    np.testing.assert_allclose(found, share, atol=1e-6)


@given(several, anything, anything)
def test_drawable_numbers_are_finite_or_a_gap(values, a, b):
    found = drawable(values, (a, b))
    assert (np.isnan(found) == np.isnan(values)).all()
    assert not np.isinf(found).any()
    assert np.isfinite(near(values)).all()


@given(st.lists(st.tuples(anything, anything), max_size=12), st.booleans())
def test_a_line_leaves_out_nan(points, pieces):
    points = points[: len(points) // 2 * 2]
    x, y = np.array(points, float).reshape(-1, 2).T
    path = path_of(x, y, pieces=pieces)
    drawn = [path.elementAt(i) for i in range(path.elementCount())]
    assert all(np.isfinite((each.x, each.y)).all() for each in drawn)
    there = ~(np.isnan(x) | np.isnan(y))
    if pieces:
        there = np.repeat(there[::2] & there[1::2], 2)
    assert len(drawn) == there.sum()


def test_a_line_ends_before_a_gap_and_begins_again_after_it():
    x = np.arange(5.0)
    path = path_of(x, np.array([1, 2, np.nan, 4, 5]))
    assert [path.elementAt(i).isMoveTo() for i in range(4)] == [True, False, True, False]
