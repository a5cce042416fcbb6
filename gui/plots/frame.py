"""Draws a film frame: a plot or the network at any size, with iteration and cost."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QGraphicsScene

from gui.plots.chart import Chart
from gui.plots.export import image_of
from gui.style.theme import theme, ui_font

HEAD = 0.07  # of the height, for the line with the iteration
LEAST_HEAD = 26  # px
AIR = 0.02  # of the height, as a margin around a network


def of_plots(plots: list[Chart], size: QSize, words: str) -> QImage:
    """The plots side by side, under the words."""
    image, top = _page(size, words)
    wide = size.width() // len(plots)
    with QPainter(image) as painter:
        for k, plot in enumerate(plots):
            part = QSize(wide, size.height() - top)
            painter.drawImage(k * wide, top, image_of(plot, part, _scale(part)))
    return image


def of_scene(scene: QGraphicsScene, size: QSize, words: str) -> QImage:
    """The visible part of a scene, as large as it fits, under the words."""
    image, top = _page(size, words)
    area = QRectF()
    for item in scene.items():
        if item.isVisible():
            area |= item.sceneBoundingRect()
    air = AIR * size.height()
    room = QRectF(air, top, size.width() - 2 * air, size.height() - top - air)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        scene.render(painter, room, area, Qt.AspectRatioMode.KeepAspectRatio)
    return image


def _scale(part: QSize) -> float:
    """How much larger than on the screen text and lines are in a picture of this size."""
    return min(max(min(part.width(), part.height()) / 300, 1.0), 4.0)


def _page(size: QSize, words: str) -> tuple[QImage, int]:
    """An empty picture with the words at its top, and how many pixels they take."""
    palette = theme().palette
    top = max(round(HEAD * size.height()), LEAST_HEAD)
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(palette.surface)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        painter.setFont(ui_font(round(0.55 * top)))
        painter.setPen(palette.text)
        line = QRectF(0, 0, size.width(), top)
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, words)
    return image, top
