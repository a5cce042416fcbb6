"""The gallery of data sets, each with a picture drawn by its own generator."""

from collections.abc import Callable
from math import isqrt

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QIcon,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
)
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QSizePolicy, QWidget

from core.data.datasets import DATASETS, HALF, Dataset
from gui.style.theme import CAPTION, Palette, class_colours, colour, image, px, pxf, theme, ui_font
from gui.widgets.painting import focus_ring, rounded, smooth

COLUMNS = 2
_EXAMPLES = 130  # in a thumbnail
_HEIGHT, _WORD, _DOT = 58, 19, 1.4
NARROW = 0.3  # of the tile's width, for an input on a much smaller scale
_EDGE = 1.22 * HALF  # of the part of the plane that is shown
_STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: -COLUMNS,
    Qt.Key.Key_Down: COLUMNS,
}

PAINT = "paint"
PAINT_TIP = "Paint, move and erase points by hand, on a copy of the current examples (Ctrl+B)"
TilePainter = Callable[[QPainter, QRectF, Palette], None]


ICON = 44  # px of a thumbnail in a menu


class Gallery(QWidget):
    """The data sets in two columns, with a pencil for painting by hand (PAINT) last; emits
    `chosen(name)` on a click, Enter or Space.

    Arrow keys move the focus. `set_value` emits nothing.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(5)
        self.tiles = {name: tile_of(dataset) for name, dataset in DATASETS.items()}
        self.tiles[PAINT] = Tile("Paint…", PAINT_TIP, lambda: _pencil)
        for i, (name, tile) in enumerate(self.tiles.items()):
            grid.addWidget(tile, i // COLUMNS, i % COLUMNS)
            tile.clicked.connect(lambda _checked=False, name=name: self._choose(name))
            tile.left.connect(lambda by, i=i: self._go(i + by))
        self.set_value(next(iter(self.tiles)))

    def set_value(self, name: str) -> None:
        """Frame a data set, or none for a name not among them; Tab leads to it, or to the first."""
        reached = name if name in self.tiles else next(iter(self.tiles))
        for other, tile in self.tiles.items():
            tile.setChecked(other == name)
            tab = Qt.FocusPolicy.TabFocus if other == reached else Qt.FocusPolicy.NoFocus
            tile.setFocusPolicy(tab)

    def _choose(self, name: str) -> None:
        self.set_value(name)
        self.chosen.emit(name)

    def _go(self, to: int) -> None:
        tiles = list(self.tiles.values())
        if 0 <= to < len(tiles):
            tiles[to].setFocus(Qt.FocusReason.TabFocusReason)


class Tile(QAbstractButton):
    """One data set: its picture and its name, framed in the accent colour when chosen."""

    left = Signal(int)  # by this many tiles, with an arrow key
    arrows_lead_on = True

    def __init__(self, name: str, tip: str, make: Callable[[], TilePainter]) -> None:
        super().__init__()
        self._make = make
        self._paint: TilePainter | None = None
        self._drawn: tuple[Palette, QSize, QPixmap] | None = None
        self.setText(name)
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def _picture(self) -> QPixmap:
        """The thumbnail in the colours and the size of now, drawn once for each."""
        palette, ratio = theme().palette, self.devicePixelRatioF()
        size = QSize(self.width(), px(_HEIGHT - _WORD)) * ratio
        if self._drawn is None or self._drawn[:2] != (palette, size):
            if self._paint is None:
                self._paint = self._make()
            pixmap = QPixmap(size)
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(Qt.GlobalColor.transparent)
            with QPainter(pixmap) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                high = px(_HEIGHT - _WORD)
                self._paint(painter, QRectF(4, 5, self.width() - 8, high - 6), palette)
            self._drawn = (palette, size, pixmap)
        return self._drawn[2]

    def sizeHint(self) -> QSize:
        return QSize(px(97), px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(76), px(_HEIGHT))

    def nextCheckState(self) -> None:  # noqa: N802  Qt's name
        self.setChecked(True)  # a click on the chosen one leaves it chosen

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None:
            self.left.emit(step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette = theme().palette
        with smooth(self) as painter:
            rect = QRectF(self.rect())
            fill = palette.raised if self.underMouse() and not self.isChecked() else palette.canvas
            fill = palette.accent_soft if self.isChecked() else fill
            frame = palette.accent if self.isChecked() else palette.border
            rounded(painter, rect, 7, fill, frame, 2.0 if self.isChecked() else 1.0)
            painter.drawPixmap(0, 0, self._picture())
            weight = QFont.Weight.DemiBold if self.isChecked() else QFont.Weight.Normal
            painter.setFont(ui_font(CAPTION, weight))
            painter.setPen(palette.text)
            words = QRectF(0, px(_HEIGHT - _WORD), self.width(), px(_WORD - 3))
            painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self.text())
            if self.hasFocus():
                focus_ring(painter, rect.adjusted(3, 3, -3, -3), 5)


def tile_of(dataset: Dataset) -> Tile:
    """The tile of a data set of the gallery."""
    tip = f"{dataset.note}\n{dataset.source}"
    return Tile(dataset.label, tip, lambda: picture_of(dataset))


def icon_of(source: str) -> QIcon:
    """The picture of a gallery data set for a menu, in the current colours."""
    pixmap = QPixmap(px(ICON) * 2, px(ICON) * 2)
    pixmap.setDevicePixelRatio(2.0)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        picture_of(DATASETS[source])(painter, QRectF(0, 0, px(ICON), px(ICON)), theme().palette)
    return QIcon(pixmap)


def picture_of(dataset: Dataset) -> TilePainter:
    """Draw a few examples with the set's own noise; return a function that paints them into a
    rectangle.
    """
    X, Y = dataset.make(_EXAMPLES, dataset.default_noise, np.random.RandomState(1))
    if len(X) == 2:
        seen = _within(X)
        return lambda painter, rect, palette: _points(painter, rect, palette, seen, Y, dataset)
    side = isqrt(len(X))
    if side > 2 and side * side == len(X):
        return lambda painter, rect, palette: _pictures(painter, rect, palette, X, side)
    return lambda painter, rect, palette: _columns(painter, rect, palette, X)


def _within(X: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points of other scales than the gallery's, brought into the tile, the lesser one narrow."""
    spread = np.ptp(X, axis=1, keepdims=True)
    if np.abs(X).max() <= 2 * HALF:
        return X
    middle = (X.max(axis=1, keepdims=True) + X.min(axis=1, keepdims=True)) / 2
    narrow = np.where(spread < spread.max(), NARROW, 1.0)
    seen: NDArray[np.float64] = (X - middle) / spread * 2 * HALF * narrow
    return seen


def _points(
    painter: QPainter,
    rect: QRectF,
    palette: Palette,
    X: NDArray[np.float64],
    Y: NDArray[np.float64],
    dataset: Dataset,
) -> None:
    """The examples on the plane, in the colours of their labels, no class over another."""
    scale = min(rect.width(), rect.height()) / (2 * _EDGE)
    stretch, dot = 1.25, pxf(_DOT)  # a tile is wider than high
    painter.setPen(Qt.PenStyle.NoPen)
    colours = _colours(Y, dataset, palette)
    for k in np.random.RandomState(0).permutation(X.shape[1]):
        painter.setBrush(colours[k])
        x1, x2 = X[:, k] * scale
        at = rect.center() + QPointF(stretch * x1, -x2)
        if rect.contains(at):
            painter.drawEllipse(at, dot, dot)


def _colours(Y: NDArray[np.float64], dataset: Dataset, palette: Palette) -> list[QColor]:
    if dataset.kind == "regression":
        strong = 0.5 * float(np.abs(Y).max())  # pale dots would be lost at this size
        return [colour(y, strong, palette) for y in Y[0]]
    classes = class_colours(max(len(Y), 2), palette)
    labels = Y[0] if len(Y) == 1 else Y.argmax(axis=0)
    return [classes[int(label)] for label in labels]


def _pictures(
    painter: QPainter, rect: QRectF, palette: Palette, X: NDArray[np.float64], side: int
) -> None:
    """Three examples as square pictures, far apart in the set and so of different classes."""
    wide = min(rect.height() - 4, rect.width() / 3 - 4)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    for i, k in enumerate((len(X[0]) // 3, len(X[0]) - 16, len(X[0]) // 7)):
        levels = np.clip(127.5 * (1 + X[:, k]), 0, 255).astype(np.uint8).reshape(side, side)
        left = rect.center().x() + (i - 1.5) * (wide + 4) + 2
        square = QRectF(left, rect.center().y() - wide / 2, wide, wide)
        painter.drawImage(square, image(levels, palette))


def _columns(painter: QPainter, rect: QRectF, palette: Palette, X: NDArray[np.float64]) -> None:
    """Some examples as columns of cells, like the matrices of the stepper."""
    rows, columns = len(X), 8
    side = min(rect.height() / rows, rect.width() / columns) * 0.86
    left = rect.center().x() - side * columns / 2
    top = rect.center().y() - side * rows / 2
    chosen = np.linspace(0, X.shape[1] - 1, columns).astype(int)
    for column, k in enumerate(chosen):
        for row in range(rows):
            cell = QRectF(left + column * side, top + row * side, side - 1, side - 1)
            painter.fillRect(cell, colour(2 * X[row, k] - 1, 1.0, palette))


def _pencil(painter: QPainter, rect: QRectF, palette: Palette) -> None:
    """A pencil that leaves a few points."""
    middle = rect.center()
    painter.setPen(Qt.PenStyle.NoPen)
    places = ((-24, 10), (-15, 2), (-19, -8), (-6, 11), (-31, -1))
    for k, (x, y) in enumerate(places):
        painter.setBrush(palette.positive if k % 2 else palette.negative)
        painter.drawEllipse(middle + QPointF(x, y), 2.2, 2.2)
    painter.setPen(QPen(palette.text, 1.5, j=Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(palette.surface)
    tip, end, side = QPointF(-4, 6), QPointF(20, -18), QPointF(3.5, 3.5)
    collar = tip + QPointF(6, -6)
    body = [tip, collar - side, end - side, end + side, collar + side]
    painter.drawPolygon(QPolygonF([middle + point for point in body]))
    painter.drawLine(middle + collar - side, middle + collar + side)
