"""Confusion matrices, rates and fits equal plain loops over the examples."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.examples import split_of_arrays
from core.look.predictions import Predictions
from core.look.watcher import Watcher
from core.training import results
from core.training.outcomes import Answered, Answers
from core.training.session import Session
from tests.core.oracle import one_pass
from tests.core.training.projects import project, tune
from tests.looking import answer, seen

CLASSES = project((5, "tanh"), (4, "softmax"), data={"source": "blobs", "test_share": 0.25})
VALUES = project(
    (5, "relu"), (1, "linear"), data={"source": "plane", "test_share": 0.2}, loss="squared_error",
    learning_rate=0.05,
)  # fmt: skip
BINARY = project(data={"test_share": 0.3})


def trained(of, count):
    session = Session(of)
    for _ in range(count):
        session.step()
    return session


def loops(labels, answers, classes):
    """Precision, recall and F1 of each class, None where they would be 0 / 0."""
    found = []
    for c in range(classes):
        tp = fp = fn = 0
        for y, a in zip(labels, answers, strict=True):
            tp += y == c and a == c
            fp += y != c and a == c
            fn += y == c and a != c
        found.append(
            (
                tp / (tp + fp) if tp + fp else None,
                tp / (tp + fn) if tp + fn else None,
                2 * tp / (2 * tp + fp + fn) if 2 * tp + fp + fn else None,
            )
        )
    return found


def same(x, y):
    return math.isnan(x) if y is None else x == pytest.approx(y, rel=1e-12)


pairs = st.integers(2, 5).flatmap(
    lambda k: st.tuples(
        st.just(k),
        st.lists(st.tuples(st.integers(0, k - 1), st.integers(0, k - 1)), min_size=1, max_size=40),
    )
)


@given(pairs)
def test_confusions_and_rates_are_those_of_plain_loops(case):
    k, seen = case
    labels, answers = (list(side) for side in zip(*seen, strict=True))
    counts = results.confusions(np.array(labels), np.array(answers), k)
    for i in range(k):
        for j in range(k):
            assert counts[i, j] == seen.count((i, j))
    right = sum(y == a for y, a in seen)
    assert results.accuracy(counts) == pytest.approx(right / len(seen), rel=1e-12)
    found, expected = results.rates(counts), loops(labels, answers, k)
    for c in range(k):
        mine = (found.precision[c], found.recall[c], found.f1[c])
        assert all(map(same, mine, expected[c]))
    occurring = [row for row in expected if row[2] is not None]
    for mean, column in zip(found.means(), zip(*occurring, strict=True), strict=True):
        assert mean == pytest.approx(sum(x or 0.0 for x in column) / len(column), rel=1e-12)


def test_a_class_that_never_occurs_is_not_in_the_mean():
    counts = np.array([[3, 1, 0], [0, 4, 0], [0, 0, 0]])
    found = results.rates(counts)
    assert math.isnan(found.precision[2])
    assert found.means()[1] == pytest.approx((0.75 + 1.0) / 2)


@given(st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), min_size=1, max_size=30))
def test_the_fit_is_that_of_plain_loops(seen):
    a, y = (np.array(side) for side in zip(*seen, strict=True))
    found = results.fit(a, y)
    mean = math.fsum(y) / len(y)
    left = math.fsum((p - q) ** 2 for p, q in seen)
    whole = math.fsum((q - mean) ** 2 for _, q in seen)
    assert found.rmse == pytest.approx(math.sqrt(left / len(seen)), rel=1e-9, abs=1e-12)
    if len(set(y.tolist())) == 1:
        assert math.isnan(found.r2)
    elif whole > 1e-9:  # else the mean of the oracle itself is rounded
        assert found.r2 == pytest.approx(1 - left / whole, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("off", [0.0, 0.1])
def test_labels_that_do_not_differ_have_no_variance_to_explain(dtype, off):
    y = np.full(6, 6.979880106324746, dtype)
    assert math.isnan(results.fit(y - dtype(off), y).r2)
    report: Any = results.report((y - dtype(off))[np.newaxis], y[np.newaxis], "regression")
    assert report["r2"] is None
    y[0] += 1e-3
    assert results.fit(y, y).r2 == 1.0


def answered(watcher, *, idle=True):
    found = answer(watcher, Predictions(), idle=idle)
    assert found is not None
    return found


def of_oracle(session, examples):
    p, training = session.p, session.project
    L = len(training.activations)
    W = {l: p.W[l].tolist() for l in range(1, L + 1)}
    b = {l: p.b[l].tolist() for l in range(1, L + 1)}
    seen = one_pass(
        W, b, examples.X.tolist(), examples.Y.tolist(), training.activations, training.training.loss
    )
    return seen.A[L], seen.losses


@pytest.mark.parametrize("of", [BINARY, CLASSES, VALUES], ids=["binary", "classes", "values"])
def test_answers_and_losses_are_the_oracles(of):
    session = trained(of, 40)
    found = session.answers()
    assert found.iteration == 40
    for answers, examples in (
        (found.train, session.split.train),
        (found.test, session.split.test),
    ):
        A, losses = of_oracle(session, examples)
        np.testing.assert_allclose(answers.A, A, rtol=1e-10, atol=1e-12)
        np.testing.assert_allclose(answers.losses, losses, rtol=1e-9, atol=1e-12)
        assert not answers.A.flags.writeable
        assert not answers.losses.flags.writeable


@pytest.mark.parametrize("of", [BINARY, CLASSES], ids=["binary", "classes"])
def test_accuracy_of_the_confusions_is_the_score(of):
    session = trained(of, 200)
    split, found = session.split, session.answers()
    kind = split.kind
    for answers, examples, score in zip(
        (found.train, found.test), (split.train, split.test), session.score(), strict=True
    ):
        k = results.count_of_classes(len(examples.Y), kind)
        labels, said = (results.classes_of(v, kind) for v in (examples.Y, answers.A))
        counts = results.confusions(labels, said, k)
        assert results.accuracy(counts) == score.accuracy
        right = results.right(answers.A, examples.Y, kind)
        assert right is not None
        assert right.sum() == np.trace(counts)
        assert counts.sum() == examples.m


def test_several_binary_outputs_are_judged_one_by_one():
    A = np.array([[0.9, 0.2, 0.8], [0.4, 0.6, 0.7]])
    Y = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    found: Any = results.report(A, Y, "binary")
    parts = [part["confusion"] for part in found["outputs"]]
    assert parts == [[[1, 1], [0, 1]], [[1, 1], [0, 1]]]
    right = results.right(A, Y, "binary")
    assert right is not None
    assert right.tolist() == [True, False, False]
    assert results.right(A, Y, "regression") is None


class TestWatched:
    def test_answers_come_with_a_snapshot_that_asks(self):
        session = trained(BINARY, 5)
        watcher = Watcher(session)
        assert not seen(watcher).answer(Predictions())
        assert np.array_equal(answered(watcher).train.A, session.answers().train.A)

    def test_at_rest_they_are_those_of_now_and_made_once(self):
        session = trained(BINARY, 5)
        watcher = Watcher(session)
        first = answered(watcher)
        assert answered(watcher) is first
        session.step()
        assert answered(watcher).iteration == 6

    def test_another_loss_is_measured_again(self):
        session = trained(BINARY, 5)
        watcher = Watcher(session)
        before = answered(watcher)
        session.retune(tune(BINARY, loss="squared_error"))
        watcher.forget()
        after = answered(watcher)
        assert np.array_equal(before.train.A, after.train.A)
        assert not np.allclose(before.train.losses, after.train.losses)

    def test_they_are_rationed_during_training(self):
        session = trained(project(data={"examples": 50_000}), 1)
        watcher = Watcher(session)
        assert answered(watcher, idle=False).iteration == 1
        session.step()
        assert Predictions() not in seen(watcher, Predictions(), idle=False).answers
        assert answered(watcher).iteration == 2


def test_errors_are_labels_less_answers_of_one_output():
    Y = np.array([[1.0, 2.0, 3.0], [0.0, 5.0, 1.0]])
    split = split_of_arrays(np.arange(6.0).reshape(2, 3), Y, kind="regression", test_examples=1)
    answered = Answered(
        0,
        Answers(np.array([[0.5, 2.5], [1.0, 1.0]]), np.zeros(2)),
        Answers(np.array([[3.0], [-1.0]]), np.zeros(1)),
    )
    assert [e.tolist() for e in results.errors_of(split, answered)] == [[0.5, -0.5], [0.0]]
    assert [e.tolist() for e in results.errors_of(split, answered, 1)] == [[-1.0, 4.0], [2.0]]
