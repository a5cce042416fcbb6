"""Names and numbers in two columns, selectable and readable by screen readers."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from gui.style.theme import BODY
from gui.widgets import labels

_SELECTABLE = (
    Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
)


class NumberRows(QWidget):
    """A row for each of `names` (key → text), with `columns` pairs side by side."""

    def __init__(self, names: Mapping[str, str], columns: int = 1) -> None:
        super().__init__()
        self._names = {key: labels.label(words, BODY, tone="muted") for key, words in names.items()}
        self._values = {key: _value() for key in names}
        lines = QGridLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setHorizontalSpacing(10)
        lines.setVerticalSpacing(2)
        for place, key in enumerate(names):
            row, column = place // columns, 2 * (place % columns)
            lines.addWidget(self._names[key], row, column)
            lines.addWidget(self._values[key], row, column + 1)
            lines.setColumnStretch(column + 1, 1)

    def show_number(self, key: str, words: str, tone: str = "") -> None:
        """Write a number, in a colour of the theme."""
        value, name = self._values[key], self._names[key]
        value.setText(words)
        labels.set_tone(value, tone)
        value.setAccessibleName(f"{name.text()} {words}")

    def rename(self, key: str, words: str) -> None:
        """Call a number otherwise."""
        self._names[key].setText(words)

    def show_row(self, key: str, on: bool) -> None:
        """Show a number, or leave it out."""
        for part in (self._names[key], self._values[key]):
            part.setVisible(on)

    def number(self, key: str) -> str:
        """The text of a number."""
        return self._values[key].text()


def _value() -> QLabel:
    made = labels.label("", BODY, QFont.Weight.DemiBold)
    made.setTextInteractionFlags(_SELECTABLE)
    return made
