"""Turns a snapshot into a picture over the input plane, or along one input."""

from __future__ import annotations

import numpy as np

from core.data.examples import Split
from core.look.boundary import Field
from core.look.units import UnitField
from core.nn.activations import Array
from core.training.messages import Snapshot
from gui.plots.pixels import painted
from gui.plots.plane_plot import Curve, PlanePicture
from gui.plots.plane_words import axes_of
from gui.plots.prediction import (
    THRESHOLD,
    boundary_lines,
    is_probability,
    output_name,
    prediction_image,
    scale_labels,
)
from gui.style import text
from gui.style.theme import class_colours, image, theme


def prediction_of(
    shown: Snapshot, field: Field, output: int | None, discretize: bool = False
) -> PlanePicture:
    """The prediction, or one output of it; discretized, it shows only classes."""
    split, values = shown.split, field.values
    if field.plane.is_line:
        return _along(shown, field, output, discretize)
    whole = split.kind == "classes" and output is None
    scale = None if whole else scale_labels(split, is_probability(shown.project), output)
    seen = prediction_image(values, split, theme().palette, discretize, output)
    lines = boundary_lines(values, split.kind, output)
    return PlanePicture(seen, (lines,), scale, axes_of(split, field.plane))


def unit_of(shown: Snapshot, field: UnitField) -> PlanePicture:
    """The output of the requested unit."""
    low, high = ends = field.ends
    scale = text.plain(low, 3), "0" if low < 0 else "", text.plain(high, 3)
    axes = axes_of(shown.split, field.plane)
    if not field.plane.is_line:
        return PlanePicture(image(field.levels), (), scale, axes)
    across, up = axes[0], _label(shown, None)
    values = low + field.levels[0] * ((high - low) / 255.0)
    curve = Curve(values, theme().palette.text, ends)
    return PlanePicture(image(field.levels[:1]), (), scale, (across, up), (curve,))


def _along(shown: Snapshot, field: Field, output: int | None, discretize: bool) -> PlanePicture:
    """Curves over one input: ŷ, P(y=1), or of several classes one each."""
    split, values = shown.split, field.values[:, 0]  # (n[L], side)
    palette = theme().palette
    whole = split.kind == "classes" and output is None
    drawn = values if whole else values[[output or 0]]
    if discretize and split.kind != "regression":
        best = drawn.argmax(axis=0) == np.arange(len(drawn))[:, np.newaxis]
        drawn = (best if whole else drawn > THRESHOLD).astype(np.float64)
    colours = class_colours(len(drawn), palette) if whole else [palette.text]
    curves = tuple(
        Curve(row, colours[i % len(colours)], field.plane.x2) for i, row in enumerate(drawn)
    )
    seen = painted(np.array([[palette.surface.getRgb()]]))  # for regression the curve is enough
    if split.kind != "regression":
        seen = prediction_image(field.values[:, :2], split, palette, discretize, output)
    across, _ = axes_of(split, field.plane)
    level = None if split.kind == "regression" or whole else THRESHOLD
    (x1, x1_end), pieces = field.plane.x1, values.shape[1]
    changes = x1 + (_changes(values, split, output) + 0.5) * ((x1_end - x1) / pieces)
    names = across, _label(shown, output)
    return PlanePicture(seen, (), None, names, curves, level, tuple(changes.tolist()))


def _label(shown: Snapshot, output: int | None) -> str:
    """The label of the vertical axis of a plot over one input."""
    split = shown.split
    if split.kind == "regression":
        return output_name("y", split, output)
    if split.kind == "classes" and output is None:
        return "P" if is_probability(shown.project) else "ŷ"
    return scale_labels(split, is_probability(shown.project), output)[1]


def _changes(values: Array, split: Split, output: int | None) -> Array:
    """Where along the input the predicted class changes, in pieces of the curve."""
    if split.kind == "regression":
        return np.empty(0)
    if split.kind != "classes" or output is not None:  # the threshold and the output as two
        row = values[output or 0]
        values = np.stack([np.full_like(row, THRESHOLD), row])
    best = values.argmax(axis=0)
    at = np.flatnonzero(best[1:] != best[:-1])
    lead = values[best[at], [at, at + 1]] - values[best[at + 1], [at, at + 1]]
    return np.asarray(at + lead[0] / (lead[0] - lead[1]))
