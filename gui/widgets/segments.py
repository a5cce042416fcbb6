"""A segmented control: a few words side by side, one of them selected."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QAction, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from gui.style.theme import theme
from gui.widgets.painting import rounded, smooth


class Segments(QWidget):
    """A button for each of some exclusive actions."""

    def __init__(
        self, actions: Iterable[QAction], name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 3, 10, 3)
        row.setSpacing(0)
        self.buttons: list[QToolButton] = []
        for action in actions:
            button = QToolButton()
            button.setDefaultAction(action)
            button.setProperty("variant", "segments")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setAccessibleName(action.text())
            row.addWidget(button)
            self.buttons.append(button)
        theme().changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette, inner = theme().palette, QRectF(self.contentsRect()).adjusted(8, 2, -10, -2)
        with smooth(self) as painter:
            rounded(painter, inner, inner.height() / 2, palette.border)
