"""Warning stripes on numbers that a planted bug has changed."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter

from gui.style.theme import theme
from gui.widgets.painting import rounded


def stripes(painter: QPainter, rect: QRectF, radius: float) -> None:
    """Fill a rounded rectangle with them, in the colours of a warning."""
    palette = theme().palette
    rounded(painter, rect, radius, palette.warning_soft, palette.warning)
    ink = QColor(palette.warning)
    ink.setAlpha(38)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(ink, Qt.BrushStyle.BDiagPattern))
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius)
