"""A message at the foot of a panel about something that could not be computed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from gui.style.theme import CAPTION, ui_font


class Trouble(QLabel):
    """Covers the panel's foot while there is a message."""

    def __init__(self, panel: QWidget) -> None:
        super().__init__(panel)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setFont(ui_font(CAPTION))
        self.setMargin(6)
        self.setAutoFillBackground(True)
        self.setProperty("tone", "error")
        self.hide()

    def say(self, sentence: str) -> None:
        """Show this message; an empty one hides it."""
        if sentence != self.text():
            self.setText(sentence)
            self.setAccessibleName(sentence)
            self.setVisible(bool(sentence))
            self.place()

    def place(self) -> None:
        """Cover the foot of the panel, as high as the sentence needs."""
        panel = self.parentWidget()
        if self.text() and panel is not None:
            high = self.heightForWidth(panel.width())
            self.setGeometry(0, panel.height() - high, panel.width(), high)
            self.raise_()
