"""Shows an example that is a picture, as large as the room allows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.style.theme import theme
from gui.widgets.painting import smooth

SIDE = 168


def rgb_image(pixels: NDArray[np.uint8]) -> QImage:
    """Pixels (h, w, 3) of red, green and blue as a QImage with its own memory."""
    height, width, _ = pixels.shape
    whole = np.ascontiguousarray(pixels)
    return QImage(whole.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def draw_pixels(painter: QPainter, box: QRectF, image: QImage) -> QRectF:
    """Paint the picture centred in the box, as large as fits; return its rectangle.

    A small one keeps sharp pixels, a large one is smoothed.
    """
    scale = min(box.width() / image.width(), box.height() / image.height())
    place = QRectF(0, 0, scale * image.width(), scale * image.height())
    place.moveCenter(box.center())
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < 2)
    painter.drawImage(place, image)
    return place


class PictureView(QWidget):
    """One picture with a thin frame; empty without one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def image(self) -> QImage | None:
        """The picture shown."""
        return self._image

    def show_pixels(self, pixels: NDArray[np.uint8] | None) -> None:
        """Show pixels (h, w, 3)."""
        self._image = None if pixels is None else rgb_image(pixels)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(SIDE, SIDE)

    def minimumSizeHint(self) -> QSize:
        return QSize(SIDE, SIDE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._image is None:
            return
        with smooth(self) as painter:
            place = draw_pixels(painter, QRectF(self.rect()).adjusted(1, 1, -1, -1), self._image)
            painter.setPen(theme().palette.border)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(place)
