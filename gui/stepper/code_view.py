"""The iteration as NumPy code in the course's style: one line at a time, or all."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QPlainTextEdit,
    QSizePolicy,
    QTextEdit,
    QWidget,
)

from core.walk.steps import Step
from gui.style.theme import CAPTION, dress, mono_font, theme
from gui.widgets.buttons import icon_button
from gui.widgets.elided import Elided
from gui.widgets.rows import in_row

_HEADINGS = {
    "forward": "# forward",
    "cost": "# cost",
    "backward": "# backward",
    "update": "# update",
}


class CodeLine(QWidget):
    """One line of Python with a button that copies it; a long line ends in an ellipsis."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._code = ""
        self.label = Elided("forward")
        dress(self.label, mono_font, CAPTION + 1)
        self.copy_button = icon_button("copy", self.tr("Copy this line of Python"), size=14)
        self.copy_button.clicked.connect(self.copy)
        in_row(self.label, self.copy_button, on=self, margins=0, spacing=4)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @property
    def code(self) -> str:
        """The line shown."""
        return self._code

    def show_code(self, code: str) -> None:
        """Show another line."""
        self._code = code
        self.label.show_words("; ".join(code.splitlines()))
        self.label.setToolTip(code)
        self.label.setAccessibleName(self.tr("Python: {code}").format(code=code))

    def copy(self) -> None:
        """Put the line on the clipboard."""
        QApplication.clipboard().setText(self._code)


class CodeView(QPlainTextEdit):
    """Every line of the iteration under the heading of its phase, the current one highlighted.

    A click on a line asks to go to that step.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: list[int | None] = []  # which step each line is, if one
        self._current = 0
        self._tone = "forward"
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        dress(self, mono_font, CAPTION + 1)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursorWidth(0)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(self.tr("The iteration in Python"))
        self.setStyleSheet("QPlainTextEdit { background: transparent; border: none; padding: 0; }")
        theme().changed.connect(self._highlight)

    def show_steps(self, steps: Sequence[Step]) -> None:
        """Write other lines."""
        written: list[str] = []
        self._lines = []
        for index, step in enumerate(steps):
            if index == 0 or steps[index - 1].phase != step.phase:
                written += ["", _HEADINGS[step.phase]] if written else [_HEADINGS[step.phase]]
                self._lines += [None, None] if self._lines else [None]
            code = step.code.splitlines()
            written += code
            self._lines += [index] * len(code)
        text = "\n".join(written)
        if text != self.toPlainText():
            self.setPlainText(text)

    def set_current(self, index: int, tone: str) -> None:
        """Highlight the line of a step and bring it into sight."""
        self._current, self._tone = index, tone or "accent"
        self._highlight()
        block = self.document().findBlockByNumber(self._line())
        if block.isValid():
            self.setTextCursor(QTextCursor(block))
            self.ensureCursorVisible()

    def _line(self) -> int:
        return self._lines.index(self._current) if self._current in self._lines else 0

    def _highlight(self) -> None:
        palette = theme().palette
        marks = [
            _painted(self, line, palette.muted)
            for line, step in enumerate(self._lines)
            if step is None
        ]
        tone = getattr(palette, self._tone)
        band = QColor(tone)
        band.setAlpha(45)
        if self._lines:
            marks += [
                _painted(self, line, tone, band)
                for line, step in enumerate(self._lines)
                if step == self._current
            ]
        self.setExtraSelections(marks)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self.textCursor().hasSelection():
            return
        line = self.cursorForPosition(event.position().toPoint()).blockNumber()
        step = self._lines[line] if line < len(self._lines) else None
        if step is not None:
            self.chosen.emit(step)


def _painted(
    view: QPlainTextEdit, line: int, ink: QColor, band: QColor | None = None
) -> QTextEdit.ExtraSelection:
    """A line in that ink, on a band over the whole width if one is given."""
    mark = QTextEdit.ExtraSelection()
    look = QTextCharFormat()
    look.setForeground(ink)
    if band is not None:
        look.setBackground(band)
        look.setProperty(QTextCharFormat.Property.FullWidthSelection, True)
    cursor = QTextCursor(view.document().findBlockByNumber(line))
    if band is None:
        cursor.select(QTextCursor.SelectionType.LineUnderCursor)
    mark.format = look
    mark.cursor = cursor
    return mark
