"""The check finds every planted bug and its place; the network itself is unaffected."""

import numpy as np
import pytest

from core.errors import LayerwiseError
from core.nn.gradient_check import gradient_check
from core.nn.network import Network
from core.project import Project
from core.training.data_source import split_of
from core.training.session import Session
from core.walk.bugs import BUGS, planted
from tests.core.nn.networks import TRAINABLE, Case
from tests.core.walk.records import TRAINABLE_OUTPUTS


@pytest.fixture(scope="module")
def flower():
    return split_of(Project()).train


def check(network, p, X, Y, backward=None):
    *_, last = gradient_check(network, p, X, Y, backward=backward)
    return last


def on_flower(flower, hidden, output="sigmoid", loss="cross_entropy"):
    case = Case((2, 4, 1), (hidden, output), loss, m=400, seed=3)
    case.X, case.Y = flower.X, flower.Y
    return case


WRONG = {
    "forget_m": {("W", 1), ("b", 1), ("W", 2), ("b", 2)},
    "wrong_slope": {("W", 1), ("b", 1)},
    "transpose": {("W", 1)},
    "double": {("W", 2)},
    "wrong_axis": {("b", 2)},
}


@pytest.mark.parametrize("name", BUGS)
@pytest.mark.parametrize("hidden", TRAINABLE)
def test_every_bug_is_found_on_the_flower_and_named(flower, hidden, name):
    case = on_flower(flower, hidden)
    found = check(case.net, case.p, case.X, case.Y, planted(name, case.net))
    assert not found.passed
    assert {(d.array, d.layer) for d in found.arrays if not d.passed} == WRONG[name]


@pytest.mark.parametrize("hidden", TRAINABLE)
def test_none_is_reported_without_one(flower, hidden):
    case = on_flower(flower, hidden)
    assert check(case.net, case.p, case.X, case.Y).passed


@pytest.mark.parametrize("name", BUGS)
@pytest.mark.parametrize(("output", "loss"), TRAINABLE_OUTPUTS)
@pytest.mark.parametrize("sizes", [(3, 3), (3, 2), (2, 3, 3, 3)])
def test_every_bug_is_found_in_other_networks(sizes, output, loss, name):
    activations = ("tanh",) * (len(sizes) - 2) + (output,)
    case = Case(sizes, activations, loss, m=12, seed=5)
    if output == "relu":
        case.p.b[case.net.L][...] += 3.0  # no unit is dead
    assert check(case.net, case.p, case.X, case.Y).passed
    found = check(case.net, case.p, case.X, case.Y, planted(name, case.net))
    assert not found.passed


@pytest.mark.parametrize("name", BUGS)
def test_a_bug_says_where_it_is(name):
    for sizes in ((2, 4, 1), (3, 3, 1), (5, 1)):
        network = Network(sizes, ("tanh",) * (len(sizes) - 2) + ("sigmoid",), "cross_entropy")
        assert BUGS[name].fits(network)
        assert BUGS[name].where(network).endswith(".")
        assert BUGS[name].description.endswith(".")


def test_a_transpose_that_changes_nothing_is_refused():
    network = Network((1, 1, 1), ("tanh", "sigmoid"), "cross_entropy")
    assert not BUGS["transpose"].fits(network)
    with pytest.raises(LayerwiseError, match="its own transpose"):
        planted("transpose", network)


@pytest.mark.parametrize("name", BUGS)
def test_the_run_is_never_touched(name):
    session, plain = Session(Project()), Session(Project())
    record = session.record()
    network = record.network()
    before = record.grad.flat.copy()
    check(network, record.p, record.A[0], record.Y, planted(name, network))
    np.testing.assert_array_equal(record.grad.flat, before)
    for _ in range(3):
        session.step()
        plain.step()
    np.testing.assert_array_equal(session.p.flat, plain.p.flat)
    assert check(session.network, session.p, record.A[0], record.Y).passed
