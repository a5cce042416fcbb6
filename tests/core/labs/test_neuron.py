"""The neuron lab's sums, outputs and losses against scalars, and the numbers of the lessons."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.labs.neuron import Neuron, of_unit, sigmoid
from core.labs.scalars import ELEMENTWISE, losses, output, outputs
from core.nn.activations import ACTIVATIONS
from tests.core import oracle

NUMBERS = st.floats(-50, 50)


def test_the_numbers_of_the_spec():
    state = Neuron()
    assert state.z == pytest.approx(0.188)
    assert output("step", state.z)[0] == 1
    assert state.yhat == pytest.approx(0.547, abs=5e-4)
    below = state.with_number("b", -0.2)
    assert below.z == pytest.approx(-0.012)
    assert output("step", below.z)[0] == 0
    assert below.yhat == pytest.approx(0.497, abs=5e-4)
    flat = state.with_number("z", 0.0)
    more = flat.with_number("b", flat.b + 0.001)
    assert [output("step", round(n.z, 12))[0] for n in (flat, more)] == [0, 1]
    assert flat.yhat == 0.5
    assert more.yhat == pytest.approx(0.50025, abs=1e-7)


@pytest.mark.parametrize(
    ("z", "sigma", "tanh"),
    [(0, 0.25, 1), (1, 0.1966, 0.4200), (2, 0.1050, 0.0707), (4, 0.0177, 0.00134),
     (6, 0.00247, 2.46e-5), (10, 4.5e-5, 0)],
)  # fmt: skip
def test_slopes_of_the_lesson_on_activations(z, sigma, tanh):
    assert output("sigmoid", z)[1] == pytest.approx(sigma, rel=1e-2)
    assert output("tanh", z)[1] == pytest.approx(tanh, rel=5e-3, abs=1e-7)


@pytest.mark.parametrize(
    ("yhat", "cross", "squared", "slope", "flat"),
    [(0.9, 0.1054, 0.0050, -0.1, -0.0090), (0.5, 0.6931, 0.1250, -0.5, -0.1250),
     (0.1, 2.3026, 0.4050, -0.9, -0.0810), (0.01, 4.6052, 0.4900, -0.99, -0.0098),
     (0.001, 6.9078, 0.4990, -0.999, -0.0010)],
)  # fmt: skip
def test_losses_of_the_lesson_on_prices(yhat, cross, squared, slope, flat):
    state = Neuron().with_answer(yhat)
    assert state.yhat == pytest.approx(yhat, rel=1e-12)
    z = np.array([state.z])
    for name, loss, dz in (("cross_entropy", cross, slope), ("squared_error", squared, flat)):
        a, found, along = losses(name, z, 1)
        assert a.item() == pytest.approx(yhat)
        assert found.item() == pytest.approx(loss, abs=5e-5)
        assert along.item() == pytest.approx(dz, abs=5e-5)


@given(x=NUMBERS, y=NUMBERS, w=NUMBERS, v=NUMBERS, b=NUMBERS, z=NUMBERS)
def test_z_is_the_sum_and_is_reached_by_b(x, y, w, v, b, z):
    state = Neuron((x, y), (w, v), b, others=0.5)
    assert state.z == pytest.approx(w * x + v * y + 0.5 + b, abs=1e-9)
    moved = state.with_number("z", z)
    assert moved.z == pytest.approx(z, abs=1e-9)
    assert (moved.x, moved.w) == (state.x, state.w)
    assert state.with_number("w2", 3.0).w == (w, 3.0)
    assert state.with_number("x1", 4.0).x == (4.0, y)


@given(z=st.floats(-700, 700))
def test_the_sigmoid_of_one_number_is_the_core_s(z):
    assert sigmoid(z) == pytest.approx(output("sigmoid", z)[0], rel=1e-12, abs=1e-300)


@given(z=st.floats(-30, 30), y=st.sampled_from([0, 1]))
def test_slopes_of_losses_are_central_differences(z, y):
    h = 1e-5
    for name in ("cross_entropy", "squared_error"):
        _, ends, _ = losses(name, np.array([z - h, z + h]), y)
        (dz,) = losses(name, np.array([z]), y)[2]
        assert dz == pytest.approx((ends[1] - ends[0]) / (2 * h), rel=1e-4, abs=1e-9)


def test_every_curve_is_that_of_the_table():
    z = np.array([-2.5, -0.3, 0.4, 3.0])
    assert set(ELEMENTWISE) == {name for name, g in ACTIVATIONS.items() if g.elementwise}
    for name in ELEMENTWISE:
        a, slope = outputs(name, z)
        for k, each in enumerate(z.tolist()):
            assert a[k] == pytest.approx(oracle.activate(name, [each])[0])
            h = 1e-6
            low, high = (oracle.activate(name, [each + by])[0] for by in (-h, h))
            assert slope[k] == pytest.approx((high - low) / (2 * h), rel=1e-6, abs=1e-8)


@given(st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), min_size=1, max_size=6), NUMBERS)
def test_a_unit_taken_over_has_the_z_it_has(pairs, b):
    a, w = (np.array(column) for column in zip(*pairs, strict=True))
    names = [f"x{i}" for i in range(len(a))]
    state = of_unit(a, w, b, names, "a₁[1], example 1")
    assert state.z == pytest.approx(math.fsum((w * a).tolist()) + b, abs=1e-9)
    assert state.count == max(len(a) - 2, 0)
    left = sorted(np.abs(w * a).tolist())[: -2 or None]
    assert all(abs(term) >= max(left, default=0.0) - 1e-12 for term in state.terms[: len(a)])
