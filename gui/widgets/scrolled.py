"""A vertical scroll area that shows the background behind it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


class Scrolled(QScrollArea):
    """Gives its content the full width, and emits every new size.

    It is at least as wide as the content needs, and with a `lowest` (px) at least as high too, but
    prefers no more height than that. Keys go to the content.
    """

    resized = Signal()

    def __init__(self, content: QWidget | None = None, lowest: int | None = None) -> None:
        super().__init__()
        self._content, self._lowest = QWidget() if content is None else content, lowest
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.verticalScrollBar().rangeChanged.connect(lambda *_: self.updateGeometry())
        self.fill(self._content)

    def fill(self, content: QWidget) -> None:
        """Show this content, instead of another if there was one."""
        self._content = content
        self.setWidget(content)
        for sheet in (content, self.viewport()):
            sheet.setAutoFillBackground(False)  # the background shows through

    def show_part(self, part: QWidget) -> None:
        """Scroll to something in the content."""
        if part is not self and self._content.isAncestorOf(part):
            self.ensureWidgetVisible(part, 0, 12)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()  # the content needs more, or less
        return super().viewportEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def minimumSizeHint(self) -> QSize:
        least, bar = self._content.minimumSizeHint(), self.verticalScrollBar()
        beside = bar.sizeHint().width() if bar.maximum() > 0 else 0
        lowest = super().minimumSizeHint().height() if self._lowest is None else self._lowest
        return QSize(least.width() + beside, min(least.height(), lowest))

    def sizeHint(self) -> QSize:
        return super().sizeHint() if self._lowest is None else self._content.sizeHint()
