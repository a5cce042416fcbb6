"""The strip shown while viewing an earlier iteration: continue from there or return."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QWidget

from gui.widgets.buttons import button
from gui.widgets.rows import in_row


class PastStrip(QWidget):
    """Continue from here, and Now; visible during a visit. Afterwards it stays, disabled, until the
    mouse has left it, so that no click hits its replacement.
    """

    continued = Signal()
    left = Signal()
    released = Signal()  # the mouse has left it

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.go_on = button(self.tr("Continue from here"), "link")
        self.go_on.setToolTip(
            self.tr("Start a new run from this iteration with the current settings")
        )
        self.back = button(self.tr("Now"), "link")
        self.back.setToolTip(self.tr("Back to the latest iteration (End on the timeline)"))
        self.go_on.clicked.connect(self.continued)
        self.back.clicked.connect(self.left)
        in_row(self.go_on, self.back, on=self, margins=0, spacing=8)
        self.hide()

    @property
    def held(self) -> bool:
        """Whether it is visible and the mouse is on it."""
        return self.isVisible() and self.underMouse()

    def show_past(self, past: bool) -> None:
        """Say whether an earlier iteration is shown, which its buttons need."""
        for part in (self.go_on, self.back):
            part.setEnabled(past)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.released.emit()
