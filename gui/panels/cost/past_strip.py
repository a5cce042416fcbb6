"""What leads on from an earlier iteration that is seen, or back to now."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.widgets.buttons import button


class PastStrip(QWidget):
    """Continue from here, and Now; seen while an earlier iteration is."""

    continued = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.go_on = button(self.tr("Continue from here"), "link")
        self.go_on.setToolTip(
            self.tr("Start a new run from this iteration, under the settings of now")
        )
        self.back = button(self.tr("Now"), "link")
        self.back.setToolTip(self.tr("Back to where the run is (End on the timeline)"))
        self.go_on.clicked.connect(self.continued)
        self.back.clicked.connect(self.left)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for part in (self.go_on, self.back):
            row.addWidget(part)
        self.hide()
