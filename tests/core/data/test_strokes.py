"""The geometry of strokes, against points taken one by one along the line."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.strokes import dabs, distances, spray

coordinates = st.floats(-5, 5)
places = st.tuples(coordinates, coordinates)


@given(places, st.floats(0, 3), st.integers(0, 50))
def test_a_brush_paints_within_its_radius(at, radius, points):
    sprayed = spray(at, radius, points, np.random.RandomState(1))
    assert len(sprayed) == points
    assert all(math.dist(at, point) <= radius + 1e-9 for point in sprayed)


def test_the_disc_is_filled_evenly():
    sprayed = spray((0.0, 0.0), 1.0, 4000, np.random.RandomState(1))
    inner = sum(math.hypot(*point) < 0.5 for point in sprayed) / 4000
    assert inner == pytest.approx(0.25, abs=0.03)  # a quarter of the area


@given(st.lists(places, min_size=2, max_size=8), st.floats(0.05, 2))
def test_dabs_are_evenly_spaced(path, apart):
    found, rest, gone = [], 0.0, 0.0
    for start, stop in pairwise(path):
        more, rest = dabs(start, stop, apart, rest)
        found += more
        gone += math.dist(start, stop)
    assert len(found) == pytest.approx(gone / apart, abs=1)
    assert rest <= apart + 1e-6
    if found and len(path) == 2:
        assert math.dist(path[0], found[0]) == pytest.approx(apart)


@given(st.lists(places, min_size=1, max_size=6), st.lists(places, min_size=1, max_size=6))
def test_the_distance_from_a_line_is_that_from_its_nearest_place(path, points):
    found = distances(np.array(points).T, path)
    for k, point in enumerate(points):
        line = [*path]
        for start, stop in pairwise(path):
            (a1, a2), (b1, b2) = start, stop
            line += [(a1 + s * (b1 - a1), a2 + s * (b2 - a2)) for s in np.linspace(0, 1, 201)]
        nearest = min(math.dist(point, place) for place in line)
        assert found[k] <= nearest + 1e-9
        assert found[k] == pytest.approx(nearest, abs=0.06)
