"""Every equation that is shown computes the number that the pass computed."""

import numpy as np
import pytest
from hypothesis import given, settings

from core.nn.equations import equations
from core.nn.network import Network
from core.nn.optimizers import GradientDescent
from core.nn.parameters import Parameters
from tests.core.nn.networks import OUTPUTS, Case, assert_same, cases

RATE = 0.3


def record(case):
    """The numbers of one iteration, by the names that the equations use."""
    case.run()
    cache, p, grad = case.cache, case.p, case.grad
    updated = Parameters(case.sizes, flat=p.flat - GradientDescent(p.flat, RATE).update(grad.flat))
    after = {"W": updated.W, "b": updated.b}
    names = {
        "np": np,
        "X": case.X,
        "Y": case.Y,
        "m": case.m,
        "learning_rate": RATE,
        **{name: getattr(cache, name) for name in ("A", "Z", "D", "dA", "dZ")},
        "W": p.W,
        "b": p.b,
        "on": {l: column(case, l, units) for l, units in case.muted.items()},
        "dW": grad.W,
        "db": grad.b,
    }
    return names, after


def column(case, l, off):
    """1 for every unit of a layer, 0 for those that are off."""
    return np.array([[0.0 if unit in off else 1.0] for unit in range(case.sizes[l])])


def computed(case, equation, names, after):
    if equation.target == "J":
        return case.cost()
    if equation.part == "update":
        return after[equation.target][equation.layer]
    return names[equation.target][equation.layer]


@settings(max_examples=200)
@given(cases(dropout=True))
def test_every_equation_gives_the_numbers_of_the_recorded_pass(case):
    names, after = record(case)
    np.random.seed(case.seed)  # as a notebook does: the masks are drawn from it
    for equation in equations(case.net, case.keep):
        value = eval(equation.text, names)
        assert_same(computed(case, equation, names, after), value, str(equation))


@settings(max_examples=100)
@given(cases(dropout=True))
def test_executed_in_order_they_are_one_iteration(case):
    names, after = record(case)
    own = {name: dict(table) if isinstance(table, dict) else table for name, table in names.items()}
    for name in ("A", "Z", "D", "dA", "dZ", "dW", "db"):
        own[name] = {}
    np.random.seed(case.seed)
    exec("\n".join(str(equation) for equation in equations(case.net, case.keep)), own)
    assert_same(own["J"], case.cost())
    for l in case.p.W:
        assert_same(own["W"][l], after["W"][l])
        assert_same(own["b"][l], after["b"][l])


def test_the_order_is_that_of_the_course():
    network = Network((2, 4, 1), ("tanh", "sigmoid"), "cross_entropy")
    assert [str(equation) for equation in equations(network)] == [
        "A[0] = X",
        "Z[1] = W[1] @ A[0] + b[1]",
        "A[1] = np.tanh(Z[1])",
        "Z[2] = W[2] @ A[1] + b[2]",
        "A[2] = 1 / (1 + np.exp(-Z[2]))",
        "J = -np.sum(Y * np.log(A[2]) + (1 - Y) * np.log(1 - A[2])) / m",
        "dZ[2] = A[2] - Y",
        "dW[2] = dZ[2] @ A[1].T / m",
        "db[2] = np.sum(dZ[2], axis=1, keepdims=True) / m",
        "dA[1] = W[2].T @ dZ[2]",
        "dZ[1] = dA[1] * (1 - A[1]**2)",
        "dW[1] = dZ[1] @ A[0].T / m",
        "db[1] = np.sum(dZ[1], axis=1, keepdims=True) / m",
        "W[1] = W[1] - learning_rate * dW[1]",
        "b[1] = b[1] - learning_rate * db[1]",
        "W[2] = W[2] - learning_rate * dW[2]",
        "b[2] = b[2] - learning_rate * db[2]",
    ]


@pytest.mark.parametrize(("output", "loss"), OUTPUTS)
def test_the_error_of_the_output_is_shown_as_it_is_computed(output, loss):
    case = Case((2, 3, 2), ("tanh", output), loss)
    first = next(e for e in equations(case.net) if e.part == "backward")
    assert first.target == ("dZ" if case.net.fused else "dA")
    assert first.text == "A[2] - Y"


def test_parts_come_one_after_the_other():
    parts = [e.part for e in equations(Network((2, 1), ("linear",), "squared_error"))]
    assert list(dict.fromkeys(parts)) == ["forward", "cost", "backward", "update"]
    assert parts.count("cost") == 1
