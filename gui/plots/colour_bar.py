"""The colour scale as a vertical bar, with labels for its ends and middle."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from gui.style.theme import CAPTION, image, pxf, theme, ui_font
from gui.widgets.painting import plane

BAR = 9.0
BAR_SPACE = 62.0  # the bar with its labels
_ALIGN = Qt.AlignmentFlag


def draw_bar(
    painter: QPainter, area: QRectF, labels: tuple[str, str, str], strength: float = 1.0
) -> None:
    """Draw the bar next to an area, with labels at its bottom, middle and top; `strength` is the
    picture's opacity.
    """
    bar = QRectF(area.right() + 10, area.top(), pxf(BAR), area.height())
    painter.setOpacity(strength)
    plane(painter, bar, image(np.arange(255, -1, -1).astype(np.uint8)[:, np.newaxis]), 2)
    painter.setOpacity(1.0)
    painter.setPen(theme().palette.muted)
    painter.setFont(ui_font(CAPTION - 1))
    beside = QRectF(bar.right() + 5, bar.top(), pxf(BAR_SPACE), bar.height())
    places = (_ALIGN.AlignBottom, _ALIGN.AlignVCenter, _ALIGN.AlignTop)
    for label, place in zip(labels, places, strict=True):
        painter.drawText(beside, _ALIGN.AlignLeft | place, label)
