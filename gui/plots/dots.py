"""Examples as dots on the input plane, with colour and shape by class."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPen, QTransform

from core.data.examples import Floats, Indices, Split
from core.look.plane import Plane, points_on
from core.nn.activations import Array
from gui.plots.pg import SYMBOLS, render_symbol
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
ROOM = 1.5  # times as large as a disc: no glyph with its rim is larger
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
    codes, before = codes_of(dots, palette), painter.opacity()
    rim = (LIGHT.text if dots.test else LIGHT.surface).rgb()
    ratio = painter.device().devicePixelRatio()
    dimmed, others = dots.drawn()
    larger = size if dots.lit is None else LIT * size
    for which, opacity, across in ((dimmed, DIMMED, size), (others, 1.0, larger)):
        times = np.ones(len(which)) if dots.sizes is None else np.rint(8 * dots.sizes[which]) / 8
        kinds = dots.labels[which] if dots.classes else np.ones(len(which), np.intp)
        places = mapped(pixels, dots.points[:, which])
        looks = zip(kinds.tolist(), (across * times).tolist(), codes[which].tolist(), strict=True)
        painter.setOpacity(before * opacity)
        for (x, y), look in zip(places.T.tolist(), looks, strict=True):
            stamp = _stamp(*look, rim, across / 7, ratio)
            half = stamp.width() / ratio / 2
            painter.drawImage(QPointF(x - half, y - half), stamp)
    painter.setOpacity(before)


def mapped(pixels: QTransform, points: Array) -> Array:
    """The pixels of points (2, k), none far outside; the transform scales and moves."""
    with np.errstate(over="ignore", invalid="ignore"):
        x, y = pixels.m11() * points[0] + pixels.dx(), pixels.m22() * points[1] + pixels.dy()
    return near(np.stack([x, y]))


@lru_cache(maxsize=2048)
def _stamp(number: int, size: float, code: int, rim: int, wide: float, ratio: float) -> QImage:
    """A dot as a picture: a path takes ten times as long to fill as that takes to lay down."""
    side = 2 * math.ceil(ratio * (ROOM * size + 1) / 2)  # even, so that its middle is a corner
    room = side / ratio - 1 - 1e-9
    outline, pen = shape(number, size / room), QPen(QColor.fromRgb(rim), wide / room)
    return QImage(render_symbol(outline, room, pen, QBrush(QColor.fromRgb(code)), dpr=ratio))


def shape(number: int, size: float) -> QPainterPath:
    """The outline of class `number` around (0, 0), as large as a disc of `size` pixels looks."""
    symbol, larger = _SYMBOLS[GLYPHS[number % len(GLYPHS)]]
    return QPainterPath(QTransform.fromScale(size * larger, size * larger).map(SYMBOLS[symbol]))


def codes_of(dots: Dots, palette: Palette) -> NDArray[np.uint32]:
    """The colour of every dot (k,), as 0xffRRGGBB."""
    if not dots.classes:
        found = lut(palette)[np.rint(127.5 * (dots.labels + 1)).astype(np.intp)]
    else:
        named = [colour.rgb() for colour in class_colours(min(dots.classes, 10), palette)]
        found = np.array(named, np.uint32)[np.asarray(dots.labels, np.intp) % len(named)]
    return np.asarray(found)
