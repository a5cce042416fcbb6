"""One quiet line on the canvas that offers the first lesson, until it is taken or closed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.style.theme import px, theme
from gui.widgets.buttons import button, icon_button
from gui.widgets.painting import rounded, smooth

ABOVE = 124  # px from the bottom: what is written there are equations and what can be added
SIDE = 12


class Invitation(QWidget):
    """Lies at the lower left of the canvas, where no unit is."""

    taken = Signal()
    closed = Signal()

    def __init__(self, words: str, canvas: QWidget) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 2, 4, 2)
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
        self.adjustSize()
        room = self._canvas.width() - 2 * px(SIDE)
        self.setVisible(self.width() <= room)
        self.move(px(SIDE), self._canvas.height() - px(ABOVE) - self.height())
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette = theme().palette
        with smooth(self) as painter:
            box = QRectF(self.rect())
            rounded(painter, box, box.height() / 2, palette.surface, palette.border)
