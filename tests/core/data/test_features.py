"""Input features: each formula, and the sentences for a wrong choice."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.data.features import FEATURES, apply
from core.errors import LayerwiseError

POINTS = arrays(np.float64, st.tuples(st.just(2), st.integers(1, 9)), elements=st.floats(-50, 50))

FORMULAS = {
    "x1": lambda a, b: a,
    "x2": lambda a, b: b,
    "x1_squared": lambda a, b: a * a,
    "x2_squared": lambda a, b: b * b,
    "x1x2": lambda a, b: a * b,
    "sin_x1": lambda a, b: np.sin(a),
    "sin_x2": lambda a, b: np.sin(b),
}


def test_every_feature_has_its_formula_here():
    assert list(FORMULAS) == list(FEATURES)
    assert all(feature.name == name for name, feature in FEATURES.items())


@given(X=POINTS)
def test_features_are_their_formulas_and_leave_the_points_alone(X):
    before = X.copy()
    made = apply(list(FEATURES), X)
    assert made.shape == (len(FEATURES), X.shape[1])
    for row, formula in zip(made, FORMULAS.values(), strict=True):
        np.testing.assert_allclose(row, formula(*X), rtol=1e-15, atol=0)
    assert np.array_equal(X, before)


@pytest.mark.parametrize("name", FEATURES)
def test_the_python_text_computes_the_feature(name):
    X = np.random.RandomState(0).randn(2, 5)
    feature = FEATURES[name]
    assert np.array_equal(eval(feature.python, {"X": X, "np": np}), feature.fn(X))


def test_rows_come_in_the_order_asked_for():
    X = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert apply(["x1x2", "x1"], X).tolist() == [[3.0, 8.0], [1.0, 2.0]]


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        ([], "No input feature is switched on"),
        (["x3"], 'There is no feature called "x3": choose from x1, x2'),
        (["x1", "x2", "x1"], 'The feature "x1" is named twice'),
    ],
)
def test_a_wrong_choice_is_named(names, sentence):
    with pytest.raises(LayerwiseError, match=sentence):
        apply(names, np.zeros((2, 1)))
