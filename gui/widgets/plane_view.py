"""A small picture of a function over the input plane, through the one colour scale."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import Palette, image, theme
from gui.widgets.painting import plane, rounded, smooth


class PlaneView(QWidget):
    """Paints uint8 levels (h, w) into a rounded square; row 0 is the top."""

    def __init__(self, side: int = 56, radius: float = 8.0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side = side
        self._radius = radius
        self._border = ""
        self._levels: NDArray[np.uint8] | None = None
        self._drawn: tuple[Palette, QImage] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def set_levels(self, levels: NDArray[np.uint8] | None) -> None:
        """Show other levels (h, w); None shows an empty square."""
        self._levels = levels
        self._drawn = None
        self.update()

    def set_border(self, role: str) -> None:
        """Frame the square in a palette colour such as "forward"; "" is the usual thin border."""
        self._border = role
        self.update()

    def _image(self) -> QImage | None:
        palette = theme().palette
        if self._levels is None or self._levels.size == 0:
            return None
        if self._drawn is None or self._drawn[0] is not palette:
            self._drawn = (palette, image(self._levels, palette))
        return self._drawn[1]

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side)

    def minimumSizeHint(self) -> QSize:
        return QSize(16, 16)

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette = theme().palette
        side = min(self.width(), self.height())
        square = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        with smooth(self) as painter:
            seen = self._image()
            inner = square.adjusted(1, 1, -1, -1)
            if seen is None:
                rounded(painter, inner, self._radius, palette.raised)
            else:
                plane(painter, inner, seen, self._radius)
            border = getattr(palette, self._border or "border")
            rounded(
                painter, square, self._radius, border=border, width=2.5 if self._border else 1.0
            )
