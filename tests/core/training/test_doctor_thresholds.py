"""Each threshold of the doctor from both sides, with one measurement changed at a time."""

import math
from dataclasses import replace

import numpy as np
import pytest

from core import edits
from core.data.own import own_data
from core.edits import with_network, with_training
from core.nn.parameters import Parameters
from core.project import Project
from core.training.doctor import examine
from core.training.signs import CostHistory
from tests.core.training.patients import (
    after,
    built,
    fault,
    measured,
    names,
    only,
    owned,
    scored,
    signs,
)


def parameters(p, **sizes):
    """Parameters of this shape: all weights of layer l are sizes["Wl"], all others 0."""
    filled = Parameters(p.sizes, flat=np.zeros_like(p.flat))
    for name, size in sizes.items():
        filled.W[int(name[1:])][...] = size
    return filled


def at(cost, baseline, seen):
    """The same at this cost, where a constant answer costs this much."""
    return measured(scored(seen, cost=cost), baseline=baseline)


# --- saturated, vanishing, nothing learned ---


def saturated(share=0.9, cost=1.01, baseline=2.0):
    seen = fault("saturated")
    return at(cost, baseline, measured(seen, flat={1: np.full(4, share)}, slopes=seen.slopes))


def vanishing(*sizes):
    seen = signs(built((2, "tanh"), (2, "tanh"), (1, "sigmoid")), 1)
    W = {f"W{l}": size for l, size in enumerate(sizes, start=1)}
    return replace(seen, grad=parameters(seen.p, **W))


def idle(size=0.99e-5, cost=1.81, baseline=2.0, seen=None):
    """A gradient of this root mean square."""
    seen = seen or fault("nothing-learned")
    return at(cost, baseline, measured(seen, gradient=np.full(seen.p.flat.size, size)))


@pytest.mark.parametrize(
    ("name", "seen", "says"),
    [
        ("saturated", lambda: saturated(share=0.81), True),
        ("saturated", lambda: saturated(share=0.79), False),
        ("saturated", lambda: saturated(cost=0.99), False),
        ("saturated", lambda: saturated(cost=1e-15, baseline=0.0), False),  # rounding
        ("saturated", lambda: saturated(cost=1e-14, baseline=0.0), True),
        ("vanishing", lambda: vanishing(0.0099, 10.0, 10.0), True),
        ("vanishing", lambda: vanishing(0.0101, 10.0, 10.0), False),
        ("vanishing", lambda: vanishing(1e-20, 1e-16, 7.0e-15), False),
        ("vanishing", lambda: vanishing(1e-20, 1e-16, 7.2e-15), True),
        ("nothing-learned", idle, True),
        ("nothing-learned", lambda: idle(1.01e-5), False),
        ("nothing-learned", lambda: idle(cost=1.79), False),
        ("nothing-learned", lambda: idle(cost=1e-15, baseline=1e-15), False),
        ("nothing-learned", lambda: idle(cost=1e-14, baseline=1e-14), True),
        (
            "nothing-learned",
            lambda: measured(idle(), varied=np.array([False, False])),
            False,
        ),
        (
            "nothing-learned",  # a single layer is underfitting's
            lambda: idle(seen=after(fault("underfitting"), recent=np.full(200, 0.69))),
            False,
        ),
    ],
)
def test_a_layer_and_a_gradient_on_both_sides(name, seen, says):
    assert (name in names(seen())) is says


# --- exploding, the penalties, a jumping cost ---


def rising(times):
    """200 costs that rise so many times."""
    costs = np.ones(200)
    costs[1 : 2 * times : 2] = 2.0
    return costs


def exploding(share=0.21, times=50):
    """One update changes the weights of layer 1, which are 3, by this share."""
    seen = fault("exploding")
    p, step = parameters(seen.p, W1=3.0), parameters(seen.p, W1=3.0 * share)
    return after(replace(seen, p=p, step=step.flat), recent=rising(times))


def shrunk(times):
    """Weights of layer 1 that are so many times what L1 takes off in an update."""
    seen = signs(with_training(Project(), l1=8.0, learning_rate=0.5), 1)
    return replace(seen, p=parameters(seen.p, W1=times * 0.5 * 8.0 / 400, W2=1.0))


def jumping(recent):
    return after(fault("rate-too-high"), recent=recent)


@pytest.mark.parametrize(
    ("name", "seen", "says"),
    [
        ("exploding", exploding, True),
        ("exploding", lambda: exploding(share=0.19), False),
        ("exploding", lambda: exploding(times=49), False),
        ("penalty-too-strong", lambda: shrunk(0.99), True),
        ("penalty-too-strong", lambda: shrunk(1.01), False),
        ("rate-too-high", lambda: jumping(rising(50)), True),
        ("rate-too-high", lambda: jumping(rising(49)), False),
        ("rate-too-high", lambda: jumping(100 + 1.01 * (np.arange(200) % 2)), True),
        ("rate-too-high", lambda: jumping(100 + 0.99 * (np.arange(200) % 2)), False),
        ("rate-too-high", lambda: jumping(np.append(np.ones(56), rising(99))), True),
        ("rate-too-high", lambda: jumping(np.append(rising(28), np.ones(200))), False),
    ],
)
def test_updates_penalties_and_jumps_on_both_sides(name, seen, says):
    assert (name in names(seen())) is says


@pytest.mark.parametrize(("kept", "counted"), [(20, 20), (256, 200)])
def test_the_iterations_that_were_counted_are_named(kept, counted):
    words = only("rate-too-high", jumping(1.0 + np.arange(kept) % 2)).what
    assert f"of the last {counted} iterations" in words


@pytest.mark.parametrize(
    ("times", "says"),
    [
        (0.99, None),
        (1.01, "past 0, whatever"),
        (1.99, "past 0, whatever"),
        (2.01, "past 0, and further away each time, whatever"),
    ],
)
def test_l2_on_both_sides(times, says):
    project = with_training(Project(), learning_rate=0.5, l2=2 * 400 * times)
    found = [f for f in examine(signs(project)) if f.name == "penalty-too-strong"]
    assert [says in f.what for f in found] == ([] if says is None else [True])


# --- a rate that is too low ---


def slow(straight=0.95, bend=0.0, curvature=0.0, cost=1.0, size=1.0, seen=None):
    """A cost along the step that falls by `straight` times what its slope promises, less `bend`
    times the square of the length, where the largest curvature times α is `curvature`, the cost
    `cost` times 3e9 times the slope, and the gradient `size` times as long.
    """
    seen = seen or fault("rate-too-low")
    gradient = size * seen.gradient
    slope = float(gradient.dot(seen.step))

    def cost_along(step):
        times = float(gradient.dot(step)) / slope
        return slope * (3e9 * cost - straight * times + bend * times**2)

    return measured(seen, gradient=gradient, cost_along=cost_along, sharpness=curvature / seen.rate)


def weak(rms, **settings):
    """The same where the largest weight gradient of a layer has this root mean square."""
    seen = fault("rate-too-low")
    W = Parameters(seen.p.sizes, flat=seen.gradient).W.values()
    return slow(size=rms / max(math.sqrt(np.mean(dW**2)) for dW in W), **settings)


def lately(recent):
    return slow(seen=after(fault("rate-too-low"), recent=recent))


def falling(by):
    return lately(np.linspace(100.0, 100.0 - by, 200))


def under(curvature=0.0, **training):
    """The same with these settings."""
    seen = fault("rate-too-low")
    changed = replace(seen, project=with_training(seen.project, **training))
    return slow(curvature=curvature, seen=changed)


@pytest.mark.parametrize(
    ("seen", "says"),
    [
        (lambda: slow(straight=0.91), True),
        (lambda: slow(straight=0.89), False),
        (lambda: slow(straight=1.0, bend=0.99e-3, cost=1e-3), True),  # 100 times the step
        (lambda: slow(straight=1.0, bend=1.01e-3, cost=1e-3), False),
        (lambda: slow(straight=1.0, bend=0.99e-3 / 30), True),  # 3,000 times the step
        (lambda: slow(straight=1.0, bend=1.01e-3 / 30), False),
        (lambda: slow(curvature=0.0199), True),
        (lambda: slow(curvature=0.0201), False),
        (lambda: under(curvature=1.0, optimizer="adam"), True),
        (lambda: under(batch_size=64), False),
        (lambda: falling(0.0099), True),
        (lambda: falling(0.0101), False),
        (lambda: falling(0.0), True),
        (lambda: falling(-1e-6), False),
        (lambda: weak(1.01e-5), True),
        (lambda: weak(0.99e-5), False),
        (lambda: at(0.11, 2.0, slow()), True),
        (lambda: at(0.09, 2.0, slow()), False),  # learned
        (lambda: lately(np.ones(200)), True),
        (lambda: lately(np.ones(199)), False),
    ],
)
def test_a_rate_that_is_too_low_on_both_sides(seen, says):
    assert ("rate-too-low" in names(seen())) is says


@pytest.mark.parametrize(("cost", "times"), [(1.0, "3,000"), (1e-3, "100"), (10.0, "10⁴")])
def test_the_longer_step_and_what_it_would_gain_are_named(cost, times):
    words = only("rate-too-low", slow(straight=1.0, cost=cost)).what
    assert f"a step {times} times as long would lower it about {times} times as much" in words


# --- a line that cannot separate the classes ---

FAR = [[0.0, 2.0, -1.0, 0.5, 0.0, 3.0], [0.0, 1.0, 2.0, -0.5, 0.0, -4.0]]
REACH = math.sqrt(1 + 3**2 + 4**2)


def settled(wrong=0.24, length=0.99, project=None, Y=(0, 1, 1, 0, 1, 0), kind=None, iterations=1):
    """A gradient of this length, relative to the shortest that a line with a margin allows."""
    own = own_data(np.array(FAR), np.atleast_2d(np.array(Y, float)), "far.npz", kind=kind)
    project = edits.choose_own(project or built((1, "sigmoid")), own)
    seen = signs(project, iterations, own=own)
    gradient = np.zeros(seen.p.flat.size)
    gradient[0] = length * 1e-3 * REACH * wrong / 2
    return measured(scored(seen, accuracy=1.0 - wrong), gradient=gradient)


def one_layer(**training):
    return with_training(built((1, "sigmoid")), **training)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({}, True),
        ({"length": 1.01}, False),
        ({"wrong": 0.11}, True),
        ({"wrong": 0.09}, False),
        ({"iterations": 0}, False),
        ({"project": one_layer(l1=1e-3)}, False),
        ({"project": one_layer(l2=1e-3)}, False),
        ({"project": one_layer(loss="squared_error")}, False),
        ({"project": built((2, "tanh"), (1, "sigmoid"))}, False),
    ],
)
def test_a_line_that_cannot_separate_on_both_sides(settings, says):
    assert ("underfitting" in names(settled(**settings))) is says


def told_apart(x, classes, activation, rate=0.3, iterations=300):
    """One layer of outputs for these classes of points on a line, trained to its best."""
    Y = np.array(classes) == np.unique(classes)[:, np.newaxis]
    own = own_data(np.array([x]), Y.astype(float), "line.npz", kind="classes")
    project = built((1, "sigmoid"), optimizer="adam", learning_rate=rate)
    project = edits.set_activation(edits.choose_own(project, own), 1, activation)
    return signs(project, iterations, own=own)


def test_a_softmax_layer_that_cannot_separate_three_classes():
    x = np.linspace(-1, 1, 60)
    bands = np.digitize(np.abs(x), [0.35, 0.7])
    assert "by a threshold" in only("underfitting", told_apart(x, bands, "softmax")).what
    thirds = told_apart(x, np.digitize(x, [-0.35, 0.35]), "softmax")
    assert thirds.score.accuracy > 0.9
    assert "underfitting" not in names(thirds)


def test_sigmoid_outputs_at_their_best_prove_nothing_about_lines_between_classes():
    """Each answers class or not, which a line may not separate though it separates the classes."""
    counts = [18, 50, 14, 18]
    x, classes = np.repeat([-1.0, 0.0, 0.5, 1.0], counts), np.repeat([0, 1, 2, 3], counts)
    assert told_apart(x, classes, "softmax").score.accuracy == 1.0
    apart = told_apart(x, classes, "sigmoid", rate=3.0, iterations=600)
    assert apart.score.accuracy == 0.86
    assert np.linalg.norm(apart.gradient) < 1e-3 * math.sqrt(2) * 0.14 / 2
    assert "underfitting" not in names(apart)


def test_two_questions_and_numbers_have_no_line():
    two = [[0, 1, 1, 0, 1, 0], [0, 1, 0, 1, 1, 0]]
    assert "underfitting" not in names(settled(Y=two, kind="binary"))
    own = own_data(np.array(FAR), [[0, 1, 1, 0, 1, 0]], "far.npz", kind="regression")
    project = with_training(edits.choose_own(one_layer(), own), loss="cross_entropy")
    numbers = signs(edits.set_activation(project, 1, "sigmoid"), 1, own=own)
    still = measured(numbers, gradient=np.zeros(3))
    assert names(still) == []
    assert "underfitting" in names(scored(still, accuracy=0.5))  # nothing else is the reason


# --- overfitting, the data, lists of units ---


@pytest.mark.parametrize(("now", "says"), [(0.53, True), (0.52, False)])
def test_a_test_cost_that_rises_on_both_sides(now, says):
    tests = np.array([1.0, 0.5, *[now] * 8])
    costs = {20 * k: cost for k, cost in enumerate([2.0, 1.0, *[0.4] * 8])}
    curve = CostHistory(np.array([0.9]), 20 * np.arange(10), tests, lambda i: costs[i])
    seen = replace(signs(Project(), 1), curve=curve)
    assert ("overfitting" in names(seen)) is says


def inputs(*rows):
    project, own = owned(np.array(rows), [0, 1, 0, 1])
    return signs(project, own=own)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([[9.9, 0, 1, 2], [9.9, 2, 1, 0]], None),
        ([[10.1, 0, 1, 2], [9.9, 2, 1, 0]], "they reach 10.1"),
        ([[-9.9, 0, 1, 2], [9.9, 2, 1, 0]], None),
        ([[-10.1, 0, 1, 2], [9.9, 2, 1, 0]], "they reach 10.1"),
        ([[0, 1, 0, 1], [0, 9.9, 0, 9.9]], None),
        ([[0, 0.1, 0, 0.1], [0, 0.99, 0, 0.99]], None),
        ([[0, 0.1, 0, 0.1], [0, 1.01, 0, 1.01]], "varies 10 times as much"),
        ([[0, 0.1, 0, 0.1], [50, 50, 50, 50]], None),  # it does not vary
    ],
)
def test_inputs_on_both_sides(rows, says):
    found = [f.what for f in examine(inputs(*rows)) if f.name == "unscaled"]
    assert [says in what for what in found] == ([] if says is None else [True])


def test_normalized_inputs_may_reach_as_far_as_they_do():
    """One that is far from all others is not scaled better by what is on already."""
    X = np.zeros((2, 200))
    X[0, 0], X[1, 1::2] = 1.0, 1.0
    project, own = owned(X, np.arange(200) // 2 % 2)
    seen = signs(edits.with_data(project, normalize=True), own=own)
    assert seen.split.train.X.max() > 14
    assert "unscaled" not in names(seen)


@pytest.mark.parametrize(
    ("classes", "name"), [(("ant", "bee", "cat"), "cat"), (("ant",), "2"), ((), "2")]
)
def test_a_rare_class_is_named_as_the_data_name_it(classes, name):
    Y = np.eye(3)[[0] * 50 + [1] * 48 + [2] * 2].T
    X = np.random.RandomState(0).randn(2, 100)
    own = own_data(X, Y, "own.npz", kind="classes", classes=classes)
    seen = signs(edits.choose_own(Project(), own), own=own)
    assert f"are of class {name}:" in only("unbalanced", seen).what


@pytest.mark.parametrize(
    ("units", "listed"),
    [(2, "1 and 2"), (6, "1, 2, 3, 4, 5 and 6"), (7, "1, 2, 3, 4, 5 and 2 more")],
)
def test_long_lists_of_units_are_cut(units, listed):
    alike = with_network(built((units, "tanh"), (1, "sigmoid")), initializer="zeros")
    assert only("twins", signs(alike)).what.startswith(f"Units {listed} of layer 1")
