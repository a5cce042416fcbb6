"""A picture next to its column; a pixel and its row highlight each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QKeyEvent, QPainter, QPen

from core.labs.pictures import (
    IN_MEMORY,
    AxisOrder,
    Floats,
    PixelPlace,
    as_bytes,
    column_of,
    full_colour,
    place_of,
    row_of,
)
from gui.labs.sheet import LabSheet
from gui.style import text
from gui.style.theme import CAPTION, mono_font, px, theme
from gui.widgets.picture_view import rgb_image

STRIP, BESIDE = 44.0, 92.0  # px: the column, and the room for its numbers
GAP, OVER = 18.0, 20.0  # px between two channels, above each for its name
LEGIBLE = 20.0  # px of a pixel from which on its number is written
LEAST = 3.0  # px of a highlighted row
RULES = 8.0  # px of a row from which on lines are drawn between rows
_CENTRE = Qt.AlignmentFlag.AlignCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_MOVES = {
    int(Qt.Key.Key_Left): (0, -1, 0),
    int(Qt.Key.Key_Right): (0, 1, 0),
    int(Qt.Key.Key_Up): (-1, 0, 0),
    int(Qt.Key.Key_Down): (1, 0, 0),
    int(Qt.Key.Key_PageUp): (0, 0, -1),
    int(Qt.Key.Key_PageDown): (0, 0, 1),
}


@dataclass(frozen=True, slots=True)
class ChannelPicture:
    """The rectangle of some channels of the picture, drawn in colour if there are several."""

    channels: tuple[int, ...]
    place: QRectF


class PicturePlot(LabSheet):
    """Emits `moved` with the row of the column, from 0, under the mouse or chosen by keys."""

    moved = Signal(object)  # int

    def __init__(self) -> None:
        self._picture: Floats = np.zeros((1, 1, 1))
        self._column: Floats = np.zeros((1, 1))
        self._order = IN_MEMORY
        self._most, self._row = 1.0, 0
        self._panels: tuple[ChannelPicture, ...] = ()
        self._strip = QRectF()
        super().__init__(self.tr("Picture and column"))
        self.hovered.connect(self._on_hovered)
        self.numbers = lambda: {"column": self._column[:, 0]}

    def show_picture(self, picture: Floats, order: AxisOrder, row: int) -> None:
        """Draw a picture (height, width, channels) and its column in this order; light a row."""
        self._picture, self._order, self._row = picture, order, row
        self._most = full_colour(picture)
        self._column = column_of(picture, order)
        self.lay_out()
        self.refresh()

    @property
    def row(self) -> int:
        """The highlighted row of the column, from 0."""
        return self._row

    def point_of(self, place: PixelPlace) -> QPointF:
        """The screen pixel of a number of the picture."""
        panel = next(each for each in self._panels if place[2] in each.channels)
        return self.seen(self._cell(panel, place[0], place[1])).center()

    def point_of_row(self, row: int) -> QPointF:
        """The screen pixel of a row of the column."""
        return self.seen(self._row_rect(row)).center()

    # --- positions ------------------------------------------------------------------------

    def lay_out(self) -> None:
        height, width, channels = self._picture.shape
        room = self.room_to_draw()
        sets = [(c,) for c in range(channels)] if channels == 2 else [tuple(range(channels))]
        over = px(OVER)
        wide = room.width() - px(STRIP) - px(BESIDE) - px(GAP) * len(sets)
        cell = max(min(wide / (width * len(sets)), (room.height() - over) / height), 0.5)
        side = cell * width, cell * height
        top = over + (room.height() - over - side[1]) / 2
        whole = len(sets) * side[0] + (len(sets) - 1) * px(GAP)
        left = max(0.0, (wide + px(GAP) * (len(sets) - 1) - whole) / 2)
        self._panels = tuple(
            ChannelPicture(some, QRectF(left + i * (side[0] + px(GAP)), top, *side))
            for i, some in enumerate(sets)
        )
        x = room.width() - px(STRIP) - px(BESIDE)
        self._strip = QRectF(x, over, px(STRIP), max(room.height() - over - 4, 1.0))

    def _cell(self, panel: ChannelPicture, row: int, column: int) -> QRectF:
        height, width, _ = self._picture.shape
        wide, high = panel.place.width() / width, panel.place.height() / height
        return QRectF(
            panel.place.left() + column * wide, panel.place.top() + row * high, wide, high
        )

    def _row_rect(self, row: int) -> QRectF:
        high = self._strip.height() / len(self._column)
        return QRectF(self._strip.left(), self._strip.top() + row * high, px(STRIP), high)

    # --- painting --------------------------------------------------------------------------------

    def draw(self, painter: QPainter) -> None:
        for panel in self._panels:
            self._draw_panel(painter, panel)
        self._draw_strip(painter)
        self._draw_lit(painter)

    def _draw_panel(self, painter: QPainter, panel: ChannelPicture) -> None:
        palette, place = theme().palette, self.seen(panel.place)
        one = len(panel.channels) == 1
        shown = self._picture[:, :, list(panel.channels)]
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(place, rgb_image(as_bytes(shown, self._most)))
        painter.setPen(QPen(palette.border, 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(place)
        painter.setFont(mono_font(CAPTION))
        if len(self._panels) > 1:
            painter.setPen(palette.muted)
            over = QRectF(place.left(), place.top() - px(OVER), place.width(), px(OVER))
            painter.drawText(over, _CENTRE, f"channel {panel.channels[0] + 1}")
        height, width, _ = shown.shape
        if one and place.width() / width >= LEGIBLE:
            for row in range(height):
                for column in range(width):
                    value = shown[row, column, 0]
                    dark = value / self._most < 0.5
                    painter.setPen(QColor("white") if dark else QColor("black"))
                    cell = self.seen(self._cell(panel, row, column))
                    painter.drawText(cell, _CENTRE, text.plain(float(value), 2))

    def _draw_strip(self, painter: QPainter) -> None:
        """The column, each number grey, or of a picture in colours in its channel's colour."""
        palette, place = theme().palette, self.seen(self._strip)
        grey = as_bytes(self._column[:, :, np.newaxis], self._most)
        if self._picture.shape[2] == 3:
            rows = np.arange(len(self._column))
            channel = _channels(rows, self._picture.shape, self._order)
            mask = np.zeros((len(rows), 1, 3), np.uint8)
            mask[rows, 0, channel] = 1
            grey = grey * mask
        image: QImage = rgb_image(grey)
        painter.drawImage(place, image)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        high = place.height() / len(self._column)
        if high >= RULES:
            painter.setPen(QPen(palette.border, 1.0))
            for row in range(1, len(self._column)):
                y = place.top() + row * high
                painter.drawLine(QPointF(place.left(), y), QPointF(place.right(), y))
        painter.setPen(QPen(palette.border, 1.0))
        painter.drawRect(place)
        painter.setFont(mono_font(CAPTION))
        painter.setPen(palette.muted)
        over = QRectF(place.left() - 40, place.top() - px(OVER), place.width() + 80, px(OVER))
        painter.drawText(over, _CENTRE, text.shape(self._column.shape))

    def _draw_lit(self, painter: QPainter) -> None:
        """The highlighted row, its pixel, a line from one to the other, and the number."""
        palette = theme().palette
        y, x, c = place_of(self._row, self._shape, self._order)
        panel = next(each for each in self._panels if c in each.channels)
        cell, row = self.seen(self._cell(panel, y, x)), self.seen(self._row_rect(self._row))
        grown = max(0.0, (LEAST - row.height()) / 2)
        row = row.adjusted(-2, -grown, 2, grown)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for ink, width in ((palette.surface, 4.0), (palette.accent, 2.0)):
            painter.setPen(QPen(ink, width))
            painter.drawRect(cell)
            painter.drawRect(row)
        painter.setPen(QPen(palette.accent, 1.2))
        start = QPointF(cell.right(), cell.center().y())
        painter.drawLine(start, QPointF(row.left(), row.center().y()))
        metrics = QFontMetricsF(mono_font(CAPTION))
        painter.setFont(mono_font(CAPTION))
        painter.setPen(palette.text)
        high = metrics.height()
        strip = self.seen(self._strip)
        level = min(max(row.center().y(), strip.top() + high), strip.bottom() - high)
        beside = QRectF(row.right() + 6, level - high, px(BESIDE), high)
        painter.drawText(beside, _LEFT, f"row {self._row + 1:,}")
        painter.drawText(beside.translated(0, high), _LEFT, _short(self._column[self._row, 0]))

    # --- mouse and keys --------------------------------------------------------------------------

    @property
    def _shape(self) -> PixelPlace:
        height, width, channels = self._picture.shape
        return height, width, channels

    def _on_hovered(self, at: QPointF | None) -> None:
        if at is None:
            return
        place = self.place_of(at)
        if self._strip.contains(place):
            share = (place.y() - self._strip.top()) / self._strip.height()
            self._go(min(int(share * len(self._column)), len(self._column) - 1))
            return
        height, width, _ = self._shape
        for panel in self._panels:
            if panel.place.contains(place):
                inside = place - panel.place.topLeft()
                x = min(int(inside.x() / panel.place.width() * width), width - 1)
                y = min(int(inside.y() / panel.place.height() * height), height - 1)
                self._go(row_of((y, x, panel.channels[0]), self._shape, self._order))

    def _go(self, row: int) -> None:
        if row != self._row:
            self._row = row
            self.refresh()
            self.moved.emit(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        move = _MOVES.get(event.key())
        if move is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
            return
        here = place_of(self._row, self._shape, self._order)
        y, x, c = (
            min(max(at + by, 0), size - 1)
            for at, by, size in zip(here, move, self._shape, strict=True)
        )
        self._go(row_of((y, x, c), self._shape, self._order))


def _channels(rows: np.ndarray, shape: tuple[int, ...], order: AxisOrder) -> np.ndarray:
    """The channel of each of some rows of the column."""
    sizes = [shape[axis] for axis in order]
    return np.asarray(np.unravel_index(rows, sizes)[order.index(2)])


def _short(value: float) -> str:
    return text.plain(float(value), 3)
