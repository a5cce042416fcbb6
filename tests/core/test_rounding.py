"""The limit between a difference and mere rounding."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rounding import ULPS, differs, rounding, spread

sizes = st.floats(1e-300, 1e300)


@given(sizes, st.integers(0, ULPS // 2), st.booleans())
def test_a_few_units_in_the_last_place_are_no_difference(size, steps, negative):
    one = other = -size if negative else size
    for _ in range(steps):
        other = math.nextafter(other, math.inf)
    assert not differs(one, other)
    assert spread([one, other, one]) == 0.0


@given(sizes)
def test_a_thousand_of_them_are(size):
    other = size * (1 + 1000 * np.finfo(float).eps)
    assert differs(size, other)
    assert spread([size, other]) == other - size
    assert not differs(size, other, np.float32)
    assert spread([size, other], np.float32) == 0.0


def test_zero_is_exact_and_nan_differs():
    assert rounding(0.0) == 0.0
    assert spread([0.0, 0.0]) == 0.0
    assert not differs(0.0, 0.0)
    assert differs(0.0, 1e-300)
    assert differs(math.nan, 1.0)
    assert spread([-1.0, 1.0]) == 2.0


@pytest.mark.parametrize("value", [0.1, 6.979880106324746, 1e-30, 1e30])
@pytest.mark.parametrize("m", [3, 6, 7, 1000])
def test_equal_numbers_and_their_mean_are_alike(value, m):
    values = np.full(m, value)
    assert not differs(value, float(values.mean()))
    assert spread([*values, values.mean()]) == 0.0
