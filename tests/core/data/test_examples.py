"""Splitting, features, normalization and the refusal of broken data."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data import examples as subject
from core.data.datasets import DATASETS
from core.data.examples import Examples, kind_of
from core.data.features import FEATURES
from core.errors import LayerwiseError


def make_split(*wish, **options):
    """Untyped on purpose: a test may wish for nonsense, and knows which parts are not None."""
    return subject.make_split(*wish, **options)


def split_of_arrays(X, Y, **options):
    return subject.split_of_arrays(X, Y, **options)


def test_without_a_test_share_the_order_is_the_course_order():
    split = make_split("flower", 400, 0.2, seed=1)
    X, Y = DATASETS["flower"].make(400, 0.2, np.random.RandomState(1))
    assert np.array_equal(split.train.X, X)
    assert np.array_equal(split.train.Y, Y)
    assert np.array_equal(split.points, X)
    assert split.test is None
    assert split.test_points is None
    assert split.mean is None
    assert split.std is None
    assert split.kind == "binary"
    assert split.class_names == ("0", "1")
    assert split.features == ("x1", "x2")


def test_the_permutation_is_drawn_after_the_data_from_the_same_generator():
    rng = np.random.RandomState(5)
    X, Y = DATASETS["moons"].make(50, 0.3, rng)
    chosen = np.sort(rng.permutation(50)[:10])
    split = make_split("moons", 50, 0.3, seed=5, test_share=0.2)
    assert np.array_equal(split.test_columns, chosen)
    assert np.array_equal(split.test.X, X[:, chosen])
    assert np.array_equal(split.test.Y, Y[:, chosen])
    assert np.array_equal(split.train.X, np.delete(X, chosen, axis=1))


@given(m=st.integers(1, 80), share=st.floats(0, 1, exclude_max=True), seed=st.integers(0, 99))
def test_the_parts_are_disjoint_complete_and_in_order(m, share, seed):
    split = make_split("circles", m, 0.1, seed, test_share=share)
    columns, test_columns = split.columns.tolist(), split.test_columns.tolist()
    assert sorted(columns + test_columns) == list(range(m))
    assert columns == sorted(columns)
    assert test_columns == sorted(test_columns)
    assert split.train.m == len(columns) >= 1
    assert len(test_columns) == m - 1 or abs(len(test_columns) - share * m) <= 0.5
    assert (split.test is None) == (not test_columns)


def test_normalization_knows_the_training_data_only():
    plain = make_split("gaussians", 60, 1.0, seed=2, test_share=0.3)
    split = make_split("gaussians", 60, 1.0, seed=2, test_share=0.3, normalize=True)
    mean = plain.train.X.mean(axis=1, keepdims=True)
    std = plain.train.X.std(axis=1, keepdims=True)
    np.testing.assert_allclose(split.mean, mean, rtol=1e-14)
    np.testing.assert_allclose(split.std, std, rtol=1e-14)
    np.testing.assert_allclose(split.test.X, (plain.test.X - mean) / std, rtol=1e-12)
    np.testing.assert_allclose(split.train.X.mean(axis=1), 0, atol=1e-14)
    np.testing.assert_allclose(split.train.X.var(axis=1), 1, rtol=1e-13)
    assert np.array_equal(split.test_points, plain.test_points)


def test_a_constant_input_is_divided_by_1():
    split = split_of_arrays([[0.1, 0.1, 0.1], [1, 2, 3]], [[0, 1, 1]], normalize=True)
    assert split.std[0] == 1
    np.testing.assert_allclose(split.train.X[0], 0, atol=1e-15)


def test_one_example_can_be_normalized():
    split = make_split("flower", 1, 0.2, seed=1, normalize=True)
    assert split.train.X.tolist() == [[0.0], [0.0]]


@pytest.mark.parametrize("normalize", [False, True])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_inputs_of_takes_the_points_the_way_the_examples_went(normalize, dtype):
    split = make_split(
        "xor", 41, 0.2, 3, test_share=0.4, features=list(FEATURES), normalize=normalize, dtype=dtype
    )
    assert split.train.X.shape == (7, 25)
    assert split.train.X.dtype == split.train.Y.dtype == split.test.X.dtype == dtype
    for points, examples in ((split.points, split.train), (split.test_points, split.test)):
        inputs = split.inputs_of(points)
        assert inputs.dtype == dtype
        np.testing.assert_allclose(inputs, examples.X, rtol=1e-14 if dtype == "float64" else 1e-6)


def test_everything_is_read_only_and_contiguous():
    split = make_split("moons", 20, 0.1, 1, test_share=0.25, normalize=True)
    for array in (
        *(split.train.X, split.train.Y, split.test.X, split.test.Y, split.points),
        *(split.test_points, split.columns, split.test_columns, split.mean, split.std),
    ):
        assert not array.flags.writeable
        assert array.flags.c_contiguous


def test_examples_do_not_follow_the_array_they_were_made_of():
    X, Y = np.zeros((2, 3)), np.ones((1, 3))
    examples = Examples(X, Y)
    X[0, 0] = 5
    assert examples.X[0, 0] == 0
    assert X.flags.writeable


def test_options_go_to_the_data_set_they_belong_to():
    options = {"classes": 3, "bits": 5}
    blobs = make_split("blobs", 30, 0.5, seed=1, options=options)
    assert (blobs.kind, blobs.class_names) == ("classes", ("0", "1", "2"))
    assert blobs.train.Y.shape == (3, 30)
    parity = make_split("parity", 32, 0.0, seed=1, options=options)
    assert parity.features == ("x1", "x2", "x3", "x4", "x5")
    assert parity.points is None
    assert make_split("flower", 30, 0.2, seed=1, options=options).train.X.shape == (2, 30)


def test_regression_has_no_class_names():
    split = make_split("plane", 30, 0.1, seed=1)
    assert (split.kind, split.class_names) == ("regression", ())


def test_digits_are_split_and_normalized_blank_pixels_included():
    split = make_split("digits", 100, 0.0, seed=1, test_share=0.2, normalize=True, dtype="float32")
    assert split.train.X.shape == (64, 80)
    assert split.test.X.shape == (64, 20)
    assert split.test.Y.shape == (10, 20)
    assert split.std[0] == 1
    assert np.isfinite(split.test.X).all()
    assert split.test_points is None


def test_own_data_is_taken_as_it_is():
    X = np.arange(12.0).reshape(3, 4)
    Y = np.eye(4)[:, [0, 1, 2, 2]]
    copies = X.copy(), Y.copy()
    split = split_of_arrays(X, Y, features=["x1_squared"])
    assert np.array_equal(split.train.X, X)
    assert split.features == ("x1", "x2", "x3")
    assert split.kind == "classes"
    assert split.class_names == ("0", "1", "2", "3")
    assert split.points is None
    X[0, 0] = 99
    assert split.train.X[0, 0] == copies[0][0, 0]
    assert np.array_equal(Y, copies[1])
    with pytest.raises(LayerwiseError, match="3 inputs and not two"):
        split.inputs_of(np.zeros((2, 1)))


def test_own_data_in_the_plane_can_have_features():
    X = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert split_of_arrays(X, [[0, 1]]).train.X.tolist() == X.tolist()
    split = split_of_arrays(X, [[0, 1]], features=["x1x2"])
    assert split.train.X.tolist() == [[3.0, 8.0]]
    assert split.inputs_of(X).tolist() == [[3.0, 8.0]]


@pytest.mark.parametrize(
    ("Y", "kind"),
    [
        ([[0, 1, 1]], "binary"),
        ([[1, 0, 0], [0, 1, 1]], "classes"),
        ([[1, 1], [1, 0]], "binary"),
        ([[0, 0.5]], "regression"),
        ([[1, 2]], "regression"),
    ],
)
def test_the_kind_follows_from_the_labels(Y, kind):
    assert kind_of(np.array(Y, float)) == kind


def test_kind_and_names_can_be_said():
    split = split_of_arrays([[1, 2]], [[0, 1]], kind="regression")
    assert (split.kind, split.class_names) == ("regression", ())
    assert split_of_arrays([[1, 2]], [[0, 1]], class_names=["no", "yes"]).class_names == (
        "no",
        "yes",
    )


GOOD = [[1.0, 2.0, 3.0]]
NAN_AT_2_1 = [[1, 1], [1, 1], [1, np.nan]]


@pytest.mark.parametrize(
    ("X", "Y", "options", "sentence"),
    [
        (NAN_AT_2_1, [[0, 1]], {}, r"X\[2, 1\] is not a finite number"),
        (GOOD, [[0, np.inf, 1]], {}, r"Y\[0, 1\] is not a finite number"),
        (GOOD, [[0, 1]], {}, "X has 3 examples and Y has 2"),
        ([1.0, 2.0], [[0, 1]], {}, r"X has the shape \(2,\)"),
        (np.zeros((2, 0)), np.zeros((1, 0)), {}, r"X has the shape \(2, 0\)"),
        (GOOD, np.zeros((0, 3)), {}, r"Y has the shape \(0, 3\)"),
        ([[1, 2], [3]], [[0, 1]], {}, "The rows of X differ in length"),
        ([["a", "b"]], [[0, 1]], {}, "X holds <U1 values"),
        ([[1j, 2]], [[0, 1]], {}, "X holds complex128 values"),
        (GOOD, [[0, 2, 1]], {"kind": "binary"}, r"Y\[0, 1\] is 2: a class label is 0 or 1"),
        (GOOD, [[0, 1, 1], [1, 1, 0]], {"kind": "classes"}, "Column 1 of Y has 2 ones"),
        ([[1e300, 1]], [[0, 1]], {"dtype": "float32"}, r"X\[0, 0\] .* does not fit into float32"),
        (
            [[1, 1], [1, 1e200]],
            [[0, 1]],
            {"features": ["x2_squared"]},
            r"X\[0, 1\] is not a finite",
        ),
        (GOOD, [[0, 1, 1]], {"dtype": "int8"}, '"int8" numbers are not known'),
    ],
)
def test_broken_data_is_named_with_its_place(X, Y, options, sentence):
    with pytest.raises(LayerwiseError, match=sentence):
        split_of_arrays(X, Y, **options)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"source": "flowr"}, 'There is no data set called "flowr": choose from flower, moons'),
        ({"examples": 0}, "0 examples were asked for"),
        ({"noise": -0.1}, "The noise is -0.1"),
        ({"noise": float("nan")}, "The noise is nan"),
        ({"seed": -1}, "The seed is -1"),
        ({"seed": 2**32}, "The seed is 4294967296"),
        ({"test_share": 1.0}, "The test share is 1.0"),
        ({"features": ["x9"]}, 'There is no feature called "x9"'),
        ({"source": "digits", "examples": 1798}, "Digits has 1797: choose at most 1797"),
        ({"source": "blobs", "options": {"classes": 11}}, "Classes of Blobs is 11: choose from 2"),
        ({"source": "parity", "options": {"bits": 1}}, "Bits of Parity is 1: choose from 2 to 10"),
    ],
)
def test_a_wrong_wish_is_named(change, sentence):
    wish = {"source": "flower", "examples": 10, "noise": 0.2, "seed": 1} | change
    with pytest.raises(LayerwiseError, match=sentence):
        make_split(**wish)
