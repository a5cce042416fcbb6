"""The cost: the same from the error, from each example, and from scalar loops."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.nn.activations import ACTIVATIONS, Scratch
from core.nn.losses import LOSSES
from tests.core import oracle
from tests.core.nn.networks import OUTPUTS

CROSS = [(name, loss) for name, loss in OUTPUTS if loss == "cross_entropy"]


def prediction(output, Z, scratch):
    A = np.empty_like(Z)
    ACTIVATIONS[output].forward(Z, A, scratch)
    return A


def oracle_losses(loss, output, Z, Y):
    return [
        oracle.loss_of(loss, output, z, oracle.activate(output, z), y)
        for z, y in zip(Z.T.tolist(), Y.T.tolist(), strict=True)
    ]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("z", [0.0, 1.0, 30.0, 87.0, 800.0])
@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize(("output", "loss"), CROSS)
def test_saturated_costs_are_exact(output, loss, z, sign, dtype):
    Z = np.array([[sign * z, 0.5, -0.25], [0.25, sign * z, 0.125]], dtype)
    Y = np.array([[1, 0, 1], [0, 1, 0]], dtype)
    scratch = Scratch(2, 3, dtype)
    A = prediction(output, Z, scratch)
    truth = oracle_losses(loss, output, Z, Y)
    precision = 1e-12 if dtype is np.float64 else 1e-5
    assert LOSSES[loss].at(output).each(Z, A, Y) == pytest.approx(
        truth, rel=precision, abs=precision
    )
    assert LOSSES[loss].at(output).cost(Z, A, Y, A - Y, scratch)() == pytest.approx(
        np.mean(truth), rel=precision, abs=precision
    )


@pytest.mark.parametrize(("output", "loss"), OUTPUTS)
@given(Z=arrays(np.float64, (3, 4), elements=st.floats(-40, 40)), seed=st.integers(0, 99))
def test_cost_is_the_mean_of_each_and_of_the_oracle(output, loss, Z, seed):
    rng = np.random.RandomState(seed)
    Y = np.eye(3)[:, rng.randint(3, size=4)]
    scratch = Scratch(3, 4, np.float64)
    A = prediction(output, Z, scratch)
    each = LOSSES[loss].at(output).each(Z, A, Y)
    cost = LOSSES[loss].at(output).cost(Z, A, Y, A - Y, scratch)()
    truth = oracle_losses(loss, output, Z, Y)
    assert each == pytest.approx(truth, rel=1e-12, abs=1e-14)
    assert cost == pytest.approx(np.mean(truth), rel=1e-12, abs=1e-14)


@pytest.mark.parametrize(("output", "loss"), CROSS)
def test_a_perfect_prediction_costs_0_without_a_minus(output, loss):
    Z = np.array([[800.0, -800.0], [-800.0, 800.0]])
    Y = np.array([[1.0, 0.0], [0.0, 1.0]])
    scratch = Scratch(2, 2, np.float64)
    A = prediction(output, Z, scratch)
    J = LOSSES[loss].at(output).cost(Z, A, Y, A - Y, scratch)()
    assert f"{J:.3f}" == "0.000"


@pytest.mark.parametrize(("output", "loss"), CROSS)
def test_a_nan_cost_is_detected(output, loss):
    Z = np.array([[np.nan, 0.0], [0.0, 0.0]])
    Y = np.array([[1.0, 0.0], [0.0, 1.0]])
    scratch = Scratch(2, 2, np.float64)
    A = prediction(output, Z, scratch)
    assert np.isnan(LOSSES[loss].at(output).cost(Z, A, Y, A - Y, scratch)())


def test_every_fused_output_is_an_allowed_one():
    for loss in LOSSES.values():
        assert not loss.outputs or loss.fused <= set(loss.outputs)
