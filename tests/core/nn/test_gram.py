"""The Gram form makes the same steps as the plain form, and is used only where it pays."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core.data.examples import Examples
from core.nn.gram import pays
from core.training import descent
from core.training.session import Session
from tests.core.training.projects import project, tune, wide

RELU = ((6, "relu"), (4, "tanh"), (1, "sigmoid"))
LINEAR: dict[str, Any] = {"optimizer": "gradient_descent", "learning_rate": 0.05}
MOMENTUM: dict[str, Any] = {"optimizer": "momentum", "learning_rate": 0.05}


@pytest.fixture
def plain(monkeypatch):
    """Make a session that keeps to the plain form, by examples of its own that never pay."""
    plain_examples: list[Examples] = []
    descent_of = descent.Descent.__init__

    def init(self, network, p, grad, examples, *others):
        known = any(examples is each for each in plain_examples)
        with monkeypatch.context() as patch:
            if known:
                patch.setattr(descent, "pays", lambda inputs, m: False)
            descent_of(self, network, p, grad, examples, *others)

    def make(given, split):
        session = Session(given, split=replace(split, train=replace(split.train)))
        plain_examples.append(session.split.train)
        assert session.step()
        return session

    monkeypatch.setattr(descent.Descent, "__init__", init)
    return make


@pytest.mark.parametrize("training", [LINEAR, MOMENTUM])
@pytest.mark.parametrize("layers", [RELU, ((1, "sigmoid"),), ((3, "linear"), (1, "sigmoid"))])
def test_fifty_iterations_are_those_of_the_plain_form(plain, layers, training):
    split = wide()
    given = project(*layers, **training)
    one, two = plain(given, split), Session(given, split=split)
    assert two.step()
    for _ in range(49):
        assert one.step()
        assert two.step()
    assert not one.gram
    assert two.gram
    np.testing.assert_allclose(two.p.flat, one.p.flat, rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(two.grad.flat, one.grad.flat, rtol=1e-9, atol=1e-14)
    np.testing.assert_allclose(two.costs, one.costs, rtol=1e-12)
    assert two.score()[0].cost == pytest.approx(one.score()[0].cost, rel=1e-12)
    for l in range(len(layers) + 1):
        np.testing.assert_allclose(
            two.activations(l, fresh=True), one.activations(l, fresh=True), rtol=1e-10, atol=1e-14
        )


@pytest.mark.parametrize("training", [LINEAR, MOMENTUM])
def test_float32_is_as_near_to_the_truth(plain, training):
    given = project(*RELU, **training)
    truth = plain(given, wide())
    single = tune(given, dtype="float32")
    one, two = plain(single, wide(dtype="float32")), Session(single, split=wide(dtype="float32"))
    two.step()
    for session in (truth, one, two):
        for _ in range(99):
            session.step()
    errors = [float(np.abs(s.p.flat - truth.p.flat).max()) for s in (one, two)]
    assert errors[1] < max(2 * errors[0], 1e-6)


def test_the_next_iteration_is_recorded_as_in_the_plain_form(plain):
    given = project(*RELU, **MOMENTUM)
    one, two = plain(given, wide()), Session(given, split=wide())
    two.step()
    for _ in range(5):
        one.step()
        two.step()
    np.testing.assert_allclose(
        two.record().step.flat, one.record().step.flat, rtol=1e-10, atol=1e-15
    )
    two.step()
    assert np.isfinite(two.p.flat).all()


@pytest.mark.parametrize(
    "training",
    [
        {"optimizer": "adam"},
        {"optimizer": "rmsprop"},
        {"batch_size": 10},
        {"l2": 0.1},
        {"l1": 0.1},
    ],
)
def test_gram_form_is_not_used_where_it_is_inexact(training):
    session = Session(project(*RELU, learning_rate=0.01, **training), split=wide())
    assert session.step()
    assert not session.gram


def test_a_retune_leaves_gram_form_and_returns(plain):
    split = wide()
    given = project(*RELU, **LINEAR)
    changes: list[dict[str, Any]] = [
        {"l2": 0.1},
        {"l2": 0.0},
        {"loss": "squared_error"},
        {"learning_rate": 0.01},
    ]
    one, two = plain(given, split), Session(given, split=split)
    two.step()
    gram = []
    for change in changes:
        for session in (one, two):
            session.retune(tune(session.project, **change))
            for _ in range(5):
                assert session.step()
        gram.append(two.gram)
    assert gram == [False, True, True, True]
    np.testing.assert_allclose(two.p.flat, one.p.flat, rtol=1e-11, atol=1e-13)


def test_diverges_like_the_plain_form(plain):
    given = project(*RELU, **{**LINEAR, "learning_rate": 1e300})
    with np.errstate(all="ignore"):
        one, two = plain(given, wide()), Session(given, split=wide())
        two.step()
        for session in (one, two):
            while session.step():
                assert session.iteration < 100
    assert str(two.halt) == str(one.halt)
    assert two.halt is not None
    assert two.halt.diverged
    assert np.isfinite(two.p.flat).all()


@pytest.mark.parametrize(
    ("inputs", "m", "expected"),
    [
        (12288, 209, True),
        (2, 400, False),
        (784, 60_000, False),
        (64, 10, False),
        (12288, 3000, False),  # K alone would take seconds
    ],
)
def test_gram_form_pays_with_many_more_inputs_than_examples(inputs, m, expected):
    assert pays(inputs, m) is expected
