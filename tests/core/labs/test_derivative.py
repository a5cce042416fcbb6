"""The derivative lab against the numbers of the course and slopes found another way."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.labs.derivative import FUNCTIONS, Derivative, misses

PLAIN = {
    "3a": lambda a: 3 * a,
    "a^2": lambda a: a * a,
    "a^3": lambda a: a * a * a,
    "log a": math.log,
    "1/a": lambda a: 1 / a,
    "sigmoid": lambda a: 1 / (1 + math.exp(-a)),
    "tanh": math.tanh,
    "relu": lambda a: max(0.0, a),
}
COURSE = [
    ("3a", 2, 0.001, 6, 6.003, 3),
    ("3a", 5, 0.001, 15, 15.003, 3),
    ("a^2", 2, 0.001, 4, 4.004001, 4),
    ("a^2", 2, 0.0001, 4, 4.00040001, 4),
    ("a^2", 5, 0.001, 25, 25.010001, 10),
    ("a^3", 2, 0.001, 8, 8.012006001, 12),
    ("a^3", 5, 0.001, 125, 125.075015001, 75),
    ("log a", 2, 0.001, math.log(2), math.log(2.001), 0.5),
    ("log a", 5, 0.001, math.log(5), math.log(5.001), 0.2),
]


def test_every_function_of_the_lab_is_held():
    assert set(PLAIN) == set(FUNCTIONS)


@pytest.mark.parametrize(("name", "a", "h", "value", "nudged", "slope"), COURSE)
def test_the_numbers_of_the_course(name, a, h, value, nudged, slope):
    found = Derivative(name, a, h)
    assert found.value == pytest.approx(value, rel=1e-15)
    assert found.nudged == pytest.approx(nudged, rel=1e-14)
    assert found.slope == pytest.approx(slope, rel=1e-15)
    assert found.trap() == ""


@given(name=st.sampled_from(sorted(PLAIN)), a=st.floats(0.1, 5), sign=st.sampled_from([1, -1]))
def test_values_and_slopes_are_those_of_plain_python(name, a, sign):
    a = a if name == "log a" else sign * a
    found, f, h = Derivative(name, a), PLAIN[name], 1e-5
    assert found.value == pytest.approx(f(a), rel=1e-12, abs=1e-15)
    assert found.slope == pytest.approx((f(a + h) - f(a - h)) / (2 * h), rel=1e-5, abs=1e-8)


@given(name=st.sampled_from(["a^2", "a^3", "log a", "1/a"]), a=st.floats(0.5, 3))
def test_the_miss_shrinks_like_the_step_until_rounding(name, a):
    steps = np.array([1e-2, 1e-3, 1e-4, 1e-5])
    found = misses(name, a, steps)
    assert np.all(found[1:] < found[:-1] / 5)
    assert np.all(found[1:] > found[:-1] / 20)
    assert misses(name, a, np.array([1e-13])).item() > misses(name, a, np.array([1e-7])).item()


def test_rounding_is_mentioned_where_it_dominates():
    assert "first digits" in Derivative("a^2", 2.0, 1e-8).trap()
    assert Derivative("a^2", 2.0, 1e-6).trap() == ""
    assert Derivative("a^2", 2.0, 1e-15).digits < 1.5
    assert Derivative("relu", -2.0, 1e-9).trap() == ""  # 0 - 0 is exact


def test_the_corner_of_relu_has_two_slopes_and_takes_the_one_of_the_product():
    found = Derivative("relu", 0.0)
    assert "corner" in found.trap()
    assert found.slope == 0
    assert found.ratio == 1


@pytest.mark.parametrize(
    ("name", "a", "refused"),
    [("log a", 0.0, True), ("log a", -1.0, True), ("log a", 0.01, False), ("1/a", 0.0, True),
     ("1/a", -1.0, False), ("a^2", 0.0, False)],
)  # fmt: skip
def test_points_without_a_value_are_refused(name, a, refused):
    assert bool(FUNCTIONS[name].why_not(a)) == refused


def test_a_step_to_or_over_the_hole_gets_a_warning():
    onto = Derivative("1/a", -0.5, 0.5)
    assert onto.nudged is None
    assert onto.difference is None
    assert onto.ratio is None
    assert "no value at 0" in onto.trap()
    assert "between" in Derivative("1/a", -0.5, 1.0).trap()
    assert np.isnan(misses("1/a", -0.5, np.array([0.5]))).item()
