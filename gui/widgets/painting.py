"""What the painted widgets share: rounded panels, the focus ring, a picture with round corners."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QImage, QPainter, QPen, QTransform
from PySide6.QtWidgets import QWidget

from gui.theme import CAPTION, theme, ui_font

FOCUS_WIDTH = 2.0


def smooth(widget: QWidget) -> QPainter:
    """An antialiased painter on the widget; a `with` ends it whatever happens."""
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    return painter


def rounded(
    painter: QPainter,
    rect: QRectF,
    radius: float,
    fill: QColor | None = None,
    border: QColor | None = None,
    width: float = 1.0,
) -> None:
    """Draw a rounded rectangle whose border lies wholly inside `rect`."""
    inset = width / 2 if border else 0.0
    painter.setPen(QPen(border, width) if border else Qt.PenStyle.NoPen)
    painter.setBrush(fill or Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), radius, radius)


def focus_ring(painter: QPainter, rect: QRectF, radius: float) -> None:
    """Draw the ring that says where the keyboard is."""
    rounded(painter, rect, radius, border=theme().palette.accent, width=FOCUS_WIDTH)


def plane(painter: QPainter, rect: QRectF, image: QImage, radius: float) -> None:
    """Paint the image smoothly over `rect`, its corners rounded without a jagged clip."""
    brush = QBrush(image)
    scaling = QTransform.fromTranslate(rect.x(), rect.y())
    scaling.scale(rect.width() / image.width(), rect.height() / image.height())
    brush.setTransform(scaling)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(brush)
    painter.drawRoundedRect(rect, radius, radius)


def caption_height() -> float:
    """The height of a line of caption text."""
    return QFontMetricsF(ui_font(CAPTION)).height()
