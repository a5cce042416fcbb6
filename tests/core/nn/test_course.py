"""The numbers that the published course prints for its planar data, from the same seeds."""

import numpy as np
import pytest

from core.data.datasets import DATASETS
from core.nn.cache import Cache
from core.nn.initializers import initialize
from core.nn.network import Network
from core.nn.optimizers import GradientDescent
from core.nn.parameters import Parameters

X, Y = DATASETS["flower"].make(400, 0.2, np.random.RandomState(1))


def train(hidden, iterations):
    """The course's nn_model: weights from seed 2, learning rate 1.2; costs and final parameters."""
    sizes = (2, *hidden, 1)
    network = Network(sizes, ("tanh",) * len(hidden) + ("sigmoid",), "cross_entropy")
    p, grad, cache = Parameters(sizes), Parameters(sizes), Cache(sizes, 400)
    initialize(p, "normal", 0.01, np.random.RandomState(2))
    optimizer = GradientDescent(p.flat, 1.2)
    costs = []
    for _ in range(iterations):
        network.forward(p, X, cache)
        costs.append(network.cost(Y, cache))
        network.backward(p, Y, cache, grad)
        p.flat -= optimizer.update(grad.flat)
    right = (network.forward(p, X, cache) > 0.5) == (Y > 0.5)
    return costs, float(right.mean())


def test_first_row_of_the_weights():
    p = Parameters((2, 4, 1))
    initialize(p, "normal", 0.01, np.random.RandomState(2))
    assert p.W[1][0] == pytest.approx([-0.00416758, -0.00056267], abs=5e-9)


def test_cost_every_thousand_iterations():
    costs, _ = train((4,), 7001)
    assert [f"{J:.6f}" for J in costs[::1000]] == [
        "0.693048",
        "0.288083",
        "0.254385",
        "0.233864",
        "0.226792",
        "0.222644",
        "0.219731",
        "0.217504",
    ]


@pytest.mark.parametrize(
    ("units", "accuracy"), [(1, 0.675), (2, 0.6725), (3, 0.9075), (4, 0.905), (5, 0.9125)]
)
def test_accuracy_by_hidden_units(units, accuracy):
    assert train((units,), 5000)[1] == accuracy


def test_logistic_regression_fails_on_the_flower():
    assert train((), 5000)[1] == 0.47
