"""A line edit that commits its text on Enter or when it loses focus."""

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QWheelEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from gui.widgets.tooltips import show_tip

_STEPS = {
    Qt.Key.Key_Up: 1,
    Qt.Key.Key_Down: -1,
    Qt.Key.Key_PageUp: 10,
    Qt.Key.Key_PageDown: -10,
}


class CommitEdit(QLineEdit):
    """Commits on Enter and focus out, steps on arrows and (when focused) the wheel, reverts on Esc.

    With nothing typed, Undo, Redo and Space (play) are left to the window: the field is a view of
    the document. `complain` marks what cannot be taken.
    """

    committed = Signal(str)
    stepped = Signal(int)
    reverted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = self._tip = ""
        self._wheel = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # not by the wheel
        self.returnPressed.connect(self.commit)

    def show_text(self, text: str) -> None:
        """Show the current value, dropping anything typed."""
        self._shown = text
        if self.text() != text:
            self.setText(text)
        if self.hasFocus():
            self.selectAll()

    def commit(self) -> None:
        """Emit the typed text, if any."""
        if self.text() != self._shown:
            self.committed.emit(self.text())

    def set_tip(self, tip: str) -> None:
        """Set the tooltip shown while nothing is wrong."""
        self._tip = tip
        if not self.property("invalid"):
            self.setToolTip(tip)

    def complain(self, sentence: str) -> None:
        """Mark the typed text as wrong and say why, next to it; an empty sentence
        clears the mark.
        """
        if bool(self.property("invalid")) != bool(sentence):
            if sentence:
                self._tip = self.toolTip()
            self.setToolTip(self._tip)
            self.setProperty("invalid", bool(sentence))
            self.style().unpolish(self)
            self.style().polish(self)
        if sentence:
            self.setToolTip(sentence)
        self.setAccessibleDescription(sentence)
        if sentence and self.isVisible():
            show_tip(self.mapToGlobal(QPoint(0, self.height())), sentence, self)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and self.text() == self._shown:
            assert isinstance(event, QKeyEvent)
            undo, redo = QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo
            if event.matches(undo) or event.matches(redo):
                return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None:
            self.commit()
            self.stepped.emit(step)
        elif event.key() == Qt.Key.Key_Escape and self.text() != self._shown:
            self.show_text(self._shown)
            self.reverted.emit()
        elif event.key() == Qt.Key.Key_Space and self.text() == self._shown:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self.hasFocus():
            event.ignore()
            return
        self._wheel += event.angleDelta().y()
        steps = int(self._wheel / 120)  # touch pads send less than a notch at a time
        self._wheel -= 120 * steps
        if steps:
            self.commit()
            self.stepped.emit(steps)
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._wheel = 0

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.commit()
