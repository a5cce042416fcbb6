"""A field for a learner's answer: checked by its owner, marked right or left open."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.data.numbers import typed
from gui.style.theme import CAPTION, sized
from gui.widgets import labels
from gui.widgets.commit_edit import CommitEdit
from gui.widgets.rows import in_row

WHAT = "Type a number, such as 0.25 or -3."


class AnswerField(QWidget):
    """Emits `answered` with a number; a wrong one is kept, with a hint and never in red."""

    answered = Signal(float)
    refused = Signal(str)  # a sentence: the typed text is not a number

    def __init__(self, name: str, width: int = 76) -> None:
        super().__init__()
        self.edit = CommitEdit()
        self.edit.setAccessibleName(name)
        self.edit.setPlaceholderText("?")
        sized(self.edit, "setFixedWidth", width)
        self._mark = labels.label("", CAPTION, tone="muted")
        in_row(self.edit, self._mark, on=self, margins=0, spacing=6)
        self.setFocusProxy(self.edit)
        self.edit.committed.connect(self._take)

    def _take(self, words: str) -> None:
        if not words.strip():
            self.clear()
            return
        try:
            value = typed(words)
        except ValueError:
            self.refused.emit(WHAT)
            return
        self.edit.show_text(words)
        self.answered.emit(value)

    def show_answer(self, words: str, mark: str, *, right: bool) -> None:
        """Show an answer and the reply to it."""
        self.edit.show_text(words)
        self._mark.setText(mark)
        labels.set_tone(self._mark, "good" if right else "muted")
        self.edit.setAccessibleDescription(mark)

    def set_open(self, on: bool) -> None:
        """Make the field editable, or read-only."""
        self.edit.setEnabled(on)

    def clear(self) -> None:
        """Be empty: nothing is answered."""
        self.show_answer("", "", right=False)

    @property
    def mark(self) -> str:
        """The reply to the answer."""
        return self._mark.text()
