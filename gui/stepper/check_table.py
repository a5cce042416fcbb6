"""The table of a gradient check's results by layer and array."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QHeaderView, QWidget

from core.nn.gradient_check import GradientDifference
from gui.stepper.check_words import name_of
from gui.style import text
from gui.style.theme import BODY, math_font, px, theme
from gui.widgets.table import Table

_LINE, _HIGHEST = 23, 190  # px
_CONTENTS = QHeaderView.ResizeMode.ResizeToContents


class CheckTable(Table):
    """A row for each layer: dW and db with a tick or a cross, and their relative difference."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._items = QStandardItemModel(0, 4)
        self._shown: tuple[GradientDifference, ...] = ()
        self._faded = False
        super().__init__(self._items, self.tr("Checked"), parent)
        self.setEditTriggers(Table.EditTrigger.NoEditTriggers)
        self.let_copy()
        self.horizontalHeader().hide()
        self.verticalHeader().show()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        for column in range(4):
            mode = QHeaderView.ResizeMode.Stretch if column % 2 else _CONTENTS
            self.horizontalHeader().setSectionResizeMode(column, mode)
        theme().changed.connect(self._fill)

    def show_arrays(self, arrays: Sequence[GradientDifference], *, faded: bool) -> None:
        """Show other results; faded if they are from an earlier iteration."""
        self._shown, self._faded = tuple(arrays), faded
        self._fill()

    def _fill(self) -> None:
        palette = theme().palette
        layers = max((array.layer for array in self._shown), default=0)
        self._items.setRowCount(layers)
        self._items.setVerticalHeaderLabels([f"layer {l}" for l in range(1, layers + 1)])
        self.verticalHeader().setDefaultSectionSize(px(_LINE))
        self.setMinimumWidth(px(330))
        self.setFixedHeight(min(px(_LINE) * layers, px(_HIGHEST)))
        for array in self._shown:
            words, tone = _verdict(array)
            name, verdict = QStandardItem(name_of(array)), QStandardItem(words)
            name.setFont(math_font(BODY))
            verdict.setForeground(palette.muted if self._faded else getattr(palette, tone))
            verdict.setData(f"{name_of(array)} {words}", Qt.ItemDataRole.AccessibleTextRole)
            for column, item in enumerate((name, verdict), 2 * (array.array == "b")):
                self._items.setItem(array.layer - 1, column, item)


def _verdict(array: GradientDifference) -> tuple[str, str]:
    """The verdict on one array, and its palette colour."""
    if not array.checked:
        return ("skipped" if array.skipped else "…"), "muted"
    sign, tone = ("✓", "good") if array.passed else ("✗", "error")
    skipped = f"  ({array.skipped} skipped)" if array.skipped else ""
    return f"{sign} {text.magnitude(array.relative)}{skipped}", tone
