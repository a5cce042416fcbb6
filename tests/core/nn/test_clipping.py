"""A clipped gradient keeps its direction and has at most the maximum length."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.nn.clipping import Clipping, norm

vectors = arrays(np.float64, st.integers(1, 20), elements=st.floats(-1e200, 1e200))


@given(vectors, st.floats(1e-6, 1e6))
def test_a_long_gradient_is_shortened_and_a_short_one_returned(grad, limit):
    before, length = grad.copy(), math.hypot(*grad.tolist())
    clipped = Clipping(grad, limit).of(grad)
    assert np.array_equal(grad, before)
    assert norm(grad) == pytest.approx(length, rel=1e-12)
    if length <= limit * (1 - 1e-12):
        assert clipped is grad
    elif length > limit:
        np.testing.assert_allclose(clipped, grad / length * limit, rtol=1e-12, atol=1e-300)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("size", [0.25, 1e-3])
def test_the_norm_of_the_largest_and_the_smallest_numbers_is_right(dtype, size):
    info = np.finfo(dtype)
    for number in (size * float(info.max), float(info.tiny) / size):
        assert norm(np.array([3, -4], dtype) / 5 * dtype(number)) == pytest.approx(number, rel=1e-6)
    assert norm(np.zeros(3, dtype)) == 0


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_gradient_that_is_not_finite_stays_so(bad):
    clipped = Clipping(np.zeros(2), 1.0).of(np.array([1.0, bad]))
    assert not np.isfinite(clipped).all()
