"""Pictures as columns and back, against loops that follow the course's order by hand."""

from __future__ import annotations

import numpy as np
import pytest

from core.data.datasets import DATASETS
from core.data.examples import make_split
from core.data.own import own_data, split_of_own
from core.data.pixels import example_picture, mixed_order, order_of, pixel_of, tiles
from core.data.tables import INK
from core.data.tables import digits as digits_file

RGB = (2, 3, 3)


def colour_pictures(m=6):
    """Pictures (m, 2, 3, 3) of bytes, and own data of them as the course makes it."""
    pictures = np.random.RandomState(0).randint(0, 256, (m, *RGB)).astype(np.uint8)
    Y = (np.arange(m) % 2).astype(float)[np.newaxis]
    return pictures, own_data(pictures.reshape(m, -1).T / 255, Y, "made", picture=RGB)


@pytest.mark.parametrize("normalize", [False, True])
def test_a_colour_example_is_the_picture_that_it_was(normalize):
    pictures, own = colour_pictures()
    split = split_of_own(own, normalize=normalize, test_share=0.4)
    for part, columns in ((False, split.columns), (True, split.test_columns)):
        for k, column in enumerate(columns):
            np.testing.assert_array_equal(example_picture(split, k, test=part), pictures[column])


def test_a_digit_is_its_file_row_by_row_in_grey():
    split = make_split("digits", 50, 0.0, 1)
    pictures, _ = digits_file()
    seen = example_picture(split, 7)
    assert seen.shape == (8, 8, 3)
    grey = seen[..., 0]
    assert (seen == grey[..., np.newaxis]).all()
    drawn = [np.rint(255 * (one.reshape(8, 8) / INK)).tolist() for one in pictures]
    assert grey.tolist() in drawn


def test_values_below_black_are_black():
    split = make_split("digits", 30, 1.0, 1)
    assert split.train.X.min() < 0
    seen = np.concatenate([example_picture(split, k) for k in range(30)])
    assert (seen.min(), seen.max()) == (0, 255)


def test_tiles_are_the_channels_and_their_mean():
    values = np.arange(18.0)
    found = tiles(values, RGB)
    assert list(found) == ["red", "green", "blue", "mean of the three"]
    for y in range(2):
        for x in range(3):
            start = (y * 3 + x) * 3
            for c, name in enumerate(("red", "green", "blue")):
                assert found[name][y, x] == values[start + c]
            assert found["mean of the three"][y, x] == pytest.approx(start + 1)
    assert tiles(np.arange(6.0), (2, 3, 1))[""].tolist() == [[0, 1, 2], [3, 4, 5]]


def test_the_order_is_described():
    assert pixel_of(0, (8, 8, 1)) == "row 1, column 1"
    assert pixel_of(20, (8, 8, 1)) == "row 3, column 5"
    assert pixel_of(17, RGB) == "row 2, column 3, blue"
    assert order_of((8, 8, 1)).startswith("8 × 8 pixels, row by row")
    assert "red, green, blue" in order_of(RGB)


@pytest.mark.parametrize("name", list(DATASETS))
def test_a_data_set_of_pictures_has_as_many_inputs_as_pixels(name):
    dataset = DATASETS[name]
    split = make_split(name, 30, dataset.default_noise, 1)
    assert split.picture == dataset.picture
    assert dataset.picture is None or np.prod(dataset.picture) == dataset.n_x


def test_every_few_examples_are_of_all_classes():
    split = make_split("digits", 200, 0.0, 1)
    order = mixed_order(split)
    assert sorted(order.tolist()) == list(range(200))
    labels = split.train.Y.argmax(axis=0)[order]
    assert labels[:20].tolist() == [*range(10), *range(10)]


def test_of_real_numbers_the_order_is_as_it_is():
    assert mixed_order(make_split("plane", 12, 0.0, 1)).tolist() == list(range(12))
