"""The decimated curve loses no extreme and makes none up, however it grew."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gui.plots.decimate import MOST_BUCKETS, Envelope

steps = st.lists(st.integers(1, 3 * MOST_BUCKETS), min_size=1, max_size=6)
seeds = st.integers(0, 2**32 - 1)


def curve(n: int, seed: int) -> np.ndarray:
    rng = np.random.RandomState(seed)
    values = rng.rand(n)
    values[rng.randint(n, size=3)] += 100 * rng.rand(3)  # spikes of one iteration
    return values


@given(steps, seeds, st.integers(1, 500))
def test_every_column_keeps_its_extremes_and_the_ends(steps, seed, columns):
    values = curve(sum(steps), seed)
    envelope = Envelope()
    for end in np.cumsum(steps):
        envelope.extend(values[:end])
    at, drawn = envelope.points(columns)
    assert np.array_equal(values[at], drawn)  # only true values, where they are
    assert (np.diff(at) > 0).all()
    assert len(at) <= 2 * columns + 2 or len(at) == len(values) <= columns
    assert {0, len(values) - 1} <= set(at.tolist())
    wide = envelope.width * -(-envelope.buckets // columns)
    for start in range(0, len(values), wide):
        inside = drawn[(at >= start) & (at < start + wide)]
        column = values[start : start + wide]
        assert inside.min() == column.min()
        assert inside.max() == column.max()
    assert (envelope.low, envelope.high) == (values.min(), values.max())


@given(steps, seeds)
def test_growing_in_steps_gives_the_same_as_at_once(steps, seed):
    values = curve(sum(steps), seed)
    grown, at_once = Envelope(), Envelope()
    for end in np.cumsum(steps):
        grown.extend(values[:end])
    at_once.extend(values)
    for a, b in zip(grown.points(300), at_once.points(300), strict=True):
        assert np.array_equal(a, b)
    for part in range(3):
        np.testing.assert_allclose(grown.means(300)[part], at_once.means(300)[part], rtol=1e-12)


@given(st.integers(1, 3000), seeds)
def test_the_moving_mean_is_that_of_its_window(n, seed):
    values = curve(n, seed)
    envelope = Envelope()
    envelope.extend(values)
    places, means, window = envelope.means(10_000)
    half = window // 2
    for place, mean in zip(places.astype(int)[::97], means[::97], strict=True):
        part = values[max(0, place - half) : place + half + 1]
        np.testing.assert_allclose(mean, part.mean())


def test_a_million_values_are_drawn_as_few_points_and_read_once():
    values = curve(1_000_000, 1)
    envelope = Envelope()
    envelope.extend(values[:-1])
    read = envelope.size
    envelope.extend(values)
    assert envelope.size - read == 1
    assert envelope.buckets <= MOST_BUCKETS
    assert len(envelope.points(800)[0]) <= 1602
    assert envelope.points(800)[1].max() == values.max()


def test_nothing_read_draws_nothing():
    envelope = Envelope()
    assert len(envelope.points(100)[0]) == 0
    assert len(envelope.means(100)[0]) == 0
    envelope.extend(np.array([1.0, 2.0, 0.5]))
    envelope.clear()
    assert envelope.size == 0
    envelope.extend(np.array([3.0]))
    assert envelope.points(100)[1].tolist() == [3.0]


def test_the_largest_costs_do_not_warn():
    envelope = Envelope()
    envelope.extend(np.full(10_000, 1.7e308))
    assert envelope.points(100)[1].max() == 1.7e308
