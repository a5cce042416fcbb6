"""A line of text that ends in an ellipsis if too long, with the full text as tooltip."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from gui.style import text
from gui.style.theme import dress, ui_font

_LEAST = 24


class Elided(QLabel):
    """A plain-text label that accepts any width and prefers the width of its text.

    With `short` words it is as wide as these, which it shows where the others have no room.
    """

    def __init__(self, tone: str = "muted", size: int | None = None) -> None:
        super().__init__()
        if size is not None:
            dress(self, ui_font, size)
        self._short = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("tone", tone)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def show_words(self, words: str, short: str = "") -> None:
        """Show other words."""
        if (words, short) != (self.text(), self._short):
            self._short = short
            self.setText(words)
            self.updateGeometry()
            self.setToolTip(text.tip(words))

    def sizeHint(self) -> QSize:
        return super().sizeHint() + QSize(2, 0)  # of words a fraction of a pixel wider

    def minimumSizeHint(self) -> QSize:
        least = self.fontMetrics().horizontalAdvance(self._short) + 2 if self._short else _LEAST
        return QSize(least, super().minimumSizeHint().height())

    @property
    def shown(self) -> str:
        """The words that fit."""
        room, metrics = self.contentsRect().width(), self.fontMetrics()
        fits = metrics.horizontalAdvance(self.text()) <= room
        words = self.text() if fits or not self._short else self._short
        return metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            room = self.contentsRect()
            painter.setPen(self.palette().color(self.foregroundRole()))
            painter.drawText(
                room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), self.shown
            )
