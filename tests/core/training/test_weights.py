"""Thumbnails of pictures: the weights of a unit at their pixels, on a scale of their own."""

import numpy as np
import pytest

from core.look.units import Thumbnails
from core.look.weights import input_map, weights_map
from core.training.messages import Load, Run
from tests.core.training.projects import project


def test_each_weight_is_a_block_at_its_pixel():
    w = np.random.RandomState(3).randn(64)
    seen = weights_map(w, (8, 8, 1))
    assert seen.shape == (48, 48)
    most = np.abs(w).max()
    for i, value in enumerate(w):
        y, x = divmod(i, 8)
        block = seen[6 * y : 6 * y + 6, 6 * x : 6 * x + 6]
        assert (block == block[0, 0]).all()
        assert block[0, 0] == pytest.approx(127.5 + 127.5 * value / most, abs=0.51)


def test_of_colour_the_tiles_are_red_green_blue_and_their_mean():
    w = np.zeros((40, 40, 3))
    w[..., 0], w[..., 1], w[..., 2] = 1.0, -1.0, 0.5
    seen = weights_map(w.ravel(), (40, 40, 3))
    assert seen.shape == (80, 80)
    corners = [int(seen[y, x]) for y in (0, -1) for x in (0, -1)]
    assert corners == [255, 0, 191, 149]


def test_a_picture_that_is_not_square_is_centred():
    seen = weights_map(np.ones(24 * 48), (24, 48, 1))
    assert seen.shape == (48, 48)
    assert set(seen[:12].ravel()) == set(seen[36:].ravel()) == {128}
    assert set(seen[12:36].ravel()) == {255}


def test_large_pictures_are_averaged():
    w = np.add.outer(np.arange(500.0), np.zeros(500))
    seen = weights_map(w.ravel(), (500, 500, 1))
    assert seen.shape == (125, 125)
    assert seen[0, 0] == 128
    assert seen[-1, 0] == 255
    share = w[248:252, 0].mean() / w[496:, 0].mean()
    assert seen[62, 3] == pytest.approx(127.5 + 127.5 * share, abs=1)


def test_no_weight_is_white():
    assert set(weights_map(np.zeros(64), (8, 8, 1)).ravel()) == {128}


def test_an_input_is_its_pixel():
    seen = input_map(20, (8, 8, 1))
    expected = np.full((8, 8), 128)
    expected[2, 4] = 255
    assert np.array_equal(seen[::6, ::6], expected)
    assert np.array_equal(input_map(7, (48, 48, 3)) == 255, np.arange(48 * 48).reshape(48, 48) == 2)


def test_the_thread_shows_first_layer_units_by_their_newest_weights(driver):
    given = project(
        (5, "tanh"), (10, "softmax"), data={"source": "digits", "examples": 100, "noise": 0.0}
    )
    driver.post(Load(given, 1), Run(20))
    driver.wait(20)
    ask = Thumbnails(((0, 9), (1, 3), (2, 4)))
    snapshot = driver.look(ask)
    maps = snapshot.answer(ask)
    row = snapshot.parameters().W[1][3]
    assert np.array_equal(maps.levels[1, 3], weights_map(row, (8, 8, 1)))
    assert np.array_equal(maps.levels[0, 9], input_map(9, (8, 8, 1)))
    assert maps.levels[2, 4].shape == (40, 40)  # a later one over the plane of two pixels
    spread = snapshot.split.train.X.std(axis=1)
    assert set(maps.plane.cut) == set(np.argsort(spread, kind="stable")[-2:].tolist())
