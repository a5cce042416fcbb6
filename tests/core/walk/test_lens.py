"""One example in detail, and the pull of all examples on a weight."""

import numpy as np
import pytest
from hypothesis import given, settings

from core.hyperparameters import TrainingSettings
from core.project import Project
from core.training.session import Session
from core.walk.entry import Entry
from core.walk.lens import column_of, lens, neighbour, own_gradient, pulls, worst
from tests.core.nn.networks import Case
from tests.core.walk.records import record_of, records


@settings(max_examples=60)
@given(records())
def test_the_lens_shows_the_numbers_of_its_column(record):
    for k in range(record.m):
        seen = lens(record, k)
        np.testing.assert_array_equal(seen.x, record.A[0][:, k])
        np.testing.assert_array_equal(seen.prediction, record.A[record.L][:, k])
        np.testing.assert_array_equal(seen.gradient, record.dZ[record.L][:, k])
        assert seen.loss == record.losses[k]
        assert set(seen.z) == set(range(1, record.L + 1))
        for l, a in seen.a.items():
            np.testing.assert_array_equal(a, record.A[l][:, k])
    assert record.losses[worst(record)] == record.losses.max()
    with pytest.raises(IndexError):
        lens(record, record.m)


@settings(max_examples=60)
@given(records(penalties=False))
def test_the_pulls_are_the_gradient(record):
    for l in range(1, record.L + 1):
        for i in range(record.sizes[l]):
            weights = [Entry("dW", l, i, j) for j in range(record.sizes[l - 1])]
            for entry in [*weights, Entry("db", l, i)]:
                assert_pulls(record, entry)


def assert_pulls(record, entry):
    found = pulls(record, entry)
    assert abs(found.mean - record.value(entry)) <= 1e-12 * abs(found.values).max()
    assert (np.diff(found.values) >= 0).all()
    assert found.up == sum(found.values > 0)
    assert found.down == sum(found.values < 0)
    assert sorted(found.columns) == list(range(record.m))
    for value, k in zip(found.values, found.columns, strict=True):
        assert own_gradient(record, entry, int(k)) == value


def test_neighbours_go_round():
    record = record_of(Case((2, 2, 1), ("tanh", "sigmoid"), "cross_entropy", m=5))
    assert neighbour(record, 4, 1) == 0
    assert neighbour(record, 0, -1) == 4
    assert neighbour(record, 1, 1) == 2


def test_an_example_is_found_in_its_batch_or_not_at_all():
    record = Session(Project(training=TrainingSettings(batch_size=10))).record()
    assert column_of(record, int(record.examples[3])) == 3
    absent = next(k for k in range(400) if k not in record.examples)
    assert column_of(record, absent) is None
    assert lens(record, 3).example == record.examples[3]


def test_a_missing_number_is_refused():
    record = record_of(Case((2, 2, 1), ("tanh", "sigmoid"), "cross_entropy", m=5))
    with pytest.raises(IndexError):
        pulls(record, Entry("W", 1, 2, 0))
