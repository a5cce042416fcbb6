"""The field for a layer's number of units, opened on the canvas."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QWidget

from core.project import MAX_UNITS
from gui.style.theme import BODY, dress, theme, ui_font
from gui.widgets.commit_edit import CommitEdit
from gui.widgets.painting import rounded, smooth


class UnitsEdit(CommitEdit):
    """Enter or losing focus accepts the text (`committed`), Esc drops it; each closes the field."""

    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.layer = 0
        self.setProperty("variant", "bare")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        dress(self, ui_font, BODY, QFont.Weight.DemiBold)
        self.setMaxLength(len(str(MAX_UNITS)) + 1)
        self.hide()

    def open_over(self, layer: int, units: int, box: QRect, typed: str = "") -> None:
        """Edit the units of a layer over `box` of the parent, starting with this text."""
        self.layer = layer
        self.setAccessibleName(self.tr("Units of layer {layer}").format(layer=layer))
        middle = box.center()
        wide = max(box.width() + 10, 48)
        self.setGeometry(middle.x() - wide // 2 + 1, middle.y() - 13, wide, 26)
        self.show_text(str(units))
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.selectAll()
        if typed:
            self.setText(typed)

    def abandon(self) -> None:
        """Close and drop the text."""
        self.show_text(self.text())
        self._close()

    def _close(self) -> None:
        if self.isVisible():
            self.hide()
            self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.show_text(self._shown)
            self._close()
            return
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._shown = self.text()  # taken: leaving must not take it again
            self._close()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._shown = self.text()
        self._close()

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = theme().palette
        with smooth(self) as painter:
            rounded(painter, QRectF(self.rect()), 7, palette.surface, palette.accent, 1.6)
        super().paintEvent(event)
