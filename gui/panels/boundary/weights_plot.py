"""Plots a unit's weights on the pixels of a picture, on an orange-white-blue scale."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter

from core.data.datasets import PictureShape
from core.data.examples import Floats
from core.data.pixels import tiles
from core.span import levels
from gui.plots.chart import Chart
from gui.plots.items import PictureItem
from gui.plots.plane_plot import BAR_SPACE, draw_bar
from gui.plots.ticks import counts, named, ticks_in
from gui.style import text
from gui.style.theme import CAPTION, image, pxf, theme, ui_font

PITCH = 1.2  # of a tile, from one tile of a colour picture to the next
BESIDE = QMarginsF(0, 18, 2 * BAR_SPACE + 10, 8)  # also with text twice as large
CENTRE = Qt.AlignmentFlag.AlignCenter


class WeightsPlot(Chart):
    """A tile for grey pictures, four for colour: red, green, blue, and the mean of the three.

    All tiles share one scale, whose ends are the largest weight of either sign. The axes count
    pixels.
    """

    air = QMarginsF(2, 5, 4, 2)

    def __init__(self, name: str) -> None:
        self._tiles: dict[str, Floats] = {"": np.zeros((1, 1))}  # before the first weights
        self.images: dict[str, QImage] = {}  # as drawn, by their names
        self._most = 0.0
        self._shape: PictureShape = (1, 1, 1)
        super().__init__(name, invertY=True)
        self._pictures: list[PictureItem] = []
        for axis, side in enumerate(("left", "bottom")):
            self.add_axis(side, numbering=named(partial(self._places, axis)))
        self._layer = self.add_layer(self._draw_words, z=3, kept=True, air=BESIDE)
        self.numbers = lambda: {n: tile.ravel() for n, tile in self._tiles.items()}
        self.restyled.connect(self._draw)
        self.arrange()

    def show_weights(self, weights: Floats, shape: PictureShape) -> None:
        """Show a row of W[1] (n_x,)."""
        shaped = shape != self._shape
        self._shape, self._most = shape, float(np.abs(weights).max())
        self._tiles = tiles(weights, shape)
        if shaped:
            self.show_all()
            whole = self._whole()
            self.box.go_home((0, whole.width()), (0, whole.height()))
            self.arrange()
        self._draw()

    def _draw(self) -> None:
        ends = -self._most, self._most
        self.images = {n: image(levels(tile, *ends)) for n, tile in self._tiles.items()}
        items = self.add_items(self._pictures, len(self.images), lambda: PictureItem(smooth=False))
        for item, picture, box in zip(items, self.images.values(), self._boxes(), strict=True):
            item.show_image(picture, box)
        self._layer.update()

    def scale(self) -> tuple[str, str, str]:
        """The labels of the colour bar: bottom, middle, top."""
        most = self._most
        return (text.number(-most, 3), "0", text.number(most, 3)) if most else ("", "0", "")

    # --- positions ------------------------------------------------------------------------

    @property
    def _across(self) -> int:
        return 1 if len(self._tiles) == 1 else 2

    def _whole(self) -> QRectF:
        """All tiles, in pixels of the picture."""
        boxes = self._boxes()
        return boxes[0] | boxes[-1]

    def _boxes(self) -> list[QRectF]:
        """The tiles, in pixels of the picture."""
        (height, width, _), across = self._shape, self._across
        return [
            QRectF(k % across * PITCH * width, k // across * PITCH * height, width, height)
            for k in range(len(self._tiles))
        ]

    def boxes(self) -> dict[str, QRectF]:
        """The rectangles of the tiles, in pixels of the view."""
        way = self.pixels()
        return {n: way.mapRect(box) for n, box in zip(self._tiles, self._boxes(), strict=True)}

    def room(self) -> QRectF:
        """As large as fits with square pixels; several tiles have names above them."""
        room = super().room().adjusted(0, 0, -pxf(BAR_SPACE), 0)
        if self._across > 1:
            room.setTop(room.top() + QFontMetricsF(ui_font(CAPTION)).height() + 2)
        fitted = self._whole().size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        return QRectF(QPointF(room.center().x() - fitted.width() / 2, room.top()), fitted)

    def _places(self, axis: int, low: float, high: float, most: int) -> dict[float, str]:
        """In every visible tile its first pixel is 0."""
        size = float(self._shape[axis])
        starts = [k * PITCH * size for k in range(self._across)]
        cells = [(start, start + size, 0.0, size) for start in starts]
        found = ticks_in(cells, low, high, most, whole=True)
        return dict(zip(found, counts(list(found.values())), strict=True))

    def _draw_words(self, painter: QPainter) -> None:
        palette, area = theme().palette, self.area()
        painter.setFont(ui_font(CAPTION))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for name, box in self.boxes().items():
            painter.setPen(palette.border)
            painter.drawRect(box & area)
            painter.setPen(palette.muted)
            if self._across > 1 and area.left() <= box.center().x() <= area.right():
                head = QRectF(box.left() - 40, box.top() - 17, box.width() + 80, 16)
                painter.drawText(head, CENTRE, name)
        draw_bar(painter, area, self.scale())
