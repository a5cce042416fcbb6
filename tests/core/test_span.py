"""Displayed values are between two different numbers, and map to 256 levels."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.look.plane import Plane
from core.span import levels, span

LARGEST = 1.7976931348623157e308
anything = st.floats() | st.sampled_from([0.0, 5e-324, -5e-324, LARGEST, -LARGEST])


@given(anything, anything)
def test_between_the_ends_of_a_span_is_room_for_a_plot(a, b):
    low, high = span(a, b)
    assert low < high
    assert math.isfinite(1000 * (high - low))
    assert math.isfinite(1000 / (high - low))
    places = np.linspace(low, high, 100)
    assert (np.diff(places) > 0).all()
    assert Plane((a, b), (b, a)).x1 == Plane((a, b), (b, a)).x2 == (low, high)


@given(st.floats(-1e9, 1e9), st.floats(1e-3, 1e9))
def test_usual_ends_stay(low, wide):
    assert span(low, low + wide) == (low, low + wide)


@given(st.lists(anything, min_size=1), anything, anything)
def test_every_number_has_a_level(values, a, b):
    found = levels(values, a, b)  # a warning would fail the test
    order = np.argsort([v for v in values if not math.isnan(v)], kind="stable")
    known = found[~np.isnan(values)][order].astype(int)
    assert (np.diff(known) >= 0).all()
    assert (found[np.isnan(values)] == 128).all()


def test_the_ends_of_the_scale_are_its_first_and_last_level():
    assert levels([-1, 0, 1, -9, 9], -1, 1).tolist() == [0, 128, 255, 0, 255]
