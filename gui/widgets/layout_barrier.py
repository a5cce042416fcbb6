"""Stops layout requests of frequently changing content, unless its minimum size changes."""

from __future__ import annotations

from PySide6.QtCore import QChildEvent, QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget, QWidgetItem


class LayoutBarrier(QWidget):
    """Is filled by its content, and tells those around it of nothing but another least size.

    In a layout every new text of a label climbs from parent to parent, up to the window, which
    lays out all its docks again. A content that is deleted, or given away, leaves it empty.

    A new parent costs the time of all descendants, each of which takes its style sheet: with a
    `parent` the content is moved once.
    """

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        content.setParent(self)
        self._item: QWidgetItem | None = QWidgetItem(content)
        self._least = self._item.minimumSize()
        self.setSizePolicy(content.sizePolicy())

    def sizeHint(self) -> QSize:
        return QSize(0, 0) if self._item is None else self._item.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0) if self._item is None else self._item.minimumSize()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            least = self.minimumSizeHint()
            if least != self._least:
                self._least = least
                self.updateGeometry()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self._item is not None:
            self._item.setGeometry(self.rect())

    def childEvent(self, event: QChildEvent) -> None:
        if event.removed():
            self._item = None  # it still points to the deleted widget
        super().childEvent(event)
