"""The race: each way computes the same, is given up at once, and is guessed rightly beforehand."""

from time import process_time

import numpy as np
import pytest

from core import Project, edits
from core.errors import Interrupted, LayerwiseError
from core.labs import contests, race
from core.labs.race import TASKS
from core.nn.cache import Cache
from core.training.session import Session

OPEN = edits.set_units(Project(), 1, 7)


def unheard(*_):
    pass


@pytest.mark.parametrize("task", TASKS)
def test_all_ways_agree_within_rounding(task):
    found = race.run(task, 5000, OPEN, unheard)
    assert found.agrees
    assert found.difference <= 1e-12 * max(found.size, 1.0)
    assert [lap.way.name for lap in found.laps] == ["numpy", "one", "two"]
    assert all(len(lap.seconds) == race.TIMES and lap.median > 0 for lap in found.laps)
    assert found.ratio == found.laps[2].median / found.laps[0].median
    assert found.ratio > 3  # loops are slower, wherever this runs


def test_the_dot_product_is_that_of_the_same_vectors():
    rng = np.random.RandomState(1)
    a, b = rng.rand(3000), rng.rand(3000)
    slow = sum(float(x) * float(y) for x, y in zip(a, b, strict=True))
    for way in contests.dot(3000, unheard).ways:
        assert way.do(unheard)[0] == pytest.approx(slow, rel=1e-12)


def test_logistic_regression_is_the_gradient_of_its_cost():
    """Against central differences of the mean cross-entropy on the same numbers."""
    m = 50
    rng = np.random.RandomState(1)
    w = 0.1 * rng.randn(contests.FEATURES)
    X, y = rng.rand(contests.FEATURES, m), rng.rand(m) < 0.5

    def cost(w, b):
        a = 1 / (1 + np.exp(-(w @ X + b)))
        return float(-np.where(y, np.log(a), np.log(1 - a)).mean())

    found = contests.logistic(contests.FEATURES * m, unheard).ways[0].do(unheard)
    h = 1e-6
    slopes = [
        (cost(w + h * unit, 0.1) - cost(w - h * unit, 0.1)) / (2 * h)
        for unit in np.eye(contests.FEATURES)
    ]
    slopes.append((cost(w, 0.1 + h) - cost(w, 0.1 - h)) / (2 * h))
    np.testing.assert_allclose(found, slopes, atol=1e-8)


def test_the_forward_pass_is_that_of_the_network():
    contest = contests.forward(2100, unheard, OPEN)
    session = Session(OPEN)
    m = 100
    assert contest.products == 21 * m
    cache = Cache(session.network.sizes, m)
    X = np.random.RandomState(1).rand(2, m)
    session.network.forward(session.p, X, cache)
    for way in contest.ways:
        np.testing.assert_allclose(way.do(unheard), cache.A[2], rtol=1e-12)


@pytest.mark.parametrize("task", TASKS)
def test_it_asks_often_enough_to_be_cancelled_at_once(task):
    last = process_time()  # the processor's: others on the machine do not lengthen it
    longest = 0.0

    def between():
        nonlocal last, longest
        longest, last = max(longest, process_time() - last), process_time()

    for way in TASKS[task].make(200_000, between, OPEN).ways:
        way.do(between)
        between()
    assert longest < 0.15

    def stop():
        raise Interrupted

    with pytest.raises(Interrupted):
        race.run(task, 1000, OPEN, stop)


def test_the_guess_is_of_the_right_size():
    def times_off():
        guess = race.guess("dot", OPEN, unheard)
        found = race.run("dot", 100_000, OPEN, unheard)
        real = sum(sum(lap.seconds) for lap in found.laps)
        return max(real / guess.seconds(100_000), guess.seconds(100_000) / real)

    # Both are timed: a wrong guess is wrong each time, one on a busy machine now and then.
    assert any(times_off() < 5 for _ in range(5))


@pytest.mark.parametrize("products", [0, 99, 1e8, float("nan")])
def test_sizes_outside_the_limits_are_refused(products):
    with pytest.raises(LayerwiseError, match="from 100 to 10,000,000 products"):
        race.check_products(products)
