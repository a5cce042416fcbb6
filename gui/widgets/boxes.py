"""Combo and spin boxes that ignore the wheel, so that it scrolls the page."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QSpinBox, QWidget

from gui.style.theme import sized


class ChoiceBox(QComboBox):
    """A list of choices that opens; the wheel over it, closed, chooses nothing."""

    def fill(self, choices: Mapping[str, str], name: str) -> None:
        """Set the choices, value → words; `name` is for screen readers."""
        self.setAccessibleName(name)
        for value, words in choices.items():
            self.addItem(words, value)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class CountBox(QSpinBox):
    """A whole number with two arrows; the wheel over it changes nothing."""

    def __init__(self, parent: QWidget | None = None, **properties: Any) -> None:
        super().__init__(parent, **properties)
        # WORKAROUND for Qt: its line edit takes no padding from the style sheet.
        sized(self.lineEdit(), "setTextMargins", 7, 0, 0, 0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


def choice_box(choices: Mapping[str, str], name: str) -> ChoiceBox:
    """A box of these choices, value → words."""
    box = ChoiceBox()
    box.fill(choices, name)
    return box
