"""One quiet line on the canvas that offers the first lesson, until it is taken or closed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.style.theme import px, theme
from gui.widgets.buttons import button, icon_button

HEIGHT = 20  # px: the strip above the heads of the layers


class Invitation(QWidget):
    """Lies in the strip at the top of the canvas, where nothing of the network is."""

    taken = Signal()
    closed = Signal()

    def __init__(self, words: str, canvas: QWidget) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        self.take = button(words, "link", tip="Open the first lesson; your project is set aside")
        self.close_button = icon_button("close", "Do not offer this again", "muted", 12)
        row.addWidget(self.take)
        row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.take.clicked.connect(self.taken)
        self.close_button.clicked.connect(self.closed)
        canvas.installEventFilter(self)
        theme().changed.connect(self._place)
        self.show()
        self._place()

    def _place(self) -> None:
        size = QSize(self.sizeHint().width(), px(HEIGHT))
        self.setVisible(size.width() <= self._canvas.width())
        self.setGeometry(QRect(QPoint((self._canvas.width() - size.width()) // 2, 2), size))
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)
