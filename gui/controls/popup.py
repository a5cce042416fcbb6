"""A small window that opens under a button of the run bar and closes by a click elsewhere."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui.style.theme import BODY, theme
from gui.widgets import labels
from gui.widgets.painting import rounded, smooth


class Popup(QWidget):
    """`body` is its layout, under a title."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(16, 14, 16, 14)
        self.body.setSpacing(6)
        self.body.addWidget(labels.title(title))

    def add_row(self, caption: str, field: QWidget, tip: str = "") -> QWidget:
        """Put a field in, with its caption at the left; returns the caption."""
        name = labels.label(caption, BODY, tone="muted")
        row = QHBoxLayout()
        row.addWidget(name)
        row.addStretch(1)
        row.addWidget(field)
        self.body.addLayout(row)
        for part in (name, field):
            part.setToolTip(tip or part.toolTip())
        return name

    def open_under(self, button: QWidget) -> None:
        """Open below the button."""
        self.adjustSize()
        self.move(button.mapToGlobal(QPoint(0, button.height() + 2)))
        self.show()

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette = theme().palette
        with smooth(self) as painter:
            painter.fillRect(self.rect(), palette.surface)
            rounded(painter, self.rect().toRectF(), 0, palette.surface, palette.border)
