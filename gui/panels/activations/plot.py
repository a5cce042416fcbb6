"""Plots a layer's activations: one histogram per unit, or one heat map."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from gui.panels.activations.activity import ExampleOrder
from gui.plots.histograms import BELOW, Histograms, HistogramsPlot
from gui.plots.items import PictureItem
from gui.plots.ticks import COUNT, LEAST, named
from gui.style.theme import CAPTION, class_colours, image, theme, ui_font

TALLEST = 40.0  # px of a row of the picture
MOST_ROWS = 128


@dataclass(frozen=True, slots=True, eq=False)
class HeatMap:
    """Levels (units, columns) with a name for each row; columns are in the order of `ordering`."""

    levels: NDArray[np.uint8]
    names: tuple[str, ...]
    ordering: ExampleOrder


Shown = Histograms | HeatMap


class ActivationsPlot(HistogramsPlot):
    """Histograms, or a heat map with the names of units and classes next to it."""

    def __init__(self, name: str) -> None:
        self._heat: HeatMap | None = None
        super().__init__(name)
        self._picture = PictureItem(smooth=False)
        self.add_item(self._picture)
        self.arrange()

    def show_shown(self, shown: Shown) -> None:
        """Show histograms or a heat map."""
        heat = shown if isinstance(shown, HeatMap) else None
        before, self._heat = self._heat, heat
        if (heat is None) != (before is None):
            self.axes["bottom"].offset = 0.0 if heat is None else BELOW
            self._picture.setVisible(heat is not None)
            self.axes["left"].numbering = named(self._rows if heat is None else self._units)
            self.axes["bottom"].numbering = named(self._columns) if heat is None else COUNT
            for bars in self._bars:
                bars.setVisible(heat is None)
            self.show_all()
        if isinstance(shown, Histograms):
            self.show_histograms(shown)
        else:
            self.settle(shown.names, shown.ordering.stretches, shown.levels.shape)
            self._picture.show_image(self._blended(shown), self.whole())

    def room(self) -> QRectF:
        room = super().room()
        if self._heat is not None:
            room.setHeight(min(room.height(), TALLEST * len(self._heat.levels)))
        return room

    def whole(self) -> QRectF:
        if self._heat is None:
            return super().whole()
        units, columns = self._heat.levels.shape
        return QRectF(0, 0, columns, units)

    def under(self, at: QPointF) -> tuple[int, int] | None:
        """The unit, and its bin or the column, under a pixel."""
        if self._heat is None:
            return super().under(at)
        if not self.area().contains(at):
            return None
        place, (units, columns) = self.values_at(at), self._heat.levels.shape
        return min(int(place.y()), units - 1), min(int(place.x()), columns - 1)

    def _blended(self, shown: HeatMap) -> QImage:
        """Rows stay sharp; columns narrower than a pixel are blended, not lost."""
        picture, wide = image(shown.levels), int(self.whole().width() * self.pixels().m11())
        if picture.width() <= wide:
            return picture
        smooth = Qt.TransformationMode.SmoothTransformation
        size = QSize(max(wide, 1), picture.height())
        return picture.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)

    # --- numbers and texts around it ---------------------------------------------------------

    def _units(self, low: float, high: float, most: int) -> dict[float, str]:
        names = () if self._heat is None else self._heat.names
        every = max(1, int(high - low) // max(most, LEAST))
        seen = range(max(int(low), 0), min(int(high), len(names)), every)
        return {k + 0.5: names[k] for k in seen}

    def _draw_words(self, painter: QPainter) -> None:
        shown, way, area = self._heat, self.pixels(), self.area()
        if shown is None:
            super()._draw_words(painter)
            return
        painter.setFont(ui_font(CAPTION - 1))
        stretches = shown.ordering.stretches
        colours = class_colours(min(len(stretches), 10))
        for (name, start, end), colour in zip(stretches, colours, strict=False):
            left, right = (way.map(QPointF(x, 0)).x() for x in (start, end))
            left, right = max(left, area.left()), min(right, area.right())
            if right - left >= 1:
                under = QRectF(left + 1, area.bottom() + 2, right - left - 2, 3)
                painter.fillRect(under, QColor(colour))
                painter.setPen(theme().palette.muted)
                label = QRectF(left, area.bottom() + 4, right - left, BELOW - 4)
                painter.drawText(label, Qt.AlignmentFlag.AlignCenter, f"y = {name}")
