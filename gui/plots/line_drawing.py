"""Draws curves over one input, with decision thresholds and errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPen, QTransform

from core.nn.activations import Array
from gui.plots.dots import Dots
from gui.style.theme import theme
from gui.widgets.painting import path_of

CURVE, STEM = 2.2, 1.4  # px
Ends = tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Values (k,) in the middles of k equal pieces of the input; `ends` are bottom and top."""

    values: Array
    colour: QColor
    ends: Ends

    def points(self, across: Ends, up: Ends) -> tuple[Array, Array]:
        """Its points (k,) if the input goes from one end of `across` to the other, and `ends` are
        those of `up`.
        """
        (low, high), k = self.ends, len(self.values)
        with np.errstate(all="ignore"):  # those without a position are left out
            shares = (np.asarray(self.values, np.float64) - low) / (high - low)
            heights = up[0] + shares * (up[1] - up[0])
        return across[0] + (np.arange(k) + 0.5) * ((across[1] - across[0]) / k), heights


@dataclass(frozen=True, slots=True, eq=False)
class Stems:
    """From the labels (k,) to the predictions of the examples at x1."""

    x1: Array
    labels: Array
    predictions: Array


def stems_of(dots: Dots, errors: Array) -> Stems:
    """The error lines of the drawn dots at (x1, label); `errors` (k,) are label minus
    prediction.
    """
    which = np.concatenate(dots.drawn())
    x1, labels = dots.points[:, which]
    return Stems(x1, labels, labels - errors[which])


def draw_stems(painter: QPainter, pixels: QTransform, some: Stems) -> None:
    """Draw the errors: blue if the label is above the prediction, orange if below."""
    label, said, palette = some.labels, some.predictions, theme().palette
    for which, colour in ((label > said, palette.positive), (label < said, palette.negative)):
        ends = np.stack([label[which], said[which]], axis=1).ravel()
        painter.setPen(QPen(colour, STEM))
        painter.drawPath(pixels.map(path_of(np.repeat(some.x1[which], 2), ends, pieces=True)))


def draw_curve(painter: QPainter, square: QRectF, curve: Curve) -> None:
    """Draw a curve over a picture."""
    painter.save()
    painter.setClipRect(square.adjusted(0, -1, 0, 1))  # so that a line along an end is visible, too
    x, y = curve.points((square.left(), square.right()), (square.bottom(), square.top()))
    painter.setPen(QPen(curve.colour, CURVE))
    painter.drawPath(path_of(x, y))
    painter.restore()
