"""Dims the window except the lesson and the highlighted and allowed parts, and covers those that a
question is about; mouse events pass.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QWidget

from gui.style.theme import theme, ui_font
from gui.widgets.painting import rounded, smooth

DIMMED = 0.55  # strength of the dimming
ROUND, RING, AIR = 8.0, 2.0, 3  # px
LARGE = 20  # px, of the question mark over a covered part


class Spotlight(QWidget):
    """Covers the window; rectangles are in pixels of the screen."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.pointed: tuple[QRect, ...] = ()
        self._open: tuple[QRect, ...] = ()
        self.covered: tuple[QRect, ...] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        window.installEventFilter(self)
        theme().changed.connect(self.update)
        self.hide()

    def light(
        self, pointed: Sequence[QRect], unlocked: Sequence[QRect], covered: Sequence[QRect]
    ) -> None:
        """Light these rectangles, the first ones with a ring; without any of the first, dim
        nothing. What is covered cannot be seen.
        """
        before = self.pointed, self._open, self.covered
        self.pointed = tuple(map(self._here, pointed))
        self._open = tuple(map(self._here, unlocked))
        self.covered = tuple(map(self._here, covered))
        seen = bool(self.pointed or self.covered)
        if before != (self.pointed, self._open, self.covered) or self.isHidden() == seen:
            self.setVisible(seen)
            self._cover()
            self.update()
        elif self.isVisible():
            self.raise_()  # above a panel that was raised since

    def _here(self, place: QRect) -> QRect:
        return QRect(place.topLeft() - self._window.mapToGlobal(QPoint(0, 0)), place.size())

    def _cover(self) -> None:
        self.setGeometry(self._window.rect())
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._cover()
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        with smooth(self) as painter:
            for place in self.covered:
                self._paint_cover(painter, QRectF(place))
            if self.pointed:
                self._paint_light(painter)

    def _paint_cover(self, painter: QPainter, place: QRectF) -> None:
        palette = theme().palette
        rounded(painter, place, ROUND, palette.raised, palette.border)
        painter.setPen(palette.muted)
        painter.setFont(ui_font(LARGE, QFont.Weight.DemiBold))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, "?")

    def _paint_light(self, painter: QPainter) -> None:
        palette = theme().palette
        veil = QColor(palette.window)
        veil.setAlphaF(1 - DIMMED)
        whole, lit = QPainterPath(), QPainterPath()
        whole.addRect(QRectF(self.rect()))
        for place in (*self.pointed, *self._open):
            hole = QPainterPath()
            hole.addRoundedRect(QRectF(place).adjusted(-AIR, -AIR, AIR, AIR), ROUND, ROUND)
            lit = lit.united(hole)
        painter.fillPath(whole.subtracted(lit), veil)
        for place in self.pointed:
            ring = QRectF(place).adjusted(-AIR, -AIR, AIR, AIR)
            rounded(painter, ring, ROUND, None, palette.accent, RING)
