"""The two passes: the oracle's numbers, in place, in both precisions, with constant memory."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings

from core.errors import LayerwiseError
from core.nn.cache import Cache, bytes_needed
from core.nn.network import Network
from core.nn.parameters import Parameters
from tests.cases import spread
from tests.core.nn.networks import OUTPUTS, Case, assert_same, cases


@settings(max_examples=300)
@given(cases(dropout=True))
def test_every_number_is_the_oracle_s(case):
    case.run()
    truth = case.oracle()
    for l in range(1, case.net.L + 1):
        assert_same(case.cache.Z[l], truth.Z[l], f"Z[{l}]")
        assert_same(case.cache.A[l], truth.A[l], f"A[{l}]")
        assert_same(case.cache.dZ[l], truth.dZ[l], f"dZ[{l}]")
        assert_same(case.grad.W[l], truth.dW[l], f"dW[{l}]")
        assert_same(case.grad.b[l], truth.db[l], f"db[{l}]")
        if l < case.net.L or not case.net.fused:
            assert_same(case.cache.dA[l], truth.dA[l], f"dA[{l}]")
    assert_same(case.net.losses(case.Y, case.cache), truth.losses, "losses")
    assert_same(case.cost(), truth.J, "J")


@pytest.mark.parametrize(("output", "loss"), OUTPUTS)
def test_prediction_is_the_last_activation(output, loss):
    case = Case((3, 4, 2), ("tanh", output), loss)
    assert case.forward() is case.cache.A[2]
    assert np.array_equal(case.cache.A[0], case.X)


def test_inputs_already_in_the_cache_need_no_copy():
    case = Case((3, 4, 1), ("tanh", "sigmoid"), "cross_entropy")
    expected = case.forward().copy()
    assert np.array_equal(case.net.forward(case.p, case.cache.A[0], case.cache), expected)


@pytest.mark.parametrize(("output", "loss"), OUTPUTS)
def test_float32_stays_float32(output, loss):
    case = Case((3, 4, 4, 2), ("relu", "softmax", output), loss, dtype=np.float32).run()
    arrays = [case.grad.flat, *case.cache.A1.values(), *case.cache.Z.values()]
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}
    truth = case.oracle()
    assert case.cost() == pytest.approx(truth.J, rel=1e-4, abs=1e-6)
    np.testing.assert_allclose(case.grad.W[1], truth.dW[1], rtol=1e-3, atol=1e-5)


def test_another_cache_does_not_disturb():
    case = Case((2, 5, 4, 3), ("relu", "tanh", "softmax"), "cross_entropy").run()
    held = {l: (case.cache.A[l].copy(), case.cache.dZ[l].copy()) for l in case.cache.Z}
    grid = Cache(case.sizes, 50)
    case.net.forward(case.p, np.ones((2, 50)), grid)
    case.net.backward(case.p, np.ones((3, 50)), grid, Parameters(case.sizes))
    for l, (A, dZ) in held.items():
        assert np.array_equal(case.cache.A[l], A)
        assert np.array_equal(case.cache.dZ[l], dZ)


def test_row_of_ones_survives_the_passes():
    case = Case((2, 5, 3), ("relu", "linear"), "squared_error").run()
    assert all((A1[-1] == 1).all() for A1 in case.cache.A1.values())
    assert all(np.shares_memory(case.cache.A[l], A1) for l, A1 in case.cache.A1.items())


@pytest.mark.parametrize("scale", [0.1, 10.0])
@pytest.mark.parametrize(("output", "loss"), spread(OUTPUTS, 3))
def test_a_pass_allocates_nothing_that_grows_with_m(output, loss, scale):
    def peak(m):
        hidden = ("sigmoid", "relu", "leaky_relu", "softmax")
        case = Case((2, 8, 8, 8, 8, 3), (*hidden, output), loss, m=m, scale=scale)
        case.run().cost()
        tracemalloc.start()
        try:
            for _ in range(3):
                case.run().cost()
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(50_000) < 100_000  # NumPy's own buffer; one row of m numbers is 400,000 bytes


def test_extreme_pre_activations_give_no_warning():
    case = Case((1, 4, 1), ("sigmoid", "sigmoid"), "cross_entropy", m=8)
    case.X[:] = [[-1e300, -800, -709, -30, 30, 709, 800, 1e300]]
    case.p.W[1][:, 0] = (1, -1, 5, -5)
    case.run()
    assert np.isfinite(case.cost())
    assert np.isfinite(case.grad.flat).all()
    assert case.cache.A[1].min() >= 0
    assert case.cache.A[1].max() == 1


def test_a_loss_that_does_not_fit_the_output_is_refused():
    with pytest.raises(LayerwiseError, match=r"tanh does not give one: choose sigmoid or softmax"):
        Network((2, 1), ("tanh",), "cross_entropy")


def test_a_network_with_a_step_says_why_it_cannot_learn():
    network = Network((2, 3, 1), ("step", "sigmoid"), "cross_entropy")
    assert network.refusal().startswith("Layer 1 uses step (perceptron) and cannot be trained: its")
    assert Network((2, 3, 1), ("relu", "sigmoid"), "cross_entropy").refusal() == ""


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_bytes_needed_is_the_size_of_the_cache(dtype):
    sizes, m = (7, 30, 20, 3), 500
    cache, p = Cache(sizes, m, dtype), Parameters(sizes, dtype)
    held = sum(A1.nbytes for A1 in cache.A1.values())
    for l, scratch in cache.scratch.items():
        held += cache.Z[l].nbytes + cache.dA[l].nbytes + cache.dZ[l].nbytes
        held += scratch.E.nbytes + scratch.mask.nbytes
    estimate = sum(bytes_needed(sizes, m, dtype).values())
    assert estimate == pytest.approx(held + 3 * p.flat.nbytes, rel=0.05)
