"""Numbers as chips: the trail of opened numbers, and where a number is used."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from gui.widgets.flow_layout import FlowLayout
from gui.widgets.toggle_chip import ToggleChip

_MOST_LETTERS = 34


class _NumberChip(ToggleChip):
    def show_number(self, words: str, tone: str, hint: str) -> None:
        """Show another number, in the tone of another pass."""
        self._tone = tone
        long = len(words) > _MOST_LETTERS
        self.setText(words[: _MOST_LETTERS - 1] + "…" if long else words)
        self.setAccessibleName(words)
        self.setToolTip(hint)


class NumberChips(QWidget):
    """Chips, with the current one filled; a click on one, or Enter, emits its index.

    The chips are reused with new texts, so that the keyboard focus stays.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chips: list[_NumberChip] = []
        self._flow = FlowLayout(self, gap=4)
        self._current: int | None = None

    @property
    def texts(self) -> list[str]:
        """The texts of the chips."""
        return [chip.text() for chip in self._shown()]

    def chip(self, index: int) -> _NumberChip:
        """One of the chips."""
        return self._chips[index]

    def focus_current(self) -> None:
        """Put the keyboard on the chip that is filled."""
        if self._current is not None:
            self._chips[self._current].setFocus()

    def show_texts(
        self, texts: Sequence[tuple[str, str]], hints: Sequence[str], current: int | None = None
    ) -> None:
        """Show other chips, each a text and the tone of its pass, with hints."""
        while len(self._chips) < len(texts):
            self._add_chip()
        self._current = current
        for index, chip in enumerate(self._chips):
            if index < len(texts):
                chip.show_number(*texts[index], hints[index])
                chip.setChecked(index == current)
            chip.setVisible(index < len(texts))
        self.updateGeometry()

    def _shown(self) -> list[_NumberChip]:
        return [chip for chip in self._chips if not chip.isHidden()]

    def _add_chip(self) -> None:
        index = len(self._chips)
        chip = _NumberChip("", math=True, parent=self)
        chip.clicked.connect(lambda: self._on_clicked(index))
        self._chips.append(chip)
        self._flow.addWidget(chip)

    def _on_clicked(self, index: int) -> None:
        self._chips[index].setChecked(index == self._current)  # who listens decides
        self.chosen.emit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses a chip too, as it opens a number elsewhere."""
        focused = next((i for i, chip in enumerate(self._shown()) if chip.hasFocus()), None)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and focused is not None:
            self._on_clicked(focused)
        else:
            event.ignore()
