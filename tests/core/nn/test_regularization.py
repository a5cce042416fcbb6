"""L1 and L2 against sums over scalars, and their gradients against differences of the cost."""

import numpy as np
import pytest

from core.nn.parameters import Parameters
from core.nn.regularization import Regularization, regularization

SIZES = (3, 5, 2)


@pytest.fixture
def p():
    return Parameters(SIZES, flat=np.random.RandomState(0).randn(32))


@pytest.mark.parametrize(("l1", "l2"), [(0.7, 0.0), (0.0, 3.0), (0.7, 3.0)])
class TestRegularization:
    def test_cost_is_the_sum_over_the_weights_alone(self, p, l1, l2):
        weights = [w for W in p.W.values() for w in W.ravel().tolist()]
        expected = sum(l1 / 10 * abs(w) + l2 / 20 * w * w for w in weights)
        assert Regularization(p, l1, l2, 10).cost(p) == pytest.approx(expected, rel=1e-13)

    def test_gradient_is_that_of_the_cost(self, p, l1, l2):
        penalty, grad = Regularization(p, l1, l2, 10), Parameters(SIZES)
        penalty.add_gradient(p, grad)
        for i in range(p.flat.size):
            costs = []
            for h in (1e-6, -1e-6):
                moved = p.flat.copy()
                moved[i] += h
                costs.append(penalty.cost(Parameters(SIZES, flat=moved)))
            assert grad.flat[i] == pytest.approx((costs[0] - costs[1]) / 2e-6, abs=1e-8)
        assert all((b == 0).all() for b in grad.b.values())

    def test_gradient_is_added(self, p, l1, l2):
        grad = Parameters(SIZES)
        grad.flat.fill(1.0)
        alone = Parameters(SIZES)
        Regularization(p, l1, l2, 10).add_gradient(p, grad)
        Regularization(p, l1, l2, 10).add_gradient(p, alone)
        np.testing.assert_allclose(grad.flat, alone.flat + 1.0, rtol=1e-14)


def test_nothing_to_add_is_none(p):
    assert regularization(p, 0.0, 0.0, 10) is None
    assert regularization(p, 0.0, 1e-9, 10) is not None


def test_a_weight_of_zero_has_no_slope():
    p, grad = Parameters(SIZES), Parameters(SIZES)
    Regularization(p, 1.0, 1.0, 10).add_gradient(p, grad)
    assert not grad.flat.any()
