"""The colour scale as a vertical bar, with labels for its ends and middle."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter

from gui.style.theme import CAPTION, lut, pxf, theme, ui_font

BAR = 9.0
BAR_SPACE = 62.0  # the bar with its labels
_ALIGN = Qt.AlignmentFlag


def draw_bar(
    painter: QPainter, bar: QRectF, labels: tuple[str, str, str], strength: float = 1.0
) -> None:
    """Draw the bar with labels at its bottom, middle and top; `strength` is the
    picture's opacity.
    """
    palette = theme().palette
    gradient = QLinearGradient(bar.bottomLeft(), bar.topLeft())
    table = lut(palette)
    for stop in np.linspace(0, 1, 17):
        gradient.setColorAt(float(stop), QColor.fromRgb(int(table[round(255 * stop)])))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(gradient)
    painter.setOpacity(strength)
    painter.drawRoundedRect(bar, 2, 2)
    painter.setOpacity(1.0)
    painter.setPen(palette.muted)
    painter.setFont(ui_font(CAPTION - 1))
    beside = QRectF(bar.right() + 5, bar.top(), pxf(BAR_SPACE), bar.height())
    places = (_ALIGN.AlignBottom, _ALIGN.AlignVCenter, _ALIGN.AlignTop)
    for label, place in zip(labels, places, strict=True):
        painter.drawText(beside, _ALIGN.AlignLeft | place, label)
