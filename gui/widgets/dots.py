"""Examples as dots on the input plane: class by colour and by shape, crisp on any background."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from core.data.examples import Indices, Split
from core.nn.activations import Array
from core.training.boundary import points_on
from core.training.messages import Plane
from gui.theme import LIGHT, Palette, class_colours, lut

GLYPHS = ("◆", "●", "■", "▲", "▼", "★", "⬟", "⬢", "✚", "✖")
MOST = 2000  # drawn of each set: more would only cover one another
DIMMED, LIT = 0.22, 1.3  # how opaque dots are while others stand out, and how large those are
SMALLEST, LARGEST = 0.3, 1.9  # discs that show errors, relative to the usual size


def _around(*radii: float) -> QPolygonF:
    """Corners so far from (0, 0), clockwise from the top."""
    turn = 2 * math.pi / len(radii)
    return QPolygonF(
        [QPointF(r * math.sin(i * turn), -r * math.cos(i * turn)) for i, r in enumerate(radii)]
    )


def _corners(*points: tuple[float, float]) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in points])


_PLUS = _corners(
    (-0.5, -0.1), (-0.5, 0.1), (-0.1, 0.1), (-0.1, 0.5), (0.1, 0.5), (0.1, 0.1),
    (0.5, 0.1), (0.5, -0.1), (0.1, -0.1), (0.1, -0.5), (-0.1, -0.5), (-0.1, -0.1),
)  # fmt: skip
# The outline of each glyph and what makes it look as large as a disc; the disc itself has none.
_OUTLINES: dict[str, tuple[QPolygonF, float]] = {
    "◆": (_around(0.5, 0.4, 0.5, 0.4), 1.2),
    "■": (_corners((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)), 1.0),
    "▲": (_corners((-0.5, 0.5), (0.0, -0.5), (0.5, 0.5)), 1.1),
    "▼": (_corners((-0.5, -0.5), (0.0, 0.5), (0.5, -0.5)), 1.1),
    "★": (_around(*(5 * (0.5, 0.191))), 1.3),
    "⬟": (_around(*(5 * (0.5,))), 1.0),
    "⬢": (_around(*(6 * (0.5,))), 1.0),
    "✚": (_PLUS, 1.1),
    "✖": (QTransform().rotate(45).map(_PLUS), 1.1),
}


@dataclass(frozen=True, slots=True, eq=False)
class Dots:
    """Points (2, k) of the plane, with class numbers (k,), or in regression labels (k,)
    as shares -1..1 of the colour scale. Those in `lit` stand out; None: all are alike.
    """

    points: Array
    labels: Array
    classes: int  # 0 in regression
    test: bool = False
    lit: Indices | None = None
    sizes: Array | None = None  # (k,) relative to the usual size

    def drawn(self) -> tuple[Indices, Indices]:
        """Which points are drawn dimmed, and which are not and over them, each in an order that
        lets no class cover another.
        """
        order = np.random.RandomState(0).permutation(self.points.shape[1])
        if self.lit is None:
            return order[:0], order[:MOST]
        is_lit = np.zeros(len(order), np.bool_)
        is_lit[self.lit] = True
        lit = order[is_lit[order]][:MOST]
        return order[~is_lit[order]][: MOST - len(lit)], lit

    def lit_alone(self) -> Dots | None:
        """The points that stand out without the others; None if none does."""
        if self.lit is None or not len(self.lit):
            return None
        which = self.lit
        return replace(
            self,
            points=self.points[:, which],
            labels=self.labels[which],
            lit=np.arange(len(which)),
            sizes=None if self.sizes is None else self.sizes[which],
        )


def dots_of(
    split: Split,
    plane: Plane,
    *,
    test: bool = False,
    lit: Indices | None = None,
    output: int | None = None,
) -> Dots | None:
    """The training or test examples as dots on the plane; None if there are none.

    `lit` are those of all examples that stand out, the test examples counted after the others;
    none or an empty array: all are alike. `output` is the row of Y that is shown alone, of classes
    as 1 against the rest.
    """
    points = points_on(split, plane, test=test)
    examples = split.test if test else split.train
    if points is None or examples is None:
        return None
    Y, own = examples.Y, None
    if lit is not None and len(lit):
        own = lit[lit >= split.train.m] - split.train.m if test else lit[lit < split.train.m]
        own = own[own < examples.m]
    row = output or 0
    if split.kind == "regression":
        most = float(np.abs(split.train.Y[row]).max()) or 1.0
        return Dots(points, np.clip(Y[row] / most, -1.0, 1.0), 0, test, own)
    if split.kind == "classes" and output is None:
        return Dots(points, Y.argmax(axis=0), len(Y), test, own)
    return Dots(points, (Y[row] > 0.5).astype(np.intp), 2, test, own)


def error_dots(dots: Dots, errors: Array, most: float) -> Dots:
    """The same examples as discs, blue where the label lies above the prediction, orange where
    below, their area as large as the error; `most` is the error of a full disc.
    """
    shares = np.clip(errors / (most or 1.0), -1.0, 1.0)
    sizes = LARGEST * np.sqrt(np.abs(shares)) + SMALLEST
    return replace(dots, labels=shares, classes=0, sizes=sizes)


def draw_dots(
    painter: QPainter, dots: Dots, pixels: QTransform, size: float, palette: Palette
) -> None:
    """Draw dots of `size` pixels where `pixels` maps them: training rims white, test rims dark."""
    dimmed, others = dots.drawn()
    if len(dimmed):
        before = painter.opacity()
        painter.setOpacity(before * DIMMED)
        _draw(painter, dots, dimmed, pixels, size, palette)
        painter.setOpacity(before)
    _draw(painter, dots, others, pixels, size if dots.lit is None else LIT * size, palette)


def _draw(
    painter: QPainter,
    dots: Dots,
    which: Indices,
    pixels: QTransform,
    size: float,
    palette: Palette,
) -> None:
    painter.setPen(QPen(LIGHT.text if dots.test else LIGHT.surface, size / 7))
    colours = colours_of(dots, palette)
    shapes = [shape(i, size) for i in range(max(dots.classes, 2))]
    for k in which:
        at = pixels.map(QPointF(float(dots.points[0, k]), float(dots.points[1, k])))
        kind = int(dots.labels[k]) if dots.classes else 0
        painter.setBrush(colours[kind if dots.classes else k])
        outline = shapes[kind if dots.classes else 1]
        if dots.sizes is not None:
            times = float(dots.sizes[k])
            outline = QTransform.fromScale(times, times).map(outline)
        painter.drawPath(outline.translated(at))


def shape(number: int, size: float) -> QPainterPath:
    """The outline of class `number` around (0, 0), as large as a disc of `size` pixels looks."""
    path, glyph = QPainterPath(), GLYPHS[number % len(GLYPHS)]
    if glyph not in _OUTLINES:
        path.addEllipse(QPointF(0, 0), size / 2, size / 2)
        return path
    outline, larger = _OUTLINES[glyph]
    path.addPolygon(QTransform.fromScale(size * larger, size * larger).map(outline))
    path.closeSubpath()
    return path


def colours_of(dots: Dots, palette: Palette) -> list[QColor]:
    """A colour for each class, or for each dot in regression."""
    if dots.classes:
        named = class_colours(min(dots.classes, 10), palette)
        return [named[i % len(named)] for i in range(dots.classes)]
    levels = np.rint(127.5 * (dots.labels + 1)).astype(np.intp)
    return [QColor.fromRgb(int(code)) for code in lut(palette)[levels]]
