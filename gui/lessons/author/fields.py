"""The fields of the lesson editor: edits are emitted at once, and updates keep the cursor."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from gui.style.theme import px


def line(name: str, tip: str, typed: Callable[[str], None]) -> QLineEdit:
    """A line that emits each change of its text by the user."""
    field = QLineEdit()
    field.setAccessibleName(name)
    field.setToolTip(tip)
    field.textEdited.connect(typed)
    return field


class Text(QPlainTextEdit):
    """Some lines of text; Tab leaves it."""

    def __init__(self, name: str, tip: str, high: int, typed: Callable[[str], None]) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setTabChangesFocus(True)
        self.setMinimumHeight(px(high))
        self._showing = False
        self.textChanged.connect(lambda: None if self._showing else typed(self.toPlainText()))

    def show_text(self, text: str) -> None:
        """Show this, unless it is there already."""
        if text != self.toPlainText():
            self._showing = True
            self.setPlainText(text)
            self._showing = False


def show_line(field: QLineEdit, text: str) -> None:
    """Show this in a line, unless it is there already."""
    if field.text() != text:
        field.setText(text)
        field.setCursorPosition(0)


def keys_of(text: str) -> tuple[str, ...]:
    """Keys of parts that were typed, apart by spaces or commas outside their brackets."""
    found, depth, word = [], 0, ""
    for sign in f"{text} ":
        depth += {"[": 1, "]": -1}.get(sign, 0)
        if sign in ", " and depth <= 0:
            found += [word] if word else []
            word, depth = "", 0
        else:
            word += sign
    return tuple(found)
