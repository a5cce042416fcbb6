"""A field for the shape of an array: typed, stepped, or taken from the network by name."""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QFontMetrics

from core.errors import LayerwiseError
from core.labs.shapes import MOST_SIZE
from gui.widgets.commit_edit import CommitEdit

SAMPLE = "(4, 400)"


class ShapeField(CommitEdit):
    """Emits `edited` with the result of `read` for the text, which may raise LayerwiseError.

    The arrow keys change the size at the cursor.
    """

    edited = Signal(object)

    def __init__(self, name: str, read: Callable[[str], object]) -> None:
        super().__init__()
        self._read = read
        self.setAccessibleName(name)
        self.committed.connect(self._take)
        self.stepped.connect(self._step)
        self.textEdited.connect(lambda: self.complain(""))
        self.reverted.connect(lambda: self.complain(""))

    def show_value(self, words: str) -> None:
        """Show the current value, dropping anything typed."""
        self.show_text(words)
        self.complain("")
        self.updateGeometry()

    def _take(self, words: str) -> None:
        try:
            value = self._read(words)
        except LayerwiseError as error:
            self.complain(str(error))
            return
        self.complain("")
        self.edited.emit(value)

    def _step(self, by: int) -> None:
        """Increase or decrease the size at the cursor; a name has none."""
        if self.property("invalid") or re.match(r"\s*[A-Za-z]", self.text()):
            return
        cursor = self.selectionStart() if self.hasSelectedText() else self.cursorPosition()
        sizes = list(re.finditer(r"\d+", self.text()))
        if not sizes:
            return
        at = next((size for size in sizes if size.end() >= cursor), sizes[-1])
        new = min(max(int(at[0]) + by, 1), MOST_SIZE)
        self._take(f"{self.text()[: at.start()]}{new}{self.text()[at.end() :]}")
        self.setSelection(at.start(), len(str(new)))

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        wide = max(metrics.horizontalAdvance(words) for words in (SAMPLE, self.text()))
        return QSize(wide + 24, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self.sizeHint().width() - 8, super().minimumSizeHint().height())
