"""A recorded iteration equals the oracle's, and the run's own bit for bit."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.datasets import DataKind
from core.data.examples import Examples, Floats, Split
from core.errors import LayerwiseError
from core.hyperparameters import TrainingSettings
from core.nn.optimizers import OPTIMIZERS
from core.project import (
    DataSettings,
    LayerSettings,
    NetworkSettings,
    Project,
)
from core.training.data_source import split_of
from core.training.session import Session
from core.walk.entry import Entry
from core.walk.record import check_size, make_record
from tests.core.nn.networks import OUTPUTS, TRAINABLE, Case, assert_same, cases
from tests.core.walk.records import entries, record_of


@settings(max_examples=60)
@given(cases(TRAINABLE, OUTPUTS, dropout=True))
def test_every_number_is_the_oracle_s(case):
    record, expected = record_of(case), case.oracle()
    for l in range(1, record.L + 1):
        for target in ("Z", "A", "dZ", "dW", "db", "dA"):
            if record.has(target, l):
                assert_same(record.array(target, l), getattr(expected, target)[l], f"{target}[{l}]")
    assert_same(record.losses, expected.losses)
    assert_same(record.J, expected.J)
    assert_same(record.array("W_after", 1), record.p.W[1] - 1.2 * np.array(expected.dW[1]))


def slope_of(loss, output, a, y):
    """The loss of an output unit differentiated by its a, as a course writes it."""
    if loss == "squared_error":
        return a - y
    first = -y / a if y else 0.0
    return first if output == "softmax" else first + ((1 - y) / (1 - a) if y < 1 else 0.0)


@settings(max_examples=60)
@given(cases(TRAINABLE, OUTPUTS))
def test_the_gradient_of_the_predictions_is_the_oracle_s(case):
    """Also where the iteration needs none; through g it becomes dZ[L]."""
    record, expected, L = record_of(case).in_full(), case.oracle(), len(case.sizes) - 1
    assert record.spelled_out == (not record_of(case).has("dA", L))
    slopes = [
        [slope_of(case.loss, case.activations[-1], a, y) for a, y in zip(*rows, strict=True)]
        for rows in zip(expected.A[L], case.Y.tolist(), strict=True)
    ]
    if np.max(np.abs(slopes)) < 1e6:  # beyond, a is too rounded to tell
        np.testing.assert_allclose(record.array("dA", L), slopes, rtol=1e-9, atol=1e-300)
    assert record.in_full() is record
    assert not record.dA[L].flags.writeable


def test_where_a_prediction_is_rounded_to_1_its_gradient_is_still_right():
    case = Case((1, 1), ("sigmoid",), "cross_entropy", m=2)
    case.p.W[1][...], case.p.b[1][...] = 1.0, 0.0
    case.X[...], case.Y[...] = [[50.0, 50.0]], [[1.0, 0.0]]
    record = record_of(case).in_full()
    assert record.A[1].tolist() == [[1.0, 1.0]]
    np.testing.assert_allclose(record.dA[1], [[-1.0, np.exp(50.0)]], rtol=1e-12)


@st.composite
def projects(draw):
    """Runs on the bundled data: every optimizer, regularized or not, with mini-batches or not."""
    loss, output = draw(
        st.sampled_from(
            [("cross_entropy", "sigmoid"), ("squared_error", "sigmoid"), ("squared_error", "tanh")]
        )
    )
    names = draw(st.lists(st.sampled_from(TRAINABLE), max_size=7))
    shares = st.sampled_from([0.0, 0.0, 0.2, 0.5])
    layers = [
        LayerSettings(units=draw(st.integers(1, 5)), activation=name, dropout=draw(shares))
        for name in names
    ]
    layers.append(LayerSettings(units=1, activation=output))
    return Project(
        data=DataSettings(source="flower", examples=40),
        network=NetworkSettings(layers=tuple(layers), scale=0.5),
        training=TrainingSettings(
            loss=loss,
            optimizer=draw(st.sampled_from(sorted(OPTIMIZERS))),
            learning_rate=0.1,
            batch_size=draw(st.sampled_from([None, 1, 7, 40])),
            l1=draw(st.sampled_from([0.0, 0.3])),
            l2=draw(st.sampled_from([0.0, 0.3])),
            dtype=draw(st.sampled_from(["float64", "float32"])),
        ),
    )


def assert_walked_is_trained(session):
    record = session.record()
    again = session.record()
    before = session.p.flat.copy()
    np.testing.assert_array_equal(record.after.flat, again.after.flat)
    np.testing.assert_array_equal(record.p.flat, before)
    iteration = session.iteration
    assert session.step()
    while session.iteration == iteration:
        assert session.step()
    np.testing.assert_array_equal(record.after.flat, session.p.flat, strict=True)
    np.testing.assert_array_equal(record.grad.flat, session.grad.flat, strict=True)
    assert session.costs[-1] == record.J
    assert record.iteration == iteration


@settings(max_examples=60)
@given(projects())
def test_walking_to_the_end_is_one_iteration_of_training_bit_for_bit(project):
    session = Session(project)
    for _ in range(4):
        assert_walked_is_trained(session)


@pytest.mark.parametrize("batch_size", [None, 3])
def test_softmax_and_regression_too(batch_size):
    rng = np.random.RandomState(1)
    template = split_of(Project())
    for output, loss, Y in (
        ("softmax", "cross_entropy", np.eye(3)[:, rng.randint(3, size=20)]),
        ("linear", "squared_error", rng.randn(3, 20)),
        ("softmax", "squared_error", np.eye(3)[:, rng.randint(3, size=20)]),
    ):
        project = Project(
            network=NetworkSettings(
                layers=(
                    LayerSettings(units=4, activation="tanh"),
                    LayerSettings(units=3, activation=output),
                )
            ),
            training=TrainingSettings(loss=loss, batch_size=batch_size),
        )
        session = Session(project, split=split_like(template, rng.randn(2, 20), Y))
        for _ in range(3):
            assert_walked_is_trained(session)


def split_like(template: Split, X: Floats, Y: Floats) -> Split:
    """The same kind of split with other examples in it."""
    kind: DataKind = "regression" if (Y % 1).any() else "classes"
    return replace(template, train=Examples(X, Y), kind=kind)


def test_recording_disturbs_nothing():
    case = Case((2, 4, 1), ("tanh", "sigmoid"), "cross_entropy", m=10)
    for name, made in OPTIMIZERS.items():
        optimizer = made(case.p.flat, 0.1)
        optimizer.update(np.ones_like(case.p.flat))
        flat, state = case.p.flat.copy(), {k: a.copy() for k, a in optimizer.state().items()}
        record = make_record(case.net, case.p, case.X, case.Y, optimizer, iteration=1)
        np.testing.assert_array_equal(case.p.flat, flat)
        for letter, array in optimizer.state().items():
            np.testing.assert_array_equal(array, state[letter], err_msg=name)
        before = case.X.copy()
        case.X[0, 0] += 1
        np.testing.assert_array_equal(record.A[0], before)


def test_every_array_is_read_only():
    record = record_of(Case((2, 3, 1), ("tanh", "sigmoid"), "cross_entropy"))
    for entry in entries(record):
        array = record.array(entry.target, entry.layer)
        assert array.shape == record.shape(entry.target, entry.layer)
        with pytest.raises(ValueError, match="read-only"):
            array[entry.row, entry.column] = 0.0
        assert array[entry.row, entry.column] == record.value(entry)
    with pytest.raises(TypeError):
        record.A[0] = record.A[1]  # type: ignore[index] # what is tested


def test_a_mini_batch_says_which_examples_it_holds():
    session = Session(Project(training=TrainingSettings(batch_size=10)))
    record = session.record()
    assert record.batch
    assert record.m == 10
    np.testing.assert_array_equal(record.A[0], session.split.train.X[:, record.examples])
    k = int(record.examples[2])
    assert record.say_example(2) == f"example {k + 1} (column 3 of the batch)"
    assert record.train_m == 400


def test_symbols_count_from_one():
    assert Entry("dW", 2, 1, 2).symbol == "dw₂₃[2]"
    assert Entry("W", 1, 0, 11).symbol == "w₁,₁₂[1]"
    assert Entry("W", 1, 0, 11).latex == "w_{1,12}[1]"
    assert Entry("A", 0, 1, 7).symbol == "x₂(8)"
    assert Entry("loss", 2, 0, 7).symbol == "loss(8)"
    assert Entry("J", 2).symbol == "J"
    assert Entry("W_after", 2, 0, 0).symbol == "new w₁₁[2]"
    assert Entry("slope", 1, 0, 7).symbol == "g′₁[1](8)"


def test_a_record_too_large_is_refused_before_it_is_made():
    with pytest.raises(LayerwiseError, match=r"1,000,000 examples .* 4,192,000,000 bytes"):
        check_size((2, 64, 64, 1), 1_000_000, 8)
    check_size((12288, 20, 7, 5, 1), 209, 8)
