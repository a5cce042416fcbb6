"""The contour lies where the field has its level, whatever the field."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from gui.plots.contour import crossings

fields = arrays.arrays(
    np.float64, st.tuples(st.integers(2, 9), st.integers(2, 9)), elements=st.integers(-3, 3)
)


def at(field, x, y):
    """The field at a point on a grid line, interpolated between the two points beside it."""
    low_x, low_y = int(np.floor(x)), int(np.floor(y))
    high_x, high_y = int(np.ceil(x)), int(np.ceil(y))
    share = (x - low_x) + (y - low_y)
    return (1 - share) * field[low_y, low_x] + share * field[high_y, high_x]


@given(fields)
def test_every_end_is_on_the_level(field):
    x, y = crossings(field, 0.5)
    assert len(x) == len(y)
    assert len(x) % 2 == 0
    for column, row in zip(x, y, strict=True):
        assert column == int(column) or row == int(row)
        assert abs(at(field, column, row) - 0.5) < 1e-9


@given(fields)
def test_every_crossed_edge_is_an_end_and_inner_ones_are_two(field):
    x, y = crossings(field, 0.5)
    above = field > 0.5
    crossed = np.count_nonzero(above[:, 1:] != above[:, :-1])
    crossed += np.count_nonzero(above[1:] != above[:-1])
    ends = np.round(np.stack([x, y], axis=1), 9)
    if len(ends) == 0:
        assert crossed == 0
        return
    found, times = np.unique(ends, axis=0, return_counts=True)
    assert len(found) == crossed
    height, width = field.shape
    border = (found[:, 0] % (width - 1) == 0) & (found[:, 0] == np.round(found[:, 0]))
    border |= (found[:, 1] % (height - 1) == 0) & (found[:, 1] == np.round(found[:, 1]))
    assert (times[~border] == 2).all()
    assert (times <= 2).all()


def test_a_circle_is_found_to_the_precision_of_the_grid():
    axis = np.arange(100.0)
    field = np.hypot(axis[np.newaxis] - 49.5, axis[:, np.newaxis] - 49.5)
    x, y = crossings(field, 30.0)
    assert len(x) > 300
    assert np.abs(np.hypot(x - 49.5, y - 49.5) - 30).max() < 0.01


def test_a_flat_field_has_none():
    assert len(crossings(np.full((100, 100), 0.5), 0.5)[0]) == 0


def pieces(field, level):
    x, y = crossings(np.array(field, float), level)
    ends = list(zip(x.tolist(), y.tolist(), strict=True))
    return {frozenset(pair) for pair in zip(ends[::2], ends[1::2], strict=True)}


def test_a_cell_crossed_twice_keeps_the_corners_together_that_its_middle_is_like():
    """Corners 1 0 / 0 1: their mean is 0.5."""
    saddle = [[1, 0], [0, 1]]
    # The middle is above 0.25: the two 1s belong together, each line cuts off a corner of 0.
    assert pieces(saddle, 0.25) == {
        frozenset({(0.75, 0.0), (1.0, 0.25)}),
        frozenset({(0.0, 0.75), (0.25, 1.0)}),
    }
    # It is below 0.75: the two 0s do, each line cuts off a corner of 1.
    assert pieces(saddle, 0.75) == {
        frozenset({(0.25, 0.0), (0.0, 0.25)}),
        frozenset({(1.0, 0.75), (0.75, 1.0)}),
    }
