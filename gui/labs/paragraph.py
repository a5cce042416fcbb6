"""A wrapped, selectable sentence in a lab."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy

from gui.style.theme import BODY
from gui.widgets import labels


def paragraph(said: str = "", tone: str = "") -> QLabel:
    """A label that is as wide as there is room and as high as its words need."""
    made = labels.label(said, BODY, tone=tone, wrap=True)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    return made
