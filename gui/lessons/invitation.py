"""The line above the network that offers the first lesson, until it is taken or closed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.style.theme import px
from gui.widgets.buttons import button, icon_button
from gui.widgets.rows import in_row

LOWEST = 330  # px of a network and this line: in less, the network needs all


class Invitation(QWidget):
    """A line above the canvas, which makes room for it, so that it covers nothing."""

    taken = Signal()
    closed = Signal()

    def __init__(self, words: str, canvas: QWidget) -> None:
        centre = canvas.parentWidget()
        super().__init__(centre)
        assert centre is not None
        self._centre = centre
        self.take = button(
            words, "link", tip=self.tr("Open the first lesson; your project is set aside")
        )
        self.close_button = icon_button("close", "Do not offer this again", "muted", 12)
        in_row(
            self.take,
            (self.close_button, 0, Qt.AlignmentFlag.AlignVCenter),
            on=self,
            margins=(0, 0, 0, 4),
            spacing=2,
        )
        self.take.clicked.connect(self.taken)
        self.close_button.clicked.connect(self.closed)
        layout = centre.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(0, self, 0, Qt.AlignmentFlag.AlignHCenter)
        self.setMinimumWidth(1)  # it hides instead of making the window wider
        centre.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            fits = self.sizeHint().width() <= self._centre.width()
            self.setVisible(fits and self._centre.height() >= px(LOWEST))
        return super().eventFilter(watched, event)
