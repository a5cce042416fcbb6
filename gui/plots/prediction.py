"""The prediction over the input plane as a picture: its colours and class boundaries.

`output` is the row of A[L] that is shown, with several classes one class against the rest. None
shows all classes at once and, for other labels, the first row.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from core.data.datasets import DataKind
from core.data.examples import Split
from core.nn.activations import Array
from core.nn.losses import LOSSES
from core.project import Project
from core.span import levels
from gui.plots.contour import between, crossings
from gui.plots.pixels import painted
from gui.style import text
from gui.style.theme import Palette, class_colours, image

THRESHOLD = 0.5  # above it a binary prediction is class 1


def range_of(split: Split, output: int | None = None) -> tuple[float, float]:
    """The values at the ends of the colour scale, for predictions and labels alike.

    0 and 1 for classes; for regression the largest label of either sign, so that a dot and the
    picture around it have the same colour if the prediction is correct.
    """
    if split.kind != "regression":
        return 0.0, 1.0
    most = float(np.abs(split.train.Y[output or 0]).max()) or 1.0
    return -most, most


def prediction_image(
    values: Array,
    split: Split,
    palette: Palette,
    discretize: bool = False,
    output: int | None = None,
) -> QImage:
    """Values (n[L], side, side) as a picture; discretized it shows classes and no confidence."""
    if split.kind == "classes" and output is None:
        return _classes_image(values, palette, discretize)
    seen = values[output or 0]
    if discretize and split.kind != "regression":
        return image(_class_levels(seen), palette)
    return image(levels(seen, *range_of(split, output)), palette)


def thumbnail(values: Array, kind: DataKind, palette: Palette) -> QImage:
    """The same without examples: for regression the ends are the largest value."""
    if kind == "classes":
        return _classes_image(values, palette, discretize=False)
    most = float(np.abs(values[0]).max()) or 1.0
    ends = (-most, most) if kind == "regression" else (0.0, 1.0)
    return image(levels(values[0], *ends), palette)


def _class_levels(values: Array) -> NDArray[np.uint8]:
    """Levels of class 0 or 1 alone, with an edge as smooth as a grid this coarse allows."""
    with np.errstate(all="ignore"):  # a broken run may predict infinities and NaN
        down, across = np.gradient(values)
        slope = np.maximum(np.hypot(down, across), 1e-12)
        cells_away = (values - THRESHOLD) / slope
    # Between infinities no slope is known, but the class is.
    cells_away = np.where(np.isnan(cells_away), np.sign(values - THRESHOLD), cells_away)
    return levels(cells_away, -0.5, 0.5)


def _classes_image(values: Array, palette: Palette, discretize: bool) -> QImage:
    """The most probable class in its colour, the paler the less sure; NaN has no class."""
    n = len(values)
    colours = np.array([colour.getRgb() for colour in class_colours(n, palette)])
    neutral = np.array(palette.neutral.getRgb())
    best = values.argmax(axis=0)
    with np.errstate(over="ignore"):
        sure = np.clip((values.max(axis=0) - 1 / n) / (1 - 1 / n), 0.0, 1.0)[..., np.newaxis]
    strength = np.nan_to_num(np.where(np.isnan(sure), 0.0, 1.0) if discretize else sure)
    return painted(neutral + strength * (colours[best % len(colours)] - neutral))


def boundary_lines(values: Array, kind: DataKind, output: int | None = None) -> tuple[Array, Array]:
    """The lines where the predicted class changes, or one output crosses 0.5: columns and rows of
    the ends of line pieces.
    """
    if kind == "regression":
        return np.empty(0), np.empty(0)
    if kind == "binary" or output is not None:
        return crossings(values[output or 0], THRESHOLD)
    with np.errstate(all="ignore"):  # between two infinities there is no line
        ahead = [values[k] - np.delete(values, k, axis=0).max(axis=0) for k in range(len(values))]
    lines = [crossings(lead, 0.0) for lead in ahead]
    return np.concatenate([x for x, _ in lines]), np.concatenate([y for _, y in lines])


def is_probability(project: Project) -> bool:
    """Whether the output is trained as a probability: with a loss that takes its logarithm.

    A step is not, and nor is a sigmoid with squared error.
    """
    return project.activations[-1] in LOSSES[project.training.loss].outputs


def scale_labels(
    split: Split, probability: bool, output: int | None = None
) -> tuple[str, str, str]:
    """The labels of the colour bar: bottom, middle, top."""
    if split.kind == "regression":
        low, high = range_of(split, output)
        return text.number(low, 3), output_name("ŷ", split, output), text.number(high, 3)
    if split.kind == "classes":
        return "0", _of_class(split, output or 0, probability), "1"
    name = output_name("y" if probability else "ŷ", split, output)
    return "0", f"P({name}=1)" if probability else name, "1"


def output_name(letter: str, split: Split, output: int | None) -> str:
    """The name of an output, with its number if there are several."""
    return text.symbol(letter, (output or 0) + 1) if len(split.train.Y) > 1 else letter


def _of_class(split: Split, k: int, probability: bool) -> str:
    return f"{'P' if probability else 'ŷ'}({split.class_names[k]})"


def prediction_words(
    values: Array, split: Split, probability: bool, output: int | None = None
) -> str:
    """The prediction (n[L],) at one position, in words: with several classes, the most probable
    one.
    """
    if split.kind == "classes" and output is None:
        best = int(values.argmax())
        return f"{_of_class(split, best, probability)} = {text.fixed(float(values[best]))}"
    what = scale_labels(split, probability, output)[1]
    digits = 2 if split.kind == "classes" else 3
    return f"{what} = {text.fixed(float(values[output or 0]), digits)}"


def value_at(values: Array, across: float, down: float) -> Array:
    """The prediction (n[L],) at shares 0..1 of the plane's width and height, interpolated."""
    side = values.shape[-1]
    return between(values, across * side - 0.5, down * side - 0.5)
