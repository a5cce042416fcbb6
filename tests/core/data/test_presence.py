"""A class without examples is reported in a sentence."""

import pytest

from core.data.examples import split_of_arrays
from core.data.presence import class_counts, what_is_missing


def one_hot(labels, classes):
    Y = [[float(label == j) for label in labels] for j in range(classes)]
    return split_of_arrays([[float(i) for i in range(len(labels))]] * 2, Y, kind="classes")


def binary(*labels):
    return split_of_arrays([[0.0] * len(labels)] * 2, [labels], kind="binary")


@pytest.mark.parametrize("labels", [(0, 1, 2, 2), (2, 2, 2), (1,)])
def test_examples_are_counted_by_class(labels):
    split = one_hot(labels, 3)
    assert class_counts(split.train.Y, "classes") == tuple(labels.count(j) for j in range(3))


def test_two_classes_use_one_row():
    assert class_counts(binary(0, 1, 1).train.Y, "binary") == (1, 2)
    regression = split_of_arrays([[0.0, 1.0]], [[0.5, 2.0]])
    assert class_counts(regression.train.Y, "regression") == ()
    assert what_is_missing(regression) == ""


def test_missing_classes_are_named():
    assert what_is_missing(one_hot((0, 1, 2), 3)) == ""
    assert "no training example of class 1: the network" in what_is_missing(one_hot((0, 2), 3))
    assert "class 1, 2: " in what_is_missing(one_hot((0, 3), 4))
    assert "1, 2, 3, 4, 5 and 2 more: " in what_is_missing(one_hot((0, 8), 9))
    assert "Every training example is of class 1" in what_is_missing(binary(1, 1))
    assert "Every training example is of class 2" in what_is_missing(one_hot((2,), 3))
