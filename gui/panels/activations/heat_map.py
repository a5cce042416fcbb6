"""Values of units (rows) over examples (columns) as a picture through the one colour scale."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from gui.panels.activations.activity import Ordering
from gui.style.theme import CAPTION, class_colours, image, theme, ui_font

BESIDE = 34.0  # px for the names of the rows
BELOW = 17.0  # px for the names of the classes
ROW = 13.0  # the lowest row that has room for its name
MOST_ROWS = 128
_ALIGN = Qt.AlignmentFlag


@dataclass(frozen=True, slots=True, eq=False)
class HeatMap:
    """Levels (units, columns) with a name for each row; columns are ordered as `ordering` says."""

    levels: NDArray[np.uint8]
    names: tuple[str, ...]
    ordering: Ordering

    def square(self, area: QRectF) -> QRectF:
        """Where the picture is."""
        below = BELOW if self.ordering.stretches else 0.0
        high = min(area.height() - below, 40.0 * len(self.levels))
        return (
            QRectF(area.left() + BESIDE, area.top(), area.width() - BESIDE, high).toRect().toRectF()
        )

    def at(self, area: QRectF, point: QPointF) -> tuple[int, int] | None:
        """The unit and the column under a pixel."""
        square = self.square(area)
        if not square.contains(point):
            return None
        units, columns = self.levels.shape
        unit = int((point.y() - square.top()) / square.height() * units)
        column = int((point.x() - square.left()) / square.width() * columns)
        return min(unit, units - 1), min(column, columns - 1)

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Paint it with the names of its rows and of the classes below it."""
        square = self.square(area)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(square, self._image(int(square.width())))
        painter.setFont(ui_font(CAPTION - 1))
        self._draw_names(painter, square)
        self._draw_classes(painter, square)

    def _image(self, width: int) -> QImage:
        """Rows stay crisp; where columns are narrower than a pixel they are blended, not lost."""
        picture = image(self.levels)
        if picture.width() <= width:
            return picture
        smooth = Qt.TransformationMode.SmoothTransformation
        size = QSize(max(width, 1), picture.height())
        return picture.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)

    def _draw_names(self, painter: QPainter, square: QRectF) -> None:
        painter.setPen(theme().palette.muted)
        height = square.height() / len(self.names)
        every = max(1, math.ceil(ROW / height))
        for unit in range(0, len(self.names), every):
            top = square.top() + unit * height + (max(height, ROW) - ROW) / 2
            row = QRectF(0, top, BESIDE - 5, ROW)
            if row.bottom() <= square.bottom() + 2:
                painter.drawText(row, _ALIGN.AlignRight | _ALIGN.AlignVCenter, self.names[unit])

    def _draw_classes(self, painter: QPainter, square: QRectF) -> None:
        columns = self.levels.shape[1]
        stretches = self.ordering.stretches
        colours = class_colours(min(len(stretches), 10))
        for (name, start, end), colour in zip(stretches, colours, strict=False):
            left = square.left() + start / columns * square.width()
            right = square.left() + end / columns * square.width()
            if right - left >= 1:
                under = QRectF(left + 1, square.bottom() + 2, right - left - 2, 3)
                painter.fillRect(under, QColor(colour))
                label = QRectF(left, square.bottom() + 4, right - left, BELOW - 4)
                painter.drawText(label, _ALIGN.AlignCenter, f"y = {name}")
