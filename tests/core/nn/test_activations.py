"""The table of activations: every row is the oracle's function, and says what it is in Python."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.nn.activations import ACTIVATIONS, Scratch
from tests.core import oracle

Zs = arrays(np.float64, (3, 4), elements=st.floats(-1000, 1000))


def forward(name, Z):
    A = np.empty_like(Z)
    ACTIVATIONS[name].forward(Z, A, Scratch(len(Z), Z.shape[1], Z.dtype))
    return A


def backward(name, Z, A, dA):
    dZ = np.empty_like(Z)
    ACTIVATIONS[name].backward(Z, A, dA, dZ, Scratch(len(Z), Z.shape[1], Z.dtype))
    return dZ


def by_oracle(name, Z):
    return np.array([oracle.activate(name, z) for z in Z.T.tolist()]).T


@pytest.mark.parametrize("name", ACTIVATIONS)
@given(Z=Zs)
def test_forward_is_the_oracle_s(name, Z):
    np.testing.assert_allclose(forward(name, Z), by_oracle(name, Z), rtol=1e-12, atol=1e-300)


@pytest.mark.parametrize("name", ACTIVATIONS)
@given(Z=Zs, seed=st.integers(0, 99))
def test_backward_is_the_oracle_s(name, Z, seed):
    dA = np.random.RandomState(seed).randn(*Z.shape)
    A = forward(name, Z)
    columns = zip(Z.T.tolist(), A.T.tolist(), dA.T.tolist(), strict=True)
    truth = np.array([oracle.through(name, z, a, da) for z, a, da in columns]).T
    np.testing.assert_allclose(backward(name, Z, A, dA), truth, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", ACTIVATIONS)
@given(Z=arrays(np.float64, (3, 4), elements=st.floats(-50, 50)), seed=st.integers(0, 99))
def test_the_python_text_computes_the_same(name, Z, seed):
    dA = np.random.RandomState(seed).randn(*Z.shape)
    A = forward(name, Z)
    names = {"np": np, "Z": Z, "A": A, "dA": dA}
    g = ACTIVATIONS[name]
    np.testing.assert_allclose(eval(g.python, names), A, rtol=1e-12, atol=1e-300)
    slope = eval(g.python_prime, names)
    through = slope if name == "softmax" else dA * slope
    np.testing.assert_allclose(through, backward(name, Z, A, dA), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", ACTIVATIONS)
@given(Z=Zs)
def test_values_stay_within_their_limits(name, Z):
    g = ACTIVATIONS[name]
    if g.limits is not None:
        A = forward(name, Z)
        assert A.min() >= g.limits[0]
        assert A.max() <= g.limits[1]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_largest_numbers_give_no_warning(name, dtype):
    large = np.finfo(dtype).max / 4
    Z = np.array([[large, -large, 0, -0.0], [-large, large, 1, -1]], dtype)
    A = forward(name, Z)
    assert A.dtype == dtype
    assert np.isfinite(A).all()
    assert np.isfinite(backward(name, Z, A, np.ones_like(Z))).all()


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_sigmoid_of_very_negative_numbers_is_as_good_as_0(dtype):
    A = forward("sigmoid", np.array([[-1e4, -800, -709, 709, 800, 1e4]], dtype))
    assert (A[0, :3] <= (4e-308 if dtype is np.float64 else 2e-38)).all()
    assert (A[0, 3:] == 1).all()


@pytest.mark.parametrize("name", ["relu", "leaky_relu", "step"])
def test_slope_at_0_is_that_from_the_left(name):
    Z = np.zeros((1, 1))
    slope = backward(name, Z, forward(name, Z), np.ones_like(Z)).item()
    assert slope == {"relu": 0.0, "leaky_relu": 0.01, "step": 0.0}[name]


@pytest.mark.parametrize(
    ("name", "z", "expected"),
    [("sigmoid", -6, True), ("sigmoid", 1, False), ("tanh", 4, True), ("relu", -1, True)],
)
def test_saturated_units_are_detected(name, z, expected):
    saturated = ACTIVATIONS[name].saturated
    assert saturated is not None
    assert saturated(forward(name, np.array([[float(z)]]))).item() is expected


def test_only_step_is_refused_and_says_why():
    assert [name for name, g in ACTIVATIONS.items() if g.refusal] == ["step"]


@pytest.mark.parametrize("name", sorted(oracle.SCALAR))
def test_kinked_are_those_whose_function_or_slope_is_not_smooth_at_0(name):
    """Where a step of the gradient check crosses 0 nothing can be measured of these."""
    g, slope, h = oracle.SCALAR[name], oracle.SLOPE[name], 1e-4
    bends = [(slope(2 * side * h) - slope(side * h)) / (side * h) for side in (1, -1)]
    jumps = (g(h) - g(-h), slope(h) - slope(-h), bends[0] - bends[1])
    assert ACTIVATIONS[name].kinked == any(abs(jump) > 10 * h for jump in jumps)
