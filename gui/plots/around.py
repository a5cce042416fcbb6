"""Widgets around plots: switches in headers, and the text of an empty plot."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QCheckBox, QStackedWidget, QWidget

from gui.style.theme import CAPTION, dress, ui_font
from gui.widgets import labels


def switch(label: str, tip: str, on_toggled: Callable[[], None]) -> QCheckBox:
    """A small check box with its label on the left, as the headers of plots have.

    `on_toggled` is called after every change of it, by the user or not.
    """
    box = QCheckBox(label)
    box.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    box.setProperty("tone", "muted")
    dress(box, ui_font, CAPTION)
    box.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves Space to the canvas
    box.setToolTip(tip)
    box.setAccessibleDescription(tip)
    box.toggled.connect(lambda _on: on_toggled())
    return box


class PlotOrSentence(QStackedWidget):
    """A plot or, if there is nothing to draw, a sentence in its place."""

    def __init__(self, view: QWidget) -> None:
        super().__init__()
        self._sentence = labels.caption("", wrap=True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sentence.setMinimumSize(QSize(80, 48))
        self.addWidget(view)
        self.addWidget(self._sentence)

    @property
    def sentence(self) -> str:
        """The sentence shown; empty while the plot is."""
        return self._sentence.text()

    def say(self, sentence: str) -> None:
        """Show this sentence, or the plot if it is empty."""
        if sentence != self._sentence.text():
            self._sentence.setText(sentence)
            self.setCurrentIndex(1 if sentence else 0)
