"""Helpers for painted widgets: rounded panels, the focus ring, rounded pictures."""

import struct

import numpy as np
from PySide6.QtCore import QByteArray, QDataStream, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFontMetricsF,
    QImage,
    QPaintEngine,
    QPainter,
    QPainterPath,
    QPen,
    QTransform,
)
from PySide6.QtWidgets import QWidget

from core.nn.activations import Array
from gui.style.theme import CAPTION, theme, ui_font

FOCUS_WIDTH = 2.0
_FARTHEST = 1e9  # of a coordinate: the painter clips lines, but cannot draw infinity
_ELEMENT = np.dtype([("kind", ">i4"), ("x", ">f8"), ("y", ">f8")])  # as QDataStream has them


def smooth(widget: QWidget) -> QPainter:
    """An antialiased painter on the widget; a `with` ends it in any case."""
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    return painter


def paper(painter: QPainter, widget: QWidget, colour: QColor) -> None:
    """Cover an opaque widget completely: at 150 % its edges lie between pixels."""
    painter.fillRect(widget.rect().adjusted(-1, -1, 1, 1), colour)


def rounded(
    painter: QPainter,
    rect: QRectF,
    radius: float,
    fill: QColor | None = None,
    border: QColor | None = None,
    width: float = 1.0,
) -> None:
    """Draw a rounded rectangle whose border is fully inside `rect`."""
    inset = width / 2 if border else 0.0
    painter.setPen(QPen(border, width) if border else Qt.PenStyle.NoPen)
    painter.setBrush(fill or Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), radius, radius)


def focus_ring(painter: QPainter, rect: QRectF, radius: float) -> None:
    """Draw the ring of the keyboard focus."""
    rounded(painter, rect, radius, border=theme().palette.accent, width=FOCUS_WIDTH)


def plane(painter: QPainter, rect: QRectF, image: QImage, radius: float) -> None:
    """Paint the image smoothly over the whole pixels nearest to `rect`, its corners rounded without
    a jagged clip.

    An .svg has no brushes that are scaled: there the corners stay. Over parts of pixels each row
    has three pieces, and from 96 pieces on Qt has them painted by other threads and waits for
    them: a small picture then takes five times as long.
    """
    if painter.paintEngine().type() == QPaintEngine.Type.SVG:
        painter.drawImage(rect, image)
        return
    way = painter.deviceTransform()
    rect = way.inverted()[0].mapRect(QRectF(way.mapRect(rect).toRect()))
    brush = QBrush(image)
    scaling = QTransform.fromTranslate(rect.x(), rect.y())
    scaling.scale(rect.width() / image.width(), rect.height() / image.height())
    brush.setTransform(scaling)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(brush)
    painter.drawRoundedRect(rect, radius, radius)


def path_of(x: Array, y: Array, *, pieces: bool = False) -> QPainterPath:
    """The line through points (k,) or, for `pieces`, one from every even point to the next.

    NaN points are left out, and a line ends before them; a piece needs two finite ends. Points too
    far out for a painter are moved to its limit. The path is read from a stream, which takes a
    hundredth of the calls.
    """
    x, y = (np.clip(np.asarray(end, np.float64), -_FARTHEST, _FARTHEST) for end in (x, y))
    there = ~(np.isnan(x) | np.isnan(y))
    if pieces:
        there = np.repeat(there[::2] & there[1::2], 2)
    elements = np.empty(len(x), _ELEMENT)
    elements["kind"] = 1  # a line to here ...
    elements["kind"][:: 2 if pieces else max(len(x), 1)] = 0  # ... a line from here
    elements["x"], elements["y"] = x, y
    if not there.all():
        elements["kind"][1:][~there[:-1]] = 0
        elements = elements[there]
    path = QPainterPath()
    raw = struct.pack(">i", len(elements)) + elements.tobytes() + struct.pack(">ii", 0, 0)
    QDataStream(QByteArray(raw)) >> path
    return path


TOP, BOTTOM = 3, 3  # px over a caption, and under the value below it: in a row all are level


def caption_height() -> float:
    """The height of a line of caption text."""
    return QFontMetricsF(ui_font(CAPTION)).height()
