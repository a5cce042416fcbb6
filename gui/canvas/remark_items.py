"""The doctor's marks on the canvas: signs on units, brackets of twins, frames."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, QVariantAnimation
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem

from gui.canvas.fonts import ui_font
from gui.canvas.items import CENTRE, LayerItem
from gui.canvas.layout import Box
from gui.canvas.picture import Picture
from gui.style.theme import Palette, reduced_motion, theme
from gui.widgets.painting import rounded

FIRST, NEXT = 11.0, 9.0  # distance of a layer's brackets from its units
LABEL = 44.0  # the room for the word next to a bracket
PULSES, PULSE_MS, SHOWN_MS = 3, 700, 4000


def draw_mark(painter: QPainter, palette: Palette, at: QPointF, r: float) -> None:
    """The sign of a unit with which something is wrong."""
    painter.setPen(QPen(palette.canvas, 1.4))
    painter.setBrush(palette.warning)
    painter.drawEllipse(at, r, r)
    painter.setPen(QPen(palette.canvas, r * 0.3))
    painter.drawLine(at - QPointF(0, r * 0.55), at + QPointF(0, r * 0.1))
    painter.drawLine(at + QPointF(0, r * 0.5), at + QPointF(0, r * 0.52))


class TwinsItem(LayerItem):
    """A bracket for each group of twins in a layer."""

    def __init__(self, picture: Picture, layer: int, column: QGraphicsItem) -> None:
        super().__init__(picture, layer, column)
        self._shown = picture.remarks.twins.get(layer, ())

    def follow(self) -> None:
        """Join those that are twins now."""
        shown = self.picture.remarks.twins.get(self.layer, ())
        if shown != self._shown:
            self._shown = shown
            self.resize()
            self.update()

    def bounds(self) -> QRectF:
        boxes = self.column.boxes
        if not self._shown:
            return QRectF()
        wide = FIRST + NEXT * len(self._shown) + LABEL
        first, last = boxes[0], boxes[-1]
        return QRectF(first.right, first.y, wide, last.bottom - first.y)

    def draw(self, painter: QPainter, palette: Palette) -> None:
        drawn = dict(zip(self.column.units, self.column.boxes, strict=True))
        for place, group in enumerate(self._shown):
            boxes = [drawn[unit] for unit in group if unit in drawn]
            if len(boxes) > 1:
                self._draw_bracket(painter, palette, boxes, FIRST + NEXT * place)

    def _draw_bracket(
        self, painter: QPainter, palette: Palette, boxes: Sequence[Box], beside: float
    ) -> None:
        left, x = boxes[0].right + 3, boxes[0].right + beside
        heights = [box.centre[1] for box in boxes]
        path = QPainterPath(QPointF(left, heights[0]))
        path.lineTo(x, heights[0])
        path.lineTo(x, heights[-1])
        path.lineTo(left, heights[-1])
        for y in heights[1:-1]:
            path.moveTo(left, y)
            path.lineTo(x, y)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((palette.canvas, 5.0), (palette.warning, 2.0)):
            painter.setPen(QPen(colour, width, j=Qt.PenJoinStyle.RoundJoin))
            painter.drawPath(path)
        painter.setFont(ui_font(11))
        word = QRectF(x + 3, (heights[0] + heights[1]) / 2 - 8, LABEL - 6, 16)
        rounded(painter, word, 4, palette.canvas)
        painter.setPen(palette.warning)
        painter.drawText(word, CENTRE, "twins")


class PointerItem(QGraphicsItem):
    """Pulsing frames around units to look at; they disappear after a while."""

    def __init__(self, boxes: Sequence[QRectF]) -> None:
        super().__init__()
        self._boxes = [box.adjusted(-7, -7, 7, 7) for box in boxes]
        self.setZValue(6)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def boundingRect(self) -> QRectF:
        whole = QRectF()
        for box in self._boxes:
            whole |= box
        return whole.adjusted(-4, -4, 4, 4)

    def paint(self, painter: QPainter, *_: object) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for box in self._boxes:
            rounded(painter, box, 11, None, theme().palette.warning, 3.0)


def pulse(parent: QObject) -> QVariantAnimation:
    """An opacity that goes down and up a few times, then stays up for a while."""
    motion = QVariantAnimation(parent)
    motion.setDuration(SHOWN_MS)
    motion.setStartValue(1.0)
    motion.setEndValue(1.0)
    if not reduced_motion():
        for i in range(PULSES):
            motion.setKeyValueAt((i + 0.5) * PULSE_MS / SHOWN_MS, 0.15)
            motion.setKeyValueAt((i + 1.0) * PULSE_MS / SHOWN_MS, 1.0)
    return motion
