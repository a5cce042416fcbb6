"""A line of text that ends in an ellipsis if too long, with the full text as tooltip."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from gui.style import text
from gui.style.theme import dress, ui_font

_LEAST = 24


class Elided(QLabel):
    """A plain-text label that accepts any width and prefers the width of its text."""

    def __init__(self, tone: str = "muted", size: int | None = None) -> None:
        super().__init__()
        if size is not None:
            dress(self, ui_font, size)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("tone", tone)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def show_words(self, words: str) -> None:
        """Show other words."""
        if words != self.text():
            self.setText(words)
            self.setToolTip(text.tip(words))

    def sizeHint(self) -> QSize:
        return super().sizeHint() + QSize(2, 0)  # of words a fraction of a pixel wider

    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            room = self.contentsRect()
            shown = self.fontMetrics().elidedText(
                self.text(), Qt.TextElideMode.ElideRight, room.width()
            )
            painter.setPen(self.palette().color(self.foregroundRole()))
            painter.drawText(
                room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown
            )
