"""Examples as dots on the input plane, with colour and shape by class."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap, QTransform

from core.data.examples import Floats, Indices, Split
from core.look.plane import Plane, points_on
from core.nn.activations import Array
from gui.plots.pg import SYMBOLS
from gui.plots.pixels import near
from gui.style.theme import LIGHT, Palette, class_colours, lut

# pyqtgraph's name of each glyph, and its scale for the same apparent size as a disc.
_SYMBOLS = {
    "◆": ("d", 1.2), "●": ("o", 1.0), "■": ("s", 1.0), "▲": ("t1", 1.1), "▼": ("t", 1.1),
    "★": ("star", 1.3), "⬟": ("p", 1.0), "⬢": ("h", 1.0), "✚": ("+", 1.1), "✖": ("x", 1.1),
}  # fmt: skip
GLYPHS = tuple(_SYMBOLS)
MOST = 2000  # usually drawn of each set: more would only cover one another
DIMMED, LIT = 0.22, 1.3  # how opaque dots are while others stand out, and how large those are
SMALLEST, LARGEST = 0.3, 1.9  # discs that show errors, relative to the usual size


@dataclass(frozen=True, slots=True, eq=False)
class Dots:
    """Points (2, k) of the plane, with class numbers (k,) or, for regression, labels (k,) as shares
    -1..1 of the colour scale. Those in `lit` are highlighted; None: none.
    """

    points: Array
    labels: Array
    classes: int  # 0 in regression
    test: bool = False
    lit: Indices | None = None
    sizes: Array | None = None  # (k,) relative to the usual size
    most: int = MOST  # drawn at once

    def drawn(self) -> tuple[Indices, Indices]:
        """Which points are drawn dimmed, and which are not and over them, each in an order that
        lets no class cover another.
        """
        order = np.random.RandomState(0).permutation(self.points.shape[1])
        if self.lit is None:
            return order[:0], order[: self.most]
        is_lit = np.zeros(len(order), np.bool_)
        is_lit[self.lit] = True
        lit = order[is_lit[order]][: self.most]
        return order[~is_lit[order]][: self.most - len(lit)], lit

    def lit_alone(self) -> Dots | None:
        """Only the highlighted points; None if there are none."""
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

    `lit` are the highlighted ones of all examples, with the test examples counted after the others;
    none or an empty array: no highlight. `output` is the row of Y to show, with several classes as
    1 against the rest.
    """
    points = points_on(split, plane, test=test, output=output)
    examples = split.test if test else split.train
    if points is None or examples is None:
        return None
    own = None
    if lit is not None and len(lit):
        own = lit[lit >= split.train.m] - split.train.m if test else lit[lit < split.train.m]
        own = own[own < examples.m]
    return dots_at(points, split, examples.Y, test=test, lit=own, output=output)


def dots_at(
    points: Array,
    split: Split,
    Y: Floats,
    *,
    test: bool = False,
    lit: Indices | None = None,
    output: int | None = None,
    most: int = MOST,
) -> Dots:
    """Examples with labels Y (n_y, k) at points (2, k) of any plane; `lit` are some of 0..k-1."""
    row = output or 0
    if split.kind == "regression":
        largest = float(np.abs(split.train.Y[row]).max()) or 1.0
        labels, classes = np.clip(Y[row] / largest, -1.0, 1.0), 0
    elif split.kind == "classes" and output is None:
        labels, classes = Y.argmax(axis=0), len(Y)
    else:
        labels, classes = (Y[row] > 0.5).astype(np.intp), 2
    return Dots(points, labels, classes, test, lit, most=most)


def error_dots(dots: Dots, errors: Array, most: float) -> Dots:
    """The same examples as discs, blue if the label is above the prediction, orange if below, with
    the error as area; `most` is the error of a full disc.
    """
    shares = np.clip(errors / (most or 1.0), -1.0, 1.0)
    sizes = LARGEST * np.sqrt(np.abs(shares)) + SMALLEST
    return replace(dots, labels=shares, classes=0, sizes=sizes)


def draw_dots(
    painter: QPainter, dots: Dots, pixels: QTransform, size: float, palette: Palette
) -> None:
    """Draw dots of `size` pixels at the positions given by `pixels`: training rims white, test rims
    dark.
    """
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
    """Stamp each dot: a path takes ten times as long to fill as a small picture to lay down."""
    colours, stamps = colours_of(dots, palette), {}
    for k, at in zip(which.tolist(), _mapped(pixels, dots.points[:, which]), strict=True):
        kind = int(dots.labels[k]) if dots.classes else k
        times = 1.0 if dots.sizes is None else round(8 * float(dots.sizes[k])) / 8
        key = (kind if dots.classes else colours[k].rgb(), times)
        if key not in stamps:
            outline = shape(kind if dots.classes else 1, size * times)
            pen = QPen(LIGHT.text if dots.test else LIGHT.surface, size / 7)
            stamps[key] = _stamp(outline, colours[kind], pen, painter.device().devicePixelRatio())
        stamp = stamps[key]
        half = stamp.width() / stamp.devicePixelRatio() / 2
        painter.drawPixmap(QPointF(at[0] - half, at[1] - half), stamp)


def _mapped(pixels: QTransform, points: Array) -> list[list[float]]:
    """The positions of points (2, k), as k pairs; the transform scales and moves."""
    with np.errstate(over="ignore", invalid="ignore"):
        x, y = pixels.m11() * points[0] + pixels.dx(), pixels.m22() * points[1] + pixels.dy()
    pairs: list[list[float]] = near(np.stack([x, y], axis=1)).tolist()
    return pairs


def _stamp(outline: QPainterPath, colour: QColor, pen: QPen, ratio: float) -> QPixmap:
    box = outline.boundingRect()
    reach = max(-box.left(), -box.top(), box.right(), box.bottom()) + pen.widthF() + 1
    side = 2 * int(reach * ratio + 1)
    stamp = QPixmap(side, side)
    stamp.setDevicePixelRatio(ratio)
    stamp.fill(Qt.GlobalColor.transparent)
    with QPainter(stamp) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(side / ratio / 2, side / ratio / 2)
        painter.setPen(pen)
        painter.setBrush(colour)
        painter.drawPath(outline)
    return stamp


def shape(number: int, size: float) -> QPainterPath:
    """The outline of class `number` around (0, 0), as large as a disc of `size` pixels looks."""
    symbol, larger = _SYMBOLS[GLYPHS[number % len(GLYPHS)]]
    return QPainterPath(QTransform.fromScale(size * larger, size * larger).map(SYMBOLS[symbol]))


def colours_of(dots: Dots, palette: Palette) -> list[QColor]:
    """A colour for each class, or for each dot in regression."""
    if dots.classes:
        named = class_colours(min(dots.classes, 10), palette)
        return [named[i % len(named)] for i in range(dots.classes)]
    levels = np.rint(127.5 * (dots.labels + 1)).astype(np.intp)
    return [QColor.fromRgb(int(code)) for code in lut(palette)[levels]]
