"""Numbers that lessons say in their texts and that are no end of a run: measured again."""

import math

import numpy as np
import pytest

from core import Session, edits
from core.files.lessons import bundled
from core.files.project import read_project
from core.nn.activations import ACTIVATIONS
from core.nn.gradient_check import gradient_check
from core.walk.bugs import planted


def scene(lesson, name):
    return Session(read_project(bundled()[lesson].parent / f"{name}.json"))


def first_to_last(session):
    """The length of the first layer's gradient beside the last one's, at this iteration."""
    record = session.record()
    first, last = (np.linalg.norm(record.array("dW", l)) for l in (1, record.L))
    return float(first / last)


@pytest.mark.parametrize(
    ("name", "power"), [("L12-8sigmoid", -5.43), ("L12-8tanh", -0.31), ("L12-8relu", -0.75)]
)
def test_the_gradient_of_the_first_of_nine_layers(name, power):
    assert np.log10(first_to_last(scene("deep", name))) == pytest.approx(power, abs=0.02)


@pytest.mark.parametrize(
    ("name", "count"), [("L12-3541", 49), ("L12-p4-tanh5-s1", 31), ("L12-p4-tanh3-tanh3-s1", 31)]
)
def test_how_many_numbers_are_learned(name, count):
    assert scene("deep", name).p.flat.size == count


def test_how_much_of_a_layer_is_saturated():
    activations = scene("begin", "L11-scale-10").record().A[1]
    saturated = ACTIVATIONS["tanh"].saturated
    assert saturated is not None
    shares = saturated(activations).mean(axis=1)
    assert (100 * shares).round().tolist() == [95, 91, 79, 83]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("sigmoid", [0.25, 0.1966, 0.1050, 0.0177, 0.0025, 0.00005]),
        ("tanh", [1.0, 0.4200, 0.0707, 0.0013, 0.00002, 0.00000]),
    ],
)
def test_the_slopes_of_the_table(name, said):
    """Against differences of the function itself, not the slope that the product computes."""
    z, h = np.array([[0.0, 1.0, 2.0, 4.0, 6.0, 10.0]]), 1e-5
    high, low = (np.tanh(x) if name == "tanh" else 1 / (1 + np.exp(-x)) for x in (z + h, z - h))
    slopes = (high - low) / (2 * h)
    np.testing.assert_allclose(slopes[0], said, atol=6e-5)


STARTS = {0.01: (0.9993, 0.0, 0.14), 1.0: (0.400, 0.29, 0.12), 10.0: (0.079, 0.87, 0.052)}
STARTS |= {100.0: (0.0132, 0.97, 0.0055)}


@pytest.mark.parametrize("scale", STARTS)
def test_how_much_gets_back_through_tanh(scale):
    """The mean slope, the share of slopes under 0.04, the first update beside its weights."""
    project = read_project(bundled()["begin"].parent / "L11-scale-10.json")
    record = Session(edits.with_network(project, scale=scale)).record()
    slopes = 1 - record.array("A", 1) ** 2
    update = project.training.learning_rate * np.linalg.norm(record.array("dW", 1))
    mean, flat, moved = STARTS[scale]
    assert slopes.mean() == pytest.approx(mean, rel=0.01)
    assert (slopes < 0.04).mean() == pytest.approx(flat, abs=0.005)
    assert update / np.linalg.norm(record.array("W", 1)) == pytest.approx(moved, rel=0.05)


@pytest.mark.parametrize(
    ("bug", "wrong", "apart"),
    [
        ("forget_m", {"dW[1]", "db[1]", "dW[2]", "db[2]"}, 0.995),
        ("wrong_slope", {"dW[1]", "db[1]"}, 0.360),
        ("transpose", {"dW[1]"}, 0.295),
        ("double", {"dW[2]"}, 0.289),
        ("wrong_axis", {"db[2]"}, 0.120),
        ("", set(), 3e-12),
    ],
)
def test_the_wrong_arrays_and_errors_of_each_planted_bug(bug, wrong, apart):
    record = scene("backward", "L10-flower").record()
    network = record.network()
    backward = planted(bug, network) if bug else None
    *_, found = gradient_check(network, record.p, record.A[0], record.Y, backward=backward)
    assert {f"d{d.array}[{d.layer}]" for d in found.arrays if not d.passed} == wrong
    assert found.overall.relative == pytest.approx(apart, abs=0.0006 if bug else 1e-11)


def test_the_numbers_of_the_first_walk():
    record = scene("backward", "L10-flower").record().in_full()
    assert record.A[2][0, 0] == pytest.approx(0.500075, abs=5e-7)
    assert record.dA[2][0, 0] == pytest.approx(2.0003, abs=5e-5)


def test_the_numbers_of_one_example_and_of_all():
    record = scene("columns", "L06-flower").record()
    x, w = record.A[0][:, 0], record.p.W[1][0]
    assert x.tolist() == pytest.approx([1.20444, 3.57611], abs=5e-6)
    assert w.tolist() == pytest.approx([0.01789, 0.00437], abs=5e-6)
    assert (x * w).tolist() == pytest.approx([0.02154, 0.01561], abs=1e-5)
    assert record.p.b[1][0, 0] == 0


def test_the_slopes_of_one_neuron_along_its_chain():
    """Example 262, against the formulas in plain numbers."""
    x1, x2 = scene("slopes", "L04-neuron").split.train.X[:, 261].tolist()
    z = x1 + x2
    a = 1 / (1 + math.exp(-z))
    assert (x1, x2) == pytest.approx((0.900, -0.712), abs=5e-4)
    assert (z, a, -math.log(a)) == pytest.approx((0.18795, 0.54685, 0.60358), abs=5e-6)
    assert -1 / a == pytest.approx(-1.8287, abs=5e-5)
    assert a * (1 - a) == pytest.approx(0.2478, abs=5e-5)
    dz = a - 1
    assert (dz, dz * x1, dz * x2) == pytest.approx((-0.4531, -0.4078, 0.3226), abs=1e-4)
