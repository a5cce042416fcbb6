"""A popup under a button of the run bar, closed by a click elsewhere."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from core.settings import SETTINGS
from gui.style.theme import BODY, theme
from gui.widgets import labels
from gui.widgets.floating import place_near
from gui.widgets.painting import rounded, smooth
from gui.widgets.rows import in_column, in_row


class Popup(QWidget):
    """`body` is its layout, under a title; it stays fully on the screen, also when it grows."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self._button: QWidget | None = None
        self.body = in_column(labels.title(title), on=self, margins=(16, 14, 16, 14), spacing=6)

    def add_row(self, caption: str, field: QWidget, tip: str = "") -> QWidget:
        """Put a field in, with its caption at the left; returns the caption."""
        name = labels.label(caption, BODY, tone="muted")
        row = in_row(name, None, field)
        self.body.addLayout(row)
        for part in (name, field):
            part.setToolTip(tip or part.toolTip())
        return name

    def add_setting(self, path: str, field: QWidget, caption: str = "") -> QWidget:
        """Add the field of a setting, under its name or a shorter one; returns the caption."""
        row = SETTINGS[path]
        return self.add_row(caption or row.title, field, row.tip)

    def open_under(self, button: QWidget) -> None:
        """Open below the button."""
        self.adjustSize()
        self._button = button
        place_near(self, button)
        self.show()

    def show_part(self, part: QWidget) -> None:
        """Open for a control that is in it."""
        opener = self.parentWidget()
        if not self.isVisible() and opener is not None:
            self.open_under(opener)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._button is not None:
            place_near(self, self._button)

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette = theme().palette
        with smooth(self) as painter:
            painter.fillRect(self.rect(), palette.surface)
            rounded(painter, self.rect().toRectF(), 0, palette.surface, palette.border)
