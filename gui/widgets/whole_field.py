"""A field for a whole number such as a seed or a count of iterations."""

import re
from collections.abc import Callable

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QWidget

from core.data.numbers import typed
from gui.style.text import count
from gui.style.theme import sized
from gui.widgets import labels
from gui.widgets.buttons import button
from gui.widgets.commit_edit import CommitEdit
from gui.widgets.rows import in_row

_GROUPED = re.compile(r"\d{1,3}(?:[, \u00a0\u202f]\d{3})+", re.ASCII)


def read_whole(text: str) -> int:
    """Read `10000`, `10,000`, `10 000` or `1e4`; anything else raises ValueError."""
    bare = text.strip()
    if _GROUPED.fullmatch(bare):
        bare = re.sub(r"\D", "", bare)
    value = int(bare) if bare.isascii() and bare.isdigit() else typed(bare)
    if value != int(value):
        raise ValueError(text)
    return int(value)


class WholeField(CommitEdit):
    """A line edit for a whole number from `least` to `most`; anything else is dropped.

    `next_value(value, by)` is the result of the arrow keys and the wheel. Emits `edited(int)` when
    the user sets another number; `set_value` emits nothing.
    """

    edited = Signal(object)  # int: a seed does not fit into Qt's 32 bits

    def __init__(
        self,
        name: str,
        least: int,
        most: int,
        next_value: Callable[[int, int], int] = lambda value, by: value + by,
        write: Callable[[int], str] = count,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._least, self._most = least, most
        self._next_value, self._write = next_value, write
        self._value = least
        self.setAccessibleName(name)
        self.committed.connect(self._take)
        self.stepped.connect(lambda by: self._change(self._next_value(self._value, by)))
        self.set_value(least)

    @property
    def value(self) -> int:
        """The current value, without any typed text."""
        return self._value

    def set_most(self, most: int) -> None:
        """Change the upper limit; the current value stays."""
        self._most = most

    def set_value(self, value: int) -> None:
        """Show a number, dropping anything typed."""
        self._value = value
        self.show_text(self._write(value))

    def _take(self, text: str) -> None:
        try:
            self._change(read_whole(text))
        except (ValueError, OverflowError):
            self.set_value(self._value)

    def _change(self, value: int) -> None:
        value = max(self._least, min(self._most, value))
        changed = value != self._value
        self.set_value(value)
        if changed:
            self.edited.emit(value)

    def sizeHint(self) -> QSize:
        wide = QFontMetrics(self.font()).horizontalAdvance("1,000,000")
        return QSize(wide + 20, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self.sizeHint().width() - 12, super().minimumSizeHint().height())


class SeedField(QWidget):
    """A seed that can be read, typed, and moved on with "New seed"; emits `edited(int)`."""

    edited = Signal(object)

    def __init__(self, name: str, most: int, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._most = most
        self.field = WholeField(name, 0, most, write=str)
        self.field.setToolTip(tip)
        sized(self.field, "setMinimumWidth", 54)  # of a card; a long seed scrolls
        self.field.edited.connect(self.edited)
        self.setFocusProxy(self.field)
        self.new_button = button(self.tr("New seed"), "link", "dice")
        self.new_button.setToolTip(self.tr("Use the next seed"))
        self.new_button.clicked.connect(self._draw_again)
        in_row(
            labels.label(name, 13, tone="muted"),
            None,
            self.field,
            self.new_button,
            on=self,
            margins=0,
            spacing=8,
        )

    def set_value(self, value: int) -> None:
        """Show a seed; emits nothing."""
        self.field.set_value(value)

    def _draw_again(self) -> None:
        """The next seed, not a random one: in a classroom, the same clicks give the
        same numbers.
        """
        value = (self.field.value + 1) % (self._most + 1)
        self.field.set_value(value)
        self.edited.emit(value)
