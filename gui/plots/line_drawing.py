"""Draws curves over one input, with decision thresholds and errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTransform

from core.nn.activations import Array
from gui.plots.dots import Dots
from gui.style.theme import theme
from gui.widgets.painting import path_of

CURVE, STEM = 2.2, 1.4  # px
_FAR = 1e4  # px beyond which no curve is followed


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Values (k,) in the middles of k equal pieces of the input; `ends` are bottom and top."""

    values: Array
    colour: QColor
    ends: tuple[float, float]


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


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """The drawing: curves, the `level` of the threshold, and the positions where the prediction
    changes, in pieces from the first.
    """

    curves: tuple[Curve, ...]
    level: float | None = None
    changes: Array = field(default_factory=lambda: np.empty(0))


def draw_under(
    painter: QPainter, square: QRectF, pixels: QTransform, shown: Curves, stems: Sequence[Stems]
) -> None:
    """Draw the part under the dots."""
    palette = theme().palette
    painter.save()
    painter.setClipRect(square)
    painter.setPen(QPen(palette.muted, 1.0, Qt.PenStyle.DashLine))
    if shown.level is not None:
        y = pixels.map(QPointF(0.0, shown.level)).y()
        painter.drawLine(QPointF(square.left(), y), QPointF(square.right(), y))
    painter.setPen(QPen(palette.text, 1.0))
    pieces = len(shown.curves[0].values)
    for piece in shown.changes.tolist():
        x = square.left() + (piece + 0.5) / pieces * square.width()
        painter.drawLine(QPointF(x, square.top()), QPointF(x, square.bottom()))
    for some in stems:
        label, said = some.labels, some.predictions
        for which, colour in ((label > said, palette.positive), (label < said, palette.negative)):
            ends = np.stack([label[which], said[which]], axis=1).ravel()
            painter.setPen(QPen(colour, STEM))
            painter.drawPath(pixels.map(path_of(np.repeat(some.x1[which], 2), ends, pieces=True)))
    painter.restore()


def draw_curves(painter: QPainter, square: QRectF, shown: Curves) -> None:
    """The curves, over the dots."""
    painter.save()
    painter.setClipRect(square.adjusted(0, -1, 0, 1))  # so that a line along an end is visible, too
    for curve in shown.curves:
        (low, high), k = curve.ends, len(curve.values)
        x = square.left() + (np.arange(k) + 0.5) * (square.width() / k)
        y = square.bottom() - (curve.values - low) * (square.height() / (high - low))
        path = path_of(x, np.clip(y, -_FAR, _FAR))
        painter.setPen(QPen(curve.colour, CURVE))
        painter.drawPath(path)
    painter.restore()
