"""Mini-batches: every example once per epoch, for all sizes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.batches import Batches
from core.errors import LayerwiseError


def batches(m, size, seed=0, **place):
    return Batches(m, size, np.random.RandomState(seed), **place)


@given(m=st.integers(1, 50), size=st.integers(1, 60), seed=st.integers(0, 99))
def test_every_epoch_uses_every_example_once(m, size, seed):
    order = batches(m, size, seed)
    for epoch in range(1, 4):
        parts = []
        while order.epoch < epoch:
            parts.append(order.next())
        assert [len(part) for part in parts[:-1]] == [order.size] * (len(parts) - 1)
        assert len(parts) == -(-m // order.size)
        assert sorted(np.concatenate(parts)) == list(range(m))


def test_the_examples_are_reshuffled_each_epoch_from_the_generator():
    rng = np.random.RandomState(3)
    epochs = [rng.permutation(10).tolist() for _ in range(3)]
    order = batches(10, 4, seed=3)
    drawn = [np.concatenate([order.next() for _ in range(3)]).tolist() for _ in range(3)]
    assert drawn == epochs


@pytest.mark.parametrize("size", [None, 7, 8, 1000])
def test_full_batch_keeps_the_order_and_draws_nothing(size):
    rng = np.random.RandomState(1)
    order = Batches(7, size, rng)
    assert order.full
    assert [order.next().tolist() for _ in range(2)] == [list(range(7))] * 2
    assert order.epoch == 2
    assert rng.randint(2**31) == np.random.RandomState(1).randint(2**31)


def test_a_resized_batch_finishes_the_epoch_in_its_order():
    order, whole = batches(10, 3), np.random.RandomState(0).permutation(10)
    first = order.next()
    order.resize(5)
    rest = [order.next(), order.next()]
    assert np.concatenate([first, *rest]).tolist() == whole.tolist()
    assert [len(batch) for batch in rest] == [5, 2]
    order.resize(None)
    assert order.next().tolist() == list(range(10))
    order.resize(4)
    assert sorted(np.concatenate([order.next() for _ in range(3)])) == list(range(10))


@pytest.mark.parametrize("steps", [0, 1, 2, 3, 5])
def test_batches_continue_from_a_saved_position(steps):
    rng = np.random.RandomState(4)
    order = Batches(10, 4, rng)
    for _ in range(steps):
        order.next()
    copy = np.random.RandomState()
    copy.set_state(rng.get_state())
    again = Batches(10, 4, copy, place=order.place)
    for _ in range(7):
        assert again.next().tolist() == order.next().tolist()
        assert again.epoch == order.epoch


@pytest.mark.parametrize("size", [None, 3])
def test_a_batch_is_read_only(size):
    assert not batches(5, size).next().flags.writeable


def test_a_batch_size_below_1_is_named():
    with pytest.raises(LayerwiseError, match="The batch size is 0"):
        batches(5, 0)
