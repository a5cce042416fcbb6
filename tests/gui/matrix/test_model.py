"""A matrix as text: its digits are significant, and copies are exact."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from gui.matrix.model import as_numpy, as_text, fitting, largest, usual_length

MATRICES = arrays(np.float64, array_shapes(min_dims=2, max_dims=2, max_side=6))


@given(MATRICES)
def test_copied_numpy_is_the_same_array(values):
    made = {"np": np}
    exec(as_numpy(values, "W1"), made)
    np.testing.assert_array_equal(made["W1"], values)


@given(MATRICES)
def test_copied_text_is_the_same_array(values):
    rows = [[float(x) for x in line.split("\t")] for line in as_text(values).split("\n")]
    np.testing.assert_array_equal(rows, values)


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(1, 10), st.integers(7, 20))
def test_a_number_other_than_zero_never_reads_as_zero(x, digits, length):
    words = fitting(x, digits, length)
    assert (float(words) == 0) == (x == 0)


@pytest.mark.parametrize(
    ("x", "words"), [(1.36e-05, "+1e-05"), (-123.456, "-123"), (0.5, "+0.500"), (0.0, "0")]
)
def test_few_characters_are_used_for_what_matters(x, words):
    assert fitting(x, 3, 6) == words


def test_a_column_of_small_numbers_gets_room_for_its_digits():
    small = np.full((4, 1), 1.234e-05)
    assert fitting(1.234e-05, 4, usual_length(small, 4)) == "+1.23e-05"


def test_the_scale_ends_at_the_largest_finite_number():
    assert largest(np.array([[1.0, -3.0], [math.nan, math.inf]])) == 3
    assert largest(np.full((2, 2), math.nan)) == 0
    assert largest(np.empty((0, 3))) == 0
