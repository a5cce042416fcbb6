"""The masks are those of the course's notebook, and are repeated where they must be."""

import numpy as np
import pytest

from core.errors import LayerwiseError
from core.nn.cache import Cache
from core.nn.dropout import Dropout
from core.nn.network import Network
from core.nn.parameters import Parameters

KEEP = {1: 0.8, 3: 0.5}
SIZES = (2, 4, 5, 3, 1)


def masks(m=6):
    return {l: np.empty((SIZES[l], m)) for l in KEEP}


def drawn(dropout, m=6):
    D = masks(m)
    dropout.draw(D)
    return D


def same(one, other):
    return all(np.array_equal(one[l], other[l]) for l in KEEP)


def test_the_masks_are_those_of_a_notebook_with_the_same_seed():
    dropout = Dropout(3, KEEP)
    np.random.seed(3)
    for _ in range(3):
        D = drawn(dropout)
        for l, keep_prob in KEEP.items():  # D1 = np.random.rand(A1.shape[0], A1.shape[1]), …
            expected = (np.random.rand(SIZES[l], 6) < keep_prob).astype(int)
            assert np.array_equal(D[l], expected)


def test_about_as_many_are_kept_as_should_be():
    D = drawn(Dropout(0, KEEP), 20_000)
    for l, keep in KEEP.items():
        assert abs(D[l].mean() - keep) < 0.01


def test_inverted_dropout_keeps_the_mean():
    """Inverted: prediction needs no change."""
    m = 200_000
    network, p = Network((1, 3, 1), ("linear", "linear"), "squared_error"), Parameters((1, 3, 1))
    p.Wb[1][...] = [[1.0, 0.5], [-2.0, 0.0], [0.3, 1.0]]
    cache, plain = Cache((1, 3, 1), m), Cache((1, 3, 1), m)
    cache.drop({1: 0.8})
    Dropout(1, {1: 0.8}).draw(cache.D)
    X = np.ones((1, m))
    network.forward(p, X, cache)
    network.forward(p, X, plain)
    np.testing.assert_allclose(cache.A[1].mean(axis=1), plain.A[1].mean(axis=1), atol=0.01)


def test_a_restarted_iteration_has_the_same_masks():
    dropout = Dropout(3, KEEP)
    drawn(dropout)
    dropout.begin()
    parts = [drawn(dropout), drawn(dropout)]
    twin = dropout.twin(begun=True)
    dropout.take_back()
    assert all(same(drawn(dropout), part) for part in parts)
    assert all(same(drawn(twin), part) for part in parts)


def test_it_continues_from_its_memory():
    dropout = Dropout(3, KEEP)
    assert dropout.memory(begun=False) == {}
    drawn(dropout)
    memory = dropout.memory(begun=False)
    other = Dropout(99, KEEP)
    other.restore(memory)
    twin = dropout.twin(begun=False)
    expected = drawn(dropout)
    assert same(drawn(other), expected)
    assert same(drawn(twin), expected)


@pytest.mark.parametrize(
    "wrong",
    [
        {"dropout_key": np.zeros(3, np.int64)},
        {"dropout_place": np.array(625)},
        {"dropout_place": np.array(0.5)},
    ],
)
def test_damaged_memory_is_refused(wrong):
    dropout = Dropout(3, KEEP)
    drawn(dropout)
    with pytest.raises(LayerwiseError, match="what it drops next"):
        dropout.restore({**dropout.memory(begun=False), **wrong})
