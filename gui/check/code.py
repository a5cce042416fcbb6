"""An excerpt of the student's file: the line that differs, highlighted, and its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QTextEdit, QWidget

from gui.style.text import printed
from gui.style.theme import CAPTION, dress, mono_font, theme

LONGEST = 300  # characters of a line that are shown


class Excerpt(QPlainTextEdit):
    """Numbered lines, read only; `here` marks the one that is spoken of."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._here = -1
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        dress(self, mono_font, CAPTION + 1)
        self.setAccessibleName(self.tr("Your code"))
        theme().changed.connect(self._highlight)

    def show_lines(self, lines: Sequence[dict[str, Any]]) -> None:
        """Show the lines of a report."""
        rows = [f"{row['line']:>4}  {printed(row['text'], LONGEST)}" for row in lines]
        cell = lines[0].get("cell") if lines else None
        if cell is not None:
            rows.insert(0, self.tr("      cell {}").format(cell))
        self._here = next((i for i, row in enumerate(lines) if row["here"]), -1)
        self._here += cell is not None and self._here >= 0
        self.setPlainText("\n".join(rows))
        height = self.fontMetrics().lineSpacing() * (len(rows) + 1) + 8
        self.setFixedHeight(max(height, 24))
        self._highlight()

    def _highlight(self) -> None:
        marks = []
        block = self.document().findBlockByNumber(self._here)
        if self._here >= 0 and block.isValid():
            mark = QTextEdit.ExtraSelection()
            look = QTextCharFormat()
            band = QColor(theme().palette.error)
            band.setAlpha(40)
            look.setBackground(band)
            look.setProperty(QTextCharFormat.Property.FullWidthSelection, True)
            cursor = QTextCursor(block)
            mark.format, mark.cursor = look, cursor
            marks.append(mark)
        self.setExtraSelections(marks)
