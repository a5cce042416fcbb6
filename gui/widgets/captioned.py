"""A control with a small caption above it, as in the run bar."""

from PySide6.QtWidgets import QWidget

from gui.style.theme import sized
from gui.widgets import labels
from gui.widgets.painting import BOTTOM, TOP
from gui.widgets.rows import in_column


class Captioned(QWidget):
    """Puts `caption` over `control` and names the control after it for screen readers."""

    def __init__(self, caption: str, control: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.control = control
        self._caption = labels.caption(caption)
        self._caption.setBuddy(control)
        if not control.accessibleName():
            control.setAccessibleName(caption)
        sized(self._caption, "setContentsMargins", 8, 0, 8, 0)
        in_column(self._caption, (control, 1), on=self, margins=(0, TOP, 0, BOTTOM), spacing=0)

    @property
    def caption(self) -> str:
        """The caption over the control."""
        return self._caption.text()

    def set_caption(self, caption: str) -> None:
        """Change the caption over the control."""
        if caption != self._caption.text():
            self._caption.setText(caption)
            self.updateGeometry()  # now: Qt would do it only at the next layout
