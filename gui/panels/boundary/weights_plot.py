"""The weights of a unit on the pixels of a picture, large, on an orange-white-blue scale."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter

from core.data.datasets import Picture
from core.data.examples import Floats
from core.data.pixels import tiles
from core.training.boundary import levels
from gui.plots.colour_bar import BAR, BAR_SPACE, draw_bar
from gui.plots.plot_view import PlotView
from gui.plots.square_plot import AXIS
from gui.style import text
from gui.style.theme import CAPTION, image, theme, ui_font

GAP = 8.0  # px between the tiles of a colour picture
CENTRE = Qt.AlignmentFlag.AlignCenter


class WeightsPlot(PlotView):
    """A tile for grey pictures, four for colour: red, green, blue, and the mean of the three.

    All tiles share one scale, whose ends are the largest weight of either sign.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name, self._draw)
        self._tiles: dict[str, QImage] = {}
        self._most = 0.0
        self._picture: Picture = (1, 1, 1)

    def show_weights(self, weights: Floats, picture: Picture) -> None:
        """Show a row of W[1] (n_x,)."""
        self._picture, self._most = picture, float(np.abs(weights).max())
        found = tiles(weights, picture)
        together = levels(np.concatenate([tile.ravel() for tile in found.values()]), None)
        parts = np.split(together, len(found))
        size = picture[:2]
        self._tiles = {
            name: image(part.reshape(size)) for name, part in zip(found, parts, strict=True)
        }
        self.update()

    def scale(self) -> tuple[str, str, str]:
        """What the bar says at its bottom, its middle and its top."""
        most = self._most
        return (text.number(-most, 3), "0", text.number(most, 3)) if most else ("", "0", "")

    def _boxes(self) -> dict[str, QRectF]:
        """Where each tile is, as large as fits, all of whole and equal pixels' shape."""
        across = 1 if len(self._tiles) <= 1 else 2
        head = 0.0 if across == 1 else QFontMetricsF(ui_font(CAPTION)).height() + 2
        area = QRectF(self.rect()).adjusted(4, 2, -BAR_SPACE - 14, -AXIS - 2)
        height, width, _ = self._picture
        wide = (area.width() - (across - 1) * GAP) / across
        high = (area.height() - (across - 1) * GAP) / across - head
        each = max(min(wide / width, high / height), 0.01)
        wide, high = each * width, each * height
        left = area.center().x() - (across * wide + (across - 1) * GAP) / 2
        top = area.center().y() - (across * (high + head) + (across - 1) * GAP) / 2
        return {
            name: QRectF(
                left + (i % across) * (wide + GAP),
                top + head + (i // across) * (high + head + GAP),
                wide,
                high,
            )
            for i, name in enumerate(self._tiles)
        }

    def _draw(self, painter: QPainter, area: QRectF) -> None:
        palette, boxes = theme().palette, self._boxes()
        if not boxes:
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.setFont(ui_font(CAPTION))
        for name, box in boxes.items():
            painter.drawImage(box, self._tiles[name])
            painter.setPen(palette.border)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box)
            painter.setPen(palette.muted)
            head = QRectF(box.left() - 40, box.top() - 20, box.width() + 80, 18)
            painter.drawText(head, CENTRE, name)
        every = list(boxes.values())
        right = max(box.right() for box in every)
        bar = QRectF(right + 10, every[0].top(), BAR, every[-1].bottom() - every[0].top())
        draw_bar(painter, bar, self.scale())
