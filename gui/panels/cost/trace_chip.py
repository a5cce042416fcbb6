"""The legend of a parameter's curve in the cost plot: line, name and close button."""

from __future__ import annotations

from PySide6.QtCore import QLineF, Signal
from PySide6.QtGui import QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gui.style.theme import CAPTION, dress, math_font, sized, theme
from gui.widgets import labels
from gui.widgets.buttons import icon_button
from gui.widgets.painting import smooth
from gui.widgets.rows import in_row

CROSS = 10  # px


class TraceChip(QWidget):
    """Hidden until `say`; emits `closed` when the cross is pressed."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = labels.label("", CAPTION)
        dress(self.name, math_font, 14)
        self.cross = icon_button("close", self.tr("Hide this curve"), "muted", CROSS)
        self.cross.clicked.connect(self.closed)
        in_row(_Swatch(self), self.name, self.cross, on=self, margins=0, spacing=4)
        self.hide()

    def say(self, name: str) -> None:
        """Show the name of the parameter."""
        if name != self.name.text():
            self.name.setText(name)
            self.setToolTip(self.tr("{} over the run (right axis)").format(name))
        self.show()


class _Swatch(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        sized(self, "setFixedSize", 14, 12)

    def paintEvent(self, _event: QPaintEvent) -> None:
        with smooth(self) as painter:
            painter.setPen(QPen(theme().palette.forward, 2.0))
            painter.drawLine(QLineF(1, self.height() / 2, self.width() - 1, self.height() / 2))
