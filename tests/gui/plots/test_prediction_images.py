"""Pictures of predictions are drawn of any numbers, also those of a run that is broken."""

import itertools

import numpy as np
import pytest

from core.data.examples import split_of_arrays
from gui.plots.prediction import boundary_lines, prediction_image, thumbnail
from gui.style.theme import theme

SIDE = 12
BROKEN = [np.nan, np.inf, -np.inf, 3e38, -3e38]
LABELS: dict[str, list[list[float]]] = {
    "binary": [[0, 1, 1]],
    "classes": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "regression": [[0.5, -2.0, 0.25]],
}


def split_with(kind):
    return split_of_arrays([[0.0, 1.0, 2.0], [1.0, 0.0, 1.0]], LABELS[kind])


def values_of(kind, dtype, special, everywhere):
    values = np.random.default_rng(0).random((len(LABELS[kind]), SIDE, SIDE)).astype(dtype)
    if everywhere:
        values[:] = special
    else:
        values[:, 3:5, 2:9] = values[0, 10, 10] = special
    return values


@pytest.mark.parametrize("kind", LABELS)
@pytest.mark.parametrize("special", BROKEN)
def test_a_broken_run_is_drawn_without_a_warning(qapp, kind, special):
    split, palette = split_with(kind), theme().palette
    assert split.kind == kind
    for dtype, everywhere in itertools.product((np.float32, np.float64), (False, True)):
        values = values_of(kind, dtype, special, everywhere)
        for discretize, output in itertools.product((False, True), (None, len(values) - 1)):
            image = prediction_image(values, split, palette, discretize, output)
            assert (image.width(), image.height()) == (SIDE, SIDE)
            boundary_lines(values, kind, output)
        assert thumbnail(values, kind, palette).width() == SIDE


@pytest.mark.parametrize("discretize", [False, True])
def test_what_is_no_number_has_the_colour_of_no_class(qapp, discretize):
    palette = theme().palette
    for kind in ("binary", "classes"):
        values = values_of(kind, np.float64, np.nan, False)
        values[:, 0, 0] = 0.0
        values[0, 0, 0] = 1.0
        image = prediction_image(values, split_with(kind), palette, discretize)
        of_nan, of_class = image.pixelColor(4, 3), image.pixelColor(0, 0)
        for part in ("red", "green", "blue"):
            assert abs(getattr(of_nan, part)() - getattr(palette.neutral, part)()) <= 2
        assert of_class != of_nan


def test_an_infinite_output_keeps_its_class(qapp):
    palette, split = theme().palette, split_with("binary")
    values = np.full((1, SIDE, SIDE), -np.inf)
    values[:, :, SIDE // 2 :] = np.inf
    image = prediction_image(values, split, palette, True)
    sure = prediction_image(np.where(values > 0, 1.0, 0.0), split, palette, True)
    assert image.pixelColor(0, 0) == sure.pixelColor(0, 0)
    assert image.pixelColor(SIDE - 1, 0) == sure.pixelColor(SIDE - 1, 0)
